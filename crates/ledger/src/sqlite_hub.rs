//! A hub's store on SQLite: the same file, writer and readers as a counter's, in the role that orders the log.
//!
//! The log's place of an operation, what the log says of it, what it folds to and what the province must be
//! told are written in one transaction, so that no crash leaves one without the others. The head of the log is
//! written last.
//!
//! Not here: HTTP, sessions, what to tell the province.

mod forward;
mod push;

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use jiff::civil::Date;
use motcua_core::event::Event;
use motcua_core::ids::{DeviceId, EntityId, Hash, ScopeId};
use motcua_core::numbers::Series;
use motcua_core::op::Chain;
use motcua_core::queue::Ticket;
use motcua_core::state::State;
use tokio::sync::watch;
use uuid::Uuid;

use crate::blobs::BlobStore;
use crate::clock;
use crate::desk_store::{StoreStats, refold_stale, stats_of, verify_store};
use crate::hub::{
    Batch, BlobState, Device, ForwardJob, ForwardState, HubStore, Judged, Page, Pushed,
};
use crate::keys::{self, KeyHome, KeyPolicy};
use crate::node::{self, Identity, NodeKeeper, Rewind, Role};
use crate::random;
use crate::store::{
    self, Cursor, HighWaterFile, Integrity, Lock, ReadPool, ReadTx, StoreError, Taken,
    VerifyReport, WriteTx, Writer,
};

/// The slot of the hub's own device: it takes no numbers of counters.
const HUB_SLOT: u16 = u16::MAX;

/// What a hub's store is opened with.
#[derive(Clone, Debug)]
pub struct OpenHub {
    /// The store's own folder.
    pub dir: PathBuf,
    /// Where a new key is to live.
    pub keys: KeyPolicy,
    /// The office that the hub serves.
    pub scope: ScopeId,
    /// The hub's name for people.
    pub name: String,
}

/// A hub's store that was opened, with what a person should know about it.
#[derive(Debug)]
pub struct OpenedHub {
    /// The store.
    pub store: SqliteHub,
    /// Where its key lives.
    pub key_home: KeyHome,
    /// The database was put back from an old copy: its log has a new identity, and counters push again what
    /// it has lost.
    pub rewound: bool,
    /// What the check at the start found.
    pub integrity: Integrity,
}

/// A hub's store.
pub struct SqliteHub {
    writer: Writer<NodeKeeper>,
    readers: ReadPool,
    blobs: BlobStore,
    identity: Identity,
    scope: ScopeId,
    /// Given back last, when the writer is done.
    _lock: Lock,
}

impl std::fmt::Debug for SqliteHub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteHub")
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

impl SqliteHub {
    /// Opens a hub's store, making it where there is none.
    ///
    /// # Errors
    /// As [`crate::DeskStore::open`]; [`StoreError::OtherStore`] when it belongs to another office.
    pub fn open(open: OpenHub) -> Result<OpenedHub, StoreError> {
        let OpenHub {
            dir,
            keys: policy,
            scope,
            name,
        } = open;
        let lock = store::lock(&dir)?;
        let opened_key = keys::open_key(&dir, policy)?;
        let mut opened = store::open(&dir, &opened_key.key, lock)?;
        let file = HighWaterFile::open(&dir)?;
        let (identity, rewind) = opened.setup(|tx| first_transaction(tx, &scope, &name, &file))?;
        let keeper = NodeKeeper::new(identity.clone(), Role::Hub, file);
        let integrity = opened.integrity;
        let store = Self {
            writer: Writer::start(opened.conn, keeper)?,
            readers: opened.readers,
            blobs: BlobStore::open(&dir, &opened_key.key)?,
            identity,
            scope,
            _lock: opened.lock,
        };
        store.writer.run(|tx, keeper| keeper.write_mark(tx))?;
        Ok(OpenedHub {
            store,
            key_home: opened_key.home,
            rewound: rewind != Rewind::None,
            integrity,
        })
    }

    /// Whether a folder holds a store.
    #[must_use]
    pub fn exists(dir: &Path) -> bool {
        dir.join(store::DATABASE_FILE).exists()
    }

    /// The hub's own identity in the log: it writes what the province answers.
    #[must_use]
    pub fn own_device(&self) -> DeviceId {
        self.identity.device
    }

    /// A message to the province with its request and its answer: the evidence.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn forward_job(&self, id: i64) -> Result<Option<ForwardJob>, StoreError> {
        self.look(|tx| tx.forward_job(id))
    }

    /// The blobs beside the store.
    #[must_use]
    pub fn blobs(&self) -> &BlobStore {
        &self.blobs
    }

    /// Changes after every commit that changed something.
    #[must_use]
    pub fn revision(&self) -> watch::Receiver<u64> {
        self.writer.revision()
    }

    /// The store in figures.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn stats(&self) -> Result<StoreStats, StoreError> {
        let counters = self.writer.counters();
        let seen = self.readers.read(|tx| stats_of(tx, &self.scope))?;
        Ok(StoreStats {
            commits: counters.commits.load(Ordering::Relaxed),
            acts: counters.acts.load(Ordering::Relaxed),
            undone: counters.undone.load(Ordering::Relaxed),
            ..seen
        })
    }

    /// Proves the store: chains, hashes, signatures, places, folded rows, blobs.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read at all; what is wrong is in the report.
    pub fn verify(&self) -> Result<VerifyReport, StoreError> {
        self.readers
            .read(|tx| verify_store(tx, &self.scope, &self.blobs))
    }

    /// Revokes a device: what it writes from now on goes to quarantine. False when there is no such device.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn revoke(&self, device: DeviceId, now_ms: i64) -> Result<bool, StoreError> {
        self.writer.run(move |tx, _| match tx.device(device)? {
            Some(known) => {
                tx.put_device(
                    &Device {
                        active: false,
                        ..known
                    },
                    false,
                    now_ms,
                )?;
                Ok(true)
            }
            None => Ok(false),
        })
    }

    fn look<T>(
        &self,
        look: impl FnOnce(&ReadTx<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.readers.read(look)
    }
}

fn first_transaction(
    tx: &WriteTx<'_>,
    scope: &ScopeId,
    name: &str,
    file: &HighWaterFile,
) -> Result<(Identity, Rewind), StoreError> {
    node::claim_role(tx, Role::Hub)?;
    node::claim_scope(tx, Some(scope))?;
    let identity = node::identity(tx)?;
    let rewind = node::notice_rewind(tx, &identity, Role::Hub, file)?;
    match tx.cursor(scope)? {
        None => tx.set_cursor(scope, &Cursor::start(random::uuid()?))?,
        Some(cursor) if rewind != Rewind::None => {
            // Another log begins at the same lines: counters that had read further must notice.
            tx.set_cursor(
                scope,
                &Cursor {
                    log_id: random::uuid()?,
                    ..cursor
                },
            )?;
        }
        Some(_) => {}
    }
    let own = Device {
        id: identity.device,
        name: name.to_owned(),
        public_key: identity.key.verifying_key().to_bytes(),
        epoch: node::epoch(tx)?,
        slot: HUB_SLOT,
        active: true,
    };
    tx.put_device(&own, true, clock::now_ms())?;
    refold_stale(tx)?;
    Ok((identity, rewind))
}

/// The log's cursor of a hub, which every hub's store has.
fn head(tx: &ReadTx<'_>, scope: &ScopeId) -> Result<Cursor, StoreError> {
    tx.cursor(scope)?
        .ok_or_else(|| StoreError::Damaged("the log has no head".to_owned()))
}

fn enrol(
    tx: &WriteTx<'_>,
    id: DeviceId,
    name: String,
    public_key: [u8; 32],
    now_ms: i64,
) -> Result<Option<Device>, StoreError> {
    if let Some(known) = tx.device_by_public_key(&public_key)? {
        let known = Device {
            name,
            active: true,
            ..known
        };
        tx.put_device(&known, false, now_ms)?;
        tx.device_was_seen(known.id, now_ms)?;
        return Ok(Some(known));
    }
    if tx.device(id)?.is_some() {
        return Err(StoreError::OtherDeviceKey);
    }
    let Some(slot) = tx.free_slot()? else {
        return Ok(None);
    };
    let device = Device {
        id,
        name,
        public_key,
        epoch: 1,
        slot,
        active: true,
    };
    tx.put_device(&device, false, now_ms)?;
    Ok(Some(device))
}

fn raise_epoch(tx: &WriteTx<'_>, id: DeviceId) -> Result<Device, StoreError> {
    let Some(known) = tx.device(id)? else {
        return Err(StoreError::Damaged(format!("device {id} is not enrolled")));
    };
    // Numbers of the old slice may stand on papers that nobody here has seen.
    let slot = match tx.free_slot()? {
        Some(free) => {
            tx.rest_slot(known.slot)?;
            free
        }
        None => known.slot,
    };
    let written = tx.epochs_of(id)?.last().map_or(0, |(epoch, _)| *epoch);
    let device = Device {
        epoch: known.epoch.max(written).saturating_add(1),
        slot,
        ..known
    };
    tx.put_device(&device, false, clock::now_ms())?;
    Ok(device)
}

impl HubStore for SqliteHub {
    fn scope(&self) -> Result<(ScopeId, Uuid), StoreError> {
        let log_id = self.look(|tx| head(tx, &self.scope))?.log_id;
        Ok((self.scope.clone(), log_id))
    }

    fn enrol(
        &self,
        id: DeviceId,
        name: &str,
        public_key: [u8; 32],
        now_ms: i64,
    ) -> Result<Option<Device>, StoreError> {
        let name = name.to_owned();
        self.writer
            .run(move |tx, _| enrol(tx, id, name, public_key, now_ms))
    }

    fn device(&self, id: DeviceId) -> Result<Option<Device>, StoreError> {
        self.look(|tx| tx.device(id))
    }

    fn devices(&self) -> Result<Vec<(Device, Chain, i64)>, StoreError> {
        self.look(|tx| {
            let mut all = Vec::new();
            for (device, seen_ms) in tx.devices()? {
                let chain = tx.chain_of(device.id, device.epoch)?;
                all.push((device, chain, seen_ms));
            }
            Ok(all)
        })
    }

    fn chain(&self, device: DeviceId, epoch: u32) -> Result<Chain, StoreError> {
        self.look(|tx| tx.chain_of(device, epoch))
    }

    fn raise_epoch(&self, device: DeviceId) -> Result<Device, StoreError> {
        self.writer.run(move |tx, _| raise_epoch(tx, device))
    }

    fn push(&self, device: DeviceId, batch: Batch, now_ms: i64) -> Result<Pushed, StoreError> {
        push::push(self, device, batch, now_ms)
    }

    fn append_own(
        &self,
        entity: EntityId,
        event: &Event,
        now_ms: i64,
    ) -> Result<Judged, StoreError> {
        let (scope, event) = (self.scope.clone(), event.clone());
        self.writer
            .run(move |tx, keeper| push::append_own(tx, keeper, &scope, entity, &event, now_ms))
    }

    fn page(&self, after: u64, limit: u32, bytes_max: usize) -> Result<Page, StoreError> {
        self.look(|tx| {
            let head = head(tx, &self.scope)?;
            let lines = tx.lines_after(&self.scope, after, limit.max(1), bytes_max)?;
            let last = lines.last().map_or(after, |line| line.seq);
            let chain = match tx.chain_at(&self.scope, last)? {
                Some(chain) => chain,
                None if last == 0 => Hash::ZERO,
                None => head.chain,
            };
            Ok(Page {
                log_id: head.log_id,
                lines,
                head: head.seq,
                chain,
            })
        })
    }

    fn state(&self, entity: EntityId) -> Result<Option<State>, StoreError> {
        self.look(|tx| tx.state(entity))
    }

    fn tickets(&self, day: Date) -> Result<Vec<Ticket>, StoreError> {
        self.look(|tx| tx.tickets(day))
    }

    fn take_number(
        &self,
        series: &Series,
        day: Date,
        slice: RangeInclusive<u32>,
        key: &str,
    ) -> Result<Option<u32>, StoreError> {
        let (series, key) = (series.clone(), key.to_owned());
        self.writer.run(move |tx, keeper| {
            keeper.touched = true;
            match tx.take_number(&series, day, &slice, &key)? {
                Taken::Number(number) => Ok(Some(number)),
                Taken::UsedUp | Taken::Belongs(_) => Ok(None),
            }
        })
    }

    fn blob(&self, sha256: Hash) -> Result<Option<BlobState>, StoreError> {
        Ok(self.blobs.state(sha256)?)
    }

    fn blob_append(
        &self,
        sha256: Hash,
        size: u64,
        offset: u64,
        bytes: &[u8],
    ) -> Result<BlobState, StoreError> {
        Ok(self.blobs.append(sha256, size, offset, bytes)?)
    }

    fn blob_read(&self, sha256: Hash) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.blobs.read(sha256)?)
    }

    fn claim_forward(
        &self,
        now_ms: i64,
        lease_until_ms: i64,
    ) -> Result<Option<ForwardJob>, StoreError> {
        self.writer
            .run(move |tx, _| tx.claim_forward(now_ms, lease_until_ms))
    }

    fn settle_forward(
        &self,
        job: &ForwardJob,
        answer: Option<&Event>,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let (scope, job, answer) = (self.scope.clone(), job.clone(), answer.cloned());
        self.writer.run(move |tx, keeper| {
            forward::settle(tx, keeper, &scope, &job, answer.as_ref(), now_ms)
        })
    }

    fn forward_counts(&self) -> Result<Vec<(ForwardState, u64)>, StoreError> {
        self.look(|tx| tx.forward_counts())
    }
}
