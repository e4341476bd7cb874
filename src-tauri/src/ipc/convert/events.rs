//! What the desk says changed, as what the windows are told.

use motcua_desk::DeskEvent;

use super::words::{count, counter_number};
use crate::ipc::error::ApiError;
use crate::ipc::event::HostEvent;

/// What the windows are told of an event. The hall stands in public and has an event of its own for what
/// it may know.
#[must_use]
pub fn events_of(event: DeskEvent) -> Vec<HostEvent> {
    match event {
        DeskEvent::Session => vec![HostEvent::Session, HostEvent::Hall],
        DeskEvent::Queue => vec![HostEvent::Queue, HostEvent::Hall],
        DeskEvent::Intake { revision } => vec![HostEvent::Intake {
            revision: count(revision),
        }],
        DeskEvent::Scan => vec![HostEvent::Scan],
        DeskEvent::Dossier(id) => vec![HostEvent::Dossier {
            dossier_id: id.to_string(),
        }],
        DeskEvent::Status => vec![HostEvent::Status],
        DeskEvent::Devices => vec![HostEvent::Devices],
        DeskEvent::Practice => vec![HostEvent::Practice],
        DeskEvent::Card { draft } => vec![HostEvent::Card {
            intake_id: draft.to_string(),
        }],
        DeskEvent::Notice(error) => vec![HostEvent::Notice {
            error: ApiError::from(error),
        }],
        // A slip that was held to the reader, and ink of the pad: no screen of this edition takes them.
        DeskEvent::CodeRead { .. } | DeskEvent::Pen { .. } => Vec::new(),
        DeskEvent::Announce {
            seq,
            label,
            counter,
            text,
        } => vec![HostEvent::Announce {
            seq,
            label,
            counter_number: counter_number(&counter),
            text,
        }],
    }
}
