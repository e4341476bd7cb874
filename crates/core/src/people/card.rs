//! The QR code of an identity card: CCCD (2021) and Căn cước (from 01/07/2024).
//!
//! Owns: reading the text, field by field, with a warning for each field that is doubtful, and
//! saying what else was scanned when it is no card.
//! Deliberately does not: prove anything (the text is plain and unsigned: it saves typing), keep
//! the raw text, or fill in letters that a reader lost: a damaged name is left out, not guessed.
//!
//! Seven fields joined by `|`: number, number of the old card (may be empty), name, date of birth
//! `DDMMYYYY`, sex, residence, date of issue `DDMMYYYY`. Cards of 2024 add up to four: one of
//! unknown use, father, mother, one more. Some readers and some cards leave the second field out;
//! it is recognised by its content, not by counting.

use std::fmt;

use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

use self::fields::Reader;
use super::birth::BirthDate;
use super::name::PersonName;
use super::number::{OldId, PersonalNumber};
use super::sex::Sex;
use crate::code::DossierCode;
use crate::text::{nfc, repair_misread, tidy};

mod fields;

/// Longest text taken for a card, in bytes.
pub const MAX_QR_BYTES: usize = 4_096;
/// Fewest fields of a card.
pub const MIN_FIELDS: usize = 6;
/// Most fields of a card.
pub const MAX_FIELDS: usize = 11;

/// A text that is not the QR code of an identity card, and what it seems to be instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CardError {
    /// Nothing was read.
    #[error("nothing was read")]
    Empty,
    /// Too long for any card.
    #[error("{bytes} bytes are too long for a card (at most {MAX_QR_BYTES})")]
    TooLong {
        /// Length of the text.
        bytes: usize,
    },
    /// A web address.
    #[error("a web address, not a card")]
    WebAddress,
    /// A code for paying (VietQR, EMVCo).
    #[error("a payment code, not a card")]
    Payment,
    /// A slip of ours: the desk may open the dossier instead.
    #[error("the code of dossier {0}, not a card")]
    Dossier(DossierCode),
    /// The number of an old identity card of 9 digits, which is invalid since 31/12/2024.
    #[error("the number of an old identity card (CMND), not a card")]
    OldNumber,
    /// A number without the separators: the reader is set up to drop or change them.
    #[error("the reader lost the separators between the fields")]
    SeparatorsLost,
    /// Fewer fields than a card has.
    #[error("{found} fields, a card has at least {MIN_FIELDS}")]
    TooFewFields {
        /// Fields found.
        found: usize,
    },
    /// More fields than a card has.
    #[error("{found} fields, a card has at most {MAX_FIELDS}")]
    TooManyFields {
        /// Fields found.
        found: usize,
    },
    /// The first field is not a number of 12 digits.
    #[error("no personal number of 12 digits in the first field")]
    NoPersonalNumber,
}

impl CardError {
    /// Stable identifier for catalogues of messages and for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            CardError::Empty => "empty",
            CardError::TooLong { .. } => "too_long",
            CardError::WebAddress => "web_address",
            CardError::Payment => "payment",
            CardError::Dossier(_) => "dossier",
            CardError::OldNumber => "old_number",
            CardError::SeparatorsLost => "separators_lost",
            CardError::TooFewFields { .. } => "too_few_fields",
            CardError::TooManyFields { .. } => "too_many_fields",
            CardError::NoPersonalNumber => "no_personal_number",
        }
    }
}

/// A field of the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardField {
    /// Personal number.
    Number,
    /// Number of the old card.
    OldId,
    /// Full name.
    Name,
    /// Date of birth.
    BornOn,
    /// Sex.
    Sex,
    /// Place of permanent residence, as printed then.
    Residence,
    /// Date of issue.
    IssuedOn,
    /// Father's name.
    Father,
    /// Mother's name.
    Mother,
    /// A field of unknown use.
    Other,
    /// The text as a whole.
    Whole,
}

/// What is doubtful about a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardDoubt {
    /// Empty or absent, though every card has it.
    Missing,
    /// Not of the form it has on a card.
    Malformed,
    /// A date that does not exist.
    NoSuchDate,
    /// Letters were lost in reading (U+FFFD or `?`): the reader is not set to UTF-8.
    LettersLost,
    /// UTF-8 shown as a single-byte code page, beyond repair: the reader is in the wrong mode.
    Misread,
    /// The same, undone: the text is right, the reader's mode is not.
    MisreadRepaired,
    /// Digits in a name.
    DigitsInName,
    /// Issued before the person was born.
    IssuedBeforeBirth,
    /// The number belongs to another sex. Legal changes exist; see [`NumberWarning`].
    NumberSexDiffers,
    /// The number belongs to another year of birth.
    NumberYearDiffers,
    /// The number begins with a code that no province had.
    NumberUnknownPlace,
}

/// One doubt about one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CardWarning {
    /// The field.
    pub field: CardField,
    /// The doubt.
    pub code: CardDoubt,
}

/// Which card it is, as far as the text tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardKind {
    /// Căn cước công dân with chip, 2021 to June 2024.
    Cccd,
    /// Thẻ căn cước, from 01/07/2024 (Law 26/2023/QH15).
    CanCuoc,
}

impl CardKind {
    /// What to write under "Nơi cấp".
    pub fn issuer(self) -> &'static str {
        match self {
            CardKind::Cccd => "Cục Cảnh sát quản lý hành chính về trật tự xã hội",
            CardKind::CanCuoc => "Bộ Công an",
        }
    }
}

/// What a card says. A field that could not be read is `None` and has a warning.
#[derive(Clone, PartialEq, Eq)]
pub struct CardRead {
    /// Personal number.
    pub number: PersonalNumber,
    /// Number of the old card; a reference only.
    pub old_id: Option<OldId>,
    /// Full name as printed.
    pub name: Option<PersonName>,
    /// Date of birth.
    pub born_on: Option<BirthDate>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Place of permanent residence as printed; it may name units that were merged since.
    pub residence: Option<String>,
    /// Date of issue.
    pub issued_on: Option<Date>,
    /// Father's name (cards of 2024).
    pub father: Option<PersonName>,
    /// Mother's name (cards of 2024).
    pub mother: Option<PersonName>,
    /// Fields of unknown use that were not empty: index from 0, text.
    pub other: Vec<(usize, String)>,
    /// How many fields the text had.
    pub field_count: usize,
    /// Doubts, in the order of the fields.
    pub warnings: Vec<CardWarning>,
}

impl CardRead {
    /// Which card it is; `None` without a date of issue.
    pub fn kind(&self) -> Option<CardKind> {
        const FIRST_CAN_CUOC: Date = date(2024, 7, 1);
        let issued = self.issued_on?;
        Some(if issued < FIRST_CAN_CUOC {
            CardKind::Cccd
        } else {
            CardKind::CanCuoc
        })
    }
}

impl fmt::Debug for CardRead {
    /// For logs: no name, no address, the number masked.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CardRead")
            .field("number", &self.number)
            .field("field_count", &self.field_count)
            .field("warnings", &self.warnings)
            .finish_non_exhaustive()
    }
}

/// Reads the text of a card's QR code.
///
/// ```
/// use motcua_core::people::card;
/// let card = card::parse_qr("038090012345|172345678|TRẦN THỊ MẪU|01021990|Nam|Thôn 3, xã Mẫu|01032022")?;
/// assert_eq!(card.name.unwrap().as_str(), "TRẦN THỊ MẪU");
/// assert!(card.warnings.is_empty());
/// # Ok::<(), card::CardError>(())
/// ```
///
/// # Errors
/// When the text is no card; the error says what it seems to be.
pub fn parse_qr(text: &str) -> Result<CardRead, CardError> {
    if text.len() > MAX_QR_BYTES {
        return Err(CardError::TooLong { bytes: text.len() });
    }
    let repaired = repair_misread(text);
    let text = cleaned(repaired.as_deref().unwrap_or(text));
    let fields: Vec<String> = text.split('|').map(tidy).collect();
    let number = first_field(&text, &fields)?;
    let mut reader = Reader::default();
    if repaired.is_some() {
        reader.doubt(CardField::Whole, CardDoubt::MisreadRepaired);
    }
    Ok(reader.card(number, &fields))
}

/// Reads the bytes a scanner sent. Bytes that are not UTF-8 become lost letters.
///
/// # Errors
/// As [`parse_qr`].
pub fn parse_qr_bytes(bytes: &[u8]) -> Result<CardRead, CardError> {
    if bytes.len() > MAX_QR_BYTES {
        return Err(CardError::TooLong { bytes: bytes.len() });
    }
    parse_qr(&String::from_utf8_lossy(bytes))
}

/// NFC without control characters, byte-order mark and the symbology prefix (`]Q1`) that some
/// readers send before the text.
fn cleaned(text: &str) -> String {
    let plain: String = text
        .chars()
        .filter(|c| !c.is_control() && *c != '\u{FEFF}')
        .collect();
    let plain = plain.trim();
    let bare = match plain.strip_prefix("]Q") {
        Some(rest) => rest.get(1..).unwrap_or(rest),
        None => plain,
    };
    nfc(bare.trim())
}

fn first_field(text: &str, fields: &[String]) -> Result<PersonalNumber, CardError> {
    if let Some(other) = not_a_card(text) {
        return Err(other);
    }
    let first = fields.first().map_or("", String::as_str);
    let digits = first.bytes().all(|b| b.is_ascii_digit());
    if digits && first.len() == 9 {
        return Err(CardError::OldNumber);
    }
    let found = fields.len();
    if found == 1 && starts_with_number(first) {
        return Err(CardError::SeparatorsLost);
    }
    if found < MIN_FIELDS {
        return Err(CardError::TooFewFields { found });
    }
    if found > MAX_FIELDS {
        return Err(CardError::TooManyFields { found });
    }
    first.parse().map_err(|_| CardError::NoPersonalNumber)
}

fn not_a_card(text: &str) -> Option<CardError> {
    const EMV_PAYLOAD_FORMAT: &str = "000201";
    if text.is_empty() {
        return Some(CardError::Empty);
    }
    let lower = text.to_ascii_lowercase();
    if ["http://", "https://", "www."]
        .iter()
        .any(|start| lower.starts_with(start))
    {
        return Some(CardError::WebAddress);
    }
    if text.starts_with(EMV_PAYLOAD_FORMAT) && !text.contains('|') {
        return Some(CardError::Payment);
    }
    text.parse().ok().map(CardError::Dossier)
}

/// Twelve digits and then a name without anything between them.
fn starts_with_number(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    digits >= PersonalNumber::DIGITS && text.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests;
