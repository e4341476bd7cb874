//! The link to the hub as a machine without I/O: when to say hello, when to wait, what a hello means.
//!
//! Times are monotonic milliseconds of the caller's choosing; chance is passed in. Not here: the
//! calls themselves, and what flows over a link that is up (push, pull, blobs have their own).

use motcua_core::ids::ScopeId;
use motcua_core::op::Chain;
use uuid::Uuid;

use super::backoff::Backoff;
use super::trouble::Trouble;
use super::wire::{HelloAction, HelloResponse};

/// What the link wants done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkStep {
    /// Say hello now; report with [`Link::joined`] or [`Link::failed`].
    SayHello,
    /// Nothing before this time, unless poked.
    WaitUntil(u64),
    /// The link is up: nothing to do until it is lost.
    Rest,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Waiting { until_ms: u64 },
    Greeting,
    Up,
}

/// The machine.
#[derive(Clone, Debug)]
pub struct Link {
    phase: Phase,
    backoff: Backoff,
    session: u64,
}

impl Link {
    /// A link that has not been tried: hello is due at once.
    #[must_use]
    pub fn new() -> Self {
        Self {
            phase: Phase::Waiting { until_ms: 0 },
            backoff: Backoff::default(),
            session: 0,
        }
    }

    /// What to do at `now_ms`.
    pub fn next(&mut self, now_ms: u64) -> LinkStep {
        match self.phase {
            Phase::Waiting { until_ms } if now_ms < until_ms => LinkStep::WaitUntil(until_ms),
            Phase::Waiting { .. } | Phase::Greeting => {
                self.phase = Phase::Greeting;
                LinkStep::SayHello
            }
            Phase::Up => LinkStep::Rest,
        }
    }

    /// Somebody knows better than the clock: "sync now", a network that came back.
    pub fn poke(&mut self) {
        self.backoff.reset();
        if let Phase::Waiting { until_ms } = &mut self.phase {
            *until_ms = 0;
        }
    }

    /// Hello succeeded. Gives the session its number, by which later losses are told apart.
    pub fn joined(&mut self) -> u64 {
        self.phase = Phase::Up;
        self.session += 1;
        self.session
    }

    /// A call of this session succeeded. Only this, not a mere hello, makes the next failure the
    /// first one: a hub that greets and then refuses everything is not hammered.
    pub fn proven(&mut self, session: u64) {
        if session == self.session && self.phase == Phase::Up {
            self.backoff.reset();
        }
    }

    /// Hello failed.
    pub fn failed(&mut self, trouble: &Trouble, chance: u32, now_ms: u64) {
        let wait_ms = self.backoff.fail(chance, trouble.retry_after_ms());
        self.phase = Phase::Waiting {
            until_ms: now_ms.saturating_add(wait_ms),
        };
    }

    /// A call of `session` met trouble that ends the link. False when that session is history.
    pub fn lost(&mut self, session: u64, trouble: &Trouble, chance: u32, now_ms: u64) -> bool {
        if session != self.session || self.phase != Phase::Up {
            return false;
        }
        // A session that worked until now is renewed at once: the hub was restarted, or its token ran out.
        let chance = if self.backoff.failures() == 0 {
            0
        } else {
            chance
        };
        self.failed(trouble, chance, now_ms);
        true
    }

    /// When the next hello is due, while waiting.
    #[must_use]
    pub fn next_try_ms(&self) -> Option<u64> {
        match self.phase {
            Phase::Waiting { until_ms } => Some(until_ms),
            Phase::Greeting | Phase::Up => None,
        }
    }
}

impl Default for Link {
    fn default() -> Self {
        Self::new()
    }
}

/// Where this desk stands when it says hello.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The office's log.
    pub scope: ScopeId,
    /// Its own chain.
    pub chain: Chain,
    /// The log that it has read from, if any.
    pub log_id: Option<Uuid>,
}

/// What a hello means for this desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Greeting {
    /// Go on.
    Join,
    /// Go on in another epoch, after saying hello again.
    TakeEpoch {
        /// Which.
        epoch: u32,
        /// The number slice that goes with it.
        slot: u16,
    },
    /// This hub is not for us, as it stands.
    Refuse(Trouble),
}

/// Judges the hub's answer to hello.
#[must_use]
pub fn judge_hello(ours: &Standing, hub: &HelloResponse) -> Greeting {
    if hub.scope != ours.scope {
        return Greeting::Refuse(Trouble::OtherOffice);
    }
    if ours.log_id.is_some_and(|log_id| log_id != hub.log_id) {
        return Greeting::Refuse(Trouble::OtherLog);
    }
    if hub.epoch > ours.chain.epoch {
        return Greeting::TakeEpoch {
            epoch: hub.epoch,
            slot: hub.slot,
        };
    }
    let known_beyond_us = hub.acked_dseq > ours.chain.dseq;
    if hub.action == HelloAction::Forked || hub.epoch < ours.chain.epoch || known_beyond_us {
        return Greeting::Refuse(Trouble::Forked);
    }
    Greeting::Join
}

#[cfg(test)]
mod tests {
    use motcua_core::ids::{DeviceId, Hash};

    use super::*;
    use crate::exchange::backoff::{BACKOFF_FIRST_MS, BACKOFF_FLOOR_MS};

    const ALL: u32 = u32::MAX;

    #[test]
    fn a_hub_that_is_off_is_asked_less_and_less_until_a_person_asks() {
        let mut link = Link::new();
        let mut now = 0;
        for seconds in [1, 2, 4] {
            assert_eq!(link.next(now), LinkStep::SayHello);
            link.failed(&Trouble::Unreachable, ALL, now);
            assert_eq!(
                link.next(now),
                LinkStep::WaitUntil(now + seconds * BACKOFF_FIRST_MS)
            );
            now += seconds * BACKOFF_FIRST_MS;
        }
        link.failed(&Trouble::Unreachable, ALL, now);
        link.poke();
        assert_eq!(link.next(now), LinkStep::SayHello);
        link.failed(&Trouble::Unreachable, ALL, now);
        assert_eq!(link.next_try_ms(), Some(now + BACKOFF_FIRST_MS));
    }

    #[test]
    fn a_session_that_worked_is_renewed_at_once() {
        let mut link = Link::new();
        assert_eq!(link.next(0), LinkStep::SayHello);
        let session = link.joined();
        link.proven(session);
        assert_eq!(link.next(5), LinkStep::Rest);
        assert!(link.lost(session, &Trouble::SessionEnded, ALL, 1_000));
        assert_eq!(link.next_try_ms(), Some(1_000 + BACKOFF_FLOOR_MS));
    }

    #[test]
    fn a_hub_that_greets_and_then_refuses_everything_is_not_hammered() {
        let mut link = Link::new();
        let mut now = 0;
        for _ in 0..6 {
            assert_eq!(link.next(now), LinkStep::SayHello);
            let session = link.joined();
            assert!(link.lost(session, &Trouble::SessionEnded, ALL, now));
            now = link.next_try_ms().unwrap();
        }
        assert!(now > 30 * BACKOFF_FIRST_MS, "{now}");
    }

    #[test]
    fn trouble_of_an_old_session_does_not_end_the_new_one() {
        let mut link = Link::new();
        link.next(0);
        let old = link.joined();
        assert!(link.lost(old, &Trouble::Broken, 0, 10));
        assert!(
            !link.lost(old, &Trouble::Broken, 0, 11),
            "two loops meet the same break"
        );
        link.next(1_000);
        let new = link.joined();
        assert!(!link.lost(old, &Trouble::Broken, 0, 1_001));
        assert_eq!(link.next(1_002), LinkStep::Rest);
        assert!(link.lost(new, &Trouble::Broken, 0, 1_003));
    }

    fn hello(change: impl FnOnce(&mut HelloResponse)) -> Greeting {
        let device = DeviceId::derived("quầy 1");
        let log_id = Uuid::from_u128(1);
        let ours = Standing {
            scope: ScopeId("H56.6.17".into()),
            chain: Chain {
                device,
                epoch: 2,
                dseq: 10,
                head: Hash::of(b"10"),
            },
            log_id: Some(log_id),
        };
        let mut hub = HelloResponse {
            hub: "Máy quầy 1".into(),
            machine: "m".into(),
            scope: ours.scope.clone(),
            log_id,
            acked_dseq: 7,
            chain_at_acked: Hash::of(b"7"),
            earlier: Vec::new(),
            epoch: 2,
            slot: 4,
            token: "t".into(),
            time_ms: 0,
            push_ops_max: 500,
            push_bytes_max: 1024,
            action: HelloAction::Ok,
        };
        change(&mut hub);
        judge_hello(&ours, &hub)
    }

    #[test]
    fn every_greeting_has_one_meaning() {
        assert_eq!(hello(|_| {}), Greeting::Join);
        assert_eq!(hello(|h| h.acked_dseq = 10), Greeting::Join);
        assert_eq!(
            hello(|h| h.scope = ScopeId("H56.6.18".into())),
            Greeting::Refuse(Trouble::OtherOffice)
        );
        assert_eq!(
            hello(|h| h.log_id = Uuid::nil()),
            Greeting::Refuse(Trouble::OtherLog)
        );
        assert_eq!(
            hello(|h| {
                h.epoch = 3;
                h.action = HelloAction::Forked;
            }),
            Greeting::TakeEpoch { epoch: 3, slot: 4 }
        );
        assert_eq!(
            hello(|h| h.action = HelloAction::Forked),
            Greeting::Refuse(Trouble::Forked)
        );
        assert_eq!(
            hello(|h| h.acked_dseq = 11),
            Greeting::Refuse(Trouble::Forked)
        );
        assert_eq!(hello(|h| h.epoch = 1), Greeting::Refuse(Trouble::Forked));
    }
}
