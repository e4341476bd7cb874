//! What counters and hubs have in common: an identity with a key, an epoch, and a high-water mark outside the
//! database that notices when the database was put back from an old copy.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ed25519_dalek::{SigningKey, VerifyingKey};
use motcua_core::ids::{DeviceId, ScopeId};
use motcua_core::op::Chain;
use serde::{Deserialize, Serialize};

use crate::random;
use crate::store::{HighWater, HighWaterFile, Keeper, ReadTx, StoreError, WriteTx};

const ROLE: &str = "role";
const DEVICE: &str = "device";
const SIGNING_KEY: &str = "signing_key";
const EPOCH: &str = "epoch";
const SCOPE: &str = "scope";

/// What a store is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    Counter,
    Hub,
}

/// The machine as it signs.
#[derive(Clone)]
pub(crate) struct Identity {
    pub(crate) device: DeviceId,
    pub(crate) key: SigningKey,
}

/// What the high-water mark says about the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rewind {
    /// The database knows everything that was ever given out.
    None,
    /// The database was put back; the mark says how far things had come.
    Known,
    /// There is no mark for a database that has already written: nobody knows how far things had come.
    Unknown,
}

/// Checks that a store is of this role, making it so where it is new.
pub(crate) fn claim_role(tx: &WriteTx<'_>, role: Role) -> Result<(), StoreError> {
    match tx.fact::<Role>(ROLE)? {
        Some(known) if known == role => Ok(()),
        Some(known) => Err(StoreError::OtherStore(format!("{known:?}"))),
        None => tx.set_fact(ROLE, &role),
    }
}

/// The machine's identity, made where the store is new. The key never leaves the encrypted store.
pub(crate) fn identity(tx: &WriteTx<'_>) -> Result<Identity, StoreError> {
    if let Some(known) = known_identity(tx)? {
        return Ok(known);
    }
    let identity = Identity {
        device: DeviceId(random::uuid()?),
        key: SigningKey::from_bytes(&random::bytes()?),
    };
    tx.set_fact(DEVICE, &identity.device)?;
    tx.set_fact(SIGNING_KEY, &hex::encode(identity.key.to_bytes()))?;
    tx.set_fact(EPOCH, &1_u32)?;
    Ok(identity)
}

fn known_identity(tx: &ReadTx<'_>) -> Result<Option<Identity>, StoreError> {
    let device: Option<DeviceId> = tx.fact(DEVICE)?;
    let key: Option<String> = tx.fact(SIGNING_KEY)?;
    let (Some(device), Some(key)) = (device, key) else {
        return Ok(None);
    };
    let mut bytes = [0_u8; 32];
    hex::decode_to_slice(&key, &mut bytes)
        .map_err(|error| StoreError::Damaged(error.to_string()))?;
    Ok(Some(Identity {
        device,
        key: SigningKey::from_bytes(&bytes),
    }))
}

/// The epoch that the machine writes in.
pub(crate) fn epoch(tx: &ReadTx<'_>) -> Result<u32, StoreError> {
    Ok(tx.fact(EPOCH)?.unwrap_or(1))
}

pub(crate) fn set_epoch(tx: &WriteTx<'_>, epoch: u32) -> Result<(), StoreError> {
    tx.set_fact(EPOCH, &epoch)
}

/// The office's log; none before the office is set up or joined.
pub(crate) fn scope(tx: &ReadTx<'_>) -> Result<Option<ScopeId>, StoreError> {
    tx.fact(SCOPE)
}

/// The store's office; `asked` begins one in a new store.
pub(crate) fn claim_scope(
    tx: &WriteTx<'_>,
    asked: Option<&ScopeId>,
) -> Result<ScopeId, StoreError> {
    match (scope(tx)?, asked) {
        (Some(known), None) => Ok(known),
        (Some(known), Some(asked)) if known == *asked => Ok(known),
        (Some(known), Some(_)) => Err(StoreError::OtherStore(known.to_string())),
        (None, Some(asked)) => {
            tx.set_fact(SCOPE, asked)?;
            Ok(asked.clone())
        }
        (None, None) => Err(StoreError::OtherStore("the store has no office".to_owned())),
    }
}

/// Every public key that is known here: the machine's own, and on a hub those of its devices.
pub(crate) fn public_keys(tx: &ReadTx<'_>) -> Result<BTreeMap<DeviceId, VerifyingKey>, StoreError> {
    let mut keys = BTreeMap::new();
    for (device, _) in tx.devices()? {
        if let Ok(key) = VerifyingKey::from_bytes(&device.public_key) {
            keys.insert(device.id, key);
        }
    }
    if let Some(identity) = known_identity(tx)? {
        keys.insert(identity.device, identity.key.verifying_key());
    }
    Ok(keys)
}

/// The machine's own chain in its current epoch.
pub(crate) fn chain(tx: &ReadTx<'_>, device: DeviceId) -> Result<Chain, StoreError> {
    tx.chain_of(device, epoch(tx)?)
}

/// What lives on the writer's thread of a node.
pub(crate) struct NodeKeeper {
    pub(crate) identity: Identity,
    role: Role,
    file: HighWaterFile,
    /// Something was given out since the last commit.
    pub(crate) touched: bool,
    healthy: Arc<AtomicBool>,
}

impl NodeKeeper {
    pub(crate) fn new(identity: Identity, role: Role, file: HighWaterFile) -> Self {
        Self {
            identity,
            role,
            file,
            touched: true,
            healthy: Arc::new(AtomicBool::new(true)),
        }
    }

    /// False while the mark cannot be written: acts are durable, but a database that is put back from an old
    /// copy might not be noticed.
    pub(crate) fn healthy(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.healthy)
    }

    fn mark(&self, tx: &ReadTx<'_>) -> Result<HighWater, StoreError> {
        current_mark(tx, self.identity.device, self.role)
    }

    /// Brings the mark up to the database.
    pub(crate) fn write_mark(&mut self, tx: &ReadTx<'_>) -> Result<(), StoreError> {
        let mark = self.mark(tx)?;
        self.file.write(mark)?;
        Ok(())
    }
}

impl Keeper for NodeKeeper {
    fn committed(&mut self, tx: &ReadTx<'_>) {
        if !std::mem::take(&mut self.touched) {
            return;
        }
        let written = self.write_mark(tx);
        if let Err(error) = &written {
            tracing::error!(%error, "the high-water mark could not be written");
            self.touched = true;
        }
        self.healthy.store(written.is_ok(), Ordering::Relaxed);
    }
}

fn current_mark(tx: &ReadTx<'_>, device: DeviceId, role: Role) -> Result<HighWater, StoreError> {
    let chain = chain(tx, device)?;
    let head = match (role, scope(tx)?) {
        (Role::Hub, Some(scope)) => tx.cursor(&scope)?.map_or(0, |cursor| cursor.seq),
        _ => 0,
    };
    let numbers = tx.own_numbers()?;
    Ok(HighWater {
        device: Some(device),
        epoch: chain.epoch,
        dseq: chain.dseq,
        head,
        numbers,
    })
}

/// Compares the mark with the database and takes over the numbers that the database has forgotten. When it
/// was put back the epoch is raised above both.
pub(crate) fn notice_rewind(
    tx: &WriteTx<'_>,
    identity: &Identity,
    role: Role,
    file: &HighWaterFile,
) -> Result<Rewind, StoreError> {
    let here = current_mark(tx, identity.device, role)?;
    let mark = file
        .last()
        .filter(|mark| mark.device == Some(identity.device));
    let rewind = match mark {
        Some(mark) if mark.is_ahead_of(&here) => Rewind::Known,
        Some(_) => Rewind::None,
        None if here.dseq > 0 || here.head > 0 => Rewind::Unknown,
        None => Rewind::None,
    };
    if rewind != Rewind::None {
        let marked = mark.map_or(0, |mark| mark.epoch);
        set_epoch(tx, here.epoch.max(marked).saturating_add(1))?;
    }
    if let Some(mark) = mark {
        tx.recall_numbers(&mark.numbers)?;
    }
    Ok(rewind)
}
