//! Keeps the link: hello, new epochs, losses.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::shared::{LinkMail, Session, Shared, Woken, chance, wall_ms};
use crate::exchange::auth::hello_proof;
use crate::exchange::client::Pass;
use crate::exchange::desk_side::{DeskSide, HubClock, HubSeen};
use crate::exchange::link::{Greeting, Link, LinkStep, Standing, judge_hello};
use crate::exchange::status::LinkState;
use crate::exchange::trouble::Trouble;
use crate::exchange::wire::{EpochAcked, HelloRequest, HelloResponse};

/// New epochs taken in a row before the link gives up for a while.
const EPOCHS_IN_A_ROW_MAX: u32 = 3;

pub(super) async fn run(shared: Arc<Shared>, inbox: mpsc::Receiver<LinkMail>) {
    shared.until_closing(keep(&shared, inbox)).await;
}

async fn keep(shared: &Shared, mut inbox: mpsc::Receiver<LinkMail>) {
    shared.count_pending().await;
    let mut link = Link::new();
    let mut session = shared.session.subscribe();
    loop {
        match link.next(shared.now_ms()) {
            LinkStep::SayHello => match greet(shared).await {
                Ok(hello) => begin(shared, link.joined(), hello),
                Err(trouble) => {
                    link.failed(&trouble, chance(), shared.now_ms());
                    fell(shared, &link, trouble);
                }
            },
            LinkStep::WaitUntil(until_ms) => {
                tokio::select! {
                    woken = shared.pause(&shared.wakes.link, &mut session, Some(until_ms)) => {
                        if woken == (Woken::Called { urgent: true }) {
                            link.poke();
                        }
                    }
                    Some(mail) = inbox.recv() => take(shared, &mut link, mail),
                }
            }
            LinkStep::Rest => {
                tokio::select! {
                    _ = shared.pause(&shared.wakes.link, &mut session, None) => {}
                    Some(mail) = inbox.recv() => take(shared, &mut link, mail),
                }
            }
        }
    }
}

fn take(shared: &Shared, link: &mut Link, mail: LinkMail) {
    match mail {
        LinkMail::Proven(session) => link.proven(session),
        LinkMail::Lost(session, trouble) => {
            if link.lost(session, &trouble, chance(), shared.now_ms()) {
                tracing::info!(%trouble, "the link to the hub is lost");
                fell(shared, link, trouble);
            }
        }
    }
}

/// The link is down: nobody has a session any more.
fn fell(shared: &Shared, link: &Link, trouble: Trouble) {
    shared.session.send_replace(None);
    let next_try_at_ms = link.next_try_ms().map(|at| shared.to_wall_ms(at));
    shared.update(|status| {
        status.state = status.state_after(trouble, wall_ms());
        status.next_try_at_ms = next_try_at_ms;
        status.push_trouble = None;
        status.pull_trouble = None;
        status.blob_trouble = None;
    });
}

/// The link is up.
fn begin(shared: &Shared, number: u64, hello: HelloResponse) {
    let HelloResponse {
        hub,
        machine,
        scope,
        token,
        epoch,
        acked_dseq,
        push_ops_max,
        push_bytes_max,
        ..
    } = hello;
    tracing::info!(hub, acked_dseq, "the link to the hub is up");
    let pass = Pass { token, scope };
    let session = Session {
        number,
        pass,
        epoch,
        acked_dseq,
        push_ops_max,
        push_bytes_max,
    };
    shared.update(|status| {
        status.state = LinkState::Up { hub, machine };
        status.next_try_at_ms = None;
    });
    shared.session.send_replace(Some(Arc::new(session)));
}

/// Says hello until the hub and this desk agree on the epoch.
async fn greet(shared: &Shared) -> Result<HelloResponse, Trouble> {
    let _no_push_meanwhile = shared.push_gate.lock().await;
    for _ in 0..EPOCHS_IN_A_ROW_MAX {
        let standing = shared.store(|desk| desk.standing()).await?;
        let hello = say_hello(shared, &standing).await?;
        match judge_hello(&standing, &hello) {
            Greeting::Join => {
                note_hub(shared, &hello).await?;
                shared.count_pending().await;
                return Ok(hello);
            }
            Greeting::TakeEpoch { epoch, slot } => {
                tracing::warn!(
                    epoch,
                    "this machine's chain was forked: going on in a new epoch"
                );
                shared.update(|status| status.state = LinkState::Forked);
                shared
                    .store(move |desk| desk.take_epoch(epoch, slot))
                    .await?;
                shared.count_pending().await;
            }
            Greeting::Refuse(trouble) => return Err(trouble),
        }
    }
    Err(Trouble::Forked)
}

/// Remembers the hub and what it has of this machine's writing, epoch by epoch.
async fn note_hub(shared: &Shared, hello: &HelloResponse) -> Result<(), Trouble> {
    let seen = HubSeen {
        machine: hello.machine.clone(),
        name: hello.hub.clone(),
        log_id: hello.log_id,
        epoch: hello.epoch,
        acked_dseq: hello.acked_dseq,
    };
    let earlier = hello.earlier.clone();
    let note = move |desk: &dyn DeskSide| {
        desk.note_hub(&seen, wall_ms())?;
        for EpochAcked { epoch, acked_dseq } in earlier {
            desk.note_acked(epoch, acked_dseq, wall_ms())?;
        }
        Ok(())
    };
    shared.store(note).await
}

async fn say_hello(shared: &Shared, standing: &Standing) -> Result<HelloResponse, Trouble> {
    let nonce = shared.client.challenge().await?.nonce;
    let chain = standing.chain;
    let request = HelloRequest {
        device: chain.device,
        epoch: chain.epoch,
        next_dseq: chain.dseq + 1,
        chain: chain.head,
        app: shared.app.clone(),
        signature: hex::encode(hello_proof(&shared.key, chain.device, &nonce)),
        nonce,
    };
    let (asked_ms, asked_at_ms) = (shared.now_ms(), wall_ms());
    let hello = shared.client.hello(&request).await?;
    let round_trip_ms = shared.now_ms().saturating_sub(asked_ms);
    let middle_ms = asked_at_ms.saturating_add(i64::try_from(round_trip_ms / 2).unwrap_or(0));
    let offset_ms = hello.time_ms.saturating_sub(middle_ms);
    let clock = HubClock {
        offset_ms,
        round_trip_ms,
        hub_ms: hello.time_ms,
    };
    shared.store(move |desk| desk.note_hub_clock(clock)).await?;
    shared.update(|status| status.clock_offset_ms = Some(offset_ms));
    Ok(hello)
}
