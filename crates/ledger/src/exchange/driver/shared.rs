//! What the loops share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ed25519_dalek::SigningKey;
use tokio::sync::{Mutex, Notify, mpsc, watch};
use tokio::time::Instant;

use crate::exchange::client::{HubClient, Pass};
use crate::exchange::desk_side::DeskSide;
use crate::exchange::status::{ExchangeEvent, LinkStatus};
use crate::exchange::trouble::Trouble;
use crate::hub::StoreError;

/// Messages to the link that may wait.
const LINK_MAIL_MAX: usize = 64;

/// What hello gave.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) number: u64,
    pub(super) pass: Pass,
    pub(super) epoch: u32,
    pub(super) acked_dseq: u64,
    pub(super) push_ops_max: usize,
    pub(super) push_bytes_max: usize,
}

/// What the other loops tell the link.
#[derive(Debug)]
pub(super) enum LinkMail {
    /// A call of this session succeeded.
    Proven(u64),
    /// A call of this session met trouble that ends the link.
    Lost(u64, Trouble),
}

/// A wake-up that is not lost when the loop is busy, with or without urgency.
#[derive(Debug, Default)]
pub(super) struct Wake {
    notify: Notify,
    urgent: AtomicBool,
}

impl Wake {
    pub(super) fn wake(&self) {
        self.notify.notify_one();
    }

    pub(super) fn wake_urgent(&self) {
        self.urgent.store(true, Ordering::Release);
        self.notify.notify_one();
    }
}

/// One for each loop that can be woken.
#[derive(Debug, Default)]
pub(super) struct Wakes {
    pub(super) link: Wake,
    pub(super) push: Wake,
    pub(super) pull: Wake,
    pub(super) blobs: Wake,
    pub(super) live: Wake,
}

impl Wakes {
    pub(super) fn all_urgent(&self) {
        for wake in [&self.link, &self.push, &self.pull, &self.blobs, &self.live] {
            wake.wake_urgent();
        }
    }
}

/// Why a pause ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Woken {
    /// Somebody woke the loop.
    Called {
        /// A person asks.
        urgent: bool,
    },
    /// A session began or ended.
    Session,
    /// The time has come.
    Time,
}

pub(super) struct Shared {
    pub(super) client: HubClient,
    pub(super) key: SigningKey,
    pub(super) app: String,
    pub(super) desk: Arc<dyn DeskSide>,
    pub(super) status: watch::Sender<LinkStatus>,
    pub(super) session: watch::Sender<Option<Arc<Session>>>,
    pub(super) live: watch::Sender<bool>,
    /// Whether operations are on their way: scans let them pass.
    pub(super) pushing: watch::Sender<bool>,
    pub(super) wakes: Wakes,
    /// Held while a batch is on the wire and while hello reads the own chain, so that the hub never sees a
    /// hello that is older than a push.
    pub(super) push_gate: Mutex<()>,
    events: Box<dyn Fn(ExchangeEvent) + Send + Sync>,
    link_mail: mpsc::Sender<LinkMail>,
    closing: watch::Sender<bool>,
    started: Instant,
}

impl Shared {
    pub(super) fn new(
        client: HubClient,
        key: SigningKey,
        app: String,
        desk: Arc<dyn DeskSide>,
        events: Box<dyn Fn(ExchangeEvent) + Send + Sync>,
    ) -> (Self, mpsc::Receiver<LinkMail>) {
        let (link_mail, inbox) = mpsc::channel(LINK_MAIL_MAX);
        let shared = Self {
            client,
            key,
            app,
            desk,
            status: watch::Sender::new(LinkStatus::starting(wall_ms())),
            session: watch::Sender::new(None),
            live: watch::Sender::new(false),
            pushing: watch::Sender::new(false),
            wakes: Wakes::default(),
            push_gate: Mutex::new(()),
            events,
            link_mail,
            closing: watch::Sender::new(false),
            started: Instant::now(),
        };
        (shared, inbox)
    }

    /// Monotonic milliseconds, for the machines.
    pub(super) fn now_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// A machine's time as milliseconds since 1970, for people.
    pub(super) fn to_wall_ms(&self, machine_ms: u64) -> i64 {
        let ahead = machine_ms.saturating_sub(self.now_ms());
        wall_ms().saturating_add(i64::try_from(ahead).unwrap_or(i64::MAX))
    }

    /// Calls the store off the async threads.
    pub(super) async fn store<T: Send + 'static>(
        &self,
        act: impl FnOnce(&dyn DeskSide) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Trouble> {
        let desk = Arc::clone(&self.desk);
        let done = tokio::task::spawn_blocking(move || act(&*desk)).await;
        match done {
            Ok(result) => result.map_err(Trouble::from),
            Err(_) => Err(Trouble::Closing),
        }
    }

    pub(super) fn tell(&self, event: ExchangeEvent) {
        (self.events)(event);
    }

    /// Changes the status and says so, if it really changed.
    pub(super) fn update(&self, change: impl FnOnce(&mut LinkStatus)) {
        let has_changed = self.status.send_if_modified(|status| {
            let before = status.clone();
            change(status);
            *status != before
        });
        if has_changed {
            self.tell(ExchangeEvent::Status);
        }
    }

    /// Counts what waits, for the status.
    pub(super) async fn count_pending(&self) {
        if let Ok(pending) = self.store(|desk| desk.pending()).await {
            self.update(|status| {
                status.pending_ops = pending.ops;
                status.pending_blobs = pending.blobs;
            });
        }
    }

    /// Tells the link of trouble that ends it.
    pub(super) async fn report(&self, session: u64, trouble: &Trouble) {
        if trouble.ends_link() {
            let _ = self
                .link_mail
                .send(LinkMail::Lost(session, trouble.clone()))
                .await;
        }
    }

    /// Tells the link that a call succeeded.
    pub(super) async fn prove(&self, session: u64) {
        let _ = self.link_mail.send(LinkMail::Proven(session)).await;
    }

    pub(super) fn close(&self) {
        self.closing.send_replace(true);
    }

    /// Runs a loop until the exchange closes.
    pub(super) async fn until_closing(&self, body: impl Future<Output = ()>) {
        let mut closing = self.closing.subscribe();
        tokio::select! {
            _ = closing.wait_for(|closing| *closing) => {}
            () = body => {}
        }
    }

    /// Waits for a wake-up, a change of session or `until_ms`.
    pub(super) async fn pause(
        &self,
        wake: &Wake,
        session: &mut watch::Receiver<Option<Arc<Session>>>,
        until_ms: Option<u64>,
    ) -> Woken {
        let time = async {
            match until_ms {
                Some(until_ms) => {
                    tokio::time::sleep_until(self.started + Duration::from_millis(until_ms)).await;
                }
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = wake.notify.notified() => Woken::Called { urgent: wake.urgent.swap(false, Ordering::AcqRel) },
            Ok(()) = session.changed() => Woken::Session,
            () = time => Woken::Time,
        }
    }
}

/// Trouble of one flow with the link up. What ends the link is told by the link.
pub(super) fn standing(trouble: Option<&Trouble>) -> Option<Trouble> {
    trouble.filter(|trouble| !trouble.ends_link()).cloned()
}

/// This machine's clock, milliseconds since 1970. For people and for evidence; nothing is ordered by it.
pub(super) fn wall_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

/// Chance for back-off. Without a source of it everybody waits the full time, which is safe.
pub(super) fn chance() -> u32 {
    getrandom::u32().unwrap_or(u32::MAX)
}
