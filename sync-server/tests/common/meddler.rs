//! A hub that misbehaves: it has the office's certificate, passes calls on to the real hub, and does to some
//! of them what it was told.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::serve::Listener;
use motcua_sync_server::tls::Authority;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::hub::LOOPBACK;
use super::words::ORG;

/// What is done to a call.
#[derive(Clone, Debug)]
pub enum Trick {
    /// This status and this body, and the hub never hears of it.
    Answer(u16, String),
    /// The hub does it, but the caller gets this status.
    DoneBut(u16),
    /// The hub's answer, changed.
    Change(fn(String) -> String),
}

struct Rule {
    path: &'static str,
    times: u32,
    trick: Trick,
}

#[derive(Clone)]
pub struct Meddler {
    pub addr: SocketAddr,
    rules: Arc<Mutex<Vec<Rule>>>,
    hub: String,
    http: reqwest::Client,
}

impl Meddler {
    /// In front of the hub whose plain address is `hub`, with the authority in `dir`.
    pub async fn before(hub: String, dir: &Path) -> Self {
        let tls = Authority::open(dir, ORG)
            .unwrap()
            .server_config(&[])
            .unwrap();
        let listener = TcpListener::bind(LOOPBACK).await.unwrap();
        let addr = listener.local_addr().unwrap();
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let meddler = Self {
            addr,
            rules: Arc::default(),
            hub,
            http,
        };
        let app = Router::new().fallback(meddle).with_state(meddler.clone());
        let listener = TlsListener {
            listener,
            tls: TlsAcceptor::from(Arc::new(tls)),
        };
        tokio::spawn(async move { axum::serve(listener, app).await });
        meddler
    }

    pub fn url(&self) -> String {
        format!("https://{}", self.addr)
    }

    /// Does this to the next calls whose path begins so.
    pub fn trick(&self, path: &'static str, times: u32, trick: Trick) {
        self.rules.lock().unwrap().push(Rule { path, times, trick });
    }

    /// Behaves from now on.
    pub fn behave(&self) {
        self.rules.lock().unwrap().clear();
    }

    fn take(&self, path: &str) -> Option<Trick> {
        let mut rules = self.rules.lock().unwrap();
        let rule = rules
            .iter_mut()
            .find(|rule| rule.times > 0 && path.starts_with(rule.path))?;
        rule.times -= 1;
        Some(rule.trick.clone())
    }

    async fn pass_on(&self, request: Request) -> (StatusCode, Vec<(HeaderName, String)>, Body) {
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let call = self
            .http
            .request(parts.method, format!("{}{}", self.hub, parts.uri))
            .headers(parts.headers)
            .body(body);
        let Ok(answer) = call.send().await else {
            return (StatusCode::BAD_GATEWAY, Vec::new(), Body::empty());
        };
        let kept = ["content-type", "upload-offset", "content-range"];
        let headers = kept.iter().filter_map(|name| {
            let value = answer.headers().get(*name)?.to_str().ok()?;
            Some((HeaderName::from_static(name), value.to_owned()))
        });
        let headers = headers.collect();
        (
            answer.status(),
            headers,
            Body::from_stream(answer.bytes_stream()),
        )
    }
}

async fn meddle(State(meddler): State<Meddler>, request: Request) -> Response {
    let trick = meddler.take(request.uri().path());
    if let Some(Trick::Answer(status, body)) = trick {
        return (StatusCode::from_u16(status).unwrap(), body).into_response();
    }
    let (mut status, headers, mut body) = meddler.pass_on(request).await;
    match trick {
        Some(Trick::DoneBut(instead)) => {
            let _ = axum::body::to_bytes(body, usize::MAX).await;
            status = StatusCode::from_u16(instead).unwrap();
            body = Body::from("{}");
        }
        Some(Trick::Change(change)) => {
            let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
            body = Body::from(Bytes::from(change(
                String::from_utf8(bytes.to_vec()).unwrap(),
            )));
        }
        _ => {}
    }
    let mut answer = (status, body).into_response();
    for (name, value) in headers {
        answer.headers_mut().insert(name, value.parse().unwrap());
    }
    answer
}

struct TlsListener {
    listener: TcpListener,
    tls: TlsAcceptor,
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let Ok((stream, peer)) = self.listener.accept().await else {
                continue;
            };
            if let Ok(stream) = self.tls.accept(stream).await {
                return (stream, peer);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}
