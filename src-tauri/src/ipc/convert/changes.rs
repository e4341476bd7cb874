//! What a screen asks to change, as the domain's change, with the word that "undo" will show.

use motcua_core::catalogue::{CaseId, Channel, ProcedureCode};
use motcua_core::dossier::Delivery;
use motcua_core::intake::{Change, Draft, PaperCount};

use super::people::{field_of, submitter_of, value_of};
use crate::ipc::dto::{self, IntakePatch, IntakePatchKind};
use crate::ipc::error::ApiError;

/// The kinds of change by the word that the desk keeps beside each step.
const KINDS: [(&str, IntakePatchKind); 18] = [
    ("person", IntakePatchKind::Person),
    ("take_difference", IntakePatchKind::TakeDifference),
    ("submitter", IntakePatchKind::Submitter),
    ("procedure", IntakePatchKind::Procedure),
    ("channel", IntakePatchKind::Channel),
    ("case", IntakePatchKind::Case),
    ("set_count", IntakePatchKind::SetCount),
    ("paper_checked", IntakePatchKind::PaperChecked),
    ("paper_count", IntakePatchKind::PaperCount),
    ("paper_added", IntakePatchKind::PaperAdded),
    ("paper_removed", IntakePatchKind::PaperRemoved),
    ("paper_reused", IntakePatchKind::PaperReused),
    ("fee_quantity", IntakePatchKind::FeeQuantity),
    ("fee_amount", IntakePatchKind::FeeAmount),
    ("fee_exemption", IntakePatchKind::FeeExemption),
    ("result_method", IntakePatchKind::ResultMethod),
    ("result_address", IntakePatchKind::ResultAddress),
    ("note", IntakePatchKind::Note),
];

/// The kind of a step by its word. A card fills the person and a scan belongs to a paper, so those steps
/// are shown as changes of the person and of a paper; what else a device does is none that can be named.
pub(super) fn kind_of(word: &str) -> Option<IntakePatchKind> {
    match word {
        "card" => Some(IntakePatchKind::Person),
        "attach_scan" | "detach_scan" => Some(IntakePatchKind::PaperChecked),
        _ => KINDS
            .iter()
            .find(|(known, _)| *known == word)
            .map(|(_, kind)| *kind),
    }
}

/// A change and its word. `current` is the draft it is asked of: the way a result goes back and its
/// address are one value in the domain and two fields on the screen.
///
/// # Errors
/// [`ApiError::ProcedureUnknown`] for a code that is none; [`ApiError::InvalidInput`] for the reuse of a
/// paper that no citizen's store has offered.
pub fn change_of(patch: IntakePatch, current: &Draft) -> Result<(&'static str, Change), ApiError> {
    Ok(match patch {
        IntakePatch::Person { field, value } => (
            "person",
            Change::Person {
                field: field_of(field),
                value: value_of(field, value),
            },
        ),
        IntakePatch::TakeDifference { field, take } => (
            "take_difference",
            Change::TakeDifference {
                field: field_of(field),
                take,
            },
        ),
        IntakePatch::Submitter { submitter } => {
            ("submitter", Change::Submitter(submitter.map(submitter_of)))
        }
        IntakePatch::Procedure { code } => ("procedure", Change::Procedure(procedure(code)?)),
        IntakePatch::Channel { channel } => ("channel", Change::Channel(channel_of(channel))),
        IntakePatch::Case { case_id } => ("case", Change::Case(CaseId(case_id))),
        IntakePatch::SetCount { count } => ("set_count", Change::SetCount(small(count))),
        IntakePatch::FeeQuantity { line_id, quantity } => (
            "fee_quantity",
            Change::FeeQuantity {
                key: line_id,
                quantity,
            },
        ),
        IntakePatch::FeeAmount { amount } => ("fee_amount", Change::FeeDecided(amount)),
        IntakePatch::FeeExemption { exemption_id } => {
            ("fee_exemption", Change::Exemption(exemption_id))
        }
        IntakePatch::ResultMethod { method } => (
            "result_method",
            Change::Delivery(delivery(method, &current.delivery)),
        ),
        IntakePatch::ResultAddress { address } => (
            "result_address",
            Change::Delivery(Delivery::Post { address }),
        ),
        IntakePatch::Note { note } => ("note", Change::Note(note)),
        paper => paper_change(paper)?,
    })
}

fn paper_change(patch: IntakePatch) -> Result<(&'static str, Change), ApiError> {
    Ok(match patch {
        IntakePatch::PaperChecked { paper_id, checked } => (
            "paper_checked",
            Change::PaperChecked {
                key: paper_id,
                checked,
            },
        ),
        IntakePatch::PaperCount {
            paper_id,
            which,
            count,
        } => (
            "paper_count",
            Change::PaperCounted {
                key: paper_id,
                which: count_of(which),
                count: small(count),
            },
        ),
        IntakePatch::PaperAdded { name } => ("paper_added", Change::PaperAdded { name }),
        IntakePatch::PaperRemoved { paper_id } => {
            ("paper_removed", Change::PaperRemoved { key: paper_id })
        }
        // No store of a citizen's papers is joined yet, so none was offered and none can be taken.
        _ => {
            return Err(ApiError::InvalidInput {
                problems: vec![dto::FieldProblem {
                    field: "paperReused".to_owned(),
                    code: dto::FieldProblemCode::BadFormat,
                }],
            });
        }
    })
}

fn procedure(code: Option<String>) -> Result<Option<ProcedureCode>, ApiError> {
    code.map(|code| {
        code.parse()
            .map_err(|_| ApiError::ProcedureUnknown { procedure: code })
    })
    .transpose()
}

/// The domain's channel for a screen's.
pub(super) fn channel_of(channel: dto::DossierChannel) -> Channel {
    match channel {
        dto::DossierChannel::Direct => Channel::Direct,
        dto::DossierChannel::Post => Channel::Post,
        dto::DossierChannel::Online => Channel::Online,
    }
}

/// The screen's channel for the domain's.
pub(super) fn shown_channel(channel: Channel) -> dto::DossierChannel {
    match channel {
        Channel::Direct => dto::DossierChannel::Direct,
        Channel::Post => dto::DossierChannel::Post,
        Channel::Online => dto::DossierChannel::Online,
    }
}

/// Choosing the post again keeps the address that was typed.
fn delivery(method: dto::ResultMethod, before: &Delivery) -> Delivery {
    match (method, before) {
        (dto::ResultMethod::Counter, _) => Delivery::Counter,
        (dto::ResultMethod::Online, _) => Delivery::Online,
        (dto::ResultMethod::Post, Delivery::Post { address }) => Delivery::Post {
            address: address.clone(),
        },
        (dto::ResultMethod::Post, _) => Delivery::Post {
            address: String::new(),
        },
    }
}

fn count_of(which: dto::PaperCount) -> PaperCount {
    match which {
        dto::PaperCount::Originals => PaperCount::Originals,
        dto::PaperCount::Certified => PaperCount::Certified,
        dto::PaperCount::Photos => PaperCount::Copies,
    }
}

/// The domain limits counts itself, far below this edge.
fn small(count: u32) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use motcua_core::ids::EntityId;

    use super::*;

    fn draft() -> Draft {
        Draft::new(
            EntityId::derived("draft"),
            None,
            date(2026, 11, 23).at(8, 0, 0, 0),
        )
    }

    /// One of each kind, as a screen sends it.
    fn patches() -> Vec<serde_json::Value> {
        use serde_json::json;
        vec![
            json!({ "kind": "person", "field": "fullName", "value": "Lò Văn Pán" }),
            json!({ "kind": "take_difference", "field": "bornOn", "take": true }),
            json!({ "kind": "submitter", "submitter": null }),
            json!({ "kind": "procedure", "code": "1.001193" }),
            json!({ "kind": "channel", "channel": "online" }),
            json!({ "kind": "case", "caseId": "c1" }),
            json!({ "kind": "set_count", "count": 2 }),
            json!({ "kind": "paper_checked", "paperId": "p1", "checked": true }),
            json!({ "kind": "paper_count", "paperId": "p1", "which": "photos", "count": 3 }),
            json!({ "kind": "paper_added", "name": "Giấy xác nhận" }),
            json!({ "kind": "paper_removed", "paperId": "x1" }),
            json!({ "kind": "fee_quantity", "lineId": "f1", "quantity": 4 }),
            json!({ "kind": "fee_amount", "amount": 20_000 }),
            json!({ "kind": "fee_exemption", "exemptionId": "poor" }),
            json!({ "kind": "result_method", "method": "post" }),
            json!({ "kind": "result_address", "address": "Bản Nậm Ngám" }),
            json!({ "kind": "note", "note": "" }),
        ]
    }

    #[test]
    fn every_change_keeps_its_word_for_undo() {
        for json in patches() {
            let said = json["kind"].as_str().unwrap().to_owned();
            let patch: IntakePatch = serde_json::from_value(json).unwrap();
            let (word, _) = change_of(patch, &draft()).unwrap();
            assert_eq!(word, said);
            let kind = serde_json::to_value(kind_of(word).unwrap()).unwrap();
            assert_eq!(kind, serde_json::Value::String(said));
        }
    }

    #[test]
    fn a_code_that_is_none_is_refused_by_name() {
        let patch = IntakePatch::Procedure {
            code: Some("khai sinh".to_owned()),
        };
        assert_eq!(
            change_of(patch, &draft()),
            Err(ApiError::ProcedureUnknown {
                procedure: "khai sinh".to_owned()
            })
        );
    }

    #[test]
    fn going_back_to_the_post_keeps_the_address() {
        let mut posted = draft();
        posted.delivery = Delivery::Post {
            address: "Bản Nậm Ngám".to_owned(),
        };
        let patch = IntakePatch::ResultMethod {
            method: dto::ResultMethod::Post,
        };
        let (_, change) = change_of(patch, &posted).unwrap();
        assert_eq!(change, Change::Delivery(posted.delivery.clone()));
    }

    #[test]
    fn a_paper_nobody_offered_cannot_be_reused() {
        let patch = IntakePatch::PaperReused {
            paper_id: "p1".to_owned(),
            reusable_id: None,
        };
        assert!(matches!(
            change_of(patch, &draft()),
            Err(ApiError::InvalidInput { .. })
        ));
    }
}
