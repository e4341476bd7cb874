//! What the source says about money: `Miễn phí` or an amount, then a remark in brackets, then a
//! description of the limit, all glued together. The text is always kept; an amount is read only
//! where it is beyond doubt.

use super::super::parts::{Channel, Fee, FeeAmount, FeeKind};
use crate::money::Vnd;
use crate::text::{fold, words};

const FREE: &str = "Miễn phí";
const NOTHING_SAID: &str = "Không có thông tin";

/// Fees of all rows: one per distinct text and channel, without the channel when all channels
/// agree.
pub(super) fn of_rows<'a>(rows: impl Iterator<Item = (Channel, &'a str)>) -> Vec<Fee> {
    let mut fees: Vec<Fee> = Vec::new();
    for (channel, text) in rows.filter(|(_, text)| !text.is_empty()) {
        let fee = Fee {
            channel: Some(channel),
            ..fee(text)
        };
        if !fees.contains(&fee) {
            fees.push(fee);
        }
    }
    let agree = fees.windows(2).all(|pair| pair[0].text == pair[1].text);
    if agree {
        fees.truncate(1);
        fees.iter_mut().for_each(|fee| fee.channel = None);
    }
    fees
}

/// The part of the text that describes the limit.
pub(super) fn description(text: &str) -> String {
    Parts::of(text).description.to_owned()
}

fn fee(text: &str) -> Fee {
    Fee {
        name: "Phí, lệ phí".to_owned(),
        kind: FeeKind::Unknown,
        channel: None,
        case: None,
        amount: Parts::of(text).amount(),
        optional: false,
        text: text.to_owned(),
    }
}

/// The text taken apart.
struct Parts<'a> {
    /// `Miễn phí` stands at the beginning.
    free: bool,
    /// The figure at the beginning, when it is an amount in đồng.
    figure: Option<Vnd>,
    /// The remark in brackets after it.
    remark: &'a str,
    /// What follows.
    description: &'a str,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Parts<'a> {
        let text = without(text, NOTHING_SAID);
        let (figure, rest) = leading_amount(text).map_or((None, text), |(f, r)| (Some(f), r));
        let free = rest.starts_with(FREE);
        let rest = without(rest, FREE);
        let (remark, description) = bracketed(rest).unwrap_or(("", rest));
        Parts {
            free,
            figure,
            remark,
            description,
        }
    }

    fn amount(&self) -> FeeAmount {
        let said = fold(&format!("{} {}", self.remark, self.description));
        if said.contains("hoi dong nhan dan") {
            return FeeAmount::SetByCouncil;
        }
        match self.figure {
            Some(figure) if self.is_whole_fee(figure, &said) => FeeAmount::Fixed(figure),
            Some(_) => FeeAmount::AsText,
            None if speaks_of_money(self.description) || !says_nothing_more(self.remark) => {
                FeeAmount::AsText
            }
            None if self.free => FeeAmount::Free,
            None => FeeAmount::NotStated,
        }
    }

    /// Not by the page, copy or person, and no other amount in the words.
    fn is_whole_fee(&self, figure: Vnd, said: &str) -> bool {
        let by_unit = ["/trang", "/ban", "/nguoi"]
            .iter()
            .any(|unit| said.contains(unit));
        !by_unit && amounts(said).all(|other| other == figure)
    }
}

/// Whether a remark leaves a fee as it is: nothing, "Không", "Không quy định".
fn says_nothing_more(remark: &str) -> bool {
    let said = words(remark).join(" ");
    let nothing = [
        "",
        "khong",
        "khong quy dinh",
        "khong co",
        "khong thu phi",
        "chua quy dinh",
    ];
    nothing.contains(&said.as_str())
}

fn speaks_of_money(text: &str) -> bool {
    const CURRENCIES: [&str; 2] = ["usd", "vnd"];
    let words = words(text);
    words
        .iter()
        .any(|word| word == "phi" || CURRENCIES.contains(&word.as_str()))
        || words.join(" ").contains("viet nam dong")
        || amounts(text).next().is_some()
}

/// `70,000 VNĐ` or `50,000 Việt Nam Đồng` at the beginning, and what follows.
fn leading_amount(text: &str) -> Option<(Vnd, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != ',')?;
    let (figure, rest) = text.split_at(end);
    let units = ["VNĐ", "Việt Nam Đồng"];
    let rest = units
        .iter()
        .find_map(|unit| rest.trim_start().strip_prefix(unit))?;
    Some((grouped(figure)?, rest))
}

/// Every amount of a thousand or more that is written in groups: `10.000`, `1,500,000`.
fn amounts(text: &str) -> impl Iterator<Item = Vnd> {
    let figures = text.split(|c: char| !c.is_ascii_digit() && c != '.' && c != ',');
    figures.filter_map(|figure| grouped(figure.trim_matches(['.', ','])))
}

/// A number written in groups of three.
fn grouped(figure: &str) -> Option<Vnd> {
    let mut groups = figure.split(['.', ',']);
    let first = groups
        .next()
        .filter(|group| (1..=3).contains(&group.len()))?;
    let rest: Vec<&str> = groups.collect();
    let well_formed = !rest.is_empty() && rest.iter().all(|group| group.len() == 3);
    let digits = well_formed.then(|| format!("{first}{}", rest.concat()))?;
    digits.parse().ok().map(Vnd)
}

/// A bracket at the beginning, to the one that closes it, and what follows. A bracket that is never
/// closed runs to the end: the source cuts long texts.
fn bracketed(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix('(')?;
    let mut open = 1_u32;
    for (at, c) in inside.char_indices() {
        match c {
            '(' => open += 1,
            ')' if open == 1 => return Some((&inside[..at], &inside[at + 1..])),
            ')' => open -= 1,
            _ => {}
        }
    }
    Some((inside, ""))
}

fn without<'a>(text: &'a str, opening: &str) -> &'a str {
    text.strip_prefix(opening).unwrap_or(text).trim_start()
}
