//! The outbox to the province.

use motcua_core::dossier::{DossierStatus, ProvinceAnswered, ProvinceOutcome};
use motcua_core::event::Event;
use motcua_core::ids::Hash;
use motcua_core::state::State;
use motcua_ledger::hub::{ForwardJob, ForwardState, HubStore};

use crate::kit::*;

fn claim(hub: &impl HubStore, now_ms: i64) -> Option<ForwardJob> {
    hub.claim_forward(now_ms, now_ms + 60_000).unwrap()
}

pub(crate) fn the_province_is_told_once_in_order(hub: &impl HubStore) {
    let mut hand = Hand::at("quầy 1", hub);
    let (a, b) = (entity("a"), entity("b"));
    let moved = step(DossierStatus::Received, DossierStatus::Processing);
    hand.push(
        hub,
        &[
            (a, reception(1, "Mùa A Pó")),
            (a, moved.clone()),
            (a, note("gọi lại")),
        ],
    );
    hand.push(hub, &[(b, reception(2, "Lò Thị Mẩy")), (a, moved)]);
    assert_eq!(hub.forward_counts().unwrap(), [(ForwardState::Queued, 3)]);

    let first = claim(hub, NOW_MS).unwrap();
    assert_eq!(
        (
            first.dossier,
            first.seq,
            first.state.clone(),
            first.attempts
        ),
        (a, 1, ForwardState::Queued, 1)
    );
    let second = claim(hub, NOW_MS).unwrap();
    assert_eq!(
        (second.dossier, second.seq),
        (b, 4),
        "one message of a dossier at a time"
    );
    assert!(claim(hub, NOW_MS).is_none());
    assert_ne!(first.key, second.key);

    let mut sent = first.clone();
    (sent.state, sent.request, sent.response) = (
        ForwardState::Confirmed,
        Some(b"{}".to_vec()),
        Some(b"ok".to_vec()),
    );
    hub.settle_forward(&sent, None, NOW_MS).unwrap();
    let third = claim(hub, NOW_MS).unwrap();
    assert_eq!((third.dossier, third.seq), (a, 2));
}

pub(crate) fn an_answer_of_the_province_is_a_line_of_the_log(hub: &impl HubStore) {
    let mut hand = Hand::at("quầy 1", hub);
    let id = entity("a");
    hand.push(hub, &[(id, reception(1, "Mùa A Pó"))]);
    let mut job = claim(hub, NOW_MS).unwrap();
    job.state = ForwardState::Confirmed;
    let answer = Event::ProvinceAnswered(ProvinceAnswered {
        outcome: ProvinceOutcome::Confirmed { external_id: None },
        at: now(),
        request: Hash::of(b"request"),
    });
    hub.settle_forward(&job, Some(&answer), NOW_MS).unwrap();
    hub.settle_forward(&job, Some(&answer), NOW_MS).unwrap();
    let page = hub.page(1, 10, 1 << 20).unwrap();
    assert_eq!(page.lines.len(), 1, "settled twice is told once");
    assert_eq!(
        (
            page.lines[0].op.op.kind.as_str(),
            page.lines[0].signature.is_some()
        ),
        ("province.answer", true)
    );
    assert!(
        hub.state(id)
            .unwrap()
            .and_then(State::into_dossier)
            .unwrap()
            .province
            .is_some()
    );
    assert_eq!(hub.append_own(id, &answer, NOW_MS).unwrap().seq, 3);
}

pub(crate) fn a_message_that_was_lost_is_looked_up_and_not_sent_again(hub: &impl HubStore) {
    let mut hand = Hand::at("quầy 1", hub);
    hand.push(hub, &[(entity("a"), reception(1, "Mùa A Pó"))]);
    let lost = claim(hub, NOW_MS).unwrap();
    assert!(claim(hub, NOW_MS + 59_999).is_none(), "it is leased");
    let found = claim(hub, NOW_MS + 60_000).unwrap();
    assert_eq!(
        (found.state.clone(), found.attempts, found.key),
        (ForwardState::Unknown, 2, lost.key)
    );
    let late = ForwardJob {
        state: ForwardState::Confirmed,
        ..lost
    };
    hub.settle_forward(&late, None, NOW_MS).unwrap();
    assert_eq!(
        hub.forward_counts().unwrap(),
        [(ForwardState::Sending, 1)],
        "the lease was lost"
    );

    let later = ForwardJob {
        state: ForwardState::Queued,
        not_before_ms: NOW_MS + 90_000,
        ..found
    };
    hub.settle_forward(&later, None, NOW_MS).unwrap();
    assert!(claim(hub, NOW_MS + 89_999).is_none());
    assert_eq!(
        claim(hub, NOW_MS + 90_000).unwrap().state,
        ForwardState::Queued
    );
}

pub(crate) fn practice_never_reaches_the_province(hub: &impl HubStore) {
    let mut hand = Hand::at("quầy 1", hub);
    let mut practice = received(1, "Mùa A Pó");
    practice.practice = true;
    let moved = step(DossierStatus::Received, DossierStatus::Processing);
    hand.push(
        hub,
        &[
            (entity("a"), Event::DossierReceived(Box::new(practice))),
            (entity("a"), moved),
        ],
    );
    assert_eq!(hub.forward_counts().unwrap(), []);
}
