//! The door of the province: open, refusing, or open with nobody behind it.
//!
//! A listener whose socket really closes when the province is down, so that callers see a refused
//! connection, and whose open connections can be cut one by one or all at once.

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};

/// Between two attempts at a socket that could not be had.
const RETRY_INTERVAL: Duration = Duration::from_millis(20);

/// How the province meets a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// It answers.
    Up,
    /// Connections are refused and open ones are cut.
    Refusing,
    /// Connections are accepted and never answered.
    Hanging,
}

/// The side that steers the door and its open connections.
#[derive(Debug, Clone)]
pub(super) struct Doorkeeper {
    wanted: watch::Sender<Mode>,
    applied: watch::Receiver<Mode>,
    open: Connections,
}

impl Doorkeeper {
    /// Changes the mode and returns once it is in force.
    pub(super) async fn set(&self, mode: Mode) {
        self.wanted.send_replace(mode);
        let mut applied = self.applied.clone();
        // An error means that the gate is gone, with the process that tests it.
        let _ = applied.wait_for(|now| *now == mode).await;
    }

    pub(super) fn mode(&self) -> Mode {
        *self.wanted.borrow()
    }

    /// Waits until the province no longer hangs.
    pub(super) async fn until_not_hanging(&self) {
        let mut wanted = self.wanted.subscribe();
        let _ = wanted.wait_for(|now| *now != Mode::Hanging).await;
    }

    /// Breaks every connection.
    pub(super) fn cut_all(&self) {
        self.open.cut_all();
    }

    /// Breaks one connection.
    pub(super) fn cut(&self, connection: ConnectionId) {
        self.open.cut(connection);
    }
}

/// The listening side, for `axum::serve`.
#[derive(Debug)]
pub(super) struct Gate {
    address: SocketAddr,
    listener: Option<TcpListener>,
    wanted: watch::Receiver<Mode>,
    applied: watch::Sender<Mode>,
    open: Connections,
}

impl Gate {
    pub(super) async fn open(address: SocketAddr) -> io::Result<(Self, Doorkeeper)> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let (wanted_tx, wanted) = watch::channel(Mode::Up);
        let (applied, applied_rx) = watch::channel(Mode::Up);
        let open = Connections::default();
        let keeper = Doorkeeper {
            wanted: wanted_tx,
            applied: applied_rx,
            open: open.clone(),
        };
        Ok((
            Self {
                address,
                listener: Some(listener),
                wanted,
                applied,
                open,
            },
            keeper,
        ))
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Brings socket and connections in line with the wanted mode.
    async fn apply(&mut self) {
        let mode = *self.wanted.borrow_and_update();
        if mode == Mode::Refusing {
            self.listener = None;
            self.open.cut_all();
        } else {
            while self.listener.is_none() {
                match TcpListener::bind(self.address).await {
                    Ok(listener) => self.listener = Some(listener),
                    Err(_taken) => tokio::time::sleep(RETRY_INTERVAL).await,
                }
            }
        }
        self.applied.send_replace(mode);
    }
}

impl Listener for Gate {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        loop {
            if *self.applied.borrow() != *self.wanted.borrow() {
                self.apply().await;
            }
            let accepted = async {
                match &self.listener {
                    Some(listener) => listener.accept().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                accepted = accepted => match accepted {
                    Ok((stream, peer)) => return (self.open.admit(stream), peer),
                    Err(_transient) => tokio::time::sleep(RETRY_INTERVAL).await,
                },
                changed = self.wanted.changed() => if changed.is_err() {
                    std::future::pending::<()>().await;
                },
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

/// Names one open connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ConnectionId(u64);

impl Connected<IncomingStream<'_, Gate>> for ConnectionId {
    fn connect_info(stream: IncomingStream<'_, Gate>) -> Self {
        stream.io().id
    }
}

#[derive(Debug, Clone, Default)]
struct Connections(Arc<Mutex<OpenConnections>>);

#[derive(Debug, Default)]
struct OpenConnections {
    last_id: u64,
    cutters: HashMap<ConnectionId, oneshot::Sender<()>>,
}

impl Connections {
    fn admit(&self, stream: TcpStream) -> Connection {
        let (cutter, cut) = oneshot::channel();
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.last_id += 1;
        let id = ConnectionId(open.last_id);
        open.cutters.retain(|_, cutter| !cutter.is_closed());
        open.cutters.insert(id, cutter);
        Connection {
            id,
            stream,
            cut: Some(cut),
            is_cut: false,
        }
    }

    fn cut(&self, id: ConnectionId) {
        let cutter = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .cutters
            .remove(&id);
        if let Some(cutter) = cutter {
            let _ = cutter.send(());
        }
    }

    fn cut_all(&self) {
        let cutters = std::mem::take(
            &mut self
                .0
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .cutters,
        );
        for cutter in cutters.into_values() {
            let _ = cutter.send(());
        }
    }
}

/// A connection that breaks when told to.
#[derive(Debug)]
pub(super) struct Connection {
    id: ConnectionId,
    stream: TcpStream,
    /// Gone once it has spoken, or once nobody is left who could.
    cut: Option<oneshot::Receiver<()>>,
    is_cut: bool,
}

impl Connection {
    fn check(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        if let Some(cut) = &mut self.cut
            && let Poll::Ready(said) = Pin::new(cut).poll(context)
        {
            self.is_cut = said.is_ok();
            self.cut = None;
        }
        if self.is_cut {
            Err(io::ErrorKind::ConnectionReset.into())
        } else {
            Ok(())
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.check(context)?;
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check(context)?;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check(context)?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
