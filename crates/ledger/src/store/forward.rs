//! Table `forward_job`: the transactional outbox to the province.
//!
//! One message of a dossier at a time, in the log's order; a message that was taken and never settled is
//! unknown, so it is looked up and never simply sent again.

use motcua_core::ids::{EntityId, Hash};
use rusqlite::{OptionalExtension, Row, params};

use super::StoreError;
use super::conn::{ReadTx, WriteTx};
use super::rows::{self, Key, int};
use crate::hub::{ForwardJob, ForwardState};

const COLUMNS: &str = "id, dossier, seq, key, state, attempts, not_before_ms, request, response";

fn state_name(state: &ForwardState) -> &'static str {
    match state {
        ForwardState::Queued => "queued",
        ForwardState::Sending => "sending",
        ForwardState::Unknown => "unknown",
        ForwardState::Confirmed => "confirmed",
        ForwardState::Parked => "parked",
    }
}

fn state_of(name: &str) -> ForwardState {
    match name {
        "queued" => ForwardState::Queued,
        "sending" => ForwardState::Sending,
        "confirmed" => ForwardState::Confirmed,
        "parked" => ForwardState::Parked,
        // A word of a newer program: looking it up is the one step that can do no harm.
        _ => ForwardState::Unknown,
    }
}

fn job(row: &Row<'_>) -> rusqlite::Result<ForwardJob> {
    let state: String = row.get(4)?;
    Ok(ForwardJob {
        id: row.get(0)?,
        dossier: rows::entity(row, 1)?,
        seq: rows::u64_of(row, 2)?,
        key: rows::hash(row, 3)?,
        state: state_of(&state),
        attempts: row.get(5)?,
        not_before_ms: row.get(6)?,
        request: row.get(7)?,
        response: row.get(8)?,
    })
}

impl ReadTx<'_> {
    pub(crate) fn forward_job(&self, id: i64) -> Result<Option<ForwardJob>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM forward_job WHERE id = ?1");
        let mut query = self.conn.prepare_cached(&sql)?;
        Ok(query.query_row([id], job).optional()?)
    }

    pub(crate) fn forward_counts(&self) -> Result<Vec<(ForwardState, u64)>, StoreError> {
        let mut query = self.conn.prepare_cached(
            "SELECT state, count(*) FROM forward_job GROUP BY state ORDER BY state",
        )?;
        let found = query.query_map([], |row| {
            let state: String = row.get(0)?;
            Ok((state_of(&state), rows::u64_of(row, 1)?))
        })?;
        Ok(found.collect::<Result<_, _>>()?)
    }
}

impl WriteTx<'_> {
    pub(crate) fn queue_forward(
        &self,
        dossier: EntityId,
        seq: u64,
        key: Hash,
    ) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT OR IGNORE INTO forward_job
                     (dossier, seq, key, state, attempts, not_before_ms, lease_until_ms)
                 VALUES (?1, ?2, ?3, 'queued', 0, 0, 0)",
            )?
            .execute(params![dossier.key(), int(seq), key.0])?;
        Ok(())
    }

    /// Takes the next message that may be tried. Its `state` says what to do: `Queued` may be sent, `Unknown`
    /// must be looked up first. In the table it is `sending` until it is settled or its lease ends.
    pub(crate) fn claim_forward(
        &self,
        now_ms: i64,
        lease_until_ms: i64,
    ) -> Result<Option<ForwardJob>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM forward_job AS j
             WHERE state <> 'confirmed' AND state IN ('queued', 'unknown', 'sending')
               AND not_before_ms <= ?1
               AND (state <> 'sending' OR lease_until_ms <= ?1)
               AND NOT EXISTS (SELECT 1 FROM forward_job AS e
                               WHERE e.dossier = j.dossier AND e.seq < j.seq AND e.state <> 'confirmed')
             ORDER BY not_before_ms, seq LIMIT 1"
        );
        let found = self
            .conn
            .prepare_cached(&sql)?
            .query_row([now_ms], job)
            .optional()?;
        let Some(mut found) = found else {
            return Ok(None);
        };
        if found.state == ForwardState::Sending {
            found.state = ForwardState::Unknown;
        }
        found.attempts += 1;
        self.conn
            .prepare_cached(
                "UPDATE forward_job SET state = 'sending', attempts = ?2, lease_until_ms = ?3 WHERE id = ?1",
            )?
            .execute(params![found.id, found.attempts, lease_until_ms])?;
        Ok(Some(found))
    }

    /// Writes a message back. False when somebody else has taken it since: then nothing is written.
    pub(crate) fn settle_forward(&self, job: &ForwardJob) -> Result<bool, StoreError> {
        let written = self
            .conn
            .prepare_cached(
                "UPDATE forward_job SET state = ?3, not_before_ms = ?4, request = ?5, response = ?6
                 WHERE id = ?1 AND attempts = ?2 AND state <> 'confirmed'",
            )?
            .execute(params![
                job.id,
                job.attempts,
                state_name(&job.state),
                job.not_before_ms,
                job.request,
                job.response
            ])?;
        Ok(written == 1)
    }
}
