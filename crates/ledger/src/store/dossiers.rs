//! Tables `dossier` and `dossier_words`: dossiers as lists and search need them, rewritten with every fold.

use std::fmt;

use jiff::civil::{Date, DateTime};
use motcua_core::dossier::{Dossier, DossierStatus, ProvinceOutcome};
use motcua_core::ids::{EntityId, StaffId};
use motcua_core::text;
use rusqlite::{OptionalExtension, Row, params};

use super::StoreError;
use super::conn::{ReadTx, WriteTx};
use super::rows::{self, Key};

/// Dossiers that wait for the province are counted up to here: an office that tells no province has them all.
const COUNTED_MAX: u32 = 10_000;
const PROVINCE_WAITS: u8 = 1;
const PROVINCE_HAS_IT: u8 = 2;
const PROVINCE_REFUSED: u8 = 3;

/// A dossier as a list shows it. `Debug` shows the code alone: the rest is personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct DossierRow {
    /// The entity.
    pub id: EntityId,
    /// The dossier code.
    pub code: String,
    /// The owner's full name.
    pub owner: String,
    /// The owner's personal number.
    pub id_number: Option<String>,
    /// The owner's phone, digits only.
    pub phone: String,
    /// National code of the procedure.
    pub procedure_code: String,
    /// Its name at reception.
    pub procedure_name: String,
    /// The national status.
    pub status: DossierStatus,
    /// When it was received, local time.
    pub received_at: DateTime,
    /// The promise.
    pub due_at: Option<DateTime>,
    /// The counter's number.
    pub counter: String,
    /// Who received it.
    pub officer: StaffId,
}

impl fmt::Debug for DossierRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DossierRow")
            .field("code", &self.code)
            .finish_non_exhaustive()
    }
}

pub(super) const COLUMNS: &str =
    "entity, code, owner, id_number, phone, procedure_code, procedure_name, status,
                       received_at, due_at, counter, officer, id";

pub(super) fn dossier_row(row: &Row<'_>) -> rusqlite::Result<DossierRow> {
    let status: u8 = row.get(7)?;
    Ok(DossierRow {
        id: rows::entity(row, 0)?,
        code: row.get(1)?,
        owner: row.get(2)?,
        id_number: row.get(3)?,
        phone: row.get(4)?,
        procedure_code: row.get(5)?,
        procedure_name: row.get(6)?,
        status: DossierStatus::ALL
            .into_iter()
            .find(|known| known.national_code() == status)
            .unwrap_or(DossierStatus::Received),
        received_at: rows::parsed(row, 8)?,
        due_at: rows::parsed_opt(row, 9)?,
        counter: row.get(10)?,
        officer: StaffId(rows::uuid(row, 11)?),
    })
}

/// The code without its punctuation and from its end, so that "last digits" is the beginning of a range.
pub(super) fn reversed(code: &str) -> String {
    code.chars()
        .rev()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn words_of(dossier: &Dossier) -> String {
    let mut words = text::words(&dossier.received.owner.full_name);
    if let Some(submitter) = &dossier.received.submitter {
        words.extend(text::words(&submitter.full_name));
    }
    words.join(" ")
}

fn province_code(dossier: &Dossier) -> u8 {
    match dossier.province.as_ref().map(|answer| &answer.outcome) {
        Some(ProvinceOutcome::Confirmed { .. }) => PROVINCE_HAS_IT,
        Some(ProvinceOutcome::Refused { .. }) => PROVINCE_REFUSED,
        None => PROVINCE_WAITS,
    }
}

/// What the province has of this office's dossiers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ProvinceCounts {
    pub(crate) waiting: u64,
    pub(crate) waiting_since: Option<DateTime>,
    pub(crate) refused: u64,
    pub(crate) last_answer: Option<DateTime>,
}

impl ReadTx<'_> {
    /// A dossier by its whole code.
    pub(crate) fn dossier_row_by_code(&self, code: &str) -> Result<Option<DossierRow>, StoreError> {
        Ok(self.rows_where("code = ?1", code, 1)?.into_iter().next())
    }

    /// Whether another entity than `entity` has the code.
    pub(crate) fn code_belongs_to_another(
        &self,
        code: &str,
        entity: EntityId,
    ) -> Result<bool, StoreError> {
        let mut query = self
            .conn
            .prepare_cached("SELECT 1 FROM dossier WHERE code = ?1 AND entity <> ?2 LIMIT 1")?;
        Ok(query.exists(params![code, entity.key()])?)
    }

    /// Dossiers of a person, newest first.
    pub(crate) fn dossiers_of(
        &self,
        id_number: &str,
        limit: u32,
    ) -> Result<Vec<DossierRow>, StoreError> {
        self.rows_where("id_number = ?1", id_number, limit)
    }

    /// Dossiers received on a day, newest first.
    pub(crate) fn dossiers_on(&self, day: Date, limit: u32) -> Result<Vec<DossierRow>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM dossier WHERE received_at >= ?1 AND received_at < ?2
             ORDER BY received_at DESC LIMIT ?3"
        );
        let mut query = self.conn.prepare_cached(&sql)?;
        let next = day.tomorrow().unwrap_or(Date::MAX);
        let found = query.query_map(
            params![day.to_string(), next.to_string(), limit],
            dossier_row,
        )?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// Dossiers that were received for a queue ticket, in the order of their arrival.
    pub(crate) fn dossiers_of_ticket(&self, ticket: EntityId) -> Result<Vec<EntityId>, StoreError> {
        let mut query = self
            .conn
            .prepare_cached("SELECT entity FROM dossier WHERE ticket = ?1 ORDER BY id")?;
        let found = query.query_map([ticket.key()], |row| rows::entity(row, 0))?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    pub(crate) fn province_counts(&self) -> Result<ProvinceCounts, StoreError> {
        let mut count = self.conn.prepare_cached(
            "SELECT count(*) FROM (SELECT 1 FROM dossier
                 WHERE province = ?1 AND province IN (1, 3) LIMIT ?2)",
        )?;
        let mut of =
            |state: u8| count.query_row(params![state, COUNTED_MAX], |row| rows::u64_of(row, 0));
        let (waiting, refused) = (of(PROVINCE_WAITS)?, of(PROVINCE_REFUSED)?);
        let mut oldest = self.conn.prepare_cached(
            "SELECT min(received_at) FROM dossier WHERE province = ?1 AND province IN (1, 3)",
        )?;
        let waiting_since = oldest.query_row([PROVINCE_WAITS], |row| rows::parsed_opt(row, 0))?;
        let mut answered = self
            .conn
            .prepare_cached("SELECT max(province_at) FROM dossier WHERE province_at IS NOT NULL")?;
        let last_answer = answered.query_row([], |row| rows::parsed_opt(row, 0))?;
        Ok(ProvinceCounts {
            waiting,
            waiting_since,
            refused,
            last_answer,
        })
    }

    pub(crate) fn dossier_count(&self) -> Result<u64, StoreError> {
        Ok(self
            .conn
            .query_row("SELECT count(*) FROM dossier", [], |row| {
                rows::u64_of(row, 0)
            })?)
    }
}

impl WriteTx<'_> {
    pub(super) fn index_dossier(&self, id: i64, dossier: &Dossier) -> Result<(), StoreError> {
        let words = words_of(dossier);
        let known: Option<String> = self
            .conn
            .prepare_cached("SELECT words FROM dossier WHERE id = ?1")?
            .query_row([id], |row| row.get(0))
            .optional()?;
        self.put_dossier(id, dossier, &words)?;
        match known {
            Some(known) if known == words => return Ok(()),
            Some(_) => {
                self.conn
                    .prepare_cached("DELETE FROM dossier_words WHERE rowid = ?1")?
                    .execute([id])?;
            }
            None => {}
        }
        self.conn
            .prepare_cached("INSERT INTO dossier_words (rowid, words) VALUES (?1, ?2)")?
            .execute(params![id, words])?;
        Ok(())
    }

    fn put_dossier(&self, id: i64, dossier: &Dossier, words: &str) -> Result<(), StoreError> {
        let received = &dossier.received;
        let code = received.code.to_string();
        self.conn
            .prepare_cached(
                "INSERT INTO dossier (id, entity, code, code_rev, day_number, status, owner, words, id_number,
                                      phone, procedure_code, procedure_name, received_at, due_at, counter,
                                      officer, ticket, province, province_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
                 ON CONFLICT (id) DO UPDATE SET
                     code = excluded.code, code_rev = excluded.code_rev, day_number = excluded.day_number,
                     status = excluded.status, owner = excluded.owner, words = excluded.words,
                     id_number = excluded.id_number, phone = excluded.phone,
                     procedure_code = excluded.procedure_code, procedure_name = excluded.procedure_name,
                     received_at = excluded.received_at, due_at = excluded.due_at,
                     counter = excluded.counter, officer = excluded.officer, ticket = excluded.ticket,
                     province = excluded.province, province_at = excluded.province_at",
            )?
            .execute(params![
                id,
                dossier.id.key(),
                code,
                reversed(&code),
                received.code.sequence().number(),
                dossier.status.national_code(),
                received.owner.full_name,
                words,
                received.owner.id_number,
                digits(&received.owner.phone),
                received.procedure.code.to_string(),
                received.procedure.name,
                received.received_at.to_string(),
                received.due.as_ref().map(|due| due.at.to_string()),
                received.counter,
                received.officer.id.key(),
                received.ticket.map(|ticket| ticket.key()),
                province_code(dossier),
                dossier.province.as_ref().map(|answer| answer.at.to_string()),
            ])?;
        Ok(())
    }

    pub(super) fn forget_dossier(&self, id: i64) -> Result<(), StoreError> {
        let known = self
            .conn
            .prepare_cached("DELETE FROM dossier WHERE id = ?1")?
            .execute([id])?;
        if known > 0 {
            self.conn
                .prepare_cached("DELETE FROM dossier_words WHERE rowid = ?1")?
                .execute([id])?;
        }
        Ok(())
    }
}
