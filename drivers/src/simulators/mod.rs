//! Simulated devices, for practice mode, for `cargo xtask run`, and for tests.
//!
//! Each simulator is the *device's* side of a protocol: it takes the host's bytes, does what the
//! device would do (prints into a picture, shows forty characters, ...), answers as the device
//! would, and has a fault panel. A [`Bench`] serves a set of them in memory, on loopback TCP and on
//! pseudo-terminals, and obeys [`BenchCommand`]s.
//!
//! Deliberately not here: shortcuts. A simulator never calls the driver; it only sees bytes.

mod bench;
mod control;
mod display;
mod mfp;
mod pad;
mod ports;
pub mod printer;
mod reader;
mod serve;

pub use bench::{Bench, BenchAddresses, BenchOptions, Over, PortAddresses};
pub use control::{
    BenchCommand, BenchError, BenchReply, PrinterFault, ScanDrop, ScanHow, SimName, SimState,
};
pub use display::DisplaySim;
pub use mfp::{jpeg_page, pdf_document};
pub use pad::{PadSim, sample_signature};
pub use printer::{Paper, PaperEnd, PrinterSim, SimTraits};
pub use reader::{ReaderSim, Typing};
pub use serve::{Cable, SimDevice, serve};
