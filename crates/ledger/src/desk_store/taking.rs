//! Taking a page of the log: every line placed, every entity folded, the cursor moved, or nothing of it. The
//! running hash is computed here and compared, never adopted.

use std::collections::BTreeMap;

use motcua_core::ids::{EntityId, Hash, ScopeId};

use super::{NEEDS_HUB_EPOCH, epochs};
use crate::hub::{LogLine, Page, chain_step};
use crate::node::{self, Identity, NodeKeeper};
use crate::store::{self, ActFailure, Cursor, Folding, NewOp, StoreError, WriteTx};

/// What a page brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Lines that were new.
    pub lines: u64,
    /// Own operations that came back with their decision.
    pub own: u64,
    /// Entities that changed.
    pub entities: Vec<EntityId>,
    /// Where this machine is in the log now.
    pub seq: u64,
    /// The last position in the log as the hub said.
    pub head: u64,
    /// Own operations met others of the same number: what was not in the log was written again in a new epoch.
    pub written_again: bool,
}

/// Why a page was not taken. The cursor is where it was.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The page is of another log: the hub was restored or replaced.
    #[error("the page is of another log")]
    OtherLog,
    /// The page is of another office.
    #[error("the page is of another office")]
    OtherOffice,
    /// There is a hole before or in the page.
    #[error("expected line {expected} of the log, got {got}")]
    Gap {
        /// What should have come.
        expected: u64,
        /// What came.
        got: u64,
    },
    /// The running hash differs: a hole or a change somewhere before.
    #[error("the log's running hash differs at line {seq}")]
    BrokenChain {
        /// Where.
        seq: u64,
    },
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ActFailure for ApplyError {
    fn store(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

pub(super) fn apply(
    tx: &WriteTx<'_>,
    keeper: &mut NodeKeeper,
    page: Page,
    now_ms: i64,
) -> Result<Applied, ApplyError> {
    let scope = node::scope(tx)?.ok_or(ApplyError::OtherOffice)?;
    let known = tx.cursor(&scope)?;
    let mut cursor = match known {
        Some(cursor) if cursor.log_id != page.log_id => return Err(ApplyError::OtherLog),
        Some(cursor) => cursor,
        None => Cursor::start(page.log_id),
    };
    let mut taking = Taking::new(tx, &scope, &keeper.identity, now_ms);
    for line in page.lines {
        if line.seq <= cursor.seq {
            continue;
        }
        if line.seq != cursor.seq + 1 {
            return Err(ApplyError::Gap {
                expected: cursor.seq + 1,
                got: line.seq,
            });
        }
        if line.op.op.scope != scope {
            return Err(ApplyError::OtherOffice);
        }
        cursor.chain = chain_step(cursor.chain, line.seq, line.op.hash, &line.decision);
        cursor.seq = line.seq;
        taking.line(&line, cursor.chain)?;
    }
    if cursor.chain != page.chain {
        return Err(ApplyError::BrokenChain { seq: cursor.seq });
    }
    let mut applied = taking.finish()?;
    if applied.written_again {
        keeper.touched = true;
    }
    tx.set_cursor(&scope, &cursor)?;
    applied.seq = cursor.seq;
    applied.head = page.head;
    Ok(applied)
}

/// The taking of one page.
struct Taking<'t, 'c> {
    tx: &'t WriteTx<'c>,
    scope: &'t ScopeId,
    identity: &'t Identity,
    now_ms: i64,
    folding: Folding<'t, 'c>,
    /// Whether an entity must be folded again because something of it has no place or had none.
    again: BTreeMap<EntityId, bool>,
    applied: Applied,
}

impl<'t, 'c> Taking<'t, 'c> {
    fn new(tx: &'t WriteTx<'c>, scope: &'t ScopeId, identity: &'t Identity, now_ms: i64) -> Self {
        Self {
            tx,
            scope,
            identity,
            now_ms,
            folding: Folding::new(tx),
            again: BTreeMap::new(),
            applied: Applied::default(),
        }
    }

    fn line(&mut self, line: &LogLine, chain: Hash) -> Result<(), ApplyError> {
        let id = line.op.id();
        let entity = line.op.op.entity;
        self.applied.lines += 1;
        match self.tx.known_op(id)? {
            Some(known) if known.hash == line.op.hash => {
                if known.seq.is_some() {
                    return Err(ApplyError::BrokenChain { seq: line.seq });
                }
                self.tx
                    .place_op(known.id, (line.seq, chain), &line.decision, line.signature)?;
                self.applied.own += u64::from(id.device == self.identity.device);
                self.again.insert(entity, true);
                return Ok(());
            }
            Some(_) => self.make_way(line)?,
            None => {}
        }
        let new = NewOp {
            place: Some((line.seq, chain)),
            op: &line.op,
            decision: &line.decision,
            signature: line.signature,
            recv_ms: self.now_ms,
        };
        let pending = match self.again.get(&entity) {
            Some(again) => *again,
            None => self.tx.has_pending(entity)?,
        };
        self.again.insert(entity, pending);
        self.tx.insert_op(&new)?;
        let Some(event) = line.op.event() else {
            return Ok(());
        };
        store::note_event(self.tx, &line.op, &event, self.scope, false)?;
        if !pending {
            self.folding
                .fold(&line.op, &event, Some(line.seq), &line.decision)?;
        }
        Ok(())
    }

    /// The log has another operation under a number that stands here without a place: the log's stays.
    fn make_way(&mut self, line: &LogLine) -> Result<(), ApplyError> {
        let id = line.op.id();
        let Some(ours) = self.tx.op(id)? else {
            return Ok(());
        };
        if ours.seq.is_some() {
            return Err(ApplyError::BrokenChain { seq: line.seq });
        }
        if id.device == self.identity.device {
            // Everything after it hangs on it, so all of it moves to a new epoch before the log's is taken.
            let epoch = node::epoch(self.tx)?.max(id.epoch).saturating_add(1);
            epochs::write_again(self.tx, self.identity, epoch, self.now_ms, |row| {
                Ok(row.op.op.epoch > id.epoch || row.op.op.dseq >= id.dseq)
            })?;
            self.tx.set_fact(NEEDS_HUB_EPOCH, &true)?;
            self.applied.written_again = true;
        } else {
            self.tx.quarantine(&ours.op, "displaced", self.now_ms)?;
            self.tx.delete_op(ours.id)?;
        }
        self.again.insert(ours.op.op.entity, true);
        self.again.insert(line.op.op.entity, true);
        Ok(())
    }

    fn finish(mut self) -> Result<Applied, StoreError> {
        for (entity, again) in &self.again {
            if *again {
                self.folding.refold(*entity)?;
            }
        }
        self.folding.save()?;
        self.applied.entities = self.again.into_keys().collect();
        Ok(self.applied)
    }
}
