//! Who is at the counter.

use motcua_core::ids::{EntityId, StaffId};
use tauri::State;

use super::id;
use crate::ipc::caller::TheWindows;
use crate::ipc::convert::{ApiResult, app_state as shown};
use crate::ipc::dto::{AppState, Appearance, FieldProblem, FieldProblemCode};
use crate::ipc::error::ApiError;
use crate::shell::{Shell, guarded};

/// The program's version, for the screens.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The state as it is after whatever was asked.
pub(super) async fn current(shell: &Shell) -> ApiResult<AppState> {
    let entry = shell.desk().await?.entry().await?;
    Ok(shown(&entry, &shell.preferences(), VERSION))
}

/// What the window needs to decide which screen to show.
///
/// # Errors
/// Why the desk cannot be opened.
#[tauri::command]
#[specta::specta]
pub async fn app_state(shell: State<'_, Shell>) -> ApiResult<AppState> {
    guarded("app_state", current(&shell)).await
}

/// Signs a person in at a counter.
///
/// # Errors
/// `wrong_pin` with the tries that are left, `staff_locked`.
#[tauri::command]
#[specta::specta]
pub async fn sign_in(
    shell: State<'_, Shell>,
    staff_id: String,
    pin: String,
    counter_id: String,
) -> ApiResult<AppState> {
    guarded("sign_in", async {
        let staff: StaffId = id(&staff_id, unknown("staffId"))?;
        let counter: EntityId = id(&counter_id, unknown("counterId"))?;
        shell.desk().await?.sign_in(staff, &pin, counter).await?;
        if let Err(error) = shell.preferences().set_last_counter(staff, counter) {
            tracing::warn!(%error, "the counter is not remembered");
        }
        current(&shell).await
    })
    .await
}

/// The screens offer only people and counters there are; anything else names a field of the form.
fn unknown(field: &str) -> ApiError {
    let problem = FieldProblem {
        field: field.to_owned(),
        code: FieldProblemCode::BadFormat,
    };
    ApiError::InvalidInput {
        problems: vec![problem],
    }
}

/// Nobody is at the counter any more.
///
/// # Errors
/// When there is no office.
#[tauri::command]
#[specta::specta]
pub async fn sign_out(shell: State<'_, Shell>) -> ApiResult<AppState> {
    guarded("sign_out", async {
        shell.desk().await?.sign_out()?;
        current(&shell).await
    })
    .await
}

/// Locks the screen.
///
/// # Errors
/// When there is no office.
#[tauri::command]
#[specta::specta]
pub async fn lock(shell: State<'_, Shell>) -> ApiResult<AppState> {
    guarded("lock", async {
        shell.desk().await?.lock()?;
        current(&shell).await
    })
    .await
}

/// Opens the locked screen.
///
/// # Errors
/// As [`sign_in`].
#[tauri::command]
#[specta::specta]
pub async fn unlock(shell: State<'_, Shell>, pin: String) -> ApiResult<AppState> {
    guarded("unlock", async {
        shell.desk().await?.unlock(&pin).await?;
        current(&shell).await
    })
    .await
}

/// Keeps how the windows of this machine look, and dresses the desk's window at once.
///
/// # Errors
/// `storage_failed` when the choice cannot be kept over a restart.
#[tauri::command]
#[specta::specta]
pub async fn set_appearance(
    windows: TheWindows,
    shell: State<'_, Shell>,
    appearance: Appearance,
) -> ApiResult<()> {
    guarded("set_appearance", async {
        windows.0.dress(appearance)?;
        shell.preferences().set_appearance(appearance)?;
        Ok(())
    })
    .await
}
