//! `POST /v1/enroll`: a new machine joins the office with the code on the hub's screen.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use motcua_ledger::exchange::wire::{EnrollRequest, EnrollResponse};

use super::extract::{Wire, hex_bytes};
use crate::app::{App, blocking};
use crate::clock::wall_ms;
use crate::error::ApiError;
use crate::limits::DEVICE_NAME_CHARS_MAX;

pub(super) async fn enroll(
    State(app): State<Arc<App>>,
    Wire(request): Wire<EnrollRequest>,
) -> Result<Json<EnrollResponse>, ApiError> {
    let public_key = hex_bytes::<32>(&request.public_key, "public_key")?;
    let name = request.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > DEVICE_NAME_CHARS_MAX {
        return Err(ApiError::Malformed("name"));
    }
    if ed25519_dalek::VerifyingKey::from_bytes(&public_key).is_err() {
        return Err(ApiError::Malformed("public_key"));
    }
    app.enrol().enter(&request.code, public_key, app.now_ms())?;
    let device = blocking(&app, move |app| {
        let device = app
            .store
            .enrol(request.device, &name, public_key, wall_ms())?;
        device.ok_or(ApiError::NoSlot)
    })
    .await?;
    tracing::info!(device = %device.id, name = device.name, slot = device.slot, "a machine has joined");
    Ok(Json(EnrollResponse {
        device: device.id,
        epoch: device.epoch,
        slot: device.slot,
        scope: app.about.scope.clone(),
        ca_pem: app.about.ca_pem.clone(),
        hub: app.about.name.clone(),
    }))
}
