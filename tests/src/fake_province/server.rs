//! The running province: two listeners over one state.

use super::api;
use super::control::{self, Control, Policy};
use super::faults::Rules;
use super::gate::{Doorkeeper, Gate};
use super::ledger::Ledger;
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// How long a bearer token is good for, unless a test wants otherwise.
const TOKEN_SECONDS: u64 = 3_600;

/// How a province is set up.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the API listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The file of its ledger; in memory only when absent.
    pub ledger: Option<PathBuf>,
    /// Who may ask for a token.
    pub client_id: String,
    /// With which secret.
    pub client_secret: String,
    /// How long a token is good for, in seconds.
    pub token_seconds: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            ledger: None,
            client_id: "trung-tam-thu-nghiem".to_owned(),
            client_secret: "bi-mat-thu-nghiem".to_owned(),
            token_seconds: TOKEN_SECONDS,
        }
    }
}

/// Where a running province is reached; the handshake of the program `fake-province`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addresses {
    /// The API, without a trailing slash.
    pub url: String,
    /// The control, without a trailing slash.
    pub control: String,
    /// Who may ask for a token.
    pub client_id: String,
    /// With which secret.
    pub client_secret: String,
}

/// A province that runs in this process; dropping it takes it down.
#[derive(Debug)]
pub struct FakeProvince {
    addresses: Addresses,
    shared: Arc<Shared>,
    tasks: [JoinHandle<()>; 2],
}

impl FakeProvince {
    /// Starts it.
    ///
    /// # Errors
    /// When an address is taken or the ledger cannot be read.
    pub async fn start(options: Options) -> Result<Self> {
        let ledger = Ledger::open(options.ledger.as_deref())?;
        let (gate, door) = Gate::open(options.listen)
            .await
            .with_context(|| format!("listening on {}", options.listen))?;
        let control = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .context("control")?;
        let addresses = Addresses {
            url: format!("http://{}", gate.address()),
            control: format!("http://{}", control.local_addr()?),
            client_id: options.client_id.clone(),
            client_secret: options.client_secret.clone(),
        };
        let shared = Arc::new(Shared {
            options,
            door,
            state: Mutex::new(State::new(ledger)),
        });
        let api = api::router(Arc::clone(&shared));
        let steering = control::router(Arc::clone(&shared));
        let tasks = [
            tokio::spawn(async move {
                let service =
                    api.into_make_service_with_connect_info::<super::gate::ConnectionId>();
                let _ = axum::serve(gate, service).await;
            }),
            tokio::spawn(async move {
                let _ = axum::serve(control, steering).await;
            }),
        ];
        Ok(Self {
            addresses,
            shared,
            tasks,
        })
    }

    /// Where it is reached.
    pub fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// A client of its control.
    ///
    /// # Errors
    /// When the HTTP client cannot be made.
    pub fn control(&self) -> Result<Control> {
        Control::new(&self.addresses)
    }
}

impl Drop for FakeProvince {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
        self.shared.door.cut_all();
    }
}

/// What both listeners share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) options: Options,
    pub(super) door: Doorkeeper,
    state: Mutex<State>,
}

impl Shared {
    /// The state, for one short step that awaits nothing.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// All that changes.
#[derive(Debug)]
pub(super) struct State {
    pub(super) ledger: Ledger,
    pub(super) rules: Rules,
    pub(super) policy: Policy,
    /// Tokens with the moment they run out.
    pub(super) tokens: HashMap<String, Instant>,
    counters: BTreeMap<String, u64>,
}

impl State {
    fn new(ledger: Ledger) -> Self {
        Self {
            ledger,
            rules: Rules::default(),
            policy: Policy::default(),
            tokens: HashMap::new(),
            counters: BTreeMap::new(),
        }
    }

    pub(super) fn count(&mut self, what: impl Into<String>) {
        *self.counters.entry(what.into()).or_default() += 1;
    }

    pub(super) fn counters(&self) -> &BTreeMap<String, u64> {
        &self.counters
    }
}
