//! The second machine of practice: a hub inside this process, under a name that says what it is.
//!
//! It exists so that a clerk who practises alone sees all four lamps move. It is started only for the
//! practice office, and only where no hub was named; a real office alone stays alone and says so.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use motcua_core::ids::ScopeId;
use motcua_desk::practice;
use motcua_ledger::KeyPolicy;
use motcua_ledger::exchange::EnrolTicket;
use motcua_sync_server::{Hub, HubConfig, HubError, HubHandle};

use crate::shell::Shell;

/// The folder of the practice hub, below the data folder.
const FOLDER: &str = "practice-hub";
/// The port of an earlier start: the desk has joined an address, and it must stay the same.
const PORT_FILE: &str = "port";
/// Its name wherever a lamp names it.
const NAME: &str = "Máy thứ hai (mô phỏng)";
/// Its identity: never that of a real machine.
const MACHINE: &str = "motcua-practice-second-machine";

/// Starts the practice hub where it does not run yet, and gives what a desk needs to join it.
pub(crate) async fn ticket(shell: &Shell, folder: &Path) -> Option<EnrolTicket> {
    let mut running = shell.practice_hub.lock().await;
    if running.is_none() {
        match start(&folder.join(FOLDER)).await {
            Ok(hub) => *running = Some(hub),
            Err(error) => {
                tracing::error!(%error, "the simulated second machine cannot be started");
                return None;
            }
        }
    }
    running
        .as_ref()?
        .enrol_code()
        .inspect_err(|error| tracing::error!(%error, "no enrolment code"))
        .ok()
}

async fn start(folder: &Path) -> Result<HubHandle, HubError> {
    let config = |port| HubConfig {
        dir: folder.to_owned(),
        scope: ScopeId(practice::office().org),
        // Invented people only: the key may lie beside the data.
        keys: KeyPolicy {
            prefer_keyring: false,
        },
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        plain_loopback: None,
        name: NAME.to_owned(),
        machine: MACHINE.to_owned(),
        hall_dir: None,
        province: None,
    };
    let kept = kept_port(folder);
    let hub = match Hub::start(config(kept)).await {
        // Somebody else has the port now: another one serves until the end of this start.
        Err(HubError::Listen { .. }) if kept != 0 => Hub::start(config(0)).await?,
        started => started?,
    };
    if kept == 0
        && let Err(error) = std::fs::write(folder.join(PORT_FILE), hub.addr().port().to_string())
    {
        tracing::warn!(%error, "the port of the simulated second machine is not kept");
    }
    Ok(hub)
}

/// The port of the first start, or 0 for any.
fn kept_port(folder: &Path) -> u16 {
    let text = std::fs::read_to_string(folder.join(PORT_FILE)).unwrap_or_default();
    text.trim().parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_start_serves_at_the_address_that_was_joined() {
        let folder = tempfile::tempdir().unwrap();
        let address = tauri::async_runtime::block_on(async {
            let first = start(folder.path()).await.unwrap();
            let address = first.addr();
            assert!(
                first
                    .enrol_code()
                    .unwrap()
                    .url
                    .ends_with(&address.port().to_string())
            );
            first.shutdown().await;
            address
        });
        let again = tauri::async_runtime::block_on(start(folder.path())).unwrap();
        assert_eq!(again.addr(), address);
        assert_eq!(again.about().name, NAME);
    }
}
