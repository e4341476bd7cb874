//! Receiving: one transaction that takes the number, records the dossier, queues the slip and ends the draft.
//!
//! Nothing is printed or shown as done before that transaction is on disk.

use std::time::Duration;

use jiff::civil::{Date, DateTime};
use motcua_core::code::{DailySequence, DossierCode};
use motcua_core::dossier::OfficerRef;
use motcua_core::event::Event;
use motcua_core::ids::{EntityId, PrintJobId};
use motcua_core::intake::{self, Reception};
use motcua_core::numbers::{self, Issuer, Series};
use motcua_core::refusal::Refusal;
use uuid::Uuid;

use crate::Desk;
use crate::error::DeskError;
use crate::event::DeskEvent;
use crate::printing::slip_job;
use crate::session::Session;

/// How long the hub may take to give a number before this machine takes one of its own.
const HUB_NUMBER_MS_MAX: u64 = 150;

/// A dossier that was received.
#[derive(Clone, Debug)]
pub struct ReceivedDossier {
    /// The dossier.
    pub dossier: EntityId,
    /// Its code.
    pub code: DossierCode,
    /// Whose it is.
    pub owner_name: String,
    /// When the result is promised.
    pub due_at: Option<DateTime>,
    /// The slip's print job; none where no printer is bound.
    pub print_job: Option<PrintJobId>,
}

impl Desk {
    /// Receives the draft in hand: committed to disk, then printed.
    ///
    /// # Errors
    /// [`Refusal::Incomplete`], [`Refusal::ClockDoubtful`], [`Refusal::NumbersUsedUp`]; [`DeskError::Store`] with
    /// nothing half-kept: the draft is as before.
    pub async fn receive(&self) -> Result<ReceivedDossier, DeskError> {
        let node = self.node()?;
        let session = node.session()?;
        let mut hand = node.hand.lock().await;
        let draft = hand
            .as_ref()
            .map(|h| h.draft.clone())
            .ok_or(Refusal::NoDraft)?;
        let now = self.now();
        let book = node.book(now.date())?;
        // What is missing is said before a number is asked for.
        let review = intake::review(&draft, book.at(now));
        if !review.problems.is_empty() {
            return Err(Refusal::Incomplete {
                problems: review.problems,
            }
            .into());
        }
        let org = book.office.profile.org.clone();
        let key = draft.id.to_string();
        let granted = self.granted(&Series::Dossier, now.date(), &key).await;
        let own = numbers::slice(&Series::Dossier, Issuer::Counter(node.store.slot()?));
        let own = own.ok_or(Refusal::OfficeNotReady)?;
        let job = self.slip_printer().map(|_| PrintJobId(Uuid::new_v4()));
        let officer = officer(&session);
        let counter = session.counter_number.clone();
        let rules = std::sync::Arc::clone(&book);
        let acted = node
            .store
            .act(self.stamp(&session), move |tx| {
                tx.clock_check(now)?;
                let number = tx.take_number(&Series::Dossier, now.date(), own, granted, &key)?;
                let code = code(org, now.date(), number)?;
                let reception = Reception {
                    code,
                    officer,
                    counter,
                };
                let received = intake::receive(&draft, rules.at(now), reception)?;
                tx.record(draft.id, Event::DossierReceived(Box::new(received.clone())))?;
                if let Some(job) = job {
                    tx.queue_print(slip_job(job, draft.id, 1, String::new(), now))?;
                }
                tx.end_draft(draft.id)?;
                Ok((draft.id, received))
            })
            .await?;
        let (dossier, received) = acted.value;
        *hand = None;
        drop(hand);
        self.tell(DeskEvent::Dossier(dossier));
        self.tell(DeskEvent::Intake { revision: 0 });
        self.tell(DeskEvent::Status);
        if let Some(job) = job {
            self.print_in_background(job);
        }
        Ok(ReceivedDossier {
            dossier,
            code: received.code,
            owner_name: received.owner.full_name,
            due_at: received.due.map(|due| due.at),
            print_job: job,
        })
    }

    /// A number of the hub's slice, where the hub is there and answers at once.
    pub(crate) async fn granted(&self, series: &Series, day: Date, key: &str) -> Option<u32> {
        let exchange = self.exchange()?;
        exchange
            .take_number(series, day, key, Duration::from_millis(HUB_NUMBER_MS_MAX))
            .await
    }
}

pub(crate) fn code(
    org: motcua_core::code::OrgCode,
    day: Date,
    number: u32,
) -> Result<DossierCode, Refusal> {
    let used_up = || Refusal::NumbersUsedUp {
        series: Series::Dossier.to_string(),
    };
    let sequence = DailySequence::new(number).ok_or_else(used_up)?;
    DossierCode::issue(org, day, sequence).ok_or_else(used_up)
}

fn officer(session: &Session) -> OfficerRef {
    OfficerRef {
        id: session.staff,
        name: session.name.clone(),
    }
}
