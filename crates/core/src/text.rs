//! Vietnamese text: one normal form for storing, one folded form for searching.
//!
//! Owns: NFC normalisation, folding (case, tone and vowel marks, `đ`), splitting into words,
//! spotting text that a reader or a code page has damaged, and the as-you-type word match.
//! Deliberately does not: change what people typed (folding is for comparing, never for storing),
//! correct spelling, or guess lost marks.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

mod codepage;
mod index;

pub use index::{WordHit, WordIndex};

/// The character that decoders put where bytes made no sense.
pub const REPLACEMENT: char = '\u{FFFD}';

/// The same text in Unicode normal form C, the only form that is stored.
///
/// ```
/// use motcua_core::text::nfc;
/// assert_eq!(nfc("Tra\u{302}\u{300}n"), "Trần");
/// ```
pub fn nfc(text: &str) -> String {
    text.nfc().collect()
}

/// NFC, invisible characters dropped, every run of blanks one space, no blank at the ends.
///
/// What a person typed stays as it was typed: case, marks and punctuation are untouched.
pub fn tidy(text: &str) -> String {
    collapse(text.nfc())
}

/// The form in which two texts are compared when searching: lower case, without marks, `đ` as `d`,
/// blanks collapsed.
///
/// ```
/// use motcua_core::text::fold;
/// assert_eq!(fold("  Đăng ký  KHAI SINH "), "dang ky khai sinh");
/// ```
pub fn fold(text: &str) -> String {
    let lowered: String = text.chars().flat_map(char::to_lowercase).collect();
    collapse(
        lowered
            .nfd()
            .filter(|c| !is_combining_mark(*c))
            .map(plain_letter),
    )
}

/// Words of a text for searching: folded, split at everything that is neither letter nor digit.
pub fn words(text: &str) -> Vec<String> {
    fold(text)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}

/// How well a text answers a query; a smaller value is a better answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WordMatch {
    /// The text begins with the query, word for word (the last word may be unfinished).
    Prefix,
    /// The query's words stand side by side, in order.
    Phrase,
    /// The query's words all occur, in order, with others between.
    InOrder,
    /// The query's words all occur, in another order.
    AnyOrder,
}

/// Compares a query with a text as people type it: every word of the query must be the beginning
/// of some word of the text. `None` when one is missing. An empty query matches everything.
pub fn match_words(query: &[String], text: &[String]) -> Option<WordMatch> {
    if starts_with_words(text, query) {
        return Some(WordMatch::Prefix);
    }
    if (1..text.len()).any(|at| starts_with_words(&text[at..], query)) {
        return Some(WordMatch::Phrase);
    }
    if occur_in_order(query, text) {
        return Some(WordMatch::InOrder);
    }
    let all = query
        .iter()
        .all(|q| text.iter().any(|t| t.starts_with(q.as_str())));
    all.then_some(WordMatch::AnyOrder)
}

/// Whether a decoder has already given up on part of this text.
pub fn has_replacement(text: &str) -> bool {
    text.contains(REPLACEMENT)
}

/// Undoes the damage when a whole text of UTF-8 was read as a single-byte code page (`NGUYá»„N`),
/// as keyboard scanners do on PCs set to Windows-1252 or Windows-1258. `None` when the text is not
/// damaged in that way, or not certainly: every character must go back to a byte, and the bytes
/// must be UTF-8 with at least one letter outside ASCII.
///
/// ```
/// use motcua_core::text::repair_misread;
/// assert_eq!(repair_misread("NGUYá»„N VÄ‚N A").as_deref(), Some("NGUYỄN VĂN A"));
/// assert_eq!(repair_misread("NGUYỄN VĂN A"), None);
/// ```
pub fn repair_misread(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    [codepage::windows_1252, codepage::windows_1258]
        .into_iter()
        .find_map(|byte| {
            let bytes: Option<Vec<u8>> = text.chars().map(byte).collect();
            String::from_utf8(bytes?).ok()
        })
}

/// Whether some part of this text looks like UTF-8 that was read as a single-byte code page.
pub fn looks_misread(text: &str) -> bool {
    text.split(|c: char| c.is_ascii())
        .any(|run| repair_misread(run).is_some())
}

fn starts_with_words(text: &[String], query: &[String]) -> bool {
    let Some((last, whole)) = query.split_last() else {
        return true;
    };
    text.len() >= query.len()
        && text[..whole.len()] == *whole
        && text[whole.len()].starts_with(last.as_str())
}

fn occur_in_order(query: &[String], text: &[String]) -> bool {
    let mut rest = text.iter();
    query
        .iter()
        .all(|q| rest.any(|t| t.starts_with(q.as_str())))
}

fn plain_letter(c: char) -> char {
    match c {
        'đ' | 'ð' => 'd',
        other => other,
    }
}

fn collapse(chars: impl Iterator<Item = char>) -> String {
    let mut out = String::new();
    let mut gap = false;
    for c in chars.filter(|c| !is_invisible(*c)) {
        if c.is_whitespace() {
            gap = !out.is_empty();
            continue;
        }
        if std::mem::take(&mut gap) {
            out.push(' ');
        }
        out.push(c);
    }
    out
}

/// Marks of direction, joiners, soft hyphen, byte-order mark: they come along with copied text and
/// make two equal names differ.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests;
