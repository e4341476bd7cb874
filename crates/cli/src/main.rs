//! `motcua`: the desk's rules, papers and ledger for operators, scripts and checks from outside.
//!
//! JSON in and out. It uses the same use cases as the window; nothing is decided here. Exit codes: 0 done,
//! 1 the input was read and refused (the JSON on standard output says why and where), 2 wrong usage,
//! 3 the machine could not do it (disk, network, key).

mod commands;
mod output;

use std::process::ExitCode;

use clap::Parser;

use crate::commands::Command;

/// Luật, giấy tờ và sổ cái của quầy một cửa trên dòng lệnh: JSON vào, JSON ra.
#[derive(Parser)]
#[command(name = "motcua", version, about, arg_required_else_help = true)]
#[command(
    after_help = "Mã thoát: 0 xong; 1 dữ liệu vào bị từ chối (JSON nói vì sao, ở đâu); \
                        2 gọi sai cách; 3 máy không làm được (đĩa, mạng, khóa)."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match commands::run(cli.command) {
        Ok(outcome) => outcome.print(),
        Err(error) => output::machine_failed(&error),
    }
}
