//! The exchange between nodes. Only this module knows the wire.
//!
//! Each flow is a machine without I/O ([`link`], [`push`], [`pull`], [`blobs`]) that is told what happened
//! and says what to do next; [`driver`] is the thin shell that does it. Two rules hold everywhere: nothing is
//! dropped for any answer of the other side, and nothing counts as done before an acknowledgement of it is on
//! this machine's disk.
//!
//! Deliberately absent: what an operation means, SQL, screens, sentences for people.

pub mod auth;
pub mod backoff;
pub mod blobs;
pub mod client;
pub mod desk_side;
pub mod driver;
pub mod enrol;
pub mod link;
pub mod pull;
pub mod push;
pub mod sse;
pub mod status;
pub mod tls;
pub mod trouble;
pub mod window;
pub mod wire;

#[cfg(test)]
mod testing;

pub use desk_side::{DeskSide, HubClock, HubSeen, Pending};
pub use driver::{Exchange, ExchangeConfig, ExchangeHandle, LIVE_HEAD, LIVE_QUEUE};
pub use enrol::{EnrolError, EnrolTicket, Joined, enrol, look_at};
pub use status::{ExchangeEvent, HallCall, LinkState, LinkStatus};
pub use trouble::Trouble;
