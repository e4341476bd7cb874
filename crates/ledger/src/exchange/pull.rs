//! Reading the office's log as a machine without I/O, and the check that a page continues what is known.
//!
//! The cursor is the log's gap-free position, never a time. A page is taken whole or not at all; a hole,
//! a change or another log is trouble and leaves the cursor where it was.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use motcua_core::ids::{Hash, ScopeId};
use motcua_core::op::{OpError, SealedOp};
use uuid::Uuid;

use super::backoff::Backoff;
use super::trouble::Trouble;
use super::window::Window;
use super::wire::{PAGE_OPS_MAX, PageLine, PageResponse};
use crate::hub::{LogLine, chain_step};

/// With the live line up, the log is looked at this often all the same.
pub const POLL_LIVE_MS: u64 = 60_000;
/// Without the live line, this often.
pub const POLL_BLIND_MS: u64 = 5_000;
/// The smallest page that is asked for on a slow line.
const PAGE_OPS_MIN: usize = 10;

/// How far a node has read a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Which log; none before the first page.
    pub log_id: Option<Uuid>,
    /// The last position taken; 0 for none.
    pub seq: u64,
    /// The running hash there ([`chain_step`]); [`Hash::ZERO`] at 0.
    pub chain: Hash,
}

impl Cursor {
    /// Before the first page.
    pub const START: Self = Self {
        log_id: None,
        seq: 0,
        chain: Hash::ZERO,
    };
}

/// What pulling wants done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PullStep {
    /// Fetch and apply the page after the stored cursor; report with [`Pull::applied`] or [`Pull::failed`].
    Fetch {
        /// Lines at most.
        limit: u32,
    },
    /// Nothing before this time, unless poked.
    WaitUntil(u64),
    /// Nothing until there is a session.
    Rest,
}

/// The machine.
#[derive(Clone, Debug)]
pub struct Pull {
    joined: bool,
    live: bool,
    dirty: bool,
    wait_until_ms: u64,
    limit: Window,
    backoff: Backoff,
    trouble: Option<Trouble>,
}

impl Pull {
    /// A machine without a session.
    #[must_use]
    pub fn new() -> Self {
        Self {
            joined: false,
            live: false,
            dirty: false,
            wait_until_ms: 0,
            limit: Window::new(PAGE_OPS_MIN, PAGE_OPS_MAX as usize),
            backoff: Backoff::default(),
            trouble: None,
        }
    }

    /// A session begins.
    pub fn join(&mut self) {
        self.joined = true;
        self.poke();
    }

    /// The session is over.
    pub fn leave(&mut self) {
        self.joined = false;
    }

    /// Whether the live line tells of news, so that looking for it may be rare.
    pub fn set_live(&mut self, live: bool, now_ms: u64) {
        self.live = live;
        if !live && self.backoff.failures() == 0 {
            self.wait_until_ms = self.wait_until_ms.min(now_ms.saturating_add(POLL_BLIND_MS));
        }
    }

    /// There is news.
    pub fn poke(&mut self) {
        self.dirty = true;
        self.wait_until_ms = 0;
        self.backoff.reset();
    }

    /// What to do at `now_ms`.
    pub fn next(&mut self, now_ms: u64) -> PullStep {
        if !self.joined {
            return PullStep::Rest;
        }
        if now_ms < self.wait_until_ms {
            return PullStep::WaitUntil(self.wait_until_ms);
        }
        // Cleared before the page is asked for: a poke that comes meanwhile sets it again.
        self.dirty = false;
        PullStep::Fetch {
            limit: u32::try_from(self.limit.get()).unwrap_or(PAGE_OPS_MAX),
        }
    }

    /// A page was applied.
    pub fn applied(&mut self, more: bool, now_ms: u64) {
        self.limit.grow();
        self.backoff.reset();
        self.trouble = None;
        self.dirty |= more;
        let poll_ms = if self.live {
            POLL_LIVE_MS
        } else {
            POLL_BLIND_MS
        };
        self.wait_until_ms = if self.dirty {
            0
        } else {
            now_ms.saturating_add(poll_ms)
        };
    }

    /// The page could not be had or not be taken.
    pub fn failed(&mut self, trouble: &Trouble, chance: u32, now_ms: u64) {
        self.trouble = Some(trouble.clone());
        if *trouble == Trouble::TimedOut {
            self.limit.halve(self.limit.get());
        }
        if trouble.ends_link() {
            self.joined = false;
        } else {
            let wait_ms = self.backoff.fail(chance, trouble.retry_after_ms());
            self.wait_until_ms = now_ms.saturating_add(wait_ms);
        }
    }

    /// What stands in the way, if something does.
    #[must_use]
    pub fn trouble(&self) -> Option<&Trouble> {
        self.trouble.as_ref()
    }
}

impl Default for Pull {
    fn default() -> Self {
        Self::new()
    }
}

/// A page that continues the log that is known.
#[derive(Clone, Debug)]
pub struct CheckedPage {
    /// The lines in order.
    pub lines: Vec<LogLine>,
    /// The cursor after them.
    pub cursor: Cursor,
    /// Whether more is there now.
    pub more: bool,
    /// The last position in the log.
    pub head: u64,
}

/// Checks that a page continues the log from `cursor`: same log, same office, no hole, and the running
/// hash computed here equals the hub's. The hub's value is never adopted.
///
/// # Errors
/// [`Trouble::OtherLog`], [`Trouble::OtherOffice`], [`Trouble::LogBroken`], [`Trouble::Garbled`],
/// [`Trouble::NewerProgramNeeded`]. The cursor stays where it was.
pub fn check_page(
    scope: &ScopeId,
    cursor: Cursor,
    page: PageResponse,
) -> Result<CheckedPage, Trouble> {
    if cursor.log_id.is_some_and(|log_id| log_id != page.log_id) {
        return Err(Trouble::OtherLog);
    }
    let broken = Trouble::LogBroken { after: cursor.seq };
    if page.head < cursor.seq {
        return Err(broken);
    }
    let mut after = Cursor {
        log_id: Some(page.log_id),
        ..cursor
    };
    let mut lines = Vec::with_capacity(page.ops.len());
    for line in page.ops {
        let line = decode_line(line)?;
        if line.seq != after.seq + 1 {
            return Err(broken);
        }
        if line.op.op.scope != *scope {
            return Err(Trouble::OtherOffice);
        }
        after.chain = chain_step(after.chain, line.seq, line.op.hash, &line.decision);
        after.seq = line.seq;
        lines.push(line);
    }
    if after.chain != page.chain || after.seq != page.next {
        return Err(broken);
    }
    let more = page.more && !lines.is_empty();
    Ok(CheckedPage {
        lines,
        cursor: after,
        more,
        head: page.head,
    })
}

fn decode_line(line: PageLine) -> Result<LogLine, Trouble> {
    let bytes = BASE64.decode(&line.op).map_err(|_| Trouble::Garbled)?;
    let op = SealedOp::open(bytes).map_err(|error| match error {
        OpError::NewerFormat(_) => Trouble::NewerProgramNeeded,
        OpError::Malformed(_) | OpError::TooLarge { .. } => Trouble::Garbled,
    })?;
    let signature = line
        .signature
        .map(|text| decode_signature(&text))
        .transpose()?;
    Ok(LogLine {
        seq: line.seq,
        op,
        decision: line.decision,
        signature,
    })
}

fn decode_signature(text: &str) -> Result<[u8; 64], Trouble> {
    let mut signature = [0; 64];
    hex::decode_to_slice(text, &mut signature).map_err(|_| Trouble::Garbled)?;
    Ok(signature)
}

#[cfg(test)]
mod tests {
    use motcua_core::state::Decision;

    use super::*;
    use crate::exchange::testing::{Writer, page_of};

    #[test]
    fn news_that_comes_while_a_page_travels_is_not_forgotten() {
        let mut pull = Pull::new();
        assert_eq!(pull.next(0), PullStep::Rest);
        pull.join();
        assert_eq!(
            pull.next(0),
            PullStep::Fetch {
                limit: PAGE_OPS_MAX
            }
        );
        pull.poke();
        pull.applied(false, 0);
        assert_eq!(
            pull.next(0),
            PullStep::Fetch {
                limit: PAGE_OPS_MAX
            }
        );
        pull.applied(false, 0);
        assert_eq!(pull.next(0), PullStep::WaitUntil(POLL_BLIND_MS));
        pull.set_live(true, 0);
        pull.poke();
        pull.next(0);
        pull.applied(false, 0);
        assert_eq!(pull.next(0), PullStep::WaitUntil(POLL_LIVE_MS));
    }

    #[test]
    fn a_long_log_is_read_page_after_page() {
        let mut pull = Pull::new();
        pull.join();
        for _ in 0..3 {
            assert_eq!(
                pull.next(0),
                PullStep::Fetch {
                    limit: PAGE_OPS_MAX
                }
            );
            pull.applied(true, 0);
        }
        assert_eq!(
            pull.next(0),
            PullStep::Fetch {
                limit: PAGE_OPS_MAX
            }
        );
    }

    #[test]
    fn when_the_live_line_drops_the_log_is_looked_at_soon() {
        let mut pull = Pull::new();
        pull.join();
        pull.set_live(true, 0);
        pull.next(0);
        pull.applied(false, 0);
        pull.set_live(false, 1_000);
        assert_eq!(pull.next(1_000), PullStep::WaitUntil(1_000 + POLL_BLIND_MS));
    }

    #[test]
    fn a_slow_line_gets_smaller_pages() {
        let mut pull = Pull::new();
        pull.join();
        pull.next(0);
        pull.failed(&Trouble::TimedOut, 0, 0);
        pull.join();
        assert_eq!(
            pull.next(0),
            PullStep::Fetch {
                limit: PAGE_OPS_MAX / 2
            }
        );
    }

    #[test]
    fn a_failing_hub_does_not_move_the_cursor_and_is_asked_again() {
        let mut pull = Pull::new();
        pull.join();
        pull.next(0);
        pull.failed(
            &Trouble::HubFailed {
                status: 500,
                code: None,
            },
            u32::MAX,
            0,
        );
        assert_eq!(pull.next(0), PullStep::WaitUntil(1_000));
        assert_eq!(pull.trouble().map(Trouble::code), Some("hub_failed"));
    }

    #[test]
    fn pages_that_continue_the_log_are_taken() {
        let mut writer = Writer::new("quầy 1");
        let ops = writer.notes(3);
        let first = page_of(&ops, 0, 2);
        let checked = check_page(&writer.scope(), Cursor::START, first).unwrap();
        assert_eq!(
            (checked.cursor.seq, checked.lines.len(), checked.more),
            (2, 2, true)
        );
        let second = page_of(&ops, 2, 2);
        let checked = check_page(&writer.scope(), checked.cursor, second).unwrap();
        assert_eq!(
            (checked.cursor.seq, checked.lines.len(), checked.more),
            (3, 1, false)
        );
    }

    #[test]
    fn an_empty_page_at_the_end_changes_nothing() {
        let mut writer = Writer::new("quầy 1");
        let ops = writer.notes(2);
        let cursor = check_page(&writer.scope(), Cursor::START, page_of(&ops, 0, 9))
            .unwrap()
            .cursor;
        let again = check_page(&writer.scope(), cursor, page_of(&ops, 2, 9)).unwrap();
        assert_eq!(
            (again.cursor, again.lines.len(), again.more),
            (cursor, 0, false)
        );
    }

    /// Each way a page can be wrong, with what it is called.
    #[test]
    fn wrong_pages_are_refused_by_name() {
        let mut writer = Writer::new("quầy 1");
        let ops = writer.notes(3);
        let cursor = check_page(&writer.scope(), Cursor::START, page_of(&ops, 0, 1))
            .unwrap()
            .cursor;
        let refused = |change: &dyn Fn(&mut PageResponse)| {
            let mut page = page_of(&ops, 1, 9);
            change(&mut page);
            check_page(&writer.scope(), cursor, page).unwrap_err()
        };
        let broken = Trouble::LogBroken { after: 1 };
        assert_eq!(refused(&|p| p.log_id = Uuid::nil()), Trouble::OtherLog);
        assert_eq!(
            refused(&|p| drop(p.ops.remove(0))),
            broken,
            "a hole at the start"
        );
        assert_eq!(refused(&|p| drop(p.ops.pop())), broken, "cut short");
        assert_eq!(refused(&|p| p.ops.swap(0, 1)), broken, "out of order");
        assert_eq!(
            refused(&|p| p.chain = Hash::ZERO),
            broken,
            "another running hash"
        );
        assert_eq!(
            refused(&|p| p.ops[0].decision = Decision::Duplicate),
            broken,
            "a changed decision"
        );
        assert_eq!(refused(&|p| p.head = 0), broken, "a log that went back");
        assert_eq!(refused(&|p| p.ops[0].op = "%%%".into()), Trouble::Garbled);
        assert_eq!(
            refused(&|p| p.ops[0].op = BASE64.encode("<html>")),
            Trouble::Garbled
        );
        assert_eq!(
            refused(&|p| p.ops[0].signature = Some("zz".into())),
            Trouble::Garbled
        );
        let foreign = check_page(&ScopeId("H56.6.18".into()), cursor, page_of(&ops, 1, 9));
        assert_eq!(foreign.unwrap_err(), Trouble::OtherOffice);
    }

    #[test]
    fn an_operation_of_a_newer_program_stops_reading_and_says_why() {
        let mut writer = Writer::new("quầy 1");
        let ops = writer.notes(1);
        let mut page = page_of(&ops, 0, 1);
        let newer = String::from_utf8(ops[0].bytes.clone())
            .unwrap()
            .replacen("{\"v\":1", "{\"v\":9", 1);
        page.ops[0].op = BASE64.encode(newer);
        let trouble = check_page(&writer.scope(), Cursor::START, page).unwrap_err();
        assert_eq!(trouble, Trouble::NewerProgramNeeded);
    }
}
