//! Why the desk could not do it, as a code that a screen has a sentence for.
//!
//! What a person can act on crosses as its own code. The rest is one code with a trace id, and the log
//! has the particulars under the same id.

use motcua_core::people::card::CardError;
use motcua_core::refusal::Refusal;
use motcua_desk::{DeskError, PrinterFault, ScanFault};
use motcua_ledger::StoreError;

use super::intake::problems;
use super::words::{count, counter_number, date, date_time};
use crate::ipc::error::{ApiError, CardField};
use crate::panics::new_trace_id;

/// What a command answers.
pub type ApiResult<T> = Result<T, ApiError>;

impl From<DeskError> for ApiError {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::Refused(refusal) => refused(refusal),
            DeskError::Card(card) => card_error(&card),
            DeskError::Scan { file_name, why } => scan_error(file_name, why),
            DeskError::ScanGone => Self::ScanGone,
            DeskError::NotSignedIn => Self::NotSignedIn,
            DeskError::NotAllowed => Self::NotAllowed {
                legal_basis: String::new(),
            },
            DeskError::InvalidInput { problems: found } => Self::InvalidInput {
                problems: problems(&found),
            },
            DeskError::SignatureEmpty => Self::SignatureEmpty,
            DeskError::PadLost { device } => Self::SignaturePadLost { device },
            DeskError::Printer {
                printer,
                code: dossier_code,
                fault,
            } => match fault {
                PrinterFault::PaperOut => Self::PrinterPaperOut {
                    printer,
                    dossier_code,
                },
                PrinterFault::CoverOpen => Self::PrinterCoverOpen {
                    printer,
                    dossier_code,
                },
                PrinterFault::Offline => Self::PrinterOffline {
                    printer,
                    dossier_code,
                },
            },
            DeskError::PrintUnknown {
                printer,
                code: dossier_code,
                job,
            } => Self::PrintUnknown {
                printer,
                dossier_code,
                job_id: job.to_string(),
            },
            DeskError::ProvinceRefused {
                code: dossier_code,
                reason,
            } => Self::ProvinceRefused {
                dossier_code,
                reason,
            },
            // A reader that loses letters sends a card that cannot be trusted.
            DeskError::ReaderMode => Self::CardGarbled,
            DeskError::NoPrinter => Self::NoPrinter,
            DeskError::PrintAnswered => Self::PrintAnsweredAlready,
            DeskError::NoSuchDevice => Self::DeviceNotFound,
            DeskError::DeviceBusy(device) => Self::DeviceBusy {
                device: device.to_string(),
            },
            DeskError::Catalogue { row } => Self::CatalogueUnreadable { row: count(row) },
            DeskError::PracticeOnly => Self::PracticeOnly,
            DeskError::Store(store) => store_error(&store),
            DeskError::Io(io) => file_error(&io),
            other => internal(&other),
        }
    }
}

impl From<std::io::Error> for ApiError {
    fn from(error: std::io::Error) -> Self {
        file_error(&error)
    }
}

impl From<tauri::Error> for ApiError {
    fn from(error: tauri::Error) -> Self {
        internal(&error)
    }
}

/// A failure that no person at a counter can act on: the log keeps it, the screen shows where to find it.
#[must_use]
pub fn internal(error: &(dyn std::error::Error + 'static)) -> ApiError {
    ApiError::Internal {
        trace_id: logged(error),
    }
}

fn logged(error: &(dyn std::error::Error + 'static)) -> String {
    let trace_id = new_trace_id();
    tracing::error!(trace_id, error, "a command failed");
    trace_id
}

fn refused(refusal: Refusal) -> ApiError {
    match refusal {
        Refusal::NobodyWaiting => ApiError::QueueEmpty,
        Refusal::NoSuchTicket { label } => ApiError::TicketUnknown { label },
        Refusal::TicketTaken { label, counter } => ApiError::TicketTaken {
            label,
            counter: counter_number(&counter),
        },
        Refusal::TicketNotReady { label, .. } => ApiError::TicketClosed { label },
        Refusal::NoTicketInHand => ApiError::NoCurrentTicket,
        Refusal::TicketInHand { label } => ApiError::CounterBusy { label },
        Refusal::Incomplete { problems: found } => ApiError::IntakeIncomplete {
            problems: problems(&found),
        },
        Refusal::ProcedureUnknown { procedure } => ApiError::ProcedureUnknown { procedure },
        Refusal::ProcedureNotYet { procedure, from } => ApiError::ProcedureNotYet {
            procedure,
            from: date(from),
        },
        Refusal::ProcedureEnded { procedure, to, .. } => ApiError::ProcedureExpired {
            procedure,
            to: date(to),
        },
        Refusal::ClockDoubtful { says, seen } => ApiError::ClockWrong {
            machine_time: date_time(says),
            last_trusted: date_time(seen),
        },
        Refusal::NumbersUsedUp { .. } => {
            let now_ms = jiff::Timestamp::now().as_millisecond();
            ApiError::NumbersExhausted {
                date: date(motcua_desk::local(now_ms).date()),
            }
        }
        Refusal::NoSuchDossier => ApiError::DossierNotFound,
        Refusal::ReasonMissing => ApiError::ReprintReasonMissing,
        Refusal::NoDraft => ApiError::NoIntake,
        Refusal::NothingToUndo => ApiError::NothingToUndo,
        Refusal::SignInRefused { tries_left } => ApiError::WrongPin {
            tries_left: u32::from(tries_left),
        },
        Refusal::AccountLocked { until } => ApiError::StaffLocked {
            until: date_time(until),
        },
        // The screens offer none of these: that one came is a mistake of the program.
        other @ (Refusal::WrongStatus { .. }
        | Refusal::NumberTaken { .. }
        | Refusal::OfficeNotReady) => internal(&other),
    }
}

fn card_error(error: &CardError) -> ApiError {
    match error {
        CardError::TooFewFields { found } | CardError::TooManyFields { found } => {
            ApiError::CardIncomplete {
                fields: count(*found),
            }
        }
        CardError::SeparatorsLost => ApiError::CardGarbled,
        CardError::OldNumber => ApiError::CardOldNumber,
        CardError::NoPersonalNumber => ApiError::CardFieldInvalid {
            field: CardField::IdNumber,
        },
        CardError::Empty
        | CardError::TooLong { .. }
        | CardError::WebAddress
        | CardError::Payment
        | CardError::Dossier(_) => ApiError::CardUnreadable,
    }
}

fn scan_error(file_name: String, why: ScanFault) -> ApiError {
    match why {
        ScanFault::Empty => ApiError::ScanEmpty { file_name },
        ScanFault::TooLarge { size, limit } => ApiError::ScanTooLarge {
            file_name,
            size_bytes: size,
            limit_bytes: limit,
        },
        ScanFault::Unsupported => ApiError::ScanUnsupported { file_name },
        ScanFault::Unreadable => ApiError::ScanUnreadable { file_name },
    }
}

fn store_error(error: &StoreError) -> ApiError {
    match error {
        StoreError::DiskFull => ApiError::DiskFull,
        StoreError::Io(io) => file_error(io),
        other => ApiError::StorageFailed {
            trace_id: logged(other),
        },
    }
}

fn file_error(error: &std::io::Error) -> ApiError {
    if error.kind() == std::io::ErrorKind::StorageFull {
        return ApiError::DiskFull;
    }
    ApiError::StorageFailed {
        trace_id: logged(error),
    }
}

#[cfg(test)]
mod tests {
    use motcua_core::refusal::Problem;

    use super::*;

    fn crossed(refusal: Refusal) -> ApiError {
        DeskError::Refused(refusal).into()
    }

    #[test]
    fn what_a_clerk_meets_has_a_code_of_its_own() {
        let label = || "A027".to_owned();
        for (refusal, code) in [
            (Refusal::NobodyWaiting, "queue_empty"),
            (Refusal::NoSuchTicket { label: label() }, "ticket_unknown"),
            (
                Refusal::TicketTaken {
                    label: label(),
                    counter: "2".to_owned(),
                },
                "ticket_taken",
            ),
            (
                Refusal::TicketNotReady {
                    label: label(),
                    state: "finished".to_owned(),
                },
                "ticket_closed",
            ),
            (Refusal::NoTicketInHand, "no_current_ticket"),
            (Refusal::TicketInHand { label: label() }, "counter_busy"),
            (Refusal::NoDraft, "no_intake"),
            (Refusal::NothingToUndo, "nothing_to_undo"),
            (Refusal::NoSuchDossier, "dossier_not_found"),
            (Refusal::ReasonMissing, "reprint_reason_missing"),
            (Refusal::SignInRefused { tries_left: 2 }, "wrong_pin"),
            (
                Refusal::NumbersUsedUp {
                    series: "dossier".to_owned(),
                },
                "numbers_exhausted",
            ),
        ] {
            assert_eq!(crossed(refusal).code(), code);
        }
    }

    #[test]
    fn a_taken_ticket_says_which_counter_has_it() {
        let taken = Refusal::TicketTaken {
            label: "A027".to_owned(),
            counter: "Quầy 2".to_owned(),
        };
        assert_eq!(
            crossed(taken),
            ApiError::TicketTaken {
                label: "A027".to_owned(),
                counter: 2
            }
        );
    }

    #[test]
    fn a_wrong_card_says_what_is_wrong_with_it() {
        for (error, code) in [
            (CardError::Empty, "card_unreadable"),
            (CardError::Payment, "card_unreadable"),
            (CardError::SeparatorsLost, "card_garbled"),
            (CardError::TooFewFields { found: 3 }, "card_incomplete"),
            (CardError::NoPersonalNumber, "card_field_invalid"),
            (CardError::OldNumber, "card_old_number"),
        ] {
            assert_eq!(ApiError::from(DeskError::Card(error)).code(), code);
        }
    }

    #[test]
    fn a_full_disk_is_said_as_such_wherever_it_is_met() {
        let full = || std::io::Error::from(std::io::ErrorKind::StorageFull);
        assert_eq!(
            ApiError::from(DeskError::Store(StoreError::DiskFull)),
            ApiError::DiskFull
        );
        assert_eq!(ApiError::from(DeskError::Io(full())), ApiError::DiskFull);
        assert_eq!(
            ApiError::from(DeskError::Store(StoreError::Io(full()))),
            ApiError::DiskFull
        );
    }

    #[test]
    fn what_nobody_at_a_counter_can_mend_has_a_trace_id() {
        let ApiError::StorageFailed { trace_id } = DeskError::Store(StoreError::Closed).into()
        else {
            panic!("a closed store is a failure of storage");
        };
        assert_eq!(trace_id.len(), 8);
    }

    #[test]
    fn an_incomplete_draft_names_its_fields() {
        let problem = Problem {
            field: "person.full_name".to_owned(),
            code: "required".to_owned(),
        };
        let ApiError::IntakeIncomplete { problems } = crossed(Refusal::Incomplete {
            problems: vec![problem],
        }) else {
            panic!("the draft is incomplete");
        };
        assert_eq!(problems[0].field, "fullName");
    }
}
