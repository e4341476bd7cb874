//! Batches, places, pages: the log itself.

use std::sync::Barrier;
use std::thread;

use motcua_core::event::Event;
use motcua_core::ids::{Hash, ScopeId};
use motcua_core::op::SealedOp;
use motcua_core::state::{Decision, State};
use motcua_ledger::hub::{Batch, HubStore, Judged, Pushed, chain_step};

use crate::kit::*;

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
