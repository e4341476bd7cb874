//! The ledger as an office hub: HTTP over TLS, live events, the health page, the connector to the province.
//!
//! Owns: the paths of `/v1`, sessions and enrolment codes, the office's certificate authority, the hall and
//! health pages, and the forwarding of dossiers with its three outcomes.
//!
//! Deliberately absent: how operations are judged and kept (`motcua-ledger`), what they mean (`motcua-core`),
//! windows and devices. Nothing is acknowledged before the store says that it is durable.

pub mod app;
pub mod cli;
pub mod clock;
pub mod connector;
pub mod enrol;
pub mod error;
pub mod hall;
pub mod health;
pub mod health_page;
pub mod hub;
pub mod limits;
pub mod live;
pub mod routes;
mod serve;
pub mod sessions;
pub mod tls;

pub use connector::{Province, ProvinceState};
pub use hub::{Hub, HubConfig, HubError, HubHandle};
