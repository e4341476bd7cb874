//! What an 80 mm slip is made from, and the raster it becomes.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

/// Printable width of an 80 mm receipt printer: 72 mm at 203 dpi.
pub const SLIP_WIDTH_DOTS: u32 = 576;

/// A finished slip: one bit a dot, rows from the top, ready for any raster command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    /// Dots in a row; a multiple of 8.
    pub width_dots: u32,
    /// Number of rows.
    pub rows: u32,
    /// `rows × width_dots / 8` bytes, most significant bit left, 1 = black.
    pub bits: Vec<u8>,
}

/// A queue ticket: one number, who is ahead, and why somebody goes first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TicketSlip {
    /// Name of the office.
    pub office_name: String,
    /// Field of work the ticket is for, such as `Hộ tịch – Chứng thực`.
    pub field: String,
    /// The number as it will be called, such as `A127`.
    pub number: String,
    /// Counters that serve this field, such as `Quầy 01, 03`.
    #[serde(default)]
    pub counters: Option<String>,
    /// People ahead at the counters of this field; `None` when it is not known.
    #[serde(default)]
    pub people_ahead: Option<u32>,
    /// Estimated wait as a range, shortest and longest, in minutes.
    #[serde(default)]
    pub wait_minutes: Option<(u32, u32)>,
    /// Why this ticket is served first, such as `người cao tuổi`.
    #[serde(default)]
    pub priority_reason: Option<String>,
    /// When the ticket was taken, local time of the office.
    pub taken_at: DateTime,
    /// Text of a QR code to follow the queue by, when the office offers that.
    #[serde(default)]
    pub qr_text: Option<String>,
    /// Practice mode: the ticket is marked "TẬP HUẤN".
    #[serde(default)]
    pub practice: bool,
}
