//! The hall display.

use serde::Serialize;
use specta::Type;

use super::LocalDateTime;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HallView {
    pub office_name: String,
    pub now: LocalDateTime,
    pub calls: Vec<HallCall>,
    pub waits: Vec<HallWait>,
    pub notice: String,
    pub results_today: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HallCall {
    pub seq: u64,
    pub label: String,
    pub counter_number: u32,
    pub called_at: LocalDateTime,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HallWait {
    pub field_name: String,
    pub waiting: u32,
    pub min_minutes: Option<u32>,
    pub max_minutes: Option<u32>,
}
