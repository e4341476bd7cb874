//! What the screens read, and what scripts read while the program runs.

use std::io::Write;
use std::path::Path;
use std::sync::atomic::Ordering;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::civil::Date;
use motcua_core::dossier::Dossier;
use motcua_core::ids::{EntityId, Hash, PrintJobId, ScopeId};
use motcua_core::office::Office;
use motcua_core::queue::Ticket;
use motcua_core::state::{State, office_entity};
use serde::Serialize;
use serde_json::value::RawValue;

use super::DeskStore;
use crate::blobs::BlobStore;
use crate::clock;
use crate::keys::{self, KeyPolicy};
use crate::node;
use crate::store::{
    self, Attention, DossierRow, Draft, Integrity, Node, OpRow, PrintJob, ReadPool, ReadTx,
    SearchHit, StoreError, VerifyReport, Wrong,
};

/// Bytes of a MiB.
const MIB: u64 = 1024 * 1024;

/// What waits, in figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PendingCounts {
    /// Own operations that no node has acknowledged.
    pub ops: u64,
    /// Own scans that no hub has whole.
    pub blobs: u64,
    /// Their bytes.
    pub blob_bytes: u64,
    /// Papers to which something may still happen.
    pub prints: u64,
}

/// How the store is, for the status bar and the health page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pulse {
    /// When this machine wrote its last operation, milliseconds since 1970 by its own clock.
    pub last_saved_ms: Option<i64>,
    /// What waits.
    pub pending: PendingCounts,
    /// Papers of which nobody knows what became.
    pub prints_unknown: u64,
    /// When the last paper was confirmed, milliseconds since 1970.
    pub last_printed_ms: Option<i64>,
    /// Dossiers of which the province has said nothing; practice ones are not counted.
    pub province_waiting: u64,
    /// When the oldest of them was received, milliseconds since 1970.
    pub province_waiting_since_ms: Option<i64>,
    /// Dossiers that the province has refused.
    pub province_refused: u64,
    /// When the province said something last, milliseconds since 1970.
    pub last_province_ms: Option<i64>,
    /// This store was put back from an old copy and waits for a new epoch from the hub.
    pub needs_hub_epoch: bool,
}

/// The store in figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct StoreStats {
    /// Commits that changed something since the store was opened: each is one sync of the disk.
    pub commits: u64,
    /// Acts since the store was opened.
    pub acts: u64,
    /// Acts among them that were rolled back.
    pub undone: u64,
    /// Entities in the store.
    pub entities: u64,
    /// Dossiers among them.
    pub dossiers: u64,
    /// Own operations without a place in the log.
    pub pending_ops: u64,
    /// Operations that could not be taken in and are kept aside.
    pub quarantined: u64,
    /// Where this machine is in the log.
    pub log_seq: u64,
}

impl DeskStore {
    fn look<T>(
        &self,
        look: impl FnOnce(&ReadTx<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.inner.readers.read(look)
    }

    /// The office as it stands; none before it is set up or read from the hub.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn office(&self) -> Result<Option<Office>, StoreError> {
        let entity = office_entity(&self.inner.scope);
        Ok(self
            .look(|tx| tx.state(entity))?
            .and_then(State::into_office))
    }

    /// A dossier.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn dossier(&self, id: EntityId) -> Result<Option<Dossier>, StoreError> {
        Ok(self.look(|tx| tx.state(id))?.and_then(State::into_dossier))
    }

    /// A dossier by its whole code.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn dossier_by_code(&self, code: &str) -> Result<Option<Dossier>, StoreError> {
        self.look(|tx| match tx.dossier_row_by_code(code)? {
            Some(row) => Ok(tx.state(row.id)?.and_then(State::into_dossier)),
            None => Ok(None),
        })
    }

    /// A queue ticket.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn ticket(&self, id: EntityId) -> Result<Option<Ticket>, StoreError> {
        Ok(self.look(|tx| tx.state(id))?.and_then(State::into_ticket))
    }

    /// Every ticket of a day, by label.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn tickets(&self, day: Date) -> Result<Vec<Ticket>, StoreError> {
        self.look(|tx| tx.tickets(day))
    }

    /// The search box: a code or its last digits, a name without marks, an identity number, a phone number.
    /// Best rank first, newest first within a rank.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn search(&self, typed: &str, limit: usize) -> Result<Vec<SearchHit>, StoreError> {
        self.look(|tx| tx.search(typed, limited(limit)))
    }

    /// Dossiers of a person by their personal number, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn earlier_dossiers_of(
        &self,
        id_number: &str,
        limit: usize,
    ) -> Result<Vec<Dossier>, StoreError> {
        self.look(|tx| {
            let mut dossiers = Vec::new();
            for row in tx.dossiers_of(id_number, limited(limit))? {
                dossiers.extend(tx.state(row.id)?.and_then(State::into_dossier));
            }
            Ok(dossiers)
        })
    }

    /// Dossiers received on a day, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn dossiers_on(&self, day: Date, limit: usize) -> Result<Vec<DossierRow>, StoreError> {
        self.look(|tx| tx.dossiers_on(day, limited(limit)))
    }

    /// The dossiers that were received for a queue ticket.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn dossiers_of_ticket(&self, ticket: EntityId) -> Result<Vec<EntityId>, StoreError> {
        self.look(|tx| tx.dossiers_of_ticket(ticket))
    }

    /// Whether this machine has called the ticket.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn called_here(&self, ticket: EntityId) -> Result<bool, StoreError> {
        self.look(|tx| tx.has_said(self.inner.identity.device, ticket, "ticket.call"))
    }

    /// Every draft, the latest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn drafts(&self) -> Result<Vec<Draft>, StoreError> {
        self.look(|tx| tx.drafts())
    }

    /// A draft.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn draft(&self, id: EntityId) -> Result<Option<Draft>, StoreError> {
        self.look(|tx| tx.draft(id))
    }

    /// Papers to which something may still happen, in the order in which they were asked for.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open_print_jobs(&self) -> Result<Vec<PrintJob>, StoreError> {
        self.look(|tx| tx.open_print_jobs(self.inner.start))
    }

    /// Every paper of a dossier or ticket.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn print_jobs_of(&self, entity: EntityId) -> Result<Vec<PrintJob>, StoreError> {
        self.look(|tx| tx.print_jobs_of(entity, self.inner.start))
    }

    /// A paper.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn print_job(&self, id: PrintJobId) -> Result<Option<PrintJob>, StoreError> {
        self.look(|tx| tx.print_job(id, self.inner.start))
    }

    /// A blob's bytes, decrypted and checked; none when it is not on this machine.
    ///
    /// # Errors
    /// [`StoreError::Blob`] when the bytes are not those of the name.
    pub fn blob(&self, sha256: Hash) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.inner.blobs.read(sha256)?)
    }

    /// What needs a person: operations that met others or can never stand, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn attention(&self, limit: usize) -> Result<Vec<Attention>, StoreError> {
        self.look(|tx| tx.attention(limited(limit)))
    }

    /// The nodes that this machine exchanges with, the one that was heard last first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn nodes(&self) -> Result<Vec<Node>, StoreError> {
        self.look(|tx| tx.nodes())
    }

    /// What waits.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn pending_counts(&self) -> Result<PendingCounts, StoreError> {
        self.look(|tx| {
            let (blobs, blob_bytes) = tx.blobs_waiting()?;
            Ok(PendingCounts {
                ops: self.unacked(tx)?,
                blobs,
                blob_bytes,
                prints: tx.print_counts()?.open,
            })
        })
    }

    /// Own operations that no node has on its disk.
    fn unacked(&self, tx: &ReadTx<'_>) -> Result<u64, StoreError> {
        let nodes = tx.nodes()?;
        let mut waiting = 0;
        for (epoch, last) in tx.epochs_of(self.inner.identity.device)? {
            let mut acked = 0;
            for node in &nodes {
                acked = acked.max(tx.acked(&node.machine, epoch)?);
            }
            waiting += last.saturating_sub(acked);
        }
        Ok(waiting)
    }

    /// How the store is.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn pulse(&self) -> Result<Pulse, StoreError> {
        let pending = self.pending_counts()?;
        let device = self.inner.identity.device;
        self.look(|tx| {
            let prints = tx.print_counts()?;
            let province = tx.province_counts()?;
            Ok(Pulse {
                last_saved_ms: tx.last_written_ms(device)?,
                pending,
                prints_unknown: prints.unknown,
                last_printed_ms: prints.last_confirmed_ms,
                province_waiting: province.waiting,
                province_waiting_since_ms: province.waiting_since.map(clock::ms),
                province_refused: province.refused,
                last_province_ms: province.last_answer.map(clock::ms),
                needs_hub_epoch: tx.fact(super::NEEDS_HUB_EPOCH)?.unwrap_or(false),
            })
        })
    }

    /// The store in figures.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn stats(&self) -> Result<StoreStats, StoreError> {
        let counters = self.inner.writer.counters();
        let seen = self.look(|tx| stats_of(tx, &self.inner.scope))?;
        Ok(StoreStats {
            commits: counters.commits.load(Ordering::Relaxed),
            acts: counters.acts.load(Ordering::Relaxed),
            undone: counters.undone.load(Ordering::Relaxed),
            ..seen
        })
    }

    /// Looks at every page of the file, however long it takes.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn integrity(&self) -> Result<Integrity, StoreError> {
        self.look(|tx| tx.integrity())
    }

    /// Proves the store: chains, hashes, signatures, places, folded rows, blobs.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read at all; what is wrong is in the report.
    pub fn verify(&self) -> Result<VerifyReport, StoreError> {
        self.look(|tx| verify_store(tx, &self.inner.scope, &self.inner.blobs))
    }

    /// Writes every operation as one line of JSON, in the log's order, those without a place last.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn export(&self, out: &mut impl Write) -> Result<u64, StoreError> {
        self.look(|tx| export(tx, out))
    }

    /// Room on the store's disk in MiB; none where the operating system does not say.
    #[must_use]
    pub fn free_disk_mib(&self) -> Option<u64> {
        free_disk_bytes(&self.inner.dir).map(|bytes| bytes / MIB)
    }
}

#[cfg(unix)]
fn free_disk_bytes(dir: &Path) -> Option<u64> {
    let stat = rustix::fs::statvfs(dir).ok()?;
    Some(stat.f_bavail.saturating_mul(stat.f_frsize))
}

#[cfg(not(unix))]
fn free_disk_bytes(_dir: &Path) -> Option<u64> {
    None
}

fn limited(limit: usize) -> u32 {
    u32::try_from(limit).unwrap_or(u32::MAX)
}

pub(crate) fn stats_of(tx: &ReadTx<'_>, scope: &ScopeId) -> Result<StoreStats, StoreError> {
    Ok(StoreStats {
        entities: tx.state_count()?,
        dossiers: tx.dossier_count()?,
        pending_ops: tx.pending_count()?,
        quarantined: tx.quarantined()?,
        log_seq: tx.cursor(scope)?.map_or(0, |cursor| cursor.seq),
        ..StoreStats::default()
    })
}

/// Proves a store and its blobs.
pub(crate) fn verify_store(
    tx: &ReadTx<'_>,
    scope: &ScopeId,
    blobs: &BlobStore,
) -> Result<VerifyReport, StoreError> {
    let mut report = tx.verify_log(scope, &node::public_keys(tx)?)?;
    for sha256 in tx.all_blobs()? {
        match blobs.verify(sha256) {
            Ok(true) => report.blobs += 1,
            Ok(false) if tx.blob_is_queued(sha256)? => {
                report.add(Wrong::Blob {
                    sha256,
                    why: "missing".to_owned(),
                });
            }
            Ok(false) => report.blobs_elsewhere += 1,
            Err(error) => report.add(Wrong::Blob {
                sha256,
                why: error.to_string(),
            }),
        }
    }
    Ok(report)
}

/// One line of an export.
#[derive(Serialize)]
struct ExportLine<'a> {
    seq: Option<u64>,
    hash: Hash,
    decision: &'a motcua_core::state::Decision,
    #[serde(skip_serializing_if = "Option::is_none")]
    signature: Option<String>,
    recv_ms: i64,
    op: &'a RawValue,
}

pub(crate) fn export(tx: &ReadTx<'_>, out: &mut impl Write) -> Result<u64, StoreError> {
    let mut lines = 0;
    tx.each_op(|row: OpRow| {
        let op: &RawValue = serde_json::from_slice(&row.op.bytes)?;
        let line = ExportLine {
            seq: row.seq,
            hash: row.op.hash,
            decision: &row.decision,
            signature: row.signature.map(|signature| BASE64.encode(signature)),
            recv_ms: row.recv_ms,
            op,
        };
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n")?;
        lines += 1;
        Ok(())
    })?;
    Ok(lines)
}

/// A store that is only read, also while another program writes it: for scripts and the command line.
pub struct DeskReader {
    readers: ReadPool,
    blobs: BlobStore,
    scope: ScopeId,
}

impl DeskReader {
    /// Opens a counter's or a hub's store for reading.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::OtherStore`] when there is no store in the folder.
    pub fn open(dir: &Path, keys: KeyPolicy) -> Result<Self, StoreError> {
        if !DeskStore::exists(dir) {
            return Err(StoreError::OtherStore(
                "there is no store in the folder".to_owned(),
            ));
        }
        let key = keys::open_key(dir, keys)?.key;
        let readers = store::open_readers(dir, &key)?;
        let scope = readers.read(node::scope)?;
        let scope =
            scope.ok_or_else(|| StoreError::OtherStore("the store has no office".to_owned()))?;
        Ok(Self {
            readers,
            blobs: BlobStore::open_beside(dir, &key),
            scope,
        })
    }

    /// As [`DeskStore::verify`].
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn verify(&self) -> Result<VerifyReport, StoreError> {
        self.readers
            .read(|tx| verify_store(tx, &self.scope, &self.blobs))
    }

    /// As [`DeskStore::stats`], without what only the writing program has counted.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn stats(&self) -> Result<StoreStats, StoreError> {
        self.readers.read(|tx| stats_of(tx, &self.scope))
    }

    /// As [`DeskStore::export`].
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn export(&self, out: &mut impl Write) -> Result<u64, StoreError> {
        self.readers.read(|tx| export(tx, out))
    }

    /// As [`DeskStore::integrity`].
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn integrity(&self) -> Result<Integrity, StoreError> {
        self.readers.read(|tx| tx.integrity())
    }

    /// A dossier by its whole code.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn dossier_by_code(&self, code: &str) -> Result<Option<Dossier>, StoreError> {
        self.readers.read(|tx| match tx.dossier_row_by_code(code)? {
            Some(row) => Ok(tx.state(row.id)?.and_then(State::into_dossier)),
            None => Ok(None),
        })
    }

    /// The office as it stands.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn office(&self) -> Result<Option<Office>, StoreError> {
        let entity = office_entity(&self.scope);
        Ok(self
            .readers
            .read(|tx| tx.state(entity))?
            .and_then(State::into_office))
    }

    /// A blob's bytes.
    ///
    /// # Errors
    /// [`StoreError::Blob`].
    pub fn blob(&self, sha256: Hash) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.blobs.read(sha256)?)
    }
}
