//! Sentences that the form and its slip share, made from a record and the words of the template.

use crate::form01::{FeeLine, Reception, RegisterEntry};
use crate::template::Labels;
use crate::text::NBSP;
use crate::words;

/// Marks under the title: practice first, then a later version, then a reprint.
pub(crate) fn marks(record: &Reception, labels: &Labels) -> Vec<String> {
    let mut marks = Vec::new();
    if record.practice {
        marks.push(format!("{} – {}", labels.practice, labels.practice_note));
    }
    if record.version > 1 {
        let version = record.version;
        marks.push(format!(
            "{}{NBSP}{version} – {}",
            labels.version, labels.version_note
        ));
    }
    if let Some(reprint) = &record.reprint {
        let at = words::moment_short(reprint.at);
        let by = if reprint.by.is_empty() {
            String::new()
        } else {
            format!(" – {}: {}", labels.reprint_by, reprint.by)
        };
        marks.push(format!(
            "{}{NBSP}{} – {at}{by}",
            labels.reprint, reprint.number
        ));
    }
    marks
}

/// What the citizen asks for: the procedure with its code.
pub(crate) fn request(record: &Reception, labels: &Labels) -> String {
    let (name, code) = (&record.procedure_name, &record.procedure_code);
    if code.is_empty() {
        return name.clone();
    }
    format!("{name} ({}{NBSP}{code})", unbroken(&labels.procedure_code))
}

/// Each fee with its amount, and the total when there is more than one.
pub(crate) fn fees(fees: &[FeeLine], labels: &Labels) -> String {
    if fees.is_empty() {
        return labels.no_fees.clone();
    }
    let mut pieces: Vec<String> = fees.iter().map(fee).collect();
    if fees.len() > 1 {
        let total = fees
            .iter()
            .fold(0_u64, |sum, fee| sum.saturating_add(fee.amount_vnd));
        pieces.push(format!("{} {}", labels.fee_total, words::money(total)));
    }
    pieces.join("; ")
}

fn fee(fee: &FeeLine) -> String {
    let amount = words::money(fee.amount_vnd);
    match &fee.note {
        Some(note) => format!("{} {amount} ({note})", fee.name),
        None => format!("{} {amount}", fee.name),
    }
}

/// `Vào Sổ theo dõi hồ sơ, Quyển số 01/2026, Số thứ tự 1187`.
pub(crate) fn register(entry: &RegisterEntry, labels: &Labels) -> String {
    let sequence = unbroken(&labels.register_sequence);
    let volume = &entry.volume;
    format!(
        "{} {volume}, {sequence}{NBSP}{}",
        labels.register, entry.sequence
    )
}

/// The words held together on one line.
fn unbroken(words: &str) -> String {
    words.replace(' ', &NBSP.to_string())
}
