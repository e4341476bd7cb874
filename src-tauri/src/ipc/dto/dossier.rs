//! One dossier as it stands, its history and its papers; and the results of a search.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{
    AttachedScan, DossierChannel, DossierState, DueView, Id, Lamp, LocalDate, LocalDateTime,
    ResultMethod, Vnd,
};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DossierView {
    pub id: Id,
    pub code: String,
    pub state: DossierState,
    pub provisional: bool,
    pub owner_name: String,
    pub owner_id_number: String,
    pub owner_born_on: String,
    pub owner_phone: String,
    pub owner_address: String,
    pub submitter_name: String,
    pub procedure_code: String,
    pub procedure_name: String,
    pub field_name: String,
    pub case_name: String,
    pub channel: DossierChannel,
    pub received_at: LocalDateTime,
    pub received_by: String,
    pub counter_number: u32,
    pub due: DueView,
    pub due_state: DueState,
    pub result_method: ResultMethod,
    pub result_address: String,
    pub fee_total: Vnd,
    pub fee_name: String,
    pub set_count: u32,
    pub lamps: Vec<Lamp>,
    pub timeline: Vec<TimelineEntry>,
    pub papers: Vec<DossierPaper>,
    pub signature_image_id: Option<Id>,
    pub signed_at: Option<LocalDateTime>,
    pub prints: Vec<PrintJob>,
    pub actions: Vec<DossierAction>,
    pub note: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum DueState {
    OnTime,
    DueToday,
    Late,
    Closed,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DossierPaper {
    pub id: Id,
    pub name: String,
    pub originals: u32,
    pub certified: u32,
    pub photos: u32,
    pub present_only: bool,
    pub scans: Vec<AttachedScan>,
    pub reused_from: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum TimelineKind {
    Received,
    Signed,
    FormMade,
    PrintSent,
    PrintConfirmed,
    PrintUnknown,
    PrintFailed,
    PrintAnsweredOut,
    PrintAnsweredNotOut,
    ReprintAsked,
    Copied,
    ProvinceSent,
    ProvinceAccepted,
    ProvinceRefused,
    ProvinceUnknown,
    Corrected,
    Other,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TimelineEntry {
    pub id: Id,
    pub at: LocalDateTime,
    pub kind: TimelineKind,
    pub who: String,
    #[serde(rename = "where")]
    pub place: String,
    pub detail: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
pub enum PrintDocument {
    #[serde(rename = "slip")]
    Slip,
    #[serde(rename = "form_01")]
    Form01,
    #[serde(rename = "ticket")]
    Ticket,
    #[serde(rename = "test_page")]
    TestPage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum PrintState {
    Queued,
    Sending,
    Sent,
    Confirmed,
    Unknown,
    Failed,
    Abandoned,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PrintJob {
    pub id: Id,
    pub document: PrintDocument,
    pub state: PrintState,
    pub copy: u32,
    pub reason: String,
    pub at: LocalDateTime,
    pub printer_name: String,
    pub fault: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum DossierActionKind {
    PrintSlip,
    ReprintSlip,
    OpenForm,
    AnswerPrint,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DossierAction {
    pub kind: DossierActionKind,
    pub allowed: bool,
    pub refusal: Option<ActionRefusal>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ActionRefusal {
    NoOriginalYet,
    PrintInProgress,
    NoPrinter,
    ClockDoubtful,
    NoRight,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ReprintReason {
    Lost,
    Damaged,
    NotReadable,
    AskedByCitizen,
    Other,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OpenedForm {
    pub path: String,
    pub opened: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SearchView {
    pub query: String,
    pub hits: Vec<SearchHit>,
    pub total: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum MatchedBy {
    Code,
    Name,
    IdNumber,
    Phone,
    Qr,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SearchHit {
    pub dossier_id: Id,
    pub code: String,
    pub owner_name: String,
    pub owner_born_on: String,
    pub procedure_name: String,
    pub received_at: LocalDateTime,
    pub due_on: LocalDate,
    pub state: DossierState,
    pub due_state: DueState,
    pub matched: MatchedBy,
}
