//! Proving a store: every chain, hash, signature, place and folded row, from nothing but the operations.

use std::collections::{BTreeMap, BTreeSet};

use ed25519_dalek::VerifyingKey;
use motcua_core::ids::{DeviceId, EntityId, Hash, ScopeId};
use motcua_core::op::{self, Chain};
use motcua_core::state::State;
use serde::Serialize;

use super::StoreError;
use super::conn::ReadTx;
use super::folding::fold_rows;
use super::ops::OpRow;
use crate::hub::chain_step;

/// Findings that are listed; more are only counted.
const LISTED_MAX: usize = 100;

/// Something that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Wrong {
    /// A place in the log is missing or taken twice.
    Gap {
        /// The place that was expected.
        expected: u64,
        /// The place that came.
        got: u64,
    },
    /// The running hash of the log is not the one that is remembered.
    LogChain {
        /// Where.
        seq: u64,
    },
    /// A device's operation does not hang on the one before it.
    DeviceChain {
        /// The device.
        device: DeviceId,
        /// The operation.
        dseq: u64,
    },
    /// A signature is not of the device.
    Signature {
        /// The device.
        device: DeviceId,
        /// The operation.
        dseq: u64,
    },
    /// A folded row is not what its operations fold to.
    Folded {
        /// The entity.
        entity: EntityId,
    },
    /// The bytes of a blob are missing or not those of its name.
    Blob {
        /// The blob.
        sha256: Hash,
        /// Why.
        why: String,
    },
    /// Rows that cannot be read at all.
    Unreadable {
        /// Why.
        why: String,
    },
}

/// What proving a store found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct VerifyReport {
    /// Operations looked at.
    pub ops: u64,
    /// The last place in the log.
    pub head: u64,
    /// Operations that have no place yet.
    pub pending: u64,
    /// Signatures checked.
    pub signatures: u64,
    /// Entities folded again and compared.
    pub entities: u64,
    /// Blobs read and hashed.
    pub blobs: u64,
    /// Blobs that other machines brought in and that are not here; no fault on a counter.
    pub blobs_elsewhere: u64,
    /// What is wrong, the first hundred.
    pub wrong: Vec<Wrong>,
    /// How many things are wrong.
    pub wrong_count: u64,
}

impl VerifyReport {
    /// Whether everything is as it must be.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.wrong_count == 0
    }

    pub(crate) fn add(&mut self, wrong: Wrong) {
        self.wrong_count += 1;
        if self.wrong.len() < LISTED_MAX {
            self.wrong.push(wrong);
        }
    }
}

/// What is followed while the operations go by.
struct Proof<'k> {
    keys: &'k BTreeMap<DeviceId, VerifyingKey>,
    report: VerifyReport,
    chain: Hash,
    devices: BTreeMap<(DeviceId, u32), Vec<Link>>,
    entities: BTreeSet<EntityId>,
}

struct Link {
    dseq: u64,
    prev: Hash,
    hash: Hash,
}

impl Proof<'_> {
    fn take(&mut self, row: &OpRow) {
        let id = row.op.id();
        self.report.ops += 1;
        self.entities.insert(row.op.op.entity);
        let link = Link {
            dseq: id.dseq,
            prev: row.op.op.prev,
            hash: row.op.hash,
        };
        self.devices
            .entry((id.device, id.epoch))
            .or_default()
            .push(link);
        match row.seq {
            Some(seq) => {
                let expected = self.report.head + 1;
                if seq != expected {
                    self.report.add(Wrong::Gap { expected, got: seq });
                }
                self.report.head = seq;
                self.chain = chain_step(self.chain, seq, row.op.hash, &row.decision);
            }
            None => self.report.pending += 1,
        }
        if let (Some(signature), Some(key)) = (row.signature, self.keys.get(&id.device)) {
            self.report.signatures += 1;
            if !op::verify(key, row.op.hash, &signature) {
                self.report.add(Wrong::Signature {
                    device: id.device,
                    dseq: id.dseq,
                });
            }
        }
    }

    /// A chain must hang together from its first operation here; a counter that took a new log may lack the
    /// beginning of none, so every chain begins at 1.
    fn chains(&mut self) {
        for ((device, epoch), mut links) in std::mem::take(&mut self.devices) {
            links.sort_by_key(|link| link.dseq);
            let mut chain = Chain::new(device, epoch);
            for link in links {
                if link.dseq != chain.dseq + 1 || link.prev != chain.head {
                    self.report.add(Wrong::DeviceChain {
                        device,
                        dseq: link.dseq,
                    });
                }
                chain = Chain {
                    dseq: link.dseq,
                    head: link.hash,
                    ..chain
                };
            }
        }
    }
}

impl ReadTx<'_> {
    /// Proves everything but the blobs. `keys` are the public keys that are known here.
    pub(crate) fn verify_log(
        &self,
        scope: &ScopeId,
        keys: &BTreeMap<DeviceId, VerifyingKey>,
    ) -> Result<VerifyReport, StoreError> {
        let mut proof = Proof {
            keys,
            report: VerifyReport::default(),
            chain: Hash::ZERO,
            devices: BTreeMap::new(),
            entities: BTreeSet::new(),
        };
        let read = self.each_op(|row| {
            proof.take(&row);
            Ok(())
        });
        match read {
            Ok(()) => {}
            Err(error @ (StoreError::Damaged(_) | StoreError::Row(_) | StoreError::Op(_))) => {
                proof.report.add(Wrong::Unreadable {
                    why: error.to_string(),
                });
            }
            Err(error) => return Err(error),
        }
        proof.chains();
        if let Some(cursor) = self.cursor(scope)?
            && (cursor.chain != proof.chain || cursor.seq != proof.report.head)
        {
            proof.report.add(Wrong::LogChain { seq: cursor.seq });
        }
        for entity in std::mem::take(&mut proof.entities) {
            self.verify_entity(entity, &mut proof.report)?;
        }
        Ok(proof.report)
    }

    fn verify_entity(&self, entity: EntityId, report: &mut VerifyReport) -> Result<(), StoreError> {
        report.entities += 1;
        let kept = self
            .state_text(entity)?
            .map(|text| serde_json::from_str::<State>(&text))
            .transpose();
        let folded = self.ops_of(entity).map(|ops| fold_rows(&ops));
        let same = match (kept, folded) {
            (Ok(kept), Ok(folded)) => serde_json::to_value(kept)? == serde_json::to_value(folded)?,
            _ => false,
        };
        if !same {
            report.add(Wrong::Folded { entity });
        }
        Ok(())
    }
}
