//! The practice panel's hand on citizens, papers, devices and the cable. Outside of practice none of it
//! moves anything.

use std::sync::Arc;

use motcua_desk::practice::CITIZENS;
use motcua_desk::{Desk, STANDARD_FIELDS};
use motcua_drivers::DeviceView;
use tauri::State;
use tauri::async_runtime::{block_on, spawn_blocking};

use super::queue::field;
use crate::ipc::convert::{ApiResult, breakage, breakages, practice_view, priority_of};
use crate::ipc::dto::{PracticeFault, PracticeLink, PracticeLinks, PracticeView, PriorityReason};
use crate::ipc::error::ApiError;
use crate::ipc::event::HostEvent;
use crate::practice_province::PracticeProvince;
use crate::shell::{Shell, guarded};

/// The desk, where it is a practice desk.
async fn practising(shell: &Shell) -> ApiResult<Desk> {
    let desk = shell.desk().await?;
    if desk.entry().await?.practice {
        Ok(desk)
    } else {
        Err(ApiError::PracticeOnly)
    }
}

/// Who can walk in, what can be scanned, what can break.
///
/// # Errors
/// `practice_only`.
#[tauri::command]
#[specta::specta]
pub async fn practice(shell: State<'_, Shell>) -> ApiResult<PracticeView> {
    guarded("practice", async {
        let desk = practising(&shell).await?;
        let province = shell.settings().province();
        let links = PracticeLinks {
            hub_up: shell.cable_is_in(),
            province_up: province.is_some_and(|province| province.is_up()),
        };
        Ok(practice_view(
            &desk.devices(),
            &desk.practice_broken(),
            links,
        ))
    })
    .await
}

/// Holds a citizen's card to the reader.
///
/// # Errors
/// `practice_only`; `card_unreadable` where there is no such citizen.
#[tauri::command]
#[specta::specta]
pub async fn sim_card(shell: State<'_, Shell>, person_index: u32) -> ApiResult<()> {
    guarded("sim_card", async {
        let desk = practising(&shell).await?;
        let citizen = usize::try_from(person_index)
            .ok()
            .and_then(|at| CITIZENS.get(at));
        let citizen = citizen.ok_or(ApiError::CardUnreadable)?;
        Ok(desk.practice_card(citizen.qr).await?)
    })
    .await
}

/// Holds a card with any text to the reader.
///
/// # Errors
/// `practice_only`.
#[tauri::command]
#[specta::specta]
pub async fn sim_card_text(shell: State<'_, Shell>, text: String) -> ApiResult<()> {
    guarded("sim_card_text", async {
        Ok(practising(&shell).await?.practice_card(&text).await?)
    })
    .await
}

/// The scanner sends a page to the watched folder.
///
/// # Errors
/// `practice_only`, `scan_gone`.
#[tauri::command]
#[specta::specta]
pub async fn sim_scan(shell: State<'_, Shell>, practice_scan_id: String) -> ApiResult<()> {
    guarded("sim_scan", async {
        Ok(practising(&shell)
            .await?
            .practice_scan(&practice_scan_id)
            .await?)
    })
    .await
}

/// Somebody takes a number; for the first field where none is said.
///
/// # Errors
/// `practice_only`, `numbers_exhausted`.
#[tauri::command]
#[specta::specta]
pub async fn sim_ticket(
    shell: State<'_, Shell>,
    field_id: Option<String>,
    priority: Option<PriorityReason>,
) -> ApiResult<()> {
    guarded("sim_ticket", async {
        let desk = practising(&shell).await?;
        let field = match field_id {
            Some(id) => field(&id)?,
            None => STANDARD_FIELDS[0].id(),
        };
        let priority = priority.map(priority_of).transpose()?;
        desk.issue_ticket(field, priority).await?;
        Ok(())
    })
    .await
}

/// The citizen signs on the pad.
///
/// # Errors
/// `practice_only`.
#[tauri::command]
#[specta::specta]
pub async fn sim_sign(shell: State<'_, Shell>) -> ApiResult<()> {
    guarded("sim_sign", async {
        let desk = practising(&shell).await?;
        // Signing takes seconds and watches the pad: it has a thread to itself.
        spawn_blocking(move || block_on(desk.practice_sign())).await??;
        Ok(())
    })
    .await
}

/// Breaks a device, or mends everything that was broken on it.
///
/// # Errors
/// `practice_only`, `device_not_found`.
#[tauri::command]
#[specta::specta]
pub async fn sim_fault(
    shell: State<'_, Shell>,
    device_id: String,
    fault: Option<PracticeFault>,
) -> ApiResult<()> {
    guarded("sim_fault", async {
        let desk = practising(&shell).await?;
        let devices = desk.devices();
        let named = |device: &&DeviceView| device.id.as_str() == device_id;
        let device = devices.iter().find(named).ok_or(ApiError::DeviceNotFound)?;
        for broken in desk.practice_broken() {
            if breakages(device.role).contains(&broken) {
                desk.practice_break(broken, false).await?;
            }
        }
        if let Some(fault) = fault {
            let breakage = breakage(device.role, fault).ok_or(ApiError::DeviceNotFound)?;
            desk.practice_break(breakage, true).await?;
        }
        Ok(())
    })
    .await
}

/// Pulls the cable of this machine or the line of the practice province, or puts it back.
///
/// # Errors
/// `practice_only`; `device_not_found` for the province's line where no practice province runs.
#[tauri::command]
#[specta::specta]
pub async fn sim_network(shell: State<'_, Shell>, link: PracticeLink, up: bool) -> ApiResult<()> {
    guarded("sim_network", async {
        let desk = practising(&shell).await?;
        match link {
            PracticeLink::Hub => {
                desk.practice_network(up).await?;
                shell.cable(up);
            }
            PracticeLink::Province => {
                let province = shell.settings().province();
                set_province(province.ok_or(ApiError::DeviceNotFound)?, up).await?;
            }
        }
        shell.tell(&HostEvent::Practice);
        Ok(())
    })
    .await
}

async fn set_province(province: Arc<PracticeProvince>, up: bool) -> ApiResult<()> {
    spawn_blocking(move || province.set(up)).await??;
    Ok(())
}
