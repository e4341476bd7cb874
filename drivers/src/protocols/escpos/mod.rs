//! ESC/POS receipt printers: bytes out, bytes in, and the print run that tells the truth.
//!
//! Sources: Epson ESC/POS command reference (TM-T20/T82/T88 families), Epson TM-U220 and TM-T88III
//! manuals for the status bits, Bixolon SRP-350 and Citizen CT-S300 manuals where they agree.
//!
//! Owns: the command bytes, the raster with its real-time guard, the reply demultiplexer, the
//! status bits, and [`run::PrintRun`], the state machine of one print job.
//! Does not own: a connection, a queue, text layout. Vietnamese text reaches a printer as a raster,
//! because code page 1258 prints its combining marks as separate glyphs on thermal printers.

pub mod command;
pub mod demux;
pub mod raster;
pub mod run;
pub mod status;

pub use demux::{Demux, Reply};
pub use raster::{RasterError, RasterJob};
pub use run::{PrintOptions, PrintOutcome, PrintProgress, PrintRun};
pub use status::{Cover, Online, Paper, PrinterError, PrinterStatus, Trouble};
