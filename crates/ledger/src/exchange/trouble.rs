//! Why a call to the hub did not do what it should: one list, by what has to happen next.
//!
//! Not here: sentences for people. A screen makes them from [`Trouble::code`].

use serde::{Deserialize, Serialize};

use crate::hub::StoreError;

/// What went wrong between this desk and its hub. Nothing is lost by any of them: what is not
/// acknowledged stays in the outbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "trouble", rename_all = "snake_case")]
pub enum Trouble {
    /// No call was made yet.
    #[error("not tried yet")]
    NotTried,
    /// Nobody answers at the address: machine off, cable out, firewall.
    #[error("nobody answers at the hub's address")]
    Unreachable,
    /// The hub took longer than the call may take.
    #[error("the hub did not answer in time")]
    TimedOut,
    /// The connection broke in the middle.
    #[error("the connection broke")]
    Broken,
    /// Somebody answers who is not of this office: another office's hub, or a stranger in between.
    #[error("the hub's certificate is not of this office")]
    WrongCertificate,
    /// The hub answered with a failure of its own.
    #[error("the hub failed with status {status}")]
    HubFailed {
        /// The HTTP status, 500–599.
        status: u16,
        /// The hub's code, where it gave one, for example `disk_full`.
        code: Option<String>,
    },
    /// The hub asks to come back later.
    #[error("the hub is busy")]
    Busy {
        /// Milliseconds the hub asks to wait, where it says.
        retry_after_ms: Option<u64>,
    },
    /// The answer is not of the hub's language: a proxy page, a half answer.
    #[error("the answer cannot be understood")]
    Garbled,
    /// The hub does not know the token: it was restarted, or the token has run out.
    #[error("the session has ended")]
    SessionEnded,
    /// This machine was struck off.
    #[error("this machine was revoked")]
    Revoked,
    /// The hub has never heard of this machine.
    #[error("the hub does not know this machine")]
    UnknownDevice,
    /// The hub serves another office's log.
    #[error("the hub serves another office")]
    OtherOffice,
    /// The hub's log is not the one this desk has read so far: it was restored or made anew.
    #[error("the hub has another log")]
    OtherLog,
    /// The log that the hub shows has a hole or was changed.
    #[error("the log has a hole or was changed after position {after}")]
    LogBroken {
        /// The last position that is sound here.
        after: u64,
    },
    /// The body is larger than the hub takes.
    #[error("the body is too large for the hub")]
    TooLarge,
    /// A number of this machine's chain was used twice; it must go on in a new epoch.
    #[error("this machine's chain was forked")]
    Forked,
    /// The log contains an operation that only a newer program can carry.
    #[error("a newer program is needed to read the log")]
    NewerProgramNeeded,
    /// The hub has no part of its own for this path or this body.
    #[error("the hub refused: {code}")]
    Refused {
        /// The hub's code.
        code: String,
    },
    /// The bytes of a blob are not the ones its name promises, here or at the hub.
    #[error("the bytes of a scan do not match its name")]
    BlobMismatch,
    /// This desk's own disk is full.
    #[error("this machine's disk is full")]
    DiskFull,
    /// This desk's own store failed.
    #[error("this machine's store failed: {detail}")]
    Store {
        /// For the log, never for people.
        detail: String,
    },
    /// The exchange is being shut down.
    #[error("shutting down")]
    Closing,
}

impl Trouble {
    /// A stable code, by which a screen finds its sentence.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotTried => "not_tried",
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed_out",
            Self::Broken => "broken",
            Self::WrongCertificate => "wrong_certificate",
            Self::HubFailed { .. } => "hub_failed",
            Self::Busy { .. } => "busy",
            Self::Garbled => "garbled",
            Self::SessionEnded => "session_ended",
            Self::Revoked => "revoked",
            Self::UnknownDevice => "unknown_device",
            Self::OtherOffice => "other_office",
            Self::OtherLog => "other_log",
            Self::LogBroken { .. } => "log_broken",
            Self::TooLarge => "too_large",
            Self::Forked => "forked",
            Self::NewerProgramNeeded => "newer_program_needed",
            Self::Refused { .. } => "refused",
            Self::BlobMismatch => "blob_mismatch",
            Self::DiskFull => "disk_full",
            Self::Store { .. } => "store_failed",
            Self::Closing => "closing",
        }
    }

    /// Whether the whole link is in question, not only the call that met it.
    #[must_use]
    pub fn ends_link(&self) -> bool {
        matches!(
            self,
            Self::Unreachable
                | Self::TimedOut
                | Self::Broken
                | Self::WrongCertificate
                | Self::SessionEnded
                | Self::Revoked
                | Self::UnknownDevice
                | Self::OtherOffice
                | Self::OtherLog
                | Self::Forked
        )
    }

    /// How long the hub asks to wait, in milliseconds.
    #[must_use]
    pub fn retry_after_ms(&self) -> Option<u64> {
        match self {
            Self::Busy { retry_after_ms } => *retry_after_ms,
            _ => None,
        }
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::DiskFull => Self::DiskFull,
            StoreError::Closed => Self::Closing,
            other => Self::Store {
                detail: other.to_string(),
            },
        }
    }
}
