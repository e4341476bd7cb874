//! A counter's store: acts that are durable or did not happen, the reads of its screens, and its side of the
//! exchange.
//!
//! An act is a closure that runs on the writer's thread inside one transaction: it looks at the current
//! states, takes numbers, records events, asks for papers. When it refuses, nothing of it is kept, not even
//! the number. When it returns, all of it is on the disk.
//!
//! Reads block for a millisecond or so on a pooled connection; callers on an async thread that care move them
//! off it. Not here: SQL (`store`), what an event means (`motcua-core`), when something is done (the desk).

mod act;
mod desk_side;
mod epochs;
mod exchange;
mod health;
mod life_line;
mod reader;
mod reads;
mod taking;
mod writes;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ed25519_dalek::SigningKey;
use jiff::civil::Date;
use motcua_core::ids::{DeviceId, ScopeId};
use motcua_core::op::Chain;
use motcua_core::refusal::Refusal;
use tokio::sync::watch;

pub use act::{ActTx, Acted};
pub use exchange::{Greeted, HubGreeting, OutBatch};
pub use health::{PendingCounts, Pulse, StoreStats};
pub(crate) use health::{stats_of, verify_store};
pub use life_line::{LifeLine, PaperState};
pub use reader::DeskReader;
pub use taking::{Applied, ApplyError};

use crate::blobs::BlobStore;
use crate::clock;
use crate::keys::{self, KeyHome, KeyPolicy};
use crate::node::{self, Identity, NodeKeeper, Rewind, Role};
use crate::store::{
    self, ActFailure, Folding, HighWaterFile, Integrity, Lock, ReadPool, StoreError, WriteTx,
    Writer,
};

const START: &str = "start";
const SLOT: &str = "slot";
const NEEDS_HUB_EPOCH: &str = "needs_hub_epoch";
const OWN_NUMBERS_FROM: &str = "own_numbers_from";
/// The slice of numbers of a machine that began an office.
const FIRST_SLOT: u16 = 0;
/// Entities that are folded again in one go when the fold has changed.
const REFOLD_BATCH: u32 = 500;

/// What a counter's store is opened with.
#[derive(Clone, Debug)]
pub struct OpenDesk {
    /// The store's own folder.
    pub dir: PathBuf,
    /// Where a new key is to live.
    pub keys: KeyPolicy,
    /// This machine's identity for other nodes; usually [`crate::machine::identity`].
    pub machine: String,
}

/// A store that was opened, with what a person should know about it.
#[derive(Debug)]
pub struct OpenedDesk {
    /// The store.
    pub store: DeskStore,
    /// Where its key lives.
    pub key_home: KeyHome,
    /// The database was put back from an old copy. The store goes on in a new epoch.
    pub rewound: bool,
    /// What the check at the start found.
    pub integrity: Integrity,
}

/// Why an act did not happen. Nothing of it was kept.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// The desk's rules do not allow it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ActFailure for ActError {
    fn store(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::Refused(_) => None,
        }
    }
}

/// A counter's store. Cloning it is cheap; the last clone closes it.
#[derive(Clone)]
pub struct DeskStore {
    inner: Arc<Inner>,
}

struct Inner {
    writer: Writer<NodeKeeper>,
    readers: ReadPool,
    blobs: BlobStore,
    identity: Identity,
    scope: ScopeId,
    machine: String,
    start: u64,
    key_home: KeyHome,
    mark_healthy: Arc<AtomicBool>,
    dir: PathBuf,
    /// Given back last, when the writer is done.
    _lock: Lock,
}

impl std::fmt::Debug for DeskStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeskStore")
            .field("device", &self.inner.identity.device)
            .finish_non_exhaustive()
    }
}

impl DeskStore {
    /// Whether a folder holds a store.
    #[must_use]
    pub fn exists(dir: &Path) -> bool {
        dir.join(store::DATABASE_FILE).exists()
    }

    /// Makes the store of an office that begins here or that this machine is about to join, and opens it. A
    /// store of the same office that is there already is opened as it is.
    ///
    /// # Errors
    /// As [`DeskStore::open`]; [`StoreError::OtherStore`] when the folder holds another office.
    pub async fn create(open: OpenDesk, scope: &ScopeId) -> Result<OpenedDesk, StoreError> {
        let scope = scope.clone();
        off_thread(move || Self::create_blocking(open, &scope)).await
    }

    /// Opens the store in a folder.
    ///
    /// # Errors
    /// [`StoreError::InUse`] while another program has it; [`StoreError::Key`], [`StoreError::WrongKey`],
    /// [`StoreError::NewerStore`], [`StoreError::Damaged`] with their remedies; [`StoreError::OtherStore`] when
    /// there is no counter's store in the folder.
    pub async fn open(open: OpenDesk) -> Result<OpenedDesk, StoreError> {
        off_thread(move || Self::open_blocking(open)).await
    }

    /// As [`DeskStore::create`], for threads that may block.
    ///
    /// # Errors
    /// As [`DeskStore::create`].
    pub fn create_blocking(open: OpenDesk, scope: &ScopeId) -> Result<OpenedDesk, StoreError> {
        open_store(open, Some(scope))
    }

    /// As [`DeskStore::open`], for threads that may block.
    ///
    /// # Errors
    /// As [`DeskStore::open`].
    pub fn open_blocking(open: OpenDesk) -> Result<OpenedDesk, StoreError> {
        if !Self::exists(&open.dir) {
            return Err(StoreError::OtherStore(
                "there is no store in the folder".to_owned(),
            ));
        }
        open_store(open, None)
    }

    /// The office's log.
    #[must_use]
    pub fn scope(&self) -> &ScopeId {
        &self.inner.scope
    }

    /// Where the store's key lives.
    #[must_use]
    pub fn key_home(&self) -> KeyHome {
        self.inner.key_home
    }

    /// This machine's identity in the log.
    #[must_use]
    pub fn device(&self) -> DeviceId {
        self.inner.identity.device
    }

    /// This machine's own chain in its current epoch.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn chain(&self) -> Result<Chain, StoreError> {
        self.inner.readers.read(|tx| node::chain(tx, self.device()))
    }

    /// The key that signs what this machine writes; enrolment shows its public half to the hub.
    #[must_use]
    pub fn device_key(&self) -> &SigningKey {
        &self.inner.identity.key
    }

    /// The machine that this store is on.
    #[must_use]
    pub fn machine(&self) -> &str {
        &self.inner.machine
    }

    /// The blobs beside the store.
    #[must_use]
    pub fn blobs(&self) -> &BlobStore {
        &self.inner.blobs
    }

    /// Changes after every commit that changed something: screens and the exchange look again then.
    #[must_use]
    pub fn revision(&self) -> watch::Receiver<u64> {
        self.inner.writer.revision()
    }

    /// False while the high-water mark beside the database cannot be written; for the health page.
    #[must_use]
    pub fn mark_is_healthy(&self) -> bool {
        self.inner.mark_healthy.load(Ordering::Relaxed)
    }
}

async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or(Err(StoreError::ActPanicked))
}

fn open_store(open: OpenDesk, scope: Option<&ScopeId>) -> Result<OpenedDesk, StoreError> {
    let OpenDesk {
        dir,
        keys: policy,
        machine,
    } = open;
    let lock = store::lock(&dir)?;
    let opened_key = keys::open_key(&dir, policy)?;
    let mut opened = store::open(&dir, &opened_key.key, lock)?;
    let file = HighWaterFile::open(&dir)?;
    let setup = opened.setup(|tx| first_transaction(tx, scope, &file, clock::now_ms()))?;
    let keeper = NodeKeeper::new(setup.identity.clone(), Role::Counter, file);
    let mark_healthy = keeper.healthy();
    let integrity = opened.integrity;
    let inner = Inner {
        writer: Writer::start(opened.conn, keeper)?,
        readers: opened.readers,
        blobs: BlobStore::open(&dir, &opened_key.key)?,
        identity: setup.identity,
        scope: setup.scope,
        machine,
        start: setup.start,
        key_home: opened_key.home,
        mark_healthy,
        dir,
        _lock: opened.lock,
    };
    let store = DeskStore {
        inner: Arc::new(inner),
    };
    // The mark is brought up to date before anything new is given out.
    store.inner.writer.run(|tx, keeper| keeper.write_mark(tx))?;
    Ok(OpenedDesk {
        store,
        key_home: opened_key.home,
        rewound: setup.rewind != Rewind::None,
        integrity,
    })
}

struct Setup {
    identity: Identity,
    scope: ScopeId,
    rewind: Rewind,
    start: u64,
}

fn first_transaction(
    tx: &WriteTx<'_>,
    scope: Option<&ScopeId>,
    file: &HighWaterFile,
    now_ms: i64,
) -> Result<Setup, StoreError> {
    node::claim_role(tx, Role::Counter)?;
    let scope = node::claim_scope(tx, scope)?;
    let identity = node::identity(tx)?;
    let rewind = node::notice_rewind(tx, &identity, Role::Counter, file)?;
    if rewind != Rewind::None {
        tx.set_fact(NEEDS_HUB_EPOCH, &true)?;
        let epoch = node::epoch(tx)?;
        epochs::write_again(tx, &identity, epoch, now_ms, |row| {
            Ok(!epochs::is_acked(tx, row)?)
        })?;
    }
    if rewind == Rewind::Unknown {
        // Nobody knows which numbers of today were given out: own ones begin again tomorrow.
        let tomorrow = clock::local(now_ms).date().tomorrow().unwrap_or(Date::MAX);
        tx.set_fact(OWN_NUMBERS_FROM, &tomorrow)?;
    }
    let start = tx.fact::<u64>(START)?.unwrap_or(0) + 1;
    tx.set_fact(START, &start)?;
    tx.forget_what_was_sending()?;
    refold_stale(tx)?;
    Ok(Setup {
        identity,
        scope,
        rewind,
        start,
    })
}

/// Folds entities again whose rows another version of the fold has written.
pub(crate) fn refold_stale(tx: &WriteTx<'_>) -> Result<(), StoreError> {
    loop {
        let stale = tx.stale_states(REFOLD_BATCH)?;
        if stale.is_empty() {
            return Ok(());
        }
        tracing::info!(
            entities = stale.len(),
            "folding again: the fold has changed"
        );
        let mut folding = Folding::new(tx);
        for entity in stale {
            folding.refold(entity)?;
        }
        folding.save()?;
    }
}
