//! `POST /v1/push`: a batch into the log, in one transaction of the store.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use motcua_core::op::SealedOp;
use motcua_ledger::exchange::HallCall;
use motcua_ledger::exchange::wire::{PUSH_OPS_MAX, PushRequest, PushResponse, PushResult};
use motcua_ledger::hub::{Batch, Judged, Pushed};

use super::extract::{Caller, Wire, hex_bytes};
use crate::app::{App, blocking, calls_of};
use crate::clock::wall_ms;
use crate::error::ApiError;

/// Who acknowledges: durable in the office, not yet at the province.
const ACKED_BY: &str = "hub";

pub(super) async fn push(
    State(app): State<Arc<App>>,
    caller: Caller,
    Wire(request): Wire<PushRequest>,
) -> Result<Json<PushResponse>, ApiError> {
    let answer = blocking(&app, move |app| {
        let batch = batch(&request)?;
        let ops = batch.ops.clone();
        match app.store.push(caller.0, batch, wall_ms())? {
            Pushed::Acked { acked_dseq, results } => {
                let news = results.iter().map(|judged| judged.seq).max();
                if let Some(head) = news {
                    app.announce(head, calls(app, &ops, &results)?);
                }
                Ok(response(acked_dseq, results))
            }
            Pushed::Gap { acked_dseq } => Ok(response(acked_dseq, Vec::new())),
            Pushed::Forked { dseq, have, got } => {
                tracing::warn!(device = %caller.0, dseq, %have, %got, "a chain was forked: new epoch");
                app.store.raise_epoch(caller.0)?;
                Err(ApiError::Forked { dseq })
            }
            Pushed::Refused { code } => Err(refused(app, caller, code)),
        }
    })
    .await?;
    Ok(Json(answer))
}

fn batch(request: &PushRequest) -> Result<Batch, ApiError> {
    if request.ops.is_empty() || request.ops.len() > PUSH_OPS_MAX {
        return Err(if request.ops.is_empty() {
            ApiError::Malformed("ops")
        } else {
            ApiError::TooLarge
        });
    }
    let signature = hex_bytes::<64>(&request.signature, "signature")?;
    let ops = request.ops.iter().map(|text| {
        let bytes = BASE64
            .decode(text)
            .map_err(|_| ApiError::Malformed("ops: not base64"))?;
        SealedOp::open(bytes).map_err(|_| ApiError::Malformed("ops: not an operation"))
    });
    Ok(Batch {
        ops: ops.collect::<Result<_, _>>()?,
        signature,
    })
}

/// The calls in the hall among what stands.
fn calls(app: &App, ops: &[SealedOp], results: &[Judged]) -> Result<Vec<HallCall>, ApiError> {
    let standing = results.iter().filter(|judged| judged.decision.stands());
    let lines = standing.filter_map(|judged| {
        let op = ops.iter().find(|op| op.op.dseq == judged.dseq)?;
        Some((judged.seq, op))
    });
    Ok(calls_of(&*app.store, &app.about.scope, lines)?)
}

fn response(acked_dseq: u64, results: Vec<Judged>) -> PushResponse {
    let results = results.into_iter().map(|judged| PushResult {
        dseq: judged.dseq,
        seq: judged.seq,
        decision: judged.decision,
    });
    PushResponse {
        acked_dseq,
        by: ACKED_BY.to_owned(),
        results: results.collect(),
    }
}

fn refused(app: &App, caller: Caller, code: &str) -> ApiError {
    match code {
        "unknown_device" => ApiError::UnknownDevice,
        "revoked" => {
            app.sessions().end(caller.0);
            ApiError::Revoked
        }
        "bad_signature" => ApiError::BadSignature,
        "other_scope" => ApiError::OtherScope,
        "old_epoch" => ApiError::OldEpoch,
        _ => ApiError::Malformed("batch"),
    }
}
