//! How this machine likes its windows, and where each person sat last.
//!
//! Owns one small file beside the data. It holds nothing that the office shares and nothing about a
//! dossier; losing it costs a click. What an office must agree on is in the ledger.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use motcua_core::ids::{EntityId, StaffId};
use serde::{Deserialize, Serialize};

use crate::ipc::dto::{Appearance, Language, Theme};

const FILE: &str = "preferences.json";

/// What a window looks like before anybody has said so.
const DEFAULT_APPEARANCE: Appearance = Appearance {
    theme: Theme::System,
    scale_percent: 100,
    language: Language::Vi,
};

/// The preferences of this machine.
#[derive(Debug, Clone)]
pub struct Preferences {
    path: PathBuf,
    kept: Kept,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Kept {
    #[serde(default = "default_appearance")]
    appearance: Appearance,
    #[serde(default)]
    last_counters: BTreeMap<StaffId, EntityId>,
}

fn default_appearance() -> Appearance {
    DEFAULT_APPEARANCE
}

impl Preferences {
    /// Reads the file of `folder`. One that is missing or cannot be read is as if nothing was chosen.
    #[must_use]
    pub fn load(folder: &Path) -> Self {
        let path = folder.join(FILE);
        let kept = match std::fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or_else(|error| {
                tracing::warn!(%error, "the preferences cannot be read and are begun anew");
                Kept::new()
            }),
            Err(_) => Kept::new(),
        };
        Self { path, kept }
    }

    /// How the windows look.
    #[must_use]
    pub fn appearance(&self) -> Appearance {
        self.kept.appearance
    }

    /// Where a person sat last on this machine.
    #[must_use]
    pub fn last_counter(&self, staff: StaffId) -> Option<EntityId> {
        self.kept.last_counters.get(&staff).copied()
    }

    /// Keeps how the windows look.
    ///
    /// # Errors
    /// When the file cannot be written; the choice then holds until the program ends.
    pub fn set_appearance(&mut self, appearance: Appearance) -> io::Result<()> {
        self.kept.appearance = appearance;
        self.save()
    }

    /// Keeps where a person sits.
    ///
    /// # Errors
    /// As [`Preferences::set_appearance`].
    pub fn set_last_counter(&mut self, staff: StaffId, counter: EntityId) -> io::Result<()> {
        if self.kept.last_counters.insert(staff, counter) == Some(counter) {
            return Ok(());
        }
        self.save()
    }

    /// Written beside and moved into place, so that a power cut leaves the old file or the new one.
    fn save(&self) -> io::Result<()> {
        let beside = self.path.with_extension("new");
        std::fs::write(&beside, serde_json::to_vec_pretty(&self.kept)?)?;
        std::fs::rename(&beside, &self.path)
    }
}

impl Kept {
    fn new() -> Self {
        Self {
            appearance: DEFAULT_APPEARANCE,
            last_counters: BTreeMap::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_chosen_is_there_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let (mai, counter) = (StaffId::derived("mai"), EntityId::derived("counter:3"));
        let dark = Appearance {
            theme: Theme::Dark,
            scale_percent: 125,
            language: Language::Vi,
        };
        let mut preferences = Preferences::load(folder.path());
        assert_eq!(preferences.appearance(), DEFAULT_APPEARANCE);
        preferences.set_appearance(dark).unwrap();
        preferences.set_last_counter(mai, counter).unwrap();

        let again = Preferences::load(folder.path());

        assert_eq!(again.appearance(), dark);
        assert_eq!(again.last_counter(mai), Some(counter));
        assert_eq!(again.last_counter(StaffId::derived("pa")), None);
    }

    #[test]
    fn a_damaged_file_costs_a_click_and_no_more() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), "{ half").unwrap();
        let mut preferences = Preferences::load(folder.path());
        assert_eq!(preferences.appearance(), DEFAULT_APPEARANCE);
        preferences.set_appearance(DEFAULT_APPEARANCE).unwrap();
        assert!(
            std::fs::read_to_string(folder.path().join(FILE))
                .unwrap()
                .ends_with('}')
        );
    }
}
