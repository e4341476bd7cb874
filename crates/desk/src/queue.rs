//! The queue at a counter: issue, call, call again, nobody came, finish.

use jiff::civil::DateTime;
use motcua_core::event::Event;
use motcua_core::ids::EntityId;
use motcua_core::numbers::{self, Issuer, Series};
use motcua_core::office::CounterSet;
use motcua_core::queue::{self, Command, PriorityReason, Ticket, TicketState};
use motcua_core::refusal::Refusal;
use uuid::Uuid;

use crate::Desk;
use crate::error::DeskError;
use crate::event::DeskEvent;
use crate::session::Session;

/// Minutes of waiting after which a ticket is marked.
pub const LONG_WAIT_MINUTES: i64 = 20;

/// The queue as a counter sees it.
#[derive(Clone, Debug)]
pub struct QueueView {
    /// The counter.
    pub counter: CounterSet,
    /// The ticket in hand.
    pub in_hand: Option<Ticket>,
    /// Who waits for this counter's fields, in the order in which they will be called.
    pub waiting: Vec<Ticket>,
    /// Missed, with a place that is still kept.
    pub held: Vec<Ticket>,
    /// Everybody who waits in the hall.
    pub hall_waiting: usize,
    /// The longest wait in the hall, in minutes.
    pub longest_wait_minutes: i64,
    /// Counters that have somebody in hand.
    pub open_counters: Vec<String>,
    /// Local time.
    pub now: DateTime,
}

/// A ticket that was given out.
#[derive(Clone, Debug)]
pub struct Issued {
    /// The ticket.
    pub ticket: Ticket,
    /// The field's name.
    pub field: String,
    /// How many are before it in its field.
    pub ahead: usize,
}

impl Desk {
    /// The queue at the counter of who is signed in.
    ///
    /// # Errors
    /// [`DeskError::NotSignedIn`], [`DeskError::Store`].
    pub fn queue(&self) -> Result<QueueView, DeskError> {
        let node = self.node()?;
        let session = node.session()?;
        let now = self.now();
        let book = node.book(now.date())?;
        let tickets = node.store.tickets(now.date())?;
        let counter = book
            .office
            .counters
            .get(&session.counter)
            .ok_or(Refusal::OfficeNotReady)?
            .clone();
        let policy = book.office.profile.queue;
        let waiting = in_calling_order(&tickets, &counter.fields, policy);
        let in_hand = tickets
            .iter()
            .find(|t| t.in_hand_of() == Some(counter.id))
            .cloned();
        let held = tickets
            .iter()
            .filter(|t| is_held(t, &counter, now))
            .cloned()
            .collect();
        let hall: Vec<&Ticket> = tickets
            .iter()
            .filter(|t| t.state == TicketState::Waiting)
            .collect();
        let longest = hall
            .iter()
            .map(|t| now.duration_since(t.issued.at).as_mins())
            .max()
            .unwrap_or(0);
        let mut open: Vec<String> = tickets
            .iter()
            .filter_map(|t| t.in_hand_of())
            .map(|c| book.office.counter_number(c))
            .collect();
        open.sort();
        open.dedup();
        Ok(QueueView {
            counter,
            in_hand,
            waiting,
            held,
            hall_waiting: hall.len(),
            longest_wait_minutes: longest,
            open_counters: open,
            now,
        })
    }

    /// Calls whoever is next for this counter.
    ///
    /// # Errors
    /// [`Refusal::NobodyWaiting`], [`Refusal::TicketInHand`] and the desk's own.
    pub async fn call_next(&self) -> Result<(), DeskError> {
        let node = self.node()?;
        let session = node.session()?;
        let book = node.book(self.now().date())?;
        let fields = book
            .office
            .counters
            .get(&session.counter)
            .map(|c| c.fields.clone())
            .unwrap_or_default();
        self.ask(
            &session,
            Command::CallNext {
                counter: session.counter,
                fields,
            },
        )
        .await
    }

    /// Calls one ticket by what the hall hears, or by its digits.
    ///
    /// # Errors
    /// [`Refusal::TicketTaken`] says which counter has it; [`Refusal::NoSuchTicket`].
    pub async fn call_label(&self, label: &str) -> Result<(), DeskError> {
        let session = self.node()?.session()?;
        self.ask(
            &session,
            Command::CallLabel {
                counter: session.counter,
                label: label.to_owned(),
            },
        )
        .await
    }

    /// Calls the ticket in hand once more. The same key pressed twice is one call.
    ///
    /// # Errors
    /// [`Refusal::NoTicketInHand`].
    pub async fn call_again(&self) -> Result<(), DeskError> {
        let node = self.node()?;
        let session = node.session()?;
        let now = self.now();
        let tickets = node.store.tickets(now.date())?;
        let in_hand = tickets
            .iter()
            .find(|t| t.in_hand_of() == Some(session.counter));
        if in_hand.is_some_and(|t| queue::is_double_call(t, now)) {
            return Ok(());
        }
        self.ask(
            &session,
            Command::CallAgain {
                counter: session.counter,
            },
        )
        .await
    }

    /// Nobody came.
    ///
    /// # Errors
    /// [`Refusal::NoTicketInHand`].
    pub async fn missed(&self) -> Result<(), DeskError> {
        let session = self.node()?.session()?;
        self.ask(
            &session,
            Command::Missed {
                counter: session.counter,
            },
        )
        .await
    }

    /// The person was served.
    ///
    /// # Errors
    /// [`Refusal::NoTicketInHand`].
    pub async fn finish_ticket(&self) -> Result<(), DeskError> {
        let node = self.node()?;
        let session = node.session()?;
        let dossiers = self.dossiers_of_ticket(session.counter)?;
        self.ask(
            &session,
            Command::Finish {
                counter: session.counter,
                dossiers,
            },
        )
        .await
    }

    /// Gives out a number for a field.
    ///
    /// # Errors
    /// [`Refusal::NumbersUsedUp`] when this machine has none left today.
    pub async fn issue_ticket(
        &self,
        field: EntityId,
        priority: Option<PriorityReason>,
    ) -> Result<Issued, DeskError> {
        let node = self.node()?;
        let now = self.now();
        let book = node.book(now.date())?;
        let field = book
            .office
            .fields
            .get(&field)
            .filter(|f| f.active)
            .ok_or(Refusal::OfficeNotReady)?
            .clone();
        let series = Series::Ticket {
            letter: field.letter.clone(),
        };
        let id = EntityId(Uuid::new_v4());
        let granted = self.granted(&series, now.date(), &id.to_string()).await;
        let own = numbers::slice(&series, Issuer::Counter(node.store.slot()?))
            .ok_or(Refusal::OfficeNotReady)?;
        let policy = book.office.profile.queue;
        let (field_id, letter) = (field.id, field.letter.clone());
        node.store
            .act(self.stamp_of_machine(&node), move |tx| {
                let number = tx.take_number(&series, now.date(), own, granted, &id.to_string())?;
                let tickets = tx.tickets(now.date())?;
                let command = Command::Issue {
                    id,
                    field: field_id,
                    letter,
                    number,
                    priority,
                };
                let (entity, event) =
                    queue::decide(&tickets, command, policy, |_| String::new(), now)?;
                tx.record(entity, event)?;
                Ok(())
            })
            .await?;
        let tickets = node.store.tickets(now.date())?;
        let ticket = tickets
            .iter()
            .find(|t| t.id == id)
            .cloned()
            .ok_or(Refusal::NobodyWaiting)?;
        let order = in_calling_order(&tickets, &[field.id], policy);
        let ahead = order.iter().position(|t| t.id == id).unwrap_or(0);
        self.tell(DeskEvent::Queue);
        Ok(Issued {
            ticket,
            field: field.name,
            ahead,
        })
    }

    /// Decides a command against the tickets as they stand at the commit, and says what was called.
    async fn ask(&self, session: &Session, command: Command) -> Result<(), DeskError> {
        let node = self.node()?;
        let now = self.now();
        let book = node.book(now.date())?;
        let policy = book.office.profile.queue;
        let names = std::sync::Arc::clone(&book);
        let acted = node
            .store
            .act(self.stamp(session), move |tx| {
                let tickets = tx.tickets(now.date())?;
                let name = |counter| names.office.counter_number(counter);
                let (entity, event) = queue::decide(&tickets, command, policy, name, now)?;
                let label = tickets
                    .iter()
                    .find(|t| t.id == entity)
                    .map(|t| t.issued.label.clone());
                let called = matches!(event, Event::TicketCalled(_))
                    .then_some(label)
                    .flatten();
                tx.record(entity, event)?;
                Ok(called)
            })
            .await?;
        self.tell(DeskEvent::Queue);
        if let Some(label) = acted.value {
            self.announce(&label, &session.counter_number);
        }
        Ok(())
    }

    fn announce(&self, label: &str, counter: &str) {
        self.show_on_line_display(label, counter);
        self.tell(DeskEvent::Announce {
            seq: self.next_call_seq(),
            label: label.to_owned(),
            counter: counter.to_owned(),
            text: queue::announcement(label, counter),
        });
    }

    /// What the hall display shows.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub fn hall(&self) -> Result<queue::Hall, DeskError> {
        let node = self.node()?;
        let now = self.now();
        let book = node.book(now.date())?;
        Ok(queue::hall(&book.office, &node.store.tickets(now.date())?))
    }

    /// The dossiers that were received for the ticket in hand of a counter.
    fn dossiers_of_ticket(&self, counter: EntityId) -> Result<Vec<EntityId>, DeskError> {
        let node = self.node()?;
        let tickets = node.store.tickets(self.now().date())?;
        let Some(ticket) = tickets.iter().find(|t| t.in_hand_of() == Some(counter)) else {
            return Ok(Vec::new());
        };
        Ok(node.store.dossiers_of_ticket(ticket.id)?)
    }
}

/// Who waits for these fields, in the order in which the policy will call them.
fn in_calling_order(tickets: &[Ticket], fields: &[EntityId], policy: queue::Policy) -> Vec<Ticket> {
    let mut left: Vec<Ticket> = tickets.to_vec();
    let mut order = Vec::new();
    while let Some(next) = queue::next(&left, fields, policy).map(|t| t.id) {
        let Some(place) = left.iter().position(|t| t.id == next) else {
            break;
        };
        let ticket = left[place].clone();
        order.push(ticket.clone());
        // As if it had been called just now, so that the policy's turns are counted.
        left[place].state = TicketState::Finished {
            counter: EntityId(Uuid::nil()),
            since: later(&left, order.len()),
            last: ticket.issued.at,
            at: ticket.issued.at,
        };
    }
    order
}

/// A moment after every call so far.
fn later(tickets: &[Ticket], turn: usize) -> DateTime {
    let last = tickets
        .iter()
        .map(|t| t.issued.at)
        .max()
        .unwrap_or(DateTime::MIN);
    let turn = i64::try_from(turn).unwrap_or(i64::MAX);
    last.saturating_add(jiff::SignedDuration::from_secs(
        86_400_i64.saturating_add(turn),
    ))
}

fn is_held(ticket: &Ticket, counter: &CounterSet, now: DateTime) -> bool {
    let here = counter.fields.contains(&ticket.issued.field);
    here && matches!(ticket.state, TicketState::Missed { held_until, .. } if now <= held_until)
}
