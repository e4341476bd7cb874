//! News for live lines: where the log's head is, and calls in the hall. Nobody who listens slowly holds
//! anybody up: the head is only ever the newest, and calls beyond the lag are dropped for that line.

use std::sync::Arc;

use motcua_ledger::exchange::HallCall;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast, watch};

use crate::limits::{LIVE_CALLS_LAG_MAX, LIVE_LINES_MAX};

/// The sending side.
#[derive(Debug)]
pub struct Live {
    head: watch::Sender<u64>,
    calls: broadcast::Sender<HallCall>,
    lines: Arc<Semaphore>,
}

/// One live line's receiving side; it counts as open until it is dropped.
#[derive(Debug)]
pub struct Line {
    /// The log's head; the newest only.
    pub head: watch::Receiver<u64>,
    /// Calls from now on.
    pub calls: broadcast::Receiver<HallCall>,
    _permit: OwnedSemaphorePermit,
}

impl Live {
    /// With the log's head as it stands.
    #[must_use]
    pub fn new(head: u64) -> Self {
        let (calls, _) = broadcast::channel(LIVE_CALLS_LAG_MAX);
        Self {
            head: watch::Sender::new(head),
            calls,
            lines: Arc::new(Semaphore::new(LIVE_LINES_MAX)),
        }
    }

    /// The log has grown to `head`.
    pub fn grown(&self, head: u64) {
        self.head.send_if_modified(|known| {
            let is_news = head > *known;
            *known = head.max(*known);
            is_news
        });
    }

    /// The log's head as last heard.
    #[must_use]
    pub fn head(&self) -> u64 {
        *self.head.borrow()
    }

    /// A number is called.
    pub fn called(&self, call: &HallCall) {
        // Nobody listening is no failure.
        let _ = self.calls.send(call.clone());
    }

    /// Opens a line, if there is room.
    #[must_use]
    pub fn line(&self) -> Option<Line> {
        let permit = Arc::clone(&self.lines).try_acquire_owned().ok()?;
        Some(Line {
            head: self.head.subscribe(),
            calls: self.calls.subscribe(),
            _permit: permit,
        })
    }

    /// How many lines are open.
    #[must_use]
    pub fn open_lines(&self) -> usize {
        LIVE_LINES_MAX - self.lines.available_permits()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_never_goes_back() {
        let live = Live::new(5);
        live.grown(7);
        live.grown(6);
        assert_eq!(live.head(), 7);
    }

    #[test]
    fn lines_are_counted_and_bounded() {
        let live = Live::new(0);
        let lines: Vec<Line> = std::iter::from_fn(|| live.line())
            .take(LIVE_LINES_MAX + 1)
            .collect();
        assert_eq!(lines.len(), LIVE_LINES_MAX);
        drop(lines);
        assert_eq!(live.open_lines(), 0);
    }
}
