//! One act of signing: from "please sign here" to strokes, or to nothing.

use thiserror::Error;

use super::{PadArea, PenSample, Signature, Stroke, StrokePoint};

/// 200 reports a second for one hundred seconds.
pub const MAX_POINTS_PER_SIGNATURE: usize = 20_000;
/// More strokes than any name needs.
pub const MAX_STROKES_PER_SIGNATURE: usize = 500;
/// Fewer points are an accidental touch, not a signature.
pub const MIN_POINTS_PER_SIGNATURE: usize = 8;

/// Why a signature is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignRefusal {
    /// Nobody was asked to sign.
    #[error("no signature was asked for")]
    NoSession,
    /// Another signature is being taken.
    #[error("another signature is being taken")]
    Busy,
    /// Nothing, or only an accidental touch, is on the pad.
    #[error("fewer than {MIN_POINTS_PER_SIGNATURE} points were written")]
    Empty,
    /// More was written than is kept: clear and sign again.
    #[error("more than {MAX_POINTS_PER_SIGNATURE} points were written")]
    TooLong,
}

/// What a sample did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SampleEffect {
    /// It extended the signature (or lifted the pen) and should be shown.
    Taken,
    /// It was outside a session, not a number, or beyond the limits.
    Ignored,
}

#[derive(Debug)]
struct Open {
    area: PadArea,
    document_hash: Option<String>,
    strokes: Vec<Stroke>,
    points: usize,
    pen_down: bool,
    overflow: bool,
}

/// The state of signing on one pad.
#[derive(Debug, Default)]
pub struct SignSession {
    open: Option<Open>,
}

impl SignSession {
    /// Nobody is signing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Someone is signing.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Asks for a signature on a surface of `area`.
    ///
    /// # Errors
    /// [`SignRefusal::Busy`] while another one is being taken.
    pub fn begin(
        &mut self,
        area: PadArea,
        document_hash: Option<String>,
    ) -> Result<(), SignRefusal> {
        if self.open.is_some() {
            return Err(SignRefusal::Busy);
        }
        self.open = Some(Open {
            area,
            document_hash,
            strokes: Vec::new(),
            points: 0,
            pen_down: false,
            overflow: false,
        });
        Ok(())
    }

    /// Takes one reading of the pen.
    pub fn sample(&mut self, sample: PenSample) -> SampleEffect {
        let Some(open) = &mut self.open else {
            return SampleEffect::Ignored;
        };
        if !sample.x.is_finite() || !sample.y.is_finite() {
            return SampleEffect::Ignored;
        }
        if !sample.touching {
            let was_down = std::mem::take(&mut open.pen_down);
            return if was_down {
                SampleEffect::Taken
            } else {
                SampleEffect::Ignored
            };
        }
        let new_stroke = !open.pen_down;
        let strokes = open.strokes.len() + usize::from(new_stroke);
        if open.points >= MAX_POINTS_PER_SIGNATURE || strokes > MAX_STROKES_PER_SIGNATURE {
            open.overflow = true;
            return SampleEffect::Ignored;
        }
        if new_stroke {
            open.strokes.push(Stroke::default());
            open.pen_down = true;
        }
        let point = point_on(open.area, sample);
        if let Some(stroke) = open.strokes.last_mut() {
            stroke.points.push(point);
            open.points += 1;
        }
        SampleEffect::Taken
    }

    /// Wipes what was written; the session goes on.
    ///
    /// # Errors
    /// [`SignRefusal::NoSession`] when nobody is signing.
    pub fn clear(&mut self) -> Result<(), SignRefusal> {
        let open = self.open.as_mut().ok_or(SignRefusal::NoSession)?;
        open.strokes.clear();
        open.points = 0;
        open.pen_down = false;
        open.overflow = false;
        Ok(())
    }

    /// Ends the session with nothing; false when there was none.
    pub fn cancel(&mut self) -> bool {
        self.open.take().is_some()
    }

    /// Ends the session with the signature.
    ///
    /// # Errors
    /// [`SignRefusal`]; the session stays open when too little or too much was written.
    pub fn accept(&mut self) -> Result<Signature, SignRefusal> {
        let open = self.open.take().ok_or(SignRefusal::NoSession)?;
        let refusal = if open.overflow {
            Some(SignRefusal::TooLong)
        } else if open.points < MIN_POINTS_PER_SIGNATURE {
            Some(SignRefusal::Empty)
        } else {
            None
        };
        if let Some(refusal) = refusal {
            self.open = Some(open);
            return Err(refusal);
        }
        Ok(Signature {
            area: open.area,
            strokes: open.strokes,
            document_hash: open.document_hash,
        })
    }
}

fn point_on(area: PadArea, sample: PenSample) -> StrokePoint {
    StrokePoint {
        x: sample.x.clamp(0.0, area.width.max(0.0)),
        y: sample.y.clamp(0.0, area.height.max(0.0)),
        pressure: sample
            .pressure
            .filter(|p| p.is_finite())
            .map(|p| p.clamp(0.0, 1.0)),
        t_ms: sample.t_ms,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const AREA: PadArea = PadArea {
        width: 800.0,
        height: 480.0,
    };

    fn pen(x: f32, y: f32, t_ms: u32, touching: bool) -> PenSample {
        PenSample {
            x,
            y,
            pressure: Some(0.5),
            t_ms,
            touching,
        }
    }

    fn write_line(session: &mut SignSession, points: u32) {
        for t in 0..points {
            session.sample(pen(10.0 + t as f32, 20.0, t * 5, true));
        }
        session.sample(pen(0.0, 0.0, points * 5, false));
    }

    #[test]
    fn a_citizen_signs_in_two_strokes() {
        let mut session = SignSession::new();
        session.begin(AREA, Some("9f86".into())).unwrap();
        write_line(&mut session, 10);
        write_line(&mut session, 12);
        let signature = session.accept().unwrap();
        assert_eq!(signature.strokes.len(), 2);
        assert_eq!(signature.strokes[1].points.len(), 12);
        assert_eq!(signature.document_hash.as_deref(), Some("9f86"));
        assert!(!session.is_open());
    }

    #[test]
    fn an_empty_pad_cannot_be_accepted_and_the_citizen_may_still_sign() {
        let mut session = SignSession::new();
        session.begin(AREA, None).unwrap();
        write_line(&mut session, 2);
        assert_eq!(session.accept(), Err(SignRefusal::Empty));
        write_line(&mut session, 20);
        assert!(session.accept().is_ok());
    }

    #[test]
    fn clear_starts_again_and_cancel_leaves_nothing() {
        let mut session = SignSession::new();
        assert_eq!(session.clear(), Err(SignRefusal::NoSession));
        session.begin(AREA, None).unwrap();
        assert_eq!(session.begin(AREA, None), Err(SignRefusal::Busy));
        write_line(&mut session, 20);
        session.clear().unwrap();
        assert_eq!(session.accept(), Err(SignRefusal::Empty));
        assert!(session.cancel());
        assert!(!session.cancel());
        assert_eq!(session.accept(), Err(SignRefusal::NoSession));
        assert_eq!(
            session.sample(pen(1.0, 1.0, 0, true)),
            SampleEffect::Ignored
        );
    }

    #[test]
    fn a_pen_left_lying_on_the_pad_is_refused_not_stored() {
        let mut session = SignSession::new();
        session.begin(AREA, None).unwrap();
        for t in 0..=MAX_POINTS_PER_SIGNATURE as u32 {
            session.sample(pen(5.0, 5.0, t * 5, true));
        }
        assert_eq!(session.accept(), Err(SignRefusal::TooLong));
        session.clear().unwrap();
        write_line(&mut session, 20);
        assert!(session.accept().is_ok());
    }

    proptest! {
        #[test]
        fn any_samples_stay_on_the_pad(
            samples in proptest::collection::vec(
                (any::<f32>(), any::<f32>(), proptest::option::of(any::<f32>()), any::<u32>(),
                 any::<bool>()), 0..200)
        ) {
            let mut session = SignSession::new();
            prop_assert!(session.begin(AREA, None).is_ok());
            for (x, y, pressure, t_ms, touching) in samples {
                session.sample(PenSample { x, y, pressure, t_ms, touching });
            }
            if let Ok(signature) = session.accept() {
                for point in signature.strokes.iter().flat_map(|s| &s.points) {
                    prop_assert!((0.0..=800.0).contains(&point.x));
                    prop_assert!((0.0..=480.0).contains(&point.y));
                    prop_assert!(point.pressure.is_none_or(|p| (0.0..=1.0).contains(&p)));
                }
            }
        }
    }
}
