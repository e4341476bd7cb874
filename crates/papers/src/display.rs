//! The display list: what is drawn where, before anybody knows whether it becomes PDF operators or
//! dots. Lengths are in the sheet's own unit (points on pages, dots on slips), measured from the
//! top-left corner, y downwards.

use crate::qr::QrModules;
use crate::text::Line;

/// One page or one slip.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sheet {
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) items: Vec<Item>,
}

/// Darkness of a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    Black,
    White,
    /// Watermark grey, light enough to read black text on it.
    Pale,
}

impl Ink {
    /// Grey level, 0 black to 1 white.
    pub(crate) const fn level(self) -> f32 {
        match self {
            Self::Black => 0.0,
            Self::Pale => 0.86,
            Self::White => 1.0,
        }
    }
}

/// Slope of a turned text: the 3-4-5 triangle, so that no trigonometry enters the bytes.
pub(crate) const TURN_COS: f32 = 0.6;
/// See [`TURN_COS`].
pub(crate) const TURN_SIN: f32 = 0.8;

/// One mark on a sheet.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Item {
    /// A line of text; `y` is its baseline.
    Text {
        x: f32,
        y: f32,
        line: Line,
        ink: Ink,
    },
    /// A line of text rising to the right at [`TURN_SIN`]/[`TURN_COS`] from its start.
    TurnedText {
        x: f32,
        y: f32,
        line: Line,
        ink: Ink,
    },
    /// A straight rule, horizontal or vertical.
    Rule {
        x0: f32,
        y0: f32,
        x1: f32,
        y1: f32,
        width: f32,
    },
    /// A dotted leader to write on, on the baseline `y`.
    Leader { x0: f32, x1: f32, y: f32 },
    /// A filled rectangle.
    Fill {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        ink: Ink,
    },
    /// A QR code in a square that includes its quiet zone.
    Qr {
        x: f32,
        y: f32,
        side: f32,
        modules: QrModules,
    },
    /// A pen stroke with round ends.
    Pen { points: Vec<(f32, f32)>, width: f32 },
}

impl Item {
    /// The same mark, `dy` further down.
    pub(crate) fn moved_down(mut self, dy: f32) -> Self {
        match &mut self {
            Self::Text { y, .. }
            | Self::TurnedText { y, .. }
            | Self::Leader { y, .. }
            | Self::Fill { y, .. }
            | Self::Qr { y, .. } => *y += dy,
            Self::Rule { y0, y1, .. } => {
                *y0 += dy;
                *y1 += dy;
            }
            Self::Pen { points, .. } => {
                for point in points {
                    point.1 += dy;
                }
            }
        }
        self
    }
}
