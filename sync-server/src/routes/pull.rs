//! `GET /v1/scopes/{scope}/ops`: the log, page by page.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use motcua_ledger::exchange::wire::{PAGE_OPS_MAX, PageLine, PageResponse};
use motcua_ledger::hub::{LogLine, Page};
use serde::Deserialize;
use uuid::Uuid;

use super::extract::Caller;
use crate::app::{App, blocking};
use crate::error::ApiError;
use crate::limits::PAGE_BYTES_MAX;

#[derive(Debug, Deserialize)]
pub(super) struct Where {
    #[serde(default)]
    after: u64,
    limit: Option<u32>,
    log_id: Option<Uuid>,
}

pub(super) async fn ops(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(scope): Path<String>,
    query: Result<Query<Where>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<PageResponse>, ApiError> {
    let Query(Where {
        after,
        limit,
        log_id,
    }) = query.map_err(|_| ApiError::Malformed("query"))?;
    if scope != app.about.scope.0 {
        return Err(ApiError::OtherScope);
    }
    if log_id.is_some_and(|log_id| log_id != app.about.log_id) {
        return Err(ApiError::LogChanged);
    }
    let limit = limit.unwrap_or(PAGE_OPS_MAX).clamp(1, PAGE_OPS_MAX);
    let page = blocking(&app, move |app| {
        caller.admitted(app)?;
        app.note_progress(caller.0, |progress| progress.read_seq = Some(after));
        Ok(app.store.page(after, limit, PAGE_BYTES_MAX)?)
    })
    .await?;
    Ok(Json(response(after, page)))
}

fn response(after: u64, page: Page) -> PageResponse {
    let next = page.lines.last().map_or(after, |line| line.seq);
    PageResponse {
        log_id: page.log_id,
        ops: page.lines.into_iter().map(line).collect(),
        next,
        more: next < page.head,
        head: page.head,
        chain: page.chain,
    }
}

fn line(line: LogLine) -> PageLine {
    PageLine {
        seq: line.seq,
        op: BASE64.encode(&line.op.bytes),
        decision: line.decision,
        signature: line.signature.map(hex::encode),
    }
}
