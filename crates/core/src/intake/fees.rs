//! What is owed: the catalogue's fee rows, how many units, exemptions, and what a person must decide.

use super::draft::Draft;
use crate::catalogue::{FeeAmount, FeeKind, Procedure};
use crate::dossier::FeeLine;
use crate::money::Vnd;

/// A reason to owe nothing (Luật Phí và lệ phí 97/2015 Đ10; details are the provincial council's).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exemption {
    /// Stable.
    pub id: &'static str,
    /// As printed.
    pub name: &'static str,
    /// The text behind it.
    pub legal_basis: &'static str,
}

const FEE_LAW: &str = "Luật Phí và lệ phí 97/2015/QH13 Điều 10";

/// The exemptions that a clerk may grant at the counter.
pub const EXEMPTIONS: &[Exemption] = &[
    Exemption {
        id: "poor",
        name: "Người thuộc hộ nghèo",
        legal_basis: FEE_LAW,
    },
    Exemption {
        id: "merit",
        name: "Người có công với cách mạng",
        legal_basis: FEE_LAW,
    },
    Exemption {
        id: "disabled",
        name: "Người khuyết tật",
        legal_basis: FEE_LAW,
    },
    Exemption {
        id: "child",
        name: "Trẻ em",
        legal_basis: FEE_LAW,
    },
    Exemption {
        id: "elderly",
        name: "Người cao tuổi",
        legal_basis: FEE_LAW,
    },
    Exemption {
        id: "minority",
        name: "Đồng bào dân tộc thiểu số ở vùng đặc biệt khó khăn",
        legal_basis: FEE_LAW,
    },
];

/// One row of what is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeeRow {
    /// Stable within the procedure's edition.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Phí or lệ phí.
    pub kind: FeeKind,
    /// The price of one unit where every unit costs the same.
    pub unit: Option<Vnd>,
    /// How many units.
    pub quantity: u32,
    /// Whether the quantity matters.
    pub counted_by_page: bool,
    /// What it comes to; none where the catalogue states no amount.
    pub amount: Option<Vnd>,
    /// What the source says in words.
    pub text: String,
}

/// All that is owed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fees {
    /// The rows.
    pub rows: Vec<FeeRow>,
    /// The sum; none while a person must decide an amount.
    pub total: Option<Vnd>,
    /// The exemption that was granted.
    pub exemption: Option<&'static Exemption>,
}

/// What the draft owes under its procedure.
pub(super) fn owed(draft: &Draft, procedure: &Procedure) -> Fees {
    let Some(choice) = &draft.choice else {
        return Fees::default();
    };
    let fitting = procedure.fees_for(choice.channel, choice.case.as_ref());
    let rows: Vec<FeeRow> = procedure
        .fees
        .iter()
        .enumerate()
        .filter(|(_, fee)| fitting.iter().any(|f| std::ptr::eq(*f, *fee)))
        .map(|(at, fee)| row(at, fee, draft))
        .collect();
    let exemption = draft
        .exemption
        .as_ref()
        .and_then(|id| EXEMPTIONS.iter().find(|e| e.id == id));
    let total = if exemption.is_some() {
        Some(Vnd::ZERO)
    } else {
        sum(&rows, draft.fee_decided)
    };
    Fees {
        rows,
        total,
        exemption,
    }
}

fn row(at: usize, fee: &crate::catalogue::Fee, draft: &Draft) -> FeeRow {
    let key = format!("f{}", at + 1);
    let usual = if fee.optional { 0 } else { 1 };
    let quantity = draft.fee_quantities.get(&key).copied().unwrap_or(usual);
    let unit = match fee.amount {
        FeeAmount::Fixed(amount) => Some(amount),
        _ => None,
    };
    let amount = match unit {
        Some(unit) => unit.checked_mul(quantity),
        None if fee.optional && quantity == 0 => Some(Vnd::ZERO),
        None => fee.amount.for_pages(quantity),
    };
    let counted_by_page = matches!(fee.amount, FeeAmount::PerPage { .. });
    FeeRow {
        key,
        name: fee.name.clone(),
        kind: fee.kind,
        unit,
        quantity,
        counted_by_page,
        amount,
        text: fee.text.clone(),
    }
}

/// The sum of the rows; rows without an amount take the one that the clerk decided for them together.
fn sum(rows: &[FeeRow], decided: Option<u64>) -> Option<Vnd> {
    let known = rows
        .iter()
        .filter_map(|r| r.amount)
        .try_fold(Vnd::ZERO, Vnd::checked_add)?;
    if rows.iter().all(|r| r.amount.is_some()) {
        Some(known)
    } else {
        known.checked_add(Vnd(decided?))
    }
}

/// The lines as received. An amount that the clerk decided stands on the first row that states none.
pub(super) fn lines(fees: &Fees, decided: Option<u64>) -> Vec<FeeLine> {
    let mut decided = decided;
    let line = |row: &FeeRow| {
        let amount = row
            .amount
            .map_or_else(|| decided.take().unwrap_or(0), |a| a.0);
        FeeLine {
            name: row.name.clone(),
            kind: row.kind,
            amount_vnd: if fees.exemption.is_some() { 0 } else { amount },
            quantity: row.quantity,
            exemption: fees.exemption.map(|e| e.name.to_owned()),
        }
    };
    fees.rows
        .iter()
        .filter(|row| row.quantity > 0)
        .map(line)
        .collect()
}
