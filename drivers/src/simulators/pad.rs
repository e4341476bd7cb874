//! A simulated Wacom STU pad in serial mode, with a stored signature it can write.

use std::collections::VecDeque;
use std::f32::consts::TAU;
use std::time::Duration;

use super::serve::SimDevice;
use crate::protocols::pad::stu::{
    Capability, DeviceInformation, Framing, PenReport, REPORT_CAPABILITY, REPORT_GET,
    REPORT_INFORMATION, REPORT_SET_RESULT, REPORT_STATUS, Set, Status, encode_frame,
};

/// Sizes of an STU-540.
const STU_540: Capability = Capability {
    max_x: 10_800,
    max_y: 6_480,
    max_pressure: 1_023,
    screen_width: 800,
    screen_height: 480,
    reports_per_second: 200,
    units_per_inch: 2_540,
    encodings: 0x0E,
};
const REPORT_EVERY: Duration = Duration::from_millis(5);
const WRONG_REPORT: u8 = 1;

/// The pad.
#[derive(Debug)]
pub struct PadSim {
    framing: Framing,
    out: Vec<u8>,
    inking: bool,
    pen_time: bool,
    clears: u64,
    playing: VecDeque<(Duration, PenReport)>,
    to_play: Option<Vec<PenReport>>,
    sequence: u16,
}

impl Default for PadSim {
    fn default() -> Self {
        Self::new()
    }
}

impl PadSim {
    /// A pad switched on, with nobody before it.
    #[must_use]
    pub fn new() -> Self {
        Self {
            framing: Framing::new(),
            out: Vec::new(),
            inking: false,
            pen_time: false,
            clears: 0,
            playing: VecDeque::new(),
            to_play: None,
            sequence: 0,
        }
    }

    /// Ink follows the pen.
    #[must_use]
    pub fn is_inking(&self) -> bool {
        self.inking
    }

    /// Times the screen was wiped.
    #[must_use]
    pub fn clears(&self) -> u64 {
        self.clears
    }

    /// Someone writes `reports`, two hundred a second, from now on.
    pub fn write(&mut self, reports: Vec<PenReport>) {
        self.to_play = Some(reports);
    }

    fn send(&mut self, report: &[u8]) {
        match encode_frame(report) {
            Ok(frame) => self.out.extend(frame),
            Err(error) => tracing::debug!(%error, "a simulated report did not fit"),
        }
    }

    fn obey(&mut self, report: &[u8]) {
        match report {
            [REPORT_GET, REPORT_STATUS, ..] => {
                self.send(
                    &Status {
                        state: Status::READY,
                        last_error: 0,
                    }
                    .encode(),
                );
            }
            [REPORT_GET, REPORT_CAPABILITY, ..] => self.send(&STU_540.encode()),
            [REPORT_GET, REPORT_INFORMATION, ..] => {
                let information = DeviceInformation {
                    model: "STU-540".to_owned(),
                    firmware: (1, 3),
                };
                self.send(&information.encode());
            }
            other => match Set::decode(other) {
                Some(set) => {
                    match set {
                        Set::Inking(on) => self.inking = on,
                        Set::ClearScreen => self.clears += 1,
                        Set::PenTime(on) => self.pen_time = on,
                    }
                    self.send(&[REPORT_SET_RESULT, 0]);
                }
                None => self.send(&[REPORT_SET_RESULT, WRONG_REPORT]),
            },
        }
    }
}

impl SimDevice for PadSim {
    fn receive(&mut self, _now: Duration, bytes: &[u8]) -> usize {
        for report in self.framing.feed(bytes).into_iter().flatten() {
            self.obey(&report);
        }
        bytes.len()
    }

    fn advance(&mut self, now: Duration) {
        if let Some(reports) = self.to_play.take() {
            let times = (0u32..).map(|index| now + REPORT_EVERY * index);
            self.playing = times.zip(reports).collect();
        }
        while let Some((at, report)) = self.playing.front().copied() {
            if at > now {
                break;
            }
            self.playing.pop_front();
            let time_ms = self.pen_time.then_some((at.as_millis() % 65_536) as u16);
            self.sequence = self.sequence.wrapping_add(1);
            let bytes = PenReport { time_ms, ..report }.encode(self.sequence);
            self.send(&bytes);
        }
    }

    fn take_output(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }
}

/// An invented signature: a looped word and a line under it, with pressure that swells and fades.
#[must_use]
pub fn sample_signature() -> Vec<PenReport> {
    const WORD_POINTS: u16 = 180;
    const LINE_POINTS: u16 = 60;
    const GAP_POINTS: u16 = 20;
    let mut reports = Vec::new();
    for index in 0..WORD_POINTS {
        let t = f32::from(index) / f32::from(WORD_POINTS);
        let x = 0.2 + 0.5 * t + 0.03 * (TAU * 5.0 * t).sin();
        let y = 0.45 - 0.15 * (TAU * 5.0 * t).cos() * (1.0 - 0.5 * t);
        reports.push(pen(
            x,
            y,
            (TAU * 2.5 * t).sin().abs().mul_add(0.5, 0.4),
            true,
        ));
    }
    for _ in 0..GAP_POINTS {
        reports.push(pen(0.7, 0.5, 0.0, false));
    }
    for index in 0..LINE_POINTS {
        let t = f32::from(index) / f32::from(LINE_POINTS);
        reports.push(pen(
            0.25 + 0.5 * t,
            0.7 + 0.02 * (TAU * t).sin(),
            0.8 - 0.5 * t,
            true,
        ));
    }
    reports.push(pen(0.75, 0.7, 0.0, false));
    reports
}

fn pen(x: f32, y: f32, pressure: f32, touching: bool) -> PenReport {
    let scaled = |part: f32, max: u16| (part.clamp(0.0, 1.0) * f32::from(max)) as u16;
    PenReport {
        in_range: true,
        touching,
        pressure: scaled(pressure, STU_540.max_pressure),
        x: scaled(x, STU_540.max_x),
        y: scaled(y, STU_540.max_y),
        time_ms: None,
    }
}
