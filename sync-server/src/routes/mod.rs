//! The paths of `/v1` and the pages. A handler parses, calls one whole act of the store, and answers.

mod blobs;
mod enroll;
mod extract;
mod hall;
mod health;
mod live;
mod numbers;
mod pages;
mod pull;
mod push;
mod session;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::routing::{get, head, post};
use tower::limit::GlobalConcurrencyLimitLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

pub use extract::Peer;

use crate::app::App;
use crate::limits::{
    BODY_BYTES_MAX, CALL_SECONDS_MAX, CALLS_AT_ONCE_MAX, CHUNK_BODY_BYTES_MAX, CHUNK_SECONDS_MAX,
    PUSH_BODY_BYTES_MAX,
};

/// What the pages may load: their own files and pictures they carry themselves.
const CONTENT_POLICY: &str = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'";

/// Everything a counter, a display or a person may ask of the hub.
pub fn router(app: Arc<App>) -> Router {
    let hall_dir = app.about.hall_dir.clone();
    pages::with_hall(calls(), hall_dir)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(within(CALL_SECONDS_MAX))
        .merge(large_bodies())
        .fallback(extract::not_found)
        .layer(GlobalConcurrencyLimitLayer::new(CALLS_AT_ONCE_MAX))
        .layer(always(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(always(header::CONTENT_SECURITY_POLICY, CONTENT_POLICY))
        .layer(always(header::REFERRER_POLICY, "no-referrer"))
        .with_state(app)
}

fn calls() -> Router<Arc<App>> {
    Router::new()
        .route("/v1/identity", get(session::identity))
        .route("/v1/enroll", post(enroll::enroll))
        .route("/v1/challenge", post(session::challenge))
        .route("/v1/hello", post(session::hello))
        .route("/v1/scopes/{scope}/ops", get(pull::ops))
        .route("/v1/numbers", post(numbers::take))
        .route("/v1/blobs/{sha256}", get(blobs::get))
        .route("/v1/uploads", post(blobs::announce))
        .route("/v1/live", get(live::live))
        .route("/v1/hall", get(hall::hall))
        .route("/health.json", get(health::json))
        .route("/health", get(health::page))
        .route("/health/enrol", post(health::open_code))
        .route("/", get(health::home))
}

/// Bodies that are larger and may take longer.
fn large_bodies() -> Router<Arc<App>> {
    let push = Router::new()
        .route("/v1/push", post(push::push))
        .layer(DefaultBodyLimit::max(PUSH_BODY_BYTES_MAX))
        .layer(within(CALL_SECONDS_MAX));
    let chunk = Router::new()
        .route(
            "/v1/uploads/{sha256}",
            head(blobs::stands_at).patch(blobs::append),
        )
        .layer(DefaultBodyLimit::max(CHUNK_BODY_BYTES_MAX))
        .layer(within(CHUNK_SECONDS_MAX));
    push.merge(chunk)
}

fn within(seconds: u64) -> TimeoutLayer {
    TimeoutLayer::with_status_code(
        StatusCode::SERVICE_UNAVAILABLE,
        Duration::from_secs(seconds),
    )
}

fn always(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}
