//! The contract every transport keeps.

use std::io;
use std::time::{Duration, Instant};

use thiserror::Error;

/// Longest uninterrupted wait inside a link.
pub const MAX_SLICE: Duration = Duration::from_millis(100);

/// A moment until which something may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline(Instant);

impl Deadline {
    /// `wait` from now.
    #[must_use]
    pub fn after(wait: Duration) -> Self {
        Self(Instant::now() + wait)
    }

    /// Already passed: look, and do not wait.
    #[must_use]
    pub fn now() -> Self {
        Self(Instant::now())
    }

    /// Time left.
    #[must_use]
    pub fn left(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }

    /// Nothing is left.
    #[must_use]
    pub fn passed(self) -> bool {
        self.left().is_zero()
    }

    /// Time left, but no more than [`MAX_SLICE`].
    #[must_use]
    pub fn slice(self) -> Duration {
        self.left().min(MAX_SLICE)
    }
}

/// Why a link failed. The manager decides by the kind what to tell and when to try again.
#[derive(Debug, Error)]
pub enum LinkError {
    /// There is no such device now.
    #[error("{what} is not there")]
    NotFound {
        /// What was looked for.
        what: String,
    },
    /// Another program holds it.
    #[error("{what} is in use by another program")]
    Busy {
        /// What was opened.
        what: String,
    },
    /// The system refuses.
    #[error("no permission for {what}")]
    Denied {
        /// What was opened.
        what: String,
    },
    /// It was open and went away.
    #[error("the connection is gone")]
    Gone,
    /// Nothing moved in time.
    #[error("nothing moved within {after:?}")]
    Timeout {
        /// How long was waited.
        after: Duration,
    },
    /// This computer cannot do that.
    #[error("{what} is not supported on this computer")]
    Unsupported {
        /// What was asked for.
        what: String,
    },
    /// Anything else the system said.
    #[error("input/output error")]
    Io(#[source] io::Error),
}

impl LinkError {
    /// Sorts an error of the system into a kind.
    #[must_use]
    pub fn from_io(error: io::Error, what: &str) -> Self {
        use io::ErrorKind as K;
        match error.kind() {
            K::NotFound | K::ConnectionRefused | K::HostUnreachable | K::NetworkUnreachable => {
                Self::NotFound {
                    what: what.to_owned(),
                }
            }
            K::PermissionDenied => Self::Denied {
                what: what.to_owned(),
            },
            K::BrokenPipe
            | K::ConnectionReset
            | K::ConnectionAborted
            | K::NotConnected
            | K::UnexpectedEof => Self::Gone,
            K::ResourceBusy | K::AddrInUse => Self::Busy {
                what: what.to_owned(),
            },
            _ => Self::Io(error),
        }
    }
}

/// What a link can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkCaps {
    /// Answers can come back.
    pub bidirectional: bool,
    /// An answer that the device sent arrives, or the link breaks; a serial line may lose bytes.
    pub lossless: bool,
    /// Other programs or PCs may use the device between our jobs: hold it no longer than a job.
    pub shared: bool,
}

/// A way to one device. Owned by one thread.
pub trait Link: Send {
    /// Sends some of `bytes`; 0 when nothing could be taken before `deadline`.
    ///
    /// # Errors
    /// [`LinkError`] when the link is unusable from now on.
    fn send(&mut self, bytes: &[u8], deadline: Deadline) -> Result<usize, LinkError>;

    /// Receives some bytes; 0 when nothing came before `deadline`.
    ///
    /// # Errors
    /// [`LinkError`] when the link is unusable from now on.
    fn recv(&mut self, buffer: &mut [u8], deadline: Deadline) -> Result<usize, LinkError>;

    /// What the link can do.
    fn caps(&self) -> LinkCaps;

    /// Makes a shared link usable for a job or a look; returns true when the connection is new.
    ///
    /// # Errors
    /// [`LinkError`] when the device cannot be reached.
    fn engage(&mut self) -> Result<bool, LinkError> {
        Ok(false)
    }

    /// Lets go of a shared link between jobs.
    fn release(&mut self) {}
}
