//! The first run.

use jiff::civil::Date;
use motcua_core::catalogue::{Catalogue, import};
use tauri::State;

use super::session::current;
use crate::embed::meet_hub;
use crate::ipc::convert::{ApiResult, imported_choice, new_office, setup_options as options};
use crate::ipc::dto::{AppState, CatalogueChoice, OfficeDraft, SetupOptions};
use crate::ipc::error::ApiError;
use crate::shell::{Shell, guarded};

/// The day from which the rows of a file count while it is only looked at; none of what is shown depends
/// on it.
const ANY_DAY: Date = jiff::civil::date(2026, 1, 1);

/// Opens the practice office.
///
/// # Errors
/// When an office is open already, or the disk is full.
#[tauri::command]
#[specta::specta]
pub async fn start_practice(shell: State<'_, Shell>) -> ApiResult<AppState> {
    guarded("start_practice", async {
        let desk = shell.desk().await?;
        desk.start_practice().await?;
        meet_hub(&shell, &desk).await;
        current(&shell).await
    })
    .await
}

/// What the form of a new office offers.
///
/// # Errors
/// Never.
#[tauri::command]
#[specta::specta]
pub async fn setup_options(shell: State<'_, Shell>) -> ApiResult<SetupOptions> {
    guarded("setup_options", async {
        Ok(options(&Catalogue::practice(), shell.catalogues_seen()))
    })
    .await
}

/// Reads a catalogue file without taking it: what it holds and what a person must decide.
///
/// # Errors
/// `catalogue_unreadable` with the first row that is none, when no row can be read.
#[tauri::command]
#[specta::specta]
pub async fn preview_catalogue(
    shell: State<'_, Shell>,
    file_name: String,
    text: String,
) -> ApiResult<CatalogueChoice> {
    guarded("preview_catalogue", async {
        // A file of some hundred rows takes a while to judge: not on a thread that others wait for.
        let reading = tauri::async_runtime::spawn_blocking(move || import::read(&text, ANY_DAY));
        let report = reading.await?;
        if report.accepted.is_empty() {
            let row = report.rejected.first().map_or(1, |rejected| rejected.line);
            return Err(ApiError::CatalogueUnreadable {
                row: u32::try_from(row).unwrap_or(u32::MAX),
            });
        }
        let choice = imported_choice(&file_name, &report);
        shell.catalogue_seen(choice.clone());
        Ok(choice)
    })
    .await
}

/// Opens a new office.
///
/// # Errors
/// `invalid_input` with everything that is wrong.
#[tauri::command]
#[specta::specta]
pub async fn create_office(shell: State<'_, Shell>, draft: OfficeDraft) -> ApiResult<AppState> {
    guarded("create_office", async {
        let desk = shell.desk().await?;
        desk.create_office(&new_office(draft)?).await?;
        meet_hub(&shell, &desk).await;
        current(&shell).await
    })
    .await
}
