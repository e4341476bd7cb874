//! The office, its people and its first run.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Appearance, Id, LocalDate, LocalDateTime, LocalTime};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    FirstRun,
    SignedOut,
    SignedIn,
    Locked,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AppState {
    pub stage: Stage,
    pub practice: bool,
    pub office: Option<OfficeView>,
    pub staff: Vec<StaffView>,
    pub counters: Vec<CounterView>,
    pub session: Option<SessionView>,
    pub now: LocalDateTime,
    pub lock_after_minutes: u32,
    pub appearance: Appearance,
    pub version: String,
    pub recovered_draft: Option<RecoveredDraft>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RecoveredDraft {
    pub person_name: String,
    pub procedure_name: String,
    pub saved_at: LocalDateTime,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OfficeView {
    pub name: String,
    pub org_code: String,
    pub agency_line: String,
    pub province: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum StaffRole {
    Clerk,
    Supervisor,
    Admin,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StaffView {
    pub id: Id,
    pub name: String,
    pub role: StaffRole,
    pub locked_until: Option<LocalDateTime>,
    pub last_counter_id: Option<Id>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CounterView {
    pub id: Id,
    pub number: u32,
    pub name: String,
    pub field_names: Vec<String>,
    pub taken_by: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SessionView {
    pub staff_id: Id,
    pub staff_name: String,
    pub role: StaffRole,
    pub counter_id: Id,
    pub counter_number: u32,
    pub counter_name: String,
    pub since: LocalDateTime,
}

/// A field of procedures (lĩnh vực) with its queue letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FieldView {
    pub id: Id,
    pub name: String,
    pub letter: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SetupOptions {
    pub fields: Vec<FieldView>,
    pub catalogues: Vec<CatalogueChoice>,
    pub hours: Vec<OpeningSpan>,
    pub min_pin_length: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CatalogueChoice {
    pub id: Id,
    pub name: String,
    pub procedures: u32,
    pub needs_decision: u32,
    pub rejected: u32,
    pub effective_from: Option<LocalDate>,
}

/// One stretch of opening hours; weekdays are 1 (Monday) to 7 (Sunday).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OpeningSpan {
    pub weekdays: Vec<u8>,
    pub opens: LocalTime,
    pub closes: LocalTime,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OfficeDraft {
    pub name: String,
    pub org_code: String,
    pub agency_line: String,
    pub province: String,
    pub address: String,
    pub phone: String,
    pub hours: Vec<OpeningSpan>,
    pub counters: Vec<CounterDraft>,
    pub staff: Vec<StaffDraft>,
    pub catalogue_id: Id,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CounterDraft {
    pub name: String,
    pub field_ids: Vec<Id>,
}

#[derive(Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StaffDraft {
    pub name: String,
    pub role: StaffRole,
    pub pin: String,
}

impl std::fmt::Debug for StaffDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StaffDraft")
            .field("name", &"‹name›")
            .field("role", &self.role)
            .field("pin", &"‹pin›")
            .finish()
    }
}
