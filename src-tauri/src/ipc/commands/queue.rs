//! The queue at this counter.

use motcua_core::ids::EntityId;
use motcua_desk::Desk;
use tauri::State;

use super::id;
use crate::ipc::caller::TheWindows;
use crate::ipc::convert::{ApiResult, Serving, desk_view, issued, priority_of};
use crate::ipc::dto::{DeskView, FieldProblem, FieldProblemCode, IssuedTicket, PriorityReason};
use crate::ipc::error::ApiError;
use crate::shell::{Shell, guarded};

/// The queue as it is after whatever was asked.
async fn current(desk: &Desk) -> ApiResult<DeskView> {
    let hand = desk.intake().await?;
    let serving = hand.and_then(|view| {
        Some(Serving {
            ticket: view.draft.ticket?,
            since: view.draft.opened_at,
        })
    });
    Ok(desk_view(&desk.queue()?, serving))
}

/// The queue as this counter sees it.
///
/// # Errors
/// `not_signed_in`.
#[tauri::command]
#[specta::specta]
pub async fn desk(shell: State<'_, Shell>) -> ApiResult<DeskView> {
    guarded("desk", async { current(&shell.desk().await?).await }).await
}

/// Calls whoever is next.
///
/// # Errors
/// `queue_empty`, `counter_busy`, `ticket_taken`.
#[tauri::command]
#[specta::specta]
pub async fn call_next(shell: State<'_, Shell>) -> ApiResult<DeskView> {
    guarded("call_next", async {
        let desk = shell.desk().await?;
        desk.call_next().await?;
        current(&desk).await
    })
    .await
}

/// Calls the ticket in hand once more.
///
/// # Errors
/// `no_current_ticket`.
#[tauri::command]
#[specta::specta]
pub async fn call_again(shell: State<'_, Shell>) -> ApiResult<DeskView> {
    guarded("call_again", async {
        let desk = shell.desk().await?;
        desk.call_again().await?;
        current(&desk).await
    })
    .await
}

/// Nobody came.
///
/// # Errors
/// `no_current_ticket`.
#[tauri::command]
#[specta::specta]
pub async fn no_show(shell: State<'_, Shell>) -> ApiResult<DeskView> {
    guarded("no_show", async {
        let desk = shell.desk().await?;
        desk.missed().await?;
        current(&desk).await
    })
    .await
}

/// Calls one ticket by its label or its digits.
///
/// # Errors
/// `ticket_unknown`, `ticket_taken`, `ticket_closed`, `counter_busy`.
#[tauri::command]
#[specta::specta]
pub async fn call_number(shell: State<'_, Shell>, label: String) -> ApiResult<DeskView> {
    guarded("call_number", async {
        let desk = shell.desk().await?;
        desk.call_label(&label).await?;
        current(&desk).await
    })
    .await
}

/// The person was served.
///
/// # Errors
/// `no_current_ticket`.
#[tauri::command]
#[specta::specta]
pub async fn finish_ticket(shell: State<'_, Shell>) -> ApiResult<DeskView> {
    guarded("finish_ticket", async {
        let desk = shell.desk().await?;
        desk.finish_ticket().await?;
        current(&desk).await
    })
    .await
}

/// Gives out a number for a field.
///
/// # Errors
/// `numbers_exhausted`; `invalid_input` for a field that the office does not serve.
#[tauri::command]
#[specta::specta]
pub async fn issue_ticket(
    shell: State<'_, Shell>,
    field_id: String,
    priority: Option<PriorityReason>,
) -> ApiResult<IssuedTicket> {
    guarded("issue_ticket", async {
        let desk = shell.desk().await?;
        let priority = priority.map(priority_of).transpose()?;
        Ok(issued(
            &desk.issue_ticket(field(&field_id)?, priority).await?,
        ))
    })
    .await
}

/// The identity of a field, or which part of the form does not name one.
pub(super) fn field(field_id: &str) -> ApiResult<EntityId> {
    let problem = FieldProblem {
        field: "fieldId".to_owned(),
        code: FieldProblemCode::NoField,
    };
    id(
        field_id,
        ApiError::InvalidInput {
            problems: vec![problem],
        },
    )
}

/// Opens the hall window, on the second monitor where there is one.
///
/// # Errors
/// `internal` when the window system refuses.
#[tauri::command]
#[specta::specta]
pub async fn open_hall(windows: TheWindows) -> ApiResult<()> {
    guarded("open_hall", async { Ok(windows.0.open_hall()?) }).await
}
