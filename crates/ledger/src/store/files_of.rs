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

    /// How many blobs wait for a hub, and their bytes.
    pub(crate) fn blobs_waiting(&self) -> Result<(u64, u64), StoreError> {
        let mut query = self
            .conn
            .prepare_cached("SELECT count(*), coalesce(sum(size), 0) FROM blob_queue")?;
        Ok(query.query_row([], |row| Ok((rows::u64_of(row, 0)?, rows::u64_of(row, 1)?)))?)
    }

    /// The size of a blob; 0 when nothing speaks of it.
    pub(crate) fn blob_size(&self, sha256: Hash) -> Result<u64, StoreError> {
        let mut query = self
            .conn
            .prepare_cached("SELECT coalesce(max(size), 0) FROM blob_ref WHERE sha256 = ?1")?;
        Ok(query.query_row([sha256.0], |row| rows::u64_of(row, 0))?)
    }

    /// How many blobs an entity has.
    pub(crate) fn blob_count(&self, owner: EntityId) -> Result<u64, StoreError> {
        let mut query = self
            .conn
            .prepare_cached("SELECT count(*) FROM blob_ref WHERE owner = ?1 AND draft = 0")?;
        Ok(query.query_row([owner.key()], |row| rows::u64_of(row, 0))?)
    }

    /// How many of an entity's blobs a machine has whole.
    pub(crate) fn blobs_whole_at(&self, owner: EntityId, machine: &str) -> Result<u64, StoreError> {
        let mut query = self.conn.prepare_cached(
            "SELECT count(*) FROM blob_ref r JOIN blob_at a ON a.sha256 = r.sha256
             WHERE r.owner = ?1 AND r.draft = 0 AND a.machine = ?2 AND a.complete = 1",
        )?;
        Ok(query.query_row(params![owner.key(), machine], |row| rows::u64_of(row, 0))?)
    }

    /// Every blob that anything speaks of, and whether this machine brought it in.
    pub(crate) fn all_blobs(&self) -> Result<Vec<(Hash, bool)>, StoreError> {
        let mut query = self
            .conn
            .prepare("SELECT sha256, max(own) FROM blob_ref GROUP BY sha256 ORDER BY sha256")?;
        let found = query.query_map([], |row| Ok((rows::hash(row, 0)?, row.get(1)?)))?;
        Ok(found.collect::<Result<_, _>>()?)
    }
}

impl WriteTx<'_> {
    /// An entity speaks of blobs. Those that this machine brought in go to the end of the queue for the hub,
    /// unless a hub has them already.
    pub(crate) fn refer(
        &self,
        owner: EntityId,
        blobs: &[BlobRef],
        own: bool,
    ) -> Result<(), StoreError> {
        self.insert_refs(owner, blobs, false, own)?;
        if !own {
            return Ok(());
        }
        let mut queue = self.conn.prepare_cached(
            "INSERT OR IGNORE INTO blob_queue (sha256, size, mime) SELECT ?1, ?2, ?3
             WHERE NOT EXISTS (SELECT 1 FROM blob_at WHERE sha256 = ?1 AND complete = 1)",
        )?;
        for blob in blobs {
            queue.execute(params![blob.sha256.0, int(blob.size), blob.mime])?;
        }
        Ok(())
    }

    /// A draft needs blobs. They are not sent before it is received.
    pub(crate) fn refer_draft(&self, draft: EntityId, blobs: &[BlobRef]) -> Result<(), StoreError> {
        self.insert_refs(draft, blobs, true, true)
    }

    fn insert_refs(
        &self,
        owner: EntityId,
        blobs: &[BlobRef],
        draft: bool,
        own: bool,
    ) -> Result<(), StoreError> {
        let mut insert = self.conn.prepare_cached(
            "INSERT INTO blob_ref (owner, draft, sha256, size, mime, own) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO UPDATE SET own = max(own, excluded.own)",
        )?;
        for blob in blobs {
            insert.execute(params![
                owner.key(),
                draft,
                blob.sha256.0,
                int(blob.size),
                blob.mime,
                own
            ])?;
        }
        Ok(())
    }

    pub(crate) fn forget_draft_refs(&self, draft: EntityId) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("DELETE FROM blob_ref WHERE owner = ?1 AND draft = 1")?
            .execute([draft.key()])?;
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

    /// A hub that was restored may have lost blobs: ask about all own ones again.
    pub(crate) fn requeue_blobs_of(&self, machine: &str) -> Result<(), StoreError> {
        self.conn
            .execute("DELETE FROM blob_at WHERE machine = ?1", [machine])?;
        self.conn.execute(
            "INSERT OR IGNORE INTO blob_queue (sha256, size, mime)
             SELECT sha256, min(size), min(mime) FROM blob_ref WHERE own = 1 AND draft = 0 GROUP BY sha256",
            [],
        )?;
        Ok(())
    }
}
