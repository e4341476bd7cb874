//! One module a verb.

mod card;
mod catalogue;
mod code;
mod due;
mod form;
mod hub;
mod ledger;
mod receive;
mod store;

use std::path::Path;

use anyhow::Context;
use clap::Subcommand;

use crate::output::Outcome;

/// What can be asked.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Tính ngày hẹn trả và nói rõ từng ngày: vì sao tính, vì sao bỏ qua.
    Due(due::Args),
    /// Đọc chuỗi QR của thẻ căn cước.
    Card(card::Args),
    /// Đọc và kiểm tra mã hồ sơ (cả hai thế hệ), chỉ rõ chỗ sai.
    Code(code::Args),
    /// Danh mục thủ tục: kiểm tra, nhập, tìm.
    #[command(subcommand)]
    Catalogue(catalogue::Verb),
    /// Tiếp nhận một hồ sơ (JSON) vào kho của quầy.
    Receive(receive::Args),
    /// In Mẫu 01 của một hồ sơ ra PDF hoặc PNG.
    Form(form::Args),
    /// Sổ cái: kiểm chứng, số liệu, xuất.
    #[command(subcommand)]
    Ledger(ledger::Verb),
    /// Phục vụ một văn phòng (máy giữ sổ cái chung).
    Hub(Box<hub::Args>),
}

pub(crate) fn run(command: Command) -> anyhow::Result<Outcome> {
    match command {
        Command::Due(args) => due::run(&args),
        Command::Card(args) => card::run(&args),
        Command::Code(args) => code::run(&args),
        Command::Catalogue(verb) => catalogue::run(verb),
        Command::Receive(args) => receive::run(&args),
        Command::Form(args) => form::run(&args),
        Command::Ledger(verb) => ledger::run(verb),
        Command::Hub(args) => hub::run(*args),
    }
}

/// A text file, or standard input for `-`.
pub(crate) fn read_text(path: &Path) -> anyhow::Result<String> {
    if path == Path::new("-") {
        return std::io::read_to_string(std::io::stdin()).context("đầu vào chuẩn");
    }
    std::fs::read_to_string(path).with_context(|| path.display().to_string())
}

/// Today in Vietnam (UTC+07:00 all year).
pub(crate) fn today() -> jiff::civil::Date {
    jiff::tz::offset(7)
        .to_datetime(jiff::Timestamp::now())
        .date()
}
