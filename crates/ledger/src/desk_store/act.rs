//! Acts: the one way in which this machine writes to the log.

use std::borrow::Borrow;
use std::ops::RangeInclusive;

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

use super::writes::{LOCAL_PREFIX, SEEN_MS};
use super::{ActError, DeskStore, OWN_NUMBERS_FROM};
use crate::clock;
use crate::node::{self, NodeKeeper};
use crate::store::{
    self, Draft, Folding, NewOp, NewPrintJob, PrintJob, PrintJobState, StoreError, Taken, WriteTx,
};

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
    /// Runs an act and waits until it is durable. An act whose future is dropped happens all the same.
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
        store::note_event(self.tx, &op, event, &scope, true)?;
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
        Ok(self.tx.refer_draft(draft, blobs)?)
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
