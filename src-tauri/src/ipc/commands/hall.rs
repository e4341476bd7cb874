//! What the hall window may ask, and how every window hears what changed.

use tauri::State;
use tauri::ipc::Channel;

use crate::ipc::caller::AskingWindow;
use crate::ipc::convert::{ApiResult, hall_view};
use crate::ipc::dto::HallView;
use crate::ipc::event::HostEvent;
use crate::shell::{Shell, guarded};

/// The hall as it stands.
///
/// # Errors
/// When there is no office yet.
#[tauri::command]
#[specta::specta]
pub async fn hall(shell: State<'_, Shell>) -> ApiResult<HallView> {
    guarded("hall", async {
        let desk = shell.desk().await?;
        Ok(hall_view(&desk.hall()?, desk.now()))
    })
    .await
}

/// The page answers for a call: it spoke, or it could not and the machine speaks.
///
/// # Errors
/// Never.
#[tauri::command]
#[specta::specta]
pub async fn announce_done(shell: State<'_, Shell>, seq: u64, spoken: bool) -> ApiResult<()> {
    guarded("announce_done", async {
        shell.call_answered(seq, spoken);
        Ok(())
    })
    .await
}

/// Opens this window's line for events; one it had before is closed. What it hears depends on which
/// window it is, and that the program knows by itself.
///
/// # Errors
/// Never.
#[tauri::command]
#[specta::specta]
pub async fn subscribe(
    window: AskingWindow,
    shell: State<'_, Shell>,
    events: Channel<HostEvent>,
) -> ApiResult<()> {
    guarded("subscribe", async {
        shell.listeners.attach(&window.0, events);
        Ok(())
    })
    .await
}
