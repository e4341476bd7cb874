//! The checklist of papers that follows from the procedure, its case and channel, and what a card fills in.

use jiff::civil::DateTime;

use super::draft::{Draft, PaperEntry, PersonField};
use crate::catalogue::{Catalogue, HandIn, PaperSpec, Procedure};
use crate::people::card::CardRead;

/// Makes the checklist follow the choice. What was ticked, counted or scanned for a paper of the same name stays;
/// a paper that no longer belongs but has a scan or was added by the clerk stays too: nothing entered is lost.
pub(super) fn refresh(draft: &mut Draft, catalogue: &Catalogue, now: DateTime) {
    let procedure = draft
        .choice
        .as_ref()
        .and_then(|c| catalogue.in_force(&c.code, now.date()).ok());
    let wanted = procedure.map(|p| wanted(p, draft)).unwrap_or_default();
    let mut old = std::mem::take(&mut draft.papers);
    for mut entry in wanted {
        if let Some(place) = old.iter().position(|p| p.name == entry.name) {
            let known = old.remove(place);
            entry.checked = known.checked;
            entry.counts = known.counts;
            entry.scans = known.scans;
        }
        draft.papers.push(entry);
    }
    let kept: Vec<PaperEntry> = old
        .into_iter()
        .filter(|p| p.key.starts_with('x') || !p.scans.is_empty())
        .collect();
    let mut next = next_added(&kept);
    for mut entry in kept {
        if !entry.key.starts_with('x') {
            entry.key = format!("x{next}");
            entry.required = false;
            next += 1;
        }
        draft.papers.push(entry);
    }
}

fn wanted(procedure: &Procedure, draft: &Draft) -> Vec<PaperEntry> {
    let case = draft.choice.as_ref().and_then(|c| c.case.as_ref());
    let listed = procedure.papers.iter().enumerate();
    listed
        .filter(|(_, spec)| spec.applies_to(case))
        .map(|(at, spec)| entry(at, spec))
        .collect()
}

fn entry(at: usize, spec: &PaperSpec) -> PaperEntry {
    let count = |n: u32| u16::try_from(n).unwrap_or(u16::MAX);
    PaperEntry {
        key: format!("p{}", at + 1),
        name: spec.name.clone(),
        required: !spec.optional,
        condition: spec.note.clone(),
        present_only: spec.hand_in == HandIn::Present,
        expected: [
            count(spec.originals),
            count(spec.certified),
            count(spec.copies),
        ],
        checked: false,
        counts: [0, 0, 0],
        scans: Vec::new(),
    }
}

pub(super) fn next_added(papers: &[PaperEntry]) -> u32 {
    let numbers = papers
        .iter()
        .filter_map(|p| p.key.strip_prefix('x')?.parse::<u32>().ok());
    numbers.max().unwrap_or(0) + 1
}

/// What a card says, field by field, in the form that a clerk would type. Fields that could not be read are left out.
pub(super) fn card_values(card: &CardRead) -> Vec<(PersonField, String)> {
    let mut values = vec![(PersonField::IdNumber, card.number.reveal().to_owned())];
    let mut take = |field, value: Option<String>| {
        if let Some(value) = value.filter(|v| !v.trim().is_empty()) {
            values.push((field, value));
        }
    };
    take(
        PersonField::FullName,
        card.name.as_ref().map(|name| name.as_str().to_owned()),
    );
    take(
        PersonField::OldId,
        card.old_id.as_ref().map(|id| id.reveal().to_owned()),
    );
    take(PersonField::Born, card.born_on.map(|born| born.to_string()));
    take(
        PersonField::Sex,
        card.sex.map(|sex| sex.vietnamese().to_owned()),
    );
    take(PersonField::Address, card.residence.clone());
    values
}
