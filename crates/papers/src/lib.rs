//! Official forms and counter slips: a record in, a PDF or a raster out.
//!
//! Owns: the plain records a paper is made from ([`form01::Reception`], [`slip::TicketSlip`]),
//! the effective-dated templates ([`template`]), the fonts, the layout of lines, tables and pages,
//! and the two back ends (PDF for office printers, 1-bit raster for 80 mm receipt printers).
//!
//! Deliberately does not: know a printer, a database, a clock, a network or a dossier. Every date
//! on a paper comes from the record; the same record gives the same bytes on every machine, which
//! the golden files of `tests/golden` hold to. Whether a paper *may* be printed (two copies first,
//! a doubtful clock, a reprint that needs a reason) is decided by the caller; papers only prints
//! what it is told, and says on the paper when a copy is a reprint, a practice paper or the only
//! copy of the dossier.
//!
//! ```
//! use motcua_papers::form01::{PageSize, Reception, render_pdf};
//! use motcua_papers::slip;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let record: Reception = serde_json::from_str(include_str!("../tests/cases/birth.json"))?;
//! let form = render_pdf(&record, PageSize::A5)?;
//! assert!(form.starts_with(b"%PDF-"));
//! let slip = slip::reception(&record)?;
//! assert_eq!(slip.width_dots, slip::SLIP_WIDTH_DOTS);
//! # Ok(())
//! # }
//! ```
//!
//! Inside: a record is checked and cleaned (`form01::check`), set in lines and blocks (`text`,
//! `form01`, `slip`), stacked on pages (`flow`) as a list of marks (`display`), which becomes a PDF
//! file (`pdf`) or dots (`raster`).

pub mod form01;
pub mod slip;
pub mod template;

mod display;
mod error;
mod flow;
mod font;
mod pdf;
mod png_file;
mod qr;
mod raster;
mod subset;
mod text;
mod wording;
mod words;

pub use error::PaperError;
