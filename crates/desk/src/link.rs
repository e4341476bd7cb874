//! The link to the office's hub: joining it, keeping it, and what it brings.

use std::sync::Arc;

use motcua_core::ids::EntityId;
use motcua_core::queue::TicketState;
use motcua_core::refusal::Refusal;
use motcua_core::state::office_entity;
use motcua_ledger::exchange::{
    DeskSide, EnrolTicket, Exchange, ExchangeConfig, ExchangeEvent, ExchangeHandle, LinkState,
    LinkStatus, Trouble, enrol,
};

use crate::Desk;
use crate::clock::Clock;
use crate::error::DeskError;
use crate::event::DeskEvent;
use crate::node::lock;

impl Desk {
    /// Joins the office's hub with the text or the six digits that it shows.
    ///
    /// # Errors
    /// [`DeskError::Join`] with what stands in the way; nothing is sent to a hub that is not the right one.
    pub async fn join_hub(&self, ticket: &EnrolTicket) -> Result<(), DeskError> {
        let node = self.node()?;
        let key = node.store.device_key().clone();
        let device = node.store.device();
        let joined = enrol(ticket, device, &key, &self.0.config.machine)
            .await
            .map_err(|error| DeskError::Join(error.to_string()))?;
        if joined.scope != *node.store.scope() {
            return Err(DeskError::Join(format!("the hub serves {}", joined.scope)));
        }
        node.store.save_joined(joined).await?;
        self.start_exchange()
    }

    /// Starts the exchange where this machine has joined a hub.
    pub(crate) fn start_exchange(&self) -> Result<(), DeskError> {
        let node = self.node()?;
        let Some(joined) = node.store.joined()? else {
            return Ok(());
        };
        let config = ExchangeConfig {
            url: joined.url,
            ca_pem: joined.ca_pem,
            key: node.store.device_key().clone(),
            app: self.0.config.app.clone(),
        };
        // Events come from the loops, which must not wait: they are handled on the runtime, in their order.
        let (queue, mut mail) = tokio::sync::mpsc::unbounded_channel();
        let side = Arc::new(node.store.clone());
        let handle = Exchange::start(config, side, move |event| drop(queue.send(event)))
            .map_err(|error| DeskError::Join(error.to_string()))?;
        *lock(&self.0.exchange) = Some(handle);
        let desk = self.clone();
        tokio::spawn(async move {
            while let Some(event) = mail.recv().await {
                desk.on_exchange(event);
            }
        });
        Ok(())
    }

    fn on_exchange(&self, event: ExchangeEvent) {
        match event {
            ExchangeEvent::Status | ExchangeEvent::Acked { .. } | ExchangeEvent::BlobSent(_) => {
                self.tell(DeskEvent::Status);
            }
            ExchangeEvent::Applied { entities, .. } => {
                for entity in entities {
                    self.on_news(entity);
                }
                self.tell(DeskEvent::Status);
            }
            ExchangeEvent::Called(_) => self.tell(DeskEvent::Queue),
        }
    }

    /// Something came from the log: whoever shows it asks again.
    fn on_news(&self, entity: EntityId) {
        let Ok(node) = self.node() else { return };
        if office_entity(node.store.scope()) == entity {
            node.forget_book();
            self.tell(DeskEvent::Session);
            return;
        }
        match node.store.ticket(entity) {
            Ok(Some(ticket)) => {
                if let Some(lost) = self.lost_claim(&ticket) {
                    self.tell(DeskEvent::Notice(lost.into()));
                }
                self.tell(DeskEvent::Queue);
            }
            _ => self.tell(DeskEvent::Dossier(entity)),
        }
    }

    /// This counter called a ticket that another one had called first in the log's order.
    fn lost_claim(&self, ticket: &motcua_core::queue::Ticket) -> Option<Refusal> {
        let node = self.node().ok()?;
        let session = lock(&node.session).clone()?;
        let TicketState::Called { counter, .. } = ticket.state else {
            return None;
        };
        let ours = counter == session.counter;
        let we_called = node.store.called_here(ticket.id).unwrap_or(false);
        if ours || !we_called {
            return None;
        }
        let book = node.book(self.now().date()).ok()?;
        let counter = book.office.counter_number(counter);
        Some(Refusal::TicketTaken {
            label: ticket.issued.label.clone(),
            counter,
        })
    }

    /// Where the link stands.
    #[must_use]
    pub fn link(&self) -> LinkStatus {
        if let Some(exchange) = self.exchange() {
            return exchange.status().borrow().clone();
        }
        let pulled = *lock(&self.0.pulled_ms);
        pulled.map_or_else(LinkStatus::never_joined, |since_ms| self.pulled(since_ms))
    }

    /// The link while the practice network is pulled: what waits is counted in the ledger.
    fn pulled(&self, since_ms: i64) -> LinkStatus {
        let pending = self
            .node()
            .ok()
            .and_then(|node| node.store.pending().ok())
            .unwrap_or_default();
        LinkStatus {
            state: LinkState::Down {
                since_ms,
                reason: Trouble::Unreachable,
            },
            pending_ops: pending.ops,
            pending_blobs: pending.blobs,
            ..LinkStatus::never_joined()
        }
    }

    /// Pulls the cable: the exchange ends as it would with the line.
    pub(crate) async fn pull_network(&self) {
        let exchange = lock(&self.0.exchange).take();
        if let Some(exchange) = exchange {
            exchange.shutdown().await;
            *lock(&self.0.pulled_ms) = Some(self.0.clock.wall_ms());
        }
    }

    /// Puts the cable back.
    pub(crate) fn plug_network(&self) -> Result<(), DeskError> {
        if lock(&self.0.pulled_ms).take().is_some() {
            self.start_exchange()?;
        }
        Ok(())
    }

    /// Tries now what waits for its turn.
    pub fn sync_now(&self) {
        if let Some(exchange) = self.exchange() {
            exchange.sync_now();
        }
    }

    pub(crate) fn exchange(&self) -> Option<ExchangeHandle> {
        lock(&self.0.exchange).clone()
    }

    pub(crate) fn link_is_up(&self) -> bool {
        self.link().is_up()
    }

    /// Whether the hub runs on another machine: only then is its copy a second one.
    pub(crate) fn hub_is_elsewhere(&self) -> bool {
        match self.link().state {
            LinkState::Up { machine, .. } => self
                .node()
                .is_ok_and(|node| machine != node.store.machine()),
            _ => self
                .node()
                .is_ok_and(|node| node.store.joined().is_ok_and(|joined| joined.is_some())),
        }
    }
}
