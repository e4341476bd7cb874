//! A counter: a real store and the real exchange.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use motcua_core::dossier::Dossier;
use motcua_core::event::Event;
use motcua_core::ids::{EntityId, ScopeId};
use motcua_core::op::OpId;
use motcua_ledger::exchange::{
    EnrolTicket, Exchange, ExchangeConfig, ExchangeEvent, ExchangeHandle, Joined, LinkState,
    LinkStatus, enrol,
};
use motcua_ledger::{DeskStore, KeyPolicy, OpenDesk};
use tempfile::TempDir;

use super::words::{ORG, dossier_id, reception, stamp};
use super::{until, until_true};

pub struct TestDesk {
    pub store: DeskStore,
    pub exchange: ExchangeHandle,
    pub joined: Joined,
    events: Arc<Mutex<Vec<ExchangeEvent>>>,
    dir: TempDir,
}

pub fn open_desk(dir: &Path, machine: &str) -> OpenDesk {
    OpenDesk {
        dir: dir.to_owned(),
        keys: KeyPolicy {
            prefer_keyring: false,
        },
        machine: machine.to_owned(),
    }
}

impl TestDesk {
    /// A new counter that joins with a ticket.
    pub async fn join(name: &str, ticket: &EnrolTicket) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let scope = ScopeId(ORG.to_owned());
        let store = DeskStore::create(open_desk(dir.path(), name), &scope)
            .await
            .unwrap()
            .store;
        let joined = enrol(ticket, store.device(), store.device_key(), name)
            .await
            .unwrap();
        store.save_joined(joined.clone()).await.unwrap();
        let events = Arc::default();
        let exchange = start(&store, &joined, &events);
        Self {
            store,
            exchange,
            joined,
            events,
            dir,
        }
    }

    /// The same, reached through another address.
    pub async fn join_through(name: &str, ticket: &EnrolTicket, url: &str) -> Self {
        let ticket = EnrolTicket {
            url: url.to_owned(),
            ..ticket.clone()
        };
        Self::join(name, &ticket).await
    }

    /// Records events of one entity in one act.
    pub async fn record(&self, entity: EntityId, events: Vec<Event>) -> Vec<OpId> {
        let acted = self.store.act(stamp(), move |tx| {
            for event in &events {
                tx.record(entity, event)?;
            }
            Ok(())
        });
        acted.await.unwrap().ops
    }

    pub async fn receive(&self, number: u32) -> EntityId {
        let id = dossier_id(number);
        self.record(id, vec![reception(number, &[])]).await;
        id
    }

    pub fn status(&self) -> LinkStatus {
        self.exchange.status().borrow().clone()
    }

    pub fn events(&self) -> Vec<ExchangeEvent> {
        self.events.lock().unwrap().clone()
    }

    pub fn dossier(&self, id: EntityId) -> Option<Dossier> {
        self.store.dossier(id).unwrap()
    }

    pub async fn until_status(
        &self,
        what: &str,
        holds: impl Fn(&LinkStatus) -> bool,
    ) -> LinkStatus {
        let mut status = self.exchange.status();
        let seen =
            tokio::time::timeout(super::DEADLINE, status.wait_for(|status| holds(status))).await;
        match seen {
            Ok(Ok(status)) => status.clone(),
            _ => panic!("waited in vain for {what}: {:?}", self.status()),
        }
    }

    pub async fn until_up(&self) {
        self.until_status("the link", |s| matches!(s.state, LinkState::Up { .. }))
            .await;
    }

    /// Until everything written here is on the hub.
    pub async fn until_sent(&self) {
        until_true("everything sent", || {
            let pending = self.store.pending_counts().unwrap();
            (pending.ops, pending.blobs) == (0, 0)
        })
        .await;
    }

    /// Until this counter knows a dossier from the log.
    pub async fn until_knows(&self, id: EntityId) -> Dossier {
        until("the dossier from the log", || async {
            self.dossier(id).filter(|d| d.last_seq > 0)
        })
        .await
    }

    /// Ends the exchange and starts it again, as a program does that was closed and opened.
    pub async fn restart_exchange(&mut self) {
        self.exchange.shutdown().await;
        self.exchange = start(&self.store, &self.joined, &self.events);
    }

    /// Closes the store, lets `between` work on its folder, and opens everything again.
    pub async fn reopen(self, between: impl FnOnce(&Path)) -> Self {
        let Self {
            store,
            exchange,
            joined,
            events,
            dir,
        } = self;
        let machine = store.machine().to_owned();
        exchange.shutdown().await;
        drop(exchange);
        drop(store);
        between(dir.path());
        let opened = until("the store to be free", || async {
            DeskStore::open(open_desk(dir.path(), &machine)).await.ok()
        })
        .await;
        let store = opened.store;
        let exchange = start(&store, &joined, &events);
        Self {
            store,
            exchange,
            joined,
            events,
            dir,
        }
    }
}

fn start(
    store: &DeskStore,
    joined: &Joined,
    events: &Arc<Mutex<Vec<ExchangeEvent>>>,
) -> ExchangeHandle {
    let events = Arc::clone(events);
    let config = ExchangeConfig {
        url: joined.url.clone(),
        ca_pem: joined.ca_pem.clone(),
        key: store.device_key().clone(),
        app: "test".to_owned(),
    };
    Exchange::start(config, Arc::new(store.clone()), move |event| {
        events.lock().unwrap().push(event);
    })
    .unwrap()
}

/// Copies a folder with everything in it.
pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target: PathBuf = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
