//! Carries messages to the province, a few at a time, one of a dossier at a time.
//!
//! Request bytes are on disk before they are sent, response bytes before anybody is told.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use motcua_core::dossier::{Dossier, ProvinceAnswered, ProvinceOutcome};
use motcua_core::event::Event;
use motcua_core::ids::Hash;
use motcua_core::op::SealedOp;
use motcua_core::state::State;
use motcua_ledger::hub::{ForwardJob, ForwardState};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::breaker::Breaker;
use super::gateway::{Gateway, GatewayError, LookedUp, News, NotTaken, Sent};
use super::gauge::ProvinceState;
use super::machine::{self, Memo, Now, Settled, Step};
use super::national::{NationalGateway, Pace, Province};
use crate::app::{App, blocking, head, office, random};
use crate::clock::{local, wall_ms};
use crate::error::ApiError;
use crate::limits::PAGE_BYTES_MAX;

/// Messages on their way at once.
const IN_FLIGHT_MAX: usize = 4;
/// Steps with one message before it is written back.
const STEPS_MAX: usize = 5;
/// The queue is looked at this often even when nobody says that there is something, in milliseconds.
const IDLE_LOOK_MS: u64 = 5_000;
/// After a failure of the own store, in milliseconds.
const STORE_RETRY_MS: u64 = 2_000;

/// The connector over one gateway.
pub struct Connector<G = NationalGateway> {
    gateway: G,
    pace: Pace,
    practice: bool,
}

impl Connector<NationalGateway> {
    /// For a province of the national family.
    ///
    /// # Errors
    /// [`GatewayError`].
    pub fn new(province: Province) -> Result<Self, GatewayError> {
        let (pace, practice) = (province.pace, province.practice);
        Ok(Self {
            gateway: NationalGateway::new(province)?,
            pace,
            practice,
        })
    }
}

impl<G: Gateway> Connector<G> {
    /// For any gateway.
    pub fn over(gateway: G, pace: Pace) -> Self {
        Self {
            gateway,
            pace,
            practice: false,
        }
    }

    /// Works until `closing`. What is on its way then is looked up by the next run.
    pub async fn run(self, app: Arc<App>, mut closing: watch::Receiver<bool>) {
        let work = Work {
            connector: self,
            app,
            breaker: Mutex::default(),
            memos: Mutex::default(),
            soonest_ms: Mutex::default(),
        };
        tokio::select! {
            _ = closing.wait_for(|closing| *closing) => {}
            () = Arc::new(work).serve() => {}
        }
    }
}

struct Work<G> {
    connector: Connector<G>,
    app: Arc<App>,
    breaker: Mutex<Breaker>,
    memos: Mutex<HashMap<i64, Memo>>,
    /// When the next message that waits is due.
    soonest_ms: Mutex<Option<i64>>,
}

impl<G: Gateway> Work<G> {
    async fn serve(self: Arc<Self>) {
        let mut in_flight = JoinSet::new();
        loop {
            let wait_ms = match self.claim(in_flight.len()).await {
                Ok(Some(job)) => {
                    let work = Arc::clone(&self);
                    in_flight.spawn(async move { work.carry(job).await });
                    continue;
                }
                Ok(None) => self.idle_ms(),
                Err(error) => {
                    tracing::error!(%error, "the queue to the province could not be read");
                    STORE_RETRY_MS
                }
            };
            tokio::select! {
                () = self.app.forward.notified() => {}
                Some(_) = in_flight.join_next() => {}
                () = tokio::time::sleep(Duration::from_millis(wait_ms)) => {}
            }
        }
    }

    /// The next message that may go out.
    async fn claim(&self, in_flight: usize) -> Result<Option<ForwardJob>, ApiError> {
        if in_flight >= IN_FLIGHT_MAX || lock(&self.breaker).admit(self.app.now_ms()).is_err() {
            return Ok(None);
        }
        let lease_ms = self.connector.pace.lease_ms;
        let claimed = blocking(&self.app, move |app| {
            let now_ms = wall_ms();
            Ok(app
                .store
                .claim_forward(now_ms, now_ms.saturating_add(lease_ms))?)
        })
        .await;
        if !matches!(claimed, Ok(Some(_))) {
            lock(&self.breaker).unused();
        }
        claimed
    }

    /// How long there is nothing to do.
    fn idle_ms(&self) -> u64 {
        let mut soonest = lock(&self.soonest_ms);
        let Some(due_ms) = *soonest else {
            return IDLE_LOOK_MS;
        };
        let left_ms = u64::try_from(due_ms.saturating_sub(wall_ms())).unwrap_or(0);
        if left_ms == 0 {
            *soonest = None;
        }
        left_ms.clamp(1, IDLE_LOOK_MS)
    }

    /// Takes one message as far as it goes now.
    async fn carry(&self, mut job: ForwardJob) {
        let mut step = machine::begin(&job);
        if job.request.is_none() {
            match self.prepare(&job).await {
                Ok(Some(request)) => job.request = Some(request),
                Ok(None) => step = Step::Settle(nothing_to_say()),
                Err(error) => {
                    return tracing::error!(%error, job = job.id, "a message could not be made");
                }
            }
        }
        for _ in 0..STEPS_MAX {
            step = match step {
                Step::Send => self.send(&mut job).await,
                Step::SendUpdate => {
                    job.request = job
                        .request
                        .map(|request| self.connector.gateway.as_update(&request));
                    self.send(&mut job).await
                }
                Step::LookUp => self.look_up(&mut job).await,
                Step::Settle(settled) => return self.settle(job, settled).await,
            };
        }
        let settled = match step {
            Step::Settle(settled) => settled,
            _ => machine::exhausted(&job, self.now()),
        };
        self.settle(job, settled).await;
    }

    async fn prepare(&self, job: &ForwardJob) -> Result<Option<Vec<u8>>, ApiError> {
        let (seq, entity) = (job.seq, job.dossier);
        let known = blocking(&self.app, move |app| {
            let page = app.store.page(seq.saturating_sub(1), 1, PAGE_BYTES_MAX)?;
            let op = page
                .lines
                .into_iter()
                .find(|line| line.seq == seq)
                .map(|line| line.op);
            let dossier = app.store.state(entity)?.and_then(State::into_dossier);
            Ok((op, dossier, office(&*app.store, &app.about.scope)?))
        })
        .await?;
        let (Some(op), Some(dossier), office) = known else {
            return Ok(None);
        };
        Ok(self.request(&op, &dossier, office.as_ref()))
    }

    fn request(
        &self,
        op: &SealedOp,
        dossier: &Dossier,
        office: Option<&motcua_core::office::Office>,
    ) -> Option<Vec<u8>> {
        let event = op.event()?;
        // Practice never leaves for a real province, and a practice province hears of nothing real.
        let is_practice =
            office.is_some_and(|office| office.profile.practice) || dossier.received.practice;
        if is_practice != self.connector.practice {
            return None;
        }
        self.connector.gateway.prepare(News {
            dossier,
            event: &event,
            actor: op.op.actor,
            office,
        })
    }

    async fn send(&self, job: &mut ForwardJob) -> Step {
        let request = job.request.clone().unwrap_or_default();
        job.state = ForwardState::Sending;
        if let Err(error) = self.store(job.clone(), None).await {
            tracing::error!(%error, job = job.id, "a message is not sent before it is on disk");
            return Step::Settle(machine::exhausted(job, self.now()));
        }
        let seen = self.connector.gateway.send(job.key, &request).await;
        tracing::info!(job = job.id, dossier = %job.dossier, outcome = ?seen.outcome, "sent to the province");
        job.response = Some(seen.evidence);
        self.note(sent_says(&seen.outcome));
        machine::after_send(
            job,
            self.memos().entry(job.id).or_default(),
            &seen.outcome,
            self.now(),
        )
    }

    async fn look_up(&self, job: &mut ForwardJob) -> Step {
        let request = job.request.clone().unwrap_or_default();
        let seen = self.connector.gateway.look_up(&request).await;
        tracing::info!(job = job.id, dossier = %job.dossier, outcome = ?seen.outcome, "looked up at the province");
        job.response = Some(seen.evidence);
        self.note(look_up_says(&seen.outcome));
        machine::after_look_up(
            job,
            self.memos().entry(job.id).or_default(),
            &seen.outcome,
            self.now(),
        )
    }

    async fn settle(&self, mut job: ForwardJob, settled: Settled) {
        job.state = settled.state;
        job.not_before_ms = settled.not_before_ms;
        let is_over = matches!(job.state, ForwardState::Confirmed | ForwardState::Parked);
        if is_over {
            self.memos().remove(&job.id);
        } else {
            let mut soonest = lock(&self.soonest_ms);
            let due_ms = soonest.map_or(job.not_before_ms, |known| known.min(job.not_before_ms));
            *soonest = Some(due_ms);
        }
        let id = job.id;
        if let Err(error) = self.store(job, settled.answer).await {
            // The lease ends and the message is looked up again: nothing is lost, nothing is sent twice.
            tracing::error!(%error, job = id, "an answer of the province could not be kept");
        }
    }

    /// Writes a message back, with what the office is told.
    async fn store(
        &self,
        job: ForwardJob,
        answer: Option<ProvinceOutcome>,
    ) -> Result<(), ApiError> {
        blocking(&self.app, move |app| {
            let now_ms = wall_ms();
            let event = answer.map(|outcome| {
                let request = Hash::of(job.request.as_deref().unwrap_or_default());
                Event::ProvinceAnswered(ProvinceAnswered {
                    outcome,
                    at: local(now_ms),
                    request,
                })
            });
            app.store.settle_forward(&job, event.as_ref(), now_ms)?;
            if event.is_some() {
                app.announce(head(&*app.store)?, Vec::new());
            }
            Ok(())
        })
        .await
    }

    fn note(&self, state: ProvinceState) {
        self.app.province.saw(state);
        let mut breaker = lock(&self.breaker);
        match state {
            ProvinceState::Answers => breaker.answered(),
            _ => breaker.failed(chance(), self.app.now_ms()),
        }
    }

    fn now(&self) -> Now {
        Now {
            ms: wall_ms(),
            chance: chance(),
            absent_apart_ms: self.connector.pace.absent_apart_ms,
        }
    }

    fn memos(&self) -> MutexGuard<'_, HashMap<i64, Memo>> {
        lock(&self.memos)
    }
}

fn nothing_to_say() -> Settled {
    Settled {
        state: ForwardState::Confirmed,
        not_before_ms: 0,
        answer: None,
    }
}

fn sent_says(sent: &Sent) -> ProvinceState {
    match sent {
        Sent::Accepted { .. } | Sent::Exists | Sent::Refused { .. } => ProvinceState::Answers,
        Sent::NotTaken(why) => not_taken_says(*why),
        Sent::Unknown(_) => ProvinceState::Silent,
    }
}

fn look_up_says(found: &LookedUp) -> ProvinceState {
    match found {
        LookedUp::Unknown(_) => ProvinceState::Silent,
        LookedUp::NotTaken(why) => not_taken_says(*why),
        _ => ProvinceState::Answers,
    }
}

fn not_taken_says(why: NotTaken) -> ProvinceState {
    match why {
        NotTaken::WrongCredentials => ProvinceState::WrongCredentials,
        NotTaken::Later { .. } => ProvinceState::Answers,
        NotTaken::NoConnection | NotTaken::Misdirected { .. } => ProvinceState::Silent,
    }
}

fn chance() -> u32 {
    random().map_or(u32::MAX, |[a, b, c, d, ..]| {
        u32::from_be_bytes([a, b, c, d])
    })
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
