//! What the tests of papers share: the records, the golden files, the text of a PDF file.

#![allow(dead_code, reason = "each test binary uses its part")]

use std::path::{Path, PathBuf};

use motcua_papers::form01::Reception;
use motcua_papers::slip::TicketSlip;
use printpdf::{PdfDocument, PdfParseOptions};

/// Records of form 01, by file name in `tests/cases`.
pub(crate) const RECEPTIONS: [&str; 7] = [
    "birth",
    "long",
    "empty",
    "reprint",
    "practice",
    "single-copy",
    "letters",
];
/// Records of queue tickets.
pub(crate) const TICKETS: [&str; 2] = ["ticket", "ticket-priority"];

const UPDATE: &str = "UPDATE_GOLDEN";

pub(crate) fn reception(name: &str) -> Reception {
    serde_json::from_str(&read_case(name)).expect("a reception")
}

pub(crate) fn ticket(name: &str) -> TicketSlip {
    serde_json::from_str(&read_case(name)).expect("a ticket")
}

fn read_case(name: &str) -> String {
    let path = here().join("cases").join(format!("{name}.json"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// Text of each page, read back through the font's own map from glyphs to letters.
pub(crate) fn text_of(pdf: &[u8]) -> Vec<String> {
    let mut warnings = Vec::new();
    let options = PdfParseOptions {
        fail_on_error: true,
    };
    let document = PdfDocument::parse(pdf, &options, &mut warnings).expect("a readable file");
    document
        .extract_text()
        .into_iter()
        .map(|lines| lines.join("\n"))
        .collect()
}

/// Compares `text` with the golden file `name`.
pub(crate) fn check_text(name: &str, text: &str) {
    let path = here().join("golden").join(name);
    if updating() {
        write(&path, text.as_bytes());
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    if expected != text {
        let actual = put_aside(name, text.as_bytes());
        let line = expected.lines().zip(text.lines()).position(|(a, b)| a != b);
        panic!(
            "{name} differs from line {:?} on.\n{}",
            line.map(|n| n + 1),
            advice(&path, &actual)
        );
    }
}

/// Compares the dots of `png` with those of the golden file `name`.
pub(crate) fn check_png(name: &str, png: &[u8]) {
    let path = here().join("golden").join(name);
    if updating() {
        write(&path, png);
        return;
    }
    let expected = std::fs::read(&path).ok().map(|bytes| dots(&bytes));
    let actual = dots(png);
    if expected.as_ref() != Some(&actual) {
        let aside = put_aside(name, png);
        let what = expected.map_or_else(
            || "is new".to_owned(),
            |golden| difference(&golden, &actual),
        );
        panic!("{name} {what}.\n{}", advice(&path, &aside));
    }
}

/// Width, height and grey levels of a PNG file.
pub(crate) fn dots(png: &[u8]) -> (u32, u32, Vec<u8>) {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(png));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().expect("a PNG file");
    let mut buffer = vec![0; reader.output_buffer_size().expect("a size")];
    let info = reader.next_frame(&mut buffer).expect("an image");
    buffer.truncate(info.buffer_size());
    (info.width, info.height, buffer)
}

fn difference(golden: &(u32, u32, Vec<u8>), actual: &(u32, u32, Vec<u8>)) -> String {
    if (golden.0, golden.1) != (actual.0, actual.1) {
        return format!(
            "was {}×{}, is {}×{}",
            golden.0, golden.1, actual.0, actual.1
        );
    }
    let count = golden
        .2
        .iter()
        .zip(&actual.2)
        .filter(|(a, b)| a != b)
        .count();
    format!("differs in {count} dots")
}

fn advice(golden: &Path, actual: &Path) -> String {
    format!(
        "Compare\n  {}\n  {}\nIf the new one is right, renew the golden files with\n  \
         {UPDATE}=1 cargo test -p motcua-papers --test golden\nand look at each before you commit it.",
        golden.display(),
        actual.display()
    )
}

fn put_aside(name: &str, bytes: &[u8]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("papers")
        .join(name);
    write(&path, bytes);
    path
}

fn write(path: &Path, bytes: &[u8]) {
    let folder = path.parent().expect("a folder");
    std::fs::create_dir_all(folder).expect("folder made");
    std::fs::write(path, bytes).expect("file written");
}

fn updating() -> bool {
    std::env::var_os(UPDATE).is_some()
}
