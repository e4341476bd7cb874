//! 80 mm slips: the reception slip and the queue ticket, as rasters of 576 dots.

mod model;
mod reception;
mod tape;
mod ticket;

use png::BitDepth;

use crate::PaperError;
use crate::display::Sheet;
use crate::form01::{Reception, checked};
use crate::template::Templates;
use crate::text::{clean, clean_option};
use crate::{png_file, raster};

pub use model::{SLIP_WIDTH_DOTS, Slip, TicketSlip};

/// Resolution of receipt printers.
const SLIP_DPI: f32 = 203.0;

/// Renders the 80 mm slip of a reception, from the same record as form 01.
///
/// # Errors
/// Any [`PaperError`]; all of them are about the record.
pub fn reception(record: &Reception) -> Result<Slip, PaperError> {
    let record = checked(record)?;
    let template = Templates::get()?.for_date(record.received_at.date())?;
    raster_of(&reception::sheet(&record, template)?)
}

/// Renders a queue ticket.
///
/// # Errors
/// [`PaperError::EmptyField`] without a number or a field of work, [`PaperError::OutOfRange`] for
/// a wait whose longest is below its shortest; otherwise as [`reception()`].
pub fn ticket(ticket: &TicketSlip) -> Result<Slip, PaperError> {
    let ticket = TicketSlip {
        office_name: clean(&ticket.office_name),
        field: clean(&ticket.field),
        number: clean(&ticket.number),
        counters: clean_option(ticket.counters.as_ref()),
        people_ahead: ticket.people_ahead,
        wait_minutes: ticket.wait_minutes,
        priority_reason: clean_option(ticket.priority_reason.as_ref()),
        taken_at: ticket.taken_at,
        qr_text: clean_option(ticket.qr_text.as_ref()),
        practice: ticket.practice,
    };
    for (field, text) in [("number", &ticket.number), ("field", &ticket.field)] {
        if text.is_empty() {
            return Err(PaperError::EmptyField { field });
        }
    }
    if let Some((shortest, longest)) = ticket.wait_minutes
        && longest < shortest
    {
        return Err(PaperError::OutOfRange {
            field: "wait_minutes",
            value: u64::from(longest),
            min: u64::from(shortest),
            max: u64::from(u32::MAX),
        });
    }
    raster_of(&ticket::sheet(&ticket, &Templates::get()?.ticket)?)
}

fn raster_of(sheet: &Sheet) -> Result<Slip, PaperError> {
    let canvas = raster::hard(sheet)?;
    let mut bits = Vec::with_capacity(canvas.grey.len() / 8);
    for dots in canvas.grey.chunks(8) {
        bits.push(
            dots.iter()
                .fold(0, |byte, &dot| byte << 1 | u8::from(dot < 128)),
        );
    }
    Ok(Slip {
        width_dots: canvas.width as u32,
        rows: canvas.height as u32,
        bits,
    })
}

impl Slip {
    /// Bytes of one row.
    #[must_use]
    pub const fn row_bytes(&self) -> usize {
        self.width_dots as usize / 8
    }

    /// The slip as a 1-bit PNG file at 203 dpi, to look at or to compare.
    ///
    /// # Errors
    /// [`PaperError::Resource`] when `bits` does not hold `rows` rows.
    pub fn to_png(&self) -> Result<Vec<u8>, PaperError> {
        let white_is_one: Vec<u8> = self.bits.iter().map(|byte| !byte).collect();
        let size = (self.width_dots, self.rows);
        png_file::encode(size, BitDepth::One, &white_is_one, SLIP_DPI)
    }
}
