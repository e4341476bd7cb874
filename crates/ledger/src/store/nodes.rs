//! Tables `node` and `ack`: who acknowledges what this machine wrote.

use std::fmt;

use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::StoreError;
use super::conn::{ReadTx, WriteTx};
use super::rows::{self, int};

/// What kind of node acknowledges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeRole {
    /// The office's hub.
    Hub,
    /// The province.
    Province,
}

impl NodeRole {
    fn as_str(self) -> &'static str {
        match self {
            Self::Hub => "hub",
            Self::Province => "province",
        }
    }
}

impl fmt::Display for NodeRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A node that this machine exchanges with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// A stable identity of the machine it runs on: the same machine is no second copy.
    pub machine: String,
    /// Its name for people.
    pub name: String,
    /// What it is.
    pub role: NodeRole,
    /// The log that it keeps.
    pub log_id: Uuid,
    /// When it was last heard, milliseconds since 1970 by this machine's clock.
    pub seen_ms: i64,
}

fn node(row: &Row<'_>) -> rusqlite::Result<Node> {
    let role: String = row.get(2)?;
    Ok(Node {
        machine: row.get(0)?,
        name: row.get(1)?,
        role: if role == NodeRole::Province.as_str() {
            NodeRole::Province
        } else {
            NodeRole::Hub
        },
        log_id: rows::uuid(row, 3)?,
        seen_ms: row.get(4)?,
    })
}

impl ReadTx<'_> {
    pub(crate) fn nodes(&self) -> Result<Vec<Node>, StoreError> {
        let mut query = self.conn.prepare_cached(
            "SELECT machine, name, role, log_id, seen_ms FROM node ORDER BY seen_ms DESC, machine",
        )?;
        Ok(query.query_map([], node)?.collect::<Result<_, _>>()?)
    }

    pub(crate) fn node(&self, machine: &str) -> Result<Option<Node>, StoreError> {
        let mut query = self.conn.prepare_cached(
            "SELECT machine, name, role, log_id, seen_ms FROM node WHERE machine = ?1",
        )?;
        Ok(query.query_row([machine], node).optional()?)
    }

    /// Own operations of an epoch up to here are durable at the node.
    pub(crate) fn acked(&self, machine: &str, epoch: u32) -> Result<u64, StoreError> {
        let mut query = self
            .conn
            .prepare_cached("SELECT dseq FROM ack WHERE machine = ?1 AND epoch = ?2")?;
        let dseq = query
            .query_row(params![machine, epoch], |row| rows::u64_of(row, 0))
            .optional()?;
        Ok(dseq.unwrap_or(0))
    }
}

impl WriteTx<'_> {
    pub(crate) fn put_node(&self, node: &Node) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT INTO node (machine, name, role, log_id, seen_ms) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (machine) DO UPDATE SET name = excluded.name, role = excluded.role,
                     log_id = excluded.log_id, seen_ms = excluded.seen_ms",
            )?
            .execute(params![
                node.machine,
                node.name,
                node.role.as_str(),
                node.log_id.into_bytes(),
                node.seen_ms
            ])?;
        Ok(())
    }

    /// Sets a high-water to what the node itself says, even downwards: it may have been restored.
    pub(crate) fn set_ack(&self, machine: &str, epoch: u32, dseq: u64) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT INTO ack (machine, epoch, dseq) VALUES (?1, ?2, ?3)
                 ON CONFLICT (machine, epoch) DO UPDATE SET dseq = excluded.dseq
                 WHERE dseq <> excluded.dseq",
            )?
            .execute(params![machine, epoch, int(dseq)])?;
        Ok(())
    }

    pub(crate) fn forget_acks(&self, machine: &str) -> Result<(), StoreError> {
        self.conn
            .execute("DELETE FROM ack WHERE machine = ?1", [machine])?;
        Ok(())
    }
}
