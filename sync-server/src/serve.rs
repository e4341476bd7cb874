//! Connections: TLS or plain, bounded, with time limits, ending gracefully.
//!
//! A handshake never holds up the next connection, and a client that sends nothing is let go.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use crate::limits::{
    CONNECTIONS_MAX, HANDSHAKE_SECONDS_MAX, HEADER_SECONDS_MAX, SHUTDOWN_SECONDS_MAX,
};
use crate::routes::Peer;

/// How long to wait when the system has no room for a connection, in milliseconds.
const ACCEPT_RETRY_MS: u64 = 200;

/// Serves until `closing`, then lets the calls in hand finish.
pub(crate) async fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    router: Router,
    mut closing: watch::Receiver<bool>,
) {
    let graceful = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let builder = builder();
    loop {
        let accepted = tokio::select! {
            biased;
            _ = closing.wait_for(|closing| *closing) => break,
            accepted = accept(&listener, &room) => accepted,
        };
        let (stream, peer, permit) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(Duration::from_millis(ACCEPT_RETRY_MS)).await;
                continue;
            }
        };
        let connection = Connection {
            builder: builder.clone(),
            router: router.clone(),
            peer: Peer(peer),
            watcher: graceful.watcher(),
        };
        let (tls, hub) = (tls.clone(), closing.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = connection.run(stream, tls) => {}
                () = is_gone(hub) => {}
            }
            drop(permit);
        });
    }
    drop(listener);
    let limit = Duration::from_secs(SHUTDOWN_SECONDS_MAX);
    if tokio::time::timeout(limit, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("calls were still in hand at the end");
    }
}

/// Waits until the hub itself is gone: nothing may hold its store then.
async fn is_gone(mut hub: watch::Receiver<bool>) {
    while hub.changed().await.is_ok() {}
}

async fn accept(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> io::Result<(TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit)> {
    let permit = Arc::clone(room)
        .acquire_owned()
        .await
        .map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    stream.set_nodelay(true)?;
    Ok((stream, peer, permit))
}

fn builder() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    let headers = Duration::from_secs(HEADER_SECONDS_MAX);
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(headers);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(headers);
    builder
}

struct Connection {
    builder: Builder<TokioExecutor>,
    router: Router,
    peer: Peer,
    watcher: Watcher,
}

impl Connection {
    async fn run(self, stream: TcpStream, tls: Option<TlsAcceptor>) {
        let Some(tls) = tls else {
            return self.http(stream).await;
        };
        let limit = Duration::from_secs(HANDSHAKE_SECONDS_MAX);
        match tokio::time::timeout(limit, tls.accept(stream)).await {
            Ok(Ok(stream)) => self.http(stream).await,
            Ok(Err(error)) => tracing::debug!(%error, peer = %self.peer.0, "no TLS handshake"),
            Err(_) => tracing::debug!(peer = %self.peer.0, "the TLS handshake took too long"),
        }
    }

    async fn http(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let Self {
            builder,
            router,
            peer,
            watcher,
        } = self;
        let service = hyper::service::service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(peer);
            let answer = router.clone().oneshot(request);
            async move { Ok::<_, Infallible>(answer.await.unwrap_or_else(|never| match never {})) }
        });
        let connection = builder
            .serve_connection(TokioIo::new(stream), service)
            .into_owned();
        if let Err(error) = watcher.watch(connection).await {
            tracing::debug!(%error, peer = %peer.0, "a connection broke");
        }
    }
}
