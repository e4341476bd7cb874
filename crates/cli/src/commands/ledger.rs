//! `motcua ledger verify|stats|export`: a store proved, counted, or written out, while the desk goes on working.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::Subcommand;
use motcua_ledger::{DeskReader, DeskStore, KeyPolicy};
use serde_json::json;

use crate::output::Outcome;

/// What can be asked of a ledger.
#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Kiểm chứng: chuỗi băm, chữ ký, thứ tự, bản gấp, tệp quét
    Verify(Which),
    /// Số liệu của kho
    Stats(Which),
    /// Ghi mọi thao tác ra, mỗi dòng một JSON, theo thứ tự của sổ cái
    Export {
        #[command(flatten)]
        which: Which,
        /// Tệp ra; không nêu thì đầu ra chuẩn
        #[arg(long)]
        out: Option<PathBuf>,
    },
}

/// Which store.
#[derive(clap::Args)]
pub(crate) struct Which {
    /// Thư mục kho (chứa ledger.db), ví dụ <dữ liệu>/practice hoặc <dữ liệu>/office
    #[arg(long)]
    dir: PathBuf,
    /// Khóa kho để trong tệp niêm phong bên cạnh, không dùng kho khóa của hệ điều hành
    #[arg(long)]
    key_in_file: bool,
}

impl Which {
    fn open(&self) -> anyhow::Result<DeskReader> {
        if !DeskStore::exists(&self.dir) {
            anyhow::bail!("không có kho nào trong thư mục {}", self.dir.display());
        }
        let keys = KeyPolicy {
            prefer_keyring: !self.key_in_file,
        };
        DeskReader::open(&self.dir, keys).with_context(|| self.dir.display().to_string())
    }
}

pub(crate) fn run(verb: Verb) -> anyhow::Result<Outcome> {
    match verb {
        Verb::Verify(which) => {
            let report = which.open()?.verify()?;
            let value = serde_json::to_value(&report)?;
            let sound = report.is_sound();
            Ok(if sound {
                Outcome::Done(value)
            } else {
                Outcome::Refused(value)
            })
        }
        Verb::Stats(which) => Outcome::done(which.open()?.stats()?),
        Verb::Export { which, out } => export(&which, out),
    }
}

fn export(which: &Which, out: Option<PathBuf>) -> anyhow::Result<Outcome> {
    let reader = which.open()?;
    match out {
        None => {
            let mut lines = BufWriter::new(std::io::stdout().lock());
            reader.export(&mut lines)?;
            lines.flush()?;
            Ok(Outcome::Silent)
        }
        Some(path) => {
            let mut lines =
                BufWriter::new(File::create(&path).with_context(|| path.display().to_string())?);
            let count = reader.export(&mut lines)?;
            lines.into_inner()?.sync_all()?;
            Outcome::done(json!({ "path": path, "operations": count }))
        }
    }
}
