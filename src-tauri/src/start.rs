//! The start and the end of the program.
//!
//! Owns the order: evidence first, then the claim on the data folder, then the windows, and the desk beside
//! them. The window stands while the desk still opens; the program ends when the desk's window closes.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use tauri::{AppHandle, Builder, Manager, RunEvent, Runtime, UriSchemeContext, WindowEvent};

use crate::embed::{self, Settings};
use crate::instance::{self, Claim, Instance};
use crate::ipc;
use crate::logs;
use crate::panics;
use crate::pictures;
use crate::preferences::Preferences;
use crate::shell::Shell;
use crate::speech::{Speaker, system_voices};
use crate::windows::{self, MAIN};

/// Where logs and crash files lie below the data folder.
const LOGS_DIR: &str = "logs";
/// How long the end may take: everything accepted is on disk already.
const CLOSE_MS_MAX: u64 = 3_000;

/// Why the program cannot start. It is said on standard error: there is no window to say it in.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The system names no folder for data.
    #[error("there is no data folder: set MOTCUA_DATA")]
    NoFolder,
    /// The data folder cannot be used.
    #[error(transparent)]
    Claim(#[from] instance::ClaimError),
    /// The system gave no thread.
    #[error("no thread: {0}")]
    Thread(#[from] std::io::Error),
    /// The windows cannot be made.
    #[error(transparent)]
    Windows(#[from] tauri::Error),
}

/// Runs the program until its window closes.
#[must_use]
pub fn run() -> ExitCode {
    match try_run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the program cannot start");
            eprintln!("motcua: {error}");
            ExitCode::FAILURE
        }
    }
}

fn try_run() -> Result<(), StartError> {
    let folder = embed::data_folder().ok_or(StartError::NoFolder)?;
    let logs_folder = folder.join(LOGS_DIR);
    panics::install(logs_folder.clone());
    let instance = match instance::claim(&folder)? {
        Claim::First(instance) => instance,
        Claim::Taken { knocked } => {
            if !knocked {
                eprintln!("motcua: the data folder is in use");
            }
            return Ok(());
        }
    };
    let log = logs::start(&logs_folder);
    if let Err(error) = &log {
        eprintln!("motcua: no log: {error}");
    }
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "start");
    let ended = run_windows(&folder, instance);
    tracing::info!("end");
    drop(log);
    ended
}

fn run_windows(folder: &Path, instance: Instance) -> Result<(), StartError> {
    let speaker = Speaker::start(system_voices())?;
    let shell = Shell::new(
        Settings::of(folder.to_owned()),
        speaker,
        Preferences::load(folder),
    );
    let app = fitted(Builder::<tauri::Wry>::new(), shell)
        .setup(move |app| {
            let app = app.handle();
            windows::open_main(app)?;
            let window = app.clone();
            instance.on_knock(move || windows::come_forward(&window))?;
            app.manage(instance);
            dress(app);
            embed::open_desk(app.clone());
            end_when_asked(app.clone());
            Ok(())
        })
        .build(context())?;
    // Returning, and not ending the process within: the log is written out, the folder given back.
    app.run_return(|app, event| {
        if matches!(event, RunEvent::Exit) {
            close_desk(app);
        }
    });
    Ok(())
}

/// What is built into the program: the pages, the icons, the rights of the windows.
#[must_use]
pub fn context<R: Runtime>() -> tauri::Context<R> {
    tauri::generate_context!()
}

/// Everything of the program but its start: commands, pictures, windows. Tests fit the same to a runtime
/// without a display.
#[must_use]
pub fn fitted<R: Runtime>(builder: Builder<R>, shell: Shell) -> Builder<R> {
    let commands = ipc::commands_of::<R>();
    builder
        .invoke_handler(commands.invoke_handler())
        .register_asynchronous_uri_scheme_protocol(pictures::SCHEME, serve_picture)
        .on_window_event(|window, event| {
            if matches!(event, WindowEvent::Destroyed) {
                on_closed(window.app_handle(), window.label());
            }
        })
        .manage(shell)
}

/// The hall display ends with the desk it belongs to.
fn on_closed<R: Runtime>(app: &AppHandle<R>, window: &str) {
    if let Some(shell) = app.try_state::<Shell>() {
        shell.listeners.detach(window);
    }
    if window == MAIN {
        app.exit(0);
    }
}

#[allow(clippy::needless_pass_by_value)] // Tauri hands a protocol its request so
fn serve_picture<R: Runtime>(
    context: UriSchemeContext<'_, R>,
    request: tauri::http::Request<Vec<u8>>,
    responder: tauri::UriSchemeResponder,
) {
    match pictures::asked(context.webview_label(), &request) {
        Err(status) => responder.respond(pictures::refuse(status)),
        Ok(asked) => {
            let app = context.app_handle().clone();
            tauri::async_runtime::spawn(async move {
                let shell = app.state::<Shell>();
                let found = crate::shell::guarded("picture", async {
                    pictures::fetch(&shell.desk().await?, asked).await
                });
                responder.respond(pictures::answer(found.await));
            });
        }
    }
}

/// The end of a person's session on the system ends the program as closing its window does.
#[cfg(unix)]
fn end_when_asked<R: Runtime>(app: AppHandle<R>) {
    use tokio::signal::unix::{SignalKind, signal};
    tauri::async_runtime::spawn(async move {
        match signal(SignalKind::terminate()) {
            Ok(mut asked) => {
                asked.recv().await;
                close_windows(&app);
            }
            Err(error) => tracing::warn!(%error, "the system's wish to end is not heard"),
        }
    });
}

#[cfg(unix)]
fn close_windows<R: Runtime>(app: &AppHandle<R>) {
    let closed = app.get_webview_window(MAIN).map(|window| window.destroy());
    if !matches!(closed, Some(Ok(()))) {
        app.exit(0);
    }
}

/// On this system the window is told, and closing it ends the program.
#[cfg(not(unix))]
fn end_when_asked<R: Runtime>(_app: AppHandle<R>) {}

fn dress<R: Runtime>(app: &AppHandle<R>) {
    let appearance = app.state::<Shell>().preferences().appearance();
    if let Err(error) = windows::dress(app, appearance) {
        tracing::warn!(%error, "the window keeps its default look");
    }
}

fn close_desk<R: Runtime>(app: &AppHandle<R>) {
    let Some(desk) = app.state::<Shell>().desk_now() else {
        return;
    };
    let patience = Duration::from_millis(CLOSE_MS_MAX);
    let closed = tauri::async_runtime::block_on(async {
        tokio::time::timeout(patience, desk.close()).await
    });
    if closed.is_err() {
        tracing::warn!("the devices or the link were still busy at the end");
    }
}
