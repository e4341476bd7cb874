//! Limits on length. A reader should see a function on one page and know why a file would change.

use super::rust_source::RustSource;
use super::{Finding, TextFile};

/// The longest function outside tests, in lines of code.
pub const FUNCTION_LINES_MAX: usize = 70;

/// The longest source file, in lines.
pub const FILE_LINES_MAX: usize = 600;

/// Files that are one long table or are generated, with the reason.
const LONG_FILES: &[(&str, &str)] = &[("ui/src/lib/host/bindings.ts", "generated")];

/// Endings of files that have a limit.
const LIMITED_ENDINGS: [&str; 3] = ["rs", "ts", "svelte"];

/// Functions that are too long.
pub fn functions(sources: &[RustSource]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources {
        let long = |it: &_| -> bool {
            let it: &super::rust_source::Function = it;
            !it.is_test && it.code_lines > FUNCTION_LINES_MAX
        };
        for function in source.functions().iter().filter(|it| long(it)) {
            let message = format!(
                "function {} has {} lines, more than {FUNCTION_LINES_MAX}: give its parts names",
                function.name, function.code_lines
            );
            findings.push(Finding::at(&source.path, function.line, message));
        }
    }
    findings
}

/// Files that are too long.
pub fn files(files: &[TextFile]) -> Vec<Finding> {
    let is_limited = |file: &&TextFile| {
        LIMITED_ENDINGS.iter().any(|ending| file.is(ending))
            && LONG_FILES.iter().all(|(path, _)| !file.is_in(path))
    };
    let mut findings = Vec::new();
    for file in files.iter().filter(is_limited) {
        let lines = file.text.lines().count();
        if lines > FILE_LINES_MAX {
            let message = format!(
                "{lines} lines, more than {FILE_LINES_MAX}: split it by what would make it change"
            );
            findings.push(Finding::about(&file.path, message));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::rust_source::scan;
    use super::*;

    #[test]
    fn the_longest_function_is_accepted_and_one_line_more_is_not() {
        let function = |lines: usize| format!("fn f() {{\n{}}}\n", "g();\n".repeat(lines));
        let found = |text: &str| functions(&scan(&[TextFile::new("drivers/src/x.rs", text)])).len();
        assert_eq!(found(&function(FUNCTION_LINES_MAX)), 0);
        assert_eq!(found(&function(FUNCTION_LINES_MAX + 1)), 1);
        assert_eq!(
            found(&format!("#[test]\n{}", function(FUNCTION_LINES_MAX + 1))),
            0
        );
    }

    #[test]
    fn the_longest_file_is_accepted_and_one_line_more_is_not() {
        let found =
            |path: &str, lines: usize| files(&[TextFile::new(path, &"\n".repeat(lines))]).len();
        assert_eq!(found("drivers/src/x.rs", FILE_LINES_MAX), 0);
        assert_eq!(found("ui/src/screens/Desk.svelte", FILE_LINES_MAX + 1), 1);
        assert_eq!(found("ui/src/lib/host/bindings.ts", FILE_LINES_MAX + 1), 0);
        assert_eq!(found("data/practice-catalogue.json", FILE_LINES_MAX + 1), 0);
    }
}
