//! Table `print_job`: papers that the desk asked for, as a state machine.
//!
//! A copy is printed at most once for each time somebody asks for it. What was on its way when the program
//! died is unknown until a person says; what waited in another start of the program never prints by itself.

use std::str::FromStr;

use jiff::civil::DateTime;
use motcua_core::ids::{EntityId, PrintJobId};
use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::StoreError;
use super::conn::{ReadTx, WriteTx};
use super::rows::{self, Key};

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $( $(#[$vdoc:meta])* $variant:ident = $word:literal, )* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $( $(#[$vdoc])* $variant, )* }

        impl $name {
            /// Its name in rows.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $word, )* }
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                match word {
                    $( $word => Ok(Self::$variant), )*
                    _ => Err(UnknownWord(word.to_owned())),
                }
            }
        }
    };
}

/// A word in a row that this program does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown word {0}")]
pub struct UnknownWord(String);

named! {
    /// What paper it is.
    PrintKind {
        /// The reception slip on the slip printer.
        Slip = "slip",
        /// A queue ticket.
        Ticket = "ticket",
        /// A form on the page printer.
        Form = "form",
        /// A test page.
        Test = "test",
    }
}

named! {
    /// Where a print job stands.
    PrintJobState {
        /// Waits for its printer.
        Queued = "queued",
        /// Bytes are on their way.
        Sending = "sending",
        /// The printer took every byte and cannot say more.
        Sent = "sent",
        /// The paper is out: the printer or a person says so.
        Confirmed = "confirmed",
        /// It is known that no usable paper came out.
        Failed = "failed",
        /// Nobody knows: to be asked of the clerk.
        Unknown = "unknown",
        /// Given up before anything was sent, or after asking.
        Abandoned = "abandoned",
    }
}

impl PrintJobState {
    /// The states that may follow. Ends have none; printing again is another job with its own copy number.
    #[must_use]
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Queued => &[Self::Sending, Self::Failed, Self::Abandoned],
            Self::Sending => &[Self::Sent, Self::Confirmed, Self::Failed, Self::Unknown],
            Self::Sent => &[Self::Confirmed, Self::Failed, Self::Unknown],
            Self::Unknown => &[Self::Confirmed, Self::Failed, Self::Abandoned],
            Self::Confirmed | Self::Failed | Self::Abandoned => &[],
        }
    }

    /// Whether something may still happen to it.
    #[must_use]
    pub fn is_open(self) -> bool {
        !self.next().is_empty()
    }
}

/// A paper to be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPrintJob {
    /// Its identity, made at the desk.
    pub id: PrintJobId,
    /// The dossier or ticket whose record is printed; none for a test page.
    pub entity: Option<EntityId>,
    /// What paper.
    pub kind: PrintKind,
    /// 1 for the first print, 2 and up for marked reprints.
    pub copy: u16,
    /// Why it is printed again; empty for the first.
    pub reason: String,
    /// When it was asked for, local time.
    pub at: DateTime,
}

/// A paper that was asked for. What stands on it is made from the record when it is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintJob {
    /// Its identity.
    pub id: PrintJobId,
    /// The dossier or ticket.
    pub entity: Option<EntityId>,
    /// What paper.
    pub kind: PrintKind,
    /// Which copy.
    pub copy: u16,
    /// Why it was asked for again; empty for the first.
    pub reason: String,
    /// When it was asked for, local time.
    pub at: DateTime,
    /// Where it stands.
    pub state: PrintJobState,
    /// What the printer said last.
    pub detail: String,
    /// True when it was asked for in an earlier start of the program: it waits for a person.
    pub of_earlier_start: bool,
    /// When its state changed last, milliseconds since 1970.
    pub updated_ms: i64,
}

const COLUMNS: &str = "id, entity, kind, copy, reason, asked_at, state, detail, start, updated_ms";

fn print_job(row: &Row<'_>, start: u64) -> rusqlite::Result<PrintJob> {
    let entity: Option<[u8; 16]> = row.get(1)?;
    Ok(PrintJob {
        id: PrintJobId(rows::uuid(row, 0)?),
        entity: entity.map(|bytes| EntityId(uuid::Uuid::from_bytes(bytes))),
        kind: rows::parsed(row, 2)?,
        copy: row.get(3)?,
        reason: row.get(4)?,
        at: rows::parsed(row, 5)?,
        state: rows::parsed(row, 6)?,
        detail: row.get(7)?,
        of_earlier_start: rows::u64_of(row, 8)? < start,
        updated_ms: row.get(9)?,
    })
}

impl ReadTx<'_> {
    /// Jobs to which something may still happen, oldest first. `start` is the current start of the program.
    pub(crate) fn open_print_jobs(&self, start: u64) -> Result<Vec<PrintJob>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM print_job WHERE state IN ('queued', 'sending', 'sent', 'unknown')
             ORDER BY asked_at, rowid"
        );
        let mut query = self.conn.prepare_cached(&sql)?;
        let found = query.query_map([], |row| print_job(row, start))?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// Every job of a dossier or ticket, oldest first.
    pub(crate) fn print_jobs_of(
        &self,
        entity: EntityId,
        start: u64,
    ) -> Result<Vec<PrintJob>, StoreError> {
        let sql =
            format!("SELECT {COLUMNS} FROM print_job WHERE entity = ?1 ORDER BY asked_at, rowid");
        let mut query = self.conn.prepare_cached(&sql)?;
        let found = query.query_map([entity.key()], |row| print_job(row, start))?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    pub(crate) fn print_job(
        &self,
        id: PrintJobId,
        start: u64,
    ) -> Result<Option<PrintJob>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM print_job WHERE id = ?1");
        let mut query = self.conn.prepare_cached(&sql)?;
        Ok(query
            .query_row([id.key()], |row| print_job(row, start))
            .optional()?)
    }
}

/// Papers of this machine in figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PrintCounts {
    pub(crate) open: u64,
    pub(crate) unknown: u64,
    pub(crate) last_confirmed_ms: Option<i64>,
}

impl ReadTx<'_> {
    pub(crate) fn print_counts(&self) -> Result<PrintCounts, StoreError> {
        let mut count = self
            .conn
            .prepare_cached("SELECT count(*) FROM print_job WHERE state = ?1")?;
        let mut of =
            |state: PrintJobState| count.query_row([state.as_str()], |row| rows::u64_of(row, 0));
        let unknown = of(PrintJobState::Unknown)?;
        let open = unknown
            + of(PrintJobState::Queued)?
            + of(PrintJobState::Sending)?
            + of(PrintJobState::Sent)?;
        let mut last = self
            .conn
            .prepare_cached("SELECT max(updated_ms) FROM print_job WHERE state = 'confirmed'")?;
        Ok(PrintCounts {
            open,
            unknown,
            last_confirmed_ms: last.query_row([], |row| row.get(0))?,
        })
    }
}

impl WriteTx<'_> {
    /// Keeps a job. The same identity asked for twice is one job.
    pub(crate) fn queue_print(
        &self,
        job: &NewPrintJob,
        start: u64,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT OR IGNORE INTO print_job
                     (id, entity, kind, copy, reason, asked_at, state, detail, start, updated_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'queued', '', ?7, ?8)",
            )?
            .execute(params![
                job.id.key(),
                job.entity.map(|entity| entity.key()),
                job.kind.as_str(),
                job.copy,
                job.reason,
                job.at.to_string(),
                rows::int(start),
                now_ms
            ])?;
        Ok(())
    }

    /// Moves a job on; `None` when there is no such job. An empty detail keeps the one it has.
    pub(crate) fn update_print(
        &self,
        id: PrintJobId,
        to: PrintJobState,
        detail: &str,
        now_ms: i64,
    ) -> Result<Option<PrintJobState>, StoreError> {
        let from: Option<String> = self
            .conn
            .prepare_cached("SELECT state FROM print_job WHERE id = ?1")?
            .query_row([id.key()], |row| row.get(0))
            .optional()?;
        let Some(from) = from else { return Ok(None) };
        let allowed = from
            .parse::<PrintJobState>()
            .is_ok_and(|state| state.next().contains(&to));
        if !allowed {
            return Err(StoreError::PrintStep {
                from,
                to: to.as_str().to_owned(),
            });
        }
        self.conn
            .prepare_cached(
                "UPDATE print_job SET state = ?2, detail = CASE ?3 WHEN '' THEN detail ELSE ?3 END,
                                      updated_ms = ?4 WHERE id = ?1",
            )?
            .execute(params![id.key(), to.as_str(), detail, now_ms])?;
        Ok(Some(to))
    }

    /// At a start of the program nobody knows what became of bytes that were on their way.
    pub(crate) fn forget_what_was_sending(&self) -> Result<(), StoreError> {
        self.conn.execute(
            "UPDATE print_job SET state = 'unknown' WHERE state IN ('sending', 'sent')",
            [],
        )?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [PrintJobState; 7] = [
        PrintJobState::Queued,
        PrintJobState::Sending,
        PrintJobState::Sent,
        PrintJobState::Confirmed,
        PrintJobState::Failed,
        PrintJobState::Unknown,
        PrintJobState::Abandoned,
    ];

    #[test]
    fn bytes_are_sent_at_most_once_for_a_job() {
        for state in ALL {
            assert_eq!(
                state.next().contains(&PrintJobState::Sending),
                state == PrintJobState::Queued
            );
            assert!(!state.next().contains(&PrintJobState::Queued));
        }
    }

    #[test]
    fn names_in_rows_are_read_back() {
        for state in ALL {
            assert_eq!(state.as_str().parse(), Ok(state));
        }
        assert!("lost".parse::<PrintJobState>().is_err());
    }
}
