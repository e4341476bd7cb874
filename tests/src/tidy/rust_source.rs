//! Rust source as far as rules of style need it: what is code, what is test, where functions are.
//!
//! A small scanner instead of a parser: it knows comments, strings, character literals and
//! brackets, which is enough, and it also sees inside macros, where a syntax tree ends.

use super::TextFile;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Attributes that make an item a test.
const TEST_ATTRIBUTES: [&str; 4] = ["#[cfg(test)]", "#[cfg(all(test", "#[test]", "#[tokio::test"];

/// A function with its length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// The line of its `fn`, from 1.
    pub line: usize,
    /// Lines of code between its braces, counted as clippy counts them.
    pub code_lines: usize,
    /// Whether it belongs to a test.
    pub is_test: bool,
}

/// A Rust file, scanned.
#[derive(Debug, Clone)]
pub struct RustSource {
    /// From the root of the work tree.
    pub path: PathBuf,
    code: String,
    test_spans: Vec<(usize, usize)>,
    is_test_file: bool,
}

impl RustSource {
    /// The code of a line and its number, for every line; comments and texts are blank.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line))
    }

    /// The code as one text, with the same line breaks as the file.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The line of a place in [`RustSource::code`].
    pub fn line_of(&self, offset: usize) -> usize {
        self.code[..offset].matches('\n').count() + 1
    }

    /// Whether a place in [`RustSource::code`] belongs to a test.
    pub fn is_test_at(&self, offset: usize) -> bool {
        self.is_test_file
            || self
                .test_spans
                .iter()
                .any(|(from, to)| (*from..*to).contains(&offset))
    }

    /// Every function with a body.
    pub fn functions(&self) -> Vec<Function> {
        let starts = words(&self.code, "fn");
        starts.filter_map(|start| self.function(start)).collect()
    }

    fn function(&self, start: usize) -> Option<Function> {
        let after = self.code[start + 2..].trim_start();
        let name: String = after
            .chars()
            .take_while(|it| it.is_alphanumeric() || *it == '_')
            .collect();
        let (body, end) = block_after(&self.code, start)?;
        // A function type such as `fn(u8) -> u8` has no name and no body of its own.
        if name.is_empty() || self.code[start..body].contains(';') {
            return None;
        }
        let inside = &self.code[body + 1..end - 1];
        let code_lines = inside.lines().filter(|line| !line.trim().is_empty());
        Some(Function {
            name,
            line: self.line_of(start),
            code_lines: code_lines.count(),
            is_test: self.is_test_at(start),
        })
    }
}

/// Scans every Rust file among `files`.
pub fn scan(files: &[TextFile]) -> Vec<RustSource> {
    let rust = || files.iter().filter(|file| file.is("rs"));
    let codes: Vec<String> = rust().map(|file| blank(&file.text)).collect();
    let test_modules: BTreeSet<PathBuf> = rust()
        .zip(&codes)
        .flat_map(|(file, code)| test_modules(&file.path, code))
        .collect();
    rust()
        .zip(codes)
        .map(|(file, code)| RustSource {
            path: file.path.clone(),
            test_spans: test_spans(&code),
            is_test_file: is_test_file(&file.path)
                || test_modules.iter().any(|it| covers(it, &file.path)),
            code,
        })
        .collect()
}

/// Integration tests, benchmarks and examples are tests by their place.
fn is_test_file(path: &Path) -> bool {
    let is_test_folder = |name: &str| matches!(name, "tests" | "benches" | "examples");
    let mut folders = path.components().filter_map(|it| it.as_os_str().to_str());
    // The package of the whole-system tests lives in a folder of that name but has a `src`.
    let is_package_of_tests = path.starts_with("tests/src");
    !is_package_of_tests && folders.any(is_test_folder)
}

/// Whether the module at `module` (a file without its ending) is the file `path` or holds it.
fn covers(module: &Path, path: &Path) -> bool {
    path.with_extension("") == module || path.starts_with(module)
}

/// The files, without ending, of modules declared as tests: `#[cfg(test)] mod tests;`.
fn test_modules(path: &Path, code: &str) -> Vec<PathBuf> {
    let name = path.file_stem().unwrap_or_default();
    let folder = path.parent().unwrap_or(Path::new(""));
    let is_root = name == "mod" || name == "lib" || name == "main";
    let inside = if is_root {
        folder.to_path_buf()
    } else {
        folder.join(name)
    };
    let spans = test_spans(code).into_iter();
    let modules = spans.filter_map(|(from, to)| {
        let (_, declared) = code[from..to].split_once("mod ")?;
        Some(declared.strip_suffix(';')?.trim().to_owned())
    });
    modules.map(|module| inside.join(module)).collect()
}

/// From each attribute that makes an item a test to the end of that item.
fn test_spans(code: &str) -> Vec<(usize, usize)> {
    let mut spans = Vec::new();
    for attribute in TEST_ATTRIBUTES {
        for (from, _) in code.match_indices(attribute) {
            let semicolon = code[from..].find(';').map(|it| from + it + 1);
            let end = match (block_after(code, from), semicolon) {
                (Some((open, _)), Some(semicolon)) if semicolon < open => semicolon,
                (Some((_, end)), _) => end,
                (None, Some(semicolon)) => semicolon,
                (None, None) => code.len(),
            };
            spans.push((from, end));
        }
    }
    spans
}

/// The first `{` from `start` on and the place after its `}`.
fn block_after(code: &str, start: usize) -> Option<(usize, usize)> {
    let open = start + code[start..].find('{')?;
    let mut depth = 0_usize;
    for (offset, byte) in code[open..].bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => continue,
        }
        if depth == 0 {
            return Some((open, open + offset + 1));
        }
    }
    None
}

/// The places of `word` where it stands alone.
fn words<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let is_part = |it: char| it.is_alphanumeric() || it == '_';
    code.match_indices(word)
        .map(|(at, _)| at)
        .filter(move |&at| {
            let before = code[..at].chars().next_back().is_some_and(is_part);
            let after = code[at + word.len()..].chars().next().is_some_and(is_part);
            !before && !after
        })
}

/// Blanks comments and the insides of strings and character literals; line breaks stay.
pub fn blank(source: &str) -> String {
    let mut scanner = Scanner {
        rest: source,
        code: String::with_capacity(source.len()),
    };
    while !scanner.rest.is_empty() {
        scanner.step();
    }
    scanner.code
}

struct Scanner<'a> {
    rest: &'a str,
    code: String,
}

impl Scanner<'_> {
    fn step(&mut self) {
        if self.rest.starts_with("//") {
            self.hide(self.rest.find('\n').unwrap_or(self.rest.len()));
        } else if self.rest.starts_with("/*") {
            self.hide(block_comment_len(self.rest));
        } else if let Some(len) = raw_string_len(self.rest).filter(|_| !self.is_inside_word()) {
            self.hide(len);
        } else if self.rest.starts_with('"') {
            self.hide(quoted_len(self.rest));
        } else if let Some(len) = char_literal_len(self.rest) {
            self.hide(len);
        } else {
            self.keep();
        }
    }

    /// `r"` at the end of a longer word, as in `br"`, has been looked at already.
    fn is_inside_word(&self) -> bool {
        self.code
            .chars()
            .next_back()
            .is_some_and(|it| it.is_alphanumeric() || it == '_')
    }

    fn keep(&mut self) {
        let mut chars = self.rest.chars();
        self.code.extend(chars.next());
        self.rest = chars.as_str();
    }

    fn hide(&mut self, len: usize) {
        let (hidden, rest) = self.rest.split_at(len);
        self.code
            .extend(hidden.chars().map(|it| if it == '\n' { '\n' } else { ' ' }));
        self.rest = rest;
    }
}

fn block_comment_len(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// The length of a raw string such as `r#"…"#`, `br"…"` or `cr"…"` at the start of `text`.
fn raw_string_len(text: &str) -> Option<usize> {
    let rest = text
        .strip_prefix("br")
        .or(text.strip_prefix("cr"))
        .or(text.strip_prefix('r'))?;
    let body = rest.trim_start_matches('#');
    let hashes = &rest[..rest.len() - body.len()];
    let body = body.strip_prefix('"')?;
    let start = text.len() - body.len();
    let close = format!("\"{hashes}");
    Some(
        body.find(&close)
            .map_or(text.len(), |at| start + at + close.len()),
    )
}

/// The length of a quoted string at the start of `text`, escapes counted.
fn quoted_len(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of a character literal at the start of `text`; a lifetime is none.
fn char_literal_len(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('\'')?;
    let first = inside.chars().next()?;
    if first == '\\' {
        // The escaped character itself may be a quote.
        let close = inside.get(2..)?.find('\'')?;
        return Some(1 + 2 + close + 1);
    }
    let after = &inside[first.len_utf8()..];
    after.starts_with('\'').then_some(1 + first.len_utf8() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan_one(path: &str, text: &str) -> RustSource {
        scan(&[TextFile::new(path, text)]).remove(0)
    }

    #[test]
    fn comments_and_texts_are_blank_and_lines_stay() {
        let cases = [
            ("a // .unwrap()\nb", "a             \nb"),
            ("a /* x /* y */\n z */ b", "a             \n      b"),
            (r#"f("{ \" }")"#, "f(        )"),
            (r##"f(r#"a "} b"#, 1)"##, "f(           , 1)"),
            (r#"f(br"\", 1)"#, "f(     , 1)"),
            (r"m('{', '\'', 'x')", "m(   ,     ,    )"),
            ("fn f<'a>(x: &'a str) {}", "fn f<'a>(x: &'a str) {}"),
            ("var\"\"", "var  "),
            ("let s = \"ữ\";", "let s =    ;"),
        ];
        for (source, expected) in cases {
            assert_eq!(blank(source), expected, "{source}");
        }
    }

    #[test]
    fn an_unfinished_text_ends_with_the_file() {
        for source in ["\"abc", "/* abc", "r#\"abc\"", "'", "'\\", "// x"] {
            assert_eq!(
                blank(source).trim().trim_matches(['\'', '\\']),
                "",
                "{source}"
            );
        }
    }

    #[test]
    fn functions_are_measured_in_lines_of_code() {
        let text = "fn short() {}\n\npub async fn long<T>(\n    x: T,\n) -> T\nwhere\n    T: Copy,\n{\n\n    // why\n    x\n}\ntrait T { fn no_body(); }\ntype F = fn(u8) -> u8;\n";
        let seen: Vec<_> = scan_one("crates/core/src/x.rs", text)
            .functions()
            .into_iter()
            .map(|it| (it.name, it.line, it.code_lines))
            .collect();
        assert_eq!(
            seen,
            [("short".to_owned(), 1, 0), ("long".to_owned(), 3, 1)]
        );
    }

    #[test]
    fn tests_are_told_from_code() {
        let text = "fn code() {}\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn test() {}\n}\nfn more() {}\n";
        let functions = scan_one("crates/core/src/x.rs", text).functions();
        let is_test: Vec<_> = functions.iter().map(|it| it.is_test).collect();
        assert_eq!(is_test, [false, true, false]);
    }

    #[test]
    fn a_module_declared_as_test_is_test_with_all_below_it() {
        let files = [
            TextFile::new(
                "crates/core/src/lib.rs",
                "mod due;\n#[cfg(test)]\nmod samples;\nfn f() {}",
            ),
            TextFile::new(
                "crates/core/src/due.rs",
                "#[cfg(test)]\nmod tests;\nfn f() {}",
            ),
            TextFile::new("crates/core/src/due/tests.rs", "fn f() {}"),
            TextFile::new("crates/core/src/due/tests/table.rs", "fn f() {}"),
            TextFile::new("crates/core/src/due/rules.rs", "fn f() {}"),
            TextFile::new("crates/core/src/samples.rs", "fn f() {}"),
            TextFile::new("crates/core/tests/vectors.rs", "fn f() {}"),
            TextFile::new("tests/src/wait.rs", "fn f() {}"),
            TextFile::new("tests/tests/tidy.rs", "fn f() {}"),
        ];
        let seen: Vec<_> = scan(&files)
            .iter()
            .map(|it| it.functions()[0].is_test)
            .collect();
        assert_eq!(
            seen,
            [false, false, true, true, false, true, true, false, true]
        );
    }
}
