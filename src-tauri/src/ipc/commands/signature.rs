//! The citizen's signature.

use tauri::State;

use super::intake::shown;
use crate::ipc::convert::{ApiResult, sign_request, strokes_of, via_of};
use crate::ipc::dto::{InkStroke, IntakeView, SignRequest, SignatureVia};
use crate::ipc::error::ApiError;
use crate::shell::{Shell, guarded};

/// Asks the citizen to sign.
///
/// # Errors
/// `no_intake`, `device_not_found`, `signature_pad_lost`.
#[tauri::command]
#[specta::specta]
pub async fn sign_begin(shell: State<'_, Shell>, via: SignatureVia) -> ApiResult<SignRequest> {
    guarded("sign_begin", async {
        Ok(sign_request(
            &shell.desk().await?.sign_begin(via_of(via)).await?,
        ))
    })
    .await
}

/// Clears what was drawn; the request stays open.
///
/// # Errors
/// `signature_pad_lost`.
#[tauri::command]
#[specta::specta]
pub async fn sign_clear(shell: State<'_, Shell>) -> ApiResult<()> {
    guarded("sign_clear", async {
        Ok(shell.desk().await?.sign_clear()?)
    })
    .await
}

/// Gives up asking.
///
/// # Errors
/// `no_intake`.
#[tauri::command]
#[specta::specta]
pub async fn sign_cancel(shell: State<'_, Shell>) -> ApiResult<IntakeView> {
    guarded("sign_cancel", async {
        let desk = shell.desk().await?;
        Ok(shown(&desk, &desk.sign_cancel().await?))
    })
    .await
}

/// Finishes with the strokes of the screen, or asks the pad to finish: its signature is on the draft when
/// the pad has answered, and an event says so.
///
/// # Errors
/// `signature_empty`, `signature_pad_lost`.
#[tauri::command]
#[specta::specta]
pub async fn sign_submit(
    shell: State<'_, Shell>,
    strokes: Option<Vec<InkStroke>>,
) -> ApiResult<IntakeView> {
    guarded("sign_submit", async {
        let desk = shell.desk().await?;
        let view = match strokes {
            Some(ink) => desk.sign_submit(strokes_of(&ink)).await?,
            None => {
                desk.sign_accept_pad()?;
                desk.intake().await?.ok_or(ApiError::NoIntake)?
            }
        };
        Ok(shown(&desk, &view))
    })
    .await
}
