//! Calls and habits that are banned, each with its reason and what to write instead.

use super::rust_source::RustSource;
use super::{Finding, TextFile};

/// Where a ban holds.
#[derive(Debug, Clone, Copy)]
enum Scope {
    /// In all Rust code but tests.
    Code,
    /// In Rust code below these folders, but not in their tests.
    CodeIn(&'static [&'static str]),
    /// In all Rust code, tests too.
    Everywhere,
}

#[derive(Debug, Clone, Copy)]
struct Ban {
    needle: &'static str,
    scope: Scope,
    remedy: &'static str,
}

/// The rooms that know no clock and no chance.
const PURE: &[&str] = &["crates/core", "crates/papers"];

const PURE_CLOCK: &str = "this room knows no clock; take `now` as a value";

const BANS: &[Ban] = &[
    Ban {
        needle: ".unwrap()",
        scope: Scope::Code,
        remedy: "no unwrap outside tests; return an error with a remedy, or make the state \
                 impossible by a type",
    },
    Ban {
        needle: "SystemTime::now",
        scope: Scope::CodeIn(PURE),
        remedy: PURE_CLOCK,
    },
    Ban {
        needle: "Instant::now",
        scope: Scope::CodeIn(PURE),
        remedy: PURE_CLOCK,
    },
    Ban {
        needle: "Timestamp::now",
        scope: Scope::CodeIn(PURE),
        remedy: PURE_CLOCK,
    },
    Ban {
        needle: "Zoned::now",
        scope: Scope::CodeIn(PURE),
        remedy: PURE_CLOCK,
    },
    Ban {
        needle: "new_v4",
        scope: Scope::CodeIn(PURE),
        remedy: "this room knows no chance; take the identifier as a value",
    },
    Ban {
        needle: "#[ignore",
        scope: Scope::Everywhere,
        remedy: "a test that never runs proves nothing; guard a long one by MOTCUA_FULL",
    },
    Ban {
        needle: "unimplemented!",
        scope: Scope::Everywhere,
        remedy: "finish it or leave it out",
    },
    Ban {
        needle: concat!("to", "do!"),
        scope: Scope::Everywhere,
        remedy: "finish it or leave it out",
    },
];

/// Marks of unfinished work, looked for in every kind of source.
const MARKS: [&str; 4] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X:"),
    concat!("HA", "CK:"),
];

/// Endings of files that people write.
const SOURCE_ENDINGS: [&str; 9] = [
    "rs", "ts", "svelte", "css", "html", "sh", "toml", "md", "sql",
];

/// Banned calls in Rust.
pub fn calls(sources: &[RustSource]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources {
        for ban in BANS.iter().filter(|ban| holds_in(ban.scope, source)) {
            for (at, _) in source.code().match_indices(ban.needle) {
                if matches!(ban.scope, Scope::Everywhere) || !source.is_test_at(at) {
                    let message = format!("`{}`: {}", ban.needle, ban.remedy);
                    findings.push(Finding::at(&source.path, source.line_of(at), message));
                }
            }
        }
    }
    findings
}

fn holds_in(scope: Scope, source: &RustSource) -> bool {
    match scope {
        Scope::Code | Scope::Everywhere => true,
        Scope::CodeIn(folders) => folders.iter().any(|folder| source.path.starts_with(folder)),
    }
}

/// Errors that are mere text.
pub fn stringly_errors(sources: &[RustSource]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources {
        for (at, name) in source.code().match_indices("Result<") {
            if !source.is_test_at(at)
                && error_type(&source.code()[at + name.len()..]) == Some("String")
            {
                let message = "`Result<_, String>`: make the error a type with a code and a remedy \
                               (thiserror), so that callers need not read sentences";
                findings.push(Finding::at(&source.path, source.line_of(at), message));
            }
        }
    }
    findings
}

/// The second argument of a `Result<…>` whose text after `<` is `arguments`.
fn error_type(arguments: &str) -> Option<&str> {
    let mut depth = 0_usize;
    let mut comma: Option<usize> = None;
    let mut previous = ' ';
    for (at, letter) in arguments.char_indices() {
        match letter {
            '<' | '(' | '[' => depth += 1,
            // The end of an arrow is no bracket.
            '>' if previous == '-' => {}
            '>' if depth == 0 => {
                let error = &arguments[comma? + 1..at];
                return Some(error.trim().trim_end_matches(',').trim());
            }
            '>' | ')' | ']' => depth = depth.checked_sub(1)?,
            ',' if depth == 0 && comma.is_none() => comma = Some(at),
            _ => {}
        }
        previous = letter;
    }
    None
}

/// Commands that would run on the window's own thread and freeze it.
pub fn sync_commands(sources: &[RustSource]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources {
        for (at, _) in source.code().match_indices("#[tauri::command") {
            let head = source.code()[at..]
                .split_once("fn ")
                .map_or("", |(head, _)| head);
            if !head.contains("async ") {
                let message = "a command that is not async runs on the window's thread and freezes \
                               it; make it `async fn`";
                findings.push(Finding::at(&source.path, source.line_of(at), message));
            }
        }
    }
    findings
}

/// Marks of unfinished work.
pub fn unfinished(files: &[TextFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files
        .iter()
        .filter(|file| SOURCE_ENDINGS.iter().any(|ending| file.is(ending)))
    {
        for (index, line) in file.text.lines().enumerate() {
            if let Some(mark) = MARKS.iter().find(|mark| line.contains(**mark)) {
                let message =
                    format!("`{mark}`: finish it, or leave it out and say so in README.md");
                findings.push(Finding::at(&file.path, index + 1, message));
            }
        }
    }
    findings
}

/// Only the host of the window may know Tauri; everything else must run in a plain browser too.
pub fn tauri_in_screens(files: &[TextFile]) -> Vec<Finding> {
    let is_screen = |file: &&TextFile| {
        file.is_in("ui/src")
            && !file.is_in("ui/src/lib/host")
            && (file.is("ts") || file.is("svelte"))
    };
    let mut findings = Vec::new();
    for file in files.iter().filter(is_screen) {
        for (index, line) in file.text.lines().enumerate() {
            if line.contains("@tauri-apps") {
                let message =
                    "`@tauri-apps` outside ui/src/lib/host: ask the host interface instead";
                findings.push(Finding::at(&file.path, index + 1, message));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::rust_source::scan;
    use super::*;

    fn lines_of(findings: &[Finding]) -> Vec<usize> {
        findings.iter().map(|it| it.line).collect()
    }

    fn scan_one(path: &str, text: &str) -> Vec<RustSource> {
        scan(&[TextFile::new(path, text)])
    }

    #[test]
    fn unwrap_is_for_tests_only() {
        let text = "fn f() { x.unwrap() }\n// x.unwrap()\nfn g() { x.unwrap_or(1) }\n\
                    #[cfg(test)]\nmod tests { fn t() { x.unwrap() } }\n";
        assert_eq!(lines_of(&calls(&scan_one("drivers/src/x.rs", text))), [1]);
        assert_eq!(
            lines_of(&calls(&scan_one("drivers/tests/x.rs", text))),
            [0; 0]
        );
    }

    #[test]
    fn pure_rooms_have_no_clock_and_no_chance() {
        let text = "fn f() { Timestamp::now(); }\nfn g() { Uuid::new_v4(); }\n";
        assert_eq!(
            lines_of(&calls(&scan_one("crates/core/src/x.rs", text))),
            [1, 2]
        );
        assert_eq!(
            lines_of(&calls(&scan_one("crates/desk/src/x.rs", text))),
            [0; 0]
        );
    }

    #[test]
    fn an_ignored_test_is_found_even_in_a_test() {
        let text = "#[cfg(test)]\nmod tests {\n#[test]\n#[ignore]\nfn t() {}\n}\n";
        assert_eq!(lines_of(&calls(&scan_one("drivers/src/x.rs", text))), [4]);
    }

    #[test]
    fn errors_that_are_text_are_found_however_they_are_written() {
        let cases = [
            ("fn f() -> Result<u8, String> {}", 1),
            ("fn f() -> Result<Vec<(u8, u8)>,\n  String,\n> {}", 1),
            (
                "fn f() -> std::result::Result<HashMap<u8, String>, String> {}",
                1,
            ),
            ("fn f() -> Result<HashMap<u8, String>, Error> {}", 0),
            ("fn f() -> Result<Box<dyn Fn(u8) -> u8>, String> {}", 1),
            ("fn f() -> Result<String> {}", 0),
            ("// Result<u8, String>", 0),
        ];
        for (text, count) in cases {
            let found = stringly_errors(&scan_one("drivers/src/x.rs", text));
            assert_eq!(found.len(), count, "{text}");
        }
    }

    #[test]
    fn commands_are_async() {
        let text = "#[tauri::command]\n#[specta::specta]\npub async fn good() {}\n\
                    #[tauri::command]\npub fn bad() { async move {} }\n";
        assert_eq!(
            lines_of(&sync_commands(&scan_one("src-tauri/src/ipc/x.rs", text))),
            [4]
        );
    }

    #[test]
    fn marks_of_unfinished_work_are_found_in_comments_too() {
        let text = format!("fn f() {{}}\n// {} later\n", MARKS[0]);
        assert_eq!(
            lines_of(&unfinished(&[TextFile::new("ui/src/x.ts", &text)])),
            [2]
        );
        assert_eq!(
            lines_of(&unfinished(&[TextFile::new("data/x.json", &text)])),
            [0; 0]
        );
    }

    #[test]
    fn only_the_host_knows_tauri() {
        let text = "import { invoke } from '@tauri-apps/api/core';\n";
        let findings = |path| tauri_in_screens(&[TextFile::new(path, text)]).len();
        assert_eq!(findings("ui/src/screens/Desk.svelte"), 1);
        assert_eq!(findings("ui/src/lib/host/tauri.ts"), 0);
    }
}
