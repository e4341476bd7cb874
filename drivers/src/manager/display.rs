//! The owner of a two-line display. It cannot answer, so its health stays unknown.

use std::time::{Duration, Instant};

use super::board::Place;
use super::owner::{Driver, send_all};
use super::view::Health;
use crate::profile::DisplayProfile;
use crate::protocols::linedisplay::{self, Shown};
use crate::transports::{Deadline, Link, LinkError, MAX_SLICE};

const WRITE_STALL: Duration = Duration::from_secs(2);

/// Shows two lines.
#[derive(Debug)]
pub(super) struct Show(pub(super) Shown);

pub(super) struct DisplayDriver {
    profile: DisplayProfile,
    last: Option<(Shown, Instant)>,
}

impl DisplayDriver {
    pub(super) fn new(profile: DisplayProfile) -> Self {
        Self {
            profile,
            last: None,
        }
    }

    /// Forgets a text that became stale; true when it was forgotten now.
    fn drop_stale(&mut self) -> bool {
        let stale = match (&self.last, self.profile.stale_after) {
            (Some((_, at)), Some(limit)) => at.elapsed() >= limit,
            _ => false,
        };
        if stale {
            self.last = None;
        }
        stale
    }
}

impl Driver for DisplayDriver {
    type Command = Show;

    fn opened(&mut self, link: &mut dyn Link, place: &Place) -> Result<(), LinkError> {
        send_all(link, &linedisplay::init(self.profile.mode), WRITE_STALL)?;
        self.drop_stale();
        if let Some((shown, _)) = &self.last {
            send_all(
                link,
                &linedisplay::show(self.profile.mode, shown),
                WRITE_STALL,
            )?;
        }
        place.ready(Health::Unknown, None);
        Ok(())
    }

    fn idle(&mut self, link: &mut dyn Link, _place: &Place) -> Result<(), LinkError> {
        if self.drop_stale() {
            send_all(link, &linedisplay::clear(), WRITE_STALL)?;
        }
        // Nothing is expected; reading notices that the adapter was pulled.
        link.recv(&mut [0u8; 64], Deadline::now())?;
        Ok(())
    }

    fn pause(&self) -> Duration {
        MAX_SLICE
    }

    fn command(
        &mut self,
        command: Show,
        link: &mut dyn Link,
        _place: &Place,
    ) -> Result<(), LinkError> {
        let bytes = linedisplay::show(self.profile.mode, &command.0);
        self.last = Some((command.0, Instant::now()));
        send_all(link, &bytes, WRITE_STALL)
    }

    fn without_link(&mut self, command: Show, _place: &Place) {
        self.last = Some((command.0, Instant::now()));
    }

    fn lost(&mut self, _place: &Place) {}
}
