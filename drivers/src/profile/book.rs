//! The set of known profiles: embedded ones, and an office's own on top.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use super::{Profile, ProfileError, parse};

const EMBEDDED: [(&str, &str); 9] = [
    ("canvas", include_str!("../../profiles/canvas.toml")),
    ("cd5220", include_str!("../../profiles/cd5220.toml")),
    ("cdc-reader", include_str!("../../profiles/cdc-reader.toml")),
    ("epson-dm-d", include_str!("../../profiles/epson-dm-d.toml")),
    (
        "epson-tm-t82",
        include_str!("../../profiles/epson-tm-t82.toml"),
    ),
    (
        "escpos-80mm",
        include_str!("../../profiles/escpos-80mm.toml"),
    ),
    (
        "scan-folder",
        include_str!("../../profiles/scan-folder.toml"),
    ),
    (
        "wacom-stu-serial",
        include_str!("../../profiles/wacom-stu-serial.toml"),
    ),
    (
        "xprinter-80",
        include_str!("../../profiles/xprinter-80.toml"),
    ),
];
/// Largest profile file read, in bytes.
const MAX_PROFILE_BYTES: u64 = 64 * 1024;

/// All profiles by name.
#[derive(Debug, Clone, Default)]
pub struct ProfileBook {
    profiles: BTreeMap<String, Profile>,
}

impl ProfileBook {
    /// The profiles shipped with the program. A test keeps every one of them readable.
    #[must_use]
    pub fn embedded() -> Self {
        let mut book = Self::default();
        for (id, text) in EMBEDDED {
            match parse::profile(id, &format!("{id}.toml"), text) {
                Ok(profile) => book.insert(profile),
                Err(error) => tracing::error!(%error, "an embedded profile is unreadable"),
            }
        }
        book
    }

    fn insert(&mut self, profile: Profile) {
        self.profiles.insert(profile.id.clone(), profile);
    }

    /// Adds the profiles of a folder, replacing those of the same name. Files with errors are left
    /// out and told; the rest is used. A folder that does not exist has none.
    pub fn add_folder(&mut self, folder: &Path) -> Vec<ProfileError> {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Vec::new(),
            Err(error) => return vec![ProfileError::unreadable(folder, &error)],
        };
        let mut errors = Vec::new();
        for path in entries.filter_map(|entry| entry.ok().map(|entry| entry.path())) {
            if path.extension().is_none_or(|extension| extension != "toml") {
                continue;
            }
            match read(&path) {
                Ok(profile) => self.insert(profile),
                Err(error) => errors.push(error),
            }
        }
        errors.sort_by(|a, b| a.file.cmp(&b.file));
        errors
    }

    /// A profile by name.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Profile> {
        self.profiles.get(id)
    }

    /// All profiles, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Profile> {
        self.profiles.values()
    }
}

fn read(path: &Path) -> Result<Profile, ProfileError> {
    let unreadable = |error| ProfileError::unreadable(path, &error);
    let size = fs::metadata(path).map_err(unreadable)?.len();
    if size > MAX_PROFILE_BYTES {
        return Err(ProfileError::too_large(path, MAX_PROFILE_BYTES));
    }
    let text = fs::read_to_string(path).map_err(unreadable)?;
    let id = path.file_stem().unwrap_or_default().to_string_lossy();
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    parse::profile(&id, &file, &text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manager::Role;
    use crate::profile::ProfileKind;

    #[test]
    fn every_embedded_profile_is_readable_and_has_a_role() {
        let book = ProfileBook::embedded();
        assert_eq!(book.iter().count(), EMBEDDED.len());
        for role in [
            Role::ReceiptPrinter,
            Role::CodeReader,
            Role::CallDisplay,
            Role::SignaturePad,
            Role::PageSource,
        ] {
            assert!(book.iter().any(|profile| profile.role == role), "{role:?}");
        }
    }

    #[test]
    fn an_office_replaces_a_profile_and_a_broken_one_does_not_hide_the_rest() {
        let folder = tempfile::tempdir().unwrap();
        let mine = EMBEDDED[5].1.replace("dots = 576", "dots = 384");
        fs::write(folder.path().join("escpos-80mm.toml"), mine).unwrap();
        fs::write(folder.path().join("hong.toml"), "name = \n").unwrap();
        fs::write(folder.path().join("readme.txt"), "not a profile").unwrap();
        let mut book = ProfileBook::embedded();
        let errors = book.add_folder(folder.path());
        assert_eq!(errors.len(), 1);
        assert_eq!((errors[0].file.as_str(), errors[0].line), ("hong.toml", 1));
        let ProfileKind::EscPos(printer) = &book.get("escpos-80mm").unwrap().kind else {
            panic!("not a printer");
        };
        assert_eq!(printer.dots, 384);
    }

    #[test]
    fn a_folder_that_is_not_there_has_no_profiles_and_no_errors() {
        let mut book = ProfileBook::embedded();
        assert!(
            book.add_folder(Path::new("/motcua-no-such-folder"))
                .is_empty()
        );
    }
}
