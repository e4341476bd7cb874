//! What the desk is opened with: which folder, which devices, which hub.
//!
//! Owns the reading of the environment and of this machine's settings, and the hub that practice runs inside
//! this process. A setting that cannot be read is said in the log and left out: a desk without a printer
//! still receives dossiers.
//!
//! | Variable | Meaning |
//! |---|---|
//! | `MOTCUA_DATA` | the data folder |
//! | `MOTCUA_DEVICES` | the bound devices as JSON, or what a bench of simulated devices said of itself |
//! | `MOTCUA_HUB` | `{url, code, fingerprint}` (or `ca_pem`) of the hub to join |
//! | `MOTCUA_PROVINCE` | what a practice province said of itself, for the practice panel |
//! | `MOTCUA_MACHINE` | this machine's name for people |
//! | `MOTCUA_MACHINE_ID` | this machine's identity, where several share one system |
//! | `MOTCUA_KEY_IN_FILE` | `1` keeps the store's key in a sealed file, without asking a keyring |

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use motcua_desk::practice::PracticeBench;
use motcua_desk::{Desk, DeskConfig};
use motcua_drivers::DeskDevices;
use motcua_ledger::KeyPolicy;
use motcua_ledger::exchange::tls::fingerprint_of_pem;
use motcua_ledger::exchange::{EnrolTicket, LinkState};
use serde::Deserialize;
use tauri::{AppHandle, Manager, Runtime};

use crate::ipc::convert::events_of;
use crate::ipc::error::ApiError;
use crate::practice_hub;
use crate::practice_province::PracticeProvince;
use crate::shell::Shell;

const DATA_VARIABLE: &str = "MOTCUA_DATA";
const DEVICES_VARIABLE: &str = "MOTCUA_DEVICES";
const HUB_VARIABLE: &str = "MOTCUA_HUB";
const PROVINCE_VARIABLE: &str = "MOTCUA_PROVINCE";
const MACHINE_VARIABLE: &str = "MOTCUA_MACHINE";
const MACHINE_ID_VARIABLE: &str = "MOTCUA_MACHINE_ID";
const KEY_IN_FILE_VARIABLE: &str = "MOTCUA_KEY_IN_FILE";

/// The folder of this program below the system's folder for data.
const FOLDER: &str = "motcua";
/// The bound devices, below the data folder.
const DEVICES_FILE: &str = "devices.json";
/// What a machine without a name is called.
const NAMELESS: &str = "Máy quầy";

/// Everything that is decided before the desk opens.
pub struct Settings {
    folder: PathBuf,
    devices: DeskDevices,
    bench: Option<SocketAddr>,
    hub: Option<EnrolTicket>,
    province: Option<Arc<PracticeProvince>>,
    machine: String,
    machine_id: Option<String>,
    keys: KeyPolicy,
}

/// The folder for the data of this program: the variable, or the system's own place for it.
#[must_use]
pub fn data_folder() -> Option<PathBuf> {
    folder_by(|name| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    })
}

fn folder_by(variable: impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    if let Some(folder) = variable(DATA_VARIABLE) {
        return Some(folder);
    }
    let system = if cfg!(target_os = "windows") {
        variable("LOCALAPPDATA")
    } else {
        variable("XDG_DATA_HOME")
            .filter(|folder| folder.is_absolute())
            .or_else(|| variable("HOME").map(|home| home.join(".local").join("share")))
    };
    system.map(|folder| folder.join(FOLDER))
}

impl Settings {
    /// Reads the environment, and the machine's own settings where the environment says nothing.
    #[must_use]
    pub fn of(folder: PathBuf) -> Self {
        let (devices, bench) = match variable(DEVICES_VARIABLE) {
            Some(text) => devices_of(&text),
            None => (saved_devices(&folder), None),
        };
        Self {
            devices,
            bench,
            hub: variable(HUB_VARIABLE).and_then(|text| hub_of(&text)),
            province: variable(PROVINCE_VARIABLE)
                .and_then(|text| PracticeProvince::of(&text))
                .map(Arc::new),
            machine: variable(MACHINE_VARIABLE)
                .or_else(host_name)
                .unwrap_or_else(|| NAMELESS.to_owned()),
            machine_id: variable(MACHINE_ID_VARIABLE),
            keys: KeyPolicy {
                prefer_keyring: variable(KEY_IN_FILE_VARIABLE).is_none_or(|value| value != "1"),
            },
            folder,
        }
    }

    /// A desk by itself: nothing is asked of the environment or of a keyring. For tests and drills.
    #[must_use]
    pub fn alone(folder: PathBuf) -> Self {
        Self {
            folder,
            devices: DeskDevices::default(),
            bench: None,
            hub: None,
            province: None,
            machine: NAMELESS.to_owned(),
            machine_id: None,
            keys: KeyPolicy {
                prefer_keyring: false,
            },
        }
    }

    /// The bound devices, for what a screen shows of their lines.
    #[must_use]
    pub fn devices(&self) -> &DeskDevices {
        &self.devices
    }

    /// The practice province, where one told of itself.
    pub(crate) fn province(&self) -> Option<Arc<PracticeProvince>> {
        self.province.clone()
    }

    fn config(&self) -> DeskConfig {
        DeskConfig {
            dir: self.folder.clone(),
            devices: self.devices.clone(),
            bench: self.bench.map(PracticeBench::There),
            keys: self.keys,
            machine: self.machine.clone(),
            machine_id: self.machine_id.clone(),
            app: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name)
        .ok()
        .filter(|value| !value.trim().is_empty())
}

/// What a bench of simulated devices says of itself when it is ready.
#[derive(Deserialize)]
struct BenchSays {
    desk: DeskDevices,
    control: SocketAddr,
}

/// The devices of the variable: a bench's own words, or the plain settings of a desk.
fn devices_of(text: &str) -> (DeskDevices, Option<SocketAddr>) {
    if let Ok(bench) = serde_json::from_str::<BenchSays>(text) {
        return (bench.desk, Some(bench.control));
    }
    match serde_json::from_str(text) {
        Ok(devices) => (devices, None),
        Err(error) => {
            tracing::error!(%error, "{DEVICES_VARIABLE} cannot be read: this desk has no devices");
            (DeskDevices::default(), None)
        }
    }
}

fn saved_devices(folder: &Path) -> DeskDevices {
    let Ok(text) = std::fs::read_to_string(folder.join(DEVICES_FILE)) else {
        return DeskDevices::default();
    };
    serde_json::from_str(&text).unwrap_or_else(|error| {
        tracing::error!(%error, "{DEVICES_FILE} cannot be read: this desk has no devices");
        DeskDevices::default()
    })
}

#[derive(Deserialize)]
struct HubSays {
    url: String,
    code: String,
    #[serde(default)]
    #[serde(alias = "ca_fingerprint")]
    fingerprint: Option<String>,
    #[serde(default)]
    ca_pem: Option<String>,
}

fn hub_of(text: &str) -> Option<EnrolTicket> {
    let says: HubSays = match serde_json::from_str(text) {
        Ok(says) => says,
        Err(error) => {
            tracing::error!(%error, "{HUB_VARIABLE} cannot be read: no hub is joined");
            return None;
        }
    };
    let of_pem = || {
        let pem = says.ca_pem.as_deref()?;
        fingerprint_of_pem(pem)
            .ok()
            .map(|fingerprint| fingerprint.to_string())
    };
    let fingerprint = says.fingerprint.clone().or_else(of_pem).unwrap_or_default();
    EnrolTicket::from_typed(&says.url, &says.code, &fingerprint)
        .inspect_err(
            |error| tracing::error!(%error, "{HUB_VARIABLE} is no enrolment: no hub is joined"),
        )
        .ok()
}

/// The name that the system's administrator gave this machine.
fn host_name() -> Option<String> {
    let name = if cfg!(target_os = "windows") {
        variable("COMPUTERNAME")
    } else {
        std::fs::read_to_string("/proc/sys/kernel/hostname").ok()
    };
    name.map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
}

/// Opens the desk beside the windows. Every command waits for it, or hears why it cannot be opened.
pub fn open_desk<R: Runtime>(app: AppHandle<R>) {
    tauri::async_runtime::spawn(async move {
        let shell = app.state::<Shell>();
        let (events, mut mail) = tokio::sync::mpsc::unbounded_channel();
        // Events come from several threads that must not wait for a window.
        let opened = Desk::open(shell.settings().config(), move |event| {
            drop(events.send(event));
        })
        .await;
        match opened {
            Ok(desk) => {
                shell.opened(Ok(desk.clone()));
                meet_hub(&shell, &desk).await;
            }
            Err(error) => {
                tracing::error!(%error, "the desk cannot be opened");
                shell.opened(Err(ApiError::from(error)));
            }
        }
        while let Some(event) = mail.recv().await {
            events_of(event).iter().for_each(|event| shell.tell(event));
        }
    });
}

/// Joins the hub that was named, once there is an office; in practice without one, a hub in this process
/// plays the second machine. Without either this machine is alone, and its lamps say so.
pub async fn meet_hub(shell: &Shell, desk: &Desk) {
    let entry = match desk.entry().await {
        Ok(entry) if entry.office.is_some() => entry,
        _ => return,
    };
    let ticket = match &shell.settings().hub {
        Some(ticket) => Some(ticket.clone()),
        None if entry.practice => practice_hub::ticket(shell, &shell.settings().folder).await,
        None => None,
    };
    let is_alone = desk.link().state == LinkState::NeverJoined;
    if let Some(ticket) = ticket.filter(|_| is_alone)
        && let Err(error) = desk.join_hub(&ticket).await
    {
        tracing::error!(%error, "the hub cannot be joined");
    }
    desk.sync_now();
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEVICES: &str = r#"{"station":"quay-3","devices":[
        {"id":"may-in","role":"receipt_printer","profile":"escpos-80mm","address":"tcp:10.0.0.9:9100"}]}"#;
    const FINGERPRINT: &str = "00112233445566778899aabbccddeeff";

    #[test]
    fn the_variable_comes_before_the_systems_own_place() {
        let with = |name: &str| match name {
            "MOTCUA_DATA" => Some(PathBuf::from("/srv/desk")),
            "HOME" => Some(PathBuf::from("/people/mai")),
            _ => None,
        };
        assert_eq!(folder_by(with), Some(PathBuf::from("/srv/desk")));
        assert_eq!(folder_by(|_| None), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn on_linux_the_data_lie_below_the_person_s_own_folder() {
        let home = |name: &str| (name == "HOME").then(|| PathBuf::from("/people/mai"));
        assert_eq!(
            folder_by(home),
            Some(PathBuf::from("/people/mai/.local/share/motcua"))
        );
        let relative = |name: &str| match name {
            "XDG_DATA_HOME" => Some(PathBuf::from("data")),
            other => home(other),
        };
        assert_eq!(
            folder_by(relative),
            Some(PathBuf::from("/people/mai/.local/share/motcua"))
        );
    }

    #[test]
    fn devices_are_read_plain_or_from_a_bench() {
        let (plain, control) = devices_of(DEVICES);
        assert_eq!((plain.devices.len(), control), (1, None));

        let bench = format!(r#"{{"devices":{{}},"desk":{DEVICES},"control":"127.0.0.1:41235"}}"#);
        let (devices, control) = devices_of(&bench);
        assert_eq!(devices, plain);
        assert_eq!(control, Some("127.0.0.1:41235".parse().unwrap()));
    }

    #[test]
    fn settings_that_cannot_be_read_leave_a_desk_that_works() {
        assert_eq!(devices_of("not json"), (DeskDevices::default(), None));
        assert_eq!(hub_of("not json"), None);
        assert_eq!(
            hub_of(r#"{"url":"https://10.0.0.2:7443","code":"12","fingerprint":"00"}"#),
            None
        );
    }

    #[test]
    fn a_hub_is_joined_by_its_fingerprint() {
        let text = format!(
            r#"{{"url":"https://10.0.0.2:7443","code":"123456","fingerprint":"{FINGERPRINT}"}}"#
        );
        let ticket = hub_of(&text).unwrap();
        assert_eq!(
            (ticket.code.as_str(), ticket.fingerprint.as_str()),
            ("123456", FINGERPRINT)
        );
    }

    #[test]
    fn saved_devices_are_read_from_the_data_folder() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(saved_devices(folder.path()), DeskDevices::default());
        std::fs::write(folder.path().join(DEVICES_FILE), DEVICES).unwrap();
        assert_eq!(saved_devices(folder.path()).station, "quay-3");
    }
}
