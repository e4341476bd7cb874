//! Traces of one machine in files for all: folders of a person, a private registry, someone's
//! mirror in a lock file.

use super::{Finding, TextFile};

/// Beginnings of paths that exist on one machine only. Put together here so that this file is not
/// its own finding.
const MACHINE_PATHS: [&str; 4] = [
    concat!("/", "work/"),
    concat!("/", "root/"),
    concat!("/", "home/"),
    concat!("/", "Users/"),
];

/// Where cargo's lock file may take crates from.
const CRATES_INDEX: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Settings that turn a package client to another registry.
const REGISTRY_SETTINGS: [&str; 3] = ["[source.", "replace-with", "registry="];

/// Files in which such a setting would count.
const SETTINGS_FILES: [&str; 5] = [
    ".cargo/config.toml",
    ".npmrc",
    "ui/.npmrc",
    "pip.conf",
    "ui/package.json",
];

/// Paths of one machine in any text file.
pub fn machine_paths(files: &[TextFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files {
        for (index, line) in file.text.lines().enumerate() {
            if let Some(path) = MACHINE_PATHS.iter().find(|path| has_path(line, path)) {
                let message = format!("`{path}…` exists on one machine only: make it relative");
                findings.push(Finding::at(&file.path, index + 1, message));
            }
        }
    }
    findings
}

/// Whether `path` begins a path in `line`: after a letter or digit it is the inside of another one.
fn has_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        !line[..at]
            .ends_with(|it: char| it.is_alphanumeric() || matches!(it, '.' | '_' | '-' | '~' | '}'))
    })
}

/// Packages from anywhere but the public registries, and settings that would bring them.
pub fn registries(files: &[TextFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files {
        for (index, line) in file.text.lines().enumerate() {
            let name = file
                .path
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or_default();
            let wrong = match name {
                "Cargo.lock" => line.starts_with("source = ") && !line.contains(CRATES_INDEX),
                "package-lock.json" => line.contains("\"resolved\":"),
                _ => {
                    SETTINGS_FILES.iter().any(|it| file.path.as_os_str() == *it)
                        && REGISTRY_SETTINGS
                            .iter()
                            .any(|setting| line.contains(setting))
                }
            };
            if wrong {
                let message = "a package from a named host: use the public registries by name, and \
                               keep hosts out of lock files (omit-lockfile-registry-resolved)";
                findings.push(Finding::at(&file.path, index + 1, message));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_one_machine_are_found_and_web_addresses_are_not() {
        let line = |prefix: &str, path: &str| format!("{prefix}{path}main/x.rs");
        for path in MACHINE_PATHS {
            for (prefix, count) in [
                ("see ", 1),
                ("\"", 1),
                ("https://example.vn", 0),
                ("../..", 0),
            ] {
                let file = TextFile::new("docs/x.md", &line(prefix, path));
                assert_eq!(machine_paths(&[file]).len(), count, "{prefix}{path}");
            }
        }
    }

    #[test]
    fn packages_come_from_the_public_registries() {
        let cases = [
            ("Cargo.lock", format!("source = \"{CRATES_INDEX}\""), 0),
            (
                "Cargo.lock",
                "source = \"git+https://example.vn/tauri\"".to_owned(),
                1,
            ),
            (
                "ui/package-lock.json",
                "  \"resolved\": \"https://npm.example.vn/svelte.tgz\",".to_owned(),
                1,
            ),
            (
                "ui/package-lock.json",
                "  \"version\": \"5.57.3\",".to_owned(),
                0,
            ),
            (
                ".cargo/config.toml",
                "replace-with = \"mirror\"".to_owned(),
                1,
            ),
            ("ui/.npmrc", "save-exact=true".to_owned(), 0),
            ("ui/.npmrc", "registry=https://npm.example.vn".to_owned(), 1),
        ];
        for (path, text, count) in cases {
            assert_eq!(
                registries(&[TextFile::new(path, &text)]).len(),
                count,
                "{path}: {text}"
            );
        }
    }
}
