//! Table `op`: the operations with their bytes, and `quarantine`: those that could not be taken in.

use motcua_core::ids::{DeviceId, EntityId, Hash, ScopeId};
use motcua_core::op::{Chain, OpId, SealedOp};
use motcua_core::state::Decision;
use rusqlite::{OptionalExtension, Row, params};

use super::StoreError;
use super::conn::{ReadTx, WriteTx};
use super::rows::{self, Key, int};
use crate::hub::LogLine;

/// An operation to be kept.
pub(crate) struct NewOp<'a> {
    /// Its place in the log and the running hash there; none while pending.
    pub(crate) place: Option<(u64, Hash)>,
    pub(crate) op: &'a SealedOp,
    pub(crate) decision: &'a Decision,
    pub(crate) signature: Option<[u8; 64]>,
    pub(crate) recv_ms: i64,
}

/// An operation as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct OpRow {
    pub(crate) id: i64,
    pub(crate) seq: Option<u64>,
    pub(crate) op: SealedOp,
    pub(crate) decision: Decision,
    pub(crate) signature: Option<[u8; 64]>,
    pub(crate) recv_ms: i64,
}

/// Where a known operation stands.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) id: i64,
    pub(crate) seq: Option<u64>,
    pub(crate) hash: Hash,
    pub(crate) decision: Decision,
}

/// An operation that needs a person: it met another one, or can never stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attention {
    /// Which.
    pub id: OpId,
    /// Its place in the log; none while pending.
    pub seq: Option<u64>,
    /// What it is about.
    pub entity: EntityId,
    /// What it says.
    pub kind: String,
    /// What the log says of it.
    pub decision: Decision,
}

const COLUMNS: &str = "id, seq, bytes, hash, decision, sig, recv_ms";

fn op_row(row: &Row<'_>) -> Result<OpRow, StoreError> {
    let bytes: Vec<u8> = row.get(2)?;
    let hash = rows::hash(row, 3)?;
    let op = SealedOp::open(bytes)?;
    if op.hash != hash {
        return Err(StoreError::Damaged(format!(
            "operation {:?} has other bytes than its hash",
            op.id()
        )));
    }
    Ok(OpRow {
        id: row.get(0)?,
        seq: seq(row, 1)?,
        op,
        decision: rows::json(row, 4)?,
        signature: row.get(5)?,
        recv_ms: row.get(6)?,
    })
}

fn seq(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<u64>> {
    let seq: Option<i64> = row.get(column)?;
    Ok(seq.map(rows::uint))
}

fn collect(mut found: rusqlite::Rows<'_>) -> Result<Vec<OpRow>, StoreError> {
    let mut ops = Vec::new();
    while let Some(row) = found.next()? {
        ops.push(op_row(row)?);
    }
    Ok(ops)
}

impl ReadTx<'_> {
    /// Every operation of an entity: the log's first, in its order, then those without a place, as they came.
    pub(crate) fn ops_of(&self, entity: EntityId) -> Result<Vec<OpRow>, StoreError> {
        let sql =
            format!("SELECT {COLUMNS} FROM op WHERE entity = ?1 ORDER BY seq IS NULL, seq, id");
        let mut query = self.conn.prepare_cached(&sql)?;
        collect(query.query([entity.key()])?)
    }

    /// Whether an entity has operations without a place in the log.
    pub(crate) fn has_pending(&self, entity: EntityId) -> Result<bool, StoreError> {
        let mut query = self
            .conn
            .prepare_cached("SELECT 1 FROM op WHERE entity = ?1 AND seq IS NULL LIMIT 1")?;
        Ok(query.exists([entity.key()])?)
    }

    pub(crate) fn known_op(&self, id: OpId) -> Result<Option<Known>, StoreError> {
        let mut query = self.conn.prepare_cached(
            "SELECT id, seq, hash, decision FROM op WHERE device = ?1 AND epoch = ?2 AND dseq = ?3",
        )?;
        let known = query.query_row(params![id.device.key(), id.epoch, int(id.dseq)], |row| {
            Ok(Known {
                id: row.get(0)?,
                seq: seq(row, 1)?,
                hash: rows::hash(row, 2)?,
                decision: rows::json(row, 3)?,
            })
        });
        Ok(known.optional()?)
    }

    pub(crate) fn op(&self, id: OpId) -> Result<Option<OpRow>, StoreError> {
        let sql =
            format!("SELECT {COLUMNS} FROM op WHERE device = ?1 AND epoch = ?2 AND dseq = ?3");
        let mut query = self.conn.prepare_cached(&sql)?;
        let mut found = query.query(params![id.device.key(), id.epoch, int(id.dseq)])?;
        found.next()?.map(op_row).transpose()
    }

    /// How far a device's chain is known.
    pub(crate) fn chain_of(&self, device: DeviceId, epoch: u32) -> Result<Chain, StoreError> {
        let mut query = self.conn.prepare_cached(
            "SELECT dseq, hash FROM op WHERE device = ?1 AND epoch = ?2 ORDER BY dseq DESC LIMIT 1",
        )?;
        let last = query
            .query_row(params![device.key(), epoch], |row| {
                Ok((rows::u64_of(row, 0)?, rows::hash(row, 1)?))
            })
            .optional()?;
        let (dseq, head) = last.unwrap_or((0, Hash::ZERO));
        Ok(Chain {
            device,
            epoch,
            dseq,
            head,
        })
    }

    /// A device's operations after `dseq` of an epoch, in order, until `enough` says so. The operation that
    /// made it say so is the last one given.
    pub(crate) fn ops_after(
        &self,
        device: DeviceId,
        epoch: u32,
        dseq: u64,
        mut enough: impl FnMut(&OpRow) -> bool,
    ) -> Result<Vec<OpRow>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM op WHERE device = ?1 AND epoch = ?2 AND dseq > ?3 ORDER BY dseq"
        );
        let mut query = self.conn.prepare_cached(&sql)?;
        let mut found = query.query(params![device.key(), epoch, int(dseq)])?;
        let mut ops = Vec::new();
        while let Some(row) = found.next()? {
            let op = op_row(row)?;
            let stop = enough(&op);
            ops.push(op);
            if stop {
                break;
            }
        }
        Ok(ops)
    }

    /// Every epoch in which a device wrote, ascending, with its last `dseq`. One look into the index for each.
    pub(crate) fn epochs_of(&self, device: DeviceId) -> Result<Vec<(u32, u64)>, StoreError> {
        let mut next = self
            .conn
            .prepare_cached("SELECT min(epoch) FROM op WHERE device = ?1 AND epoch > ?2")?;
        let (mut epochs, mut after) = (Vec::new(), 0_u32);
        let mut following = |after: u32| {
            next.query_row(params![device.key(), after], |row| {
                row.get::<_, Option<u32>>(0)
            })
        };
        while let Some(epoch) = following(after)? {
            epochs.push((epoch, self.chain_of(device, epoch)?.dseq));
            after = epoch;
        }
        Ok(epochs)
    }

    /// A device's operations without a place in the log, in the order of its chain.
    pub(crate) fn pending_of(&self, device: DeviceId) -> Result<Vec<OpRow>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM op WHERE device = ?1 AND seq IS NULL ORDER BY epoch, dseq"
        );
        let mut query = self.conn.prepare_cached(&sql)?;
        collect(query.query([device.key()])?)
    }

    pub(crate) fn pending_count(&self) -> Result<u64, StoreError> {
        Ok(self.conn.query_row(
            "SELECT count(*) FROM op INDEXED BY op_pending WHERE seq IS NULL",
            [],
            |row| rows::u64_of(row, 0),
        )?)
    }

    /// Whether a device has said this of an entity.
    pub(crate) fn has_said(
        &self,
        device: DeviceId,
        entity: EntityId,
        kind: &str,
    ) -> Result<bool, StoreError> {
        let mut query = self.conn.prepare_cached(
            "SELECT 1 FROM op WHERE entity = ?1 AND device = ?2 AND kind = ?3 LIMIT 1",
        )?;
        Ok(query.exists(params![entity.key(), device.key(), kind])?)
    }

    /// When a device wrote its last operation, milliseconds since 1970 by its own clock.
    pub(crate) fn last_written_ms(&self, device: DeviceId) -> Result<Option<i64>, StoreError> {
        let mut query = self.conn.prepare_cached(
            "SELECT recv_ms FROM op WHERE device = ?1 ORDER BY epoch DESC, dseq DESC LIMIT 1",
        )?;
        Ok(query
            .query_row([device.key()], |row| row.get(0))
            .optional()?)
    }

    /// Lines of the log after a position, until `limit` lines or about `bytes_max` bytes; at least one.
    pub(crate) fn lines_after(
        &self,
        scope: &ScopeId,
        after: u64,
        limit: u32,
        bytes_max: usize,
    ) -> Result<Vec<LogLine>, StoreError> {
        let sql =
            format!("SELECT {COLUMNS} FROM op WHERE scope = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3");
        let mut query = self.conn.prepare_cached(&sql)?;
        let mut found = query.query(params![scope.0, int(after), limit])?;
        let (mut lines, mut bytes) = (Vec::new(), 0);
        while let Some(row) = found.next()? {
            let op = op_row(row)?;
            let Some(seq) = op.seq else { continue };
            bytes += op.op.bytes.len();
            lines.push(LogLine {
                seq,
                op: op.op,
                decision: op.decision,
                signature: op.signature,
            });
            if bytes >= bytes_max {
                break;
            }
        }
        Ok(lines)
    }

    /// The running hash of the log at a line.
    pub(crate) fn chain_at(&self, scope: &ScopeId, seq: u64) -> Result<Option<Hash>, StoreError> {
        let mut query = self
            .conn
            .prepare_cached("SELECT chain FROM op WHERE scope = ?1 AND seq = ?2")?;
        Ok(query
            .query_row(params![scope.0, int(seq)], |row| rows::hash(row, 0))
            .optional()?)
    }

    /// What needs a person, newest first.
    pub(crate) fn attention(&self, limit: u32) -> Result<Vec<Attention>, StoreError> {
        let mut query = self.conn.prepare_cached(
            "SELECT device, epoch, dseq, seq, entity, kind, decision FROM op WHERE look = 1 ORDER BY id DESC LIMIT ?1",
        )?;
        let found = query.query_map([limit], |row| {
            Ok(Attention {
                id: OpId {
                    device: rows::uuid(row, 0).map(DeviceId)?,
                    epoch: row.get(1)?,
                    dseq: rows::u64_of(row, 2)?,
                },
                seq: seq(row, 3)?,
                entity: rows::entity(row, 4)?,
                kind: row.get(5)?,
                decision: rows::json(row, 6)?,
            })
        })?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// Every operation, one at a time: the log in its order, then those without a place, as they came.
    pub(crate) fn each_op(
        &self,
        mut take: impl FnMut(OpRow) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let parts = [
            "op WHERE seq IS NOT NULL ORDER BY scope, seq",
            "op INDEXED BY op_pending WHERE seq IS NULL ORDER BY id",
        ];
        for part in parts {
            let mut query = self
                .conn
                .prepare(&format!("SELECT {COLUMNS} FROM {part}"))?;
            let mut found = query.query([])?;
            while let Some(row) = found.next()? {
                take(op_row(row)?)?;
            }
        }
        Ok(())
    }

    pub(crate) fn quarantined(&self) -> Result<u64, StoreError> {
        Ok(self
            .conn
            .query_row("SELECT count(*) FROM quarantine", [], |row| {
                rows::u64_of(row, 0)
            })?)
    }
}

/// Whether a decision needs a person.
fn needs_look(decision: &Decision) -> bool {
    matches!(
        decision,
        Decision::Conflict { .. } | Decision::Rejected { .. }
    )
}

impl WriteTx<'_> {
    pub(crate) fn insert_op(&self, new: &NewOp<'_>) -> Result<i64, StoreError> {
        let op = &new.op.op;
        self.conn
            .prepare_cached(
                "INSERT INTO op (scope, seq, device, epoch, dseq, hash, entity, kind, kver, decision, look,
                                 bytes, sig, chain, recv_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
            )?
            .execute(params![
                op.scope.0,
                new.place.map(|(seq, _)| int(seq)),
                op.device.key(),
                op.epoch,
                int(op.dseq),
                new.op.hash.0,
                op.entity.key(),
                op.kind,
                op.kver,
                serde_json::to_string(new.decision)?,
                needs_look(new.decision),
                new.op.bytes,
                new.signature,
                new.place.map(|(_, chain)| chain.0),
                new.recv_ms,
            ])?;
        Ok(self.conn.last_insert_rowid())
    }

    /// Gives a known operation its place and what the log says of it.
    pub(crate) fn place_op(
        &self,
        id: i64,
        place: (u64, Hash),
        decision: &Decision,
        signature: Option<[u8; 64]>,
    ) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "UPDATE op SET seq = ?2, chain = ?3, decision = ?4, look = ?5, sig = coalesce(sig, ?6)
                 WHERE id = ?1",
            )?
            .execute(params![
                id,
                int(place.0),
                place.1.0,
                serde_json::to_string(decision)?,
                needs_look(decision),
                signature
            ])?;
        Ok(())
    }

    /// Writes what this node says of an operation that has no place yet.
    pub(crate) fn judge_op(&self, id: i64, decision: &Decision) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "UPDATE op SET decision = ?2, look = ?3 WHERE id = ?1 AND decision <> ?2",
            )?
            .execute(params![
                id,
                serde_json::to_string(decision)?,
                needs_look(decision)
            ])?;
        Ok(())
    }

    pub(crate) fn sign_op(&self, id: i64, signature: [u8; 64]) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("UPDATE op SET sig = ?2 WHERE id = ?1")?
            .execute(params![id, signature])?;
        Ok(())
    }

    pub(crate) fn delete_op(&self, id: i64) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("DELETE FROM op WHERE id = ?1")?
            .execute([id])?;
        Ok(())
    }

    /// Takes every place in the log away: another log begins.
    pub(crate) fn displace_all(&self) -> Result<(), StoreError> {
        self.conn.execute(
            "UPDATE op SET seq = NULL, chain = NULL WHERE seq IS NOT NULL",
            [],
        )?;
        Ok(())
    }

    /// Keeps bytes that cannot be taken in. The same bytes for the same reason are kept once.
    pub(crate) fn quarantine(
        &self,
        op: &SealedOp,
        why: &str,
        at_ms: i64,
    ) -> Result<(), StoreError> {
        let id = op.id();
        self.conn
            .prepare_cached(
                "INSERT OR IGNORE INTO quarantine (device, epoch, dseq, hash, why, bytes, at_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                id.device.key(),
                id.epoch,
                int(id.dseq),
                op.hash.0,
                why,
                op.bytes,
                at_ms
            ])?;
        Ok(())
    }
}
