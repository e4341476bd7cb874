//! The queue as one counter sees it.

use serde::Serialize;
use specta::Type;

use super::{CounterView, FieldView, Id, LocalDateTime, PriorityReason};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DeskView {
    pub counter: CounterView,
    pub fields: Vec<FieldView>,
    pub ticket: Option<CurrentTicket>,
    pub waiting: Vec<WaitingTicket>,
    pub held: Vec<HeldTicket>,
    pub hall: HallTotals,
    pub can: DeskRights,
    pub now: LocalDateTime,
}

/// What the rules allow now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DeskRights {
    pub call_next: bool,
    pub call_again: bool,
    pub no_show: bool,
    pub finish: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum TicketStage {
    Called,
    Serving,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CurrentTicket {
    pub id: Id,
    pub label: String,
    pub field_name: String,
    pub state: TicketStage,
    pub called_at: LocalDateTime,
    pub calls: u32,
    pub serving_since: Option<LocalDateTime>,
    pub priority: Option<PriorityReason>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WaitingTicket {
    pub id: Id,
    pub label: String,
    pub field_name: String,
    pub purpose: String,
    pub issued_at: LocalDateTime,
    pub wait_minutes: u32,
    pub long_wait: bool,
    pub priority: Option<PriorityReason>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HeldTicket {
    pub id: Id,
    pub label: String,
    pub field_name: String,
    pub calls: u32,
    pub held_until: LocalDateTime,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HallTotals {
    pub waiting: u32,
    pub longest_wait_minutes: u32,
    pub open_counters: Vec<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct IssuedTicket {
    pub id: Id,
    pub label: String,
    pub field_name: String,
    pub ahead_of_you: u32,
}
