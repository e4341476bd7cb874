//! What an answer of the printer does to a running job.

use std::time::Duration;

use super::{Expected, Mark, Phase, PrintRun};
use crate::protocols::escpos::command::{
    CLEAR_RESPONSE_ID, IDENTITY_HEADER, PROCESS_RESPONSE_ID, RESPONSE_HEADER,
};
use crate::protocols::escpos::demux::Reply;

impl PrintRun<'_> {
    pub(super) fn take(&mut self, now: Duration, reply: Reply) {
        self.last_heard = now;
        match reply {
            Reply::RealTime(byte) => {
                let question = self.session.answered(now);
                self.strays += u32::from(question.is_none());
                if let (Some(question), Some(asking)) = (question, &mut self.asking) {
                    asking.answer(question, byte, &mut self.session.status);
                }
            }
            Reply::Sensor(byte) => self.take_sensor(now, byte),
            Reply::Block {
                header: RESPONSE_HEADER,
                data,
            } => self.take_response(now, &data),
            Reply::Block {
                header: IDENTITY_HEADER,
                ..
            } => {
                self.name_heard = true;
                self.session.note(reply);
            }
            Reply::Noise(_) => self.strays += 1,
            Reply::Automatic(_) | Reply::Block { .. } => self.session.note(reply),
        }
    }

    pub(super) fn take_sensor(&mut self, now: Duration, byte: u8) {
        if matches!(self.phase, Phase::Settle { .. }) {
            return;
        }
        match self.expected.front() {
            Some(expected) if expected.token.is_none() => {
                self.session.status.paper_sensor(byte);
                self.proven(now);
            }
            _ => self.strays += 1,
        }
    }

    pub(super) fn take_response(&mut self, now: Duration, data: &[u8]) {
        match data {
            [CLEAR_RESPONSE_ID] => {
                self.cleared = matches!(self.phase, Phase::Aborting { .. });
            }
            [PROCESS_RESPONSE_ID, token @ ..] => {
                let ours = |e: &Expected| e.token.is_some_and(|t| t == token);
                if self.expected.front().is_some_and(ours) {
                    self.proven(now);
                }
            }
            _ => self.strays += 1,
        }
    }

    pub(super) fn proven(&mut self, now: Duration) {
        self.last_progress = now;
        let Some(expected) = self.expected.pop_front() else {
            return;
        };
        match expected.mark {
            Mark::Start => self.started(),
            Mark::Band(index) => self.progress.bands_confirmed = index + 1,
            Mark::End => self.end_proven_at = Some(now),
        }
    }

    pub(super) fn started(&mut self) {
        self.session.strip_dirty = false;
        if matches!(self.phase, Phase::Start { .. }) {
            self.phase = Phase::Printing;
        }
    }
}
