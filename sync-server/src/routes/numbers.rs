//! `POST /v1/numbers`: the next number of the hub's own slice. The same key gets the same number.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use motcua_core::numbers::{Issuer, slice};
use motcua_ledger::exchange::wire::{IDEMPOTENCY_KEY, NumberRequest, NumberResponse};

use super::extract::{Caller, Wire};
use crate::app::{App, blocking};
use crate::error::ApiError;
use crate::limits::IDEMPOTENCY_KEY_CHARS_MAX;

pub(super) async fn take(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    Wire(request): Wire<NumberRequest>,
) -> Result<Json<NumberResponse>, ApiError> {
    let key = headers
        .get(IDEMPOTENCY_KEY)
        .and_then(|value| value.to_str().ok())
        .filter(|key| !key.is_empty() && key.len() <= IDEMPOTENCY_KEY_CHARS_MAX)
        .ok_or(ApiError::Malformed("idempotency-key"))?
        .to_owned();
    let number = blocking(&app, move |app| {
        caller.admitted(app)?;
        let own = slice(&request.series, Issuer::Hub).ok_or(ApiError::NumbersUsedUp)?;
        let number = app
            .store
            .take_number(&request.series, request.day, own, &key)?;
        number.ok_or(ApiError::NumbersUsedUp)
    })
    .await?;
    Ok(Json(NumberResponse { number }))
}
