//! `GET /v1/live`: server-sent events. Pokes and calls in the hall, nothing personal; so a display needs no
//! token, but a token that is sent must be good: that is how a counter learns that it was struck off.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use motcua_ledger::exchange::{HallCall, LIVE_HEAD, LIVE_QUEUE};
use serde_json::json;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;

use super::extract::{Caller, bearer, number};
use crate::app::{App, blocking};
use crate::clock::local_now;
use crate::error::ApiError;
use crate::limits::LIVE_KEEPALIVE_SECONDS;
use crate::live::Line;

/// Events that may wait for one line's network.
const LINE_EVENTS_MAX: usize = 16;

pub(super) async fn live(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, ApiError> {
    if let Some(token) = bearer(&headers) {
        let device = app
            .sessions()
            .device(token, app.now_ms())
            .ok_or(ApiError::NoSession)?;
        blocking(&app, move |app| Caller(device).admitted(app).map(drop)).await?;
    }
    let line = app.live.line().ok_or(ApiError::Busy)?;
    let (to, events) = mpsc::channel(LINE_EVENTS_MAX);
    let missed: Vec<HallCall> = match number(&headers, "last-event-id") {
        Some(heard) => app
            .board()
            .calls(local_now().date(), heard)
            .cloned()
            .collect(),
        None => Vec::new(),
    };
    let closing = app.closing.clone();
    tokio::spawn(async move {
        for call in missed.into_iter().rev() {
            if to.send(Ok(queue_event(&call))).await.is_err() {
                return;
            }
        }
        serve(line, to, closing).await;
    });
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(LIVE_KEEPALIVE_SECONDS));
    Ok(Sse::new(ReceiverStream::new(events)).keep_alive(keep_alive))
}

/// Passes news on until the listener or the hub goes.
async fn serve(
    mut line: Line,
    to: mpsc::Sender<Result<Event, Infallible>>,
    mut closing: watch::Receiver<bool>,
) {
    line.head.mark_changed();
    loop {
        let event = tokio::select! {
            changed = line.head.changed() => match changed {
                Ok(()) => head_event(*line.head.borrow_and_update()),
                Err(_) => return,
            },
            call = line.calls.recv() => match call {
                Ok(call) => queue_event(&call),
                Err(RecvError::Lagged(_)) => continue,
                Err(RecvError::Closed) => return,
            },
            _ = closing.wait_for(|closing| *closing) => return,
            () = to.closed() => return,
        };
        if to.send(Ok(event)).await.is_err() {
            return;
        }
    }
}

fn head_event(seq: u64) -> Event {
    Event::default()
        .event(LIVE_HEAD)
        .id(seq.to_string())
        .data(json!({ "seq": seq }).to_string())
}

fn queue_event(call: &HallCall) -> Event {
    let data = serde_json::to_string(call).unwrap_or_default();
    Event::default()
        .event(LIVE_QUEUE)
        .id(call.seq.to_string())
        .data(data)
}
