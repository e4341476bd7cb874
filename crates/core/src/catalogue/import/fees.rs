//! What the source says about money: an amount glued to free text. The text is always kept; an
//! amount is read only where it is beyond doubt.

use super::super::parts::{Channel, Fee, FeeAmount, FeeKind};
use crate::money::Vnd;
use crate::text::fold;

const FREE: &str = "Miễn phí";
const NOTHING_SAID: &str = "Không có thông tin";

/// Fees of all rows: one per distinct text and channel, without the channel when all channels agree.
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

/// The part of the text that is about time, not money: the source glues the description of the
/// limit behind the fee.
pub(super) fn remainder(text: &str) -> String {
    let rest = without(without(text, NOTHING_SAID), FREE);
    let begins_with_amount =
        rest.starts_with(|c: char| c.is_ascii_digit()) && amount(rest).is_some();
    if rest.starts_with('(') || begins_with_amount {
        String::new()
    } else {
        rest.to_owned()
    }
}

fn fee(text: &str) -> Fee {
    Fee {
        name: "Phí, lệ phí".to_owned(),
        kind: FeeKind::Unknown,
        channel: None,
        case: None,
        amount: what(text),
        optional: false,
        text: text.to_owned(),
    }
}

fn what(text: &str) -> FeeAmount {
    let rest = without(text, NOTHING_SAID);
    if fold(rest).contains("hoi dong nhan dan") {
        return FeeAmount::SetByCouncil;
    }
    if let Some(amount) = amount(rest) {
        return FeeAmount::Fixed(amount);
    }
    match rest.strip_prefix(FREE) {
        Some(after) if says_nothing_more(after) => FeeAmount::Free,
        None if rest.is_empty() => FeeAmount::NotStated,
        Some(_) | None => FeeAmount::AsText,
    }
}

/// Whether what follows "Miễn phí" leaves it free: nothing, or "(Không)", "(Không quy định)".
fn says_nothing_more(after: &str) -> bool {
    let folded = fold(after);
    let said = folded.trim_matches(|c: char| !c.is_alphanumeric());
    matches!(
        said,
        "" | "khong" | "khong quy dinh" | "khong co" | "khong thu phi" | "chua quy dinh"
    )
}

/// `70,000 VNĐ(…)` or `50,000 Việt Nam Đồng…`: one amount at the very beginning. Two amounts, or one
/// by the page or copy, stand in the text; a person reads them.
fn amount(text: &str) -> Option<Vnd> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.')?;
    let (figures, unit) = text.split_at(end);
    let digits: String = figures.chars().filter(char::is_ascii_digit).collect();
    let unit = fold(unit);
    let is_money = ["vnd", "viet nam dong", "dong"]
        .iter()
        .any(|word| unit.starts_with(word));
    let grouped = figures.len() > 3 && (figures.contains(',') || figures.contains('.'));
    let several = unit.matches("viet nam dong").count() > 1 || unit.matches("vnd").count() > 1;
    let by_page = ["(/trang", "(/ban"].iter().any(|per| unit.contains(per));
    (is_money && grouped && !several && !by_page)
        .then(|| digits.parse().ok().map(Vnd))
        .flatten()
}

fn without<'a>(text: &'a str, opening: &str) -> &'a str {
    text.strip_prefix(opening).unwrap_or(text)
}
