//! Which lines of the log the province is told of, and writing back what became of a message.

use motcua_core::event::Event;
use motcua_core::ids::{Hash, ScopeId};
use motcua_core::op::SealedOp;
use motcua_core::state::{Decision, State};

use super::push;
use crate::hub::ForwardJob;
use crate::node::NodeKeeper;
use crate::store::{StoreError, WriteTx};

/// So that no other hash can be taken for a message's key.
const KEY_DOMAIN: &[u8] = b"motcua/forward/v1\0";

/// The key of the message that an operation causes: the same for every attempt and on every node.
pub(super) fn key(op: &SealedOp) -> Hash {
    Hash::of(&[KEY_DOMAIN, &op.hash.0].concat())
}

/// Whether a province is told: receptions and steps that stand. A practice dossier is news only in a practice
/// office, whose province is a practice one or none.
pub(super) fn is_news(
    event: &Event,
    decision: &Decision,
    state: Option<&State>,
    is_practice_office: bool,
) -> bool {
    let told = matches!(event, Event::DossierReceived(_) | Event::DossierStepped(_));
    let ours = matches!(state, Some(State::Dossier(dossier)) if dossier.received.practice == is_practice_office);
    told && ours && decision.stands()
}

/// Writes a message back; its answer goes to the log in the same transaction. A connector that took too long
/// and lost its message to another changes nothing.
pub(super) fn settle(
    tx: &WriteTx<'_>,
    keeper: &mut NodeKeeper,
    scope: &ScopeId,
    job: &ForwardJob,
    answer: Option<&Event>,
    now_ms: i64,
) -> Result<(), StoreError> {
    if !tx.settle_forward(job)? {
        tracing::warn!(
            job = job.id,
            attempt = job.attempts,
            "a message was settled by nobody's leave"
        );
        return Ok(());
    }
    if let Some(answer) = answer {
        push::append_own(tx, keeper, scope, job.dossier, answer, now_ms)?;
    }
    Ok(())
}
