//! What a hub asks of its store: one trait whose methods are whole transactions, so that a second back end
//! can stand behind it and one contract suite can hold both to the same story.
//!
//! A method returns only after its transaction is durable. Errors say whether trying again can help.

use std::ops::RangeInclusive;

pub use crate::store::StoreError;

use jiff::civil::Date;
use motcua_core::ids::{DeviceId, EntityId, Hash, ScopeId};
use motcua_core::numbers::Series;
use motcua_core::op::{Chain, SealedOp};
use motcua_core::state::{Decision, State};

/// A device that may write to this office's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its identity.
    pub id: DeviceId,
    /// Its name for people, for example `Máy quầy 3`.
    pub name: String,
    /// Its Ed25519 public key.
    pub public_key: [u8; 32],
    /// Its current epoch.
    pub epoch: u32,
    /// Its own number slice ([`motcua_core::numbers::Issuer::Counter`]).
    pub slot: u16,
    /// False when it was revoked: what it writes later goes to quarantine.
    pub active: bool,
}

/// A batch of a device's operations as it came, contiguous, signed at its end.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The operations in order.
    pub ops: Vec<SealedOp>,
    /// The device's signature over the hash of the last one.
    pub signature: [u8; 64],
}

/// What became of one operation of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The device's number for it.
    pub dseq: u64,
    /// Its place in the office's log.
    pub seq: u64,
    /// What the log says of it.
    pub decision: Decision,
}

/// What became of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pushed {
    /// Durable up to and including `acked_dseq`. Operations known before are listed with their old decision.
    Acked {
        /// The device's high-water at this node.
        acked_dseq: u64,
        /// One line for each operation of the batch that is in the log.
        results: Vec<Judged>,
    },
    /// Operations are missing before this batch; nothing was taken.
    Gap {
        /// The device's high-water at this node.
        acked_dseq: u64,
    },
    /// A number was used again with other content. The batch is in quarantine, the log is untouched.
    Forked {
        /// Where.
        dseq: u64,
        /// What the log has there.
        have: Hash,
        /// What came.
        got: Hash,
    },
    /// The signature, the scope or the device is not right. The batch is in quarantine.
    Refused {
        /// Why: `unknown_device`, `revoked`, `bad_signature`, `other_scope`, `old_epoch`.
        code: &'static str,
    },
}

/// One line of the office's log.
#[derive(Clone, Debug)]
pub struct LogLine {
    /// Gap-free from 1.
    pub seq: u64,
    /// The operation as its device wrote it.
    pub op: SealedOp,
    /// What the log says of it.
    pub decision: Decision,
    /// The device's signature, on the last operation of each signed batch.
    pub signature: Option<[u8; 64]>,
}

/// A page of the log.
#[derive(Clone, Debug)]
pub struct Page {
    /// Changes when the store was restored from a backup: cursors of another log mean nothing.
    pub log_id: uuid::Uuid,
    /// The lines after the cursor, in order.
    pub lines: Vec<LogLine>,
    /// The last position in the log.
    pub head: u64,
    /// The running hash at the last line of this page (see [`chain_step`]).
    pub chain: Hash,
}

/// The running hash over the log: a hole or a change anywhere shows at the next page.
#[must_use]
pub fn chain_step(chain: Hash, seq: u64, op: Hash, decision: &Decision) -> Hash {
    let status = serde_json::to_vec(decision).unwrap_or_default();
    let mut bytes = Vec::with_capacity(72 + status.len());
    bytes.extend_from_slice(&chain.0);
    bytes.extend_from_slice(&seq.to_be_bytes());
    bytes.extend_from_slice(&op.0);
    bytes.extend_from_slice(&status);
    Hash::of(&bytes)
}

/// A blob as the store knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobState {
    /// Bytes that are durable here.
    pub have: u64,
    /// The whole size.
    pub size: u64,
    /// Whether it is whole and its hash was checked.
    pub complete: bool,
}

/// Where forwarding one dossier's news to the province stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ForwardState {
    /// To be sent.
    Queued,
    /// On its way; nobody knows yet.
    Sending,
    /// No answer or none that means anything: to be looked up before any resend.
    Unknown,
    /// The province has it.
    Confirmed,
    /// Refused for good or looked up without end: a person must act.
    Parked,
}

/// One message to the province.
#[derive(Clone, Debug)]
pub struct ForwardJob {
    /// Its row.
    pub id: i64,
    /// Which dossier.
    pub dossier: EntityId,
    /// The operation that caused it.
    pub seq: u64,
    /// The same for every attempt: sent as the idempotency key.
    pub key: Hash,
    /// Where it stands.
    pub state: ForwardState,
    /// Attempts so far.
    pub attempts: u32,
    /// Not before this time, milliseconds since 1970.
    pub not_before_ms: i64,
    /// The request as it was sent last.
    pub request: Option<Vec<u8>>,
    /// The answer as it came last.
    pub response: Option<Vec<u8>>,
}

/// A hub's store. Implementations are `Send + Sync`; calls block until durable (callers move them off the
/// async threads).
pub trait HubStore: Send + Sync + 'static {
    /// The office this hub serves, and its log's identity.
    ///
    /// # Errors
    /// [`StoreError`].
    fn scope(&self) -> Result<(ScopeId, uuid::Uuid), StoreError>;

    /// Records a device, giving it the lowest free slot; the same public key gets the same device back.
    ///
    /// # Errors
    /// [`StoreError`]; `Ok(None)` when no slot is free.
    fn enrol(
        &self,
        id: DeviceId,
        name: &str,
        public_key: [u8; 32],
        now_ms: i64,
    ) -> Result<Option<Device>, StoreError>;

    /// A device by identity.
    ///
    /// # Errors
    /// [`StoreError`].
    fn device(&self, id: DeviceId) -> Result<Option<Device>, StoreError>;

    /// Every device with its chain and when it was last seen (milliseconds since 1970).
    ///
    /// # Errors
    /// [`StoreError`].
    fn devices(&self) -> Result<Vec<(Device, Chain, i64)>, StoreError>;

    /// A device's chain as this node knows it.
    ///
    /// # Errors
    /// [`StoreError`].
    fn chain(&self, device: DeviceId, epoch: u32) -> Result<Chain, StoreError>;

    /// Gives the device a new epoch (it was restored from an old copy, or its chain forked), and a new number slice
    /// where one is free: numbers of the old one may stand on papers that nobody here has seen, so it rests.
    /// Batches of an older epoch that bring anything new are refused from now on.
    ///
    /// # Errors
    /// [`StoreError`].
    fn raise_epoch(&self, device: DeviceId) -> Result<Device, StoreError>;

    /// Takes a batch: verify, dedupe, order, judge, fold, queue for the province, all in one transaction. A batch of
    /// a newer epoch is taken as well: the device noticed by itself that it was restored.
    ///
    /// # Errors
    /// [`StoreError`]; refusals of the batch are [`Pushed`].
    fn push(&self, device: DeviceId, batch: Batch, now_ms: i64) -> Result<Pushed, StoreError>;

    /// Writes an operation of the hub's own (an answer of the province) to the log.
    ///
    /// # Errors
    /// [`StoreError`].
    fn append_own(
        &self,
        entity: EntityId,
        event: &motcua_core::event::Event,
        now_ms: i64,
    ) -> Result<Judged, StoreError>;

    /// The log after `after`, at most `limit` lines and about `bytes_max` bytes.
    ///
    /// # Errors
    /// [`StoreError`].
    fn page(&self, after: u64, limit: u32, bytes_max: usize) -> Result<Page, StoreError>;

    /// An entity as folded here.
    ///
    /// # Errors
    /// [`StoreError`].
    fn state(&self, entity: EntityId) -> Result<Option<State>, StoreError>;

    /// Every ticket of a day, for the hall display.
    ///
    /// # Errors
    /// [`StoreError`].
    fn tickets(&self, day: Date) -> Result<Vec<motcua_core::queue::Ticket>, StoreError>;

    /// Gives out the next number of the slice; the same key gets the same number.
    ///
    /// # Errors
    /// [`StoreError`]; `Ok(None)` when the slice is used up.
    fn take_number(
        &self,
        series: &Series,
        day: Date,
        slice: RangeInclusive<u32>,
        key: &str,
    ) -> Result<Option<u32>, StoreError>;

    /// Where a blob stands.
    ///
    /// # Errors
    /// [`StoreError`].
    fn blob(&self, sha256: Hash) -> Result<Option<BlobState>, StoreError>;

    /// Appends bytes at `offset`; durable on return. At the end the hash is checked: a mismatch discards the
    /// bytes and says so with `complete = false, have = 0`.
    ///
    /// # Errors
    /// [`StoreError`].
    fn blob_append(
        &self,
        sha256: Hash,
        size: u64,
        offset: u64,
        bytes: &[u8],
    ) -> Result<BlobState, StoreError>;

    /// A whole blob's bytes, decrypted and checked.
    ///
    /// # Errors
    /// [`StoreError`].
    fn blob_read(&self, sha256: Hash) -> Result<Option<Vec<u8>>, StoreError>;

    /// The next message to the province that may be tried now, taken until `lease_until_ms`. Its state says what
    /// to do: [`ForwardState::Queued`] may be sent, [`ForwardState::Unknown`] must be looked up first. One message
    /// of a dossier at a time, in the log's order; a parked one holds back those behind it.
    ///
    /// # Errors
    /// [`StoreError`].
    fn claim_forward(
        &self,
        now_ms: i64,
        lease_until_ms: i64,
    ) -> Result<Option<ForwardJob>, StoreError>;

    /// Writes back what became of a message; with an answer, the operation that tells the office goes to the
    /// log in the same transaction. Nothing happens when the lease was lost to another attempt meanwhile.
    ///
    /// # Errors
    /// [`StoreError`].
    fn settle_forward(
        &self,
        job: &ForwardJob,
        answer: Option<&motcua_core::event::Event>,
        now_ms: i64,
    ) -> Result<(), StoreError>;

    /// How many messages stand in each state.
    ///
    /// # Errors
    /// [`StoreError`].
    fn forward_counts(&self) -> Result<Vec<(ForwardState, u64)>, StoreError>;
}
