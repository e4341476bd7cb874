//! What must be remembered about one printer between two jobs.

use std::collections::VecDeque;
use std::time::Duration;

use crate::protocols::escpos::command::{Cut, Encoder};
use crate::protocols::escpos::demux::Demux;
use crate::protocols::escpos::raster::{Guard, MAX_BAND_ROWS};
use crate::protocols::escpos::status::{PrinterStatus, Question};

/// The question "is everything before this printed?", as a printer understands it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Barrier {
    /// `GS ( H` function 48: the answer repeats our token, so no other answer can be taken for it.
    ProcessId,
    /// `GS r 1`: one byte, counted, and followed by the model name where the printer tells it, so
    /// that a doubled or stray byte shows. Noise on the line *and* a power failure in the middle of
    /// a slip can still add up to the right count; [`Self::ProcessId`] has no such gap.
    GsR1,
    /// No such question: an outcome can never be confirmed.
    None,
}

/// What a printer can do, from its profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrinterTraits {
    /// Rows per `GS v 0`, 1 to [`MAX_BAND_ROWS`].
    pub band_rows: u16,
    /// How images are kept from being obeyed.
    pub guard: Guard,
    /// Answers `DLE EOT`.
    pub dle_eot: bool,
    /// Sends automatic status after `GS a`.
    pub automatic_status: bool,
    /// The proof of printing.
    pub barrier: Barrier,
    /// Answers `GS I 67` with its model name, in order with the data.
    pub model_name: bool,
    /// Obeys `DLE DC4 8` (throw the buffer away) and says so.
    pub clear_buffer: bool,
    /// The cutter.
    pub cut: Cut,
    /// Lines fed before a tear when there is no cutter, or a full cut that does not feed.
    pub feed_lines: u8,
    /// Draws QR codes itself.
    pub native_qr: bool,
    /// Longest wait for a real-time answer.
    pub status_timeout: Duration,
    /// Longest wait for a proof without any sign of life.
    pub barrier_timeout: Duration,
    /// Longest time without a byte taken.
    pub stall_timeout: Duration,
}

impl Default for PrinterTraits {
    fn default() -> Self {
        Self {
            band_rows: MAX_BAND_ROWS,
            guard: Guard::Pixel,
            dle_eot: true,
            automatic_status: true,
            barrier: Barrier::GsR1,
            model_name: true,
            clear_buffer: false,
            cut: Cut::FeedPartial,
            feed_lines: 4,
            native_qr: true,
            status_timeout: Duration::from_millis(500),
            barrier_timeout: Duration::from_secs(10),
            stall_timeout: Duration::from_secs(5),
        }
    }
}

impl PrinterTraits {
    /// The same printer on a line that brings no answers back.
    #[must_use]
    pub fn one_way(&self) -> Self {
        Self {
            dle_eot: false,
            automatic_status: false,
            barrier: Barrier::None,
            model_name: false,
            clear_buffer: false,
            ..self.clone()
        }
    }
}

/// Memory of one printer across jobs and connections.
#[derive(Debug, Default)]
pub struct Session {
    pub(super) demux: Demux,
    pub(super) status: PrinterStatus,
    /// A broken-off slip hangs out of the printer: cut it off before the next one.
    pub(super) strip_dirty: bool,
    /// Answers to old questions may still come.
    pub(super) unsettled: bool,
    /// Bytes of an image the printer may still be waiting for.
    pub(super) owed_bytes: usize,
    pub(super) next_token: u32,
    /// An answer that was sent arrives.
    pub(super) lossless: bool,
    /// Automatic status was switched on in this connection.
    pub(super) automatic: bool,
    /// The model name; empty when the printer was asked and did not say.
    pub(super) model: Option<String>,
    /// Real-time questions whose answers have not come, oldest first.
    pub(super) asked: VecDeque<(Question, Duration)>,
}

impl Session {
    /// A printer nothing is known about.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The last known status.
    #[must_use]
    pub fn status(&self) -> PrinterStatus {
        self.status
    }

    /// The model name, when the printer told it.
    #[must_use]
    pub fn model(&self) -> Option<&str> {
        self.model.as_deref().filter(|model| !model.is_empty())
    }

    /// A new connection begins: half-received replies and the last status are void. On a
    /// `lossless` line (network, USB) an answer that was sent arrives, or the line breaks.
    pub fn connected(&mut self, lossless: bool) {
        self.lossless = lossless;
        self.demux.reset();
        self.asked.clear();
        self.automatic = false;
        self.status = PrinterStatus::default();
    }

    /// What must be sent first, before any question, when a broken-off command may still wait for
    /// its data: a question in the middle of a command would be read as that data. After it was
    /// sent, [`Self::mended`].
    pub(super) fn mend(&self, traits: &PrinterTraits) -> Option<Vec<u8>> {
        if self.owed_bytes == 0 {
            return None;
        }
        let encoder = Encoder::new();
        Some(if traits.clear_buffer {
            encoder.clear_buffer().finish()
        } else {
            encoder.zeros(self.owed_bytes).finish()
        })
    }

    pub(super) fn mended(&mut self) {
        self.owed_bytes = 0;
    }

    pub(super) fn token(&mut self) -> [u8; 4] {
        const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKLMNPQRSTUVWX";
        self.next_token = self.next_token.wrapping_add(1);
        let mut rest = self.next_token;
        [0u8; 4].map(|_| {
            let character = ALPHABET[(rest % 32) as usize];
            rest /= 32;
            character
        })
    }
}

/// Asks the four `DLE EOT` questions one by one.
#[derive(Debug, Default)]
pub(super) struct Asking {
    at: usize,
    asked_at: Option<Duration>,
    tries: u8,
}

/// What [`Asking`] wants next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum AskStep {
    Send(Vec<u8>),
    Wait,
    Complete,
    Silent,
}

const MAX_ASK_TRIES: u8 = 2;
/// An answer later than this is not waited for any more.
const LATE_ANSWER: Duration = Duration::from_secs(2);

impl Asking {
    pub(super) fn poll(
        &mut self,
        now: Duration,
        patience: Duration,
        session: &mut Session,
    ) -> AskStep {
        let Some(question) = Question::ALL.get(self.at) else {
            return AskStep::Complete;
        };
        match self.asked_at {
            Some(asked_at) if now < asked_at + patience => AskStep::Wait,
            Some(_) if self.tries >= MAX_ASK_TRIES => AskStep::Silent,
            _ => {
                if self.at == 0 && self.tries == 0 {
                    // A new round: what was not answered in the last one is not waited for.
                    session.asked.retain(|(_, at)| now < *at + patience);
                }
                self.asked_at = Some(now);
                self.tries += 1;
                session.asked.push_back((*question, now));
                AskStep::Send(Encoder::new().ask(*question).finish())
            }
        }
    }

    /// Takes the answer to `question`; the answer to an earlier try is not taken twice.
    pub(super) fn answer(&mut self, question: Question, byte: u8, status: &mut PrinterStatus) {
        if self.asked_at.is_some() && Question::ALL.get(self.at) == Some(&question) {
            status.answer(question, byte);
            self.asked_at = None;
            self.at += 1;
            self.tries = 0;
        }
    }
}

impl Session {
    /// Which question a real-time byte answers: the bytes carry no number, but they come in order.
    pub(super) fn answered(&mut self, now: Duration) -> Option<Question> {
        while self
            .asked
            .front()
            .is_some_and(|(_, at)| now > *at + LATE_ANSWER)
        {
            self.asked.pop_front();
        }
        self.asked.pop_front().map(|(question, _)| question)
    }
}
