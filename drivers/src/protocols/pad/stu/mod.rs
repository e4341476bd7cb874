//! Wacom STU pads: report layouts and the serial framing, as pure encoders and decoders.
//!
//! Sources: Wacom STU SDK headers (report ids, sizes, layouts), a second look at public WebHID
//! drivers and at Wacom's own samples. The pen byte follows the SDK: bit 7 in range, bits 6–4
//! touching, bits 3–0 the high bits of the pressure; the public WebHID drivers misread it.
//!
//! Owns: bytes. Does not own: when to clear, what is drawn (the manager does).

mod framing;
mod report;

pub use framing::{FrameError, Framing, MAX_FRAME_BYTES, encode_frame};
pub use report::{
    Capability, DeviceInformation, PenReport, ReportError, Set, Status, get_request, set_result,
};

/// Wacom's USB vendor id.
pub const VENDOR_ID: u16 = 0x056A;
/// Answer to a *set* over the serial framing: this id, then the result (0 = done).
pub const REPORT_SET_RESULT: u8 = 0x81;
/// Question over the serial framing: this id, then the id of the report wanted.
pub const REPORT_GET: u8 = 0x80;
/// Pen reading without time.
pub const REPORT_PEN: u8 = 0x01;
/// Pen reading with time and sequence.
pub const REPORT_PEN_TIMED: u8 = 0x34;
/// State of the pad.
pub const REPORT_STATUS: u8 = 0x03;
/// Model and firmware.
pub const REPORT_INFORMATION: u8 = 0x08;
/// Sizes and resolution.
pub const REPORT_CAPABILITY: u8 = 0x09;
/// Wipe the screen.
pub const REPORT_CLEAR_SCREEN: u8 = 0x20;
/// Ink on or off.
pub const REPORT_INKING_MODE: u8 = 0x21;
/// What a pen reading carries.
pub const REPORT_PEN_OPTION: u8 = 0x32;
