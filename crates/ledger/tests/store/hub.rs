//! The hub's store on SQLite: the contract, and what is its own.

use motcua_core::state::State;
use motcua_ledger::SqliteHub;
use motcua_ledger::hub::{HubStore, Pushed};

use crate::contract::hub_store_contract;
use crate::kit::*;

hub_store_contract!(hub);

#[test]
fn the_log_is_as_it_was_after_a_restart_and_proves_itself() {
    let dir = folder();
    let (mut hand, log_id) = {
        let hub = SqliteHub::open(hub_config(dir.path())).unwrap().store;
        let mut hand = Hand::at("quầy 1", &hub);
        hand.push(
            &hub,
            &[
                (entity("a"), reception(1, "Mùa A Pó")),
                (entity("a"), note("gọi lại")),
            ],
        );
        (hand, hub.scope().unwrap().1)
    };
    let opened = SqliteHub::open(hub_config(dir.path())).unwrap();
    assert!(!opened.rewound);
    let hub = opened.store;
    assert_eq!(hub.scope().unwrap().1, log_id);
    assert_eq!(hub.chain(hand.device(), 1).unwrap(), hand.chain);
    hand.push(&hub, &[(entity("a"), note("đã gọi"))]);
    let report = hub.verify().unwrap();
    assert_eq!(
        (report.wrong, report.ops, report.head, report.signatures),
        (vec![], 3, 3, 2)
    );
    assert_eq!(
        hub.state(entity("a"))
            .unwrap()
            .and_then(State::into_dossier)
            .unwrap()
            .notes
            .len(),
        2
    );
}

#[test]
fn a_revoked_counters_later_writing_is_kept_aside() {
    let (_dir, hub) = hub();
    let mut hand = Hand::at("quầy 1", &hub);
    hand.push(&hub, &[(entity("a"), reception(1, "Mùa A Pó"))]);
    assert!(hub.revoke(hand.device(), NOW_MS).unwrap());
    let late = hand.write(entity("a"), 0, &note("muộn"));
    let answer = hub
        .push(hand.device(), hand.sign(vec![late]), NOW_MS)
        .unwrap();
    assert_eq!(answer, Pushed::Refused { code: "revoked" });
    assert_eq!(hub.stats().unwrap().quarantined, 1);
    assert_eq!(hub.page(0, 10, 1 << 20).unwrap().head, 1);
}

#[test]
fn a_batch_costs_one_commit_whatever_its_size() {
    let (_dir, hub) = hub();
    let mut hand = Hand::at("quầy 1", &hub);
    let before = hub.stats().unwrap().commits;
    let events: Vec<_> = (1..=100)
        .map(|n| (entity(&n.to_string()), reception(n, "Mùa A Pó")))
        .collect();
    hand.push(&hub, &events);
    assert_eq!(hub.stats().unwrap().commits - before, 1);
}
