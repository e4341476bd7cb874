//! The first family of provinces: the national synchronisation services of the one-stop software
//! (`DongBoHoSoMC`, `CapNhatTienDoHoSoMC`, `TraCuuHoSo`), body `{"service", "isUpdating", "data"}`, dates
//! `yyyyMMddHHmmss`, answer `error_code` 0 for yes.
//!
//! The numbers of other error codes are not published: a refusal for an existing dossier is known by its
//! words "đã tồn tại", and the dossier is then sent as a change.

mod answer;
mod compare;
mod mapping;
mod request;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use motcua_core::ids::Hash;
use reqwest::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::gateway::{Gateway, GatewayError, LookedUp, News, NotTaken, Seen, Sent};
use super::machine::ABSENT_APART_MS;
pub use mapping::{FieldRule, Mapping, Source};

/// Where a token is had.
const TOKEN_PATH: &str = "/token";
/// Where every service is called.
const SERVICE_PATH: &str = "/services";
/// Carries the key that is the same for every attempt.
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// How long one call to the province may take, in milliseconds.
pub const PROVINCE_CALL_MS: u64 = 20_000;
/// How long a connection to the province may take to come up, in milliseconds.
const CONNECT_MS: u64 = 10_000;
/// Calls that fit into one lease: five steps, each with a new token at worst.
const CALLS_IN_A_LEASE: u64 = 16;
/// An answer larger than this is cut; it is no answer of these services.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;

/// How patient the connector is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// How long one call may take, in milliseconds.
    pub call_ms: u64,
    /// How long a message belongs to the one who claimed it, in milliseconds.
    pub lease_ms: i64,
    /// How long a dossier must stay absent before it is sent again, in milliseconds.
    pub absent_apart_ms: i64,
}

impl Pace {
    /// With so many milliseconds a call, and a lease that outlives every step with one message.
    #[must_use]
    pub fn for_call_ms(call_ms: u64) -> Self {
        let calls_ms = call_ms.saturating_mul(CALLS_IN_A_LEASE);
        let lease_ms = i64::try_from(calls_ms).unwrap_or(i64::MAX);
        Self {
            call_ms,
            lease_ms,
            absent_apart_ms: ABSENT_APART_MS,
        }
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self::for_call_ms(PROVINCE_CALL_MS)
    }
}

/// A province's address and the office's account there.
#[derive(Clone)]
pub struct Province {
    /// The API, without a trailing slash.
    pub url: String,
    /// The office's account.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// The province's own certificate authority, PEM; the system's where there is none.
    pub ca_pem: Option<String>,
    /// Another mapping of fields; the shipped one where there is none.
    pub mapping: Option<Mapping>,
    /// A practice province: it is told of practice dossiers, and of no others.
    pub practice: bool,
    /// How patient to be.
    pub pace: Pace,
}

impl fmt::Debug for Province {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Province")
            .field("url", &self.url)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// The gateway.
pub struct NationalGateway {
    http: reqwest::Client,
    province: Province,
    mapping: Mapping,
    token: Mutex<Option<String>>,
}

/// An answer as it came.
struct Answer {
    status: StatusCode,
    retry_after_ms: Option<u64>,
    body: Vec<u8>,
}

/// Why there is no answer.
enum NoAnswer {
    NotTaken(NotTaken),
    Unknown(&'static str),
}

impl NationalGateway {
    /// A gateway; nothing is sent yet.
    ///
    /// # Errors
    /// [`GatewayError`].
    pub fn new(province: Province) -> Result<Self, GatewayError> {
        // Somebody else in this program may have chosen the same one before: that is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .connect_timeout(Duration::from_millis(CONNECT_MS))
            .timeout(Duration::from_millis(province.pace.call_ms))
            .redirect(reqwest::redirect::Policy::none());
        if let Some(pem) = &province.ca_pem {
            builder = builder.tls_certs_only([reqwest::Certificate::from_pem(pem.as_bytes())?]);
        }
        let mapping = match &province.mapping {
            Some(mapping) => mapping.clone(),
            None => Mapping::shipped()?,
        };
        Ok(Self {
            http: builder.build()?,
            province,
            mapping,
            token: Mutex::new(None),
        })
    }

    /// Calls a service; a token that has run out is renewed once.
    async fn call(&self, key: Option<Hash>, body: &[u8]) -> Result<Answer, NoAnswer> {
        let known = self
            .token
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let (token, was_known) = match known {
            Some(token) => (token, true),
            None => (self.log_in().await?, false),
        };
        let answer = self.post(&token, key, body).await?;
        if answer.status != StatusCode::UNAUTHORIZED || !was_known {
            return Ok(answer);
        }
        let token = self.log_in().await?;
        self.post(&token, key, body).await
    }

    async fn post(&self, token: &str, key: Option<Hash>, body: &[u8]) -> Result<Answer, NoAnswer> {
        let mut call = self
            .http
            .post(format!("{}{SERVICE_PATH}", self.province.url))
            .bearer_auth(token)
            .header(reqwest::header::CONTENT_TYPE, "application/json")
            .body(body.to_vec());
        if let Some(key) = key {
            call = call.header(IDEMPOTENCY_KEY, key.to_string());
        }
        read(call).await
    }

    /// Gets a token. Nothing of a dossier has been sent when this fails.
    async fn log_in(&self) -> Result<String, NoAnswer> {
        #[derive(Deserialize)]
        struct Token {
            access_token: String,
        }
        let account = json!({
            "client_id": self.province.client_id,
            "client_secret": self.province.client_secret,
        });
        let call = self
            .http
            .post(format!("{}{TOKEN_PATH}", self.province.url))
            .json(&account);
        let answer = read(call)
            .await
            .map_err(|_| NoAnswer::NotTaken(NotTaken::NoConnection))?;
        let why = match (answer.status, serde_json::from_slice::<Token>(&answer.body)) {
            (StatusCode::OK, Ok(token)) => {
                let mut known = self.token.lock().unwrap_or_else(PoisonError::into_inner);
                *known = Some(token.access_token.clone());
                return Ok(token.access_token);
            }
            (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN, _) => NotTaken::WrongCredentials,
            (StatusCode::TOO_MANY_REQUESTS, _) => NotTaken::Later {
                retry_after_ms: answer.retry_after_ms,
            },
            _ => NotTaken::NoConnection,
        };
        Err(NoAnswer::NotTaken(why))
    }
}

impl Gateway for NationalGateway {
    fn prepare(&self, news: News<'_>) -> Option<Vec<u8>> {
        request::prepare(&self.mapping, news)
    }

    fn as_update(&self, request: &[u8]) -> Vec<u8> {
        request::as_update(request)
    }

    async fn send(&self, key: Hash, request: &[u8]) -> Seen<Sent> {
        match self.call(Some(key), request).await {
            Ok(Answer {
                status,
                retry_after_ms,
                body,
            }) => Seen {
                outcome: answer::of_send(status, retry_after_ms, &body),
                evidence: body,
            },
            Err(NoAnswer::NotTaken(why)) => Seen {
                outcome: Sent::NotTaken(why),
                evidence: Vec::new(),
            },
            Err(NoAnswer::Unknown(seen)) => Seen {
                outcome: Sent::Unknown(seen),
                evidence: Vec::new(),
            },
        }
    }

    async fn look_up(&self, request: &[u8]) -> Seen<LookedUp> {
        let Some(question) = request::look_up(request) else {
            return Seen {
                outcome: LookedUp::NotOffered,
                evidence: Vec::new(),
            };
        };
        match self.call(None, &question).await {
            Ok(Answer {
                status,
                retry_after_ms,
                body,
            }) => {
                let outcome = answer::of_look_up(status, retry_after_ms, &body, request);
                Seen {
                    outcome,
                    evidence: body,
                }
            }
            Err(NoAnswer::NotTaken(why)) => Seen {
                outcome: LookedUp::NotTaken(why),
                evidence: Vec::new(),
            },
            Err(NoAnswer::Unknown(seen)) => Seen {
                outcome: LookedUp::Unknown(seen),
                evidence: Vec::new(),
            },
        }
    }
}

/// Sends a call and reads its answer to the end. Only a connection that never came up is surely not taken.
async fn read(call: reqwest::RequestBuilder) -> Result<Answer, NoAnswer> {
    let mut answer = call.send().await.map_err(|error| match error {
        error if error.is_connect() => NoAnswer::NotTaken(NotTaken::NoConnection),
        error if error.is_timeout() => NoAnswer::Unknown("timeout"),
        _ => NoAnswer::Unknown("connection_broke"),
    })?;
    let status = answer.status();
    let retry_after_ms = answer
        .headers()
        .get(reqwest::header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.trim().parse::<u64>().ok())
        .map(|seconds| seconds.saturating_mul(1_000));
    let mut body = Vec::new();
    while let Some(piece) = answer
        .chunk()
        .await
        .map_err(|_| NoAnswer::Unknown("answer_broke_off"))?
    {
        body.extend_from_slice(&piece);
        if body.len() > ANSWER_BYTES_MAX {
            return Err(NoAnswer::Unknown("answer_too_large"));
        }
    }
    Ok(Answer {
        status,
        retry_after_ms,
        body,
    })
}

/// The one record of a request.
fn record(request: &Value) -> &Value {
    &request["data"][0]
}
