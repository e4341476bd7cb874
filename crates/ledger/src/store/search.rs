//! The one search box.
//!
//! Every search reads a bounded piece of one index; newest first within a rank. Ranks: the exact code, the
//! last digits of a code, an identity number, a phone number, a name.

use std::collections::HashSet;

use motcua_core::code::DossierCode;
use motcua_core::ids::EntityId;
use motcua_core::text;
use rusqlite::params;

use super::StoreError;
use super::conn::ReadTx;
use super::dossiers::{COLUMNS, DossierRow, dossier_row, reversed};

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
/// Sorts after every letter and digit.
const AFTER_ALL: &str = "~";

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

    pub(super) fn rows_where(
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
