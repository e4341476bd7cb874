//! What handlers take from a request, and how a request that does not fit is refused.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse as _;
use motcua_core::ids::DeviceId;
use motcua_ledger::hub::Device;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::error::ApiError;

/// Who is at the other end of the connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

impl Peer {
    /// Whether it is the hub's own machine.
    #[must_use]
    pub fn is_here(self) -> bool {
        self.0.ip().to_canonical().is_loopback()
    }
}

impl<S: Sync> FromRequestParts<S> for Peer {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        parts
            .extensions
            .get::<Self>()
            .copied()
            .ok_or(ApiError::NotHere)
    }
}

/// A JSON body.
pub(super) struct Wire<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Wire<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let Raw(bytes) = Raw::from_request(request, state).await?;
        let body = serde_json::from_slice(&bytes).map_err(|_| ApiError::Malformed("body"))?;
        Ok(Self(body))
    }
}

/// A body as it is.
pub(super) struct Raw(pub(super) Bytes);

impl<S: Send + Sync> FromRequest<S> for Raw {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        Bytes::from_request(request, state)
            .await
            .map(Self)
            .map_err(|refusal| of_body(&refusal))
    }
}

fn of_body(refusal: &BytesRejection) -> ApiError {
    match refusal.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::TooLarge,
        _ => ApiError::Malformed("the body was cut off"),
    }
}

/// A device with a good token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Caller(pub(super) DeviceId);

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let token = bearer(&parts.headers).ok_or(ApiError::NoSession)?;
        let device = app.sessions().device(token, app.now_ms());
        device.map(Self).ok_or(ApiError::NoSession)
    }
}

impl Caller {
    /// The device's record; refused when it was struck off since its hello. Blocks.
    pub(super) fn admitted(self, app: &App) -> Result<Device, ApiError> {
        let device = app.store.device(self.0)?.ok_or(ApiError::UnknownDevice)?;
        if device.active {
            return Ok(device);
        }
        app.sessions().end(self.0);
        Err(ApiError::Revoked)
    }
}

/// The bearer token of a request, if it has one.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .strip_prefix("Bearer ")
}

/// A header that is a whole number.
pub(super) fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

/// Bytes written as hexadecimal digits, exactly as many as wanted.
pub(super) fn hex_bytes<const N: usize>(
    text: &str,
    what: &'static str,
) -> Result<[u8; N], ApiError> {
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).map_err(|_| ApiError::Malformed(what))?;
    Ok(bytes)
}

pub(super) async fn not_found() -> axum::response::Response {
    ApiError::NotFound.into_response()
}
