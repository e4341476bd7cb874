//! What the exchange tells the desk: where the link stands, what waits, what came.
//!
//! Nothing here says "done" because nothing answered: every positive statement stands on an acknowledgement.

use motcua_core::ids::EntityId;
use serde::{Deserialize, Serialize};

use super::trouble::Trouble;

/// Where the link stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum LinkState {
    /// This machine is no member of an office with a hub.
    NeverJoined,
    /// The hub cannot be used now. Work goes on; what is written waits.
    Down {
        /// Since when, milliseconds since 1970 by this machine's clock.
        since_ms: i64,
        /// Why.
        reason: Trouble,
    },
    /// The hub answers.
    Up {
        /// Its name for people.
        hub: String,
        /// The machine it runs on: the same machine is no second copy.
        machine: String,
    },
    /// Somebody else answers at the hub's address. Nothing is sent to them.
    WrongCertificate {
        /// Since when, milliseconds since 1970 by this machine's clock.
        since_ms: i64,
    },
    /// This machine's chain was forked (it was restored from an old copy); it is taking a new epoch.
    Forked,
    /// This machine was struck off by the office.
    Revoked,
}

/// The whole status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkStatus {
    /// Where the link stands.
    pub state: LinkState,
    /// Operations that no hub has acknowledged.
    pub pending_ops: u64,
    /// Scans that the hub does not have whole.
    pub pending_blobs: u64,
    /// When the hub last acknowledged operations, milliseconds since 1970 by this machine's clock.
    pub last_ack_at_ms: Option<i64>,
    /// When the link is tried next, milliseconds since 1970 by this machine's clock.
    pub next_try_at_ms: Option<i64>,
    /// Hub minus this machine, in milliseconds, at the last hello.
    pub clock_offset_ms: Option<i64>,
    /// What stands in the way of operations going out, with the link up.
    pub push_trouble: Option<Trouble>,
    /// What stands in the way of reading the log, with the link up.
    pub pull_trouble: Option<Trouble>,
    /// What stands in the way of a scan.
    pub blob_trouble: Option<Trouble>,
    /// Whether news comes by itself (the live line is open).
    pub is_live: bool,
}

impl LinkStatus {
    /// Of a machine alone.
    #[must_use]
    pub fn never_joined() -> Self {
        Self::of(LinkState::NeverJoined)
    }

    /// Of a machine that is about to try.
    #[must_use]
    pub fn starting(now_ms: i64) -> Self {
        Self::of(LinkState::Down {
            since_ms: now_ms,
            reason: Trouble::NotTried,
        })
    }

    fn of(state: LinkState) -> Self {
        Self {
            state,
            pending_ops: 0,
            pending_blobs: 0,
            last_ack_at_ms: None,
            next_try_at_ms: None,
            clock_offset_ms: None,
            push_trouble: None,
            pull_trouble: None,
            blob_trouble: None,
            is_live: false,
        }
    }

    /// Whether the hub answers.
    #[must_use]
    pub fn is_up(&self) -> bool {
        matches!(self.state, LinkState::Up { .. })
    }

    /// The state after the link met `trouble`; the time of the first failure is kept.
    #[must_use]
    pub(super) fn state_after(&self, trouble: Trouble, now_ms: i64) -> LinkState {
        let since_ms = match self.state {
            LinkState::Down { since_ms, .. } | LinkState::WrongCertificate { since_ms } => since_ms,
            _ => now_ms,
        };
        match trouble {
            Trouble::WrongCertificate => LinkState::WrongCertificate { since_ms },
            Trouble::Revoked => LinkState::Revoked,
            Trouble::Forked => LinkState::Forked,
            reason => LinkState::Down { since_ms, reason },
        }
    }
}

/// A call in the hall, as the hub tells every counter and display. No personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HallCall {
    /// The log position of the call: a repeated call has a new one.
    pub seq: u64,
    /// What the hall hears, for example `A027`.
    pub label: String,
    /// The counter's number; 0 where it is not a number.
    pub counter_number: u32,
    /// When, local time.
    pub called_at: jiff::civil::DateTime,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExchangeEvent {
    /// The status changed; read it from the watch.
    Status,
    /// The hub has this machine's operations up to here on disk.
    Acked {
        /// The machine's own number.
        dseq: u64,
    },
    /// News from the log was taken.
    Applied {
        /// What changed.
        entities: Vec<EntityId>,
        /// The log position reached.
        seq: u64,
    },
    /// The hub has this scan.
    BlobSent(motcua_core::ids::Hash),
    /// A number is called in the hall.
    Called(HallCall),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn down_since_the_first_failure_not_the_last() {
        let mut status = LinkStatus::starting(5);
        status.state = LinkState::Up {
            hub: "h".into(),
            machine: "m".into(),
        };
        status.state = status.state_after(Trouble::Broken, 100);
        status.state = status.state_after(Trouble::Unreachable, 200);
        assert_eq!(
            status.state,
            LinkState::Down {
                since_ms: 100,
                reason: Trouble::Unreachable
            }
        );
        status.state = status.state_after(Trouble::WrongCertificate, 300);
        assert_eq!(status.state, LinkState::WrongCertificate { since_ms: 100 });
    }
}
