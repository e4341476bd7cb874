//! One intake as a whole: the person, and everything the middle pane shows around them.

use serde::Serialize;
use specta::Type;

use super::{
    ChosenProcedure, DueProblem, DueView, EarlierDossier, FeeView, FieldProblem, Id, IntakeHint,
    LocalDate, LocalDateTime, PaperRow, PersonField, ResultMethod, ReusablePaper, SignatureView,
    SubmitterView, UndoStep,
};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct IntakeView {
    pub id: Id,
    pub ticket_label: Option<String>,
    pub started_at: LocalDateTime,
    pub saved_at: LocalDateTime,
    pub revision: u32,
    pub person: PersonView,
    pub submitter: Option<SubmitterView>,
    pub differences: Vec<PersonDifference>,
    pub procedure: Option<ChosenProcedure>,
    pub papers: Vec<PaperRow>,
    pub set_count: u32,
    pub fee: FeeView,
    pub result_method: ResultMethod,
    pub result_address: String,
    pub due: Option<DueView>,
    pub due_problem: Option<DueProblem>,
    pub signature: SignatureView,
    pub hints: Vec<IntakeHint>,
    pub problems: Vec<FieldProblem>,
    pub earlier: Vec<EarlierDossier>,
    pub reusable: Vec<ReusablePaper>,
    pub note: String,
    pub undo: Option<UndoStep>,
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    None,
    Card,
    Typed,
    Record,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Sourced {
    pub value: String,
    pub source: Source,
    pub at: Option<LocalDateTime>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PersonView {
    pub full_name: Sourced,
    pub id_number: Sourced,
    pub old_id_number: Sourced,
    pub born_on: Sourced,
    pub gender: Sourced,
    pub address: Sourced,
    pub phone: Sourced,
    pub email: Sourced,
    pub card_read_at: Option<LocalDateTime>,
    pub card_issued_on: Option<LocalDate>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PersonDifference {
    pub field: PersonField,
    pub kept: String,
    pub offered: String,
}

/// The answer to `receive`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Received {
    pub dossier_id: Id,
    pub code: String,
    pub owner_name: String,
    pub due_at: LocalDateTime,
    pub print_job_id: Option<Id>,
}
