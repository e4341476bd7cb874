//! Which files have stopped changing: pure, fed with listings.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

/// What a look at the folder shows of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) size: u64,
    /// Only compared with itself: a copier's clock is often wrong.
    pub(super) modified: Option<SystemTime>,
}

#[derive(Debug)]
struct Seen {
    look: Look,
    same_since: Duration,
    looks: u32,
    told: bool,
}

/// A file that did not change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Steady {
    pub(super) name: String,
    pub(super) size: u64,
    pub(super) for_time: Duration,
}

#[derive(Debug, Default)]
pub(super) struct Settle {
    seen: BTreeMap<String, Seen>,
}

impl Settle {
    /// Takes a listing made at `now`; returns the files that stayed equal on two looks at least
    /// `steady` apart and were not told off yet.
    pub(super) fn observe(
        &mut self,
        now: Duration,
        steady: Duration,
        listing: &BTreeMap<String, Look>,
    ) -> Vec<Steady> {
        self.seen.retain(|name, _| listing.contains_key(name));
        let mut ready = Vec::new();
        for (name, look) in listing {
            let fresh = Seen {
                look: *look,
                same_since: now,
                looks: 0,
                told: false,
            };
            let seen = self.seen.entry(name.clone()).or_insert(fresh);
            if seen.look != *look {
                *seen = Seen {
                    look: *look,
                    same_since: now,
                    looks: 0,
                    told: false,
                };
            }
            seen.looks += 1;
            let for_time = now.saturating_sub(seen.same_since);
            if seen.looks >= 2 && for_time >= steady && !seen.told {
                ready.push(Steady {
                    name: name.clone(),
                    size: look.size,
                    for_time,
                });
            }
        }
        ready
    }

    /// The file was refused: say nothing more about it until it changes.
    pub(super) fn told(&mut self, name: &str) {
        if let Some(seen) = self.seen.get_mut(name) {
            seen.told = true;
        }
    }

    /// The share was away: what was seen before it went proves nothing.
    pub(super) fn forget(&mut self) {
        self.seen.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);
    const STEADY: Duration = Duration::from_millis(250);

    fn listing(files: &[(&str, u64)]) -> BTreeMap<String, Look> {
        files
            .iter()
            .map(|(n, size)| {
                (
                    (*n).into(),
                    Look {
                        size: *size,
                        modified: None,
                    },
                )
            })
            .collect()
    }

    fn names(ready: &[Steady]) -> Vec<&str> {
        ready.iter().map(|file| file.name.as_str()).collect()
    }

    #[test]
    fn a_growing_file_waits_until_it_stops() {
        let mut settle = Settle::default();
        for (at, size) in [(0, 10), (300, 20), (600, 30)] {
            assert!(
                settle
                    .observe(at * MS, STEADY, &listing(&[("a.pdf", size)]))
                    .is_empty()
            );
        }
        let ready = settle.observe(900 * MS, STEADY, &listing(&[("a.pdf", 30)]));
        assert_eq!(names(&ready), ["a.pdf"]);
    }

    #[test]
    fn two_looks_in_a_hurry_are_not_enough() {
        let mut settle = Settle::default();
        let files = listing(&[("a.pdf", 10)]);
        assert!(settle.observe(Duration::ZERO, STEADY, &files).is_empty());
        assert!(settle.observe(20 * MS, STEADY, &files).is_empty());
        assert_eq!(names(&settle.observe(260 * MS, STEADY, &files)), ["a.pdf"]);
    }

    #[test]
    fn a_refused_file_is_told_once_and_again_when_it_changes() {
        let mut settle = Settle::default();
        let files = listing(&[("a.pdf", 0)]);
        settle.observe(Duration::ZERO, STEADY, &files);
        assert_eq!(settle.observe(300 * MS, STEADY, &files).len(), 1);
        settle.told("a.pdf");
        assert!(settle.observe(600 * MS, STEADY, &files).is_empty());
        let grown = listing(&[("a.pdf", 9)]);
        assert!(settle.observe(900 * MS, STEADY, &grown).is_empty());
        assert_eq!(settle.observe(1200 * MS, STEADY, &grown).len(), 1);
    }

    #[test]
    fn the_same_name_tomorrow_is_a_new_file() {
        let mut settle = Settle::default();
        let files = listing(&[("SCAN0001.pdf", 5)]);
        settle.observe(Duration::ZERO, STEADY, &files);
        settle.observe(300 * MS, STEADY, &files);
        settle.told("SCAN0001.pdf");
        settle.observe(600 * MS, STEADY, &listing(&[]));
        settle.observe(900 * MS, STEADY, &files);
        assert_eq!(settle.observe(1200 * MS, STEADY, &files).len(), 1);
    }
}
