//! The calls of `/v1`, each with its time limit, and what every possible answer means.
//!
//! Not here: when to call (the machines) and what to keep (the store).

use std::time::Duration;

use motcua_core::ids::{Hash, ScopeId};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::tls::{TlsError, Trust, client_config};
use super::trouble::Trouble;
use super::wire::{
    CHUNK_MEDIA_TYPE, Challenge, EnrollRequest, EnrollResponse, ErrorBody, HelloRequest,
    HelloResponse, IDEMPOTENCY_KEY, Identity, NumberRequest, NumberResponse, PageResponse,
    PushRequest, PushResponse, UPLOAD_LENGTH, UPLOAD_OFFSET, UploadRequest, UploadResponse, codes,
};
use crate::exchange::blobs::BlobJob;

/// How long a connection may take to come up.
pub const CONNECT_TIMEOUT_MS: u64 = 5_000;
/// How long a small call may take.
pub const CALL_TIMEOUT_MS: u64 = 30_000;
/// How long one chunk of a scan may take: a smallest chunk at 2 kbit/s.
pub const CHUNK_TIMEOUT_MS: u64 = 120_000;
/// A live line that is silent for so long is dead: the hub speaks every 15 s.
pub const LIVE_SILENCE_MS: u64 = 40_000;
/// How long an unused connection is kept: less than a hub keeps it, so that no call meets a closed one.
pub const IDLE_CONNECTION_MS: u64 = 20_000;
/// An answer larger than this is not ours.
pub const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;

/// The client could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The certificate authority cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The HTTP client cannot be built.
    #[error("http client: {0}")]
    Http(#[from] reqwest::Error),
}

/// A hub by its address, with the lines to it. Bulk transfers have connections of their own, so that a
/// scan never stands in front of a reception.
#[derive(Clone, Debug)]
pub struct HubClient {
    base: String,
    calls: Client,
    bulk: Client,
}

/// What a session carries into every call.
#[derive(Clone, Debug)]
pub struct Pass {
    /// Bearer token.
    pub token: String,
    /// The office's log.
    pub scope: ScopeId,
}

/// Answers that are no failure and no success.
#[derive(Clone, Debug)]
pub enum Chunk {
    /// The hub has the blob so far.
    At(UploadResponse),
    /// The upload stands elsewhere than the chunk began.
    Moved {
        /// Where it stands, in bytes.
        offset: u64,
    },
}

impl HubClient {
    /// A client for the hub at `url` (`https://host:port`, no path).
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn new(url: &str, trust: &Trust) -> Result<Self, ClientError> {
        let build = |silence_ms: u64| -> Result<Client, ClientError> {
            Ok(Client::builder()
                .tls_backend_preconfigured(client_config(trust)?)
                .http1_only()
                .no_proxy()
                .tcp_nodelay(true)
                .pool_idle_timeout(Duration::from_millis(IDLE_CONNECTION_MS))
                .redirect(reqwest::redirect::Policy::none())
                .connect_timeout(Duration::from_millis(CONNECT_TIMEOUT_MS))
                .read_timeout(Duration::from_millis(silence_ms))
                .build()?)
        };
        Ok(Self {
            base: url.trim_end_matches('/').to_owned(),
            calls: build(LIVE_SILENCE_MS)?,
            bulk: build(CHUNK_TIMEOUT_MS)?,
        })
    }

    /// Who answers.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn identity(&self) -> Result<Identity, Trouble> {
        read(self.call(Method::GET, "/v1/identity")).await
    }

    /// Joins the office with a code.
    ///
    /// # Errors
    /// [`Trouble`]; wrong codes come as [`Trouble::Refused`].
    pub async fn enroll(&self, request: &EnrollRequest) -> Result<EnrollResponse, Trouble> {
        self.post("/v1/enroll", request).await
    }

    /// Asks for a nonce.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn challenge(&self) -> Result<Challenge, Trouble> {
        read(self.call(Method::POST, "/v1/challenge")).await
    }

    /// Says hello.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn hello(&self, request: &HelloRequest) -> Result<HelloResponse, Trouble> {
        self.post("/v1/hello", request).await
    }

    /// Pushes a batch.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn push(&self, pass: &Pass, request: &PushRequest) -> Result<PushResponse, Trouble> {
        let call = self.call(Method::POST, "/v1/push").bearer_auth(&pass.token);
        read(json(call, request)).await
    }

    /// A page of the log.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn page(
        &self,
        pass: &Pass,
        after: u64,
        limit: u32,
        log_id: Option<Uuid>,
    ) -> Result<PageResponse, Trouble> {
        let path = format!("/v1/scopes/{}/ops", pass.scope);
        let mut query = vec![("after", after.to_string()), ("limit", limit.to_string())];
        query.extend(log_id.map(|id| ("log_id", id.to_string())));
        let query: Vec<String> = query
            .into_iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let path = format!("{path}?{}", query.join("&"));
        read(self.call(Method::GET, &path).bearer_auth(&pass.token)).await
    }

    /// The next number of the hub's slice; the same key gets the same number.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn number(
        &self,
        pass: &Pass,
        key: &str,
        request: &NumberRequest,
    ) -> Result<NumberResponse, Trouble> {
        let call = self
            .call(Method::POST, "/v1/numbers")
            .bearer_auth(&pass.token);
        read(json(call.header(IDEMPOTENCY_KEY, key), request)).await
    }

    /// Announces a blob and learns how much of it the hub has.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn announce(&self, pass: &Pass, job: BlobJob) -> Result<UploadResponse, Trouble> {
        let call = self
            .call(Method::POST, "/v1/uploads")
            .bearer_auth(&pass.token);
        read(json(
            call,
            &UploadRequest {
                sha256: job.sha256,
                size: job.size,
            },
        ))
        .await
    }

    /// Sends a chunk.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn chunk(
        &self,
        pass: &Pass,
        job: BlobJob,
        offset: u64,
        bytes: bytes::Bytes,
    ) -> Result<Chunk, Trouble> {
        let answer = self
            .bulk
            .patch(format!("{}/v1/uploads/{}", self.base, job.sha256))
            .timeout(Duration::from_millis(CHUNK_TIMEOUT_MS))
            .bearer_auth(&pass.token)
            .header(reqwest::header::CONTENT_TYPE, CHUNK_MEDIA_TYPE)
            .header(UPLOAD_OFFSET, offset)
            .header(UPLOAD_LENGTH, job.size)
            .body(bytes)
            .send()
            .await
            .map_err(|error| of_error(&error))?;
        let moved = header_number(&answer, UPLOAD_OFFSET);
        match (answer.status(), moved) {
            (StatusCode::CONFLICT, Some(offset)) => Ok(Chunk::Moved { offset }),
            _ => decode(answer).await.map(Chunk::At),
        }
    }

    /// A blob's bytes from `from` on, as a stream of pieces.
    ///
    /// # Errors
    /// [`Trouble`]; [`Trouble::Refused`] with `not_found` when the hub does not have it whole.
    pub async fn blob(&self, pass: &Pass, sha256: Hash, from: u64) -> Result<Response, Trouble> {
        let mut call = self
            .bulk
            .get(format!("{}/v1/blobs/{sha256}", self.base))
            .bearer_auth(&pass.token);
        if from > 0 {
            call = call.header(reqwest::header::RANGE, format!("bytes={from}-"));
        }
        let answer = call.send().await.map_err(|error| of_error(&error))?;
        let wanted = if from > 0 {
            StatusCode::PARTIAL_CONTENT
        } else {
            StatusCode::OK
        };
        if answer.status() == wanted {
            Ok(answer)
        } else {
            Err(of_refusal(answer).await)
        }
    }

    /// Opens the live line.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn live(&self, pass: &Pass, last_event: Option<&str>) -> Result<Response, Trouble> {
        let mut call = self
            .calls
            .get(format!("{}/v1/live", self.base))
            .bearer_auth(&pass.token)
            .header(reqwest::header::ACCEPT, "text/event-stream");
        if let Some(id) = last_event {
            call = call.header("last-event-id", id);
        }
        let answer = call.send().await.map_err(|error| of_error(&error))?;
        let is_events = answer
            .headers()
            .get(reqwest::header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.starts_with("text/event-stream"));
        match (answer.status(), is_events) {
            (StatusCode::OK, true) => Ok(answer),
            (StatusCode::OK, false) => Err(Trouble::Garbled),
            _ => Err(of_refusal(answer).await),
        }
    }

    fn call(&self, method: Method, path: &str) -> RequestBuilder {
        self.calls
            .request(method, format!("{}{path}", self.base))
            .timeout(Duration::from_millis(CALL_TIMEOUT_MS))
    }

    async fn post<A: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<A, Trouble> {
        read(json(self.call(Method::POST, path), body)).await
    }
}

fn json(call: RequestBuilder, body: &impl Serialize) -> RequestBuilder {
    call.json(body)
}

async fn read<A: DeserializeOwned>(call: RequestBuilder) -> Result<A, Trouble> {
    decode(call.send().await.map_err(|error| of_error(&error))?).await
}

async fn decode<A: DeserializeOwned>(answer: Response) -> Result<A, Trouble> {
    if answer.status() != StatusCode::OK {
        return Err(of_refusal(answer).await);
    }
    let body = body(answer).await?;
    serde_json::from_slice(&body).map_err(|_| Trouble::Garbled)
}

async fn body(mut answer: Response) -> Result<Vec<u8>, Trouble> {
    let mut body = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(|error| of_error(&error))? {
        if body.len() + piece.len() > ANSWER_BYTES_MAX {
            return Err(Trouble::Garbled);
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

fn header_number(answer: &Response, name: &str) -> Option<u64> {
    answer
        .headers()
        .get(name)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()
}

/// What a call that got no whole answer means.
pub(super) fn of_error(error: &reqwest::Error) -> Trouble {
    if let Some(trouble) = of_tls(error) {
        return trouble;
    }
    if error.is_builder() {
        // Never sent: a header of ours that cannot travel, such as a key that is no ASCII text.
        Trouble::Refused {
            code: codes::MALFORMED.to_owned(),
        }
    } else if error.is_connect() {
        Trouble::Unreachable
    } else if error.is_timeout() {
        Trouble::TimedOut
    } else {
        Trouble::Broken
    }
}

fn of_tls(error: &reqwest::Error) -> Option<Trouble> {
    Some(match find_rustls(error)? {
        rustls::Error::InvalidCertificate(_) => Trouble::WrongCertificate,
        rustls::Error::InvalidMessage(_) => Trouble::Garbled,
        _ => Trouble::Broken,
    })
}

/// Looks through the causes for rustls. An I/O error hides what it carries from `source`, so it is opened.
fn find_rustls<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    if let Some(found) = error.downcast_ref::<rustls::Error>() {
        return Some(found);
    }
    let carried = error
        .downcast_ref::<std::io::Error>()
        .and_then(std::io::Error::get_ref);
    match (carried, error.source()) {
        (Some(carried), _) => find_rustls(carried),
        (None, Some(cause)) => find_rustls(cause),
        (None, None) => None,
    }
}

/// What an answer other than 200 means.
async fn of_refusal(answer: Response) -> Trouble {
    let status = answer.status();
    let retry_after_ms =
        header_number(&answer, "retry-after").map(|seconds| seconds.saturating_mul(1_000));
    let code = match body(answer).await {
        Ok(body) => serde_json::from_slice::<ErrorBody>(&body)
            .ok()
            .map(|body| body.code),
        Err(_) => None,
    };
    of_status(status, code, retry_after_ms)
}

fn of_status(status: StatusCode, code: Option<String>, retry_after_ms: Option<u64>) -> Trouble {
    match (status.as_u16(), code.as_deref()) {
        (429 | 503, _) => Trouble::Busy { retry_after_ms },
        (413, _) => Trouble::TooLarge,
        (status @ 500..=599, _) => Trouble::HubFailed { status, code },
        (_, None) => Trouble::Garbled,
        (_, Some(codes::SESSION_ENDED | codes::NONCE_UNKNOWN)) => Trouble::SessionEnded,
        (_, Some(codes::REVOKED)) => Trouble::Revoked,
        (_, Some(codes::UNKNOWN_DEVICE)) => Trouble::UnknownDevice,
        (_, Some(codes::OTHER_SCOPE)) => Trouble::OtherOffice,
        (_, Some(codes::LOG_CHANGED)) => Trouble::OtherLog,
        (_, Some(codes::FORKED | codes::OLD_EPOCH)) => Trouble::Forked,
        (_, Some(codes::BLOB_MISMATCH)) => Trouble::BlobMismatch,
        (_, Some(code)) => Trouble::Refused {
            code: code.to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_has_one_meaning() {
        let cases = [
            (500, None, "hub_failed"),
            (507, Some(codes::DISK_FULL), "hub_failed"),
            (502, None, "hub_failed"),
            (503, None, "busy"),
            (429, Some(codes::BUSY), "busy"),
            (413, None, "too_large"),
            (401, Some(codes::SESSION_ENDED), "session_ended"),
            (401, None, "garbled"),
            (403, None, "garbled"),
            (403, Some(codes::REVOKED), "revoked"),
            (403, Some(codes::UNKNOWN_DEVICE), "unknown_device"),
            (404, Some(codes::OTHER_SCOPE), "other_office"),
            (404, Some(codes::NOT_FOUND), "refused"),
            (409, Some(codes::FORKED), "forked"),
            (409, Some(codes::OLD_EPOCH), "forked"),
            (410, Some(codes::LOG_CHANGED), "other_log"),
            (422, Some(codes::BLOB_MISMATCH), "blob_mismatch"),
            (302, None, "garbled"),
        ];
        for (status, code, expected) in cases {
            let status = StatusCode::from_u16(status).unwrap();
            let trouble = of_status(status, code.map(str::to_owned), None);
            assert_eq!(trouble.code(), expected, "{status} {code:?}");
        }
    }
}
