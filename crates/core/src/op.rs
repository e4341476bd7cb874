//! The operation: who meant what, when, having seen what; its bytes, its chain, its signature.
//!
//! The bytes that were signed are stored and forwarded unchanged; nobody encodes an operation again.
//! Order comes from the office's log, never from the clock fields.
//!
//! Not here: what a kind means (`event`), what an entity becomes (`state`).

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::event::Event;
use crate::ids::{BootId, DeviceId, EntityId, Hash, ScopeId, SessionId, StaffId};

/// The version of the envelope, not of any kind's body.
pub const OP_FORMAT: u16 = 1;

/// The largest operation in bytes. A dossier with forty papers is about 12 KB.
pub const OP_BYTES_MAX: usize = 256 * 1024;

/// What is signed is this prefix and the hash, so that no other signed thing can be taken for an operation.
const SIGNATURE_DOMAIN: &[u8] = b"motcua/op/v1\0";

/// An operation's identity. `dseq` counts from 1 without holes within an epoch of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct OpId {
    /// The machine that wrote it.
    pub device: DeviceId,
    /// Raised when a machine was restored or enrolled again, so that numbers are never used twice.
    pub epoch: u32,
    /// The position in the machine's own chain, from 1.
    pub dseq: u64,
}

/// What the machine's clocks said. They are data: nothing is ordered by them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockReading {
    /// Milliseconds since 1970-01-01T00:00Z by the machine's clock.
    pub wall_ms: i64,
    /// Last known distance to the server's clock in milliseconds (server − machine).
    pub off_ms: Option<i64>,
    /// Milliseconds of monotonic time within `boot`.
    pub mono_ms: u64,
    /// Which start of the machine `mono_ms` belongs to.
    pub boot: BootId,
}

/// Who acts: stamped on every operation of one act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// The person signed in.
    pub actor: StaffId,
    /// Their sign-in.
    pub session: SessionId,
    /// The clocks at the act.
    pub clock: ClockReading,
}

/// The envelope. Field order is the canonical order of the JSON bytes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Op {
    /// [`OP_FORMAT`] of the writer.
    pub v: u16,
    /// The machine that wrote it.
    pub device: DeviceId,
    /// See [`OpId::epoch`].
    pub epoch: u32,
    /// See [`OpId::dseq`].
    pub dseq: u64,
    /// SHA-256 of this device's previous operation; [`Hash::ZERO`] for the first.
    pub prev: Hash,
    /// The office's log.
    pub scope: ScopeId,
    /// What it is about.
    pub entity: EntityId,
    /// What it says, for example `dossier.receive`.
    pub kind: String,
    /// The version of the kind's body.
    pub kver: u16,
    /// The log position that the actor had seen of the entity; 0 for none.
    pub base: u64,
    /// Who, in which sign-in.
    pub actor: StaffId,
    /// See [`Stamp::session`].
    pub session: SessionId,
    /// The machine's clocks.
    pub clock: ClockReading,
    /// The body as written. Unknown kinds pass through untouched.
    pub body: Box<RawValue>,
}

/// Bytes that are not an operation this program can carry.
#[derive(Debug, thiserror::Error)]
pub enum OpError {
    /// Not the JSON of an envelope.
    #[error("not an operation: {0}")]
    Malformed(#[from] serde_json::Error),
    /// Larger than [`OP_BYTES_MAX`].
    #[error("an operation of {size} bytes exceeds the limit of {OP_BYTES_MAX}")]
    TooLarge {
        /// Its size in bytes.
        size: usize,
    },
    /// The envelope is of a newer program.
    #[error("envelope version {0} is newer than this program knows")]
    NewerFormat(u16),
}

/// An operation with its bytes and their hash. The only form that travels and is stored.
#[derive(Clone, Debug)]
pub struct SealedOp {
    /// The decoded envelope.
    pub op: Op,
    /// The bytes as written by the device.
    pub bytes: Vec<u8>,
    /// SHA-256 of `bytes`.
    pub hash: Hash,
}

/// Where an act hangs in the chain.
#[derive(Clone, Debug)]
pub struct Place {
    /// The identity that the operation takes.
    pub id: OpId,
    /// The hash of the device's previous operation.
    pub prev: Hash,
    /// The office's log.
    pub scope: ScopeId,
    /// See [`Op::base`].
    pub base: u64,
}

impl SealedOp {
    /// Writes an event as the next operation of a chain.
    ///
    /// # Errors
    /// [`OpError::TooLarge`] when the body does not fit.
    pub fn seal(
        place: Place,
        stamp: Stamp,
        entity: EntityId,
        event: &Event,
    ) -> Result<Self, OpError> {
        let op = Op {
            v: OP_FORMAT,
            device: place.id.device,
            epoch: place.id.epoch,
            dseq: place.id.dseq,
            prev: place.prev,
            scope: place.scope,
            entity,
            kind: event.kind().to_owned(),
            kver: event.kver(),
            base: place.base,
            actor: stamp.actor,
            session: stamp.session,
            clock: stamp.clock,
            body: event.encode_body()?,
        };
        let bytes = serde_json::to_vec(&op)?;
        if bytes.len() > OP_BYTES_MAX {
            return Err(OpError::TooLarge { size: bytes.len() });
        }
        let hash = Hash::of(&bytes);
        Ok(Self { op, bytes, hash })
    }

    /// Reads bytes that came from outside.
    ///
    /// # Errors
    /// [`OpError`] when they are too large, malformed, or of a newer envelope.
    pub fn open(bytes: Vec<u8>) -> Result<Self, OpError> {
        if bytes.len() > OP_BYTES_MAX {
            return Err(OpError::TooLarge { size: bytes.len() });
        }
        let op: Op = serde_json::from_slice(&bytes)?;
        if op.v > OP_FORMAT {
            return Err(OpError::NewerFormat(op.v));
        }
        let hash = Hash::of(&bytes);
        Ok(Self { op, bytes, hash })
    }

    /// Its identity.
    #[must_use]
    pub fn id(&self) -> OpId {
        OpId {
            device: self.op.device,
            epoch: self.op.epoch,
            dseq: self.op.dseq,
        }
    }

    /// What it says, where this program knows the kind.
    #[must_use]
    pub fn event(&self) -> Option<Event> {
        Event::decode(&self.op.kind, self.op.kver, &self.op.body)
    }
}

/// Signs the last operation of a batch; the chain covers the ones before it.
#[must_use]
pub fn sign(key: &SigningKey, head: Hash) -> [u8; 64] {
    key.sign(&signed_message(head)).to_bytes()
}

/// Whether `signature` over `head` is of the device with this public key.
#[must_use]
pub fn verify(key: &VerifyingKey, head: Hash, signature: &[u8; 64]) -> bool {
    key.verify_strict(&signed_message(head), &Signature::from_bytes(signature))
        .is_ok()
}

fn signed_message(head: Hash) -> Vec<u8> {
    [SIGNATURE_DOMAIN, &head.0].concat()
}

/// How far a device's chain is known, contiguously from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chain {
    /// The device.
    pub device: DeviceId,
    /// Its epoch.
    pub epoch: u32,
    /// The last known `dseq`; 0 before the first.
    pub dseq: u64,
    /// The hash of that operation.
    pub head: Hash,
}

/// Why an operation does not continue a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// It belongs to another device or epoch.
    #[error("operation of another device or epoch")]
    Foreign,
    /// Operations before it are missing.
    #[error("operation {got} does not follow {have}: some are missing")]
    Gap {
        /// The last known `dseq`.
        have: u64,
        /// The one that came.
        got: u64,
    },
    /// It does not hang on the operation that is known: the chain was forked or altered.
    #[error("operation {dseq} does not hang on the chain that is known")]
    Forked {
        /// Where.
        dseq: u64,
    },
}

impl Chain {
    /// An empty chain.
    #[must_use]
    pub fn new(device: DeviceId, epoch: u32) -> Self {
        Self {
            device,
            epoch,
            dseq: 0,
            head: Hash::ZERO,
        }
    }

    /// The chain with `op` as its next link.
    ///
    /// # Errors
    /// [`ChainError`] when `op` does not continue it.
    pub fn accept(self, op: &SealedOp) -> Result<Self, ChainError> {
        let id = op.id();
        if id.device != self.device || id.epoch != self.epoch {
            return Err(ChainError::Foreign);
        }
        if id.dseq > self.dseq + 1 {
            return Err(ChainError::Gap {
                have: self.dseq,
                got: id.dseq,
            });
        }
        if id.dseq != self.dseq + 1 || op.op.prev != self.head {
            return Err(ChainError::Forked { dseq: id.dseq });
        }
        Ok(Self {
            dseq: id.dseq,
            head: op.hash,
            ..self
        })
    }

    /// The identity of the next operation.
    #[must_use]
    pub fn next_id(&self) -> OpId {
        OpId {
            device: self.device,
            epoch: self.epoch,
            dseq: self.dseq + 1,
        }
    }
}
