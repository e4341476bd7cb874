//! The parts of an intake: procedure, papers and scans, fee, due date, signature, hints.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{DossierChannel, Id, LocalDate, LocalDateTime, TimeLimit, Vnd};

/// Someone else who hands the dossier in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SubmitterView {
    pub full_name: String,
    pub id_number: String,
    pub phone: String,
    pub authority: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Force {
    InForce,
    NotYet,
    Expired,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProcedureHit {
    pub code: String,
    pub name: String,
    pub field_name: String,
    pub limit: Option<TimeLimit>,
    pub force: Force,
    pub force_date: Option<LocalDate>,
    pub common: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ChosenProcedure {
    pub code: String,
    pub name: String,
    pub field_name: String,
    pub decision: String,
    pub effective_from: Option<LocalDate>,
    pub channel: DossierChannel,
    pub channels: Vec<ChannelOption>,
    pub case_id: Id,
    pub cases: Vec<CaseOption>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ChannelOption {
    pub channel: DossierChannel,
    pub available: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CaseOption {
    pub id: Id,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PaperRow {
    pub id: Id,
    pub name: String,
    pub form_code: String,
    pub required: bool,
    pub condition: String,
    pub present_only: bool,
    pub added: bool,
    pub checked: bool,
    pub originals: u32,
    pub certified: u32,
    pub photos: u32,
    pub expected_originals: u32,
    pub expected_certified: u32,
    pub expected_photos: u32,
    pub scans: Vec<AttachedScan>,
    pub reused_from: String,
}

/// What a look at the pages found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ScanQuality {
    Unknown,
    Clear,
    Blurred,
    Blank,
    UpsideDown,
    Cut,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AttachedScan {
    pub id: Id,
    pub file_name: String,
    pub pages: u32,
    pub size_bytes: u64,
    pub quality: ScanQuality,
    pub quality_page: Option<u32>,
    pub attached_at: LocalDateTime,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ScanOrigin {
    Folder,
    Dropped,
    Practice,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ScanItemState {
    Receiving,
    Ready,
    Refused,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ScanRefusal {
    Empty,
    TooLarge,
    Unsupported,
    Unreadable,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ScanItem {
    pub id: Id,
    pub file_name: String,
    pub pages: u32,
    pub size_bytes: u64,
    pub received_at: LocalDateTime,
    pub origin: ScanOrigin,
    pub state: ScanItemState,
    pub refusal: Option<ScanRefusal>,
    pub quality: ScanQuality,
    pub quality_page: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum FeeState {
    Free,
    Amount,
    Undecided,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FeeView {
    pub lines: Vec<FeeLine>,
    pub total: Vnd,
    pub state: FeeState,
    pub exemptions: Vec<FeeExemption>,
    pub exemption_id: Option<Id>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum FeeKind {
    Fee,
    Charge,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FeeLine {
    pub id: Id,
    pub name: String,
    pub kind: FeeKind,
    pub unit_price: Vnd,
    pub unit_name: String,
    pub quantity: u32,
    pub amount: Vnd,
    pub legal_basis: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FeeExemption {
    pub id: Id,
    pub name: String,
    pub legal_basis: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DueView {
    pub received_at: LocalDateTime,
    pub due_at: LocalDateTime,
    pub limit: TimeLimit,
    pub steps: Vec<DueStep>,
    pub legal_basis: String,
    pub calendar_name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum DueStepKind {
    Received,
    ReceivedAfterHours,
    ReceivedAfterCutoff,
    Weekend,
    Holiday,
    CompensatoryOff,
    SwapOff,
    MakeUpDay,
    WorkingDay,
    CalendarDay,
    Hour,
    Month,
    Moved,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DueStep {
    pub date: LocalDate,
    pub kind: DueStepKind,
    pub why: String,
    pub ordinal: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum DueProblem {
    NoProcedure,
    NoLimit,
    UnitUndecided,
    ClockDoubtful,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum SignatureState {
    None,
    Asking,
    Signed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum SignatureVia {
    Pad,
    Canvas,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SignatureView {
    pub state: SignatureState,
    pub via: Option<SignatureVia>,
    pub device_name: String,
    pub signed_at: Option<LocalDateTime>,
    pub image_id: Option<Id>,
    pub stale: bool,
}

/// What the citizen is asked to sign.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SignRequest {
    pub request_id: Id,
    pub via: SignatureVia,
    pub device_name: String,
    pub statement: Vec<String>,
    #[specta(type = specta_typescript::Number)]
    pub aspect_ratio: f64,
}

/// One pen point; `x`, `y` and `pressure` from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct InkPoint {
    #[specta(type = specta_typescript::Number)]
    pub x: f64,
    #[specta(type = specta_typescript::Number)]
    pub y: f64,
    #[specta(type = specta_typescript::Number)]
    pub pressure: f64,
    /// Milliseconds from the first touch; a browser may send fractions.
    #[specta(type = specta_typescript::Number)]
    pub t_ms: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct InkStroke {
    pub points: Vec<InkPoint>,
}

/// Advice while typing; never stops anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(
    tag = "code",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum IntakeHint {
    IdNumberLength {
        digits: u32,
    },
    IdNumberBirthYear {
        year: u32,
    },
    IdNumberGender,
    IdNumberProvince,
    OldIdNumber {
        number: String,
    },
    NameAllCapitals,
    PhoneShape,
    SamePersonToday {
        dossier_code: String,
        procedure_name: String,
        at: LocalDateTime,
    },
    SamePersonOtherName {
        name: String,
    },
    UnderAge {
        age: u32,
    },
    CardExpiring {
        on: LocalDate,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EarlierDossier {
    pub dossier_id: Id,
    pub code: String,
    pub procedure_name: String,
    pub received_at: LocalDateTime,
    pub state: DossierState,
    pub state_at: LocalDateTime,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReusablePaper {
    pub id: Id,
    pub name: String,
    pub issuer: String,
    pub dated: LocalDate,
    pub paper_id: Option<Id>,
}

/// States of a dossier, after the national list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum DossierState {
    Received,
    AwaitingSupplement,
    Processing,
    AwaitingObligation,
    Decided,
    Returned,
    Refused,
    Withdrawn,
    Stopped,
}
