//! The board all owners write on: views, and the line of events to the desk.

use std::collections::BTreeMap;
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use super::config::DeviceId;
use super::event::DeviceEvent;
use super::view::{Advice, DeviceState, DeviceView, FaultKind, Health};
use crate::transports::LinkError;

/// The views of all devices.
#[derive(Debug, Default)]
pub(super) struct Board {
    views: Mutex<BTreeMap<DeviceId, DeviceView>>,
}

impl Board {
    pub(super) fn views(&self) -> Vec<DeviceView> {
        self.views
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .values()
            .cloned()
            .collect()
    }
}

/// One owner's place on the board.
#[derive(Debug, Clone)]
pub(super) struct Place {
    id: DeviceId,
    board: Arc<Board>,
    events: SyncSender<DeviceEvent>,
}

impl Place {
    pub(super) fn new(
        view: DeviceView,
        board: &Arc<Board>,
        events: &SyncSender<DeviceEvent>,
    ) -> Self {
        let id = view.id.clone();
        board
            .views
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id.clone(), view);
        Self {
            id,
            board: Arc::clone(board),
            events: events.clone(),
        }
    }

    pub(super) fn id(&self) -> DeviceId {
        self.id.clone()
    }

    /// Tells the desk. Waits while the desk is behind; a desk that is gone hears nothing.
    pub(super) fn tell(&self, event: DeviceEvent) {
        if self.events.send(event).is_err() {
            tracing::debug!(device = %self.id, "an event after the end was dropped");
        }
    }

    /// Changes the view and tells the desk when something changed.
    pub(super) fn update(&self, change: impl FnOnce(&mut DeviceView)) {
        let changed = {
            let mut views = self
                .board
                .views
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            let Some(view) = views.get_mut(&self.id) else {
                return;
            };
            let before = view.clone();
            change(view);
            keep_since(&before.state, &mut view.state);
            if *view == before {
                None
            } else {
                Some(view.clone())
            }
        };
        if let Some(view) = changed {
            self.tell(DeviceEvent::StateChanged(Box::new(view)));
        }
    }

    /// Ready, with what is known of its health.
    pub(super) fn ready(&self, health: Health, advice: Option<Advice>) {
        self.update(|view| {
            view.state = DeviceState::Ready;
            view.health = health;
            view.advice = advice;
        });
    }

    pub(super) fn fault(&self, kind: FaultKind) {
        self.update(|view| {
            view.state = DeviceState::Fault {
                kind,
                since_ms: now_ms(),
            };
            view.health = Health::Unknown;
            view.advice = Some(kind.advice());
        });
    }

    /// The device could not be opened, or went away.
    pub(super) fn unreachable(&self, error: &LinkError, was_there: bool, advice: Advice) {
        match error {
            LinkError::Busy { .. } => self.fault(FaultKind::PortBusy),
            LinkError::Denied { .. } => self.fault(FaultKind::NeedsPermission),
            LinkError::Unsupported { .. } => self.fault(FaultKind::Unsupported),
            LinkError::Timeout { .. } => self.fault(FaultKind::NoAnswer),
            LinkError::NotFound { .. } | LinkError::Gone | LinkError::Io(_) => {
                self.away(was_there, advice);
            }
        }
    }

    fn away(&self, was_there: bool, advice: Advice) {
        self.update(|view| {
            view.state = if was_there {
                DeviceState::Lost { since_ms: now_ms() }
            } else {
                DeviceState::Absent
            };
            view.health = Health::Unknown;
            view.printer = None;
            view.advice = Some(advice);
        });
    }

    pub(super) fn opening(&self) {
        self.update(|view| {
            if !matches!(view.state, DeviceState::Fault { .. }) {
                view.state = DeviceState::Opening;
            }
        });
    }

    pub(super) fn found(&self) {
        self.update(|view| {
            if !matches!(view.state, DeviceState::Fault { .. }) {
                view.state = DeviceState::Found;
            }
        });
    }
}

/// A state that goes on keeps the moment it began.
fn keep_since(before: &DeviceState, after: &mut DeviceState) {
    match (before, after) {
        (
            DeviceState::Fault {
                kind: old,
                since_ms: began,
            },
            DeviceState::Fault { kind, since_ms },
        ) if old == kind => *since_ms = *began,
        (DeviceState::Lost { since_ms: began }, DeviceState::Lost { since_ms }) => {
            *since_ms = *began;
        }
        _ => {}
    }
}

/// Milliseconds since 1970 by this PC's clock; shown, never used for order.
pub(super) fn now_ms() -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
