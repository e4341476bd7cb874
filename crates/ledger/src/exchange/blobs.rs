//! Uploading scans as a machine without I/O: one blob at a time in chunks, resumed at the offset that the
//! hub has on disk. A blob that cannot be sent is set aside; it never holds up the ones behind it.

use std::collections::BTreeMap;

use motcua_core::ids::Hash;

use super::backoff::Backoff;
use super::trouble::Trouble;
use super::window::Window;
use super::wire::BLOB_CHUNK_BYTES;

/// The smallest chunk on a slow line, in bytes.
pub const BLOB_CHUNK_BYTES_MIN: usize = 32 * 1024;
/// How many waiting blobs are looked at in one go.
pub const BLOB_QUEUE_LOOK_MAX: usize = 32;

/// A blob that the hub does not have yet, as the store lists it: oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlobJob {
    /// Its name.
    pub sha256: Hash,
    /// Its size in bytes.
    pub size: u64,
}

/// What uploading wants done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlobStep {
    /// List waiting blobs; report with [`Blobs::listed`].
    List,
    /// Announce this blob; report with [`Blobs::at`] or [`Blobs::failed`].
    Announce(BlobJob),
    /// Send this chunk; report with [`Blobs::at`] or [`Blobs::failed`].
    Chunk {
        /// Which blob.
        job: BlobJob,
        /// From which byte.
        offset: u64,
        /// How many bytes.
        len: usize,
    },
    /// The hub has the whole blob: note it; report with [`Blobs::noted`] or [`Blobs::failed`].
    Note(BlobJob),
    /// Nothing before this time, unless woken.
    WaitUntil(u64),
    /// Nothing until woken or until there is a session.
    Rest,
}

#[derive(Clone, Copy, Debug)]
enum Stage {
    Announce,
    At(u64),
    Whole,
}

#[derive(Clone, Copy, Debug)]
struct Aside {
    until_ms: u64,
    backoff: Backoff,
}

/// The machine.
#[derive(Clone, Debug)]
pub struct Blobs {
    joined: bool,
    dirty: bool,
    current: Option<(BlobJob, Stage)>,
    aside: BTreeMap<Hash, Aside>,
    chunk: Window,
    wait_until_ms: u64,
    trouble: Option<Trouble>,
}

impl Blobs {
    /// A machine without a session.
    #[must_use]
    pub fn new() -> Self {
        Self {
            joined: false,
            dirty: false,
            current: None,
            aside: BTreeMap::new(),
            chunk: Window::new(BLOB_CHUNK_BYTES_MIN, BLOB_CHUNK_BYTES),
            wait_until_ms: u64::MAX,
            trouble: None,
        }
    }

    /// A session begins. What was being sent is announced again, to learn how far it came.
    pub fn join(&mut self) {
        self.joined = true;
        self.dirty = true;
        if let Some((_, stage)) = &mut self.current {
            *stage = Stage::Announce;
        }
    }

    /// The session is over.
    pub fn leave(&mut self) {
        self.joined = false;
    }

    /// There may be new blobs.
    pub fn wake(&mut self) {
        self.dirty = true;
    }

    /// A person asks: what was set aside is tried again.
    pub fn wake_now(&mut self) {
        self.dirty = true;
        self.aside.clear();
    }

    /// What to do at `now_ms`.
    pub fn next(&mut self, now_ms: u64) -> BlobStep {
        if !self.joined {
            return BlobStep::Rest;
        }
        if let Some((job, stage)) = self.current {
            return self.step(job, stage);
        }
        if self.dirty || now_ms >= self.wait_until_ms {
            self.dirty = false;
            return BlobStep::List;
        }
        if self.wait_until_ms == u64::MAX {
            BlobStep::Rest
        } else {
            BlobStep::WaitUntil(self.wait_until_ms)
        }
    }

    fn step(&self, job: BlobJob, stage: Stage) -> BlobStep {
        match stage {
            Stage::Announce => BlobStep::Announce(job),
            Stage::Whole => BlobStep::Note(job),
            Stage::At(offset) => {
                let left = usize::try_from(job.size.saturating_sub(offset)).unwrap_or(usize::MAX);
                BlobStep::Chunk {
                    job,
                    offset,
                    len: left.min(self.chunk.get()),
                }
            }
        }
    }

    /// The store's waiting blobs, oldest first.
    pub fn listed(&mut self, waiting: &[BlobJob], now_ms: u64) {
        self.aside
            .retain(|name, _| waiting.iter().any(|job| job.sha256 == *name));
        let is_due = |job: &&BlobJob| {
            self.aside
                .get(&job.sha256)
                .is_none_or(|a| a.until_ms <= now_ms)
        };
        self.current = waiting
            .iter()
            .find(is_due)
            .map(|job| (*job, Stage::Announce));
        self.wait_until_ms = self
            .aside
            .values()
            .map(|a| a.until_ms)
            .min()
            .unwrap_or(u64::MAX);
        if self.aside.is_empty() {
            self.trouble = None;
        }
    }

    /// Where the hub says the current blob stands. After a chunk it must have moved; back at the start
    /// means that the bytes did not match the name.
    pub fn at(&mut self, offset: u64, complete: bool, chance: u32, now_ms: u64) {
        let Some((job, stage)) = self.current else {
            return;
        };
        let sent_from = match stage {
            Stage::At(from) => Some(from),
            Stage::Announce | Stage::Whole => None,
        };
        let has_moved = sent_from.is_none_or(|from| offset > from);
        if !complete && (!has_moved || offset >= job.size) {
            let trouble = if offset == 0 {
                Trouble::BlobMismatch
            } else {
                Trouble::Garbled
            };
            self.failed(&trouble, chance, now_ms);
            return;
        }
        if sent_from.is_some() {
            self.chunk.grow();
        }
        self.current = Some((
            job,
            if complete {
                Stage::Whole
            } else {
                Stage::At(offset)
            },
        ));
    }

    /// The store has noted that the hub has the current blob.
    pub fn noted(&mut self) {
        if let Some((job, _)) = self.current.take() {
            self.aside.remove(&job.sha256);
        }
        self.dirty = true;
    }

    /// The call failed: with the link gone the blob is resumed later, otherwise it is set aside.
    pub fn failed(&mut self, trouble: &Trouble, chance: u32, now_ms: u64) {
        self.trouble = Some(trouble.clone());
        if *trouble == Trouble::TimedOut {
            self.chunk.halve(self.chunk.get());
        }
        if trouble.ends_link() {
            self.joined = false;
            return;
        }
        if let Some((job, _)) = self.current.take() {
            let aside = self.aside.entry(job.sha256).or_insert(Aside {
                until_ms: 0,
                backoff: Backoff::default(),
            });
            let wait_ms = aside.backoff.fail(chance, trouble.retry_after_ms());
            aside.until_ms = now_ms.saturating_add(wait_ms);
        }
        self.dirty = true;
    }

    /// What stands in the way of a blob, if something does.
    #[must_use]
    pub fn trouble(&self) -> Option<&Trouble> {
        self.trouble.as_ref()
    }
}

impl Default for Blobs {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHUNK: u64 = BLOB_CHUNK_BYTES as u64;

    fn job(name: &str, size: u64) -> BlobJob {
        BlobJob {
            sha256: Hash::of(name.as_bytes()),
            size,
        }
    }

    fn chunk(job: BlobJob, offset: u64, len: u64) -> BlobStep {
        BlobStep::Chunk {
            job,
            offset,
            len: usize::try_from(len).unwrap(),
        }
    }

    fn with(waiting: &[BlobJob]) -> Blobs {
        let mut blobs = Blobs::new();
        blobs.join();
        assert_eq!(blobs.next(0), BlobStep::List);
        blobs.listed(waiting, 0);
        blobs
    }

    #[test]
    fn a_scan_goes_chunk_by_chunk_and_is_then_noted() {
        let scan = job("giấy chứng sinh", CHUNK + 100);
        let mut blobs = with(&[scan]);
        assert_eq!(blobs.next(0), BlobStep::Announce(scan));
        blobs.at(0, false, 0, 0);
        assert_eq!(blobs.next(0), chunk(scan, 0, CHUNK));
        blobs.at(CHUNK, false, 0, 0);
        assert_eq!(blobs.next(0), chunk(scan, CHUNK, 100));
        blobs.at(CHUNK + 100, true, 0, 0);
        assert_eq!(blobs.next(0), BlobStep::Note(scan));
        blobs.noted();
        assert_eq!(blobs.next(0), BlobStep::List);
        blobs.listed(&[], 0);
        assert_eq!(blobs.next(0), BlobStep::Rest);
    }

    #[test]
    fn a_scan_that_the_hub_has_costs_no_bytes() {
        let scan = job("tờ khai", 9 * CHUNK);
        let mut blobs = with(&[scan]);
        blobs.next(0);
        blobs.at(9 * CHUNK, true, 0, 0);
        assert_eq!(blobs.next(0), BlobStep::Note(scan));
    }

    #[test]
    fn after_a_broken_link_it_resumes_where_the_hub_is() {
        let scan = job("tờ khai", 40 * CHUNK);
        let mut blobs = with(&[scan]);
        blobs.next(0);
        blobs.at(0, false, 0, 0);
        for sent in 1..=20 {
            blobs.next(0);
            blobs.at(sent * CHUNK, false, 0, 0);
        }
        blobs.failed(&Trouble::Broken, 0, 0);
        assert_eq!(blobs.next(0), BlobStep::Rest);
        blobs.join();
        assert_eq!(blobs.next(0), BlobStep::Announce(scan));
        blobs.at(20 * CHUNK, false, 0, 0);
        assert_eq!(blobs.next(0), chunk(scan, 20 * CHUNK, CHUNK));
    }

    #[test]
    fn a_scan_that_the_hub_cannot_take_does_not_hold_up_the_next() {
        let (bad, good) = (job("hỏng", 10), job("tốt", 10));
        let mut blobs = with(&[bad, good]);
        assert_eq!(blobs.next(0), BlobStep::Announce(bad));
        blobs.failed(
            &Trouble::HubFailed {
                status: 500,
                code: None,
            },
            u32::MAX,
            0,
        );
        assert_eq!(blobs.next(0), BlobStep::List);
        blobs.listed(&[bad, good], 0);
        assert_eq!(blobs.next(0), BlobStep::Announce(good));
        blobs.at(10, true, 0, 0);
        blobs.next(0);
        blobs.noted();
        blobs.next(0);
        blobs.listed(&[bad], 0);
        assert_eq!(blobs.next(0), BlobStep::WaitUntil(1_000));
        assert_eq!(blobs.trouble().map(Trouble::code), Some("hub_failed"));
        assert_eq!(blobs.next(1_000), BlobStep::List);
        blobs.listed(&[bad], 1_000);
        assert_eq!(blobs.next(1_000), BlobStep::Announce(bad));
    }

    #[test]
    fn bytes_that_do_not_match_their_name_are_set_aside() {
        let scan = job("tờ khai", 10);
        let mut blobs = with(&[scan]);
        blobs.next(0);
        blobs.at(0, false, 0, 0);
        blobs.next(0);
        blobs.at(0, false, u32::MAX, 0);
        assert_eq!(blobs.trouble(), Some(&Trouble::BlobMismatch));
        assert_eq!(blobs.next(0), BlobStep::List);
    }

    #[test]
    fn a_slow_line_gets_smaller_chunks() {
        let scan = job("tờ khai", 9 * CHUNK);
        let mut blobs = with(&[scan]);
        blobs.next(0);
        blobs.at(0, false, 0, 0);
        blobs.failed(&Trouble::TimedOut, 0, 0);
        blobs.join();
        blobs.next(0);
        blobs.at(0, false, 0, 0);
        assert_eq!(blobs.next(0), chunk(scan, 0, CHUNK / 2));
    }
}
