//! The hub as a command: options, the handshake line, the end.
//!
//! The first line on standard output is JSON, for whoever started the program; everything else goes to the
//! log on standard error.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use motcua_core::code::{CodeError, OrgCode};
use motcua_core::ids::ScopeId;
use motcua_ledger::KeyPolicy;
use serde::Serialize;

use crate::connector::national::Pace;
use crate::connector::{Mapping, Province};
use crate::error::ApiError;
use crate::hub::{Hub, HubConfig, HubError, HubHandle};

/// The account's secret may come from here, so that no list of processes shows it.
pub const SECRET_VARIABLE: &str = "MOTCUA_PROVINCE_SECRET";

/// Serves an office: its counters exchange their dossiers here.
#[derive(Clone, Debug, Args)]
pub struct HubArgs {
    /// Folder of the hub's store and certificates; made where there is none
    #[arg(long, value_name = "FOLDER")]
    pub dir: PathBuf,
    /// The office's organisation code, for example H56.6.17
    #[arg(long, value_name = "CODE")]
    pub org: String,
    /// Where it listens with TLS; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "0.0.0.0:7443")]
    pub listen: SocketAddr,
    /// Also listen without TLS, on this machine only (hall page and health page)
    #[arg(long, value_name = "ADDRESS")]
    pub plain_loopback: Option<SocketAddr>,
    /// The hub's name for people
    #[arg(long, value_name = "NAME", default_value = "Máy chủ văn phòng")]
    pub name: String,
    /// Another identity than the one that the operating system gave this machine
    #[arg(long, value_name = "IDENTITY")]
    pub machine: Option<String>,
    /// The built pages of the hall display
    #[arg(long, value_name = "FOLDER")]
    pub hall_dir: Option<PathBuf>,
    /// Keep the store key in a sealed file even where there is a keyring
    #[arg(long)]
    pub no_keyring: bool,
    /// The province's API, for example `https://api.tinh.gov.vn`
    #[arg(long, value_name = "URL")]
    pub province: Option<String>,
    /// The office's account at the province
    #[arg(long, value_name = "NAME", default_value = "", requires = "province")]
    pub province_client_id: String,
    /// File with the account's secret; otherwise MOTCUA_PROVINCE_SECRET is read
    #[arg(long, value_name = "FILE", requires = "province")]
    pub province_secret_file: Option<PathBuf>,
    /// The province's own certificate authority, PEM
    #[arg(long, value_name = "FILE", requires = "province")]
    pub province_ca: Option<PathBuf>,
    /// Another mapping of dossier fields, TOML
    #[arg(long, value_name = "FILE", requires = "province")]
    pub province_mapping: Option<PathBuf>,
    /// A practice province: it is told of practice dossiers, and of no others
    #[arg(long, requires = "province")]
    pub province_practice: bool,
    /// Seconds after which a dossier that the province does not find may be sent again
    #[arg(long, value_name = "SECONDS", default_value_t = Pace::default().absent_apart_ms / 1_000, requires = "province")]
    pub province_absent_seconds: i64,
    /// Seconds that one call to the province may take
    #[arg(long, value_name = "SECONDS", default_value_t = Pace::default().call_ms / 1_000, requires = "province")]
    pub province_call_seconds: u64,
}

/// The first line on standard output.
#[derive(Clone, Debug, Serialize)]
pub struct Handshake {
    /// Where it listens.
    pub addr: SocketAddr,
    /// Where other machines reach it.
    pub url: String,
    /// Where it listens without TLS, on this machine.
    pub plain: Option<SocketAddr>,
    /// SHA-256 of the office's authority, hexadecimal.
    pub ca_fingerprint: String,
    /// The code by which one machine may join now.
    pub code: String,
    /// The whole text of the enrolment, for a QR or for pasting.
    pub ticket: String,
    /// The office's log.
    pub scope: String,
    /// The log's identity.
    pub log_id: String,
}

/// Why the command ended.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The organisation code.
    #[error("organisation code: {0}")]
    Org(#[from] CodeError),
    /// A file of the options.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The mapping of fields.
    #[error("field mapping: {0}")]
    Mapping(#[from] toml::de::Error),
    /// The hub.
    #[error(transparent)]
    Hub(#[from] HubError),
    /// The enrolment code.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// Standard output or the signals.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The handshake.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

/// Serves until the program is told to end.
///
/// # Errors
/// [`RunError`].
pub async fn run_hub(args: HubArgs) -> Result<(), RunError> {
    let hub = Hub::start(config(args)?).await?;
    let mut out = io::stdout().lock();
    serde_json::to_writer(&mut out, &handshake(&hub)?)?;
    out.write_all(b"\n")?;
    out.flush()?;
    drop(out);
    told_to_end().await?;
    hub.shutdown().await;
    Ok(())
}

fn handshake(hub: &HubHandle) -> Result<Handshake, RunError> {
    let ticket = hub.enrol_code()?;
    let about = hub.about();
    Ok(Handshake {
        addr: hub.addr(),
        url: about.url.clone(),
        plain: hub.plain_addr(),
        ca_fingerprint: about.fingerprint.to_string(),
        code: ticket.code.clone(),
        ticket: ticket.to_string(),
        scope: about.scope.to_string(),
        log_id: about.log_id.to_string(),
    })
}

fn config(args: HubArgs) -> Result<HubConfig, RunError> {
    let province = province(&args)?;
    let org: OrgCode = args.org.parse()?;
    Ok(HubConfig {
        dir: args.dir,
        scope: ScopeId(org.as_str().to_owned()),
        keys: KeyPolicy {
            prefer_keyring: !args.no_keyring,
        },
        listen: args.listen,
        plain_loopback: args.plain_loopback,
        name: args.name,
        machine: args
            .machine
            .unwrap_or_else(motcua_ledger::machine::identity),
        hall_dir: args.hall_dir,
        province,
    })
}

fn province(args: &HubArgs) -> Result<Option<Province>, RunError> {
    let Some(url) = &args.province else {
        return Ok(None);
    };
    let secret = match &args.province_secret_file {
        Some(path) => read(path)?.trim().to_owned(),
        None => std::env::var(SECRET_VARIABLE).unwrap_or_default(),
    };
    let mapping = args
        .province_mapping
        .as_ref()
        .map(|path| Ok::<_, RunError>(Mapping::parse(&read(path)?)?));
    Ok(Some(Province {
        url: url.trim_end_matches('/').to_owned(),
        client_id: args.province_client_id.clone(),
        client_secret: secret,
        practice: args.province_practice,
        ca_pem: args.province_ca.as_ref().map(read).transpose()?,
        mapping: mapping.transpose()?,
        pace: Pace {
            absent_apart_ms: args.province_absent_seconds.saturating_mul(1_000),
            ..Pace::for_call_ms(args.province_call_seconds.saturating_mul(1_000))
        },
    }))
}

fn read(path: &PathBuf) -> Result<String, RunError> {
    std::fs::read_to_string(path).map_err(|source| RunError::File {
        path: path.clone(),
        source,
    })
}

/// Waits for the operating system's wish that the program end.
#[cfg(unix)]
async fn told_to_end() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        interrupted = tokio::signal::ctrl_c() => interrupted,
    }
}

/// Waits for the operating system's wish that the program end.
#[cfg(not(unix))]
async fn told_to_end() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}
