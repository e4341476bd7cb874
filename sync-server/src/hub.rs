//! A hub that runs: inside the counter program, or as a service of its own.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::path::PathBuf;
use std::sync::Arc;

use motcua_core::ids::ScopeId;
use motcua_ledger::exchange::EnrolTicket;
use motcua_ledger::hub::{HubStore, StoreError};
use motcua_ledger::{KeyHome, KeyPolicy, OpenHub, SqliteHub};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::app::{About, App, random};
use crate::connector::{Connector, GatewayError, Province, ProvinceGauge};
use crate::error::ApiError;
use crate::health::{Health, collect};
use crate::routes::router;
use crate::serve::serve;
use crate::tls::{Authority, AuthorityError};

/// How a hub is set up.
#[derive(Clone, Debug)]
pub struct HubConfig {
    /// Folder of the store and the certificates; the hub's own, also inside a counter program.
    pub dir: PathBuf,
    /// The office that it serves.
    pub scope: ScopeId,
    /// Where a new store key is to live.
    pub keys: KeyPolicy,
    /// Where it listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where it also listens without TLS, on this machine only: for the hall page and the health page in
    /// development. Refused for any other address.
    pub plain_loopback: Option<SocketAddr>,
    /// Its name for people, for example `Máy quầy 1`.
    pub name: String,
    /// A stable identity of the machine it runs on.
    pub machine: String,
    /// The built pages of the hall display.
    pub hall_dir: Option<PathBuf>,
    /// The province's system; none while it is not known.
    pub province: Option<Province>,
}

/// The hub could not be started.
#[derive(Debug, thiserror::Error)]
pub enum HubError {
    /// The address is taken or not of this machine.
    #[error("listening on {address}: {source}")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// Plain HTTP was asked for beyond this machine.
    #[error("plain HTTP is for this machine only, not for {0}")]
    PlainBeyondLoopback(SocketAddr),
    /// The certificates.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The province's address or certificates.
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    /// A worker thread is gone.
    #[error("a worker ended")]
    Worker,
}

/// The hub as a program to be started.
#[derive(Debug)]
pub struct Hub;

impl Hub {
    /// Opens the store and starts the hub on the current tokio runtime.
    ///
    /// # Errors
    /// [`HubError`].
    pub async fn start(config: HubConfig) -> Result<HubHandle, HubError> {
        let open = OpenHub {
            dir: config.dir.clone(),
            keys: config.keys,
            scope: config.scope.clone(),
            name: config.name.clone(),
        };
        let opened = tokio::task::spawn_blocking(move || SqliteHub::open(open));
        let opened = opened.await.map_err(|_| HubError::Worker)??;
        if opened.rewound {
            tracing::warn!(
                "the hub's store was put back from an old copy: its log has a new identity"
            );
        }
        Self::start_over(Arc::new(opened.store), Some(opened.key_home), config).await
    }

    /// Starts a hub over a store that is open. Only the addresses, names, certificates and the province are
    /// taken from `config`.
    ///
    /// # Errors
    /// [`HubError`].
    pub async fn start_over(
        store: Arc<dyn HubStore>,
        key_home: Option<KeyHome>,
        config: HubConfig,
    ) -> Result<HubHandle, HubError> {
        let listener = listen(config.listen).await?;
        let addr = listener.local_addr().map_err(|source| HubError::Listen {
            address: config.listen,
            source,
        })?;
        let plain = match config.plain_loopback {
            Some(address) if !address.ip().is_loopback() => {
                return Err(HubError::PlainBeyondLoopback(address));
            }
            Some(address) => Some(listen(address).await?),
            None => None,
        };
        let plain_addr = plain.as_ref().and_then(|plain| plain.local_addr().ok());
        let connector = config.province.clone().map(Connector::new).transpose()?;
        let gauge = Arc::new(ProvinceGauge::new(connector.is_some()));
        let (close, closing) = watch::channel(false);
        let (app, tls) = prepare(
            store,
            key_home,
            config,
            addr,
            (Arc::clone(&gauge), closing.clone()),
        )
        .await?;
        let router = router(Arc::clone(&app));
        let mut tasks = JoinSet::new();
        tasks.spawn(serve(listener, Some(tls), router.clone(), closing.clone()));
        if let Some(plain) = plain {
            tasks.spawn(serve(plain, None, router, closing.clone()));
        }
        if let Some(connector) = connector {
            tasks.spawn(connector.run(Arc::clone(&app), closing));
        }
        tracing::info!(%addr, hub = app.about.name, scope = %app.about.scope, "the hub listens");
        Ok(HubHandle {
            app,
            addr,
            plain_addr,
            close,
            tasks,
        })
    }
}

/// Opens the certificates and reads the store, off the async threads.
async fn prepare(
    store: Arc<dyn HubStore>,
    key_home: Option<KeyHome>,
    config: HubConfig,
    addr: SocketAddr,
    (gauge, closing): (Arc<ProvinceGauge>, watch::Receiver<bool>),
) -> Result<(Arc<App>, TlsAcceptor), HubError> {
    let prepared = tokio::task::spawn_blocking(move || {
        let (scope, log_id) = store.scope()?;
        let authority = Authority::open(&config.dir, &scope.0)?;
        let tls = authority.server_config(&addresses(addr))?;
        let about = About {
            name: config.name,
            machine: config.machine,
            url: format!("https://{}", reachable(addr)),
            scope,
            log_id,
            ca_pem: authority.pem().to_owned(),
            fingerprint: authority.fingerprint(),
            key_home,
            dir: config.dir,
            hall_dir: config.hall_dir,
        };
        let app = App::new(store, about, gauge, closing)?;
        Ok((Arc::new(app), TlsAcceptor::from(Arc::new(tls))))
    });
    prepared.await.map_err(|_| HubError::Worker)?
}

async fn listen(address: SocketAddr) -> Result<TcpListener, HubError> {
    TcpListener::bind(address)
        .await
        .map_err(|source| HubError::Listen { address, source })
}

/// The address that other machines use: a hub that listens everywhere tells the one it has in the LAN.
fn reachable(listening: SocketAddr) -> SocketAddr {
    if !listening.ip().is_unspecified() {
        return listening;
    }
    let ip = lan_address().unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    SocketAddr::new(ip, listening.port())
}

/// Every address that the certificate names, for browsers.
fn addresses(listening: SocketAddr) -> Vec<IpAddr> {
    let mut addresses = vec![
        IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(Ipv6Addr::LOCALHOST),
    ];
    let own = reachable(listening).ip();
    if !addresses.contains(&own) {
        addresses.push(own);
    }
    addresses
}

/// This machine's address towards the network. Asking for a route sends nothing.
fn lan_address() -> Option<IpAddr> {
    /// A documentation address (RFC 5737): any address beyond the LAN would do.
    const ELSEWHERE: (Ipv4Addr, u16) = (Ipv4Addr::new(192, 0, 2, 1), 9);
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect(ELSEWHERE).ok()?;
    Some(socket.local_addr().ok()?.ip())
}

/// A running hub. Dropping it stops it without waiting for the calls in hand.
pub struct HubHandle {
    app: Arc<App>,
    addr: SocketAddr,
    plain_addr: Option<SocketAddr>,
    close: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl HubHandle {
    /// Where it listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Where it listens without TLS, if it does.
    #[must_use]
    pub fn plain_addr(&self) -> Option<SocketAddr> {
        self.plain_addr
    }

    /// What it is.
    #[must_use]
    pub fn about(&self) -> &About {
        &self.app.about
    }

    /// The office's authority, PEM.
    #[must_use]
    pub fn ca_pem(&self) -> &str {
        &self.app.about.ca_pem
    }

    /// Opens a new enrolment code, closing the one before.
    ///
    /// # Errors
    /// [`ApiError::NoRandom`].
    pub fn enrol_code(&self) -> Result<EnrolTicket, ApiError> {
        let [a, b, c, d, ..] = random()?;
        let code = self
            .app
            .enrol()
            .open(u32::from_be_bytes([a, b, c, d]), self.app.now_ms());
        Ok(self.app.about.ticket(&code))
    }

    /// How it is.
    ///
    /// # Errors
    /// [`ApiError`] when the store fails.
    pub async fn health(&self) -> Result<Health, ApiError> {
        crate::app::blocking(&self.app, collect).await
    }

    /// Stops it: no new connections, live lines end, calls in hand finish.
    pub async fn shutdown(mut self) {
        self.close.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
        tracing::info!("the hub has stopped");
    }
}
