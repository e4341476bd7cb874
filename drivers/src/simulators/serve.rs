//! Puts a simulated device on the far end of a link, with a cable that can be pulled.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::transports::{Deadline, Link, LinkError};

/// A device on the far end of a link. Time is an argument, so it also runs without a clock.
pub trait SimDevice: Send {
    /// Takes bytes of the host; returns how many it had room for.
    fn receive(&mut self, now: Duration, bytes: &[u8]) -> usize;
    /// Does what the time allows: prints rows, moves the pen.
    fn advance(&mut self, now: Duration);
    /// Bytes for the host.
    fn take_output(&mut self) -> Vec<u8>;
}

/// The cable of a simulated device.
#[derive(Debug, Default)]
pub struct Cable {
    state: Mutex<CableState>,
}

#[derive(Debug)]
struct CableState {
    plugged: bool,
    bytes_until_pull: Option<u64>,
}

impl Default for CableState {
    fn default() -> Self {
        Self {
            plugged: true,
            bytes_until_pull: None,
        }
    }
}

impl Cable {
    fn lock(&self) -> MutexGuard<'_, CableState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The cable is in.
    #[must_use]
    pub fn is_plugged(&self) -> bool {
        self.lock().plugged
    }

    /// Pulls the cable now, or after so many more bytes of the host reached the device.
    pub fn pull(&self, after_bytes: Option<u64>) {
        let mut state = self.lock();
        match after_bytes {
            None | Some(0) => state.plugged = false,
            Some(bytes) => state.bytes_until_pull = Some(bytes),
        }
    }

    /// Puts the cable back.
    pub fn plug(&self) {
        *self.lock() = CableState::default();
    }

    /// How many of `bytes` still pass; the cable comes out after them if it was to come out.
    fn pass(&self, bytes: usize) -> usize {
        let mut state = self.lock();
        let Some(left) = state.bytes_until_pull else {
            return bytes;
        };
        let passing = left.min(bytes as u64);
        state.bytes_until_pull = Some(left - passing);
        if left == passing {
            state.plugged = false;
        }
        passing as usize
    }
}

/// Bytes read at once; small, so that a full device soon makes the host wait.
const READ_BYTES: usize = 2_048;
/// Time between two looks at the device when nothing comes.
const IDLE_WAIT: Duration = Duration::from_millis(5);
/// A host that does not read for this long loses the answers.
const ANSWER_TIMEOUT: Duration = Duration::from_millis(500);

/// A device that several links may be served from, one at a time.
pub(super) type Shared<D> = Arc<Mutex<D>>;

pub(super) fn lock<D: ?Sized>(device: &Mutex<D>) -> MutexGuard<'_, D> {
    device.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Serves `device` on `link` until the host hangs up, the cable is pulled, or `stop` is set.
/// `origin` is the zero of the device's clock.
pub fn serve<D: SimDevice + ?Sized>(
    link: &mut dyn Link,
    device: &Mutex<D>,
    cable: &Cable,
    stop: &AtomicBool,
    origin: Instant,
) {
    let mut buffer = [0u8; READ_BYTES];
    let mut waiting: Vec<u8> = Vec::new();
    while cable.is_plugged() && !stop.load(Ordering::Relaxed) {
        if waiting.is_empty() {
            match link.recv(&mut buffer, Deadline::after(IDLE_WAIT)) {
                Ok(got) => waiting.extend_from_slice(&buffer[..cable.pass(got)]),
                Err(_) => return,
            }
        } else {
            std::thread::sleep(IDLE_WAIT);
        }
        let now = origin.elapsed();
        let output = {
            let mut device = lock(device);
            let taken = device.receive(now, &waiting);
            waiting.drain(..taken);
            device.advance(now);
            device.take_output()
        };
        if answer(link, &output).is_err() {
            return;
        }
    }
}

fn answer(link: &mut dyn Link, mut output: &[u8]) -> Result<(), LinkError> {
    let deadline = Deadline::after(ANSWER_TIMEOUT);
    while !output.is_empty() && !deadline.passed() {
        let sent = link.send(output, deadline)?;
        output = &output[sent..];
    }
    Ok(())
}
