//! What every route works with: the store, and what lives only in memory.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use motcua_core::event::Event;
use motcua_core::ids::{DeviceId, Hash, ScopeId};
use motcua_core::office::Office;
use motcua_core::state::{State, office_entity};
use motcua_ledger::exchange::{EnrolTicket, HallCall};
use motcua_ledger::hub::{HubStore, StoreError};
use motcua_ledger::keys::KeyHome;
use tokio::sync::{Notify, watch};
use uuid::Uuid;

use crate::clock::{since_ms, wall_ms};
use crate::connector::ProvinceGauge;
use crate::enrol::EnrolDesk;
use crate::error::ApiError;
use crate::hall::{Board, call_of};
use crate::limits::{HALL_REPLAY_LINES_MAX, PAGE_BYTES_MAX};
use crate::live::Live;
use crate::sessions::Sessions;

/// What the hub is, fixed at start.
#[derive(Clone, Debug)]
pub struct About {
    /// Its name for people.
    pub name: String,
    /// A stable identity of the machine it runs on.
    pub machine: String,
    /// Where other machines reach it, `https://host:port`.
    pub url: String,
    /// The office's log.
    pub scope: ScopeId,
    /// The log's identity.
    pub log_id: Uuid,
    /// The office's authority, PEM.
    pub ca_pem: String,
    /// Its fingerprint.
    pub fingerprint: Hash,
    /// Where the store key lives, for the health page.
    pub key_home: Option<KeyHome>,
    /// The store's folder.
    pub dir: PathBuf,
    /// The built pages of the hall display.
    pub hall_dir: Option<PathBuf>,
}

impl About {
    /// Everything that a new machine needs to join with this code.
    #[must_use]
    pub fn ticket(&self, code: &str) -> EnrolTicket {
        EnrolTicket {
            url: self.url.clone(),
            code: code.to_owned(),
            fingerprint: self.fingerprint.to_string(),
        }
    }
}

/// How far a counter has come, as far as this run of the hub has seen.
#[derive(Clone, Copy, Debug, Default)]
pub struct Progress {
    /// The position it last read after.
    pub read_seq: Option<u64>,
    /// The last number it had written at its last hello.
    pub written_dseq: Option<u64>,
}

/// Shared by every route.
pub struct App {
    /// The office's log.
    pub store: Arc<dyn HubStore>,
    /// What the hub is.
    pub about: About,
    /// News.
    pub live: Live,
    /// How the province stands.
    pub province: Arc<ProvinceGauge>,
    /// Wakes the connector.
    pub forward: Arc<Notify>,
    /// True when the hub is ending.
    pub closing: watch::Receiver<bool>,
    enrol: Mutex<EnrolDesk>,
    sessions: Mutex<Sessions>,
    board: Mutex<Board>,
    progress: Mutex<HashMap<DeviceId, Progress>>,
    started: Instant,
    started_ms: i64,
}

impl App {
    /// Reads what it needs from the store; blocks.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn new(
        store: Arc<dyn HubStore>,
        about: About,
        province: Arc<ProvinceGauge>,
        closing: watch::Receiver<bool>,
    ) -> Result<Self, StoreError> {
        let head = head(&*store)?;
        let board = replay(&*store, &about.scope, head)?;
        Ok(Self {
            live: Live::new(head),
            store,
            about,
            province,
            forward: Arc::new(Notify::new()),
            closing,
            enrol: Mutex::default(),
            sessions: Mutex::default(),
            board: Mutex::new(board),
            progress: Mutex::default(),
            started: Instant::now(),
            started_ms: wall_ms(),
        })
    }

    /// Monotonic milliseconds since the hub started.
    #[must_use]
    pub fn now_ms(&self) -> u64 {
        since_ms(self.started)
    }

    /// When the hub started, milliseconds since 1970.
    #[must_use]
    pub fn started_ms(&self) -> i64 {
        self.started_ms
    }

    /// The enrolment code, for one short step.
    pub fn enrol(&self) -> MutexGuard<'_, EnrolDesk> {
        lock(&self.enrol)
    }

    /// Nonces and tokens, for one short step.
    pub fn sessions(&self) -> MutexGuard<'_, Sessions> {
        lock(&self.sessions)
    }

    /// The last calls, for one short step.
    pub fn board(&self) -> MutexGuard<'_, Board> {
        lock(&self.board)
    }

    /// Takes note of how far a counter has come.
    pub fn note_progress(&self, device: DeviceId, change: impl FnOnce(&mut Progress)) {
        change(lock(&self.progress).entry(device).or_default());
    }

    /// How far a counter has come.
    #[must_use]
    pub fn progress(&self, device: DeviceId) -> Progress {
        lock(&self.progress)
            .get(&device)
            .copied()
            .unwrap_or_default()
    }

    /// The log has grown: tells the live lines and the connector. Calls are shown in the log's order.
    pub fn announce(&self, head: u64, calls: Vec<HallCall>) {
        for call in calls {
            self.live.called(&call);
            self.board().note(call);
        }
        self.live.grown(head);
        self.forward.notify_one();
    }
}

/// Runs a step on the store off the async threads.
///
/// # Errors
/// What the step says.
pub async fn blocking<T: Send + 'static>(
    app: &Arc<App>,
    step: impl FnOnce(&App) -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    let app = Arc::clone(app);
    tokio::task::spawn_blocking(move || step(&app))
        .await
        .map_err(|_| ApiError::Worker)?
}

/// Thirty-two random bytes.
///
/// # Errors
/// [`ApiError::NoRandom`].
pub fn random() -> Result<[u8; 32], ApiError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| ApiError::NoRandom)?;
    Ok(bytes)
}

/// The last position in the log.
///
/// # Errors
/// [`StoreError`].
pub fn head(store: &dyn HubStore) -> Result<u64, StoreError> {
    Ok(store.page(0, 1, 1)?.head)
}

/// The office as it stands at the hub.
///
/// # Errors
/// [`StoreError`].
pub fn office(store: &dyn HubStore, scope: &ScopeId) -> Result<Option<Office>, StoreError> {
    Ok(store
        .state(office_entity(scope))?
        .and_then(State::into_office))
}

/// The calls that these lines of the log make.
///
/// # Errors
/// [`StoreError`].
pub fn calls_of<'a>(
    store: &dyn HubStore,
    scope: &ScopeId,
    lines: impl Iterator<Item = (u64, &'a motcua_core::op::SealedOp)>,
) -> Result<Vec<HallCall>, StoreError> {
    let mut calls = Vec::new();
    let mut known_office = None;
    for (seq, op) in lines {
        let Some(event @ Event::TicketCalled(_)) = op.event() else {
            continue;
        };
        if known_office.is_none() {
            known_office = office(store, scope)?;
        }
        let ticket = store.state(op.op.entity)?.and_then(State::into_ticket);
        calls
            .extend(ticket.and_then(|ticket| call_of(seq, &event, &ticket, known_office.as_ref())));
    }
    Ok(calls)
}

/// The last calls, read again from the end of the log.
fn replay(store: &dyn HubStore, scope: &ScopeId, head: u64) -> Result<Board, StoreError> {
    let mut board = Board::default();
    let mut after = head.saturating_sub(HALL_REPLAY_LINES_MAX);
    while after < head {
        let page = store.page(after, u32::MAX, PAGE_BYTES_MAX)?;
        let Some(last) = page.lines.last() else { break };
        after = last.seq;
        let standing = page.lines.iter().filter(|line| line.decision.stands());
        let calls = calls_of(store, scope, standing.map(|line| (line.seq, &line.op)))?;
        calls.into_iter().for_each(|call| board.note(call));
    }
    Ok(board)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
