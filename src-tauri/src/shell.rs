//! What the commands share: the desk, who listens, the voice, this machine's preferences.
//!
//! Owns the wait for the desk: it opens while the window already stands, and a command that comes early
//! waits for it. A desk that cannot open is not a window that cannot open: every command then answers why.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use motcua_desk::Desk;
use motcua_sync_server::HubHandle;
use tokio::sync::watch;

use crate::embed::Settings;
use crate::ipc::convert::ApiResult;
use crate::ipc::dto::CatalogueChoice;
use crate::ipc::error::ApiError;
use crate::ipc::event::HostEvent;
use crate::listeners::Listeners;
use crate::panics::caught;
use crate::preferences::Preferences;
use crate::speech::Speaker;

/// Everything behind the commands. One for the program; commands borrow it.
pub struct Shell {
    desk: watch::Sender<Option<ApiResult<Desk>>>,
    /// Who hears what changed.
    pub listeners: Listeners,
    /// The second machine of practice, while it runs.
    pub(crate) practice_hub: tokio::sync::Mutex<Option<HubHandle>>,
    cable_is_in: AtomicBool,
    settings: Settings,
    speaker: Speaker,
    preferences: Mutex<Preferences>,
    catalogues_seen: Mutex<Vec<CatalogueChoice>>,
}

impl Shell {
    /// A shell whose desk is not open yet.
    #[must_use]
    pub fn new(settings: Settings, speaker: Speaker, preferences: Preferences) -> Self {
        Self {
            desk: watch::Sender::new(None),
            listeners: Listeners::default(),
            practice_hub: tokio::sync::Mutex::default(),
            cable_is_in: AtomicBool::new(true),
            settings,
            speaker,
            preferences: Mutex::new(preferences),
            catalogues_seen: Mutex::default(),
        }
    }

    /// Whether the practice panel has left the cable of this machine in. Every start begins with it in; that
    /// is not the same as a link that is up.
    #[must_use]
    pub fn cable_is_in(&self) -> bool {
        self.cable_is_in.load(Ordering::Relaxed)
    }

    /// The practice panel has pulled the cable, or put it back.
    pub fn cable(&self, is_in: bool) {
        self.cable_is_in.store(is_in, Ordering::Relaxed);
    }

    /// What the desk was opened with.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The desk is open, or cannot be opened; every command that waits goes on.
    pub fn opened(&self, desk: ApiResult<Desk>) {
        self.desk.send_replace(Some(desk));
    }

    /// The desk, once it is open.
    ///
    /// # Errors
    /// Why it cannot be opened.
    pub async fn desk(&self) -> ApiResult<Desk> {
        let mut desk = self.desk.subscribe();
        match desk.wait_for(Option::is_some).await {
            Ok(opened) => opened.clone().unwrap_or_else(|| Err(closing())),
            // The sender is this value: it is gone only when the program is.
            Err(_) => Err(closing()),
        }
    }

    /// The desk, if it is open now: for the end of the program, which must not wait.
    #[must_use]
    pub fn desk_now(&self) -> Option<Desk> {
        self.desk.borrow().clone().and_then(Result::ok)
    }

    /// Tells the windows, and remembers a call until a page has answered for it.
    pub fn tell(&self, event: &HostEvent) {
        if let HostEvent::Announce { seq, text, .. } = event {
            self.speaker.announced(*seq, text);
        }
        self.listeners.tell(event);
    }

    /// A page answered for a call.
    pub fn call_answered(&self, seq: u64, spoken: bool) {
        self.speaker.answered(seq, spoken);
    }

    /// A catalogue file was shown to a person; the newest look at a file counts.
    pub fn catalogue_seen(&self, choice: CatalogueChoice) {
        let mut seen = self
            .catalogues_seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        seen.retain(|known| known.id != choice.id);
        seen.push(choice);
    }

    /// The catalogue files that were shown since the start.
    #[must_use]
    pub fn catalogues_seen(&self) -> Vec<CatalogueChoice> {
        self.catalogues_seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// This machine's preferences.
    pub fn preferences(&self) -> MutexGuard<'_, Preferences> {
        // A change is written whole or not at all, so a panic elsewhere leaves nothing half-made.
        self.preferences
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn closing() -> ApiError {
    ApiError::Internal {
        trace_id: crate::panics::new_trace_id(),
    }
}

/// The border of every command: a panic becomes an error with a trace id, and the log says which command
/// declined and with what code, never with whose data.
///
/// # Errors
/// What the command declined with, or [`ApiError::Internal`] when it panicked.
pub async fn guarded<T>(
    command: &'static str,
    work: impl Future<Output = ApiResult<T>>,
) -> ApiResult<T> {
    let answer = match caught(work).await {
        Ok(answer) => answer,
        Err(panicked) => Err(ApiError::Internal {
            trace_id: panicked.trace_id,
        }),
    };
    if let Err(error) = &answer {
        tracing::info!(command, code = error.code(), "declined");
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_panics_answers_with_a_trace_id() {
        let answer: ApiResult<()> = tauri::async_runtime::block_on(guarded("desk", async {
            let empty: [u8; 0] = [];
            assert!(!empty.is_empty(), "nothing to serve");
            Ok(())
        }));
        let Err(ApiError::Internal { trace_id }) = answer else {
            panic!("a panic is internal")
        };
        assert_eq!(trace_id.len(), 8);
    }

    #[test]
    fn a_command_that_comes_before_the_desk_is_open_waits_and_hears_why_it_cannot_be() {
        let folder = tempfile::tempdir().unwrap();
        let speaker = Speaker::start(Vec::new()).unwrap();
        let shell = std::sync::Arc::new(Shell::new(
            Settings::alone(folder.path().to_owned()),
            speaker,
            Preferences::load(folder.path()),
        ));
        let early = std::sync::Arc::clone(&shell);
        let waiting = tauri::async_runtime::spawn(async move { early.desk().await.map(drop) });

        shell.opened(Err(ApiError::DiskFull));

        assert_eq!(
            tauri::async_runtime::block_on(waiting).unwrap(),
            Err(ApiError::DiskFull)
        );
        assert!(shell.desk_now().is_none());
    }
}
