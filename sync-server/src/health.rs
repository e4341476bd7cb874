//! How the hub is, as data. Everything here is measured or remembered, nothing is assumed: what is not known
//! is none.

use std::path::Path;

use jiff::civil::DateTime;
use motcua_core::ids::DeviceId;
use motcua_ledger::hub::ForwardState;
use motcua_ledger::keys::KeyHome;
use serde::Serialize;

use crate::app::{App, office};
use crate::clock::{local, local_now};
use crate::connector::ProvinceState;
use crate::error::ApiError;

/// The whole report; `GET /health.json`.
#[derive(Clone, Debug, Serialize)]
pub struct Health {
    /// The program's version.
    pub version: &'static str,
    /// `hub`.
    pub role: &'static str,
    /// The hub's name for people.
    pub hub: String,
    /// The machine it runs on.
    pub machine: String,
    /// The office's name; none until it is set up.
    pub office: Option<String>,
    /// The office's log.
    pub scope: String,
    /// The log's identity.
    pub log_id: String,
    /// The last position in the log.
    pub head: u64,
    /// Local time of the office by this machine's clock.
    pub now: DateTime,
    /// Since when it runs, local time.
    pub started_at: DateTime,
    /// The office's machines.
    pub devices: Vec<DeviceHealth>,
    /// Open live lines: counters and displays that listen now.
    pub live_lines: usize,
    /// Where the store key lives.
    pub key_home: Option<KeyHome>,
    /// Messages to the province.
    pub forward: ForwardHealth,
    /// Free bytes where the store is.
    pub disk_free_bytes: Option<u64>,
    /// The last backup that was restored and compared, local time; none yet.
    pub last_verified_backup_at: Option<DateTime>,
    /// What two people compare when a machine joins.
    pub ca_fingerprint: String,
}

/// One machine of the office.
#[derive(Clone, Debug, Serialize)]
pub struct DeviceHealth {
    /// Its identity.
    pub id: DeviceId,
    /// Its name for people.
    pub name: String,
    /// Its number slice.
    pub slot: u16,
    /// Its epoch.
    pub epoch: u32,
    /// False when it was struck off.
    pub is_active: bool,
    /// When it was last heard, local time.
    pub last_seen_at: DateTime,
    /// Its operations here.
    pub acked_dseq: u64,
    /// What it had written and not sent at its last hello; none when it has not said hello to this run.
    pub unsent: Option<u64>,
    /// How far its reading of the log is behind; none when it has not read from this run.
    pub behind: Option<u64>,
}

/// Messages to the province by state.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ForwardHealth {
    /// Whether there is a province to talk to, and how that goes.
    pub province: ProvinceState,
    /// To be sent.
    pub queued: u64,
    /// On their way.
    pub sending: u64,
    /// To be looked up.
    pub unknown: u64,
    /// Taken by the province.
    pub confirmed: u64,
    /// A person must act.
    pub parked: u64,
}

/// Collects the report; blocks.
///
/// # Errors
/// [`ApiError`] when the store fails.
pub fn collect(app: &App) -> Result<Health, ApiError> {
    let about = &app.about;
    let head = crate::app::head(&*app.store)?;
    Ok(Health {
        version: env!("CARGO_PKG_VERSION"),
        role: "hub",
        hub: about.name.clone(),
        machine: about.machine.clone(),
        office: office(&*app.store, &about.scope)?.map(|office| office.profile.name),
        scope: about.scope.to_string(),
        log_id: about.log_id.to_string(),
        head,
        now: local_now(),
        started_at: local(app.started_ms()),
        devices: devices(app, head)?,
        live_lines: app.live.open_lines(),
        key_home: about.key_home,
        forward: forward(app)?,
        disk_free_bytes: free_bytes(&about.dir),
        last_verified_backup_at: None,
        ca_fingerprint: about.fingerprint.to_string(),
    })
}

fn devices(app: &App, head: u64) -> Result<Vec<DeviceHealth>, ApiError> {
    let devices = app
        .store
        .devices()?
        .into_iter()
        .map(|(device, chain, seen_ms)| {
            let progress = app.progress(device.id);
            DeviceHealth {
                id: device.id,
                name: device.name,
                slot: device.slot,
                epoch: device.epoch,
                is_active: device.active,
                last_seen_at: local(seen_ms),
                acked_dseq: chain.dseq,
                unsent: progress
                    .written_dseq
                    .map(|written| written.saturating_sub(chain.dseq)),
                behind: progress.read_seq.map(|read| head.saturating_sub(read)),
            }
        });
    Ok(devices.collect())
}

fn forward(app: &App) -> Result<ForwardHealth, ApiError> {
    let mut health = ForwardHealth {
        province: app.province.state(),
        ..ForwardHealth::default()
    };
    for (state, count) in app.store.forward_counts()? {
        *match state {
            ForwardState::Queued => &mut health.queued,
            ForwardState::Sending => &mut health.sending,
            ForwardState::Unknown => &mut health.unknown,
            ForwardState::Confirmed => &mut health.confirmed,
            ForwardState::Parked => &mut health.parked,
        } += count;
    }
    Ok(health)
}

/// Bytes that a user without special rights may still write where `dir` is.
#[cfg(unix)]
fn free_bytes(dir: &Path) -> Option<u64> {
    let stat = rustix::fs::statvfs(dir).ok()?;
    stat.f_bavail.checked_mul(stat.f_frsize)
}

/// Not measured on this system.
#[cfg(not(unix))]
fn free_bytes(_dir: &Path) -> Option<u64> {
    None
}
