//! The program that an office runs as a service: `motcua-sync-server --role hub --dir … --org …`.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use motcua_sync_server::cli::{HubArgs, run_hub};
use tracing_subscriber::EnvFilter;

/// What is logged unless RUST_LOG says otherwise.
const LOG_DEFAULT: &str = "info";

/// Một Cửa: the office's server.
#[derive(Debug, Parser)]
#[command(version)]
struct Command {
    /// What this server is
    #[arg(long, value_enum, default_value_t = Role::Hub)]
    role: Role,
    #[command(flatten)]
    hub: HubArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Role {
    /// The hub of one office
    Hub,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Command {
        role: Role::Hub,
        hub,
    } = Command::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(LOG_DEFAULT));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    match run_hub(hub).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the hub could not be run");
            ExitCode::FAILURE
        }
    }
}
