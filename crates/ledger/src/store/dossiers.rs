//! Tables `dossier` and `dossier_words`: lists and the one search box.
//!
//! Every search reads a bounded piece of one index; newest first within a rank. Ranks: the exact code, the
//! last digits of a code, an identity number, a phone number, a name.

use std::collections::HashSet;
use std::fmt;

use jiff::civil::{Date, DateTime};
use motcua_core::code::DossierCode;
use motcua_core::dossier::{Dossier, DossierStatus, ProvinceOutcome};
use motcua_core::ids::{EntityId, StaffId};
use motcua_core::text;
use rusqlite::{OptionalExtension, Row, params};

use super::StoreError;
use super::conn::{ReadTx, WriteTx};
use super::rows::{self, Key};

/// Up to this many digits are the number of the day, more are the end of the whole code.
const DAY_NUMBER_DIGITS_MAX: usize = 3;
/// Fewer digits of a phone number are not looked for.
const PHONE_DIGITS_MIN: usize = 4;
/// Fewer digits of an identity number are not looked for: the first ones are the same for half the district.
const ID_DIGITS_MIN: usize = 6;
/// Words of a query that count.
const QUERY_WORDS_MAX: usize = 8;
/// Characters of a query that count.
const QUERY_CHARS_MAX: usize = 120;
const PROVINCE_NOTHING: u8 = 0;
const PROVINCE_WAITS: u8 = 1;
const PROVINCE_HAS_IT: u8 = 2;
const PROVINCE_REFUSED: u8 = 3;
/// Sorts after every letter and digit.
const AFTER_ALL: &str = "~";

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

/// By what a dossier was found, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Matched {
    /// The whole code.
    Code,
    /// The number of the day, or the end or the beginning of the code.
    Digits,
    /// The owner's personal number.
    IdNumber,
    /// The owner's phone.
    Phone,
    /// Words of the owner's or submitter's name.
    Name,
}

/// One answer of the search box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchHit {
    /// The dossier.
    pub row: DossierRow,
    /// Why it is here.
    pub matched: Matched,
}

const COLUMNS: &str =
    "entity, code, owner, id_number, phone, procedure_code, procedure_name, status,
                       received_at, due_at, counter, officer, id";

fn dossier_row(row: &Row<'_>) -> rusqlite::Result<DossierRow> {
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

/// What somebody typed into the search box, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Needle {
    Nothing,
    Code(DossierCode),
    CodePrefix(String),
    Digits(String),
    Words(Vec<String>),
}

impl Needle {
    fn read(typed: &str) -> Self {
        let short: String = typed.chars().take(QUERY_CHARS_MAX).collect();
        if let Ok(code) = DossierCode::from_typed(&short) {
            return Self::Code(code);
        }
        let bare: String = short
            .chars()
            .filter(|c| !matches!(c, ' ' | '-' | '.' | '\u{2013}'))
            .collect();
        if !bare.is_empty() && bare.bytes().all(|b| b.is_ascii_digit()) {
            return Self::Digits(bare);
        }
        let mut start = bare.chars();
        let like_code = start.next().is_some_and(|c| c.is_ascii_alphabetic())
            && bare.len() >= 3
            && start.take(2).all(|c| c.is_ascii_digit());
        if like_code {
            return Self::CodePrefix(short.trim().to_ascii_uppercase());
        }
        let mut words = text::words(&short);
        words.truncate(QUERY_WORDS_MAX);
        if words.is_empty() {
            Self::Nothing
        } else {
            Self::Words(words)
        }
    }
}

/// The code without its punctuation and from its end, so that "last digits" is the beginning of a range.
fn reversed(code: &str) -> String {
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
        None if dossier.received.practice => PROVINCE_NOTHING,
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

/// Answers in order of rank, each dossier once.
struct Answers {
    found: Vec<SearchHit>,
    seen: HashSet<EntityId>,
    limit: usize,
}

impl Answers {
    fn new(limit: usize) -> Self {
        Self {
            found: Vec::new(),
            seen: HashSet::new(),
            limit,
        }
    }

    fn add(&mut self, matched: Matched, rows: Vec<DossierRow>) {
        for row in rows {
            if self.found.len() < self.limit && self.seen.insert(row.id) {
                self.found.push(SearchHit { row, matched });
            }
        }
    }
}

impl ReadTx<'_> {
    /// The search box: a code, its last digits, an identity number, a phone number, or a name without marks.
    pub(crate) fn search(&self, typed: &str, limit: u32) -> Result<Vec<SearchHit>, StoreError> {
        let mut answers = Answers::new(limit as usize);
        match Needle::read(typed) {
            Needle::Nothing => {}
            Needle::Code(code) => {
                answers.add(
                    Matched::Code,
                    self.rows_where("code = ?1", &code.to_string(), limit)?,
                );
            }
            Needle::CodePrefix(prefix) => {
                answers.add(
                    Matched::Digits,
                    self.rows_from("dossier_code", "code", &prefix, "code", limit)?,
                );
            }
            Needle::Digits(digits) => self.search_digits(&digits, limit, &mut answers)?,
            Needle::Words(words) => answers.add(Matched::Name, self.rows_of_words(&words, limit)?),
        }
        Ok(answers.found)
    }

    fn search_digits(
        &self,
        digits: &str,
        limit: u32,
        answers: &mut Answers,
    ) -> Result<(), StoreError> {
        if digits.len() <= DAY_NUMBER_DIGITS_MAX {
            answers.add(
                Matched::Digits,
                self.rows_where("day_number = CAST(?1 AS INTEGER)", digits, limit)?,
            );
        } else {
            let end = reversed(digits);
            answers.add(
                Matched::Digits,
                self.rows_from("dossier_code_rev", "code_rev", &end, "id", limit)?,
            );
        }
        if digits.len() >= ID_DIGITS_MIN {
            let rows = self.rows_from("dossier_id_number", "id_number", digits, "id", limit)?;
            answers.add(Matched::IdNumber, rows);
        }
        if digits.len() >= PHONE_DIGITS_MIN {
            let rows = self.rows_from("dossier_phone", "phone", digits, "id", limit)?;
            answers.add(Matched::Phone, rows);
        }
        Ok(())
    }

    fn rows_where(
        &self,
        condition: &str,
        value: &str,
        limit: u32,
    ) -> Result<Vec<DossierRow>, StoreError> {
        let sql =
            format!("SELECT {COLUMNS} FROM dossier WHERE {condition} ORDER BY id DESC LIMIT ?2");
        let mut query = self.conn.prepare_cached(&sql)?;
        let found = query.query_map(params![value, limit], dossier_row)?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// Rows whose column begins with a prefix. The inner query stays within the index, which carries the row
    /// number, so that only rows that are shown are read.
    fn rows_from(
        &self,
        index: &str,
        column: &str,
        prefix: &str,
        order: &str,
        limit: u32,
    ) -> Result<Vec<DossierRow>, StoreError> {
        let partial = match column {
            "id_number" => "AND id_number IS NOT NULL",
            "phone" => "AND phone <> ''",
            _ => "",
        };
        let sql = format!(
            "SELECT {COLUMNS} FROM dossier WHERE id IN (
                 SELECT id FROM dossier INDEXED BY {index}
                 WHERE {column} >= ?1 AND {column} < ?2 {partial} ORDER BY {order} DESC LIMIT ?3)
             ORDER BY {order} DESC"
        );
        let mut query = self.conn.prepare_cached(&sql)?;
        let found = query.query_map(
            params![prefix, format!("{prefix}{AFTER_ALL}"), limit],
            dossier_row,
        )?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    fn rows_of_words(&self, words: &[String], limit: u32) -> Result<Vec<DossierRow>, StoreError> {
        // Words hold letters and digits only, so quoting them leaves nothing to escape.
        let asked: Vec<String> = words.iter().map(|word| format!("\"{word}\"*")).collect();
        let sql = format!(
            "SELECT {COLUMNS} FROM dossier WHERE id IN (
                 SELECT rowid FROM dossier_words WHERE dossier_words MATCH ?1 ORDER BY rowid DESC LIMIT ?2)
             ORDER BY id DESC"
        );
        let mut query = self.conn.prepare_cached(&sql)?;
        let found = query.query_map(params![asked.join(" "), limit], dossier_row)?;
        Ok(found.collect::<Result<_, _>>()?)
    }

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
        let mut waiting = self.conn.prepare_cached(
            "SELECT count(*), min(received_at) FROM dossier WHERE province = ?1 AND province IN (1, 3)",
        )?;
        let (waits, since) = waiting.query_row([PROVINCE_WAITS], |row| {
            Ok((rows::u64_of(row, 0)?, rows::parsed_opt(row, 1)?))
        })?;
        let refused = waiting.query_row([PROVINCE_REFUSED], |row| rows::u64_of(row, 0))?;
        let mut answered = self
            .conn
            .prepare_cached("SELECT max(province_at) FROM dossier WHERE province_at IS NOT NULL")?;
        let last_answer = answered.query_row([], |row| rows::parsed_opt(row, 0))?;
        Ok(ProvinceCounts {
            waiting: waits,
            waiting_since: since,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_understood() {
        let words = |list: &[&str]| Needle::Words(list.iter().map(|w| (*w).to_owned()).collect());
        let cases = [
            ("", Needle::Nothing),
            ("  - ", Needle::Nothing),
            (
                "h56.6.17-261123-0042",
                Needle::Code("H56.6.17-261123-0042".parse().unwrap()),
            ),
            ("0042", Needle::Digits("0042".into())),
            ("261123-0042", Needle::Digits("2611230042".into())),
            ("0912 345 678", Needle::Digits("0912345678".into())),
            ("H56.6.17-2611", Needle::CodePrefix("H56.6.17-2611".into())),
            ("Trần Thị", words(&["tran", "thi"])),
            ("tran thi", words(&["tran", "thi"])),
            (
                "Tra\u{302}\u{300}n \"Thi\u{323}\" *",
                words(&["tran", "thi"]),
            ),
        ];
        for (typed, expected) in cases {
            assert_eq!(Needle::read(typed), expected, "{typed:?}");
        }
    }

    #[test]
    fn last_digits_are_the_beginning_of_the_reversed_code() {
        assert!(reversed("H56.6.17-261123-0042").starts_with(&reversed("23-0042")));
    }
}
