//! `GET /health`, `GET /health.json`, and opening an enrolment code from the hub's own machine.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse, Redirect};

use super::extract::Peer;
use crate::app::{App, blocking, random};
use crate::error::ApiError;
use crate::health::{Health, collect};
use crate::health_page::{EnrolView, page as render};

const MS_PER_MINUTE: u64 = 60_000;

pub(super) async fn json(State(app): State<Arc<App>>) -> Result<Json<Health>, ApiError> {
    Ok(Json(blocking(&app, collect).await?))
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    peer: Peer,
) -> Result<impl IntoResponse, ApiError> {
    let health = blocking(&app, collect).await?;
    let enrol = if peer.is_here() {
        enrol_view(&app)
    } else {
        EnrolView::Elsewhere
    };
    Ok((
        [(header::CACHE_CONTROL, "no-store")],
        Html(render(&health, &enrol)),
    ))
}

/// Opens a new code, when asked for on the hub's own machine.
pub(super) async fn open_code(
    State(app): State<Arc<App>>,
    peer: Peer,
) -> Result<Redirect, ApiError> {
    if !peer.is_here() {
        return Err(ApiError::NotHere);
    }
    let [a, b, c, d, ..] = random()?;
    app.enrol()
        .open(u32::from_be_bytes([a, b, c, d]), app.now_ms());
    Ok(Redirect::to("/health"))
}

pub(super) async fn home() -> Redirect {
    Redirect::to("/health")
}

fn enrol_view(app: &App) -> EnrolView {
    let desk = app.enrol();
    if desk.is_locked() {
        return EnrolView::Locked;
    }
    let Some((code, left_ms)) = desk.showing(app.now_ms()) else {
        return EnrolView::Closed;
    };
    let ticket = app.about.ticket(code);
    EnrolView::Open {
        code: code.to_owned(),
        minutes: left_ms.div_ceil(MS_PER_MINUTE),
        ticket: ticket.to_string(),
    }
}
