//! A small province in this process: it keeps what it accepts and can be told what to show instead.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use motcua_sync_server::Province;
use motcua_sync_server::connector::Pace;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::hub::LOOPBACK;

/// What happens to one call of a service.
#[derive(Clone, Copy, Debug)]
pub enum Turn {
    /// Accepted, but this status is shown.
    AcceptThen(u16),
    /// Not looked at; this status is shown.
    Show(u16),
    /// Not looked at; a page of a proxy is shown.
    ProxyPage,
    /// Looked at, but not answered for as long as the caller waits.
    AcceptThenSilence,
}

#[derive(Default)]
struct Inner {
    /// (service, isUpdating, record), as accepted.
    accepted: Vec<(String, String, Value)>,
    turns: VecDeque<Turn>,
    tokens: u32,
    calls: Vec<String>,
    keys: Vec<String>,
}

#[derive(Clone)]
pub struct FakeProvince {
    addr: SocketAddr,
    inner: Arc<Mutex<Inner>>,
    stop: Arc<Mutex<Option<oneshot::Sender<()>>>>,
}

impl FakeProvince {
    /// An address where nobody answers yet.
    pub async fn down() -> Self {
        let listener = TcpListener::bind(LOOPBACK).await.unwrap();
        let addr = listener.local_addr().unwrap();
        Self {
            addr,
            inner: Arc::default(),
            stop: Arc::default(),
        }
    }

    pub async fn up() -> Self {
        let province = Self::down().await;
        province.rise().await;
        province
    }

    /// Somebody answers from now on.
    pub async fn rise(&self) {
        let listener = TcpListener::bind(self.addr).await.unwrap();
        let app = Router::new()
            .route("/token", post(token))
            .route("/services", post(service))
            .with_state(Arc::clone(&self.inner));
        let (stop, stopped) = oneshot::channel::<()>();
        *self.stop.lock().unwrap() = Some(stop);
        tokio::spawn(async move {
            tokio::select! {
                _ = stopped => {}
                _ = axum::serve(listener, app) => {}
            }
        });
    }

    pub fn config(&self) -> Province {
        Province {
            practice: false,
            url: format!("http://{}", self.addr),
            client_id: "ban-may".to_owned(),
            client_secret: "bi-mat".to_owned(),
            ca_pem: None,
            mapping: None,
            pace: Pace {
                call_ms: 1_500,
                lease_ms: 2_000,
                absent_apart_ms: 300,
            },
        }
    }

    pub fn next(&self, turn: Turn) {
        self.inner.lock().unwrap().turns.push_back(turn);
    }

    /// Every token is worthless from now on.
    pub fn expire_tokens(&self) {
        self.inner.lock().unwrap().tokens += 1;
    }

    /// How often each dossier was accepted as a new one.
    pub fn created(&self, code: &str) -> usize {
        let inner = self.inner.lock().unwrap();
        let is_new = |(service, updating, record): &&(String, String, Value)| {
            service == "DongBoHoSoMC" && updating == "False" && record["MaHoSo"] == code
        };
        inner.accepted.iter().filter(is_new).count()
    }

    /// Records of a service, as accepted.
    pub fn accepted(&self, service: &str) -> Vec<Value> {
        let inner = self.inner.lock().unwrap();
        let of_service = inner.accepted.iter().filter(|(name, _, _)| name == service);
        of_service.map(|(_, _, record)| record.clone()).collect()
    }

    pub fn calls(&self, service: &str) -> usize {
        self.inner
            .lock()
            .unwrap()
            .calls
            .iter()
            .filter(|name| *name == service)
            .count()
    }

    /// Different idempotency keys that were seen.
    pub fn keys(&self) -> usize {
        let mut keys = self.inner.lock().unwrap().keys.clone();
        keys.sort_unstable();
        keys.dedup();
        keys.len()
    }
}

type Shared = State<Arc<Mutex<Inner>>>;

async fn token(State(inner): Shared, Json(account): Json<Value>) -> Response {
    if account["client_id"] != "ban-may" || account["client_secret"] != "bi-mat" {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let tokens = inner.lock().unwrap().tokens;
    Json(json!({ "access_token": format!("t{tokens}"), "expires_in": 3600 })).into_response()
}

async fn service(State(inner): Shared, headers: HeaderMap, body: Bytes) -> Response {
    let call: Value = serde_json::from_slice(&body).unwrap();
    let name = call["service"].as_str().unwrap().to_owned();
    let turn = {
        let mut inner = inner.lock().unwrap();
        let token = format!("Bearer t{}", inner.tokens);
        if headers
            .get("authorization")
            .is_none_or(|sent| sent != token.as_str())
        {
            return StatusCode::UNAUTHORIZED.into_response();
        }
        inner.calls.push(name.clone());
        inner.keys.extend(
            headers
                .get("idempotency-key")
                .map(|key| key.to_str().unwrap().to_owned()),
        );
        if name == "TraCuuHoSo" {
            None
        } else {
            inner.turns.pop_front()
        }
    };
    match turn {
        Some(Turn::Show(status)) => StatusCode::from_u16(status).unwrap().into_response(),
        Some(Turn::ProxyPage) => "<!doctype html><title>Bảo trì</title>".into_response(),
        Some(Turn::AcceptThen(status)) => {
            perform(&inner, &name, &call);
            StatusCode::from_u16(status).unwrap().into_response()
        }
        Some(Turn::AcceptThenSilence) => {
            perform(&inner, &name, &call);
            std::future::pending().await
        }
        None => Json(perform(&inner, &name, &call)).into_response(),
    }
}

fn perform(inner: &Mutex<Inner>, name: &str, call: &Value) -> Value {
    let mut inner = inner.lock().unwrap();
    let record = &call["data"][0];
    let updating = call["isUpdating"].as_str().unwrap_or_default();
    let of_code = |(_, _, known): &&(String, String, Value)| known["MaHoSo"] == record["MaHoSo"];
    let known = inner
        .accepted
        .iter()
        .rev()
        .find(of_code)
        .map(|(_, _, record)| record.clone());
    if name == "TraCuuHoSo" {
        let dossier = |(service, _, known): &&(String, String, Value)| {
            service == "DongBoHoSoMC" && known["MaHoSo"] == record["MaHoSo"]
        };
        let found: Vec<Value> = inner
            .accepted
            .iter()
            .rev()
            .find(dossier)
            .map(|(_, _, record)| record.clone())
            .into_iter()
            .collect();
        return json!({ "error_code": 0, "message": "Thành công", "data": found });
    }
    if record["MaTTHC"] == "0.000000" {
        return json!({ "error_code": 3, "message": "MaTTHC: không có" });
    }
    if name == "DongBoHoSoMC" && updating == "False" && known.is_some() {
        return json!({ "error_code": 1, "message": "Hồ sơ đã tồn tại" });
    }
    inner
        .accepted
        .push((name.to_owned(), updating.to_owned(), record.clone()));
    json!({ "error_code": 0, "message": "Thành công", "data": [] })
}
