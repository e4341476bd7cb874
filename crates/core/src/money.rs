//! Vietnamese money: whole đồng, written for people in figures and in words.
//!
//! Owns: the amount type, `20.000 ₫`, and the words that receipts must carry
//! (NĐ 123/2020/NĐ-CP Đ32.2).
//! Deliberately does not: know fees (the catalogue does), other currencies, or fractions: the đồng
//! has none.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An amount in đồng.
///
/// ```
/// use motcua_core::money::Vnd;
/// assert_eq!(Vnd(20_000).to_string(), "20.000 ₫");
/// assert_eq!(Vnd(20_000).in_words(), "Hai mươi nghìn đồng");
/// ```
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Vnd(pub u64);

impl Vnd {
    /// Nothing.
    pub const ZERO: Vnd = Vnd(0);

    /// The sum, unless it is beyond every budget.
    pub fn checked_add(self, other: Vnd) -> Option<Vnd> {
        self.0.checked_add(other.0).map(Vnd)
    }

    /// So many times the amount (pages, copies), unless it is beyond every budget.
    pub fn checked_mul(self, times: u32) -> Option<Vnd> {
        self.0.checked_mul(u64::from(times)).map(Vnd)
    }

    /// The figures grouped by full stops, without the sign: `1.234.567`.
    pub fn figures(self) -> String {
        let digits = self.0.to_string();
        let mut out = String::with_capacity(digits.len() + digits.len() / 3);
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                out.push('.');
            }
            out.push(digit);
        }
        out
    }

    /// The amount in words, a capital first, as receipts have it: "Một triệu không trăm linh năm
    /// nghìn đồng".
    pub fn in_words(self) -> String {
        let words = format!("{} đồng", number_in_words(self.0));
        let mut chars = words.chars();
        let first: String = chars
            .next()
            .into_iter()
            .flat_map(char::to_uppercase)
            .collect();
        first + chars.as_str()
    }
}

impl fmt::Display for Vnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ₫", self.figures())
    }
}

const BILLION: u64 = 1_000_000_000;

/// A whole number in Vietnamese words, small letters: 25 is "hai mươi lăm".
///
/// ```
/// use motcua_core::money::number_in_words;
/// assert_eq!(number_in_words(1_021), "một nghìn không trăm hai mươi mốt");
/// ```
pub fn number_in_words(number: u64) -> String {
    if number == 0 {
        return "không".to_owned();
    }
    let mut words = Vec::new();
    push_number(number, false, &mut words);
    words.join(" ")
}

/// Above a billion the same words begin again: 10¹⁸ is "một tỷ tỷ".
fn push_number(number: u64, follows: bool, words: &mut Vec<&'static str>) {
    let (high, low) = (number / BILLION, number % BILLION);
    if high > 0 {
        push_number(high, follows, words);
        words.push("tỷ");
    }
    push_below_billion(low, follows || high > 0, words);
}

fn push_below_billion(number: u64, mut follows: bool, words: &mut Vec<&'static str>) {
    let groups = [
        (number / 1_000_000, "triệu"),
        (number / 1_000 % 1_000, "nghìn"),
        (number % 1_000, ""),
    ];
    for (group, name) in groups {
        if group == 0 {
            continue;
        }
        push_group(group, follows, words);
        if !name.is_empty() {
            words.push(name);
        }
        follows = true;
    }
}

/// One group of three digits. `follows`: something stands before it, so its zeros are spoken.
fn push_group(group: u64, follows: bool, words: &mut Vec<&'static str>) {
    let (hundreds, tens, ones) = (group / 100, group / 10 % 10, group % 10);
    let spoken = follows || hundreds > 0;
    if spoken {
        words.extend([digit(hundreds), "trăm"]);
    }
    match tens {
        0 if ones == 0 => {}
        0 if spoken => words.push("linh"),
        0 => {}
        1 => words.push("mười"),
        _ => words.extend([digit(tens), "mươi"]),
    }
    match (tens, ones) {
        (_, 0) => {}
        (2.., 1) => words.push("mốt"),
        (2.., 4) => words.push("tư"),
        (1.., 5) => words.push("lăm"),
        _ => words.push(digit(ones)),
    }
}

fn digit(value: u64) -> &'static str {
    const DIGITS: [&str; 10] = [
        "không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín",
    ];
    DIGITS[usize::try_from(value % 10).unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn figures_are_grouped_as_vietnamese_papers_group_them() {
        for (amount, figures) in [
            (0, "0 ₫"),
            (999, "999 ₫"),
            (1_000, "1.000 ₫"),
            (20_000, "20.000 ₫"),
            (200_000, "200.000 ₫"),
            (1_234_567, "1.234.567 ₫"),
            (u64::MAX, "18.446.744.073.709.551.615 ₫"),
        ] {
            assert_eq!(Vnd(amount).to_string(), figures);
        }
    }

    #[test]
    fn fees_of_a_commune_desk_in_words() {
        for (amount, words) in [
            (0, "Không đồng"),
            (1_000, "Một nghìn đồng"),
            (2_000, "Hai nghìn đồng"),
            (8_000, "Tám nghìn đồng"),
            (10_000, "Mười nghìn đồng"),
            (15_000, "Mười lăm nghìn đồng"),
            (20_000, "Hai mươi nghìn đồng"),
            (21_000, "Hai mươi mốt nghìn đồng"),
            (24_000, "Hai mươi tư nghìn đồng"),
            (25_000, "Hai mươi lăm nghìn đồng"),
            (50_000, "Năm mươi nghìn đồng"),
            (150_000, "Một trăm năm mươi nghìn đồng"),
            (400_000, "Bốn trăm nghìn đồng"),
            (1_500_000, "Một triệu năm trăm nghìn đồng"),
        ] {
            assert_eq!(Vnd(amount).in_words(), words, "{amount}");
        }
    }

    #[test]
    fn the_rules_of_mot_tu_lam_and_linh() {
        for (number, words) in [
            (1, "một"),
            (4, "bốn"),
            (5, "năm"),
            (10, "mười"),
            (11, "mười một"),
            (14, "mười bốn"),
            (15, "mười lăm"),
            (21, "hai mươi mốt"),
            (34, "ba mươi tư"),
            (55, "năm mươi lăm"),
            (90, "chín mươi"),
            (101, "một trăm linh một"),
            (104, "một trăm linh bốn"),
            (105, "một trăm linh năm"),
            (110, "một trăm mười"),
            (115, "một trăm mười lăm"),
            (121, "một trăm hai mươi mốt"),
            (500, "năm trăm"),
            (1_005, "một nghìn không trăm linh năm"),
            (1_010, "một nghìn không trăm mười"),
            (1_100, "một nghìn một trăm"),
            (100_001, "một trăm nghìn không trăm linh một"),
            (1_000_005, "một triệu không trăm linh năm"),
            (1_005_000, "một triệu không trăm linh năm nghìn"),
            (1_000_000_000, "một tỷ"),
            (1_000_000_001, "một tỷ không trăm linh một"),
            (2_021_000_000, "hai tỷ không trăm hai mươi mốt triệu"),
            (1_000_000_000_000, "một nghìn tỷ"),
            (1_000_000_000_000_000_000, "một tỷ tỷ"),
        ] {
            assert_eq!(number_in_words(number), words, "{number}");
        }
    }

    #[test]
    fn sums_and_pages_stop_at_the_edge() {
        assert_eq!(
            Vnd(2_000)
                .checked_mul(2)
                .and_then(|v| v.checked_add(Vnd(1_000))),
            Some(Vnd(5_000))
        );
        assert_eq!(Vnd(u64::MAX).checked_add(Vnd(1)), None);
        assert_eq!(Vnd(u64::MAX).checked_mul(2), None);
    }

    proptest! {
        #[test]
        fn figures_hold_the_same_digits(amount in any::<u64>()) {
            prop_assert_eq!(Vnd(amount).figures().replace('.', ""), amount.to_string());
        }

        #[test]
        fn two_amounts_never_share_their_words(a in any::<u64>(), b in any::<u64>()) {
            prop_assume!(a != b);
            prop_assert_ne!(number_in_words(a), number_in_words(b));
        }
    }
}
