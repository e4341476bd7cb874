//! Signatures: strokes with time and honest pressure, the session around them, and the Wacom STU
//! protocol.
//!
//! Owns: [`Stroke`], [`PenSample`], [`SignSession`] (begin, clear, cancel, accept) for every kind of
//! pad, [`stu`] for Wacom pads. Does not own: the drawing on the screen (a canvas in the window
//! sends the same samples), the place of the signature on a form.

mod session;
pub mod stu;

use serde::{Deserialize, Serialize};

pub use session::{
    MAX_POINTS_PER_SIGNATURE, MAX_STROKES_PER_SIGNATURE, MIN_POINTS_PER_SIGNATURE, SampleEffect,
    SignRefusal, SignSession,
};

/// The surface coordinates are measured on; origin at the top left.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PadArea {
    /// Width in the pad's own units (pixels of a canvas, digitiser units of a pad).
    pub width: f32,
    /// Height in the same units.
    pub height: f32,
}

/// One reading of a pen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PenSample {
    /// From the left, in units of the [`PadArea`].
    pub x: f32,
    /// From the top, in units of the [`PadArea`].
    pub y: f32,
    /// 0 to 1; nothing when the device does not measure it.
    pub pressure: Option<f32>,
    /// Milliseconds since the session began.
    pub t_ms: u32,
    /// The tip touches the surface.
    pub touching: bool,
}

/// A point of a stroke.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct StrokePoint {
    /// From the left, in units of the [`PadArea`].
    pub x: f32,
    /// From the top, in units of the [`PadArea`].
    pub y: f32,
    /// 0 to 1; nothing when the device does not measure it.
    pub pressure: Option<f32>,
    /// Milliseconds since the session began.
    pub t_ms: u32,
}

/// The line from pen down to pen up.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Stroke {
    /// Points in time order.
    pub points: Vec<StrokePoint>,
}

/// What a person wrote.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Signature {
    /// The surface it was written on.
    pub area: PadArea,
    /// Strokes in time order.
    pub strokes: Vec<Stroke>,
    /// Hash of the page that was shown while signing, as the caller gave it.
    pub document_hash: Option<String>,
}
