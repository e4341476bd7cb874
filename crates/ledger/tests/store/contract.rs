//! What every hub's store must do, whatever stands behind it. One story a function, one list of stories; a
//! back end takes the list with [`hub_store_contract!`].

use std::sync::Barrier;
use std::thread;

use motcua_core::dossier::{DossierStatus, ProvinceAnswered, ProvinceOutcome};
use motcua_core::event::Event;
use motcua_core::ids::{Hash, ScopeId};
use motcua_core::numbers::{COUNTER_SLOTS, Series};
use motcua_core::op::SealedOp;
use motcua_core::state::{Decision, State};
use motcua_ledger::hub::{Batch, ForwardState, HubStore, Judged, Pushed, chain_step};
use uuid::Uuid;

use crate::kit::*;

macro_rules! stories {
    ($($story:ident),* $(,)?) => {
        /// Makes one test of each story for a back end; the argument makes a fresh store and what keeps it alive.
        macro_rules! hub_store_contract {
            ($make:expr) => { $(
                #[test]
                fn $story() {
                    let (_keep, hub) = $make();
                    crate::contract::$story(&hub);
                }
            )* };
        }
        pub(crate) use hub_store_contract;
    };
}

stories!(
    a_batch_gets_places_without_gaps_and_comes_back_as_a_page,
    the_same_batch_twice_is_taken_once,
    a_hole_before_a_batch_takes_nothing,
    other_content_under_a_known_number_is_kept_aside,
    strangers_the_revoked_and_the_badly_signed_are_kept_aside,
    an_older_epoch_is_closed_and_a_newer_one_opens_by_itself,
    eight_counters_at_once_leave_no_gap,
    the_first_call_in_the_logs_order_wins,
    one_number_has_one_dossier,
    an_unknown_kind_passes_through,
    pages_are_bounded_and_chained,
    a_number_is_given_once_for_each_key,
    numbers_in_the_log_are_never_given_again,
    slots_are_the_lowest_free_ones_and_end,
    a_restored_device_gets_a_new_slice,
    the_province_is_told_once_in_order,
    an_answer_of_the_province_is_a_line_of_the_log,
    a_message_that_was_lost_is_looked_up_and_not_sent_again,
    practice_never_reaches_the_province,
    a_blob_grows_piece_by_piece,
);

fn seqs(results: &[Judged]) -> Vec<u64> {
    results.iter().map(|judged| judged.seq).collect()
}

fn push(hub: &impl HubStore, hand: &Hand, ops: Vec<SealedOp>) -> Pushed {
    hub.push(hand.device(), hand.sign(ops), NOW_MS).unwrap()
}

pub(crate) fn a_batch_gets_places_without_gaps_and_comes_back_as_a_page(hub: &impl HubStore) {
    let mut hand = Hand::at("quầy 1", hub);
    let id = entity("a");
    let results = hand.push(
        hub,
        &[(id, reception(1, "Mùa A Pó")), (id, note("gọi lại"))],
    );
    assert_eq!(seqs(&results), [1, 2]);
    assert!(
        results
            .iter()
            .all(|judged| judged.decision == Decision::Applied)
    );
    let page = hub.page(0, 100, 1 << 20).unwrap();
    assert_eq!((page.head, page.log_id), (2, hub.scope().unwrap().1));
    assert_eq!(
        page.lines.iter().map(|line| line.seq).collect::<Vec<_>>(),
        [1, 2]
    );
    assert_eq!(
        page.lines
            .iter()
            .map(|line| line.signature.is_some())
            .collect::<Vec<_>>(),
        [false, true]
    );
    let state = hub
        .state(id)
        .unwrap()
        .and_then(State::into_dossier)
        .unwrap();
    assert_eq!((state.notes.len(), state.last_seq), (1, 2));
    assert_eq!(hub.chain(hand.device(), 1).unwrap(), hand.chain);
}

pub(crate) fn the_same_batch_twice_is_taken_once(hub: &impl HubStore) {
    let mut hand = Hand::at("quầy 1", hub);
    let first = vec![hand.write(entity("a"), 0, &reception(1, "Mùa A Pó"))];
    let more = vec![
        first[0].clone(),
        hand.write(entity("a"), 0, &note("gọi lại")),
    ];
    assert!(matches!(
        push(hub, &hand, first.clone()),
        Pushed::Acked { acked_dseq: 1, .. }
    ));
    let Pushed::Acked {
        acked_dseq,
        results,
    } = push(hub, &hand, more)
    else {
        panic!("not acked")
    };
    assert_eq!((acked_dseq, seqs(&results)), (2, vec![1, 2]));
    let Pushed::Acked {
        acked_dseq,
        results,
    } = push(hub, &hand, first)
    else {
        panic!("not acked")
    };
    assert_eq!((acked_dseq, seqs(&results)), (2, vec![1]));
    assert_eq!(hub.page(0, 100, 1 << 20).unwrap().head, 2);
}

pub(crate) fn a_hole_before_a_batch_takes_nothing(hub: &impl HubStore) {
    let mut hand = Hand::at("quầy 1", hub);
    hand.push(hub, &[(entity("a"), reception(1, "Mùa A Pó"))]);
    hand.write(entity("a"), 0, &note("chưa gửi"));
    let third = hand.write(entity("a"), 0, &note("gửi trước"));
    assert_eq!(push(hub, &hand, vec![third]), Pushed::Gap { acked_dseq: 1 });
    assert_eq!(hub.page(0, 100, 1 << 20).unwrap().head, 1);
}

pub(crate) fn other_content_under_a_known_number_is_kept_aside(hub: &impl HubStore) {
    let mut hand = Hand::at("quầy 1", hub);
    let mut twin = Hand::new("quầy 1");
    hand.push(
        hub,
        &[
            (entity("a"), reception(1, "Mùa A Pó")),
            (entity("a"), note("một")),
        ],
    );
    let theirs = vec![twin.write(entity("b"), 0, &reception(2, "Lò Thị Mẩy"))];
    let got = theirs[0].hash;
    let have = hub.page(0, 1, 1).unwrap().lines[0].op.hash;
    assert_eq!(
        push(hub, &twin, theirs),
        Pushed::Forked { dseq: 1, have, got }
    );
    assert_eq!(hub.state(entity("b")).unwrap().map(|_| ()), None);

    // A batch that begins as the log does and leaves it in its middle takes nothing of its end.
    let mut branch = Hand::new("quầy 1");
    let same = branch.write(entity("a"), 0, &reception(1, "Mùa A Pó"));
    let other = branch.write(entity("a"), 0, &note("hai"));
    assert!(matches!(
        push(hub, &branch, vec![same, other]),
        Pushed::Forked { dseq: 2, .. }
    ));
    let third = vec![branch.write(entity("a"), 0, &note("ba"))];
    assert!(matches!(
        push(hub, &branch, third),
        Pushed::Forked { dseq: 3, .. }
    ));
    assert_eq!(hub.page(0, 100, 1 << 20).unwrap().head, 2);
}

pub(crate) fn strangers_the_revoked_and_the_badly_signed_are_kept_aside(hub: &impl HubStore) {
    let refused = |code| Pushed::Refused { code };
    let mut stranger = Hand::new("người lạ");
    let ops = vec![stranger.write(entity("a"), 0, &reception(1, "Mùa A Pó"))];
    assert_eq!(push(hub, &stranger, ops), refused("unknown_device"));

    let mut hand = Hand::at("quầy 1", hub);
    let ops = vec![hand.write(entity("a"), 0, &reception(1, "Mùa A Pó"))];
    let forged = Batch {
        signature: [7; 64],
        ops: ops.clone(),
    };
    assert_eq!(
        hub.push(hand.device(), forged, NOW_MS).unwrap(),
        refused("bad_signature")
    );
    let by_other = Hand::new("quầy 2").sign(ops.clone());
    assert_eq!(
        hub.push(hand.device(), by_other, NOW_MS).unwrap(),
        refused("bad_signature")
    );

    // The signature covers only the last operation: what is not chained to it is not covered.
    let mut loose = Hand::new("quầy 1");
    loose.write(entity("a"), 0, &note("ở giữa"));
    let second = loose.write(entity("a"), 0, &note("sau"));
    assert_eq!(
        push(hub, &hand, vec![ops[0].clone(), second]),
        refused("bad_signature")
    );

    let mut elsewhere = Hand {
        scope: ScopeId("H56.6.18".to_owned()),
        ..Hand::new("quầy 1")
    };
    let ops = vec![elsewhere.write(entity("a"), 0, &reception(1, "Mùa A Pó"))];
    assert_eq!(push(hub, &elsewhere, ops), refused("other_scope"));
    assert_eq!(hub.page(0, 100, 1 << 20).unwrap().head, 0);
    assert_eq!(
        hub.push(
            hand.device(),
            Batch {
                ops: vec![],
                signature: [0; 64]
            },
            NOW_MS
        )
        .unwrap(),
        {
            Pushed::Acked {
                acked_dseq: 0,
                results: Vec::new(),
            }
        }
    );
}

pub(crate) fn an_older_epoch_is_closed_and_a_newer_one_opens_by_itself(hub: &impl HubStore) {
    let mut hand = Hand::at("quầy 1", hub);
    hand.push(hub, &[(entity("a"), reception(1, "Mùa A Pó"))]);
    let raised = hub.raise_epoch(hand.device()).unwrap();
    assert_eq!(raised.epoch, 2);
    let late = vec![hand.write(entity("a"), 0, &note("muộn"))];
    assert_eq!(
        push(hub, &hand, late),
        Pushed::Refused { code: "old_epoch" }
    );

    let mut renewed = Hand::new("quầy 1");
    renewed.chain.epoch = 3;
    renewed.push(hub, &[(entity("a"), note("kỳ mới"))]);
    assert_eq!(hub.device(hand.device()).unwrap().unwrap().epoch, 3);
    assert_eq!(hub.chain(hand.device(), 3).unwrap().dseq, 1);
    assert_eq!(hub.chain(hand.device(), 1).unwrap().dseq, 1);
}

pub(crate) fn eight_counters_at_once_leave_no_gap(hub: &impl HubStore) {
    const COUNTERS: usize = 8;
    const BATCHES: usize = 6;
    let start = Barrier::new(COUNTERS);
    thread::scope(|scope| {
        for counter in 0..COUNTERS {
            let start = &start;
            scope.spawn(move || {
                let mut hand = Hand::at(&format!("quầy {counter}"), hub);
                start.wait();
                for batch in 0..BATCHES {
                    let id = entity(&format!("{counter}/{batch}"));
                    let number = u32::try_from(counter * 100 + batch + 1).unwrap();
                    hand.push(
                        hub,
                        &[(id, reception(number, "Mùa A Pó")), (id, note("gọi lại"))],
                    );
                }
            });
        }
    });
    let page = hub.page(0, 1000, 1 << 24).unwrap();
    let expected: Vec<u64> = (1..=(COUNTERS * BATCHES * 2) as u64).collect();
    assert_eq!(
        page.lines.iter().map(|line| line.seq).collect::<Vec<_>>(),
        expected
    );
    assert_eq!(hub.devices().unwrap().len(), COUNTERS);
    for (device, chain, _) in hub.devices().unwrap() {
        let own: Vec<u64> = page
            .lines
            .iter()
            .filter(|l| l.op.op.device == device.id)
            .map(|l| l.op.op.dseq)
            .collect();
        assert_eq!(own, (1..=chain.dseq).collect::<Vec<_>>(), "{}", device.name);
    }
}

pub(crate) fn the_first_call_in_the_logs_order_wins(hub: &impl HubStore) {
    use motcua_core::queue::TicketCalled;
    let (mut three, mut four) = (Hand::at("quầy 3", hub), Hand::at("quầy 4", hub));
    let call = |counter| {
        Event::TicketCalled(TicketCalled {
            counter: entity(counter),
            at: now(),
        })
    };
    three.push(
        hub,
        &[
            (entity("A001"), ticket("A", 1)),
            (entity("A001"), call("quầy 3")),
        ],
    );
    let late = four.push(hub, &[(entity("A001"), call("quầy 4"))]);
    assert_eq!(late[0].decision, Decision::conflict("ticket_taken"));
    let tickets = hub.tickets(DAY).unwrap();
    assert_eq!(
        (tickets.len(), tickets[0].in_hand_of()),
        (1, Some(entity("quầy 3")))
    );
}

pub(crate) fn one_number_has_one_dossier(hub: &impl HubStore) {
    let (mut one, mut two) = (Hand::at("quầy 1", hub), Hand::at("quầy 2", hub));
    one.push(hub, &[(entity("a"), reception(1, "Mùa A Pó"))]);
    let second = two.push(hub, &[(entity("b"), reception(1, "Lò Thị Mẩy"))]);
    assert_eq!(second[0].decision, Decision::conflict("number_taken"));
    let both = one.push(
        hub,
        &[
            (entity("c"), reception(2, "Mùa A Pó")),
            (entity("d"), reception(2, "Lò Thị Mẩy")),
        ],
    );
    assert_eq!(
        (both[0].decision.stands(), both[1].decision.stands()),
        (true, false)
    );
    assert!(hub.state(entity("b")).unwrap().is_none() && hub.state(entity("d")).unwrap().is_none());
    assert_eq!(
        hub.page(0, 10, 1 << 20).unwrap().head,
        4,
        "what does not stand is in the log all the same"
    );
}

pub(crate) fn an_unknown_kind_passes_through(hub: &impl HubStore) {
    let mut hand = Hand::at("quầy 1", hub);
    let known = hand.write(entity("a"), 0, &reception(1, "Mùa A Pó"));
    let mut envelope: serde_json::Value = serde_json::from_slice(&known.bytes).unwrap();
    envelope["kind"] = "dossier.teleport".into();
    let newer = SealedOp::open(serde_json::to_vec(&envelope).unwrap()).unwrap();
    let Pushed::Acked { results, .. } = push(hub, &hand, vec![newer.clone()]) else {
        panic!("not acked")
    };
    assert_eq!(results[0].decision, Decision::Unknown);
    assert_eq!(hub.page(0, 1, 1).unwrap().lines[0].op.bytes, newer.bytes);
}

pub(crate) fn pages_are_bounded_and_chained(hub: &impl HubStore) {
    let mut hand = Hand::at("quầy 1", hub);
    let events: Vec<_> = (1..=25)
        .map(|n| (entity(&n.to_string()), reception(n, "Mùa A Pó")))
        .collect();
    hand.push(hub, &events);
    let (mut after, mut chain, mut pages) = (0, Hash::ZERO, 0);
    loop {
        let page = hub.page(after, 10, 1 << 20).unwrap();
        for line in &page.lines {
            chain = chain_step(chain, line.seq, line.op.hash, &line.decision);
            after = line.seq;
        }
        assert_eq!((page.chain, page.head), (chain, 25));
        if page.lines.is_empty() {
            break;
        }
        pages += 1;
    }
    assert_eq!((pages, after), (3, 25));
    assert_eq!(
        hub.page(3, 100, 1).unwrap().lines.len(),
        1,
        "a page has at least one line"
    );
    assert_eq!(
        hub.page(99, 10, 1).unwrap().lines.len(),
        0,
        "nothing is beyond the head"
    );
}

pub(crate) fn a_number_is_given_once_for_each_key(hub: &impl HubStore) {
    let series = Series::Dossier;
    let take = |key: &str| hub.take_number(&series, DAY, 1..=3, key).unwrap();
    assert_eq!(
        (take("a"), take("b"), take("a"), take("c"), take("d")),
        (Some(1), Some(2), Some(1), Some(3), None)
    );
    let other_day = DAY.tomorrow().unwrap();
    assert_eq!(
        hub.take_number(&series, other_day, 1..=3, "a").unwrap(),
        Some(1)
    );
    let tickets = Series::Ticket {
        letter: "A".to_owned(),
    };
    assert_eq!(hub.take_number(&tickets, DAY, 1..=3, "a").unwrap(), Some(1));
    let mut together: Vec<u32> = thread::scope(|scope| {
        let ask = |i: u32| {
            hub.take_number(&tickets, other_day, 1..=599, &i.to_string())
                .unwrap()
                .unwrap()
        };
        let asked: Vec<_> = (0..16).map(|i| scope.spawn(move || ask(i))).collect();
        asked
            .into_iter()
            .map(|handle| handle.join().unwrap())
            .collect()
    });
    together.sort_unstable();
    assert_eq!(together, (1..=16).collect::<Vec<u32>>());
}

pub(crate) fn numbers_in_the_log_are_never_given_again(hub: &impl HubStore) {
    let mut hand = Hand::at("quầy 1", hub);
    hand.push(
        hub,
        &[
            (entity("a"), reception(5, "Mùa A Pó")),
            (entity("A007"), ticket("A", 7)),
        ],
    );
    assert_eq!(
        hub.take_number(&Series::Dossier, DAY, 1..=4999, "x")
            .unwrap(),
        Some(6)
    );
    let tickets = Series::Ticket {
        letter: "A".to_owned(),
    };
    assert_eq!(
        hub.take_number(&tickets, DAY, 1..=599, "x").unwrap(),
        Some(8)
    );
}

pub(crate) fn slots_are_the_lowest_free_ones_and_end(hub: &impl HubStore) {
    for slot in 0..COUNTER_SLOTS {
        let hand = Hand::new(&format!("quầy {slot}"));
        let device = hub
            .enrol(hand.device(), "quầy", hand.public_key(), NOW_MS)
            .unwrap()
            .unwrap();
        assert_eq!((device.slot, device.epoch, device.active), (slot, 1, true));
    }
    let one_too_many = Hand::new("quầy 30");
    assert_eq!(
        hub.enrol(
            one_too_many.device(),
            "quầy",
            one_too_many.public_key(),
            NOW_MS
        )
        .unwrap(),
        None
    );
    let known = Hand::new("quầy 4");
    let again = hub
        .enrol(known.device(), "quầy mới", known.public_key(), NOW_MS)
        .unwrap()
        .unwrap();
    assert_eq!((again.slot, again.name.as_str()), (4, "quầy mới"));
    let other_key = Hand::new("kẻ mạo danh");
    assert!(
        hub.enrol(known.device(), "quầy", other_key.public_key(), NOW_MS)
            .is_err()
    );
}

pub(crate) fn a_restored_device_gets_a_new_slice(hub: &impl HubStore) {
    let hand = Hand::at("quầy 1", hub);
    Hand::at("quầy 2", hub);
    let raised = hub.raise_epoch(hand.device()).unwrap();
    assert_eq!((raised.epoch, raised.slot), (2, 2));
    Hand::at("quầy 3", hub);
    let slots: Vec<u16> = hub
        .devices()
        .unwrap()
        .iter()
        .map(|(device, ..)| device.slot)
        .collect();
    assert_eq!(slots, [1, 2, 3], "the old slice rests");
}

fn claim(hub: &impl HubStore, now_ms: i64) -> Option<motcua_ledger::hub::ForwardJob> {
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
    let late = motcua_ledger::hub::ForwardJob {
        state: ForwardState::Confirmed,
        ..lost
    };
    hub.settle_forward(&late, None, NOW_MS).unwrap();
    assert_eq!(
        hub.forward_counts().unwrap(),
        [(ForwardState::Sending, 1)],
        "the lease was lost"
    );

    let later = motcua_ledger::hub::ForwardJob {
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

pub(crate) fn a_blob_grows_piece_by_piece(hub: &impl HubStore) {
    let bytes: Vec<u8> = (0..100_000_u32).flat_map(u32::to_be_bytes).collect();
    let (name, size) = (Hash::of(&bytes), bytes.len() as u64);
    assert_eq!(hub.blob(name).unwrap(), None);
    assert_eq!(hub.blob_read(name).unwrap(), None);
    let first = hub.blob_append(name, size, 0, &bytes[..150_000]).unwrap();
    assert_eq!((first.have, first.complete), (150_000, false));
    assert_eq!(hub.blob(name).unwrap(), Some(first));
    assert_eq!(hub.blob_read(name).unwrap(), None, "a part is not the blob");
    assert!(
        hub.blob_append(name, size, 150_000, &bytes[150_000..])
            .unwrap()
            .complete
    );
    assert_eq!(hub.blob_read(name).unwrap().unwrap(), bytes);
    let lie = Hash::of(b"something else");
    let thrown = hub.blob_append(lie, size, 0, &bytes).unwrap();
    assert_eq!(
        (thrown.have, thrown.complete, hub.blob(lie).unwrap()),
        (0, false, None)
    );
    assert_ne!(hub.scope().unwrap().1, Uuid::nil());
}
