//! `GET /v1/identity`, `POST /v1/challenge`, `POST /v1/hello`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use motcua_core::ids::{DeviceId, Hash};
use motcua_core::op::Chain;
use motcua_ledger::exchange::auth::is_hello_proof;
use motcua_ledger::exchange::wire::{
    Challenge, EpochAcked, HelloAction, HelloRequest, HelloResponse, Identity, PUSH_BYTES_MAX,
    PUSH_OPS_MAX,
};
use motcua_ledger::hub::{Device, HubStore};

use super::extract::{Wire, hex_bytes};
use crate::app::{App, blocking, random};
use crate::clock::wall_ms;
use crate::error::ApiError;

/// Epochs before the current one of which a device is told how much is here.
const EARLIER_EPOCHS_MAX: u32 = 16;

pub(super) async fn identity(State(app): State<Arc<App>>) -> Json<Identity> {
    Json(Identity {
        hub: app.about.name.clone(),
        scope: app.about.scope.clone(),
        ca_pem: app.about.ca_pem.clone(),
    })
}

pub(super) async fn challenge(State(app): State<Arc<App>>) -> Result<Json<Challenge>, ApiError> {
    let nonce = app.sessions().challenge(random()?, app.now_ms());
    Ok(Json(Challenge { nonce }))
}

pub(super) async fn hello(
    State(app): State<Arc<App>>,
    Wire(request): Wire<HelloRequest>,
) -> Result<Json<HelloResponse>, ApiError> {
    let proof = hex_bytes::<64>(&request.signature, "signature")?;
    if !app.sessions().redeem(&request.nonce, app.now_ms()) {
        return Err(ApiError::NonceUnknown);
    }
    let answer = blocking(&app, move |app| {
        let device = app
            .store
            .device(request.device)?
            .ok_or(ApiError::UnknownDevice)?;
        if !is_hello_proof(&device.public_key, device.id, &request.nonce, &proof) {
            return Err(ApiError::BadSignature);
        }
        if !device.active {
            app.sessions().end(device.id);
            return Err(ApiError::Revoked);
        }
        let met = meet(&*app.store, &device, &request)?;
        app.note_progress(request.device, |progress| {
            progress.written_dseq = Some(request.next_dseq.saturating_sub(1));
        });
        let token = app
            .sessions()
            .begin(request.device, random()?, app.now_ms());
        tracing::debug!(device = %request.device, app = request.app, action = ?met.action, "hello");
        let earlier = earlier(&*app.store, request.device, met.chain.epoch)?;
        Ok(HelloResponse {
            hub: app.about.name.clone(),
            machine: app.about.machine.clone(),
            scope: app.about.scope.clone(),
            log_id: app.about.log_id,
            acked_dseq: met.chain.dseq,
            chain_at_acked: met.chain.head,
            earlier,
            epoch: met.chain.epoch,
            slot: met.slot,
            token,
            time_ms: wall_ms(),
            push_ops_max: PUSH_OPS_MAX,
            push_bytes_max: PUSH_BYTES_MAX,
            action: met.action,
        })
    })
    .await?;
    Ok(Json(answer))
}

#[derive(Debug)]
struct Met {
    chain: Chain,
    slot: u16,
    action: HelloAction,
}

/// What is here of the epochs before `epoch`.
fn earlier(
    store: &dyn HubStore,
    device: DeviceId,
    epoch: u32,
) -> Result<Vec<EpochAcked>, ApiError> {
    let mut earlier = Vec::new();
    for before in epoch.saturating_sub(EARLIER_EPOCHS_MAX).max(1)..epoch {
        let acked_dseq = store.chain(device, before)?.dseq;
        earlier.push(EpochAcked {
            epoch: before,
            acked_dseq,
        });
    }
    Ok(earlier)
}

/// Compares a device's chain with the one that is known here. Where the device has come out behind or
/// beside it (it was restored from an old copy), it gets a new epoch.
fn meet(store: &dyn HubStore, device: &Device, request: &HelloRequest) -> Result<Met, ApiError> {
    if device.epoch > request.epoch {
        let chain = store.chain(device.id, device.epoch)?;
        return Ok(Met {
            chain,
            slot: device.slot,
            action: HelloAction::Forked,
        });
    }
    // A device that noticed by itself that it was put back, or this hub was: its epoch may be ahead.
    let chain = store.chain(device.id, request.epoch)?;
    let written = request.next_dseq.saturating_sub(1);
    if continues(chain, written, request.chain) {
        return Ok(Met {
            chain,
            slot: device.slot,
            action: HelloAction::Ok,
        });
    }
    tracing::warn!(device = %device.id, written, known = chain.dseq, "a chain was forked: new epoch");
    let device = store.raise_epoch(device.id)?;
    let chain = store.chain(device.id, device.epoch)?;
    Ok(Met {
        chain,
        slot: device.slot,
        action: HelloAction::Forked,
    })
}

/// Whether a device that has written up to `written`, with `head` there, can go on from `known`.
fn continues(known: Chain, written: u64, head: Hash) -> bool {
    written > known.dseq || (written == known.dseq && head == known.head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_goes_on_only_from_where_it_was() {
        let ten = Hash::of(b"10");
        let known = Chain {
            device: DeviceId::derived("quầy 1"),
            epoch: 1,
            dseq: 10,
            head: ten,
        };
        assert!(continues(known, 10, ten), "nothing new");
        assert!(
            continues(known, 12, Hash::of(b"12")),
            "two more: the push will show whether they fit"
        );
        assert!(
            !continues(known, 10, Hash::of(b"other")),
            "another tenth operation"
        );
        assert!(
            !continues(known, 7, Hash::of(b"7")),
            "restored from an old copy"
        );
        let fresh = Chain::new(known.device, 2);
        assert!(continues(fresh, 0, Hash::ZERO));
    }
}
