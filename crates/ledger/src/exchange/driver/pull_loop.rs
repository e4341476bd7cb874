//! Reads the office's log.

use std::sync::Arc;

use super::shared::{Session, Shared, Woken, chance, standing};
use crate::exchange::pull::{Pull, PullStep, check_page};
use crate::exchange::status::ExchangeEvent;
use crate::exchange::trouble::Trouble;

pub(super) async fn run(shared: Arc<Shared>) {
    shared.until_closing(read(&shared)).await;
}

async fn read(shared: &Shared) {
    let mut pull = Pull::new();
    let mut sessions = shared.session.subscribe();
    let live = shared.live.subscribe();
    loop {
        if sessions.has_changed().unwrap_or(false) {
            match &*sessions.borrow_and_update() {
                Some(_) => pull.join(),
                None => pull.leave(),
            }
        }
        pull.set_live(*live.borrow(), shared.now_ms());
        let until_ms = match pull.next(shared.now_ms()) {
            PullStep::Fetch { limit } => {
                let session = sessions.borrow().clone();
                if let Some(session) = session {
                    step(shared, &mut pull, &session, limit).await;
                    shared.update(|status| status.pull_trouble = standing(pull.trouble()));
                }
                continue;
            }
            PullStep::WaitUntil(until_ms) => Some(until_ms),
            PullStep::Rest => None,
        };
        match shared
            .pause(&shared.wakes.pull, &mut sessions, until_ms)
            .await
        {
            Woken::Called { .. } => pull.poke(),
            Woken::Session => sessions.mark_changed(),
            Woken::Time => {}
        }
    }
}

async fn step(shared: &Shared, pull: &mut Pull, session: &Session, limit: u32) {
    match fetch(shared, session, limit).await {
        Ok(more) => {
            pull.applied(more, shared.now_ms());
            shared.prove(session.number).await;
        }
        Err(trouble) => {
            pull.failed(&trouble, chance(), shared.now_ms());
            shared.report(session.number, &trouble).await;
        }
    }
}

/// Fetches, checks and applies one page; says whether more is there.
async fn fetch(shared: &Shared, session: &Session, limit: u32) -> Result<bool, Trouble> {
    let cursor = shared.store(|desk| desk.cursor()).await?;
    let page = shared
        .client
        .page(&session.pass, cursor.seq, limit, cursor.log_id)
        .await?;
    let page = check_page(&session.pass.scope, cursor, page)?;
    let (more, seq) = (page.more, page.cursor.seq);
    if page.cursor == cursor {
        return Ok(more);
    }
    let entities = shared.store(move |desk| desk.apply(&page)).await?;
    shared.count_pending().await;
    shared.tell(ExchangeEvent::Applied { entities, seq });
    Ok(more)
}
