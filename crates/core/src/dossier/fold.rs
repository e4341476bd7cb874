//! A dossier as the fold of its operations.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Attached, Corrected, DossierStatus, NoteAdded, ProvinceAnswered, Received, SlipPrinted,
};
use crate::event::Event;
use crate::ids::{DeviceId, EntityId, StaffId};
use crate::op::{Op, OpId};
use crate::state::{Decision, Entry, PrintOutcome};

/// What stands in the timeline: which operation, by whom, and whether it stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryLine {
    /// The operation.
    pub id: OpId,
    /// Its place in the office's log; none while only on this machine.
    pub seq: Option<u64>,
    /// What it says.
    pub kind: String,
    /// Who.
    pub actor: StaffId,
    /// The machine's clock in milliseconds since 1970.
    pub wall_ms: i64,
    /// Whether it stood.
    pub decision: Decision,
}

/// Two values for one field, written without seeing each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldConflict {
    /// The field's name.
    pub field: String,
    /// The value that stands.
    pub kept: String,
    /// The value that does not.
    pub lost: String,
    /// Who wrote the one that does not stand.
    pub lost_by: StaffId,
}

/// The last accepted write of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldWrite {
    /// Its place in the log.
    pub seq: u64,
    /// The machine that wrote it.
    pub device: DeviceId,
}

/// A dossier as it stands on this node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dossier {
    /// The log entity.
    pub id: EntityId,
    /// What was received, with corrections applied.
    pub received: Received,
    /// The national status.
    pub status: DossierStatus,
    /// Notes in order.
    pub notes: Vec<NoteAdded>,
    /// Every known outcome of a paper.
    pub prints: Vec<SlipPrinted>,
    /// The province's last answer.
    pub province: Option<ProvinceAnswered>,
    /// The reception operation: the life line asks for its acknowledgements.
    pub reception: OpId,
    /// Log position of the last accepted write of each field.
    pub field_last: BTreeMap<String, FieldWrite>,
    /// What needs a person.
    pub conflicts: Vec<FieldConflict>,
    /// Everything that was said, in order.
    pub history: Vec<HistoryLine>,
    /// The highest log position folded in; 0 while nothing of it is on the hub.
    pub last_seq: u64,
}

impl Dossier {
    /// The dossier after one operation. None only when the first operation is not a reception that stands.
    #[must_use]
    pub fn fold(dossier: Option<Self>, entry: Entry<'_>, decision: &Decision) -> Option<Self> {
        let mut dossier = match (dossier, entry.event) {
            (Some(dossier), _) => dossier,
            (None, Event::DossierReceived(received)) if decision.stands() => {
                Self::new(entry.op, received)
            }
            (None, _) => return None,
        };
        // A verified field that moved unseen is a conflict whose loser is kept beside the value that stays.
        let keeps_loser = matches!(
            (decision, entry.event),
            (Decision::Conflict { .. }, Event::DossierCorrected(_))
        );
        if decision.stands() || keeps_loser {
            dossier.take(entry);
        }
        dossier.history.push(HistoryLine {
            id: op_id(entry.op),
            seq: entry.seq,
            kind: entry.op.kind.clone(),
            actor: entry.op.actor,
            wall_ms: entry.op.clock.wall_ms,
            decision: decision.clone(),
        });
        dossier.last_seq = dossier.last_seq.max(entry.seq.unwrap_or(0));
        Some(dossier)
    }

    fn new(op: &Op, received: &Received) -> Self {
        Self {
            id: op.entity,
            received: received.clone(),
            status: DossierStatus::Received,
            notes: Vec::new(),
            prints: Vec::new(),
            province: None,
            reception: op_id(op),
            field_last: BTreeMap::new(),
            conflicts: Vec::new(),
            history: Vec::new(),
            last_seq: 0,
        }
    }

    fn take(&mut self, entry: Entry<'_>) {
        match entry.event {
            Event::DossierAttached(attached) => self.attach(attached),
            Event::DossierNoted(note) => self.notes.push(note.clone()),
            Event::DossierStepped(step) => self.status = step.to,
            Event::DossierCorrected(corrected) => self.correct(corrected, entry),
            Event::SlipPrinted(print) => self.print(print),
            Event::ProvinceAnswered(answer) => self.province = Some(answer.clone()),
            _ => {}
        }
    }

    fn attach(&mut self, attached: &Attached) {
        let paper = self
            .received
            .papers
            .iter_mut()
            .find(|p| p.key == attached.paper);
        if let Some(paper) = paper
            && !paper.scans.contains(&attached.scan)
        {
            paper.scans.push(attached.scan.clone());
        }
    }

    /// Takes each field; one that was written unseen by somebody else keeps its loser.
    fn correct(&mut self, corrected: &Corrected, entry: Entry<'_>) {
        for (field, value) in &corrected.fields {
            let Some(current) = self.field(field).map(str::to_owned) else {
                continue;
            };
            let unseen = self.is_unseen(field, entry.op);
            if unseen && current != *value {
                let verified = is_verified(field);
                let (kept, lost) = if verified {
                    (&current, value)
                } else {
                    (value, &current)
                };
                self.conflicts.push(FieldConflict {
                    field: field.clone(),
                    kept: kept.clone(),
                    lost: lost.clone(),
                    lost_by: entry.op.actor,
                });
                if verified {
                    continue;
                }
            }
            self.set_field(field, value);
            if let Some(seq) = entry.seq {
                self.field_last.insert(
                    field.clone(),
                    FieldWrite {
                        seq,
                        device: entry.op.device,
                    },
                );
            }
        }
    }

    fn print(&mut self, print: &SlipPrinted) {
        match self.prints.iter_mut().find(|p| p.job == print.job) {
            Some(known) => *known = print.clone(),
            None => self.prints.push(print.clone()),
        }
    }

    /// Whether the field was written at a log position that the writer of `op` had not seen. What a machine
    /// wrote itself it has seen, also while it was alone and its own writing had no place in the log yet.
    #[must_use]
    pub fn is_unseen(&self, field: &str, op: &Op) -> bool {
        self.field_last
            .get(field)
            .is_some_and(|last| last.seq > op.base && last.device != op.device)
    }

    /// Whether a paper with the promise is in the citizen's hand.
    #[must_use]
    pub fn is_printed(&self) -> bool {
        self.prints
            .iter()
            .any(|p| p.outcome != PrintOutcome::Failed)
    }

    /// The number of the next paper: 1 for the first, 2 and up are marked reprints.
    #[must_use]
    pub fn next_copy(&self) -> u16 {
        let printed = self
            .prints
            .iter()
            .filter(|p| p.outcome != PrintOutcome::Failed)
            .count();
        u16::try_from(printed).unwrap_or(u16::MAX).saturating_add(1)
    }

    /// A correctable field's value by its name in [`Corrected::fields`].
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        let owner = &self.received.owner;
        Some(match name {
            "owner.full_name" => &owner.full_name,
            "owner.address" => &owner.address,
            "owner.phone" => &owner.phone,
            "owner.email" => &owner.email,
            "note" => &self.received.note,
            _ => return None,
        })
    }

    fn set_field(&mut self, name: &str, value: &str) {
        let owner = &mut self.received.owner;
        let slot = match name {
            "owner.full_name" => &mut owner.full_name,
            "owner.address" => &mut owner.address,
            "owner.phone" => &mut owner.phone,
            "owner.email" => &mut owner.email,
            "note" => &mut self.received.note,
            _ => return,
        };
        value.clone_into(slot);
    }
}

/// Fields that a check has verified: a later writer never overrules them silently.
#[must_use]
pub(super) fn is_verified(field: &str) -> bool {
    field == "owner.full_name"
}

fn op_id(op: &Op) -> OpId {
    OpId {
        device: op.device,
        epoch: op.epoch,
        dseq: op.dseq,
    }
}
