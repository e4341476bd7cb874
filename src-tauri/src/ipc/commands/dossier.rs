//! One dossier: its screen, its papers, and finding it.

use motcua_core::ids::{EntityId, PrintJobId};
use motcua_desk::Desk;
use motcua_drivers::Role;
use tauri::State;

use super::id;
use crate::ipc::convert::{ApiResult, Around, dossier_view, search_view};
use crate::ipc::dto::{DossierView, OpenedForm, ReprintReason, SearchView};
use crate::ipc::error::ApiError;
use crate::platform;
use crate::shell::{Shell, guarded};

/// The dossier as it is after whatever was asked.
async fn current(desk: &Desk, dossier: EntityId) -> ApiResult<DossierView> {
    let file = desk.dossier(dossier)?;
    let (status, entry) = (desk.status()?, desk.entry().await?);
    let devices = desk.devices();
    let printer = devices
        .iter()
        .find(|device| device.role == Role::ReceiptPrinter);
    let around = Around {
        status: &status,
        entry: &entry,
        printer: printer.map(|device| device.name.as_str()),
    };
    Ok(dossier_view(&file, &around))
}

fn named(dossier_id: &str) -> ApiResult<EntityId> {
    id(dossier_id, ApiError::DossierNotFound)
}

/// A dossier with its life line, history and papers.
///
/// # Errors
/// `dossier_not_found`, `not_signed_in`.
#[tauri::command]
#[specta::specta]
pub async fn dossier(shell: State<'_, Shell>, dossier_id: String) -> ApiResult<DossierView> {
    guarded("dossier", async {
        current(&shell.desk().await?, named(&dossier_id)?).await
    })
    .await
}

/// Dossiers by code or its last digits, name without marks, personal number, phone.
///
/// # Errors
/// `not_signed_in`.
#[tauri::command]
#[specta::specta]
pub async fn search(shell: State<'_, Shell>, query: String) -> ApiResult<SearchView> {
    guarded("search", async {
        let desk = shell.desk().await?;
        let hits = desk.search(&query)?;
        Ok(search_view(query, &hits, desk.now()))
    })
    .await
}

/// Prints the original, where none is known to have come out.
///
/// # Errors
/// `no_printer`, `device_busy`, `clock_wrong`, `reprint_reason_missing` when one is out already.
#[tauri::command]
#[specta::specta]
pub async fn print_slip(shell: State<'_, Shell>, dossier_id: String) -> ApiResult<DossierView> {
    guarded("print_slip", async {
        let (desk, dossier) = (shell.desk().await?, named(&dossier_id)?);
        desk.print_slip(dossier).await?;
        current(&desk, dossier).await
    })
    .await
}

/// Prints a marked copy, with its reason on record.
///
/// # Errors
/// `reprint_reason_missing`, `no_printer`, `device_busy`, `clock_wrong`.
#[tauri::command]
#[specta::specta]
pub async fn reprint_slip(
    shell: State<'_, Shell>,
    dossier_id: String,
    reason: ReprintReason,
    words: String,
) -> ApiResult<DossierView> {
    guarded("reprint_slip", async {
        let (desk, dossier) = (shell.desk().await?, named(&dossier_id)?);
        desk.reprint_slip(dossier, &reason_on_record(reason, &words))
            .await?;
        current(&desk, dossier).await
    })
    .await
}

/// The reason as the log keeps it for people who read it years later: Vietnamese words, whatever language
/// the screen was in. "Other" is what the clerk wrote, and nothing without it.
fn reason_on_record(reason: ReprintReason, words: &str) -> String {
    let stated = match reason {
        ReprintReason::Lost => "Người dân làm mất phiếu",
        ReprintReason::Damaged => "Phiếu bị hỏng",
        ReprintReason::NotReadable => "Phiếu in không đọc được",
        ReprintReason::AskedByCitizen => "Người dân đề nghị",
        ReprintReason::Other => "",
    };
    let parts: Vec<&str> = [stated, words.trim()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(": ")
}

/// The clerk's answer where the printer could not tell.
///
/// # Errors
/// `print_answered_already`.
#[tauri::command]
#[specta::specta]
pub async fn print_outcome(
    shell: State<'_, Shell>,
    job_id: String,
    came_out: bool,
) -> ApiResult<DossierView> {
    guarded("print_outcome", async {
        let desk = shell.desk().await?;
        let job: PrintJobId = id(&job_id, ApiError::PrintAnsweredAlready)?;
        let dossier = desk.print_answer(job, came_out).await?;
        current(&desk, dossier).await
    })
    .await
}

/// Makes Form 01 as a file on this machine and opens it with the person's own viewer.
///
/// # Errors
/// `dossier_not_found`, `disk_full`. A machine without a viewer is no error: the answer says so.
#[tauri::command]
#[specta::specta]
pub async fn form_pdf(shell: State<'_, Shell>, dossier_id: String) -> ApiResult<OpenedForm> {
    guarded("form_pdf", async {
        let path = shell.desk().await?.form_pdf(named(&dossier_id)?).await?;
        let file = path.clone();
        let opening =
            tauri::async_runtime::spawn_blocking(move || platform::open_file(&file)).await?;
        if let Err(error) = &opening {
            tracing::warn!(%error, "no viewer opened the form");
        }
        Ok(OpenedForm {
            path: path.to_string_lossy().into_owned(),
            opened: opening.is_ok(),
        })
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_kept_in_words_and_other_needs_them() {
        for (reason, words, kept) in [
            (ReprintReason::Lost, "", "Người dân làm mất phiếu"),
            (
                ReprintReason::Damaged,
                " dính nước ",
                "Phiếu bị hỏng: dính nước",
            ),
            (
                ReprintReason::Other,
                "in cho lãnh đạo xã",
                "in cho lãnh đạo xã",
            ),
            (ReprintReason::Other, "  ", ""),
        ] {
            assert_eq!(reason_on_record(reason, words), kept);
        }
    }
}
