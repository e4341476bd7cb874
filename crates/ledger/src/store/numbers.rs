//! Table `number_used`: every number that exists, and the giving out of the next one.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use jiff::civil::Date;
use motcua_core::event::Event;
use motcua_core::ids::{EntityId, ScopeId};
use motcua_core::numbers::{Numbered, Series, next_in};
use rusqlite::{OptionalExtension, params};

use super::StoreError;
use super::conn::{ReadTx, WriteTx};

/// Days whose own numbers stand in the high-water mark.
const MARKED_DAYS_MAX: u32 = 3;
/// Sorts after every day.
const AFTER_EVERY_DAY: &str = "~";

/// What came of asking for a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// This one; the same key gets it again.
    Number(u32),
    /// The slice is used up.
    UsedUp,
    /// The granted number already belongs to something else.
    Belongs(u32),
}

/// The number that an event carries, if it carries one of this office.
pub(crate) fn number_of(event: &Event, scope: &ScopeId) -> Option<Numbered> {
    match event {
        Event::DossierReceived(received) => {
            let code = &received.code;
            (code.unit().as_str() == scope.0).then(|| Numbered {
                series: Series::Dossier,
                day: code.received_on(),
                number: code.sequence().number(),
            })
        }
        Event::TicketIssued(issued) => {
            let letter = issued
                .label
                .trim_end_matches(|c: char| c.is_ascii_digit())
                .to_owned();
            Some(Numbered {
                series: Series::Ticket { letter },
                day: issued.day,
                number: issued.number,
            })
        }
        _ => None,
    }
}

impl ReadTx<'_> {
    /// The highest number taken from each own slice on the newest days, as the high-water mark has it.
    pub(crate) fn own_numbers(&self) -> Result<BTreeMap<String, Vec<(u32, u32)>>, StoreError> {
        let mut newest = self
            .conn
            .prepare_cached("SELECT max(day) FROM number_used WHERE slice > 0 AND day < ?1")?;
        let mut of_day = self.conn.prepare_cached(
            "SELECT series, slice, max(n) FROM number_used WHERE slice > 0 AND day = ?1 GROUP BY series, slice",
        )?;
        let mut numbers: BTreeMap<String, Vec<(u32, u32)>> = BTreeMap::new();
        let mut before = AFTER_EVERY_DAY.to_owned();
        // Day by day from the newest: each step is one look into the index, however many days there are.
        for _ in 0..MARKED_DAYS_MAX {
            let day: Option<String> = newest.query_row([&before], |row| row.get(0))?;
            let Some(day) = day else { break };
            let mut found = of_day.query([&day])?;
            while let Some(row) = found.next()? {
                let series: String = row.get(0)?;
                numbers
                    .entry(format!("{day}/{series}"))
                    .or_default()
                    .push((row.get(1)?, row.get(2)?));
            }
            before = day;
        }
        Ok(numbers)
    }

    fn number_of_key(&self, series: &str, day: &str, key: &str) -> Result<Option<u32>, StoreError> {
        let mut query = self.conn.prepare_cached(
            "SELECT n FROM number_used WHERE key = ?1 AND series = ?2 AND day = ?3",
        )?;
        Ok(query
            .query_row(params![key, series, day], |row| row.get(0))
            .optional()?)
    }
}

impl WriteTx<'_> {
    /// Gives out the next number of a slice.
    pub(crate) fn take_number(
        &self,
        series: &Series,
        day: Date,
        slice: &RangeInclusive<u32>,
        key: &str,
    ) -> Result<Taken, StoreError> {
        let (name, on) = (series.to_string(), day.to_string());
        if let Some(n) = self.number_of_key(&name, &on, key)? {
            return Ok(Taken::Number(n));
        }
        let used: Option<u32> = self
            .conn
            .prepare_cached(
                "SELECT max(n) FROM number_used WHERE series = ?1 AND day = ?2 AND n BETWEEN ?3 AND ?4",
            )?
            .query_row(params![name, on, slice.start(), slice.end()], |row| row.get(0))?;
        let Some(n) = next_in(slice, used) else {
            return Ok(Taken::UsedUp);
        };
        self.insert_number(&name, &on, n, *slice.start(), key)?;
        Ok(Taken::Number(n))
    }

    /// Records a number that the hub granted to `key`.
    pub(crate) fn keep_granted(
        &self,
        series: &Series,
        day: Date,
        granted: u32,
        key: &str,
    ) -> Result<Taken, StoreError> {
        let (name, on) = (series.to_string(), day.to_string());
        if let Some(n) = self.number_of_key(&name, &on, key)? {
            return Ok(Taken::Number(n));
        }
        let taken = self
            .conn
            .prepare_cached("SELECT 1 FROM number_used WHERE series = ?1 AND day = ?2 AND n = ?3")?
            .exists(params![name, on, granted])?;
        if taken {
            return Ok(Taken::Belongs(granted));
        }
        self.insert_number(&name, &on, granted, 0, key)?;
        Ok(Taken::Number(granted))
    }

    /// Remembers a number that stands in the log, so that nobody here gives it out again.
    pub(crate) fn note_number(
        &self,
        numbered: &Numbered,
        entity: EntityId,
    ) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT OR IGNORE INTO number_used (series, day, n, slice, key) VALUES (?1, ?2, ?3, 0, ?4)",
            )?
            .execute(params![
                numbered.series.to_string(),
                numbered.day.to_string(),
                numbered.number,
                entity.to_string()
            ])?;
        Ok(())
    }

    /// Takes over what a high-water mark knows of numbers that this database has forgotten.
    pub(crate) fn recall_numbers(
        &self,
        numbers: &BTreeMap<String, Vec<(u32, u32)>>,
    ) -> Result<(), StoreError> {
        let mut insert = self.conn.prepare_cached(
            "INSERT OR IGNORE INTO number_used (series, day, n, slice, key) VALUES (?1, ?2, ?3, ?4, 'recalled')",
        )?;
        for (key, slices) in numbers {
            let Some((day, series)) = key.split_once('/') else {
                continue;
            };
            for (slice, n) in slices {
                insert.execute(params![series, day, n, slice])?;
            }
        }
        Ok(())
    }

    fn insert_number(
        &self,
        series: &str,
        day: &str,
        n: u32,
        slice: u32,
        key: &str,
    ) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT INTO number_used (series, day, n, slice, key) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![series, day, n, slice, key])?;
        Ok(())
    }
}
