//! What is owed.

use motcua_core::catalogue::FeeKind as CatalogueFeeKind;
use motcua_core::intake::{EXEMPTIONS, Exemption, FeeRow, Fees};
use motcua_core::money::Vnd as Dong;

use crate::ipc::dto::{FeeExemption, FeeKind, FeeLine, FeeState, FeeView, Vnd};

/// What one unit of a fee that is counted by pages is called.
const PAGE: &str = "trang";

/// The fee of a draft. `chosen` is whether there is a procedure: before that nothing is owed and nothing
/// is undecided.
pub(super) fn fee_view(fees: &Fees, chosen: bool) -> FeeView {
    let state = match fees.total {
        Some(Dong(0)) => FeeState::Free,
        Some(_) => FeeState::Amount,
        None if chosen => FeeState::Undecided,
        None => FeeState::Free,
    };
    FeeView {
        lines: fees.rows.iter().map(line).collect(),
        total: fees.total.map_or(0, amount),
        state,
        exemptions: EXEMPTIONS.iter().map(exemption).collect(),
        exemption_id: fees.exemption.map(|chosen| chosen.id.to_owned()),
    }
}

fn line(row: &FeeRow) -> FeeLine {
    FeeLine {
        id: row.key.clone(),
        name: row.name.clone(),
        kind: fee_kind(row.kind),
        unit_price: row.unit.map_or(0, amount),
        unit_name: if row.counted_by_page {
            PAGE.to_owned()
        } else {
            String::new()
        },
        quantity: row.quantity,
        amount: row.amount.map_or(0, amount),
        legal_basis: row.text.clone(),
    }
}

/// The catalogue leaves some rows unnamed; the law's general word for them is lệ phí.
fn fee_kind(kind: CatalogueFeeKind) -> FeeKind {
    match kind {
        CatalogueFeeKind::Charge => FeeKind::Charge,
        CatalogueFeeKind::Fee | CatalogueFeeKind::Unknown => FeeKind::Fee,
    }
}

fn exemption(exemption: &Exemption) -> FeeExemption {
    FeeExemption {
        id: exemption.id.to_owned(),
        name: exemption.name.to_owned(),
        legal_basis: exemption.legal_basis.to_owned(),
    }
}

fn amount(amount: Dong) -> Vnd {
    amount.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(unit: Option<u64>, amount: Option<u64>) -> FeeRow {
        FeeRow {
            key: "f1".to_owned(),
            name: "Lệ phí đăng ký khai sinh".to_owned(),
            kind: CatalogueFeeKind::Fee,
            unit: unit.map(Dong),
            quantity: 1,
            counted_by_page: false,
            amount: amount.map(Dong),
            text: String::new(),
        }
    }

    #[test]
    fn a_fee_that_the_council_sets_must_be_decided_by_a_person() {
        let fees = Fees {
            rows: vec![row(None, None)],
            total: None,
            exemption: None,
        };
        assert_eq!(fee_view(&fees, true).state, FeeState::Undecided);
    }

    #[test]
    fn before_a_procedure_is_chosen_nothing_is_owed() {
        let view = fee_view(&Fees::default(), false);
        assert_eq!((view.state, view.total), (FeeState::Free, 0));
    }

    #[test]
    fn an_exempt_person_owes_nothing_and_the_reason_is_named() {
        let fees = Fees {
            rows: vec![row(Some(8_000), Some(8_000))],
            total: Some(Dong::ZERO),
            exemption: EXEMPTIONS.first(),
        };
        let view = fee_view(&fees, true);
        assert_eq!((view.state, view.total), (FeeState::Free, 0));
        assert_eq!(view.exemption_id.as_deref(), Some(EXEMPTIONS[0].id));
        assert_eq!(view.lines[0].unit_price, 8_000);
    }
}
