//! The exchange between nodes. Only this module knows the wire.

pub mod wire;
