//! Scans: uploads that resume at the byte that is on disk (tus 1.0.0 semantics), downloads by range.

use std::ops::Range;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use motcua_core::ids::Hash;
use motcua_ledger::exchange::wire::{
    BLOB_BYTES_MAX, UPLOAD_LENGTH, UPLOAD_OFFSET, UploadRequest, UploadResponse,
};
use motcua_ledger::hub::BlobState;

use super::extract::{Caller, Raw, Wire, number};
use crate::app::{App, blocking};
use crate::error::ApiError;

/// The media type of a scan whose kind only the dossier knows.
const BLOB_MEDIA_TYPE: &str = "application/octet-stream";

/// `POST /v1/uploads`.
pub(super) async fn announce(
    State(app): State<Arc<App>>,
    caller: Caller,
    Wire(UploadRequest { sha256, size }): Wire<UploadRequest>,
) -> Result<Json<UploadResponse>, ApiError> {
    if size > BLOB_BYTES_MAX {
        return Err(ApiError::TooLarge);
    }
    let state = blocking(&app, move |app| {
        caller.admitted(app)?;
        match app.store.blob(sha256)? {
            Some(known) if known.complete || known.size == size => Ok(known),
            _ => Ok(app.store.blob_append(sha256, size, 0, &[])?),
        }
    })
    .await?;
    Ok(Json(response(&state)))
}

/// `HEAD /v1/uploads/{sha256}`.
pub(super) async fn stands_at(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(sha256): Path<String>,
) -> Result<Response, ApiError> {
    let sha256 = name(&sha256)?;
    let state = blocking(&app, move |app| {
        caller.admitted(app)?;
        app.store.blob(sha256)?.ok_or(ApiError::NotFound)
    })
    .await?;
    let headers = [(UPLOAD_OFFSET, state.have), (UPLOAD_LENGTH, state.size)];
    Ok(headers
        .map(|(name, value)| (name, value.to_string()))
        .into_response())
}

/// `PATCH /v1/uploads/{sha256}`.
pub(super) async fn append(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(sha256): Path<String>,
    headers: HeaderMap,
    Raw(bytes): Raw,
) -> Result<Json<UploadResponse>, ApiError> {
    let sha256 = name(&sha256)?;
    let offset = number(&headers, UPLOAD_OFFSET).ok_or(ApiError::Malformed(UPLOAD_OFFSET))?;
    let announced = number(&headers, UPLOAD_LENGTH);
    let state = blocking(&app, move |app| {
        caller.admitted(app)?;
        let known = app.store.blob(sha256)?;
        let size = announced
            .or(known.as_ref().map(|state| state.size))
            .ok_or(ApiError::NotFound)?;
        let end = offset.saturating_add(bytes.len() as u64);
        if size > BLOB_BYTES_MAX || end > size {
            return Err(ApiError::TooLarge);
        }
        match known {
            // Another counter has the same scan and was quicker.
            Some(state) if state.complete => return Ok(state),
            Some(state) if state.have != offset => {
                return Err(ApiError::WrongOffset { offset: state.have });
            }
            None if offset != 0 => return Err(ApiError::WrongOffset { offset: 0 }),
            _ => {}
        }
        let state = app.store.blob_append(sha256, size, offset, &bytes)?;
        let is_discarded = !state.complete && state.have < offset.max(1) && end == size;
        if is_discarded {
            Err(ApiError::BlobMismatch)
        } else {
            Ok(state)
        }
    })
    .await?;
    Ok(Json(response(&state)))
}

/// `GET` and `HEAD /v1/blobs/{sha256}`.
pub(super) async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    method: Method,
    Path(sha256): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let sha256 = name(&sha256)?;
    let wants_bytes = method != Method::HEAD;
    let (size, bytes) = blocking(&app, move |app| {
        caller.admitted(app)?;
        let state = app
            .store
            .blob(sha256)?
            .filter(|state| state.complete)
            .ok_or(ApiError::NotFound)?;
        let bytes = if wants_bytes {
            app.store.blob_read(sha256)?
        } else {
            None
        };
        Ok((state.size, bytes))
    })
    .await?;
    let mut answer = match (wants_bytes, bytes) {
        (false, _) => StatusCode::OK.into_response(),
        (true, None) => return Err(ApiError::NotFound),
        (true, Some(bytes)) => part(bytes::Bytes::from(bytes), headers.get(header::RANGE)),
    };
    let head = answer.headers_mut();
    head.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(BLOB_MEDIA_TYPE),
    );
    head.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if !wants_bytes {
        head.insert(header::CONTENT_LENGTH, size.into());
    }
    Ok(answer)
}

/// The whole, or the one range that was asked for.
fn part(bytes: bytes::Bytes, range: Option<&HeaderValue>) -> Response {
    let size = bytes.len();
    let Some(range) = range.and_then(|value| value.to_str().ok()) else {
        return bytes.into_response();
    };
    match parse_range(range, size) {
        Some(range) => {
            let shown = format!("bytes {}-{}/{size}", range.start, range.end - 1);
            (
                StatusCode::PARTIAL_CONTENT,
                [(header::CONTENT_RANGE, shown)],
                bytes.slice(range),
            )
                .into_response()
        }
        None => {
            let shown = format!("bytes */{size}");
            (
                StatusCode::RANGE_NOT_SATISFIABLE,
                [(header::CONTENT_RANGE, shown)],
            )
                .into_response()
        }
    }
}

/// One range of `size` bytes, as RFC 9110 writes it: `bytes=a-b`, `bytes=a-`, `bytes=-n`.
fn parse_range(text: &str, size: usize) -> Option<Range<usize>> {
    let (from, to) = text.strip_prefix("bytes=")?.split_once('-')?;
    let range = match (from.trim(), to.trim()) {
        ("", last) => size.saturating_sub(last.parse().ok()?)..size,
        (from, "") => from.parse().ok()?..size,
        (from, to) => from.parse().ok()?..to.parse::<usize>().ok()?.checked_add(1)?.min(size),
    };
    (range.start < range.end).then_some(range)
}

fn response(state: &BlobState) -> UploadResponse {
    UploadResponse {
        offset: state.have,
        complete: state.complete,
    }
}

fn name(text: &str) -> Result<Hash, ApiError> {
    text.parse().map_err(|_| ApiError::Malformed("sha256"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_standard_writes_them() {
        let cases = [
            ("bytes=0-", Some(0..10)),
            ("bytes=4-", Some(4..10)),
            ("bytes=2-5", Some(2..6)),
            ("bytes=2-99", Some(2..10)),
            ("bytes=-3", Some(7..10)),
            ("bytes=-99", Some(0..10)),
            ("bytes=10-", None),
            ("bytes=5-2", None),
            ("bytes=-0", None),
            ("bytes=0-1,4-5", None),
            ("bytes=a-b", None),
            ("lines=0-1", None),
            ("bytes=0-18446744073709551615", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_range(text, 10), expected, "{text}");
        }
    }
}
