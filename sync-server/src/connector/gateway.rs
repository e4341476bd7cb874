//! What a province can be asked, and the answers that make a difference.

use motcua_core::dossier::Dossier;
use motcua_core::event::Event;
use motcua_core::ids::{Hash, StaffId};
use motcua_core::office::Office;

/// Nothing was taken by the province: sending again is safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// No connection was made.
    NoConnection,
    /// The office's account is refused.
    WrongCredentials,
    /// The province asks to come back later.
    Later {
        /// After so many milliseconds, where it says.
        retry_after_ms: Option<u64>,
    },
    /// Somebody answered that there is nothing at this address.
    Misdirected {
        /// The HTTP status.
        status: u16,
    },
}

/// What came of sending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It has it.
    Accepted {
        /// The province's own identifier, where it gives one.
        external_id: Option<String>,
    },
    /// It says that it has one of this number already.
    Exists,
    /// It refuses for good.
    Refused {
        /// Its code.
        code: String,
        /// Its words.
        message: String,
    },
    /// It surely took nothing.
    NotTaken(NotTaken),
    /// Nobody knows; with what was seen.
    Unknown(&'static str),
}

/// What came of looking up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LookedUp {
    /// It has it, as it was sent.
    Same {
        /// The province's own identifier, where it gives one.
        external_id: Option<String>,
    },
    /// It has our dossier with other content.
    Ours,
    /// It has somebody else's dossier of the same number.
    Other,
    /// It does not have it, as far as it can see now.
    Absent,
    /// It cannot be asked.
    NotOffered,
    /// The question surely did not arrive.
    NotTaken(NotTaken),
    /// No answer, or none that means anything; with what was seen.
    Unknown(&'static str),
}

/// An outcome with the bytes that prove it.
#[derive(Clone, Debug)]
pub struct Seen<T> {
    /// What it means.
    pub outcome: T,
    /// What came, as it came; empty when nothing did.
    pub evidence: Vec<u8>,
}

/// One piece of news about a dossier.
#[derive(Clone, Copy, Debug)]
pub struct News<'a> {
    /// The dossier as it stands.
    pub dossier: &'a Dossier,
    /// What happened.
    pub event: &'a Event,
    /// Who did it.
    pub actor: StaffId,
    /// The office, if it is set up.
    pub office: Option<&'a Office>,
}

/// The gateway could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    /// The HTTP client could not be made.
    #[error("http client: {0}")]
    Http(#[from] reqwest::Error),
    /// The mapping of fields cannot be read.
    #[error("field mapping: {0}")]
    Mapping(#[from] toml::de::Error),
}

/// A province's system.
pub trait Gateway: Send + Sync + 'static {
    /// The request for a piece of news; none when the province need not hear of it.
    fn prepare(&self, news: News<'_>) -> Option<Vec<u8>>;

    /// The same request as a change of what the province has.
    fn as_update(&self, request: &[u8]) -> Vec<u8>;

    /// Sends a request, the same bytes and the same key for every attempt.
    fn send(&self, key: Hash, request: &[u8]) -> impl Future<Output = Seen<Sent>> + Send;

    /// Looks up what a request was about.
    fn look_up(&self, request: &[u8]) -> impl Future<Output = Seen<LookedUp>> + Send;
}
