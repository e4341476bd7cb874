//! Reads one profile and says exactly where it is wrong.

use std::io;
use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use thiserror::Error;
use toml::Spanned;

use super::{DisplayProfile, FolderProfile, PrinterProfile, Profile, ProfileKind};
use crate::manager::Role;
use crate::protocols::barcode;
use crate::protocols::escpos::command::Cut;
use crate::protocols::escpos::raster::{Guard, MAX_BAND_ROWS, MAX_WIDTH_DOTS};
use crate::protocols::escpos::run::{Barrier, PrinterTraits};
use crate::protocols::linedisplay;
use crate::transports::{Flow, Parity, SerialSettings};

/// What is wrong with a profile, where, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{file}, dòng {line}: {what}. Hãy viết: {write}")]
pub struct ProfileError {
    /// The file.
    pub file: String,
    /// Line, from 1; 0 when the file could not be read at all.
    pub line: usize,
    /// What is wrong.
    pub what: String,
    /// What to write instead.
    pub write: String,
}

impl ProfileError {
    pub(super) fn unreadable(path: &Path, error: &io::Error) -> Self {
        Self {
            file: path.display().to_string(),
            line: 0,
            what: format!("không đọc được ({error})"),
            write: "tệp TOML mã UTF-8 mà tài khoản này có quyền đọc".to_owned(),
        }
    }

    pub(super) fn too_large(path: &Path, limit_bytes: u64) -> Self {
        Self {
            file: path.display().to_string(),
            line: 0,
            what: "tệp quá lớn".to_owned(),
            write: format!("không quá {limit_bytes} byte"),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Protocol {
    Escpos,
    CodeLines,
    LineDisplay,
    StuSerial,
    Canvas,
    ScanFolder,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: Spanned<String>,
    role: Spanned<Role>,
    protocol: Spanned<Protocol>,
    #[serde(default, rename = "match")]
    matches: Vec<Spanned<String>>,
    #[serde(default)]
    serial: Serial,
    paper: Option<PaperTable>,
    text: Option<Text>,
    status: Option<Status>,
    cut: Option<CutTable>,
    quirks: Option<Quirks>,
    reader: Option<Reader>,
    display: Option<Display>,
    folder: Option<Folder>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Serial {
    baud: Option<Spanned<u32>>,
    parity: Parity,
    flow: Flow,
}

impl Default for Serial {
    fn default() -> Self {
        Self {
            baud: None,
            parity: Parity::None,
            flow: Flow::None,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PaperTable {
    dots: Spanned<u16>,
    dpi: Spanned<u16>,
    band_rows: Spanned<u16>,
    roll_m: Spanned<u32>,
    near_end_mm: Spanned<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum TextMode {
    Raster,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    #[serde(rename = "mode")]
    _mode: TextMode,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Status {
    dle_eot: bool,
    automatic: bool,
    barrier: Barrier,
    model_name: bool,
    clear_buffer: bool,
    poll_ms: Spanned<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CutTable {
    style: Cut,
    feed_lines: u8,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Quirks {
    realtime_guard: Guard,
    native_qr: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reader {
    silence_ms: Spanned<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Display {
    mode: linedisplay::Mode,
    stale_after_s: Spanned<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Folder {
    poll_ms: Spanned<u64>,
    patience_s: Spanned<u64>,
}

const DEFAULT_BAUD: u32 = 9_600;
const MICROMETRES_PER_INCH: u64 = 25_400;

struct Place<'a> {
    file: &'a str,
    text: &'a str,
}

impl Place<'_> {
    fn line(&self, at: usize) -> usize {
        let upto = self
            .text
            .as_bytes()
            .get(..at)
            .unwrap_or(self.text.as_bytes());
        1 + upto.iter().filter(|byte| **byte == b'\n').count()
    }

    fn error(&self, span: Range<usize>, what: &str, write: impl Into<String>) -> ProfileError {
        ProfileError {
            file: self.file.to_owned(),
            line: self.line(span.start),
            what: what.to_owned(),
            write: write.into(),
        }
    }

    fn within<T>(&self, value: &Spanned<T>, range: std::ops::RangeInclusive<T>) -> Checked<T>
    where
        T: Copy + PartialOrd + std::fmt::Display,
    {
        let number = *value.get_ref();
        if range.contains(&number) {
            return Ok(number);
        }
        Err(self.error(
            value.span(),
            &format!("giá trị {number} ngoài khoảng cho phép"),
            format!("một số từ {} đến {}", range.start(), range.end()),
        ))
    }

    fn table<'t, T>(&self, table: Option<&'t T>, name: &str, protocol: &str) -> Checked<&'t T> {
        table.ok_or_else(|| {
            self.error(
                self.text.len()..self.text.len(),
                &format!("thiếu bảng [{name}] mà giao thức {protocol} cần"),
                format!("một bảng [{name}] như trong cấu hình có sẵn"),
            )
        })
    }
}

type Checked<T> = Result<T, ProfileError>;

/// Reads a profile.
pub(super) fn profile(id: &str, file: &str, text: &str) -> Checked<Profile> {
    let place = Place { file, text };
    let parsed: File = toml::from_str(text).map_err(|error| syntax(&place, &error))?;
    if parsed.name.get_ref().trim().is_empty() {
        return Err(place.error(
            parsed.name.span(),
            "tên để trống",
            "tên thiết bị cho người đọc",
        ));
    }
    let kind = kind(&place, &parsed)?;
    check_role(&place, &parsed)?;
    let baud = match &parsed.serial.baud {
        Some(baud) => place.within(baud, 300..=3_000_000)?,
        None => DEFAULT_BAUD,
    };
    Ok(Profile {
        id: id.to_owned(),
        name: parsed.name.into_inner(),
        role: parsed.role.into_inner(),
        matches: matches(&place, &parsed.matches)?,
        serial: SerialSettings {
            baud,
            parity: parsed.serial.parity,
            flow: parsed.serial.flow,
        },
        kind,
    })
}

/// Turns the reader's English complaint into place, fact and remedy.
fn syntax(place: &Place<'_>, error: &toml::de::Error) -> ProfileError {
    let message = error.message().trim();
    let (what, write) = match message.split_once("expected ") {
        Some((what, expected)) => (what.trim_end_matches([',', ' ']), expected.to_owned()),
        None => match message.strip_prefix("missing field ") {
            Some(field) => ("thiếu một dòng", format!("thêm dòng {field} = …")),
            None => (message, "như trong cấu hình có sẵn".to_owned()),
        },
    };
    let what = what
        .replace("unknown field", "không có mục nào tên")
        .replace("unknown variant", "không có giá trị")
        .replace("invalid type:", "sai kiểu:");
    let what = if what.is_empty() {
        "sai cú pháp TOML".to_owned()
    } else {
        what
    };
    let start = error.span().map_or(0, |span| span.start);
    place.error(start..start, &what, write)
}

fn check_role(place: &Place<'_>, parsed: &File) -> Checked<()> {
    let fits = match parsed.protocol.get_ref() {
        Protocol::Escpos => Role::ReceiptPrinter,
        Protocol::CodeLines => Role::CodeReader,
        Protocol::LineDisplay => Role::CallDisplay,
        Protocol::StuSerial | Protocol::Canvas => Role::SignaturePad,
        Protocol::ScanFolder => Role::PageSource,
    };
    if *parsed.role.get_ref() == fits {
        return Ok(());
    }
    let name = serde_json::to_string(&fits).unwrap_or_default();
    Err(place.error(
        parsed.role.span(),
        "vai trò không hợp với giao thức",
        format!("role = {name}"),
    ))
}

fn matches(place: &Place<'_>, patterns: &[Spanned<String>]) -> Checked<Vec<String>> {
    patterns
        .iter()
        .map(|pattern| {
            let known = ["usb:", "1284:"]
                .iter()
                .any(|kind| pattern.get_ref().starts_with(kind));
            if known {
                return Ok(pattern.get_ref().clone());
            }
            Err(place.error(
                pattern.span(),
                "không rõ cách nhận ra thiết bị",
                "\"usb:04b8:0e28\" hoặc \"1284:MFG=EPSON;MDL=TM-T82*\"",
            ))
        })
        .collect()
}

fn kind(place: &Place<'_>, parsed: &File) -> Checked<ProfileKind> {
    Ok(match parsed.protocol.get_ref() {
        Protocol::Escpos => ProfileKind::EscPos(printer(place, parsed)?),
        Protocol::CodeLines => {
            let reader = place.table(parsed.reader.as_ref(), "reader", "code-lines")?;
            let silence_ms = place.within(&reader.silence_ms, 20..=1_000)?;
            ProfileKind::CodeLines(barcode::Framing {
                silence: Duration::from_millis(silence_ms),
            })
        }
        Protocol::LineDisplay => {
            let display = place.table(parsed.display.as_ref(), "display", "line-display")?;
            let stale_s = place.within(&display.stale_after_s, 0..=86_400)?;
            ProfileKind::LineDisplay(DisplayProfile {
                mode: display.mode,
                stale_after: (stale_s > 0).then(|| Duration::from_secs(stale_s)),
            })
        }
        Protocol::StuSerial => ProfileKind::StuSerial,
        Protocol::Canvas => ProfileKind::Canvas,
        Protocol::ScanFolder => {
            let folder = place.table(parsed.folder.as_ref(), "folder", "scan-folder")?;
            ProfileKind::ScanFolder(FolderProfile {
                poll: Duration::from_millis(place.within(&folder.poll_ms, 100..=60_000)?),
                patience: Duration::from_secs(place.within(&folder.patience_s, 1..=600)?),
            })
        }
    })
}

fn printer(place: &Place<'_>, parsed: &File) -> Checked<PrinterProfile> {
    let paper = place.table(parsed.paper.as_ref(), "paper", "escpos")?;
    place.table(parsed.text.as_ref(), "text", "escpos")?;
    let status = place.table(parsed.status.as_ref(), "status", "escpos")?;
    let cut = place.table(parsed.cut.as_ref(), "cut", "escpos")?;
    let quirks = place.table(parsed.quirks.as_ref(), "quirks", "escpos")?;
    let dpi = place.within(&paper.dpi, 100..=400)?;
    let dots_of = |mm: u64| mm * 1_000 * u64::from(dpi) / MICROMETRES_PER_INCH;
    let roll_m = place.within(&paper.roll_m, 1..=500)?;
    let near_end_mm = place.within(&paper.near_end_mm, 0..=50_000)?;
    Ok(PrinterProfile {
        traits: PrinterTraits {
            band_rows: place.within(&paper.band_rows, 8..=MAX_BAND_ROWS)?,
            guard: quirks.realtime_guard,
            dle_eot: status.dle_eot,
            automatic_status: status.automatic,
            barrier: status.barrier,
            model_name: status.model_name,
            clear_buffer: status.clear_buffer,
            cut: cut.style,
            feed_lines: cut.feed_lines,
            native_qr: quirks.native_qr,
            ..PrinterTraits::default()
        },
        dots: place.within(&paper.dots, 8..=MAX_WIDTH_DOTS)?,
        dpi,
        roll_dots: dots_of(u64::from(roll_m) * 1_000),
        near_end_dots: dots_of(u64::from(near_end_mm)),
        poll: Duration::from_millis(place.within(&status.poll_ms, 500..=60_000)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GENERIC: &str = include_str!("../../profiles/escpos-80mm.toml");

    fn wrong(from: &str, to: &str) -> ProfileError {
        assert!(GENERIC.contains(from), "{from}");
        profile("x", "x.toml", &GENERIC.replace(from, to)).unwrap_err()
    }

    #[test]
    fn errors_name_the_line_and_what_to_write() {
        let table = [
            ("dots = 576", "dots = 5760", "từ 8 đến 896"),
            ("barrier = \"gs-r1\"", "barrier = \"gsr1\"", "gs-r1"),
            ("dle_eot = true", "dle_eot = 1", "boolean"),
            ("native_qr = true", "natve_qr = true", "realtime_guard"),
            ("mode = \"raster\"", "mode = \"tcvn3\"", "raster"),
            (
                "role = \"receipt_printer\"",
                "role = \"code_reader\"",
                "receipt_printer",
            ),
            ("baud = 115200", "baud = 5", "từ 300"),
            (
                "protocol = \"escpos\"",
                "protocol = \"escpos\"; match = 1",
                "newline",
            ),
        ];
        for (from, to, write) in table {
            let error = wrong(from, to);
            let before = GENERIC.split(from).next().unwrap();
            assert_eq!(error.line, 1 + before.matches('\n').count(), "{error}");
            assert!(error.write.contains(write), "{error}");
            assert!(error.to_string().starts_with("x.toml, dòng "), "{error}");
        }
        let unknown = GENERIC.replace("protocol =", "match = [\"lpt1\"]\nprotocol =");
        let error = profile("x", "x.toml", &unknown).unwrap_err();
        assert!(error.write.contains("usb:"), "{error}");
    }

    #[test]
    fn a_missing_line_and_a_missing_table_are_named() {
        let error = wrong("style = \"feed-partial\"\n", "");
        assert!(error.write.contains("style"), "{error}");
        let error = profile("x", "x.toml", GENERIC.split("[cut]").next().unwrap()).unwrap_err();
        assert!(error.what.contains("[cut]"), "{error}");
    }

    #[test]
    fn a_roll_is_measured_in_dots() {
        let ProfileKind::EscPos(printer) = profile("x", "x.toml", GENERIC).unwrap().kind else {
            panic!("not a printer");
        };
        assert_eq!(printer.roll_dots, 50_000 * 1_000 * 203 / 25_400);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,200}") {
            let _ = profile("x", "x.toml", &text);
        }

        #[test]
        fn a_damaged_profile_never_panics(at in any::<proptest::sample::Index>(), c in any::<char>()) {
            let mut chars: Vec<char> = GENERIC.chars().collect();
            let at = at.index(chars.len());
            chars[at] = c;
            let _ = profile("x", "x.toml", &chars.into_iter().collect::<String>());
        }
    }
}
