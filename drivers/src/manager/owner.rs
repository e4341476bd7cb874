//! The life of one device: find, open, serve, lose, look again. Written once for all of them.
//!
//! One thread owns a device and its link; nobody else touches it, so a look at an idle printer can
//! never cut a slip in half.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

use super::backoff::Backoff;
use super::board::Place;
use super::open::{Located, Opener};
use super::view::Advice;
use crate::transports::{Deadline, Link, LinkError, MAX_SLICE};

/// What a kind of device does with its link.
pub(super) trait Driver: Send {
    /// What it can be told to do.
    type Command: Send;

    /// The link was opened: greet the device and tell its state.
    fn opened(&mut self, link: &mut dyn Link, place: &Place) -> Result<(), LinkError>;

    /// Nothing was asked: read, look, keep house. Takes at most about one slice, except for the
    /// rare look at a silent device.
    fn idle(&mut self, link: &mut dyn Link, place: &Place) -> Result<(), LinkError>;

    /// How long to wait for a command before [`Self::idle`]; zero for a device that is read.
    fn pause(&self) -> Duration;

    /// Does what it was told.
    fn command(
        &mut self,
        command: Self::Command,
        link: &mut dyn Link,
        place: &Place,
    ) -> Result<(), LinkError>;

    /// It was told something while there is no link.
    fn without_link(&mut self, command: Self::Command, place: &Place);

    /// The link is gone.
    fn lost(&mut self, place: &Place);
}

/// Everything an owner thread needs.
pub(super) struct Owner<D: Driver> {
    pub(super) driver: D,
    pub(super) opener: Opener,
    pub(super) place: Place,
    pub(super) commands: Receiver<D::Command>,
    pub(super) stop: Arc<AtomicBool>,
}

enum End {
    Stopped,
    Lost(LinkError),
}

impl<D: Driver> Owner<D> {
    /// Runs until told to stop. Commands still waiting then are answered as "no link".
    pub(super) fn run(mut self) {
        let seed = self.place.id().as_str().bytes().fold(0u64, |seed, byte| {
            seed.wrapping_mul(131).wrapping_add(u64::from(byte))
        });
        let mut backoff = Backoff::new(seed);
        let mut was_there = false;
        while !self.stopped() {
            let error = match self.connect() {
                Ok(mut link) => {
                    was_there = true;
                    backoff.reset();
                    match self.session(link.as_mut()) {
                        End::Stopped => break,
                        End::Lost(error) => error,
                    }
                }
                Err(error) => error,
            };
            tracing::debug!(device = %self.place.id(), %error, "no link");
            self.place
                .unreachable(&error, was_there, Advice::CheckPowerAndCable);
            self.wait_without_link(backoff.next());
        }
        while let Ok(command) = self.commands.try_recv() {
            self.driver.without_link(command, &self.place);
        }
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn connect(&self) -> Result<Box<dyn Link>, LinkError> {
        let located = self.opener.locate()?;
        // Only a port can be seen without being opened; the rest is found by opening it.
        if let Located::Serial(_) = located {
            self.place.found();
        }
        let link = self.opener.open(&located)?;
        self.place.opening();
        Ok(link)
    }

    fn session(&mut self, link: &mut dyn Link) -> End {
        let mut outcome = self.driver.opened(link, &self.place);
        while outcome.is_ok() && !self.stopped() {
            outcome = match self.next_command() {
                Ok(Some(command)) => self.driver.command(command, link, &self.place),
                Ok(None) => self.driver.idle(link, &self.place),
                Err(()) => break,
            };
        }
        link.release();
        self.driver.lost(&self.place);
        match outcome {
            Ok(()) => End::Stopped,
            Err(error) => End::Lost(error),
        }
    }

    fn next_command(&self) -> Result<Option<D::Command>, ()> {
        let pause = self.driver.pause().min(MAX_SLICE);
        if pause.is_zero() {
            return match self.commands.try_recv() {
                Ok(command) => Ok(Some(command)),
                Err(TryRecvError::Empty) => Ok(None),
                Err(TryRecvError::Disconnected) => Err(()),
            };
        }
        match self.commands.recv_timeout(pause) {
            Ok(command) => Ok(Some(command)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(()),
        }
    }

    fn wait_without_link(&mut self, wait: Duration) {
        let until = Instant::now() + wait;
        while !self.stopped() {
            let left = until
                .saturating_duration_since(Instant::now())
                .min(MAX_SLICE);
            if left.is_zero() {
                return;
            }
            match self.commands.recv_timeout(left) {
                Ok(command) => self.driver.without_link(command, &self.place),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return std::thread::sleep(left),
            }
        }
    }
}

/// Sends all of `bytes` or fails.
///
/// # Errors
/// [`LinkError::Timeout`] when the device takes nothing for `stall`.
pub(super) fn send_all(
    link: &mut dyn Link,
    mut bytes: &[u8],
    stall: Duration,
) -> Result<(), LinkError> {
    let mut deadline = Deadline::after(stall);
    while !bytes.is_empty() {
        let sent = link.send(bytes, deadline)?;
        if sent > 0 {
            deadline = Deadline::after(stall);
        } else if deadline.passed() {
            return Err(LinkError::Timeout { after: stall });
        }
        bytes = &bytes[sent..];
    }
    Ok(())
}
