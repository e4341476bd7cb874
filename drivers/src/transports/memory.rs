//! Two ends of a line inside this process, with a bounded buffer each way: simulators and tests.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::link::{Deadline, Link, LinkCaps, LinkError};

/// Bytes a direction holds before the sender must wait, as a socket would.
const MEMORY_BUFFER_BYTES: usize = 64 * 1024;

#[derive(Debug, Default)]
struct Pipe {
    state: Mutex<PipeState>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct PipeState {
    bytes: VecDeque<u8>,
    closed: bool,
}

impl Pipe {
    fn lock(&self) -> MutexGuard<'_, PipeState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(
        &self,
        state: MutexGuard<'a, PipeState>,
        wait: Duration,
    ) -> MutexGuard<'a, PipeState> {
        self.changed
            .wait_timeout(state, wait)
            .unwrap_or_else(PoisonError::into_inner)
            .0
    }

    fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }
}

/// One end of a line in memory. Dropping an end hangs up.
#[derive(Debug)]
pub struct MemoryLink {
    inbound: Arc<Pipe>,
    outbound: Arc<Pipe>,
}

/// A line in memory: its two ends.
#[must_use]
pub fn memory_pair() -> (MemoryLink, MemoryLink) {
    let (there, back) = (Arc::new(Pipe::default()), Arc::new(Pipe::default()));
    (
        MemoryLink {
            inbound: Arc::clone(&back),
            outbound: Arc::clone(&there),
        },
        MemoryLink {
            inbound: there,
            outbound: back,
        },
    )
}

impl Link for MemoryLink {
    fn send(&mut self, bytes: &[u8], deadline: Deadline) -> Result<usize, LinkError> {
        let mut state = self.outbound.lock();
        loop {
            if state.closed {
                return Err(LinkError::Gone);
            }
            let room = MEMORY_BUFFER_BYTES.saturating_sub(state.bytes.len());
            if room > 0 || bytes.is_empty() {
                let taken = room.min(bytes.len());
                state.bytes.extend(&bytes[..taken]);
                self.outbound.changed.notify_all();
                return Ok(taken);
            }
            if deadline.passed() {
                return Ok(0);
            }
            state = self.outbound.wait(state, deadline.slice());
        }
    }

    fn recv(&mut self, buffer: &mut [u8], deadline: Deadline) -> Result<usize, LinkError> {
        let mut state = self.inbound.lock();
        loop {
            if !state.bytes.is_empty() {
                let taken = buffer.len().min(state.bytes.len());
                for (slot, byte) in buffer.iter_mut().zip(state.bytes.drain(..taken)) {
                    *slot = byte;
                }
                self.inbound.changed.notify_all();
                return Ok(taken);
            }
            if state.closed {
                return Err(LinkError::Gone);
            }
            if deadline.passed() {
                return Ok(0);
            }
            state = self.inbound.wait(state, deadline.slice());
        }
    }

    fn caps(&self) -> LinkCaps {
        LinkCaps {
            bidirectional: true,
            lossless: true,
            shared: false,
        }
    }
}

impl Drop for MemoryLink {
    fn drop(&mut self) {
        self.inbound.close();
        self.outbound.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_cross_and_a_hang_up_is_seen_after_the_last_byte() {
        let (mut near, mut far) = memory_pair();
        assert_eq!(near.send(b"abc", Deadline::now()).unwrap(), 3);
        drop(near);
        let mut buffer = [0; 8];
        assert_eq!(far.recv(&mut buffer, Deadline::now()).unwrap(), 3);
        assert!(matches!(
            far.recv(&mut buffer, Deadline::now()),
            Err(LinkError::Gone)
        ));
        assert!(matches!(
            far.send(b"x", Deadline::now()),
            Err(LinkError::Gone)
        ));
    }

    #[test]
    fn a_full_line_takes_nothing_more() {
        let (mut near, _far) = memory_pair();
        let big = vec![0; MEMORY_BUFFER_BYTES + 10];
        assert_eq!(
            near.send(&big, Deadline::now()).unwrap(),
            MEMORY_BUFFER_BYTES
        );
        assert_eq!(
            near.send(b"x", Deadline::after(Duration::from_millis(5)))
                .unwrap(),
            0
        );
    }
}
