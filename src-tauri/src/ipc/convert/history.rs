//! The history of a dossier and its prints.
//!
//! The log's operations come first; what only this machine knows (a signature, a slip that is on its way or
//! whose outcome nobody knows) is put between them by time.

use jiff::civil::DateTime;
use motcua_core::dossier::{Dossier, HistoryLine, ProvinceOutcome, SlipPrinted};
use motcua_core::op::OpId;
use motcua_core::state::PrintOutcome;
use motcua_desk::{DossierFile, local};
use motcua_ledger::{PrintJob, PrintJobState, PrintKind};

use super::dossier::Around;
use super::words::date_time;
use crate::ipc::dto::{self, TimelineKind};

/// The word before a counter's number, as the hall says it.
const COUNTER: &str = "Quầy";

struct Happened {
    id: String,
    at: DateTime,
    kind: TimelineKind,
    who: String,
    place: String,
    detail: String,
}

/// What happened, oldest first.
pub(super) fn timeline(file: &DossierFile, around: &Around<'_>) -> Vec<dto::TimelineEntry> {
    let mut happened = of_the_log(&file.dossier, around);
    happened.extend(signed(&file.dossier));
    happened.extend(
        file.prints
            .iter()
            .filter_map(|job| of_the_printer(job, around.printer)),
    );
    happened.sort_by_key(|entry| entry.at);
    happened
        .into_iter()
        .map(|entry| dto::TimelineEntry {
            id: entry.id,
            at: date_time(entry.at),
            kind: entry.kind,
            who: entry.who,
            place: entry.place,
            detail: entry.detail,
        })
        .collect()
}

fn of_the_log(dossier: &Dossier, around: &Around<'_>) -> Vec<Happened> {
    let names = around.names();
    let mut prints = dossier.prints.iter();
    let mut notes = dossier.notes.iter();
    let stands = |line: &&HistoryLine| line.decision.stands();
    dossier
        .history
        .iter()
        .filter(stands)
        .map(|line| {
            let (kind, detail) = match line.kind.as_str() {
                "dossier.receive" => (TimelineKind::Received, String::new()),
                "dossier.correct" => (TimelineKind::Corrected, String::new()),
                "slip.print" => prints
                    .next()
                    .map_or((TimelineKind::Other, String::new()), printed),
                "province.answer" => province(dossier),
                "dossier.note" => (
                    TimelineKind::Other,
                    notes
                        .next()
                        .map(|note| note.text.clone())
                        .unwrap_or_default(),
                ),
                _ => (TimelineKind::Other, String::new()),
            };
            let is_reception = kind == TimelineKind::Received;
            let officer = &dossier.received.officer;
            let known = names.get(&line.actor).map(|name| (*name).to_owned());
            Happened {
                id: op_id(line.id),
                at: local(line.wall_ms),
                who: if is_reception {
                    officer.name.clone()
                } else {
                    known.unwrap_or_default()
                },
                place: if is_reception {
                    counter(&dossier.received.counter)
                } else {
                    String::new()
                },
                kind,
                detail,
            }
        })
        .collect()
}

fn op_id(id: OpId) -> String {
    format!("{}-{}-{}", id.device, id.epoch, id.dseq)
}

fn counter(called: &str) -> String {
    if called.is_empty() {
        String::new()
    } else {
        format!("{COUNTER} {called}")
    }
}

fn printed(print: &SlipPrinted) -> (TimelineKind, String) {
    let kind = match print.outcome {
        PrintOutcome::Confirmed => TimelineKind::PrintConfirmed,
        PrintOutcome::ConfirmedByPerson => TimelineKind::PrintAnsweredOut,
        PrintOutcome::Failed => TimelineKind::PrintFailed,
    };
    (kind, print.reason.clone())
}

fn province(dossier: &Dossier) -> (TimelineKind, String) {
    match dossier.province.as_ref().map(|answer| &answer.outcome) {
        Some(ProvinceOutcome::Confirmed { external_id }) => (
            TimelineKind::ProvinceAccepted,
            external_id.clone().unwrap_or_default(),
        ),
        Some(ProvinceOutcome::Refused { message, .. }) => {
            (TimelineKind::ProvinceRefused, message.clone())
        }
        None => (TimelineKind::ProvinceSent, String::new()),
    }
}

fn signed(dossier: &Dossier) -> Option<Happened> {
    let received = &dossier.received;
    let signature = received.signature.as_ref()?;
    let signer = received.submitter.as_ref().unwrap_or(&received.owner);
    Some(Happened {
        id: format!("signed-{}", signature.strokes.sha256),
        at: signature.at,
        kind: TimelineKind::Signed,
        who: signer.full_name.clone(),
        place: String::new(),
        detail: String::new(),
    })
}

/// What the log does not hold yet: it takes a print only when its outcome is known.
fn of_the_printer(job: &PrintJob, printer: Option<&str>) -> Option<Happened> {
    let kind = match job.state {
        PrintJobState::Sending | PrintJobState::Sent => TimelineKind::PrintSent,
        PrintJobState::Unknown => TimelineKind::PrintUnknown,
        _ => return None,
    };
    Some(Happened {
        id: format!("print-{}", job.id),
        at: local(job.updated_ms),
        kind,
        who: printer.unwrap_or_default().to_owned(),
        place: String::new(),
        detail: job.reason.clone(),
    })
}

/// Every print that was asked for on this machine, newest first.
pub(super) fn prints(jobs: &[PrintJob], printer: Option<&str>) -> Vec<dto::PrintJob> {
    let mut jobs: Vec<&PrintJob> = jobs.iter().collect();
    jobs.sort_by_key(|job| std::cmp::Reverse((job.at, job.copy)));
    jobs.into_iter()
        .map(|job| print_job(job, printer))
        .collect()
}

fn print_job(job: &PrintJob, printer: Option<&str>) -> dto::PrintJob {
    dto::PrintJob {
        id: job.id.to_string(),
        document: match job.kind {
            PrintKind::Slip => dto::PrintDocument::Slip,
            PrintKind::Ticket => dto::PrintDocument::Ticket,
            PrintKind::Form => dto::PrintDocument::Form01,
            PrintKind::Test => dto::PrintDocument::TestPage,
        },
        state: match job.state {
            PrintJobState::Queued => dto::PrintState::Queued,
            PrintJobState::Sending => dto::PrintState::Sending,
            PrintJobState::Sent => dto::PrintState::Sent,
            PrintJobState::Confirmed => dto::PrintState::Confirmed,
            PrintJobState::Failed => dto::PrintState::Failed,
            PrintJobState::Unknown => dto::PrintState::Unknown,
            PrintJobState::Abandoned => dto::PrintState::Abandoned,
        },
        copy: u32::from(job.copy),
        reason: job.reason.clone(),
        at: date_time(job.at),
        printer_name: printer.unwrap_or_default().to_owned(),
        fault: job.detail.clone(),
    }
}
