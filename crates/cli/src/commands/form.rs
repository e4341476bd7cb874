//! `motcua form`: Form 01 of a dossier, or of a record, as PDF or PNG.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::ValueEnum;
use motcua_core::ids::EntityId;
use motcua_papers::form01::{self, PageSize, Reception};
use motcua_papers::slip;
use serde_json::json;

use super::store::{self, StoreArgs};
use crate::output::Outcome;

/// Dots per inch of a preview when nothing is said.
const PREVIEW_DPI: u32 = 150;

/// Ví dụ: motcua form --dir ./thu --code H56.6.17-261123-0001 --out mau-01.pdf
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Bản ghi (JSON) thay cho hồ sơ trong kho
    #[arg(long, conflicts_with = "code")]
    record: Option<PathBuf>,
    /// Mã hồ sơ, hoặc mấy số cuối
    #[arg(long, required_unless_present = "record", requires = "dir")]
    code: Option<String>,
    #[command(flatten)]
    store: OptionalStore,
    /// Tệp ra: .pdf hoặc .png
    #[arg(long)]
    out: PathBuf,
    /// Khổ giấy
    #[arg(long, value_enum, default_value = "a5")]
    size: Size,
    /// Điểm trên inch của ảnh
    #[arg(long, default_value_t = PREVIEW_DPI)]
    dpi: u32,
}

#[derive(clap::Args)]
struct OptionalStore {
    /// Thư mục dữ liệu của quầy
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Khóa kho để trong tệp niêm phong bên cạnh
    #[arg(long)]
    key_in_file: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Size {
    /// A5 đứng
    A5,
    /// A4 đứng
    A4,
    /// Phiếu 80 mm (chỉ PNG)
    Slip,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Outcome> {
    if let Some(path) = &args.record {
        return match serde_json::from_str::<Reception>(&super::read_text(path)?) {
            Ok(record) => render(args, &record),
            Err(error) => Ok(Outcome::refused(
                "record",
                &error.to_string(),
                json!({ "line": error.line() }),
            )),
        };
    }
    let dir = args.store.dir.clone().context("--dir")?;
    let store = StoreArgs::existing(dir, args.store.key_in_file);
    let code = args.code.clone().unwrap_or_default();
    store::with_desk(&store, async |desk| {
        let found: Vec<EntityId> = desk.search(&code)?.iter().map(|hit| hit.row.id).collect();
        match found.as_slice() {
            [id] => match desk.form_record(*id) {
                Ok(record) => render(args, &record),
                Err(error) => store::refused(error),
            },
            [] => Ok(Outcome::refused(
                "no_such_dossier",
                "no dossier has this code",
                json!({}),
            )),
            many => Ok(Outcome::refused(
                "ambiguous",
                "several dossiers fit",
                json!({ "found": many.len() }),
            )),
        }
    })
}

fn render(args: &Args, record: &Reception) -> anyhow::Result<Outcome> {
    let is_png = args
        .out
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("png"));
    let size = if args.size == Size::A4 {
        PageSize::A4
    } else {
        PageSize::A5
    };
    let pages = match (args.size, is_png) {
        (Size::Slip, _) => slip::reception(record)
            .and_then(|slip| slip.to_png())
            .map(|png| vec![png]),
        (_, true) => form01::render_png(record, size, args.dpi),
        (_, false) => form01::render_pdf(record, size).map(|pdf| vec![pdf]),
    };
    let pages = match pages {
        Ok(pages) => pages,
        Err(error) => {
            return Ok(Outcome::refused(
                error.code(),
                &error.to_string(),
                json!({}),
            ));
        }
    };
    let mut written = Vec::new();
    for (at, bytes) in pages.iter().enumerate() {
        let path = numbered(&args.out, at, pages.len());
        fs::write(&path, bytes).with_context(|| path.display().to_string())?;
        written.push(json!({ "path": path, "bytes": bytes.len() }));
    }
    Outcome::done(json!({ "files": written }))
}

/// The name as given for one page; `name-2.png` for the second of several.
fn numbered(out: &Path, at: usize, of: usize) -> PathBuf {
    if of == 1 {
        return out.to_owned();
    }
    let stem = out.file_stem().unwrap_or_default().to_string_lossy();
    let ending = out.extension().unwrap_or_default().to_string_lossy();
    out.with_file_name(format!("{stem}-{}.{ending}", at + 1))
}
