//! What a command answers instead of a result.
//!
//! Owns the closed list of codes of `ui/src/lib/host/model/errors.ts` with their parameters. The sentence
//! a person reads is made by the screen from the code; no text for people is written here. A refusal by a
//! rule and a failure of a machine are both values of this one type: the screen decides how each is shown.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::dto::{FieldProblem, Id, LocalDate, LocalDateTime};

/// The field of an identity card that could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub enum CardField {
    IdNumber,
    FullName,
    BornOn,
    IssuedOn,
}

/// Every way in which a command can decline or fail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(
    tag = "code",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
#[allow(missing_docs)]
pub enum ApiError {
    NotSignedIn,
    WrongPin {
        tries_left: u32,
    },
    StaffLocked {
        until: LocalDateTime,
    },
    CounterTaken {
        counter: u32,
        by: String,
    },
    NotAllowed {
        legal_basis: String,
    },
    InvalidInput {
        problems: Vec<FieldProblem>,
    },
    QueueEmpty,
    TicketUnknown {
        label: String,
    },
    TicketTaken {
        label: String,
        counter: u32,
    },
    TicketClosed {
        label: String,
    },
    NoCurrentTicket,
    CounterBusy {
        label: String,
    },
    CardUnreadable,
    CardIncomplete {
        fields: u32,
    },
    CardGarbled,
    /// The nine-digit number of an old card.
    CardOldNumber,
    CardFieldInvalid {
        field: CardField,
    },
    ProcedureUnknown {
        procedure: String,
    },
    ProcedureNotYet {
        procedure: String,
        from: LocalDate,
    },
    ProcedureExpired {
        procedure: String,
        to: LocalDate,
    },
    NoIntake,
    IntakeIncomplete {
        problems: Vec<FieldProblem>,
    },
    NothingToUndo,
    ScanEmpty {
        file_name: String,
    },
    ScanGrowing {
        file_name: String,
    },
    ScanTooLarge {
        file_name: String,
        size_bytes: u64,
        limit_bytes: u64,
    },
    ScanUnsupported {
        file_name: String,
    },
    ScanUnreadable {
        file_name: String,
    },
    ScanGone,
    PrinterPaperOut {
        printer: String,
        dossier_code: String,
    },
    PrinterCoverOpen {
        printer: String,
        dossier_code: String,
    },
    PrinterOffline {
        printer: String,
        dossier_code: String,
    },
    PrintUnknown {
        printer: String,
        dossier_code: String,
        job_id: Id,
    },
    NoPrinter,
    ReprintReasonMissing,
    PrintAnsweredAlready,
    SignatureEmpty,
    SignaturePadLost {
        device: String,
    },
    DiskFull,
    StorageFailed {
        trace_id: String,
    },
    ClockWrong {
        machine_time: LocalDateTime,
        last_trusted: LocalDateTime,
    },
    NumbersExhausted {
        date: LocalDate,
    },
    HubFailed {
        status: u16,
    },
    HubUnreachable,
    HubForeign,
    ProvinceRefused {
        dossier_code: String,
        reason: String,
    },
    ProvinceUnknown {
        dossier_code: String,
    },
    DossierNotFound,
    DeviceNotFound,
    DeviceBusy {
        device: String,
    },
    DeviceFailed {
        device: String,
        detail: String,
    },
    CatalogueUnreadable {
        row: u32,
    },
    PracticeOnly,
    Internal {
        trace_id: String,
    },
}

/// The tag of the serialised form; asked of serde so that the list is written once.
const CODE: &str = "code";

impl ApiError {
    /// The code alone, as the screen sees it: what a log may say, since parameters can name people.
    #[must_use]
    pub fn code(&self) -> String {
        serde_json::to_value(self)
            .ok()
            .and_then(|value| Some(value.get(CODE)?.as_str()?.to_owned()))
            .unwrap_or_default()
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.code())
    }
}

impl std::error::Error for ApiError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_crosses_as_a_code_with_camel_case_parameters() {
        let wrong_pin = serde_json::to_value(ApiError::WrongPin { tries_left: 3 }).unwrap();
        assert_eq!(
            wrong_pin,
            serde_json::json!({ "code": "wrong_pin", "triesLeft": 3 })
        );

        let queue = serde_json::to_value(ApiError::QueueEmpty).unwrap();
        assert_eq!(queue, serde_json::json!({ "code": "queue_empty" }));
    }

    #[test]
    fn what_a_log_says_of_an_error_names_nobody() {
        let taken = ApiError::CounterTaken {
            counter: 3,
            by: "Lò Thị Mẩy".to_owned(),
        };
        assert_eq!(taken.to_string(), "counter_taken");
    }
}
