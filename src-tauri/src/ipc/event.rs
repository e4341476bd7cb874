//! What the program tells the screens without being asked.
//!
//! An event says what changed and the screen asks again; only ink and speech carry their own data. One
//! event name for all of them, so that a window's right to listen is one line of its capability file.

use serde::{Deserialize, Serialize};
use specta::Type;
use tauri_specta::Event;

use super::dto::{Id, InkPoint};
use super::error::ApiError;

/// Something changed; see `HostEvent` in `ui/src/lib/host/types.ts`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type, Event)]
#[serde(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
#[tauri_specta(event_name = "host")]
#[allow(missing_docs)]
pub enum HostEvent {
    Session,
    Queue,
    Intake {
        revision: u32,
    },
    Scan,
    Dossier {
        dossier_id: Id,
    },
    Status,
    Devices,
    Practice,
    Hall,
    Card {
        intake_id: Id,
    },
    Notice {
        error: ApiError,
    },
    Pen {
        request_id: Id,
        point: InkPoint,
        down: bool,
    },
    Announce {
        seq: u64,
        label: String,
        counter_number: u32,
        text: String,
    },
}

impl HostEvent {
    /// Whether the hall window hears it too. That window is in public: it is told of the queue and of
    /// calls, never of a dossier, a card or a pen.
    #[must_use]
    pub fn is_public(&self) -> bool {
        matches!(self, Self::Hall | Self::Announce { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hall_window_hears_calls_and_nothing_about_people() {
        let call = HostEvent::Announce {
            seq: 7,
            label: "A027".to_owned(),
            counter_number: 3,
            text: "Mời số A không hai bảy đến quầy số ba".to_owned(),
        };
        assert!(call.is_public());
        assert!(HostEvent::Hall.is_public());
        for private in [
            HostEvent::Session,
            HostEvent::Queue,
            HostEvent::Intake { revision: 1 },
            HostEvent::Scan,
            HostEvent::Dossier {
                dossier_id: "d".to_owned(),
            },
            HostEvent::Status,
            HostEvent::Devices,
            HostEvent::Practice,
            HostEvent::Card {
                intake_id: "i".to_owned(),
            },
            HostEvent::Notice {
                error: ApiError::CardGarbled,
            },
        ] {
            assert!(!private.is_public(), "{private:?}");
        }
    }

    #[test]
    fn an_event_crosses_with_its_kind_and_camel_case_fields() {
        let event = HostEvent::Dossier {
            dossier_id: "d1".to_owned(),
        };
        assert_eq!(
            serde_json::to_value(event).unwrap(),
            serde_json::json!({ "kind": "dossier", "dossierId": "d1" })
        );
    }
}
