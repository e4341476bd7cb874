//! The owners of signature pads: the Wacom pad on a serial line, and the canvas in the window.

use std::time::{Duration, Instant};

use uuid::Uuid;

use super::SignRequest;
use super::board::Place;
use super::event::DeviceEvent;
use super::owner::{Driver, send_all};
use super::view::{FaultKind, Health};
use crate::protocols::pad::stu::{
    Capability, DeviceInformation, Framing, PenReport, REPORT_CAPABILITY, REPORT_INFORMATION, Set,
    encode_frame, get_request, set_result,
};
use crate::protocols::pad::{PadArea, PenSample, SampleEffect, SignRefusal, SignSession};
use crate::transports::{Deadline, Link, LinkError};

const WRITE_STALL: Duration = Duration::from_secs(2);
const ANSWER_TIMEOUT: Duration = Duration::from_secs(1);
/// Readings held while an answer is waited for: five seconds of writing.
const MAX_HELD_REPORTS: usize = 1_000;
const READ_WAIT: Duration = Duration::from_millis(20);
/// The canvas of a window that did not say how large it is.
const DEFAULT_CANVAS: PadArea = PadArea {
    width: 800.0,
    height: 300.0,
};
const PEN_CLOCK_WRAPS_AT_MS: u32 = 65_536;

/// What a pad can be told.
#[derive(Debug)]
pub(super) enum PadCommand {
    Begin(SignRequest),
    Clear,
    Cancel,
    Accept,
    /// Readings of the window's canvas.
    Pen(Vec<PenSample>),
}

/// The act of signing, whatever the pad; turns it into events.
#[derive(Debug, Default)]
struct Signing {
    session: SignSession,
    request: Option<Uuid>,
}

impl Signing {
    fn begin(&mut self, request: &SignRequest, area: PadArea, place: &Place) -> bool {
        match self.session.begin(area, request.document_hash.clone()) {
            Ok(()) => {
                self.request = Some(request.id);
                place.update(|view| view.state = super::DeviceState::Busy { job: None });
                true
            }
            Err(why) => {
                self.refuse(request.id, why, place);
                false
            }
        }
    }

    fn refuse(&self, request: Uuid, why: SignRefusal, place: &Place) {
        place.tell(DeviceEvent::SignatureRefused {
            device: place.id(),
            request,
            why,
        });
    }

    fn samples(&mut self, samples: Vec<PenSample>, place: &Place) {
        let Some(request) = self.request else { return };
        let taken: Vec<PenSample> = samples
            .into_iter()
            .filter(|sample| self.session.sample(*sample) == SampleEffect::Taken)
            .collect();
        if !taken.is_empty() {
            place.tell(DeviceEvent::PenSample {
                device: place.id(),
                request,
                samples: taken,
            });
        }
    }

    fn clear(&mut self, place: &Place) -> bool {
        let Some(request) = self.request else {
            return false;
        };
        let cleared = self.session.clear().is_ok();
        if cleared {
            place.tell(DeviceEvent::SignatureCleared {
                device: place.id(),
                request,
            });
        }
        cleared
    }

    /// True when the session ended with a signature.
    fn accept(&mut self, place: &Place) -> bool {
        let Some(request) = self.request else {
            return false;
        };
        match self.session.accept() {
            Ok(signature) => {
                self.request = None;
                let device = place.id();
                place.tell(DeviceEvent::SignatureDone {
                    device,
                    request,
                    signature,
                });
                true
            }
            Err(why) => {
                self.refuse(request, why, place);
                false
            }
        }
    }

    fn cancel(&mut self, place: &Place) -> bool {
        self.session.cancel();
        let Some(request) = self.request.take() else {
            return false;
        };
        place.tell(DeviceEvent::SignatureCancelled {
            device: place.id(),
            request,
        });
        true
    }

    fn no_pad(place: &Place, command: PadCommand) {
        if let PadCommand::Begin(request) = command {
            let device = place.id();
            place.tell(DeviceEvent::SignatureCancelled {
                device,
                request: request.id,
            });
        }
    }
}

/// The window's own canvas.
#[derive(Default)]
pub(super) struct CanvasDriver {
    signing: Signing,
}

impl Driver for CanvasDriver {
    type Command = PadCommand;

    fn opened(&mut self, _link: &mut dyn Link, place: &Place) -> Result<(), LinkError> {
        place.ready(Health::Good, None);
        Ok(())
    }

    fn idle(&mut self, _link: &mut dyn Link, _place: &Place) -> Result<(), LinkError> {
        Ok(())
    }

    fn pause(&self) -> Duration {
        crate::transports::MAX_SLICE
    }

    fn command(
        &mut self,
        command: PadCommand,
        _link: &mut dyn Link,
        place: &Place,
    ) -> Result<(), LinkError> {
        let over = match command {
            PadCommand::Begin(request) => {
                let area = request.area.unwrap_or(DEFAULT_CANVAS);
                self.signing.begin(&request, area, place);
                false
            }
            PadCommand::Pen(samples) => {
                self.signing.samples(samples, place);
                false
            }
            PadCommand::Clear => {
                self.signing.clear(place);
                false
            }
            PadCommand::Cancel => self.signing.cancel(place),
            PadCommand::Accept => self.signing.accept(place),
        };
        if over {
            place.ready(Health::Good, None);
        }
        Ok(())
    }

    fn without_link(&mut self, command: PadCommand, place: &Place) {
        Signing::no_pad(place, command);
    }

    fn lost(&mut self, place: &Place) {
        self.signing.cancel(place);
    }
}

/// A Wacom STU pad with the serial framing.
pub(super) struct StuDriver {
    signing: Signing,
    framing: Framing,
    capability: Option<Capability>,
    clock: PenClock,
    /// Pen readings that came while an answer was waited for.
    held: Vec<PenReport>,
}

impl StuDriver {
    pub(super) fn new() -> Self {
        Self {
            signing: Signing::default(),
            framing: Framing::new(),
            capability: None,
            clock: PenClock::default(),
            held: Vec::new(),
        }
    }

    fn write(&self, link: &mut dyn Link, report: &[u8]) -> Result<(), LinkError> {
        let frame =
            encode_frame(report).map_err(|error| LinkError::Io(std::io::Error::other(error)))?;
        send_all(link, &frame, WRITE_STALL)
    }

    /// Writes a report and waits for the one that `wanted` picks; nothing when none came.
    fn ask<T>(
        &mut self,
        link: &mut dyn Link,
        report: &[u8],
        wanted: impl Fn(&[u8]) -> Option<T>,
    ) -> Result<Option<T>, LinkError> {
        self.write(link, report)?;
        let deadline = Deadline::after(ANSWER_TIMEOUT);
        let mut buffer = [0u8; 512];
        let mut answer = None;
        while !deadline.passed() {
            let got = link.recv(&mut buffer, deadline)?;
            for report in self.framing.feed(&buffer[..got]).into_iter().flatten() {
                if let Some(found) = wanted(&report) {
                    answer = answer.or(Some(found));
                } else if let Ok(pen) = PenReport::decode(&report)
                    && self.held.len() < MAX_HELD_REPORTS
                {
                    self.held.push(pen);
                }
            }
            if answer.is_some() {
                break;
            }
        }
        Ok(answer)
    }

    fn set(&mut self, link: &mut dyn Link, set: Set) -> Result<bool, LinkError> {
        let result = self.ask(link, &set.encode(), set_result)?;
        Ok(result == Some(0))
    }

    /// Ink off and screen wiped: nothing of a person stays on the glass.
    fn put_away(&mut self, link: &mut dyn Link) -> Result<(), LinkError> {
        self.set(link, Set::Inking(false))?;
        self.set(link, Set::ClearScreen)?;
        Ok(())
    }

    fn pen(&mut self, report: &PenReport, capability: &Capability) -> PenSample {
        let max = f32::from(capability.max_pressure.max(1));
        PenSample {
            x: f32::from(report.x),
            y: f32::from(report.y),
            pressure: Some(f32::from(report.pressure) / max),
            t_ms: self.clock.at(report.time_ms),
            touching: report.touching,
        }
    }
}

impl Driver for StuDriver {
    type Command = PadCommand;

    fn opened(&mut self, link: &mut dyn Link, place: &Place) -> Result<(), LinkError> {
        self.framing = Framing::new();
        let information = self.ask(link, &get_request(REPORT_INFORMATION), |report| {
            DeviceInformation::decode(report).ok()
        })?;
        let Some(information) = information else {
            return Err(LinkError::Timeout {
                after: ANSWER_TIMEOUT,
            });
        };
        self.capability = self.ask(link, &get_request(REPORT_CAPABILITY), |report| {
            Capability::decode(report).ok()
        })?;
        place.update(|view| view.model = Some(information.model));
        if self.capability.is_none() {
            place.fault(FaultKind::WrongDevice);
            return Ok(());
        }
        self.set(link, Set::PenTime(true))?;
        self.put_away(link)?;
        place.ready(Health::Good, None);
        Ok(())
    }

    fn idle(&mut self, link: &mut dyn Link, place: &Place) -> Result<(), LinkError> {
        let mut buffer = [0u8; 1024];
        let got = link.recv(&mut buffer, Deadline::after(READ_WAIT))?;
        let Some(capability) = self.capability else {
            return Ok(());
        };
        let mut reports = std::mem::take(&mut self.held);
        let read = self.framing.feed(&buffer[..got]).into_iter().flatten();
        reports.extend(read.filter_map(|report| PenReport::decode(&report).ok()));
        let samples = reports
            .iter()
            .map(|report| self.pen(report, &capability))
            .collect();
        self.signing.samples(samples, place);
        Ok(())
    }

    fn pause(&self) -> Duration {
        Duration::ZERO
    }

    fn command(
        &mut self,
        command: PadCommand,
        link: &mut dyn Link,
        place: &Place,
    ) -> Result<(), LinkError> {
        let Some(capability) = self.capability else {
            Signing::no_pad(place, command);
            return Ok(());
        };
        let over = match command {
            PadCommand::Begin(request) => {
                let (width, height) = (capability.max_x.into(), capability.max_y.into());
                let area = PadArea { width, height };
                if self.signing.begin(&request, area, place) {
                    self.held.clear();
                    self.clock = PenClock::default();
                    self.set(link, Set::ClearScreen)?;
                    self.set(link, Set::Inking(true))?;
                }
                false
            }
            PadCommand::Clear => {
                if self.signing.clear(place) {
                    self.set(link, Set::ClearScreen)?;
                }
                false
            }
            PadCommand::Cancel => self.signing.cancel(place),
            PadCommand::Accept => {
                // The end of the last stroke may still be on the line.
                self.idle(link, place)?;
                self.signing.accept(place)
            }
            PadCommand::Pen(_) => false,
        };
        if over {
            self.put_away(link)?;
            place.ready(Health::Good, None);
        }
        Ok(())
    }

    fn without_link(&mut self, command: PadCommand, place: &Place) {
        Signing::no_pad(place, command);
    }

    fn lost(&mut self, place: &Place) {
        self.signing.cancel(place);
        self.capability = None;
    }
}

/// Milliseconds since signing began, from the pad's clock that wraps, or from ours.
#[derive(Debug)]
struct PenClock {
    began: Instant,
    last: Option<u16>,
    sum_ms: u32,
}

impl Default for PenClock {
    fn default() -> Self {
        Self {
            began: Instant::now(),
            last: None,
            sum_ms: 0,
        }
    }
}

impl PenClock {
    fn at(&mut self, time_ms: Option<u16>) -> u32 {
        let Some(time) = time_ms else {
            return u32::try_from(self.began.elapsed().as_millis()).unwrap_or(u32::MAX);
        };
        if let Some(last) = self.last {
            let forward =
                (u32::from(time) + PEN_CLOCK_WRAPS_AT_MS - u32::from(last)) % PEN_CLOCK_WRAPS_AT_MS;
            self.sum_ms = self.sum_ms.saturating_add(forward);
        }
        self.last = Some(time);
        self.sum_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pads_clock_wraps_and_the_signature_does_not() {
        let mut clock = PenClock::default();
        assert_eq!(clock.at(Some(65_530)), 0);
        assert_eq!(clock.at(Some(65_535)), 5);
        assert_eq!(clock.at(Some(4)), 10);
        assert_eq!(clock.at(Some(104)), 110);
    }
}
