//! `motcua card`: the text of an identity card's QR code.
//!
//! The whole number is printed because it was asked for; nothing is written anywhere else.

use motcua_core::people::Sex;
use motcua_core::people::card::{self, CardWarning};
use serde::Serialize;
use serde_json::json;

use crate::output::Outcome;

/// Ví dụ: motcua card '038194012345|172345678|Nguyễn Thị Ngọc Ỷ|02091994|Nữ|Bản Nà Cốc|15042022'
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Chuỗi QR, đúng như đầu đọc gửi
    text: String,
}

#[derive(Serialize)]
struct Answer {
    id_number: String,
    old_id: Option<String>,
    full_name: Option<String>,
    born_on: Option<String>,
    gender: Option<Sex>,
    address: Option<String>,
    issued_on: Option<jiff::civil::Date>,
    father: Option<String>,
    mother: Option<String>,
    warnings: Vec<CardWarning>,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Outcome> {
    match card::parse_qr(&args.text) {
        Ok(read) => Outcome::done(Answer {
            id_number: read.number.reveal().to_owned(),
            old_id: read.old_id.map(|id| id.reveal().to_owned()),
            full_name: read.name.map(|name| name.as_str().to_owned()),
            born_on: read.born_on.map(|born| born.iso()),
            gender: read.sex,
            address: read.residence,
            issued_on: read.issued_on,
            father: read.father.map(|name| name.as_str().to_owned()),
            mother: read.mother.map(|name| name.as_str().to_owned()),
            warnings: read.warnings,
        }),
        Err(error) => Ok(Outcome::refused(
            error.code(),
            &error.to_string(),
            json!({}),
        )),
    }
}
