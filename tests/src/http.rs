//! One HTTP client for all helpers.
//!
//! Talks to loopback only and never through a proxy, whatever the environment says.

use anyhow::{Context, Result, bail};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::time::Duration;

/// A request that has not answered by then will not: the slowest honest one is a session start.
const REQUEST_SECONDS_MAX: u64 = 120;

/// Makes the TLS library of the house the process's default. Safe to call many times.
pub fn install_tls() {
    // The error only says that another caller was first, which is what we want.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// A client for loopback servers.
///
/// # Errors
/// When the TLS library refuses to start.
pub fn client() -> Result<reqwest::Client> {
    install_tls();
    reqwest::Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(REQUEST_SECONDS_MAX))
        .build()
        .context("starting the HTTP client")
}

/// Sends `request` and reads the JSON answer; any status but success is an error that holds the
/// answer's text.
///
/// # Errors
/// On a broken connection, a status other than 2xx, or an answer of another shape.
pub async fn json<T: DeserializeOwned>(request: reqwest::RequestBuilder) -> Result<T> {
    let answer = request.send().await.context("sending the request")?;
    let (url, status) = (answer.url().clone(), answer.status());
    let text = answer
        .text()
        .await
        .with_context(|| format!("reading the answer of {url}"))?;
    if !status.is_success() {
        bail!("{url} answered {status}: {text}");
    }
    serde_json::from_str(&text).with_context(|| format!("{url} answered another shape: {text}"))
}

/// `POST` of a JSON body, answer read as by [`json`].
///
/// # Errors
/// As [`json`].
pub async fn post<T: DeserializeOwned>(
    client: &reqwest::Client,
    url: &str,
    body: &impl Serialize,
) -> Result<T> {
    json(client.post(url).json(body)).await
}

/// `GET`, answer read as by [`json`].
///
/// # Errors
/// As [`json`].
pub async fn get<T: DeserializeOwned>(client: &reqwest::Client, url: &str) -> Result<T> {
    json(client.get(url)).await
}
