//! Asking an idle printer how it is.

use std::time::Duration;

use super::session::{AskStep, Asking, PrinterTraits, Session};
use crate::protocols::escpos::command::{Encoder, IDENTITY_HEADER};
use crate::protocols::escpos::demux::Reply;

/// What an [`IdlePoll`] wants next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdleStep {
    /// Send these bytes.
    Send(Vec<u8>),
    /// Read until this moment, then ask again.
    Wait(Duration),
    /// The printer answered; see [`Session::status`].
    Answered,
    /// The printer does not answer.
    Silent,
}

const TICK: Duration = Duration::from_millis(50);

/// One round of the four real-time questions, and of the model name when it is not known yet.
#[derive(Debug)]
pub struct IdlePoll<'a> {
    session: &'a mut Session,
    traits: &'a PrinterTraits,
    asking: Asking,
    model_asked_at: Option<Duration>,
    mending: bool,
}

impl<'a> IdlePoll<'a> {
    /// A round of questions.
    #[must_use]
    pub fn new(session: &'a mut Session, traits: &'a PrinterTraits) -> Self {
        Self {
            session,
            traits,
            asking: Asking::default(),
            model_asked_at: None,
            mending: false,
        }
    }

    /// What to do at `now`.
    pub fn poll(&mut self, now: Duration) -> IdleStep {
        if std::mem::take(&mut self.mending) {
            self.session.mended();
        } else if let Some(bytes) = self.session.mend(self.traits) {
            self.mending = true;
            return IdleStep::Send(bytes);
        }
        match self
            .asking
            .poll(now, self.traits.status_timeout, self.session)
        {
            AskStep::Send(bytes) => IdleStep::Send(bytes),
            AskStep::Wait => IdleStep::Wait(now + TICK),
            AskStep::Silent => IdleStep::Silent,
            AskStep::Complete => self.greet(now),
        }
    }

    /// A printer that is well is asked its name once, and to speak up by itself once a connection.
    fn greet(&mut self, now: Duration) -> IdleStep {
        if self.session.status.trouble().is_some() || self.session.unsettled {
            return IdleStep::Answered;
        }
        if self.traits.automatic_status && !self.session.automatic {
            self.session.automatic = true;
            return IdleStep::Send(Encoder::new().automatic_status(true).finish());
        }
        if !self.traits.model_name || self.session.model.is_some() {
            return IdleStep::Answered;
        }
        match self.model_asked_at {
            None => {
                self.model_asked_at = Some(now);
                IdleStep::Send(Encoder::new().model_name().finish())
            }
            Some(asked_at) if now < asked_at + self.traits.status_timeout => {
                IdleStep::Wait(now + TICK)
            }
            Some(_) => {
                self.session.model = Some(String::new());
                IdleStep::Answered
            }
        }
    }

    /// Takes bytes from the printer.
    pub fn receive(&mut self, now: Duration, bytes: &[u8]) {
        for reply in self.session.demux.feed(bytes) {
            if let Reply::RealTime(byte) = reply {
                if let Some(question) = self.session.answered(now) {
                    self.asking.answer(question, byte, &mut self.session.status);
                }
            } else {
                self.session.note(reply);
            }
        }
    }
}

impl Session {
    /// Takes bytes that came while nothing was asked: automatic status, late answers.
    pub fn overhear(&mut self, bytes: &[u8]) {
        for reply in self.demux.feed(bytes) {
            self.note(reply);
        }
    }

    pub(super) fn note(&mut self, reply: Reply) {
        match reply {
            Reply::Automatic(bytes) => self.status.automatic(bytes),
            Reply::Block {
                header: IDENTITY_HEADER,
                data,
            } => {
                self.model = Some(String::from_utf8_lossy(&data).trim().to_owned());
            }
            Reply::RealTime(_) => {
                self.asked.pop_front();
            }
            Reply::Sensor(_) | Reply::Block { .. } | Reply::Noise(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::escpos::status::{Online, Paper, Trouble};

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn an_idle_printer_is_asked_four_things_and_its_name() {
        let (mut session, traits) = (Session::new(), PrinterTraits::default());
        let mut poll = IdlePoll::new(&mut session, &traits);
        for (n, answer) in [(1, 0x12), (2, 0x12), (3, 0x12), (4, 0x1E)] {
            assert_eq!(poll.poll(MS), IdleStep::Send(vec![0x10, 0x04, n]));
            assert!(matches!(poll.poll(MS), IdleStep::Wait(_)));
            poll.receive(MS, &[answer]);
        }
        assert_eq!(poll.poll(MS), IdleStep::Send(vec![0x1D, 0x61, 0xFF]));
        assert_eq!(poll.poll(MS), IdleStep::Send(vec![0x1D, 0x49, 0x43]));
        poll.receive(MS, b"\x5FTM-T82X\x00");
        assert_eq!(poll.poll(MS), IdleStep::Answered);
        assert_eq!(session.model(), Some("TM-T82X"));
        assert_eq!(session.status().paper, Paper::NearEnd);
        assert_eq!(session.status().online, Online::Online);
    }

    #[test]
    fn a_printer_that_is_off_is_silent_after_two_tries() {
        let (mut session, traits) = (Session::new(), PrinterTraits::default());
        let mut poll = IdlePoll::new(&mut session, &traits);
        assert!(matches!(poll.poll(MS), IdleStep::Send(_)));
        assert!(matches!(poll.poll(600 * MS), IdleStep::Send(_)));
        assert_eq!(poll.poll(1200 * MS), IdleStep::Silent);
        assert!(session.status().is_unknown());
    }

    #[test]
    fn a_late_answer_is_not_taken_for_the_next_question() {
        let (mut session, traits) = (Session::new(), PrinterTraits::default());
        let mut poll = IdlePoll::new(&mut session, &traits);
        assert_eq!(poll.poll(MS), IdleStep::Send(vec![0x10, 0x04, 1]));
        assert_eq!(poll.poll(600 * MS), IdleStep::Send(vec![0x10, 0x04, 1]));
        poll.receive(610 * MS, &[0x12]);
        assert_eq!(poll.poll(620 * MS), IdleStep::Send(vec![0x10, 0x04, 2]));
        poll.receive(630 * MS, &[0x12]); // the second answer to question 1
        assert!(
            matches!(poll.poll(640 * MS), IdleStep::Wait(_)),
            "question 2 is still open"
        );
        poll.receive(650 * MS, &[0x16]);
        assert_eq!(session.status().trouble(), Some(Trouble::CoverOpen));
    }

    #[test]
    fn automatic_status_is_heard_without_asking() {
        let mut session = Session::new();
        session.overhear(&[0x18, 0x00, 0x0C, 0x00]);
        assert_eq!(session.status().paper, Paper::End);
    }
}
