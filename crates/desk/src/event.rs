//! What changed, for whoever shows it. Events carry no data of a dossier: a screen asks again.

use motcua_core::ids::EntityId;
use motcua_drivers::PenSample;
use uuid::Uuid;

use crate::error::DeskError;

/// Something changed.
#[derive(Debug)]
pub enum DeskEvent {
    /// Signed in, out, locked; the office was set up or changed.
    Session,
    /// A ticket changed, here or on another PC.
    Queue,
    /// The draft in hand changed.
    Intake {
        /// Its revision.
        revision: u64,
    },
    /// The scan inbox changed.
    Scan,
    /// A dossier changed.
    Dossier(EntityId),
    /// A lamp, the clock or the health changed.
    Status,
    /// A device changed its state.
    Devices,
    /// The practice panel changed.
    Practice,
    /// A card was read; the draft it started or filled is there.
    Card {
        /// The draft.
        draft: EntityId,
    },
    /// A slip's code was read: open what it belongs to.
    CodeRead {
        /// The dossier code.
        text: String,
    },
    /// Something went wrong with nobody asking.
    Notice(DeskError),
    /// Live ink of the pad.
    Pen {
        /// Which request.
        request: Uuid,
        /// The samples.
        samples: Vec<PenSample>,
    },
    /// A number was called: say it in the hall, once.
    Announce {
        /// Grows with each call on this machine.
        seq: u64,
        /// For example `A027`.
        label: String,
        /// What the hall calls the counter.
        counter: String,
        /// The sentence.
        text: String,
    },
}
