//! The life line of a dossier: saved, on a second machine, printed, at the province. Each is true only on an
//! acknowledgement that is on this machine's disk.

use motcua_core::dossier::{Dossier, ProvinceAnswered};
use motcua_core::ids::EntityId;
use motcua_core::op::OpId;
use motcua_core::state::{PrintOutcome, State};

use super::DeskStore;
use crate::store::{Node, PrintJobState, ReadTx, StoreError};

/// What is known of a dossier's papers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaperState {
    /// Nobody has asked for one.
    NotAsked,
    /// One was asked for and nothing is known yet.
    Waiting,
    /// The paper is out: the printer or a person says so.
    Out,
    /// Nobody knows: a person must say.
    Unknown,
    /// No usable paper came out.
    Failed,
}

/// Where a dossier is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LifeLine {
    /// When this machine wrote its reception, or took it from the log; none when it is not known here.
    pub saved_ms: Option<i64>,
    /// Its place in the office's log.
    pub seq: Option<u64>,
    /// The hub that has the reception on its disk.
    pub hub: Option<String>,
    /// The hub, where it runs on another machine and has the reception and every scan whole.
    pub second_copy: Option<String>,
    /// Scans that a hub has whole.
    pub blobs_there: u64,
    /// Scans altogether.
    pub blobs: u64,
    /// What is known of its papers.
    pub paper: PaperState,
    /// What the province said.
    pub province: Option<ProvinceAnswered>,
}

impl DeskStore {
    /// The life line of a dossier.
    ///
    /// For a dossier that another counter received the hub has the reception, since it came from there; whether
    /// the hub has its scans is not known here, so a second copy is only claimed where there are none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn life_line(&self, id: EntityId) -> Result<LifeLine, StoreError> {
        self.inner.readers.read(|tx| {
            let dossier = tx.state(id)?.and_then(State::into_dossier);
            let reception = match &dossier {
                Some(dossier) => tx.op(dossier.reception)?,
                None => None,
            };
            let blobs = tx.blob_count(id)?;
            let mut line = LifeLine {
                saved_ms: reception.as_ref().map(|row| row.recv_ms),
                seq: reception.as_ref().and_then(|row| row.seq),
                hub: None,
                second_copy: None,
                blobs_there: 0,
                blobs,
                paper: self.paper(tx, id, dossier.as_ref())?,
                province: dossier.and_then(|dossier| dossier.province),
            };
            if let Some(row) = reception {
                self.copies(tx, id, row.op.id(), &mut line)?;
            }
            Ok(line)
        })
    }

    fn copies(
        &self,
        tx: &ReadTx<'_>,
        id: EntityId,
        reception: OpId,
        line: &mut LifeLine,
    ) -> Result<(), StoreError> {
        for node in tx.nodes()? {
            if !self.has_reception(tx, &node, reception, line.seq)? {
                continue;
            }
            let there = tx.blobs_whole_at(id, &node.machine)?;
            line.blobs_there = line.blobs_there.max(there);
            let whole = there == line.blobs && node.machine != self.inner.machine;
            if whole && line.second_copy.is_none() {
                line.second_copy = Some(node.name.clone());
            }
            line.hub.get_or_insert(node.name);
        }
        Ok(())
    }

    fn has_reception(
        &self,
        tx: &ReadTx<'_>,
        node: &Node,
        reception: OpId,
        seq: Option<u64>,
    ) -> Result<bool, StoreError> {
        if reception.device == self.inner.identity.device {
            return Ok(tx.acked(&node.machine, reception.epoch)? >= reception.dseq);
        }
        let log = tx.cursor(&self.inner.scope)?.map(|cursor| cursor.log_id);
        Ok(seq.is_some() && log == Some(node.log_id))
    }

    fn paper(
        &self,
        tx: &ReadTx<'_>,
        id: EntityId,
        dossier: Option<&Dossier>,
    ) -> Result<PaperState, StoreError> {
        if dossier.is_some_and(Dossier::is_printed) {
            return Ok(PaperState::Out);
        }
        let jobs = tx.print_jobs_of(id, self.inner.start)?;
        let any = |wanted: &[PrintJobState]| jobs.iter().any(|job| wanted.contains(&job.state));
        if any(&[PrintJobState::Confirmed]) {
            return Ok(PaperState::Out);
        }
        if any(&[PrintJobState::Unknown]) {
            return Ok(PaperState::Unknown);
        }
        if any(&[
            PrintJobState::Queued,
            PrintJobState::Sending,
            PrintJobState::Sent,
        ]) {
            return Ok(PaperState::Waiting);
        }
        let failed =
            dossier.is_some_and(|d| d.prints.iter().any(|p| p.outcome == PrintOutcome::Failed));
        let failed = failed || any(&[PrintJobState::Failed]);
        Ok(if failed {
            PaperState::Failed
        } else {
            PaperState::NotAsked
        })
    }
}
