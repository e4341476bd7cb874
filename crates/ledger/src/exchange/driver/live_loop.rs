//! Listens to the live line. It carries no data of its own: pokes, and calls in the hall.

use std::sync::Arc;

use reqwest::Response;

use super::shared::{Session, Shared, chance};
use crate::exchange::backoff::Backoff;
use crate::exchange::sse::{SseEvent, SseReader};
use crate::exchange::status::{ExchangeEvent, HallCall};
use crate::exchange::trouble::Trouble;

/// The event that says where the log's head is.
pub const LIVE_HEAD: &str = "head";
/// The event that carries a call in the hall.
pub const LIVE_QUEUE: &str = "queue";

pub(super) async fn run(shared: Arc<Shared>) {
    shared.until_closing(listen(&shared)).await;
}

async fn listen(shared: &Shared) {
    let mut sessions = shared.session.subscribe();
    let mut backoff = Backoff::default();
    let mut last_event: Option<String> = None;
    loop {
        let session = sessions.borrow_and_update().clone();
        let mut until_ms = None;
        if let Some(session) = session {
            let trouble = match shared
                .client
                .live(&session.pass, last_event.as_deref())
                .await
            {
                Ok(line) => {
                    backoff.reset();
                    follow(shared, &session, line, &mut last_event).await
                }
                Err(trouble) => trouble,
            };
            shared.report(session.number, &trouble).await;
            let wait_ms = backoff.fail(chance(), trouble.retry_after_ms());
            until_ms = Some(shared.now_ms().saturating_add(wait_ms));
        }
        shared
            .pause(&shared.wakes.live, &mut sessions, until_ms)
            .await;
    }
}

/// Follows the open line until it breaks; says how.
async fn follow(
    shared: &Shared,
    session: &Session,
    mut line: Response,
    last_event: &mut Option<String>,
) -> Trouble {
    set_live(shared, true);
    shared.prove(session.number).await;
    // What happened before the line was open is found by looking once.
    shared.wakes.pull.wake();
    let mut reader = SseReader::default();
    let trouble = loop {
        match line.chunk().await {
            Ok(Some(piece)) => match reader.feed(&piece) {
                Ok(events) => events
                    .iter()
                    .for_each(|event| take(shared, event, last_event)),
                Err(_) => break Trouble::Garbled,
            },
            Ok(None) | Err(_) => break Trouble::Broken,
        }
    };
    set_live(shared, false);
    trouble
}

fn take(shared: &Shared, event: &SseEvent, last_event: &mut Option<String>) {
    if event.id.is_some() {
        last_event.clone_from(&event.id);
    }
    match event.event.as_str() {
        LIVE_HEAD => shared.wakes.pull.wake(),
        LIVE_QUEUE => {
            if let Ok(call) = serde_json::from_str::<HallCall>(&event.data) {
                shared.tell(ExchangeEvent::Called(call));
            }
        }
        _ => {}
    }
}

fn set_live(shared: &Shared, is_live: bool) {
    shared.live.send_replace(is_live);
    shared.update(|status| status.is_live = is_live);
}
