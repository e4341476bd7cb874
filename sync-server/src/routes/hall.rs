//! `GET /v1/hall`: what the hall display shows. Open to the LAN; it carries no personal data.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;

use crate::app::{App, blocking, office};
use crate::clock::local_now;
use crate::error::ApiError;
use crate::hall::view;

pub(super) async fn hall(State(app): State<Arc<App>>) -> Result<impl IntoResponse, ApiError> {
    let now = local_now();
    let view = blocking(&app, move |app| {
        let office = office(&*app.store, &app.about.scope)?;
        let tickets = app.store.tickets(now.date())?;
        Ok(view(office.as_ref(), &tickets, &app.board(), now))
    })
    .await?;
    Ok((
        [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))],
        Json(view),
    ))
}
