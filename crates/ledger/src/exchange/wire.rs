//! The bodies of `/v1`. JSON; operations travel as base64 of the bytes that their device signed.
//!
//! Every limit is announced by `hello`, so that a hub can lower it without new counters.

use motcua_core::ids::{DeviceId, Hash, ScopeId};
use motcua_core::numbers::Series;
use motcua_core::state::Decision;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Operations in one push at most.
pub const PUSH_OPS_MAX: usize = 500;
/// Bytes of one push at most, before encoding.
pub const PUSH_BYTES_MAX: usize = 1024 * 1024;
/// Operations in one page at most.
pub const PAGE_OPS_MAX: u32 = 1000;
/// Bytes of one blob chunk.
pub const BLOB_CHUNK_BYTES: usize = 512 * 1024;
/// Bytes of one blob at most: larger scans are refused at the desk.
pub const BLOB_BYTES_MAX: u64 = 100 * 1024 * 1024;
/// How long an enrolment code holds, in seconds.
pub const ENROL_CODE_SECONDS: u64 = 600;

/// `POST /v1/enroll`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EnrollRequest {
    /// Six digits shown on the hub.
    pub code: String,
    /// The new device.
    pub device: DeviceId,
    /// Its Ed25519 public key, hexadecimal.
    pub public_key: String,
    /// Its name for people.
    pub name: String,
}

/// What an enrolled device is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EnrollResponse {
    /// The device.
    pub device: DeviceId,
    /// Its epoch.
    pub epoch: u32,
    /// Its number slice.
    pub slot: u16,
    /// The office's log.
    pub scope: ScopeId,
    /// The office's certificate authority, PEM; pinned from now on.
    pub ca_pem: String,
    /// The hub's name for people.
    pub hub: String,
}

/// `POST /v1/challenge`: a nonce to be signed by `hello`, 64 hexadecimal digits, good for one minute.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Challenge {
    /// To be signed with the device key.
    pub nonce: String,
}

/// `POST /v1/hello`: at the start and at every reconnect.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HelloRequest {
    /// The device.
    pub device: DeviceId,
    /// Its epoch.
    pub epoch: u32,
    /// The next `dseq` it will write.
    pub next_dseq: u64,
    /// The hash of its last operation.
    pub chain: Hash,
    /// Its program's version.
    pub app: String,
    /// The nonce of the challenge.
    pub nonce: String,
    /// Signature over the nonce, hexadecimal.
    pub signature: String,
}

/// What a device must do after `hello`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HelloAction {
    /// Go on.
    Ok,
    /// The device's chain is not what the hub has: take a new epoch.
    Forked,
}

/// How much of one epoch of a device's writing the hub has on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EpochAcked {
    /// The epoch.
    pub epoch: u32,
    /// The last `dseq` of it here.
    pub acked_dseq: u64,
}

/// What the hub answers to `hello`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HelloResponse {
    /// The hub's name for people.
    pub hub: String,
    /// A stable identity of the machine the hub runs on: the same machine is no second copy.
    pub machine: String,
    /// The office's log.
    pub scope: ScopeId,
    /// Changes when the hub's store was restored.
    pub log_id: Uuid,
    /// The device's high-water here.
    pub acked_dseq: u64,
    /// The hash of that operation here.
    pub chain_at_acked: Hash,
    /// The device's high-waters here in the epochs before, the latest ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<EpochAcked>,
    /// The epoch the device must write in.
    pub epoch: u32,
    /// The device's number slice in that epoch.
    pub slot: u16,
    /// Bearer token for everything else, until the hub restarts or it expires.
    pub token: String,
    /// The hub's clock, milliseconds since 1970.
    pub time_ms: i64,
    /// Largest push in operations.
    pub push_ops_max: usize,
    /// Largest push in bytes.
    pub push_bytes_max: usize,
    /// What to do.
    pub action: HelloAction,
}

/// `POST /v1/push`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PushRequest {
    /// The epoch of the batch.
    pub epoch: u32,
    /// The `dseq` of its first operation.
    pub from_dseq: u64,
    /// The operations, base64.
    pub ops: Vec<String>,
    /// Signature over the hash of the last one, hexadecimal.
    pub signature: String,
}

/// One line of a push answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushResult {
    /// The device's number.
    pub dseq: u64,
    /// Its place in the log.
    pub seq: u64,
    /// What the log says.
    pub decision: Decision,
}

/// The answer to a push that was understood: 200.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PushResponse {
    /// Durable up to here.
    pub acked_dseq: u64,
    /// Who says so: `hub` or `province`.
    pub by: String,
    /// One line an operation.
    pub results: Vec<PushResult>,
}

/// One line of a page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PageLine {
    /// Its place in the log.
    pub seq: u64,
    /// The operation, base64.
    pub op: String,
    /// What the log says.
    pub decision: Decision,
    /// The device's signature where the batch ended, hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
}

/// `GET /v1/scopes/{scope}/ops?after=&limit=&log_id=`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PageResponse {
    /// The log's identity.
    pub log_id: Uuid,
    /// The lines.
    pub ops: Vec<PageLine>,
    /// The cursor after this page.
    pub next: u64,
    /// Whether more is there now.
    pub more: bool,
    /// The last position in the log.
    pub head: u64,
    /// The running hash after the last line.
    pub chain: Hash,
}

/// `POST /v1/numbers`; with the header `Idempotency-Key`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NumberRequest {
    /// Which series.
    #[serde(flatten)]
    pub series: Series,
    /// The local day.
    pub day: jiff::civil::Date,
}

/// The number that was given out.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct NumberResponse {
    /// From 1.
    pub number: u32,
}

/// `POST /v1/uploads`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UploadRequest {
    /// The blob's name.
    pub sha256: Hash,
    /// Its size in bytes.
    pub size: u64,
}

/// Where an upload stands; `PATCH /v1/uploads/{sha256}` with `Upload-Offset` continues it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct UploadResponse {
    /// Bytes that are durable at the hub.
    pub offset: u64,
    /// Whether it is whole and checked.
    pub complete: bool,
}

/// Every refusal of `/v1`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ErrorBody {
    /// A stable code.
    pub code: String,
    /// For the log, never for people.
    pub detail: String,
}

/// `GET /v1/identity`: who answers, before anybody is trusted. The fingerprint of `ca_pem` is compared by
/// people on two screens.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Identity {
    /// The hub's name for people.
    pub hub: String,
    /// The office's log.
    pub scope: ScopeId,
    /// The office's certificate authority, PEM.
    pub ca_pem: String,
}

/// The header that carries an upload's position, in bytes (tus 1.0.0).
pub const UPLOAD_OFFSET: &str = "upload-offset";
/// The header that carries an upload's whole size, in bytes (tus 1.0.0).
pub const UPLOAD_LENGTH: &str = "upload-length";
/// The header by which a request that is sent twice acts once.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// The media type of a chunk (tus 1.0.0).
pub const CHUNK_MEDIA_TYPE: &str = "application/offset+octet-stream";

/// Every value of [`ErrorBody::code`].
pub mod codes {
    /// The body is not what the path takes.
    pub const MALFORMED: &str = "malformed";
    /// No token, or one that the hub does not know (any more).
    pub const SESSION_ENDED: &str = "session_ended";
    /// The nonce was not given out, was used, or is too old.
    pub const NONCE_UNKNOWN: &str = "nonce_unknown";
    /// The signature is not of the device's key.
    pub const BAD_SIGNATURE: &str = "bad_signature";
    /// The hub has never heard of the device.
    pub const UNKNOWN_DEVICE: &str = "unknown_device";
    /// The device was struck off.
    pub const REVOKED: &str = "revoked";
    /// Another office's log.
    pub const OTHER_SCOPE: &str = "other_scope";
    /// The batch is of an epoch that has ended.
    pub const OLD_EPOCH: &str = "old_epoch";
    /// A number of the chain was used twice with other content.
    pub const FORKED: &str = "forked";
    /// The cursor is of another log.
    pub const LOG_CHANGED: &str = "log_changed";
    /// The body is larger than the path takes.
    pub const TOO_LARGE: &str = "too_large";
    /// The chunk does not begin where the upload stands; the header [`super::UPLOAD_OFFSET`] says where.
    pub const WRONG_OFFSET: &str = "wrong_offset";
    /// The bytes are not the ones that the name promises; the upload begins again.
    pub const BLOB_MISMATCH: &str = "blob_mismatch";
    /// There is no such thing.
    pub const NOT_FOUND: &str = "not_found";
    /// The hub's slice of the series is used up for the day.
    pub const NUMBERS_USED_UP: &str = "numbers_used_up";
    /// No enrolment code is open.
    pub const ENROL_CLOSED: &str = "enrol_closed";
    /// The enrolment code is not this one.
    pub const ENROL_WRONG_CODE: &str = "enrol_wrong_code";
    /// Too many wrong codes.
    pub const ENROL_LOCKED: &str = "enrol_locked";
    /// Every slot of the office is taken.
    pub const NO_SLOT: &str = "no_slot";
    /// The hub does too much already.
    pub const BUSY: &str = "busy";
    /// The hub's disk is full.
    pub const DISK_FULL: &str = "disk_full";
    /// The hub failed.
    pub const INTERNAL: &str = "internal";
}
