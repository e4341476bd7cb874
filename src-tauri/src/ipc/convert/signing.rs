//! Ink: what a screen draws, what is kept, and its picture.

use std::fmt::Write;

use motcua_desk::{SIGNING_ASPECT, Signing, Via};
use motcua_drivers::protocols::pad::StrokePoint;
use motcua_drivers::{Signature, Stroke};

use crate::ipc::dto::{InkStroke, SignRequest, SignatureVia};

/// The pen of the picture, in parts of the area's height.
const PEN_WIDTH_PER_HEIGHT: f32 = 0.02;
/// The ink of signatures is blue on every paper (NĐ 30/2020/NĐ-CP Đ13.4: màu mực xanh).
const INK: &str = "#0b2f8a";
/// Points of one picture at most; a pad gives 200 a second.
const POINTS_MAX: usize = 100_000;

/// Where a screen asks for the ink.
pub(in crate::ipc) fn via_of(via: SignatureVia) -> Via {
    match via {
        SignatureVia::Pad => Via::Pad,
        SignatureVia::Canvas => Via::Canvas,
    }
}

pub(super) fn shown_via(via: Via) -> SignatureVia {
    match via {
        Via::Pad => SignatureVia::Pad,
        Via::Canvas => SignatureVia::Canvas,
    }
}

/// What the citizen is asked to sign.
#[must_use]
pub fn sign_request(signing: &Signing) -> SignRequest {
    SignRequest {
        request_id: signing.request.to_string(),
        via: shown_via(signing.via),
        device_name: signing.device_name.clone(),
        statement: signing.statement.clone(),
        aspect_ratio: f64::from(SIGNING_ASPECT),
    }
}

/// Ink of a screen, which measures from 0 to 1 both ways, in the units of the signing area. A browser can
/// send a point outside the area, or none at all as `NaN`: such a point is put at the edge or left out.
#[must_use]
pub fn strokes_of(ink: &[InkStroke]) -> Vec<Stroke> {
    ink.iter()
        .map(|stroke| Stroke {
            points: stroke
                .points
                .iter()
                .filter(|p| p.x.is_finite() && p.y.is_finite())
                .map(|p| StrokePoint {
                    x: narrow(p.x) * SIGNING_ASPECT,
                    y: narrow(p.y),
                    pressure: p.pressure.is_finite().then(|| narrow(p.pressure)),
                    t_ms: milliseconds(p.t_ms),
                })
                .collect(),
        })
        .collect()
}

/// A coordinate within the area, in the precision of a pad.
#[allow(clippy::cast_possible_truncation)] // a value between 0 and 1 loses digits below what any pen resolves
fn narrow(value: f64) -> f32 {
    value.clamp(0.0, 1.0) as f32
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // clamped to the range just before
fn milliseconds(value: f64) -> u32 {
    if value.is_finite() {
        value.clamp(0.0, f64::from(u32::MAX)) as u32
    } else {
        0
    }
}

/// The picture of a signature: one line for each stroke, sharp at any zoom.
#[must_use]
pub fn signature_svg(signature: &Signature) -> String {
    let (width, height) = (
        signature.area.width.max(f32::EPSILON),
        signature.area.height.max(f32::EPSILON),
    );
    let pen = height * PEN_WIDTH_PER_HEIGHT;
    let mut lines = String::new();
    let mut left = POINTS_MAX;
    for stroke in &signature.strokes {
        let points = &stroke.points[..stroke.points.len().min(left)];
        left -= points.len();
        let mut step = 'M';
        for point in points {
            // Writing to a String does not fail.
            let _ = write!(lines, "{step}{:.3} {:.3}", point.x, point.y);
            step = 'L';
        }
        if let [only] = points {
            // A dot is a line of no length: with a round pen it is seen.
            let _ = write!(lines, "L{:.3} {:.3}", only.x, only.y);
        }
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\">\
         <path d=\"{lines}\" fill=\"none\" stroke=\"{INK}\" stroke-width=\"{pen}\" \
         stroke-linecap=\"round\" stroke-linejoin=\"round\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use motcua_drivers::protocols::pad::PadArea;

    use super::*;
    use crate::ipc::dto::InkPoint;

    fn ink(points: &[(f64, f64)]) -> InkStroke {
        let points = points.iter().map(|(x, y)| InkPoint {
            x: *x,
            y: *y,
            pressure: 0.5,
            t_ms: 12.7,
        });
        InkStroke {
            points: points.collect(),
        }
    }

    #[test]
    fn ink_of_a_screen_lands_in_the_signing_area() {
        let strokes = strokes_of(&[ink(&[(0.0, 0.0), (1.0, 1.0), (2.0, -1.0), (f64::NAN, 0.5)])]);
        let places: Vec<(f32, f32)> = strokes[0].points.iter().map(|p| (p.x, p.y)).collect();
        assert_eq!(
            places,
            [(0.0, 0.0), (SIGNING_ASPECT, 1.0), (SIGNING_ASPECT, 0.0)]
        );
        assert_eq!(strokes[0].points[0].t_ms, 12);
    }

    #[test]
    fn the_picture_has_a_line_for_each_stroke_and_shows_a_dot() {
        let signature = Signature {
            area: PadArea {
                width: SIGNING_ASPECT,
                height: 1.0,
            },
            strokes: strokes_of(&[ink(&[(0.1, 0.2), (0.2, 0.3)]), ink(&[(0.5, 0.5)])]),
            document_hash: None,
        };
        let svg = signature_svg(&signature);
        assert!(
            svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 3 1\">"),
            "{svg}"
        );
        assert!(
            svg.contains("M0.300 0.200L0.600 0.300M1.500 0.500L1.500 0.500"),
            "{svg}"
        );
    }
}
