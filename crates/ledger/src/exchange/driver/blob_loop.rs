//! Carries scans to the hub, letting operations pass.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use motcua_core::ids::Hash;

use super::shared::{Session, Shared, Woken, chance, standing};
use crate::exchange::blobs::{BLOB_QUEUE_LOOK_MAX, BlobJob, BlobStep, Blobs};
use crate::exchange::client::Chunk;
use crate::exchange::status::ExchangeEvent;
use crate::exchange::trouble::Trouble;

/// A chunk lets operations pass for so long at most, so that scans cannot starve.
const YIELD_TO_PUSH_MS: u64 = 5_000;

pub(super) async fn run(shared: Arc<Shared>) {
    shared.until_closing(carry(&shared)).await;
}

/// The scan in hand, read from the store once.
type InHand = Option<(Hash, Bytes)>;

async fn carry(shared: &Shared) {
    let mut blobs = Blobs::new();
    let mut in_hand: InHand = None;
    let mut sessions = shared.session.subscribe();
    loop {
        if sessions.has_changed().unwrap_or(false) {
            match &*sessions.borrow_and_update() {
                Some(_) => blobs.join(),
                None => blobs.leave(),
            }
        }
        let session = sessions.borrow().clone();
        let until_ms = match (blobs.next(shared.now_ms()), session) {
            (BlobStep::WaitUntil(until_ms), _) => Some(until_ms),
            (BlobStep::Rest, _) | (_, None) => None,
            (step, Some(session)) => {
                if let Err(trouble) = act(shared, &mut blobs, &session, &mut in_hand, step).await {
                    blobs.failed(&trouble, chance(), shared.now_ms());
                    shared.report(session.number, &trouble).await;
                }
                shared.update(|status| status.blob_trouble = standing(blobs.trouble()));
                continue;
            }
        };
        in_hand = None;
        match shared
            .pause(&shared.wakes.blobs, &mut sessions, until_ms)
            .await
        {
            Woken::Called { urgent: true } => blobs.wake_now(),
            Woken::Called { urgent: false } => blobs.wake(),
            Woken::Session => sessions.mark_changed(),
            Woken::Time => {}
        }
    }
}

async fn act(
    shared: &Shared,
    blobs: &mut Blobs,
    session: &Session,
    in_hand: &mut InHand,
    step: BlobStep,
) -> Result<(), Trouble> {
    match step {
        BlobStep::List => {
            let waiting = shared
                .store(|desk| desk.waiting_blobs(BLOB_QUEUE_LOOK_MAX))
                .await?;
            blobs.listed(&waiting, shared.now_ms());
        }
        BlobStep::Announce(job) => {
            let answer = shared.client.announce(&session.pass, job).await?;
            blobs.at(answer.offset, answer.complete, chance(), shared.now_ms());
        }
        BlobStep::Chunk { job, offset, len } => {
            let piece = piece(shared, in_hand, job, offset, len).await?;
            let_operations_pass(shared).await;
            let (offset, complete) = match shared
                .client
                .chunk(&session.pass, job, offset, piece)
                .await?
            {
                Chunk::At(answer) => (answer.offset, answer.complete),
                Chunk::Moved { offset } => (offset, false),
            };
            blobs.at(offset, complete, chance(), shared.now_ms());
        }
        BlobStep::Note(job) => {
            shared
                .store(move |desk| desk.note_blob_sent(job.sha256))
                .await?;
            blobs.noted();
            shared.count_pending().await;
            shared.tell(ExchangeEvent::BlobSent(job.sha256));
        }
        BlobStep::WaitUntil(_) | BlobStep::Rest => {}
    }
    Ok(())
}

async fn piece(
    shared: &Shared,
    in_hand: &mut InHand,
    job: BlobJob,
    offset: u64,
    len: usize,
) -> Result<Bytes, Trouble> {
    if in_hand.as_ref().is_none_or(|(name, _)| *name != job.sha256) {
        let bytes = shared
            .store(move |desk| desk.blob(job.sha256))
            .await?
            .ok_or(Trouble::BlobMismatch)?;
        *in_hand = Some((job.sha256, Bytes::from(bytes)));
    }
    let bytes = in_hand
        .as_ref()
        .map(|(_, bytes)| bytes)
        .ok_or(Trouble::BlobMismatch)?;
    let from = usize::try_from(offset).map_err(|_| Trouble::BlobMismatch)?;
    let to = from.saturating_add(len);
    if to > bytes.len() {
        Err(Trouble::BlobMismatch)
    } else {
        Ok(bytes.slice(from..to))
    }
}

async fn let_operations_pass(shared: &Shared) {
    let mut pushing = shared.pushing.subscribe();
    let calm = pushing.wait_for(|pushing| !pushing);
    let _ = tokio::time::timeout(Duration::from_millis(YIELD_TO_PUSH_MS), calm).await;
}
