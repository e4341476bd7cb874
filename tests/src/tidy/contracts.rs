//! Lists that live in two places and must agree: error codes and their sentences, commands and
//! the rights of windows.

use super::rust_source::{RustSource, blank};
use super::{Finding, TextFile};
use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::BTreeSet;

/// Where the codes are listed.
pub const ERRORS: &str = "src-tauri/src/ipc/error.rs";

/// Where the commands are listed, one a line.
pub const COMMANDS: &str = "src-tauri/commands.list";

/// The folder of the rights, one file a window.
pub const CAPABILITIES: &str = "src-tauri/capabilities";

/// The catalogues of messages, the source first.
const CATALOGUES: [&str; 2] = ["ui/messages/vi.json", "ui/messages/en.json"];

/// The parts of every message: what happened, what is safe, what to do.
const PARTS: [&str; 3] = ["what", "safe", "do"];

/// Every error code has its sentence in three parts in both languages, and no sentence is left
/// over.
///
/// # Errors
/// When one of the lists is missing or cannot be read.
pub fn error_messages(files: &[TextFile]) -> Result<Vec<Finding>> {
    let codes = error_codes(&find(files, ERRORS)?.text)?;
    let mut findings = Vec::new();
    for path in CATALOGUES {
        let catalogue: Value = serde_json::from_str(&find(files, path)?.text).context(path)?;
        let catalogue = catalogue
            .as_object()
            .with_context(|| format!("{path} is no catalogue"))?;
        for code in &codes {
            for part in PARTS {
                let key = format!("error.{code}.{part}");
                let text = catalogue
                    .get(&key)
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                if text.trim().is_empty() {
                    let message = format!("`{key}` is missing: say it in one short sentence");
                    findings.push(Finding::about(path, message));
                }
            }
        }
        for key in catalogue
            .keys()
            .filter_map(|key| key.strip_prefix("error."))
        {
            let code = key.split('.').next().unwrap_or_default();
            if !codes.contains(code) {
                let message = format!("`error.{key}` belongs to no code in {ERRORS}: take it out");
                findings.push(Finding::about(path, message));
            }
        }
    }
    Ok(findings)
}

/// The variants of `enum ApiError`, in snake case as they cross the border.
fn error_codes(source: &str) -> Result<BTreeSet<String>> {
    let code = blank(source);
    let (_, after) = code
        .split_once("enum ApiError")
        .context("enum ApiError is not there")?;
    let (_, body) = after.split_once('{').context("enum ApiError has no body")?;
    let mut codes = BTreeSet::new();
    let mut depth = 0_usize;
    let mut word = String::new();
    for letter in body.chars() {
        match letter {
            '}' if depth == 0 => break,
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => depth = depth.saturating_sub(1),
            it if depth == 0 && it.is_alphanumeric() => {
                word.push(it);
                continue;
            }
            _ => {}
        }
        if !word.is_empty() {
            codes.insert(snake_case(&std::mem::take(&mut word)));
        }
    }
    anyhow::ensure!(!codes.is_empty(), "enum ApiError has no variants");
    Ok(codes)
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

/// Every command of the list is allowed to some window and to no unknown one, and every command in
/// the code is in the list.
///
/// # Errors
/// When one of the lists is missing or cannot be read.
pub fn commands(files: &[TextFile], sources: &[RustSource]) -> Result<Vec<Finding>> {
    let listed: BTreeSet<&str> = find(files, COMMANDS)?
        .text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    let mut findings = Vec::new();
    let mut allowed = BTreeSet::new();
    for file in files
        .iter()
        .filter(|file| file.is_in(CAPABILITIES) && file.is("json"))
    {
        for permission in permissions(file)? {
            if permission.contains('*') || permission == "core:default" {
                let message =
                    format!("`{permission}`: name each right, so that a new one is a decision");
                findings.push(Finding::about(&file.path, message));
            }
            let Some(command) = permission.strip_prefix("allow-") else {
                continue;
            };
            let command = command.replace('-', "_");
            if !listed.contains(command.as_str()) {
                let message =
                    format!("`{permission}` allows no command of {COMMANDS}: take it out");
                findings.push(Finding::about(&file.path, message));
            }
            allowed.insert(command);
        }
    }
    for command in listed.iter().filter(|command| !allowed.contains(**command)) {
        let right = command.replace('_', "-");
        let message =
            format!("`{command}` is allowed to no window: add `allow-{right}` in {CAPABILITIES}");
        findings.push(Finding::about(COMMANDS, message));
    }
    for (source, line, command) in sources.iter().flat_map(declared_commands) {
        if !listed.contains(command) {
            let message = format!("command `{command}` is not in {COMMANDS}: add it there");
            findings.push(Finding::at(&source.path, line, message));
        }
    }
    Ok(findings)
}

fn permissions(file: &TextFile) -> Result<Vec<String>> {
    let path = file.path.display();
    let capability: Value = serde_json::from_str(&file.text).with_context(|| path.to_string())?;
    let list = capability["permissions"].as_array();
    let list = list.with_context(|| format!("{path} has no permissions"))?;
    // A permission is a name, or an object with one.
    let name = |it: &Value| it.as_str().or(it["identifier"].as_str()).map(str::to_owned);
    list.iter()
        .map(|it| name(it).with_context(|| format!("{path}: {it}")))
        .collect()
}

/// The functions marked as commands, with their lines.
fn declared_commands(source: &RustSource) -> Vec<(&RustSource, usize, &str)> {
    let mut found = Vec::new();
    for (at, _) in source.code().match_indices("#[tauri::command") {
        let Some((head, rest)) = source.code()[at..].split_once("fn ") else {
            continue;
        };
        let name = rest
            .split(|it: char| !it.is_alphanumeric() && it != '_')
            .next();
        let line = source.line_of(at + head.len());
        found.extend(name.map(|name| (source, line, name)));
    }
    found
}

fn find<'a>(files: &'a [TextFile], path: &str) -> Result<&'a TextFile> {
    let found = files.iter().find(|file| file.path.as_os_str() == path);
    found.with_context(|| format!("{path} is not there"))
}

#[cfg(test)]
mod tests {
    use super::super::rust_source::scan;
    use super::*;
    use serde_json::json;

    const ENUM: &str = "/// Why.\n#[derive(Debug)]\npub enum ApiError {\n    NotSignedIn,\n    \
        #[serde(rename = \"x\")]\n    WrongPin { tries_left: u32 },\n    // gone: Old,\n    Other(Vec<u8>),\n}\n\
        enum Later { Not }";

    #[test]
    fn codes_are_the_variants_in_snake_case() {
        let codes: Vec<_> = error_codes(ENUM).unwrap().into_iter().collect();
        assert_eq!(codes, ["not_signed_in", "other", "wrong_pin"]);
        assert!(error_codes("enum ApiError {}").is_err());
    }

    fn catalogue(language: &str, leave_out: &str, add: &str) -> TextFile {
        let mut keys = serde_json::Map::new();
        for code in ["not_signed_in", "other", "wrong_pin"] {
            for part in PARTS {
                keys.insert(format!("error.{code}.{part}"), json!("Chưa đăng nhập."));
            }
        }
        keys.remove(leave_out);
        keys.insert(add.to_owned(), json!("Chữ"));
        TextFile::new(
            &format!("ui/messages/{language}.json"),
            &Value::Object(keys).to_string(),
        )
    }

    #[test]
    fn every_code_has_three_parts_in_both_languages_and_no_more() {
        let check = |leave_out, add| {
            let error = TextFile::new(ERRORS, ENUM);
            let vi = catalogue("vi", leave_out, "desk.title");
            error_messages(&[error, vi, catalogue("en", "", add)]).unwrap()
        };
        assert_eq!(check("", "desk.title"), []);
        let missing = check("error.wrong_pin.safe", "desk.title");
        assert!(missing.len() == 1 && missing[0].message.contains("error.wrong_pin.safe"));
        let left_over = check("", "error.gone.what");
        assert!(left_over.len() == 1 && left_over[0].message.contains("error.gone.what"));
        assert!(
            error_messages(&[TextFile::new(ERRORS, ENUM)]).is_err(),
            "no catalogue, no pass"
        );
    }

    fn check_commands(list: &str, permissions: &Value, code: &str) -> Vec<String> {
        let capability = json!({"permissions": permissions}).to_string();
        let files = [
            TextFile::new(COMMANDS, list),
            TextFile::new("src-tauri/capabilities/main.json", &capability),
            TextFile::new("src-tauri/src/ipc/queue.rs", code),
        ];
        let findings = commands(&files, &scan(&files)).unwrap();
        findings.into_iter().map(|it| it.message).collect()
    }

    #[test]
    fn list_rights_and_code_agree() {
        let code = "#[tauri::command]\n#[specta::specta]\npub async fn call_next() {}\n";
        let good = json!(["core:event:allow-listen", "allow-call-next"]);
        assert_eq!(check_commands("# queue\ncall_next\n", &good, code), [""; 0]);

        let no_right = check_commands("call_next\nno_show\n", &good, code);
        assert!(no_right[0].contains("allow-no-show"), "{no_right:?}");
        let no_command =
            check_commands("call_next\n", &json!(["allow-call-next", "allow-x"]), code);
        assert!(no_command[0].contains("allow-x"), "{no_command:?}");
        let not_listed = check_commands("", &json!([]), code);
        assert!(not_listed[0].contains("call_next"), "{not_listed:?}");
        let too_wide = check_commands(
            "call_next\n",
            &json!(["core:default", "allow-call-next"]),
            code,
        );
        assert!(too_wide[0].contains("core:default"), "{too_wide:?}");
    }
}
