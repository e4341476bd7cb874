//! The ledger: the office's log on disk and its exchange between nodes.
//!
//! Owns: the encrypted store, its one writer, migrations, the outbox, number slices, print jobs, drafts,
//! content-addressed blobs, keys, and the exchange (sans-IO state machines and thin loops around them).
//!
//! Deliberately absent: what an operation means (`motcua-core`), devices, papers, screens. No SQL outside
//! `store`; no wire type outside `exchange`; nothing is told "done" before its commit is on disk.

pub mod blobs;
pub mod clock;
pub mod desk_store;
pub mod exchange;
mod files;
pub mod hub;
pub mod keys;
pub mod machine;
mod node;
mod random;
pub mod sqlite_hub;
mod store;

pub use desk_store::{
    ActError, ActTx, Acted, Applied, ApplyError, DeskReader, DeskStore, HubGreeting, LifeLine,
    OpenDesk, OpenedDesk, PendingCounts, Pulse, StoreStats,
};
pub use keys::{KeyHome, KeyPolicy};
pub use sqlite_hub::{OpenHub, OpenedHub, SqliteHub};
pub use store::{
    Attention, BlobDue, Cursor, DossierRow, Draft, Integrity, Matched, NewPrintJob, Node, NodeRole,
    PrintJob, PrintJobState, PrintKind, SearchHit, StoreError, VerifyReport, Wrong,
};
