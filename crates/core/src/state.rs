//! What entities become: the pure fold over the office's log, shared by desk, hub, province and tests.
//!
//! `State::fold` of the operations of an entity in log order, then of the node's own pending ones, is the
//! entity. If the order changes, that one entity is folded again from its operations.

use serde::{Deserialize, Serialize};

use crate::dossier::{self, Dossier};
use crate::event::{Event, Family};
use crate::ids::EntityId;
use crate::office::{self, Office};
use crate::op::Op;
use crate::queue::{self, Ticket};

/// Raised when the fold changes its meaning: stored rows of another version are folded again from the log.
pub const FOLD_VERSION: u32 = 1;

/// What the log's sequencer said of an operation. Part of the log, for every node the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Decision {
    /// It stands.
    Applied,
    /// It stands, but some of its fields met a value that was written unseen; those are listed.
    Merged {
        /// Field names that need a look.
        fields: Vec<String>,
    },
    /// It does not stand; a person must look at both.
    Conflict {
        /// Why.
        code: String,
    },
    /// It can never stand.
    Rejected {
        /// Why.
        code: String,
    },
    /// The same was said before.
    Duplicate,
    /// The kind is not known here: stored, forwarded, to be understood by a newer program.
    Unknown,
}

impl Decision {
    /// Whether the fold takes the operation into the entity's data.
    #[must_use]
    pub fn stands(&self) -> bool {
        matches!(self, Self::Applied | Self::Merged { .. })
    }

    /// A conflict with this code.
    #[must_use]
    pub fn conflict(code: &str) -> Self {
        Self::Conflict {
            code: code.to_owned(),
        }
    }

    /// A rejection with this code.
    #[must_use]
    pub fn rejected(code: &str) -> Self {
        Self::Rejected {
            code: code.to_owned(),
        }
    }
}

/// What became of a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrintOutcome {
    /// The printer answered after the cut that everything before it was processed.
    Confirmed,
    /// The printer could not tell; a person says that the paper came out.
    ConfirmedByPerson,
    /// It is known that no usable paper came out.
    Failed,
}

/// An entity of the log.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "entity", rename_all = "snake_case")]
pub enum State {
    /// A dossier.
    Dossier(Box<Dossier>),
    /// A queue ticket.
    Ticket(Box<Ticket>),
    /// The office itself: people, counters, fields, catalogues.
    Office(Box<Office>),
}

/// One operation as the log has it.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The position in the office's log; none while pending on this node.
    pub seq: Option<u64>,
    /// The envelope.
    pub op: &'a Op,
    /// Its meaning.
    pub event: &'a Event,
}

impl State {
    /// Judges an operation against the entity as it stands.
    #[must_use]
    pub fn judge(state: Option<&Self>, entry: Entry<'_>) -> Decision {
        match (entry.event.family(), state) {
            (Family::Dossier, None) => dossier::judge(None, entry),
            (Family::Dossier, Some(Self::Dossier(d))) => dossier::judge(Some(d), entry),
            (Family::Ticket, None) => queue::judge(None, entry.event),
            (Family::Ticket, Some(Self::Ticket(t))) => queue::judge(Some(t), entry.event),
            (Family::Office, None) => office::judge(None, entry.event),
            (Family::Office, Some(Self::Office(o))) => office::judge(Some(o), entry.event),
            _ => Decision::rejected("entity_of_another_family"),
        }
    }

    /// The entity after an operation with its decision.
    #[must_use]
    pub fn fold(state: Option<Self>, entry: Entry<'_>, decision: &Decision) -> Option<Self> {
        match (entry.event.family(), state) {
            (Family::Dossier, state @ (None | Some(Self::Dossier(_)))) => {
                let dossier = state.and_then(Self::into_dossier);
                Dossier::fold(dossier, entry, decision).map(|d| Self::Dossier(Box::new(d)))
            }
            (Family::Ticket, state @ (None | Some(Self::Ticket(_)))) => {
                let ticket = state.and_then(Self::into_ticket);
                Ticket::fold(ticket, entry, decision).map(|t| Self::Ticket(Box::new(t)))
            }
            (Family::Office, state @ (None | Some(Self::Office(_)))) => {
                let office = state.and_then(Self::into_office);
                Office::fold(office, entry, decision).map(|o| Self::Office(Box::new(o)))
            }
            (_, state) => state,
        }
    }

    /// The dossier, if it is one.
    #[must_use]
    pub fn into_dossier(self) -> Option<Dossier> {
        match self {
            Self::Dossier(d) => Some(*d),
            _ => None,
        }
    }

    /// The ticket, if it is one.
    #[must_use]
    pub fn into_ticket(self) -> Option<Ticket> {
        match self {
            Self::Ticket(t) => Some(*t),
            _ => None,
        }
    }

    /// The office, if it is one.
    #[must_use]
    pub fn into_office(self) -> Option<Office> {
        match self {
            Self::Office(o) => Some(*o),
            _ => None,
        }
    }
}

/// The entity that the office itself is in its log.
#[must_use]
pub fn office_entity(scope: &crate::ids::ScopeId) -> EntityId {
    EntityId::derived(&format!("office:{scope}"))
}
