//! The intake in hand.

use motcua_desk::Desk;
use tauri::State;

use crate::ipc::convert::{ApiResult, change_of, intake_view, procedure_hit, received};
use crate::ipc::dto::{IntakePatch, IntakeView, ProcedureHit, Received};
use crate::ipc::error::ApiError;
use crate::shell::{Shell, guarded};

/// A draft as the screen shows it, with the signature that is being asked for.
pub(super) fn shown(desk: &Desk, view: &motcua_desk::IntakeView) -> IntakeView {
    intake_view(view, desk.signing().as_ref())
}

/// The draft in hand, or none.
///
/// # Errors
/// `not_signed_in`.
#[tauri::command]
#[specta::specta]
pub async fn intake(shell: State<'_, Shell>) -> ApiResult<Option<IntakeView>> {
    guarded("intake", async {
        let desk = shell.desk().await?;
        Ok(desk.intake().await?.map(|view| shown(&desk, &view)))
    })
    .await
}

/// Starts a draft, or goes on with the one there is.
///
/// # Errors
/// `not_signed_in`.
#[tauri::command]
#[specta::specta]
pub async fn intake_start(shell: State<'_, Shell>) -> ApiResult<IntakeView> {
    guarded("intake_start", async {
        let desk = shell.desk().await?;
        Ok(shown(&desk, &desk.intake_start().await?))
    })
    .await
}

/// Applies one change, saves it, and only then answers.
///
/// # Errors
/// `no_intake`, `procedure_unknown`, `procedure_not_yet`, `procedure_expired`, `disk_full`.
#[tauri::command]
#[specta::specta]
pub async fn intake_patch(shell: State<'_, Shell>, patch: IntakePatch) -> ApiResult<IntakeView> {
    guarded("intake_patch", async {
        let desk = shell.desk().await?;
        let current = desk.intake().await?.ok_or(ApiError::NoIntake)?;
        let (word, change) = change_of(patch, &current.draft)?;
        Ok(shown(&desk, &desk.change(word, change).await?))
    })
    .await
}

/// Takes the last change back.
///
/// # Errors
/// `no_intake`, `nothing_to_undo`.
#[tauri::command]
#[specta::specta]
pub async fn intake_undo(shell: State<'_, Shell>) -> ApiResult<IntakeView> {
    guarded("intake_undo", async {
        let desk = shell.desk().await?;
        Ok(shown(&desk, &desk.undo().await?))
    })
    .await
}

/// Throws the draft away; its scans go back to the inbox.
///
/// # Errors
/// `no_intake`.
#[tauri::command]
#[specta::specta]
pub async fn intake_discard(shell: State<'_, Shell>) -> ApiResult<()> {
    guarded("intake_discard", async {
        Ok(shell.desk().await?.discard().await?)
    })
    .await
}

/// Takes the text of a card that came through the guarded field.
///
/// # Errors
/// The `card_…` codes say what the text is instead.
#[tauri::command]
#[specta::specta]
pub async fn card_text(shell: State<'_, Shell>, text: String) -> ApiResult<IntakeView> {
    guarded("card_text", async {
        let desk = shell.desk().await?;
        Ok(shown(&desk, &desk.card_text(&text).await?))
    })
    .await
}

/// Procedures by code, words, or words without marks.
///
/// # Errors
/// When there is no office.
#[tauri::command]
#[specta::specta]
pub async fn search_procedures(
    shell: State<'_, Shell>,
    query: String,
) -> ApiResult<Vec<ProcedureHit>> {
    guarded("search_procedures", async {
        let found = shell.desk().await?.search_procedures(&query)?;
        Ok(found.iter().map(procedure_hit).collect())
    })
    .await
}

/// Receives the draft: committed to disk, then printed.
///
/// # Errors
/// `intake_incomplete`, `clock_wrong`, `numbers_exhausted`, `disk_full`: the draft is then as before.
#[tauri::command]
#[specta::specta]
pub async fn receive(shell: State<'_, Shell>) -> ApiResult<Received> {
    guarded("receive", async {
        let desk = shell.desk().await?;
        Ok(received(&desk.receive().await?, desk.now()))
    })
    .await
}
