//! The owner of a barcode reader.

use std::convert::Infallible;
use std::time::{Duration, Instant};

use super::board::Place;
use super::event::DeviceEvent;
use super::owner::Driver;
use super::view::{Advice, Health};
use crate::protocols::barcode::{Framing, ScanEvent, Splitter};
use crate::transports::{Deadline, Link, LinkError, MAX_SLICE};

pub(super) struct ReaderDriver {
    framing: Framing,
    splitter: Splitter,
    origin: Instant,
}

impl ReaderDriver {
    pub(super) fn new(framing: Framing) -> Self {
        Self {
            framing,
            splitter: Splitter::new(framing),
            origin: Instant::now(),
        }
    }

    fn tell(place: &Place, event: ScanEvent) {
        let device = place.id();
        match event {
            ScanEvent::Code { text } => {
                place.ready(Health::Good, None);
                place.tell(DeviceEvent::Code { device, text });
            }
            ScanEvent::WrongMode { looks_like, shown } => {
                place.ready(Health::Attention, Some(Advice::SetReaderToUsbCom));
                place.tell(DeviceEvent::CodeWrongMode {
                    device,
                    looks_like,
                    shown,
                });
            }
            ScanEvent::TooLong { bytes } => {
                place.ready(Health::Attention, Some(Advice::SetReaderToUsbCom));
                place.tell(DeviceEvent::CodeTooLong { device, bytes });
            }
        }
    }
}

impl Driver for ReaderDriver {
    type Command = Infallible;

    fn opened(&mut self, _link: &mut dyn Link, place: &Place) -> Result<(), LinkError> {
        self.splitter = Splitter::new(self.framing);
        // A reader says nothing of itself: its health is known with the first code.
        place.ready(Health::Unknown, None);
        Ok(())
    }

    fn idle(&mut self, link: &mut dyn Link, place: &Place) -> Result<(), LinkError> {
        let now = self.origin.elapsed();
        let wait = self
            .splitter
            .deadline()
            .map_or(MAX_SLICE, |at| at.saturating_sub(now));
        let mut buffer = [0u8; 1024];
        let got = link.recv(&mut buffer, Deadline::after(wait.min(MAX_SLICE)))?;
        let now = self.origin.elapsed();
        let events = if got > 0 {
            self.splitter.feed(now, &buffer[..got])
        } else {
            self.splitter.tick(now).into_iter().collect()
        };
        for event in events {
            Self::tell(place, event);
        }
        Ok(())
    }

    fn pause(&self) -> Duration {
        Duration::ZERO
    }

    fn command(
        &mut self,
        command: Infallible,
        _link: &mut dyn Link,
        _place: &Place,
    ) -> Result<(), LinkError> {
        match command {}
    }

    fn without_link(&mut self, command: Infallible, _place: &Place) {
        match command {}
    }

    fn lost(&mut self, _place: &Place) {}
}
