//! Plain values that several view models share.

use serde::{Deserialize, Serialize};
use specta::Type;

/// Local time of the office: `2026-11-23T09:15` or `2026-11-23T09:15:30`.
pub type LocalDateTime = String;

/// Local date of the office: `2026-11-23`.
pub type LocalDate = String;

/// Wall-clock time of the office: `07:00`.
pub type LocalTime = String;

/// A date that may be partial: `1990`, `1990-02` or `1990-02-01`; empty when unknown.
pub type PartialDate = String;

/// Whole Vietnamese dong.
pub type Vnd = u64;

/// Opaque identity; compared, never parsed by a screen.
pub type Id = String;

/// How a dossier comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum DossierChannel {
    Direct,
    Post,
    Online,
}

/// How the result goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ResultMethod {
    Counter,
    Post,
    Online,
}

/// The unit a time limit is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum LimitUnit {
    WorkingDay,
    Day,
    Hour,
    Month,
}

/// A time limit as the catalogue states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TimeLimit {
    pub value: u32,
    pub unit: LimitUnit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Gender {
    Male,
    Female,
    Unknown,
}

/// Why a ticket goes before others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum PriorityReason {
    Elderly,
    Pregnant,
    Disabled,
    Merit,
    YoungChild,
    SeriouslyIll,
}

/// One problem with one field of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FieldProblem {
    pub field: String,
    pub code: FieldProblemCode,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum FieldProblemCode {
    Required,
    TooShort,
    TooLong,
    BadFormat,
    BadDate,
    InFuture,
    Duplicate,
    HoursOverlap,
    NoAdmin,
    NoField,
    PapersMissing,
    FeeUndecided,
    DueUndecided,
    NotInForce,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    System,
    Light,
    Dark,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    Vi,
    En,
}

/// How the windows look on this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Appearance {
    pub theme: Theme,
    pub scale_percent: u16,
    pub language: Language,
}
