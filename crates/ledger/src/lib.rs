//! The ledger: the office's log on disk and its exchange between nodes.
//!
//! Owns: the encrypted store, its one writer, migrations, the outbox, number slices, print jobs, drafts,
//! content-addressed blobs, keys, and the exchange (sans-IO state machines and thin loops around them).
//!
//! Deliberately absent: what an operation means (`motcua-core`), devices, papers, screens. No SQL outside
//! `store`; no wire type outside `exchange`; nothing is told "done" before its commit is on disk.

pub mod exchange;
pub mod hub;
