//! One change to a draft, as a value: it is applied, saved and undone alone.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::checklist;
use super::draft::{
    Choice, Difference, Draft, PaperEntry, PersonField, PersonForm, ScanRef, Source, Sourced,
    SubmitterForm,
};
use crate::catalogue::{CaseId, Catalogue, Channel, Procedure, ProcedureCode};
use crate::dossier::{Delivery, SignatureRef};
use crate::people::card::CardRead;
use crate::refusal::Refusal;
use crate::text;

/// Papers that a clerk may add to the catalogue's list.
pub const ADDED_PAPERS_MAX: usize = 40;
/// The largest count of one kind of one paper.
pub const PAPER_COUNT_MAX: u16 = 999;
/// The largest number of identical sets.
pub const SET_COUNT_MAX: u16 = 99;
/// The largest number of fee units (pages, copies).
pub const FEE_QUANTITY_MAX: u32 = 9_999;

/// Which count of a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperCount {
    /// Bản chính.
    Originals,
    /// Bản chứng thực.
    Certified,
    /// Bản photo.
    Copies,
}

/// A change that a clerk, a card or a device makes.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// A field of the person was typed.
    Person {
        /// Which.
        field: PersonField,
        /// As typed.
        value: String,
    },
    /// A card was read: empty fields are filled, different ones are offered.
    Card(Box<CardRead>),
    /// Takes or leaves what the card offers for a field.
    TakeDifference {
        /// Which.
        field: PersonField,
        /// Whether the card's value is taken.
        take: bool,
    },
    /// Somebody else hands it in, or nobody else.
    Submitter(Option<SubmitterForm>),
    /// The procedure, by code, or none.
    Procedure(Option<ProcedureCode>),
    /// How it comes in.
    Channel(Channel),
    /// The case within the procedure.
    Case(CaseId),
    /// Số bộ hồ sơ.
    SetCount(u16),
    /// The citizen has this paper, or not.
    PaperChecked {
        /// Its key.
        key: String,
        /// Has it.
        checked: bool,
    },
    /// How many were handed in.
    PaperCounted {
        /// Its key.
        key: String,
        /// Of which kind.
        which: PaperCount,
        /// How many.
        count: u16,
    },
    /// A paper that the catalogue does not list.
    PaperAdded {
        /// Its name.
        name: String,
    },
    /// Takes an added paper away again.
    PaperRemoved {
        /// Its key.
        key: String,
    },
    /// A scan belongs to this paper.
    Attach {
        /// The paper's key.
        key: String,
        /// The scan.
        scan: ScanRef,
    },
    /// The scan does not belong there after all.
    Detach {
        /// The paper's key.
        key: String,
        /// The scan's hash.
        scan: crate::ids::Hash,
    },
    /// How many units of a fee row.
    FeeQuantity {
        /// The row's key.
        key: String,
        /// How many.
        quantity: u32,
    },
    /// The amount where the catalogue states none, in đồng.
    FeeDecided(u64),
    /// Why nothing is owed, or nothing of the kind.
    Exemption(Option<String>),
    /// How the result comes back.
    Delivery(Delivery),
    /// For colleagues.
    Note(String),
    /// The citizen has signed, or the signature is taken back.
    Signed(Option<SignatureRef>),
}

/// The draft after a change.
///
/// # Errors
/// A [`Refusal`] when the procedure is not in force on the day; other changes that make no sense (a paper that is
/// not there) leave the draft as it is.
pub fn apply(
    draft: &Draft,
    change: Change,
    catalogue: &Catalogue,
    now: DateTime,
) -> Result<Draft, Refusal> {
    let mut next = draft.clone();
    next.revision += 1;
    match change {
        Change::Person { field, value } => type_person(&mut next, field, &value, now),
        Change::Card(card) => take_card(&mut next, &card, now),
        Change::TakeDifference { field, take } => settle_difference(&mut next, field, take, now),
        Change::Submitter(submitter) => next.submitter = submitter.map(|form| normalised(&form)),
        Change::Procedure(code) => choose(&mut next, code, catalogue, now)?,
        Change::Channel(channel) => {
            if let Some(choice) = &mut next.choice {
                choice.channel = channel;
            }
            checklist::refresh(&mut next, catalogue, now);
        }
        Change::Case(case) => {
            if let Some(choice) = &mut next.choice {
                choice.case = Some(case);
            }
            checklist::refresh(&mut next, catalogue, now);
        }
        Change::SetCount(count) => next.set_count = count.clamp(1, SET_COUNT_MAX),
        Change::FeeQuantity { key, quantity } => {
            next.fee_quantities
                .insert(key, quantity.min(FEE_QUANTITY_MAX));
        }
        Change::FeeDecided(amount) => next.fee_decided = Some(amount),
        Change::Exemption(exemption) => next.exemption = exemption,
        Change::Delivery(delivery) => next.delivery = delivery,
        Change::Note(note) => next.note = text::nfc(&note),
        Change::Signed(signature) => next.signature = signature,
        paper => change_paper(&mut next, paper),
    }
    Ok(next)
}

fn type_person(draft: &mut Draft, field: PersonField, value: &str, now: DateTime) {
    let value = text::nfc(value);
    let slot = draft.person.field_mut(field);
    if slot.value != value {
        let source = if value.trim().is_empty() {
            Source::None
        } else {
            Source::Typed
        };
        *slot = Sourced {
            value,
            source,
            at: Some(now),
        };
    }
    draft.differences.retain(|d| d.field != field);
}

/// An empty field takes what the card says. A field that says something else keeps it and offers the card's: the
/// default is the old value, the clerk decides.
fn take_card(draft: &mut Draft, card: &CardRead, now: DateTime) {
    let offered = checklist::card_values(card);
    let another_person = is_another_person(&draft.person, &offered);
    if another_person {
        draft.person = PersonForm::default();
        draft.signature = None;
    }
    draft.differences.clear();
    for (field, value) in offered {
        let slot = draft.person.field_mut(field);
        if slot.value.trim().is_empty() || is_same_writing(&slot.value, &value) {
            *slot = Sourced {
                value,
                source: Source::Card,
                at: Some(now),
            };
        } else {
            let kept = slot.value.clone();
            draft.differences.push(Difference {
                field,
                kept,
                offered: value,
            });
        }
    }
    draft.person.card_read_at = Some(now);
    draft.person.card_issued_on = card.issued_on;
}

/// Cards print names in capitals; a mark makes another name.
fn is_same_writing(one: &str, other: &str) -> bool {
    text::nfc(one.trim()).to_lowercase() == text::nfc(other.trim()).to_lowercase()
}

/// A card with another personal number is another person: nothing of the one before may stay.
fn is_another_person(person: &PersonForm, offered: &[(PersonField, String)]) -> bool {
    let number = |f: &PersonField| *f == PersonField::IdNumber;
    let card_number = offered
        .iter()
        .find(|(f, _)| number(f))
        .map(|(_, v)| v.as_str());
    let known = person.id_number.value.trim();
    card_number.is_some_and(|n| !known.is_empty() && n != known)
}

fn settle_difference(draft: &mut Draft, field: PersonField, take: bool, now: DateTime) {
    let Some(place) = draft.differences.iter().position(|d| d.field == field) else {
        return;
    };
    let difference = draft.differences.remove(place);
    if take {
        *draft.person.field_mut(field) = Sourced {
            value: difference.offered,
            source: Source::Card,
            at: Some(now),
        };
    }
}

fn normalised(form: &SubmitterForm) -> SubmitterForm {
    SubmitterForm {
        full_name: text::nfc(&form.full_name),
        id_number: form.id_number.trim().to_owned(),
        phone: form.phone.trim().to_owned(),
        authority: text::nfc(&form.authority),
    }
}

fn choose(
    draft: &mut Draft,
    code: Option<ProcedureCode>,
    catalogue: &Catalogue,
    now: DateTime,
) -> Result<(), Refusal> {
    let Some(code) = code else {
        draft.choice = None;
        checklist::refresh(draft, catalogue, now);
        return Ok(());
    };
    let procedure = super::in_force(catalogue, &code, now.date())?;
    let channel = draft.choice.as_ref().map_or(Channel::Direct, |c| c.channel);
    draft.choice = Some(Choice {
        code,
        case: first_case(procedure),
        channel: offered(procedure, channel),
    });
    checklist::refresh(draft, catalogue, now);
    Ok(())
}

fn first_case(procedure: &Procedure) -> Option<CaseId> {
    procedure.cases.first().map(|case| case.id.clone())
}

/// The channel that was chosen before, where this procedure has a row for it, else the first it has.
fn offered(procedure: &Procedure, wanted: Channel) -> Channel {
    let channels = procedure.channels();
    if channels.contains(&wanted) {
        wanted
    } else {
        channels.first().copied().unwrap_or(wanted)
    }
}

fn change_paper(draft: &mut Draft, change: Change) {
    match change {
        Change::PaperAdded { name } => add_paper(draft, &name),
        Change::PaperRemoved { key } => {
            draft
                .papers
                .retain(|p| p.key != key || !p.key.starts_with('x'));
        }
        Change::PaperChecked { key, checked } => edit(draft, &key, |paper| check(paper, checked)),
        Change::PaperCounted { key, which, count } => edit(draft, &key, |paper| {
            paper.counts[which as usize] = count.min(PAPER_COUNT_MAX);
            paper.checked = paper.counts.iter().any(|n| *n > 0);
        }),
        Change::Attach { key, scan } => {
            for paper in &mut draft.papers {
                paper.scans.retain(|s| s.blob.sha256 != scan.blob.sha256);
            }
            edit(draft, &key, |paper| {
                if !paper.checked {
                    check(paper, true);
                }
                paper.scans.push(scan);
            });
        }
        Change::Detach { key, scan } => edit(draft, &key, |paper| {
            paper.scans.retain(|s| s.blob.sha256 != scan);
        }),
        _ => {}
    }
}

fn edit(draft: &mut Draft, key: &str, change: impl FnOnce(&mut PaperEntry)) {
    if let Some(paper) = draft.papers.iter_mut().find(|p| p.key == key) {
        change(paper);
    }
}

/// Ticking a paper takes the expected counts; a paper that expects none counts as one original.
fn check(paper: &mut PaperEntry, checked: bool) {
    paper.checked = checked;
    paper.counts = match (checked, paper.expected) {
        (false, _) => [0, 0, 0],
        (true, [0, 0, 0]) => [1, 0, 0],
        (true, expected) => expected,
    };
}

fn add_paper(draft: &mut Draft, name: &str) {
    let name = text::nfc(name.trim());
    let added = draft
        .papers
        .iter()
        .filter(|p| p.key.starts_with('x'))
        .count();
    if name.is_empty() || added >= ADDED_PAPERS_MAX {
        return;
    }
    let number = checklist::next_added(&draft.papers);
    draft.papers.push(PaperEntry {
        key: format!("x{number}"),
        name,
        required: false,
        condition: String::new(),
        present_only: false,
        expected: [1, 0, 0],
        checked: true,
        counts: [1, 0, 0],
        scans: Vec::new(),
    });
}
