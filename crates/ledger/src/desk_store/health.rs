//! How the store is: figures for the status bar and the health page, the proof of everything, the export.

use std::io::Write;
use std::path::Path;
use std::sync::atomic::Ordering;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use motcua_core::ids::{Hash, ScopeId};
use motcua_core::state::Decision;
use serde::Serialize;
use serde_json::value::RawValue;

use super::DeskStore;
use crate::blobs::BlobStore;
use crate::clock;
use crate::node;
use crate::store::{Integrity, OpRow, ReadTx, StoreError, VerifyReport, Wrong};

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
    /// Dossiers of which the province has said nothing, counted up to ten thousand.
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
    for (sha256, own) in tx.all_blobs()? {
        match blobs.verify(sha256) {
            Ok(true) => report.blobs += 1,
            Ok(false) if own => {
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
    decision: &'a Decision,
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
