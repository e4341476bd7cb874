//! The reception that ends a draft.

use super::draft::{Draft, PersonField, PersonForm, SubmitterForm};
use super::fees;
use super::review::{NoDue, Review, Rules, review};
use crate::catalogue::Procedure;
use crate::code::DossierCode;
use crate::dossier::{
    DueRecord, OfficerRef, PaperReceived, Party, PartyKind, ProcedureRef, Received,
};
use crate::people::{BirthDate, Sex};
use crate::refusal::Refusal;

/// Who receives, where, under which code.
#[derive(Clone, Debug)]
pub struct Reception {
    /// The dossier code, already taken from a slice.
    pub code: DossierCode,
    /// The clerk.
    pub officer: OfficerRef,
    /// The counter's number.
    pub counter: String,
}

/// Receives a draft.
///
/// # Errors
/// [`Refusal::Incomplete`] with everything that is missing; [`Refusal::ProcedureUnknown`] and its siblings when the
/// procedure went out of force while the draft was open.
pub fn receive(draft: &Draft, rules: Rules<'_>, reception: Reception) -> Result<Received, Refusal> {
    if let Some(choice) = &draft.choice {
        super::in_force(rules.catalogue, &choice.code, rules.now.date())?;
    }
    let review = review(draft, rules);
    if !review.problems.is_empty() {
        return Err(Refusal::Incomplete {
            problems: review.problems,
        });
    }
    let (Some(choice), Some(procedure)) = (&draft.choice, review.procedure) else {
        return Err(Refusal::NoDraft);
    };
    Ok(Received {
        code: reception.code,
        procedure: reference(draft, procedure, rules.catalogue.version()),
        channel: choice.channel,
        owner: owner(&draft.person),
        submitter: draft.submitter.as_ref().map(submitter),
        papers: draft
            .papers
            .iter()
            .filter(|p| p.checked)
            .map(paper)
            .collect(),
        set_count: draft.set_count,
        fees: fees::lines(&review.fees, draft.fee_decided),
        delivery: draft.delivery.clone(),
        received_at: rules.now,
        due: due(&review),
        officer: reception.officer,
        counter: reception.counter,
        ticket: draft.ticket,
        signature: draft.signature.clone(),
        note: draft.note.clone(),
        practice: rules.office.practice,
    })
}

fn reference(draft: &Draft, procedure: &Procedure, catalogue: &str) -> ProcedureRef {
    let case = draft.choice.as_ref().and_then(|c| c.case.as_ref());
    ProcedureRef {
        code: procedure.code.clone(),
        name: procedure.name.clone(),
        sector: procedure.sector.clone(),
        catalogue: catalogue.to_owned(),
        edition: procedure.version,
        case: case.cloned(),
        case_name: case
            .and_then(|id| procedure.case(id))
            .map(|c| c.name.clone()),
    }
}

fn due(review: &Review<'_>) -> Option<DueRecord> {
    match &review.due {
        Ok(due) => Some(DueRecord {
            at: due.at,
            limit: review.limit,
            limit_text: review
                .limit
                .map_or_else(|| "trong ngày".to_owned(), |limit| limit.to_string()),
            explanation: due.explanation.clone(),
            calendar_version: due.calendar_version.clone(),
            legal_basis: due.legal_basis.clone(),
        }),
        Err(
            NoDue::NoProcedure
            | NoDue::NoLimit
            | NoDue::NeedsDecision
            | NoDue::NoRow
            | NoDue::Calendar(_),
        ) => None,
    }
}

fn owner(person: &PersonForm) -> Party {
    let value = |field: PersonField| person.field(field).value.trim().to_owned();
    let some = |field| Some(value(field)).filter(|v| !v.is_empty());
    Party {
        kind: PartyKind::Person,
        full_name: value(PersonField::FullName),
        id_number: some(PersonField::IdNumber),
        old_id: some(PersonField::OldId),
        born: value(PersonField::Born).parse::<BirthDate>().ok(),
        sex: Sex::parse(&value(PersonField::Sex)),
        address: value(PersonField::Address),
        phone: value(PersonField::Phone),
        email: value(PersonField::Email),
        authority: String::new(),
        card_issued_on: person.card_issued_on,
        read_from_card: person.card_read_at.is_some(),
    }
}

fn submitter(form: &SubmitterForm) -> Party {
    Party {
        full_name: form.full_name.trim().to_owned(),
        id_number: Some(form.id_number.clone()).filter(|n| !n.is_empty()),
        phone: form.phone.clone(),
        authority: form.authority.trim().to_owned(),
        ..Party::default()
    }
}

fn paper(entry: &super::draft::PaperEntry) -> PaperReceived {
    PaperReceived {
        key: entry.key.clone(),
        name: entry.name.clone(),
        originals: entry.counts[0],
        certified: entry.counts[1],
        copies: entry.counts[2],
        presented_only: entry.present_only,
        scans: entry.scans.iter().map(|s| s.blob.clone()).collect(),
    }
}
