//! The owner of a scan folder. It has no link: it looks, and says when the folder is away.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::backoff::Backoff;
use super::board::Place;
use super::event::DeviceEvent;
use super::view::{Advice, Health};
use crate::transports::MAX_SLICE;
use crate::transports::folder::{FolderEvent, FolderWatch};

/// Hints in a storm (a copier writing) are not followed more often than this.
const LEAST_BETWEEN_LOOKS: Duration = Duration::from_millis(50);

pub(super) struct FolderOwner {
    pub(super) watch: FolderWatch,
    pub(super) place: Place,
    pub(super) stop: Arc<AtomicBool>,
}

impl FolderOwner {
    pub(super) fn run(mut self) {
        let mut backoff = Backoff::new(u64::from(self.place.id().as_str().len() as u32));
        let mut was_there = false;
        while !self.stop.load(Ordering::Relaxed) {
            match self.watch.look() {
                Ok(events) => {
                    was_there = true;
                    backoff.reset();
                    self.place.ready(Health::Good, None);
                    events.into_iter().for_each(|event| self.tell(event));
                    self.wait_for_next();
                }
                Err(error) => {
                    tracing::debug!(device = %self.place.id(), %error, "no folder");
                    self.place
                        .unreachable(&error, was_there, Advice::CheckShare);
                    self.sleep(backoff.next());
                }
            }
        }
    }

    fn tell(&self, event: FolderEvent) {
        let device = self.place.id();
        self.place.tell(match event {
            FolderEvent::Arrived {
                path,
                name,
                mime,
                size,
            } => DeviceEvent::ScanArrived {
                device,
                path,
                name,
                mime,
                size,
            },
            FolderEvent::Refused { name, why } => DeviceEvent::ScanRefused { device, name, why },
        });
    }

    fn wait_for_next(&mut self) {
        let looked = Instant::now();
        let interval = self.watch.poll_interval();
        while !self.stop.load(Ordering::Relaxed) {
            let left = interval.saturating_sub(looked.elapsed());
            if left.is_zero() {
                return;
            }
            if self.watch.wait(left) {
                let rest = LEAST_BETWEEN_LOOKS.saturating_sub(looked.elapsed());
                std::thread::sleep(rest);
                return;
            }
        }
    }

    fn sleep(&self, wait: Duration) {
        let until = Instant::now() + wait;
        while !self.stop.load(Ordering::Relaxed) && Instant::now() < until {
            std::thread::sleep(MAX_SLICE.min(until.saturating_duration_since(Instant::now())));
        }
    }
}
