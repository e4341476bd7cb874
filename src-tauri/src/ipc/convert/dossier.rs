//! A dossier as it stands, and the answers of the search box.

use std::collections::HashMap;

use jiff::civil::DateTime;
use motcua_core::catalogue::FeeKind;
use motcua_core::dossier::{Delivery, DossierStatus, PaperReceived, ProvinceOutcome, Received};
use motcua_core::ids::StaffId;
use motcua_desk::{DossierFile, Entry, Status};
use motcua_ledger::{Matched, SearchHit};

use super::changes::shown_channel;
use super::due::{due_state, no_due, recorded_due};
use super::history::{prints, timeline};
use super::life::{actions, lamps};
use super::scans::{scan_on_record, stored_id};
use super::words::{count, counter_number, date, date_time};
use crate::ipc::dto;

/// What stands around a dossier and is not part of it.
pub struct Around<'a> {
    /// This machine's lamps and clock.
    pub status: &'a Status,
    /// The office's people, for names in the history.
    pub entry: &'a Entry,
    /// The name of the printer for slips, where one is bound.
    pub printer: Option<&'a str>,
}

impl Around<'_> {
    /// Names by identity.
    pub(super) fn names(&self) -> HashMap<StaffId, &str> {
        self.entry
            .staff
            .iter()
            .map(|(person, _)| (person.id, person.name.as_str()))
            .collect()
    }
}

/// Everything that the dossier's screen shows.
#[must_use]
pub fn dossier_view(file: &DossierFile, around: &Around<'_>) -> dto::DossierView {
    let dossier = &file.dossier;
    let received = &dossier.received;
    let received_at = date_time(received.received_at);
    let (result_method, result_address) = delivery(&received.delivery);
    let due_at = received.due.as_ref().map(|due| due.at);
    dto::DossierView {
        id: dossier.id.to_string(),
        code: received.code.to_string(),
        state: shown_status(dossier.status),
        provisional: !is_confirmed(file),
        owner_name: received.owner.full_name.clone(),
        owner_id_number: received.owner.id_number.clone().unwrap_or_default(),
        owner_born_on: received
            .owner
            .born
            .map(motcua_core::people::BirthDate::iso)
            .unwrap_or_default(),
        owner_phone: received.owner.phone.clone(),
        owner_address: received.owner.address.clone(),
        submitter_name: received
            .submitter
            .as_ref()
            .map(|party| party.full_name.clone())
            .unwrap_or_default(),
        procedure_code: received.procedure.code.to_string(),
        procedure_name: received.procedure.name.clone(),
        field_name: received.procedure.sector.clone(),
        case_name: received.procedure.case_name.clone().unwrap_or_default(),
        channel: shown_channel(received.channel),
        received_by: received.officer.name.clone(),
        counter_number: counter_number(&received.counter),
        due: match &received.due {
            Some(due) => recorded_due(due, received.received_at),
            None => no_due(received.received_at),
        },
        due_state: due_state(due_at, around.status.now, is_closed(dossier.status)),
        result_method,
        result_address,
        fee_total: received
            .fees
            .iter()
            .map(|fee| fee.amount_vnd)
            .fold(0, u64::saturating_add),
        fee_name: fee_name(received),
        set_count: u32::from(received.set_count),
        lamps: lamps(file, around.status, around.printer),
        timeline: timeline(file, around),
        papers: received
            .papers
            .iter()
            .map(|paper| shown_paper(paper, &received_at))
            .collect(),
        signature_image_id: received
            .signature
            .as_ref()
            .and_then(|signed| stored_id(&signed.strokes)),
        signed_at: received
            .signature
            .as_ref()
            .map(|signed| date_time(signed.at)),
        prints: prints(&file.prints, around.printer),
        actions: actions(file, around.status, around.printer.is_some()),
        note: received.note.clone(),
        received_at,
    }
}

/// An act of this machine is provisional until the province has acknowledged it (NĐ 224/2026/NĐ-CP Đ23).
fn is_confirmed(file: &DossierFile) -> bool {
    let answer = file.life.province.as_ref();
    matches!(
        answer.map(|answer| &answer.outcome),
        Some(ProvinceOutcome::Confirmed { .. })
    )
}

fn is_closed(status: DossierStatus) -> bool {
    status.next().is_empty() || status == DossierStatus::Completed
}

/// The screen's state for the national status.
pub(super) fn shown_status(status: DossierStatus) -> dto::DossierState {
    match status {
        // What was sent online and not yet taken in is, at a counter, in the hands of the office.
        DossierStatus::Registered | DossierStatus::Received => dto::DossierState::Received,
        DossierStatus::Refused => dto::DossierState::Refused,
        DossierStatus::Processing => dto::DossierState::Processing,
        DossierStatus::AwaitingSupplement => dto::DossierState::AwaitingSupplement,
        DossierStatus::AwaitingPayment => dto::DossierState::AwaitingObligation,
        DossierStatus::Withdrawn => dto::DossierState::Withdrawn,
        DossierStatus::Stopped => dto::DossierState::Stopped,
        DossierStatus::Completed => dto::DossierState::Decided,
        DossierStatus::Returned => dto::DossierState::Returned,
    }
}

fn delivery(delivery: &Delivery) -> (dto::ResultMethod, String) {
    match delivery {
        Delivery::Counter => (dto::ResultMethod::Counter, String::new()),
        Delivery::Post { address } => (dto::ResultMethod::Post, address.clone()),
        Delivery::Online => (dto::ResultMethod::Online, String::new()),
    }
}

/// The name of what was paid; of several, those that cost something.
fn fee_name(received: &Received) -> String {
    let paid = received
        .fees
        .iter()
        .filter(|fee| fee.amount_vnd > 0 || fee.kind == FeeKind::Fee);
    let names: Vec<&str> = paid.map(|fee| fee.name.as_str()).collect();
    names.join("; ")
}

fn shown_paper(paper: &PaperReceived, received_at: &str) -> dto::DossierPaper {
    let received_at = received_at.to_owned();
    dto::DossierPaper {
        id: paper.key.clone(),
        name: paper.name.clone(),
        originals: u32::from(paper.originals),
        certified: u32::from(paper.certified),
        photos: u32::from(paper.copies),
        present_only: paper.presented_only,
        scans: paper
            .scans
            .iter()
            .filter_map(|scan| scan_on_record(scan, &received_at))
            .collect(),
        reused_from: String::new(),
    }
}

/// The answers of the search box.
#[must_use]
pub fn search_view(query: String, hits: &[SearchHit], now: DateTime) -> dto::SearchView {
    dto::SearchView {
        total: count(hits.len()),
        hits: hits.iter().map(|hit| search_hit(hit, now)).collect(),
        query,
    }
}

fn search_hit(hit: &SearchHit, now: DateTime) -> dto::SearchHit {
    let row = &hit.row;
    dto::SearchHit {
        dossier_id: row.id.to_string(),
        code: row.code.clone(),
        owner_name: row.owner.clone(),
        // A list tells people apart by code and number; the date of birth is on the dossier.
        owner_born_on: String::new(),
        procedure_name: row.procedure_name.clone(),
        received_at: date_time(row.received_at),
        due_on: date(row.due_at.unwrap_or(row.received_at).date()),
        state: shown_status(row.status),
        due_state: due_state(row.due_at, now, is_closed(row.status)),
        matched: match hit.matched {
            Matched::Code | Matched::Digits => dto::MatchedBy::Code,
            Matched::IdNumber => dto::MatchedBy::IdNumber,
            Matched::Phone => dto::MatchedBy::Phone,
            Matched::Name => dto::MatchedBy::Name,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_national_status_has_a_state_on_the_screen() {
        let states: Vec<dto::DossierState> =
            DossierStatus::ALL.into_iter().map(shown_status).collect();
        assert_eq!(states[0], dto::DossierState::Received);
        assert_eq!(states[5], dto::DossierState::AwaitingObligation);
        assert_eq!(states[8], dto::DossierState::Decided);
        assert_eq!(states[9], dto::DossierState::Returned);
    }

    #[test]
    fn a_decided_dossier_is_not_late_while_it_waits_to_be_fetched() {
        assert!(is_closed(DossierStatus::Completed));
        assert!(is_closed(DossierStatus::Returned));
        assert!(!is_closed(DossierStatus::Processing));
        assert!(!is_closed(DossierStatus::AwaitingSupplement));
    }
}
