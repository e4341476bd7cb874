//! The connector to the province: what is queued in the log's own transactions is sent, and what is not known
//! is looked up before anything is sent again.
//!
//! [`machine`] decides (no I/O), [`gateway`] is what a province can be asked, [`national`] is the first
//! family of provinces, `runner` carries out. An answer becomes an operation in the office's log in the
//! same transaction that settles the message: counters see it only then.
//!
//! Deliberately absent: what a dossier means, and any decision that is a person's.

mod breaker;
pub mod gateway;
mod gauge;
pub mod machine;
pub mod national;
mod runner;

pub use breaker::{BREAKER_FAILURES_MAX, Breaker};
pub use gateway::{Gateway, GatewayError, LookedUp, Sent};
pub use gauge::{ProvinceGauge, ProvinceState};
pub use national::{Mapping, NationalGateway, Pace, Province};
pub use runner::Connector;
