//! The high-water marks outside the database: a database that was put back from an old copy is noticed at
//! the next start, because this file knows of more than it does.
//!
//! The file has two pages that are written in turn, each one JSON object with a check sum, so a torn write
//! costs one page and never both. It is written and synced after the commit and before anybody is told of
//! the act; a crash between the two leaves the file behind the database, which is harmless.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use motcua_core::ids::{DeviceId, Hash};
use serde::{Deserialize, Serialize};

use crate::files;

const HIGH_WATER_FILE: &str = "high-water.json";
const PAGE_BYTES: usize = 4096;
/// Days whose numbers are remembered, the newest ones.
const DAYS_MAX: usize = 3;
/// Series and days that fit a page.
const NUMBERS_MAX: usize = 48;

/// What was given out, and can never be given out again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct HighWater {
    /// Whose mark it is.
    pub(crate) device: Option<DeviceId>,
    /// This machine's epoch.
    pub(crate) epoch: u32,
    /// Its last operation in that epoch.
    pub(crate) dseq: u64,
    /// The head of the log where this node is the hub; 0 on a counter.
    pub(crate) head: u64,
    /// `day/series` → of each slice that numbers were taken from here, its first number and the highest taken.
    pub(crate) numbers: BTreeMap<String, Vec<(u32, u32)>>,
}

impl HighWater {
    /// Whether the file has seen something that the database has not.
    pub(crate) fn is_ahead_of(&self, database: &Self) -> bool {
        (self.epoch, self.dseq) > (database.epoch, database.dseq) || self.head > database.head
    }

    fn trim(&mut self) {
        let mut days: Vec<String> = self
            .numbers
            .keys()
            .filter_map(|k| k.split_once('/'))
            .map(|(day, _)| day.to_owned())
            .collect();
        days.dedup();
        let keep = days.split_off(days.len().saturating_sub(DAYS_MAX));
        self.numbers
            .retain(|key, _| keep.iter().any(|day| key.starts_with(day.as_str())));
        while self.numbers.len() > NUMBERS_MAX {
            self.numbers.pop_first();
        }
    }
}

#[derive(Serialize, Deserialize)]
struct PageBody {
    generation: u64,
    mark: HighWater,
}

#[derive(Serialize, Deserialize)]
struct Page {
    sum: Hash,
    body: String,
}

/// The file, open for the life of the store.
#[derive(Debug)]
pub(crate) struct HighWaterFile {
    file: File,
    generation: u64,
    last: Option<HighWater>,
}

impl HighWaterFile {
    /// Opens the file of a store, making an empty one where there is none.
    pub(crate) fn open(dir: &Path) -> io::Result<Self> {
        let path = dir.join(HIGH_WATER_FILE);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        files::private(&mut options);
        let mut file = options.open(&path)?;
        let mut bytes = Vec::with_capacity(2 * PAGE_BYTES);
        file.read_to_end(&mut bytes)?;
        let newest = bytes
            .chunks(PAGE_BYTES)
            .filter_map(read_page)
            .max_by_key(|body| body.generation);
        if bytes.len() < 2 * PAGE_BYTES {
            // Both pages exist from the start, so that later writes change no size and need no room.
            file.seek(SeekFrom::Start(bytes.len() as u64))?;
            file.write_all(&vec![b' '; 2 * PAGE_BYTES - bytes.len()])?;
            file.sync_all()?;
            files::sync_parent(&path)?;
        }
        let generation = newest.as_ref().map_or(0, |body| body.generation);
        Ok(Self {
            file,
            generation,
            last: newest.map(|body| body.mark),
        })
    }

    /// The newest intact mark; none in a new file.
    pub(crate) fn last(&self) -> Option<&HighWater> {
        self.last.as_ref()
    }

    /// Makes a mark durable. Does nothing when nothing changed.
    pub(crate) fn write(&mut self, mut mark: HighWater) -> io::Result<()> {
        mark.trim();
        if self.last.as_ref() == Some(&mark) {
            return Ok(());
        }
        let generation = self.generation + 1;
        let page = write_page(&PageBody {
            generation,
            mark: mark.clone(),
        })?;
        self.file
            .seek(SeekFrom::Start((generation % 2) * PAGE_BYTES as u64))?;
        self.file.write_all(&page)?;
        self.file.sync_data()?;
        self.generation = generation;
        self.last = Some(mark);
        Ok(())
    }
}

fn read_page(bytes: &[u8]) -> Option<PageBody> {
    let page: Page = serde_json::from_slice(bytes).ok()?;
    if Hash::of(page.body.as_bytes()) != page.sum {
        return None;
    }
    serde_json::from_str(&page.body).ok()
}

fn write_page(body: &PageBody) -> io::Result<Vec<u8>> {
    let body = serde_json::to_string(body)?;
    let mut page = serde_json::to_vec(&Page {
        sum: Hash::of(body.as_bytes()),
        body,
    })?;
    if page.len() >= PAGE_BYTES {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            "the high-water mark outgrew its page",
        ));
    }
    page.resize(PAGE_BYTES - 1, b' ');
    page.push(b'\n');
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(epoch: u32, dseq: u64) -> HighWater {
        HighWater {
            epoch,
            dseq,
            ..HighWater::default()
        }
    }

    #[test]
    fn the_last_mark_is_found_again() {
        let dir = tempfile::tempdir().unwrap();
        let mut file = HighWaterFile::open(dir.path()).unwrap();
        assert_eq!(file.last(), None);
        for dseq in 1..=5 {
            file.write(mark(1, dseq)).unwrap();
        }
        drop(file);
        assert_eq!(
            HighWaterFile::open(dir.path()).unwrap().last(),
            Some(&mark(1, 5))
        );
    }

    #[test]
    fn a_write_torn_by_a_power_cut_leaves_the_mark_before_it() {
        let dir = tempfile::tempdir().unwrap();
        let mut file = HighWaterFile::open(dir.path()).unwrap();
        file.write(mark(1, 1)).unwrap();
        file.write(mark(1, 2)).unwrap();
        file.file.seek(SeekFrom::Start(40)).unwrap();
        file.file.write_all(b"torn").unwrap();
        drop(file);
        assert_eq!(
            HighWaterFile::open(dir.path()).unwrap().last(),
            Some(&mark(1, 1))
        );
    }

    #[test]
    fn an_epoch_outweighs_any_number_of_operations() {
        assert!(mark(2, 1).is_ahead_of(&mark(1, 900)));
        assert!(mark(1, 2).is_ahead_of(&mark(1, 1)));
        assert!(!mark(1, 2).is_ahead_of(&mark(1, 2)));
        assert!(
            HighWater {
                head: 8,
                ..mark(1, 2)
            }
            .is_ahead_of(&HighWater {
                head: 7,
                ..mark(1, 2)
            })
        );
    }

    #[test]
    fn numbers_of_old_days_make_room() {
        let mut full = mark(1, 1);
        for day in 10..=20 {
            for letter in 'A'..='P' {
                full.numbers.insert(
                    format!("2026-11-{day}/ticket:{letter}"),
                    vec![(1, 27), (700, 701)],
                );
            }
        }
        let dir = tempfile::tempdir().unwrap();
        let mut file = HighWaterFile::open(dir.path()).unwrap();
        file.write(full).unwrap();
        let last = file.last().unwrap();
        assert_eq!(last.numbers["2026-11-20/ticket:A"], [(1, 27), (700, 701)]);
        assert!(!last.numbers.contains_key("2026-11-17/ticket:A"));
    }
}
