//! Every change a screen can ask of an open intake, and the one that can be taken back.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{DossierChannel, Id, LocalDateTime, ResultMethod, SubmitterView, Vnd};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum PersonField {
    FullName,
    IdNumber,
    OldIdNumber,
    BornOn,
    Gender,
    Address,
    Phone,
    Email,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum PaperCount {
    Originals,
    Certified,
    Photos,
}

/// One change; each is saved at once and can be undone alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum IntakePatch {
    Person {
        field: PersonField,
        value: String,
    },
    TakeDifference {
        field: PersonField,
        take: bool,
    },
    Submitter {
        submitter: Option<SubmitterView>,
    },
    Procedure {
        code: Option<String>,
    },
    Channel {
        channel: DossierChannel,
    },
    Case {
        case_id: Id,
    },
    SetCount {
        count: u32,
    },
    PaperChecked {
        paper_id: Id,
        checked: bool,
    },
    PaperCount {
        paper_id: Id,
        which: PaperCount,
        count: u32,
    },
    PaperAdded {
        name: String,
    },
    PaperRemoved {
        paper_id: Id,
    },
    PaperReused {
        paper_id: Id,
        reusable_id: Option<Id>,
    },
    FeeQuantity {
        line_id: Id,
        quantity: u32,
    },
    FeeAmount {
        amount: Vnd,
    },
    FeeExemption {
        exemption_id: Option<Id>,
    },
    ResultMethod {
        method: ResultMethod,
    },
    ResultAddress {
        address: String,
    },
    Note {
        note: String,
    },
}

/// The kind of a change, alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum IntakePatchKind {
    Person,
    TakeDifference,
    Submitter,
    Procedure,
    Channel,
    Case,
    SetCount,
    PaperChecked,
    PaperCount,
    PaperAdded,
    PaperRemoved,
    PaperReused,
    FeeQuantity,
    FeeAmount,
    FeeExemption,
    ResultMethod,
    ResultAddress,
    Note,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UndoStep {
    pub kind: IntakePatchKind,
    pub at: LocalDateTime,
}
