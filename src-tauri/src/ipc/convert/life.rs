//! The life line of one dossier, and what may be done with it now.
//!
//! A lamp is green only on an acknowledgement that the ledger holds. Why one is not is taken from the
//! machine's own lamps: whether the link is down is not a property of a dossier.

use motcua_core::dossier::ProvinceOutcome;
use motcua_desk::{DossierFile, Lamp, LampReason, LampState, Status, local};
use motcua_ledger::PrintJobState;
use motcua_ledger::desk_store::PaperState;

use super::status::{LAMPS, shown_lamp};
use super::words::{count, date_time};
use crate::ipc::dto;

/// Where a machine's lamps stand in [`Status::lamps`].
const SECOND_COPY: usize = 1;
const PROVINCE: usize = 3;

/// Saved, second copy, printed, province: in this order.
pub(super) fn lamps(file: &DossierFile, status: &Status, printer: Option<&str>) -> Vec<dto::Lamp> {
    let lamps = [
        saved(file),
        second_copy(file, status),
        printed(file, printer),
        province(file, status),
    ];
    LAMPS
        .iter()
        .zip(lamps)
        .map(|(name, lamp)| dto::Lamp {
            lamp: *name,
            ..lamp
        })
        .collect()
}

fn lamp(state: dto::LampState, reason: Option<dto::LampReason>) -> dto::Lamp {
    dto::Lamp {
        lamp: dto::LampName::Saved,
        state,
        place: String::new(),
        at: None,
        count: 0,
        since: None,
        reason,
    }
}

fn green(place: &str, at: Option<jiff::civil::DateTime>) -> dto::Lamp {
    dto::Lamp {
        place: place.to_owned(),
        at: at.map(date_time),
        ..lamp(dto::LampState::Ok, None)
    }
}

fn saved(file: &DossierFile) -> dto::Lamp {
    match file.life.saved_ms {
        Some(at) => green("", Some(local(at))),
        None => lamp(dto::LampState::None, Some(dto::LampReason::NothingYet)),
    }
}

fn second_copy(file: &DossierFile, status: &Status) -> dto::Lamp {
    if let Some(machine) = &file.life.second_copy {
        return green(machine, None);
    }
    let missing = file.life.blobs.saturating_sub(file.life.blobs_there);
    dto::Lamp {
        count: count(missing.max(1)),
        ..as_the_machine_waits(&status.lamps[SECOND_COPY])
    }
}

fn printed(file: &DossierFile, printer: Option<&str>) -> dto::Lamp {
    let newest = file.prints.iter().max_by_key(|job| job.updated_ms);
    let at = newest.map(|job| local(job.updated_ms));
    match file.life.paper {
        PaperState::Out => green(printer.unwrap_or_default(), at),
        PaperState::Waiting => lamp(dto::LampState::Waiting, Some(dto::LampReason::Sending)),
        PaperState::Unknown => lamp(dto::LampState::Bad, Some(dto::LampReason::OutcomeUnknown)),
        PaperState::Failed => {
            let reason = newest.map_or(dto::LampReason::PrinterOffline, |job| failure(&job.detail));
            dto::Lamp {
                at: at.map(date_time),
                ..lamp(dto::LampState::Bad, Some(reason))
            }
        }
        PaperState::NotAsked if printer.is_none() => {
            lamp(dto::LampState::None, Some(dto::LampReason::NoPrinter))
        }
        PaperState::NotAsked => lamp(dto::LampState::None, Some(dto::LampReason::NothingYet)),
    }
}

/// The desk keeps the printer's own word for what stopped it.
fn failure(detail: &str) -> dto::LampReason {
    if detail.contains("PaperOut") {
        dto::LampReason::PaperOut
    } else {
        dto::LampReason::PrinterOffline
    }
}

fn province(file: &DossierFile, status: &Status) -> dto::Lamp {
    match &file.life.province {
        Some(answer) => match &answer.outcome {
            ProvinceOutcome::Confirmed { external_id } => {
                green(external_id.as_deref().unwrap_or_default(), Some(answer.at))
            }
            ProvinceOutcome::Refused { .. } => dto::Lamp {
                at: Some(date_time(answer.at)),
                ..lamp(dto::LampState::Bad, Some(dto::LampReason::Refused))
            },
        },
        None => dto::Lamp {
            count: 1,
            ..as_the_machine_waits(&status.lamps[PROVINCE])
        },
    }
}

/// A dossier that nobody acknowledged stands as this machine's lamp does, but never green and never red:
/// the machine's green speaks of other records, and so does its red.
fn as_the_machine_waits(machine: &Lamp) -> dto::Lamp {
    let shown = shown_lamp(dto::LampName::Saved, machine);
    match (machine.state, machine.reason) {
        (LampState::None, reason @ Some(LampReason::SingleMachine)) => dto::Lamp {
            count: 0,
            ..shown_lamp(
                dto::LampName::Saved,
                &Lamp {
                    reason,
                    ..machine.clone()
                },
            )
        },
        (LampState::Waiting, _) => dto::Lamp {
            at: None,
            place: String::new(),
            ..shown
        },
        _ => lamp(dto::LampState::Waiting, Some(dto::LampReason::Sending)),
    }
}

/// What may be done, and why not where it may not.
pub(super) fn actions(
    file: &DossierFile,
    status: &Status,
    has_printer: bool,
) -> Vec<dto::DossierAction> {
    use dto::ActionRefusal as No;
    let is_out = file.dossier.is_printed();
    let in_progress = file.prints.iter().any(|job| job.state.is_open());
    let unknown = file
        .prints
        .iter()
        .any(|job| job.state == PrintJobState::Unknown);
    let printing = if !has_printer {
        Some(No::NoPrinter)
    } else if in_progress || unknown {
        Some(No::PrintInProgress)
    } else if status.clock.is_err() {
        Some(No::ClockDoubtful)
    } else {
        None
    };
    let action = |kind, refusal: Option<No>| dto::DossierAction {
        kind,
        allowed: refusal.is_none(),
        refusal,
    };
    vec![
        // With an original out, the next print is a reprint: not refused, but another action.
        dto::DossierAction {
            allowed: printing.is_none() && !is_out,
            ..action(dto::DossierActionKind::PrintSlip, printing)
        },
        action(
            dto::DossierActionKind::ReprintSlip,
            if is_out {
                printing
            } else {
                printing.or(Some(No::NoOriginalYet))
            },
        ),
        action(dto::DossierActionKind::OpenForm, None),
        dto::DossierAction {
            kind: dto::DossierActionKind::AnswerPrint,
            allowed: unknown,
            refusal: None,
        },
    ]
}
