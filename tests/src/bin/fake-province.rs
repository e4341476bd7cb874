//! `fake-province`: the provincial API of tests and of practice, in a process of its own.
//!
//! Says where it listens in one line of JSON on standard output, then serves until it is ended.

use anyhow::{Context, Result};
use clap::Parser;
use motcua_tests::fake_province::{FakeProvince, Options};
use std::net::SocketAddr;
use std::path::PathBuf;
use tokio::signal::unix::{SignalKind, signal};

/// A provincial one-stop API for trials: slow, wrong or down at will, with a ledger of its own.
///
/// The first line of output is JSON: {"url", "control", "client_id", "client_secret"}.
#[derive(Debug, Parser)]
struct Arguments {
    /// Where the API listens; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// File of JSON lines that keeps what was accepted; without it nothing outlives the process
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
    /// How long a bearer token is good for, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = Options::default().token_seconds)]
    token_seconds: u64,
    /// Who may ask for a token
    #[arg(long, value_name = "NAME", default_value_t = Options::default().client_id)]
    client_id: String,
    /// With which secret
    #[arg(long, value_name = "SECRET", default_value_t = Options::default().client_secret)]
    client_secret: String,
}

#[tokio::main]
async fn main() -> Result<()> {
    let Arguments {
        listen,
        ledger,
        token_seconds,
        client_id,
        client_secret,
    } = Arguments::parse();
    let mut terminate = signal(SignalKind::terminate()).context("listening for SIGTERM")?;
    let options = Options {
        listen,
        ledger,
        client_id,
        client_secret,
        token_seconds,
    };
    let province = FakeProvince::start(options).await?;
    println!("{}", serde_json::to_string(province.addresses())?);
    tokio::select! {
        _ = terminate.recv() => {}
        interrupted = tokio::signal::ctrl_c() => interrupted.context("listening for Ctrl+C")?,
    }
    Ok(())
}
