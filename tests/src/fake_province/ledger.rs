//! What the province accepted: an append-only list, kept as JSON lines.
//!
//! It outlives the process, so that a test may kill the province and count afterwards. It is the
//! judge of "every dossier exactly once" and knows nothing of the client's own books.

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;

/// What an accepted record did to the dossier it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// The dossier became known to the province.
    Created,
    /// A known dossier was sent again with other contents.
    Updated,
    /// A step of its progress was reported.
    Progress,
}

/// One accepted record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// 1 for the first entry, without holes.
    pub sequence: u64,
    /// When it was accepted, by the province's clock.
    pub at: jiff::Timestamp,
    /// The service that was called.
    pub service: String,
    /// `MaHoSo`, the dossier's code.
    pub code: String,
    /// What it did.
    pub act: Act,
    /// The request's `Idempotency-Key`, where it had one.
    pub idempotency_key: Option<String>,
    /// The record as it was sent.
    pub record: Value,
}

/// A record about to be accepted.
#[derive(Debug, Clone)]
pub(super) struct Accepted {
    pub(super) service: String,
    pub(super) code: String,
    pub(super) act: Act,
    pub(super) idempotency_key: Option<String>,
    pub(super) record: Value,
}

#[derive(Debug)]
pub(super) struct Ledger {
    entries: Vec<Entry>,
    file: Option<File>,
}

impl Ledger {
    /// Opens the ledger at `path` with all it holds; without a path it lives in memory only.
    pub(super) fn open(path: Option<&Path>) -> Result<Self> {
        let Some(path) = path else {
            return Ok(Self {
                entries: Vec::new(),
                file: None,
            });
        };
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error).with_context(|| format!("reading {}", path.display())),
        };
        let mut entries = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let entry = serde_json::from_str(line)
                .with_context(|| format!("{}, line {}", path.display(), index + 1))?;
            entries.push(entry);
        }
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(path)
            .with_context(|| format!("opening {}", path.display()))?;
        Ok(Self {
            entries,
            file: Some(file),
        })
    }

    /// Writes the record down, then remembers it.
    pub(super) fn accept(&mut self, accepted: Accepted) -> Result<()> {
        let Accepted {
            service,
            code,
            act,
            idempotency_key,
            record,
        } = accepted;
        let sequence = self.entries.len() as u64 + 1;
        let at = jiff::Timestamp::now();
        let entry = Entry {
            sequence,
            at,
            service,
            code,
            act,
            idempotency_key,
            record,
        };
        if let Some(file) = &mut self.file {
            let mut line = serde_json::to_vec(&entry)?;
            line.push(b'\n');
            file.write_all(&line)
                .context("writing the province's ledger")?;
        }
        self.entries.push(entry);
        Ok(())
    }

    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub(super) fn knows(&self, code: &str) -> bool {
        self.entries
            .iter()
            .any(|entry| entry.code == code && entry.act == Act::Created)
    }

    pub(super) fn has_key(&self, key: &str) -> bool {
        self.entries
            .iter()
            .any(|entry| entry.idempotency_key.as_deref() == Some(key))
    }

    /// The dossier as last sent, if it was accepted no later than `until`, with the state that the
    /// latest progress report gave it.
    pub(super) fn dossier(&self, code: &str, until: jiff::Timestamp) -> Option<Value> {
        let of_code = || {
            self.entries
                .iter()
                .filter(|it| it.code == code && it.at <= until)
        };
        let mut dossier = of_code()
            .rfind(|it| it.act != Act::Progress)?
            .record
            .clone();
        let state = of_code()
            .rfind(|it| it.act == Act::Progress)
            .map(|it| &it.record["TrangThai"]);
        if let Some(state) = state {
            dossier["TrangThaiHoSo"] = state.clone();
        }
        Some(dossier)
    }
}
