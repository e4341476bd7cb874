//! `motcua hub`: serves an office. The first line on standard output is JSON for whoever started it.

use std::env;
use std::path::PathBuf;

use anyhow::Context;
use motcua_sync_server::cli::{HubArgs, SECRET_VARIABLE, run_hub};
use serde::Deserialize;
use tracing_subscriber::EnvFilter;

use crate::output::Outcome;

/// Where a practice province says how it is reached: its own first line of JSON.
const PRACTICE_PROVINCE_VARIABLE: &str = "MOTCUA_PROVINCE";
/// How much is written to the log.
const LEVEL_VARIABLE: &str = "MOTCUA_LOG";
/// The practice hub stands for a second PC of the office.
const PRACTICE_MACHINE: &str = "practice-second-machine";

/// Ví dụ: motcua hub --dir ./hub --org H56.6.17 --listen 0.0.0.0:7443
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    hub: HubArgs,
    /// Tập huấn: đóng vai một máy khác của văn phòng, tỉnh giả lấy từ biến MOTCUA_PROVINCE
    #[arg(long)]
    practice: bool,
}

/// What a practice province says of itself.
#[derive(Deserialize)]
struct PracticeProvince {
    url: String,
    client_id: String,
    client_secret: String,
}

pub(crate) fn run(args: Args) -> anyhow::Result<Outcome> {
    let level = EnvFilter::try_from_env(LEVEL_VARIABLE).unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(level)
        .with_writer(std::io::stderr)
        .init();
    let mut hub = args.hub;
    if args.practice {
        hub.machine
            .get_or_insert_with(|| PRACTICE_MACHINE.to_owned());
        practice_province(&mut hub)?;
    }
    let runtime = tokio::runtime::Runtime::new().context("tokio")?;
    runtime.block_on(run_hub(hub))?;
    Ok(Outcome::Silent)
}

/// Takes the practice province from the environment, where one is named.
fn practice_province(hub: &mut HubArgs) -> anyhow::Result<()> {
    let Ok(said) = env::var(PRACTICE_PROVINCE_VARIABLE) else {
        return Ok(());
    };
    let province: PracticeProvince =
        serde_json::from_str(&said).context(PRACTICE_PROVINCE_VARIABLE)?;
    let secret = secret_file(hub, &province.client_secret)?;
    hub.province = Some(province.url);
    hub.province_practice = true;
    hub.province_client_id = province.client_id;
    hub.province_secret_file = Some(secret);
    // A practice province answers at once or not at all: nobody waits minutes for it.
    hub.province_absent_seconds = 2;
    hub.province_call_seconds = 5;
    Ok(())
}

/// The secret goes by a file beside the store: [`SECRET_VARIABLE`] belongs to real provinces.
fn secret_file(hub: &HubArgs, secret: &str) -> anyhow::Result<PathBuf> {
    std::fs::create_dir_all(&hub.dir).with_context(|| hub.dir.display().to_string())?;
    let path = hub.dir.join("practice-province.secret");
    std::fs::write(&path, secret)
        .with_context(|| format!("{} ({SECRET_VARIABLE})", path.display()))?;
    Ok(path)
}
