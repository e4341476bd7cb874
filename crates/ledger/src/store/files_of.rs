//! Tables `blob_ref`, `blob_queue` and `blob_at`: which bytes belong to what, which are still to be sent, and
//! who has them. The bytes themselves are files (`blobs`).

use motcua_core::dossier::BlobRef;
use motcua_core::event::Event;
use motcua_core::ids::{EntityId, Hash};
use rusqlite::params;

use super::StoreError;
use super::conn::{ReadTx, WriteTx};
use super::rows::{self, Key, int};

/// A blob that a hub has not got whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobDue {
    /// Its name.
    pub sha256: Hash,
    /// Its size in bytes.
    pub size: u64,
    /// Bytes that the hub has acknowledged.
    pub have: u64,
}

/// Every blob that an event speaks of.
pub(crate) fn blobs_of(event: &Event) -> Vec<BlobRef> {
    match event {
        Event::DossierReceived(received) => {
            let scans = received.papers.iter().flat_map(|paper| &paper.scans);
            let strokes = received
                .signature
                .iter()
                .map(|signature| &signature.strokes);
            scans.chain(strokes).cloned().collect()
        }
        Event::DossierAttached(attached) => vec![attached.scan.clone()],
        Event::CataloguePublished(catalogue) => catalogue.content.iter().cloned().collect(),
        _ => Vec::new(),
    }
}

impl ReadTx<'_> {
    /// What is still to be sent to a machine, oldest first.
    pub(crate) fn blobs_due(&self, machine: &str, limit: u32) -> Result<Vec<BlobDue>, StoreError> {
        let mut query = self.conn.prepare_cached(
            "SELECT q.sha256, q.size, coalesce(a.have, 0) FROM blob_queue q
             LEFT JOIN blob_at a ON a.sha256 = q.sha256 AND a.machine = ?1
             WHERE coalesce(a.complete, 0) = 0 ORDER BY q.id LIMIT ?2",
        )?;
        let found = query.query_map(params![machine, limit], |row| {
            Ok(BlobDue {
                sha256: rows::hash(row, 0)?,
                size: rows::u64_of(row, 1)?,
                have: rows::u64_of(row, 2)?,
            })
        })?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    pub(crate) fn blobs_waiting(&self) -> Result<(u64, u64), StoreError> {
        Ok(self.conn.query_row(
            "SELECT count(*), coalesce(sum(size), 0) FROM blob_queue",
            [],
            |row| Ok((rows::u64_of(row, 0)?, rows::u64_of(row, 1)?)),
        )?)
    }

    /// The size of a blob; 0 when nothing speaks of it.
    pub(crate) fn blob_size(&self, sha256: Hash) -> Result<u64, StoreError> {
        let mut query = self
            .conn
            .prepare_cached("SELECT coalesce(max(size), 0) FROM blob_ref WHERE sha256 = ?1")?;
        Ok(query.query_row([sha256.0], |row| rows::u64_of(row, 0))?)
    }

    /// Whether this machine still has to send the blob.
    pub(crate) fn blob_is_queued(&self, sha256: Hash) -> Result<bool, StoreError> {
        Ok(self
            .conn
            .prepare_cached("SELECT 1 FROM blob_queue WHERE sha256 = ?1")?
            .exists([sha256.0])?)
    }

    /// The blobs of an entity.
    pub(crate) fn blobs_of(&self, owner: EntityId) -> Result<Vec<BlobRef>, StoreError> {
        let mut query = self
            .conn
            .prepare_cached("SELECT sha256, size, mime FROM blob_ref WHERE owner = ?1")?;
        let found = query.query_map([owner.key()], |row| {
            Ok(BlobRef {
                sha256: rows::hash(row, 0)?,
                size: rows::u64_of(row, 1)?,
                mime: row.get(2)?,
            })
        })?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// How many of an entity's blobs a machine has whole.
    pub(crate) fn blobs_whole_at(&self, owner: EntityId, machine: &str) -> Result<u64, StoreError> {
        let mut query = self.conn.prepare_cached(
            "SELECT count(*) FROM blob_ref r JOIN blob_at a ON a.sha256 = r.sha256
             WHERE r.owner = ?1 AND a.machine = ?2 AND a.complete = 1",
        )?;
        Ok(query.query_row(params![owner.key(), machine], |row| rows::u64_of(row, 0))?)
    }

    /// Every blob that anything speaks of.
    pub(crate) fn all_blobs(&self) -> Result<Vec<Hash>, StoreError> {
        let mut query = self
            .conn
            .prepare("SELECT DISTINCT sha256 FROM blob_ref ORDER BY sha256")?;
        let found = query.query_map([], |row| rows::hash(row, 0))?;
        Ok(found.collect::<Result<_, _>>()?)
    }
}

impl WriteTx<'_> {
    pub(crate) fn refer(&self, owner: EntityId, blobs: &[BlobRef]) -> Result<(), StoreError> {
        let mut insert = self.conn.prepare_cached(
            "INSERT OR IGNORE INTO blob_ref (owner, sha256, size, mime) VALUES (?1, ?2, ?3, ?4)",
        )?;
        for blob in blobs {
            insert.execute(params![
                owner.key(),
                blob.sha256.0,
                int(blob.size),
                blob.mime
            ])?;
        }
        Ok(())
    }

    pub(crate) fn forget_refs(&self, owner: EntityId) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("DELETE FROM blob_ref WHERE owner = ?1")?
            .execute([owner.key()])?;
        Ok(())
    }

    /// Puts blobs at the end of the queue for the hub. Those that a hub already has are not sent again.
    pub(crate) fn queue_blobs(&self, blobs: &[BlobRef]) -> Result<(), StoreError> {
        let mut insert = self.conn.prepare_cached(
            "INSERT OR IGNORE INTO blob_queue (sha256, size, mime) SELECT ?1, ?2, ?3
             WHERE NOT EXISTS (SELECT 1 FROM blob_at WHERE sha256 = ?1 AND complete = 1)",
        )?;
        for blob in blobs {
            insert.execute(params![blob.sha256.0, int(blob.size), blob.mime])?;
        }
        Ok(())
    }

    /// Records what a machine has of a blob; whole ones leave the queue.
    pub(crate) fn blob_is_at(
        &self,
        machine: &str,
        sha256: Hash,
        have: u64,
        complete: bool,
    ) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT INTO blob_at (sha256, machine, have, complete) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (sha256, machine) DO UPDATE
                 SET have = excluded.have, complete = excluded.complete",
            )?
            .execute(params![sha256.0, machine, int(have), complete])?;
        if complete {
            self.conn
                .prepare_cached("DELETE FROM blob_queue WHERE sha256 = ?1")?
                .execute([sha256.0])?;
        }
        Ok(())
    }

    /// A hub that was restored may have lost blobs: ask about all of them again.
    pub(crate) fn requeue_blobs_of(&self, machine: &str) -> Result<(), StoreError> {
        self.conn
            .execute("DELETE FROM blob_at WHERE machine = ?1", [machine])?;
        self.conn.execute(
            "INSERT OR IGNORE INTO blob_queue (sha256, size, mime)
             SELECT sha256, min(size), min(mime) FROM blob_ref
             WHERE owner IN (SELECT entity FROM state) GROUP BY sha256",
            [],
        )?;
        Ok(())
    }
}
