//! Acts: the one way in which this machine writes to the log.

use std::borrow::Borrow;
use std::ops::RangeInclusive;
use std::sync::Arc;

use jiff::civil::{Date, DateTime};
use motcua_core::dossier::{BlobRef, Dossier};
use motcua_core::event::Event;
use motcua_core::ids::{EntityId, PrintJobId, ScopeId};
use motcua_core::numbers::Series;
use motcua_core::office::Office;
use motcua_core::op::{self, Chain, OpId, Place, SealedOp, Stamp};
use motcua_core::queue::Ticket;
use motcua_core::refusal::Refusal;
use motcua_core::state::{Decision, State, office_entity};
use serde::{Deserialize, Serialize};

use super::{ActError, DeskStore, FIRST_SLOT, OWN_NUMBERS_FROM, SLOT, exchange};
use crate::clock;
use crate::exchange::Joined;
use crate::node::{self, NodeKeeper};
use crate::store::{
    self, Draft, Folding, NewOp, NewPrintJob, PrintJob, PrintJobState, ReadTx, StoreError, Taken,
    WriteTx,
};

pub(super) const SEEN_MS: &str = "seen_ms";
const LOCAL_PREFIX: &str = "local:";
const JOINED: &str = "joined";

/// How the hub is reached.
#[derive(Serialize, Deserialize)]
struct Link {
    url: String,
    ca_pem: String,
    hub: String,
}

impl From<&Joined> for Link {
    fn from(joined: &Joined) -> Self {
        Self {
            url: joined.url.clone(),
            ca_pem: joined.ca_pem.clone(),
            hub: joined.hub.clone(),
        }
    }
}

/// An act that is durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acted<R> {
    /// What the act gave.
    pub value: R,
    /// The operations that it wrote, in order; the last one carries the signature of all.
    pub ops: Vec<OpId>,
}

/// The transaction of an act.
pub struct ActTx<'a, 'c> {
    tx: &'a WriteTx<'c>,
    keeper: &'a mut NodeKeeper,
    folding: Folding<'a, 'c>,
    scope: ScopeId,
    stamp: Stamp,
    start: u64,
    chain: Chain,
    written: Vec<(i64, SealedOp)>,
}

impl DeskStore {
    /// Runs an act and waits until it is durable.
    ///
    /// # Errors
    /// [`ActError`]; nothing of the act was kept then, not even its numbers.
    pub async fn act<R, F>(&self, stamp: Stamp, act: F) -> Result<Acted<R>, ActError>
    where
        R: Send + 'static,
        F: FnOnce(&mut ActTx<'_, '_>) -> Result<R, ActError> + Send + 'static,
    {
        let start = self.inner.start;
        let answer = self
            .inner
            .writer
            .submit(move |tx, keeper| run(tx, keeper, stamp, start, act))?;
        answer
            .await
            .unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    /// The same, for threads that may block.
    ///
    /// # Errors
    /// [`ActError`].
    pub fn act_blocking<R, F>(&self, stamp: Stamp, act: F) -> Result<Acted<R>, ActError>
    where
        R: Send + 'static,
        F: FnOnce(&mut ActTx<'_, '_>) -> Result<R, ActError> + Send + 'static,
    {
        let start = self.inner.start;
        self.inner
            .writer
            .run(move |tx, keeper| run(tx, keeper, stamp, start, act))
    }

    /// A person has looked at the clock and says that it is right: the guard forgets what it had seen.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn trust_clock(&self, now_ms: i64) -> Result<(), StoreError> {
        self.inner
            .writer
            .run(move |tx, _| tx.set_fact(SEEN_MS, &now_ms))
    }

    /// Keeps a draft, durable on return. How often is the caller's to decide.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn save_draft(&self, id: EntityId, json: String) -> Result<(), StoreError> {
        let draft = Draft {
            id,
            json,
            updated_ms: clock::now_ms(),
        };
        self.write(move |tx| tx.save_draft(&draft)).await
    }

    /// Throws a draft away.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn end_draft(&self, id: EntityId) -> Result<(), StoreError> {
        self.write(move |tx| tx.end_draft(id)).await
    }

    /// Moves a print job on outside an act: what a printer tells has nobody who acts. An empty detail keeps
    /// the one that it has. False when there is no such job.
    ///
    /// # Errors
    /// [`StoreError::PrintStep`] when it does not go from its state to that one.
    pub async fn set_print_state(
        &self,
        id: PrintJobId,
        to: PrintJobState,
        detail: String,
    ) -> Result<bool, StoreError> {
        let now_ms = clock::now_ms();
        self.write(move |tx| Ok(tx.update_print(id, to, &detail, now_ms)?.is_some()))
            .await
    }

    /// Keeps bytes and names them. Durable on return; nothing refers to them yet.
    ///
    /// # Errors
    /// [`StoreError::Blob`]: empty, too large, disk full.
    pub async fn put_blob(&self, bytes: Vec<u8>, mime: &str) -> Result<BlobRef, StoreError> {
        let (inner, mime) = (Arc::clone(&self.inner), mime.to_owned());
        let stored = tokio::task::spawn_blocking(move || inner.blobs.put(bytes.as_slice())).await;
        let stored = stored.map_err(|_| StoreError::ActPanicked)??;
        Ok(BlobRef {
            sha256: stored.sha256,
            size: stored.size,
            mime,
        })
    }

    async fn write<T, F>(&self, act: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&WriteTx<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let answer = self.inner.writer.submit(move |tx, _| act(tx))?;
        answer.await.unwrap_or(Err(StoreError::Closed))
    }

    /// Keeps a setting of this machine that is no operation: which printer, which theme, which hub.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_local<T: serde::Serialize>(&self, key: &str, value: &T) -> Result<(), StoreError> {
        let (key, value) = (format!("{LOCAL_PREFIX}{key}"), serde_json::to_value(value)?);
        self.inner
            .writer
            .run(move |tx, _| tx.set_fact(&key, &value))
    }

    /// Forgets a setting of this machine.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn forget_local(&self, key: &str) -> Result<(), StoreError> {
        let key = format!("{LOCAL_PREFIX}{key}");
        self.inner.writer.run(move |tx, _| tx.forget_fact(&key))
    }

    /// A setting of this machine.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn local<T: serde::de::DeserializeOwned>(
        &self,
        key: &str,
    ) -> Result<Option<T>, StoreError> {
        self.inner
            .readers
            .read(|tx| tx.fact(&format!("{LOCAL_PREFIX}{key}")))
    }

    /// This machine has joined a hub: remembers how to reach it, takes its office's log, its slice of numbers
    /// and the epoch that it gave.
    ///
    /// # Errors
    /// [`StoreError::OtherStore`] when the store already belongs to another office.
    pub async fn save_joined(&self, joined: Joined) -> Result<(), StoreError> {
        let (device, now_ms) = (self.inner.identity.device, clock::now_ms());
        let answer = self.inner.writer.submit(move |tx, keeper| {
            if joined.device != device {
                return Err(StoreError::OtherStore(joined.device.to_string()));
            }
            node::claim_scope(tx, Some(&joined.scope))?;
            tx.set_fact(JOINED, &Link::from(&joined))?;
            exchange::adopt(tx, keeper, joined.epoch, Some(joined.slot), now_ms)
        })?;
        answer.await.unwrap_or(Err(StoreError::Closed))
    }

    /// The hub that this machine has joined; none for an office of one machine.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn joined(&self) -> Result<Option<Joined>, StoreError> {
        let (device, scope) = (self.inner.identity.device, self.inner.scope.clone());
        self.inner.readers.read(|tx| {
            let Some(link) = tx.fact::<Link>(JOINED)? else {
                return Ok(None);
            };
            let Link { url, ca_pem, hub } = link;
            Ok(Some(Joined {
                url,
                ca_pem,
                device,
                epoch: node::epoch(tx)?,
                slot: slot(tx)?,
                scope,
                hub,
            }))
        })
    }

    /// This machine's own slice of numbers.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn slot(&self) -> Result<u16, StoreError> {
        self.inner.readers.read(slot)
    }

    /// Whether a clock that says `now` can be true.
    ///
    /// # Errors
    /// [`Refusal::ClockDoubtful`]; [`StoreError`].
    pub fn clock_check(&self, now: DateTime) -> Result<(), ActError> {
        let seen = self.inner.readers.read(|tx| tx.fact::<i64>(SEEN_MS))?;
        Ok(clock::check(clock::ms(now), seen)?)
    }
}

fn slot(tx: &ReadTx<'_>) -> Result<u16, StoreError> {
    Ok(tx.fact(SLOT)?.unwrap_or(FIRST_SLOT))
}

fn run<R>(
    tx: &WriteTx<'_>,
    keeper: &mut NodeKeeper,
    stamp: Stamp,
    start: u64,
    act: impl FnOnce(&mut ActTx<'_, '_>) -> Result<R, ActError>,
) -> Result<Acted<R>, ActError> {
    let chain = node::chain(tx, keeper.identity.device)?;
    let scope = node::claim_scope(tx, None)?;
    let folding = Folding::new(tx);
    let mut act_tx = ActTx {
        tx,
        keeper,
        folding,
        scope,
        stamp,
        start,
        chain,
        written: Vec::new(),
    };
    let value = act(&mut act_tx)?;
    let ops = act_tx.finish()?;
    Ok(Acted { value, ops })
}

/// The hub's time is the office's: it is believed also where it is earlier than what was seen here, as long as
/// this program can have existed then.
pub(super) fn believe_hub(tx: &WriteTx<'_>, hub_ms: i64) -> Result<(), StoreError> {
    if hub_ms < clock::RELEASED_MS {
        return Ok(());
    }
    tx.set_fact(SEEN_MS, &hub_ms)
}

impl ActTx<'_, '_> {
    /// A dossier as it stands now.
    ///
    /// # Errors
    /// [`ActError::Store`].
    pub fn dossier(&mut self, id: EntityId) -> Result<Option<Dossier>, ActError> {
        Ok(self
            .folding
            .state(id)?
            .cloned()
            .and_then(State::into_dossier))
    }

    /// A dossier that must be there.
    ///
    /// # Errors
    /// [`Refusal::NoSuchDossier`].
    pub fn known_dossier(&mut self, id: EntityId) -> Result<Dossier, ActError> {
        self.dossier(id)?
            .ok_or_else(|| Refusal::NoSuchDossier.into())
    }

    /// A ticket as it stands now.
    ///
    /// # Errors
    /// [`ActError::Store`].
    pub fn ticket(&mut self, id: EntityId) -> Result<Option<Ticket>, ActError> {
        Ok(self
            .folding
            .state(id)?
            .cloned()
            .and_then(State::into_ticket))
    }

    /// Every ticket of a day, by label; with what this act has recorded so far.
    ///
    /// # Errors
    /// [`ActError::Store`].
    pub fn tickets(&mut self, day: Date) -> Result<Vec<Ticket>, ActError> {
        let mut tickets: Vec<Ticket> = self
            .tx
            .tickets(day)?
            .into_iter()
            .filter(|ticket| !self.has_written(ticket.id))
            .collect();
        let mut written: Vec<EntityId> = self.written.iter().map(|(_, op)| op.op.entity).collect();
        written.sort_unstable();
        written.dedup();
        for entity in written {
            let ticket = self.ticket(entity)?;
            tickets.extend(ticket.filter(|ticket| ticket.issued.day == day));
        }
        tickets.sort_by(|a, b| a.issued.label.cmp(&b.issued.label));
        Ok(tickets)
    }

    fn has_written(&self, entity: EntityId) -> bool {
        self.written.iter().any(|(_, op)| op.op.entity == entity)
    }

    /// The office as it stands now; none before it is set up.
    ///
    /// # Errors
    /// [`ActError::Store`].
    pub fn office(&mut self) -> Result<Option<Office>, ActError> {
        let entity = office_entity(&self.scope);
        Ok(self
            .folding
            .state(entity)?
            .cloned()
            .and_then(State::into_office))
    }

    /// The office's log.
    #[must_use]
    pub fn scope(&self) -> &ScopeId {
        &self.scope
    }

    /// Who acts, when.
    #[must_use]
    pub fn stamp(&self) -> Stamp {
        self.stamp
    }

    /// Whether the machine's clock can be true; asked before anything with a date is numbered or printed.
    ///
    /// # Errors
    /// [`Refusal::ClockDoubtful`].
    pub fn clock_check(&self, now: DateTime) -> Result<(), ActError> {
        Ok(clock::check(clock::ms(now), self.tx.fact(SEEN_MS)?)?)
    }

    /// Takes the number of a day: the one that the hub granted, else the next one of the slice. The same
    /// key gets the same number again, and a refusal gives it back.
    ///
    /// # Errors
    /// [`Refusal::NumbersUsedUp`] when the slice is used up, or when this store was put back from an old copy
    /// and nobody knows which numbers of the day were given out; [`Refusal::NumberTaken`] when the granted
    /// number already belongs to something else.
    pub fn take_number(
        &mut self,
        series: &Series,
        day: Date,
        slice: RangeInclusive<u32>,
        granted: Option<u32>,
        key: &str,
    ) -> Result<u32, ActError> {
        let used_up = || {
            ActError::from(Refusal::NumbersUsedUp {
                series: series.to_string(),
            })
        };
        let taken = match granted {
            Some(granted) => self.tx.keep_granted(series, day, granted, key)?,
            None => {
                let own_from: Option<Date> = self.tx.fact(OWN_NUMBERS_FROM)?;
                if own_from.is_some_and(|from| day < from) {
                    return Err(used_up());
                }
                self.tx.take_number(series, day, &slice, key)?
            }
        };
        self.keeper.touched = true;
        match taken {
            Taken::Number(number) => Ok(number),
            Taken::UsedUp => Err(used_up()),
            Taken::Belongs(number) => Err(Refusal::NumberTaken {
                number: format!("{series} {number}"),
            }
            .into()),
        }
    }

    /// Records an event: judges it, hangs it onto the machine's chain, puts it into the outbox, folds it. What
    /// was said before is not said again.
    ///
    /// # Errors
    /// [`Refusal::NumberTaken`] when another dossier has the code; [`StoreError::WouldNotStand`] for anything
    /// else that would not stand.
    pub fn record(
        &mut self,
        entity: EntityId,
        event: impl Borrow<Event>,
    ) -> Result<Decision, ActError> {
        let event = event.borrow();
        let scope = self.scope.clone();
        let base = self.folding.seen(entity)?;
        let place = Place {
            id: self.chain.next_id(),
            prev: self.chain.head,
            scope: scope.clone(),
            base,
        };
        let op = SealedOp::seal(place, self.stamp, entity, event).map_err(StoreError::from)?;
        let decision = self.folding.judge(&op, event, None)?;
        match &decision {
            Decision::Duplicate => return Ok(decision),
            decided if decided.stands() => {}
            Decision::Conflict { code } if code == store::NUMBER_TAKEN => {
                return Err(number_taken(event).into());
            }
            _ => {
                return Err(StoreError::WouldNotStand {
                    kind: op.op.kind,
                    decision,
                }
                .into());
            }
        }
        let new = NewOp {
            place: None,
            op: &op,
            decision: &decision,
            signature: None,
            recv_ms: self.stamp.clock.wall_ms,
        };
        let id = self.tx.insert_op(&new)?;
        self.folding.fold(&op, event, None, &decision)?;
        store::note_event(self.tx, &op, event, &scope)?;
        self.tx.queue_blobs(&store::blobs_of(event))?;
        self.chain = Chain {
            dseq: op.op.dseq,
            head: op.hash,
            ..self.chain
        };
        self.keeper.touched = true;
        self.written.push((id, op));
        Ok(decision)
    }

    /// Asks for a paper. The same identity asked for twice is one paper.
    ///
    /// # Errors
    /// [`ActError::Store`].
    pub fn queue_print(&mut self, job: impl Borrow<NewPrintJob>) -> Result<(), ActError> {
        Ok(self
            .tx
            .queue_print(job.borrow(), self.start, self.stamp.clock.wall_ms)?)
    }

    /// A paper that was asked for.
    ///
    /// # Errors
    /// [`ActError::Store`].
    pub fn print_job(&self, id: PrintJobId) -> Result<Option<PrintJob>, ActError> {
        Ok(self.tx.print_job(id, self.start)?)
    }

    /// Moves a print job on; false when there is no such job.
    ///
    /// # Errors
    /// [`StoreError::PrintStep`] when it does not go from its state to that one.
    pub fn update_print(
        &mut self,
        id: PrintJobId,
        to: PrintJobState,
        detail: &str,
    ) -> Result<bool, ActError> {
        Ok(self
            .tx
            .update_print(id, to, detail, self.stamp.clock.wall_ms)?
            .is_some())
    }

    /// Keeps a draft within the act.
    ///
    /// # Errors
    /// [`ActError::Store`].
    pub fn save_draft(&mut self, draft: &Draft) -> Result<(), ActError> {
        Ok(self.tx.save_draft(draft)?)
    }

    /// The draft became a dossier.
    ///
    /// # Errors
    /// [`ActError::Store`].
    pub fn end_draft(&mut self, id: EntityId) -> Result<(), ActError> {
        Ok(self.tx.end_draft(id)?)
    }

    /// Keeps bytes that a draft needs, as long as the draft lives. What an event speaks of is kept by itself.
    ///
    /// # Errors
    /// [`ActError::Store`].
    pub fn keep_blob_refs(&mut self, draft: EntityId, blobs: &[BlobRef]) -> Result<(), ActError> {
        Ok(self.tx.refer(draft, blobs)?)
    }

    /// Keeps a setting of this machine within the act.
    ///
    /// # Errors
    /// [`ActError::Store`].
    pub fn set_local<T: serde::Serialize>(&mut self, key: &str, value: &T) -> Result<(), ActError> {
        Ok(self.tx.set_fact(&format!("{LOCAL_PREFIX}{key}"), value)?)
    }

    fn finish(self) -> Result<Vec<OpId>, StoreError> {
        if let Some((id, last)) = self.written.last() {
            self.tx
                .sign_op(*id, op::sign(&self.keeper.identity.key, last.hash))?;
            let (now, seen) = (self.stamp.clock.wall_ms, self.tx.fact::<i64>(SEEN_MS)?);
            if clock::check(now, seen).is_ok() && seen.is_none_or(|seen| seen < now) {
                self.tx.set_fact(SEEN_MS, &now)?;
            }
        }
        self.folding.save()?;
        Ok(self.written.iter().map(|(_, op)| op.id()).collect())
    }
}

fn number_taken(event: &Event) -> Refusal {
    match event {
        Event::DossierReceived(received) => Refusal::NumberTaken {
            number: received.code.to_string(),
        },
        _ => Refusal::NumberTaken {
            number: event.kind().to_owned(),
        },
    }
}
