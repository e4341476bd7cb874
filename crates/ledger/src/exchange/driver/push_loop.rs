//! Carries the outbox to the hub.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use motcua_core::op::{SealedOp, sign};
use tokio::sync::watch;

use super::shared::{Session, Shared, Woken, chance, standing, wall_ms};
use crate::exchange::push::{Push, PushStep};
use crate::exchange::status::ExchangeEvent;
use crate::exchange::trouble::Trouble;
use crate::exchange::wire::{PushRequest, PushResponse};

type Sessions = watch::Receiver<Option<Arc<Session>>>;

pub(super) async fn run(shared: Arc<Shared>) {
    shared.until_closing(carry(&shared)).await;
}

async fn carry(shared: &Shared) {
    let mut push = Push::new();
    let mut sessions = shared.session.subscribe();
    loop {
        follow(&mut push, &mut sessions);
        let until_ms = match push.next(shared.now_ms()) {
            PushStep::Send {
                after,
                ops_max,
                bytes_max,
            } => {
                let session = sessions.borrow().clone();
                if let Some(session) = session {
                    shared.pushing.send_replace(true);
                    send(shared, &mut push, &session, (after, ops_max, bytes_max)).await;
                    shared.update(|status| status.push_trouble = standing(push.trouble()));
                }
                continue;
            }
            PushStep::WaitUntil(until_ms) => Some(until_ms),
            PushStep::Rest => None,
        };
        shared.pushing.send_replace(false);
        match shared
            .pause(&shared.wakes.push, &mut sessions, until_ms)
            .await
        {
            Woken::Called { urgent } => {
                if urgent {
                    push.wake_now();
                } else {
                    push.wake();
                }
                shared.count_pending().await;
            }
            Woken::Session => sessions.mark_changed(),
            Woken::Time => {}
        }
    }
}

/// Takes note of a session that began or ended.
fn follow(push: &mut Push, sessions: &mut Sessions) {
    if !sessions.has_changed().unwrap_or(false) {
        return;
    }
    match &*sessions.borrow_and_update() {
        Some(session) => push.join(
            session.acked_dseq,
            session.push_ops_max,
            session.push_bytes_max,
        ),
        None => push.leave(),
    }
}

async fn send(shared: &Shared, push: &mut Push, session: &Session, part: (u64, usize, usize)) {
    let (after, ops_max, bytes_max) = part;
    let read = shared
        .store(move |desk| desk.outbox(after, ops_max, bytes_max))
        .await;
    let ops = match read {
        Ok(ops) => ops,
        Err(trouble) => return push.failed(&trouble, chance(), shared.now_ms()),
    };
    let Some(last) = ops.last().map(|op| op.op.dseq) else {
        return push.nothing_to_send();
    };
    let answer = match deliver(shared, session, &ops).await {
        Ok(answer) => note(shared, session, answer).await,
        Err(trouble) => Err(trouble),
    };
    let now_ms = shared.now_ms();
    match answer {
        Ok(acked_dseq) => push.acked(last, acked_dseq, chance(), now_ms),
        Err(Trouble::TooLarge) => push.too_large(ops.len(), chance(), now_ms),
        Err(trouble) => {
            if trouble == Trouble::TimedOut {
                push.too_slow(ops.len());
            }
            push.failed(&trouble, chance(), now_ms);
            shared.report(session.number, &trouble).await;
        }
    }
}

/// Sends one batch; a session that ends meanwhile ends the wait.
async fn deliver(
    shared: &Shared,
    session: &Session,
    ops: &[SealedOp],
) -> Result<PushResponse, Trouble> {
    let (Some(first), Some(last)) = (ops.first(), ops.last()) else {
        return Err(Trouble::Garbled);
    };
    let request = PushRequest {
        epoch: first.op.epoch,
        from_dseq: first.op.dseq,
        ops: ops.iter().map(|op| BASE64.encode(&op.bytes)).collect(),
        signature: hex::encode(sign(&shared.key, last.hash)),
    };
    let mut sessions = shared.session.subscribe();
    let is_over =
        |now: &Option<Arc<Session>>| now.as_ref().is_none_or(|s| s.number != session.number);
    let _no_hello_meanwhile = shared.push_gate.lock().await;
    tokio::select! {
        biased;
        _ = sessions.wait_for(is_over) => Err(Trouble::Broken),
        answer = shared.client.push(&session.pass, &request) => answer,
    }
}

/// Makes an acknowledgement durable here before anybody is told.
async fn note(shared: &Shared, session: &Session, answer: PushResponse) -> Result<u64, Trouble> {
    let (epoch, acked_dseq) = (session.epoch, answer.acked_dseq);
    shared
        .store(move |desk| desk.note_acked(epoch, acked_dseq, wall_ms()))
        .await?;
    shared.prove(session.number).await;
    shared.update(|status| status.last_ack_at_ms = Some(wall_ms()));
    shared.count_pending().await;
    shared.tell(ExchangeEvent::Acked { dseq: acked_dseq });
    // The decisions come with the log; it is worth looking now.
    shared.wakes.pull.wake();
    Ok(acked_dseq)
}
