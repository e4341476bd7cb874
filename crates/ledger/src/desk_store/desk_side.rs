//! The store as the exchange's loops see it.

use motcua_core::ids::{EntityId, Hash};
use motcua_core::op::SealedOp;
use tokio::sync::watch;
use uuid::Uuid;

use super::{ApplyError, DeskStore, HubGreeting, writes};
use crate::clock;
use crate::exchange::blobs::BlobJob;
use crate::exchange::link::Standing;
use crate::exchange::pull::{CheckedPage, Cursor};
use crate::exchange::{DeskSide, HubClock, HubSeen, Pending};
use crate::hub::Page;
use crate::node;
use crate::store::{NodeRole, ReadTx, StoreError};

/// The hub before it has said which machine it is. It is never a second copy.
const NAMELESS_HUB: &str = "";

/// The hub that was heard last.
fn hub(tx: &ReadTx<'_>) -> Result<String, StoreError> {
    Ok(tx
        .nodes()?
        .into_iter()
        .next()
        .map_or_else(|| NAMELESS_HUB.to_owned(), |node| node.machine))
}

impl DeskSide for DeskStore {
    fn revision(&self) -> watch::Receiver<u64> {
        Self::revision(self)
    }

    fn standing(&self) -> Result<Standing, StoreError> {
        self.inner.readers.read(|tx| {
            let scope = self.inner.scope.clone();
            let log_id = tx.cursor(&scope)?.map(|cursor| cursor.log_id);
            Ok(Standing {
                chain: node::chain(tx, self.device())?,
                scope,
                log_id,
            })
        })
    }

    fn outbox(
        &self,
        after: u64,
        ops_max: usize,
        bytes_max: usize,
    ) -> Result<Vec<SealedOp>, StoreError> {
        self.inner.readers.read(|tx| {
            let epoch = node::epoch(tx)?;
            let (mut ops, mut bytes) = (0, 0);
            let rows = tx.ops_after(self.device(), epoch, after, |row| {
                ops += 1;
                bytes += row.op.bytes.len();
                ops >= ops_max || bytes >= bytes_max
            })?;
            Ok(rows.into_iter().map(|row| row.op).collect())
        })
    }

    fn note_hub(&self, hub: &HubSeen, now_ms: i64) -> Result<(), StoreError> {
        let greeting = HubGreeting {
            machine: hub.machine.clone(),
            name: hub.name.clone(),
            role: NodeRole::Hub,
            log_id: hub.log_id,
            epoch: hub.epoch,
            acked_dseq: hub.acked_dseq,
        };
        // Another log and a chain that is behind were refused before; here both are only remembered.
        self.greeted(greeting, now_ms).map(drop)
    }

    fn note_acked(&self, epoch: u32, acked_dseq: u64, _now_ms: i64) -> Result<(), StoreError> {
        self.inner
            .writer
            .run(move |tx, _| tx.set_ack(&hub(tx)?, epoch, acked_dseq))
    }

    fn cursor(&self) -> Result<Cursor, StoreError> {
        Ok(match Self::cursor(self)? {
            Some(known) => Cursor {
                log_id: Some(known.log_id),
                seq: known.seq,
                chain: known.chain,
            },
            None => Cursor::START,
        })
    }

    fn apply(&self, page: &CheckedPage) -> Result<Vec<EntityId>, StoreError> {
        let page = Page {
            log_id: page.cursor.log_id.unwrap_or(Uuid::nil()),
            lines: page.lines.clone(),
            head: page.head,
            chain: page.cursor.chain,
        };
        match self.apply_page(page, clock::now_ms()) {
            Ok(applied) => Ok(applied.entities),
            Err(ApplyError::Store(error)) => Err(error),
            // The page was checked against the cursor before; another answer means that the cursor moved
            // meanwhile, so the page is asked for again.
            Err(other) => {
                tracing::warn!(%other, "a page that was checked did not fit");
                Err(StoreError::Busy)
            }
        }
    }

    fn take_epoch(&self, epoch: u32, slot: u16) -> Result<(), StoreError> {
        self.adopt_epoch(epoch, Some(slot), clock::now_ms())
    }

    fn pending(&self) -> Result<Pending, StoreError> {
        let counts = self.pending_counts()?;
        Ok(Pending {
            ops: counts.ops,
            blobs: counts.blobs,
        })
    }

    fn note_hub_clock(&self, measured: HubClock) -> Result<(), StoreError> {
        self.inner
            .writer
            .run(move |tx, _| writes::believe_hub(tx, measured.hub_ms))
    }

    fn waiting_blobs(&self, limit: usize) -> Result<Vec<BlobJob>, StoreError> {
        self.inner.readers.read(|tx| {
            let due = tx.blobs_due(&hub(tx)?, u32::try_from(limit).unwrap_or(u32::MAX))?;
            Ok(due
                .into_iter()
                .map(|due| BlobJob {
                    sha256: due.sha256,
                    size: due.size,
                })
                .collect())
        })
    }

    fn blob(&self, sha256: Hash) -> Result<Option<Vec<u8>>, StoreError> {
        Self::blob(self, sha256)
    }

    fn note_blob_sent(&self, sha256: Hash) -> Result<(), StoreError> {
        self.inner.writer.run(move |tx, _| {
            let size = tx.blob_size(sha256)?;
            tx.blob_is_at(&hub(tx)?, sha256, size, true)
        })
    }
}
