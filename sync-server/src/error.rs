//! Every refusal of the hub as one list: a status and a code go out, the reason stays in the log.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};
use motcua_ledger::exchange::wire::{ErrorBody, UPLOAD_OFFSET, codes};
use motcua_ledger::hub::StoreError;

use crate::enrol::EnrolRefusal;

/// How long a busy store is left alone, in seconds.
const RETRY_SECONDS: u64 = 1;

/// Why a call was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// The body or a parameter is not what the path takes.
    #[error("malformed: {0}")]
    Malformed(&'static str),
    /// The body is too large.
    #[error("the body is too large")]
    TooLarge,
    /// No valid token.
    #[error("no session")]
    NoSession,
    /// The nonce was not given out, was used or is too old.
    #[error("the nonce is not known")]
    NonceUnknown,
    /// The signature does not fit.
    #[error("the signature is not of this device")]
    BadSignature,
    /// Never enrolled.
    #[error("the device is not known")]
    UnknownDevice,
    /// Struck off.
    #[error("the device was revoked")]
    Revoked,
    /// Another office's log.
    #[error("another office's log")]
    OtherScope,
    /// The batch's epoch has ended.
    #[error("the epoch has ended")]
    OldEpoch,
    /// A number of the chain was used again.
    #[error("the chain was forked at {dseq}")]
    Forked {
        /// Where.
        dseq: u64,
    },
    /// The cursor is of another log.
    #[error("the cursor is of another log")]
    LogChanged,
    /// There is no such thing.
    #[error("not found")]
    NotFound,
    /// The chunk begins elsewhere than the upload stands.
    #[error("the upload stands at {offset}")]
    WrongOffset {
        /// Where it stands, in bytes.
        offset: u64,
    },
    /// The bytes are not what the name promises.
    #[error("the bytes do not match their name")]
    BlobMismatch,
    /// The slice is used up.
    #[error("no number is left today")]
    NumbersUsedUp,
    /// The code does not let the machine in.
    #[error(transparent)]
    Enrol(#[from] EnrolRefusal),
    /// No slot is free.
    #[error("no slot is free")]
    NoSlot,
    /// Too many live lines.
    #[error("too many live lines")]
    Busy,
    /// Only from the hub's own machine.
    #[error("only from the hub's own machine")]
    NotHere,
    /// The operating system gave no random bytes.
    #[error("no random bytes")]
    NoRandom,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A worker thread is gone.
    #[error("a worker ended")]
    Worker,
}

impl ApiError {
    fn answer(&self) -> (StatusCode, &'static str) {
        use StatusCode as S;
        match self {
            Self::Malformed(_) => (S::BAD_REQUEST, codes::MALFORMED),
            Self::TooLarge => (S::PAYLOAD_TOO_LARGE, codes::TOO_LARGE),
            Self::NoSession => (S::UNAUTHORIZED, codes::SESSION_ENDED),
            Self::NonceUnknown => (S::UNAUTHORIZED, codes::NONCE_UNKNOWN),
            Self::BadSignature => (S::FORBIDDEN, codes::BAD_SIGNATURE),
            Self::UnknownDevice => (S::FORBIDDEN, codes::UNKNOWN_DEVICE),
            Self::Revoked => (S::FORBIDDEN, codes::REVOKED),
            Self::OtherScope => (S::NOT_FOUND, codes::OTHER_SCOPE),
            Self::OldEpoch => (S::CONFLICT, codes::OLD_EPOCH),
            Self::Forked { .. } => (S::CONFLICT, codes::FORKED),
            Self::LogChanged => (S::GONE, codes::LOG_CHANGED),
            Self::NotFound | Self::NotHere => (S::NOT_FOUND, codes::NOT_FOUND),
            Self::WrongOffset { .. } => (S::CONFLICT, codes::WRONG_OFFSET),
            Self::BlobMismatch => (S::UNPROCESSABLE_ENTITY, codes::BLOB_MISMATCH),
            Self::NumbersUsedUp => (S::CONFLICT, codes::NUMBERS_USED_UP),
            Self::Enrol(refusal) => (S::FORBIDDEN, refusal.code()),
            Self::NoSlot => (S::CONFLICT, codes::NO_SLOT),
            Self::Busy => (S::TOO_MANY_REQUESTS, codes::BUSY),
            Self::Store(StoreError::DiskFull) => (S::INSUFFICIENT_STORAGE, codes::DISK_FULL),
            Self::Store(StoreError::Busy) => (S::SERVICE_UNAVAILABLE, codes::BUSY),
            Self::Store(StoreError::OtherDeviceKey) => (S::CONFLICT, codes::BAD_SIGNATURE),
            Self::Store(_) | Self::NoRandom | Self::Worker => {
                (S::INTERNAL_SERVER_ERROR, codes::INTERNAL)
            }
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, code) = self.answer();
        let detail = if status.is_server_error() {
            // What a store says may name paths and people's data: it is for this machine's log only.
            tracing::error!(error = %self, "a call failed");
            String::new()
        } else {
            tracing::debug!(error = %self, code, "a call was refused");
            self.to_string()
        };
        let body = Json(ErrorBody {
            code: code.to_owned(),
            detail,
        });
        let mut answer = (status, body).into_response();
        let extra = match &self {
            Self::WrongOffset { offset } => Some((UPLOAD_OFFSET, *offset)),
            Self::Busy | Self::Store(StoreError::Busy) => {
                Some((RETRY_AFTER.as_str(), RETRY_SECONDS))
            }
            _ => None,
        };
        if let Some((name, value)) = extra
            && let Ok(name) = axum::http::HeaderName::try_from(name)
        {
            answer.headers_mut().insert(name, value.into());
        }
        answer
    }
}
