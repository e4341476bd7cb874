//! The floors of the house: who may know whom, read from `cargo metadata`.
//!
//! `core` ← `ledger`, `papers`, `drivers` ← `desk`, `sync-server` ← `src-tauri`, `cli`. An arrow
//! never runs back up; `papers` and `drivers` know no other room at all.

use super::Finding;
use anyhow::{Context, Result};
use serde_json::Value;

/// Each room with the rooms it may depend on. A room that is not here may not exist.
const FLOORS: &[(&str, &[&str])] = &[
    ("motcua-core", &[]),
    ("motcua-papers", &[]),
    ("motcua-drivers", &[]),
    ("motcua-ledger", &["motcua-core"]),
    (
        "motcua-desk",
        &[
            "motcua-core",
            "motcua-drivers",
            "motcua-ledger",
            "motcua-papers",
        ],
    ),
    ("motcua-sync-server", &["motcua-core", "motcua-ledger"]),
    ("motcua", &BELOW_THE_ROOF),
    ("motcua-app", &BELOW_THE_ROOF),
    ("motcua-tests", &BELOW_THE_ROOF),
    ("xtask", &[]),
];

const BELOW_THE_ROOF: [&str; 6] = [
    "motcua-core",
    "motcua-desk",
    "motcua-drivers",
    "motcua-ledger",
    "motcua-papers",
    "motcua-sync-server",
];

/// A crate of others that only some rooms may depend on.
struct Reserved {
    prefix: &'static str,
    rooms: &'static [&'static str],
    why: &'static str,
}

const RESERVED: &[Reserved] = &[
    Reserved {
        prefix: "tauri",
        rooms: &["motcua-app"],
        why: "only the shell knows the window; everything below must run without one",
    },
    Reserved {
        prefix: "anyhow",
        rooms: &["motcua", "motcua-tests", "xtask"],
        why: "errors of a library are types with a code (thiserror)",
    },
    Reserved {
        prefix: "rusqlite",
        rooms: &["motcua-ledger"],
        why: "no SQL outside the ledger's stores",
    },
    Reserved {
        prefix: "printpdf",
        rooms: &["motcua-papers"],
        why: "only papers knows how a paper is drawn",
    },
    Reserved {
        prefix: "serialport",
        rooms: &["motcua-drivers"],
        why: "only drivers talks to devices",
    },
    Reserved {
        prefix: "rusb",
        rooms: &["motcua-drivers"],
        why: "only drivers talks to devices",
    },
    Reserved {
        prefix: "axum",
        rooms: &["motcua-sync-server", "motcua-tests"],
        why: "only the hub serves",
    },
    Reserved {
        prefix: "tokio",
        rooms: &[
            "motcua-ledger",
            "motcua-desk",
            "motcua-sync-server",
            "motcua",
            "motcua-app",
            "motcua-tests",
        ],
        why: "core and papers are values to values, drivers own their threads",
    },
];

/// What is wrong with the arrows of `cargo metadata --no-deps`.
///
/// # Errors
/// When the metadata has another shape.
pub fn check(metadata: &Value) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for package in metadata["packages"].as_array().context("packages")? {
        let name = package["name"]
            .as_str()
            .context("a package without a name")?;
        let manifest = package["manifest_path"]
            .as_str()
            .context("a package without a manifest")?;
        let Some((_, allowed)) = FLOORS.iter().find(|(room, _)| *room == name) else {
            let message =
                format!("room {name} is on no floor: say in tidy/arrows.rs whom it may know");
            findings.push(Finding::about(manifest, message));
            continue;
        };
        for dependency in package["dependencies"].as_array().context("dependencies")? {
            let other = dependency["name"]
                .as_str()
                .context("a dependency without a name")?;
            let is_for_tests = dependency["kind"] == "dev";
            let wrong = wrong_arrow(name, allowed, other, is_for_tests);
            findings.extend(wrong.map(|message| Finding::about(manifest, message)));
        }
    }
    Ok(findings)
}

fn wrong_arrow(room: &str, allowed: &[&str], other: &str, is_for_tests: bool) -> Option<String> {
    let is_room = FLOORS.iter().any(|(room, _)| *room == other);
    if is_room && !allowed.contains(&other) {
        return Some(format!(
            "{room} must not know {other}: an arrow never runs back up; move what is shared down, or \
             pass a value"
        ));
    }
    // In its tests a room may use what it likes, except rooms above it.
    let reserved = RESERVED.iter().find(|it| {
        let is_family = other == it.prefix || other.starts_with(&format!("{}-", it.prefix));
        !is_for_tests && is_family && !it.rooms.contains(&room)
    })?;
    Some(format!(
        "{room} must not depend on {other}: {}",
        reserved.why
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn house(name: &str, dependencies: &[(&str, Value)]) -> Value {
        let dependencies: Vec<_> = dependencies
            .iter()
            .map(|(name, kind)| json!({"name": name, "kind": kind}))
            .collect();
        json!({"packages": [
            {"name": name, "manifest_path": "x/Cargo.toml", "dependencies": dependencies},
        ]})
    }

    fn count(name: &str, other: &str, kind: Value) -> usize {
        check(&house(name, &[(other, kind)])).unwrap().len()
    }

    #[test]
    fn arrows_run_down_only() {
        let cases = [
            ("motcua-ledger", "motcua-core", 0),
            ("motcua-core", "motcua-ledger", 1),
            ("motcua-drivers", "motcua-core", 1),
            ("motcua-papers", "motcua-core", 1),
            ("motcua-desk", "motcua-sync-server", 1),
            ("motcua-sync-server", "motcua-desk", 1),
            ("motcua-app", "motcua-sync-server", 0),
            ("motcua", "motcua-app", 1),
            ("motcua-cellar", "motcua-core", 1),
        ];
        for (name, other, expected) in cases {
            assert_eq!(
                count(name, other, Value::Null),
                expected,
                "{name} -> {other}"
            );
            assert_eq!(
                count(name, other, json!("dev")),
                expected,
                "{name} -> {other} in tests"
            );
        }
    }

    #[test]
    fn crates_of_others_have_their_rooms() {
        let cases = [
            ("motcua-app", "tauri-specta", 0),
            ("motcua-desk", "tauri", 1),
            ("motcua-ledger", "anyhow", 1),
            ("motcua", "anyhow", 0),
            ("motcua-desk", "rusqlite", 1),
            ("motcua-core", "tokio", 1),
            ("motcua-core", "jiff", 0),
        ];
        for (name, other, expected) in cases {
            assert_eq!(
                count(name, other, Value::Null),
                expected,
                "{name} -> {other}"
            );
        }
        assert_eq!(count("motcua-core", "tokio", json!("dev")), 0);
    }
}
