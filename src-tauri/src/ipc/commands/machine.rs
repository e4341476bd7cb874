//! The bottom bar and the devices.

use motcua_desk::Desk;
use tauri::State;

use crate::ipc::convert::{ApiResult, device_detail, status_view};
use crate::ipc::dto::{DeviceDetail, StatusView};
use crate::ipc::error::ApiError;
use crate::shell::{Shell, guarded};

/// The four lamps, the devices, the clock, the health of this machine.
///
/// # Errors
/// `storage_failed`.
#[tauri::command]
#[specta::specta]
pub async fn status(shell: State<'_, Shell>) -> ApiResult<StatusView> {
    guarded("status", async {
        let desk = shell.desk().await?;
        Ok(status_view(&desk.status()?, &desk.devices()))
    })
    .await
}

/// Every bound device, for the person who mends it.
///
/// # Errors
/// Why the desk cannot be opened.
#[tauri::command]
#[specta::specta]
pub async fn devices(shell: State<'_, Shell>) -> ApiResult<Vec<DeviceDetail>> {
    guarded("devices", async {
        let desk = shell.desk().await?;
        let (now, settings) = (desk.now(), shell.settings().devices());
        Ok(desk
            .devices()
            .iter()
            .map(|device| device_detail(device, settings, now))
            .collect())
    })
    .await
}

/// Tests a device. None of this edition's devices has a test, and none is offered (`canTest`).
///
/// # Errors
/// `device_not_found`, `device_failed`.
#[tauri::command]
#[specta::specta]
pub async fn device_test(shell: State<'_, Shell>, device_id: String) -> ApiResult<()> {
    guarded("device_test", async {
        Err(cannot(&shell.desk().await?, &device_id))
    })
    .await
}

/// Looks for a device now. The manager looks for a lost device by itself, again and again, and takes no
/// word about when.
///
/// # Errors
/// `device_not_found`.
#[tauri::command]
#[specta::specta]
pub async fn device_retry(shell: State<'_, Shell>, device_id: String) -> ApiResult<()> {
    guarded("device_retry", async {
        let desk = shell.desk().await?;
        match known(&desk, &device_id) {
            Some(_) => Ok(()),
            None => Err(ApiError::DeviceNotFound),
        }
    })
    .await
}

fn known(desk: &Desk, device_id: &str) -> Option<String> {
    let devices = desk.devices();
    devices
        .into_iter()
        .find(|device| device.id.as_str() == device_id)
        .map(|device| device.name)
}

fn cannot(desk: &Desk, device_id: &str) -> ApiError {
    match known(desk, device_id) {
        Some(device) => ApiError::DeviceFailed {
            device,
            detail: String::new(),
        },
        None => ApiError::DeviceNotFound,
    }
}
