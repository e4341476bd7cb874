//! Every limit of the hub, in one place, unit last. What is announced to counters is in
//! `motcua_ledger::exchange::wire`.

use motcua_core::op::OP_BYTES_MAX;
use motcua_ledger::exchange::client::CHUNK_TIMEOUT_MS;
use motcua_ledger::exchange::wire::{BLOB_CHUNK_BYTES, PUSH_BYTES_MAX};

/// Bytes of a small JSON body.
pub const BODY_BYTES_MAX: usize = 64 * 1024;
/// Bytes of a push as JSON: base64 grows by a third, and one operation may stick out over the batch limit.
pub const PUSH_BODY_BYTES_MAX: usize = (PUSH_BYTES_MAX + OP_BYTES_MAX) / 3 * 4 + BODY_BYTES_MAX;
/// Bytes of one chunk of a scan.
pub const CHUNK_BODY_BYTES_MAX: usize = BLOB_CHUNK_BYTES;
/// Bytes of operations in one page, before base64.
pub const PAGE_BYTES_MAX: usize = 2 * 1024 * 1024;

/// Calls that are worked on at once; more wait.
pub const CALLS_AT_ONCE_MAX: usize = 256;
/// Connections at once; more wait in the listener's queue. 200 PCs hold about three each.
pub const CONNECTIONS_MAX: usize = 1_024;
/// Live lines at once.
pub const LIVE_LINES_MAX: usize = 512;
/// How long a call may take, in seconds, from its last header to the first byte of the answer.
pub const CALL_SECONDS_MAX: u64 = 30;
/// How long a chunk of a scan may take on a slow line, in seconds: as long as counters wait for it.
pub const CHUNK_SECONDS_MAX: u64 = CHUNK_TIMEOUT_MS / 1_000;
/// How long a client may take to send its next headers, in seconds; counters give up their unused
/// connections sooner.
pub const HEADER_SECONDS_MAX: u64 = 60;
/// How long a TLS handshake may take, in seconds.
pub const HANDSHAKE_SECONDS_MAX: u64 = 10;
/// How long calls in hand are waited for at shutdown, in seconds.
pub const SHUTDOWN_SECONDS_MAX: u64 = 10;

/// How long a token is good for, in seconds; counters renew it by themselves.
pub const TOKEN_SECONDS: u64 = 12 * 60 * 60;
/// Tokens of one device at once.
pub const TOKENS_PER_DEVICE_MAX: usize = 4;
/// How long a nonce is good for, in seconds.
pub const NONCE_SECONDS: u64 = 60;
/// Nonces at once; the oldest goes first.
pub const NONCES_MAX: usize = 4_096;

/// Wrong enrolment codes before the code is closed.
pub const ENROL_TRIES_MAX: u8 = 5;

/// The silence after which a live line says that it is still there, in seconds.
pub const LIVE_KEEPALIVE_SECONDS: u64 = 15;
/// Calls in the hall that a slow live line may lag behind.
pub const LIVE_CALLS_LAG_MAX: usize = 64;
/// Calls that the hall display shows: the current one and the last four.
pub const HALL_CALLS_MAX: usize = 5;
/// Lines of the log that are read again at start to find the last calls.
pub const HALL_REPLAY_LINES_MAX: u64 = 2_000;

/// The length of an idempotency key, in characters.
pub const IDEMPOTENCY_KEY_CHARS_MAX: usize = 128;
/// The length of a device's name, in characters.
pub const DEVICE_NAME_CHARS_MAX: usize = 64;
