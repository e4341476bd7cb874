//! Counters and a hub: what one says arrives at the others once, in one order, with one decision.

use motcua_core::dossier::{Corrected, DossierStatus};
use motcua_core::event::Event;
use motcua_core::ids::{Hash, ScopeId};
use motcua_core::queue::TicketCalled;
use motcua_core::state::Decision;
use motcua_ledger::desk_store::ApplyError;
use motcua_ledger::hub::{HubStore, Page};
use motcua_ledger::{DeskStore, StoreError};

use crate::kit::*;

fn dossier(desk: &DeskStore, name: &str) -> motcua_core::dossier::Dossier {
    desk.dossier(entity(name)).unwrap().unwrap()
}

fn correct(desk: &DeskStore, name: &str, field: &str, value: &str) {
    let fields = [(field.to_owned(), value.to_owned())].into();
    let event = Event::DossierCorrected(Corrected {
        fields,
        reason: "sửa".to_owned(),
        at: now(),
    });
    record(desk, entity(name), event).unwrap();
}

#[test]
fn own_operations_come_back_with_their_decision_and_leave_the_outbox() {
    let (_dir, desk) = desk();
    let (_hub_dir, hub) = hub();
    receive(&desk, entity("a"), "Mùa A Pó").unwrap();
    record(&desk, entity("a"), note("gọi lại")).unwrap();
    assert!(
        dossier(&desk, "a")
            .history
            .iter()
            .all(|line| line.seq.is_none())
    );
    exchange(&desk, &hub, "máy chủ");
    let seqs: Vec<_> = dossier(&desk, "a")
        .history
        .iter()
        .map(|line| line.seq)
        .collect();
    assert_eq!(seqs, [Some(1), Some(2)]);
    assert_eq!(desk.pending_counts().unwrap().ops, 0);
    assert!(
        desk.outbox_batch("máy chủ", 100, 1 << 20)
            .unwrap()
            .is_none()
    );
    assert_eq!(desk.stats().unwrap().pending_ops, 0);
    let same = hub
        .state(entity("a"))
        .unwrap()
        .and_then(motcua_core::state::State::into_dossier);
    assert_eq!(same, Some(dossier(&desk, "a")));
}

#[test]
fn what_another_counter_did_first_goes_under_what_is_pending_here() {
    let ((_a, one), (_b, two)) = (desk(), desk());
    let (_hub_dir, hub) = hub();
    receive(&one, entity("a"), "Mùa A Pó").unwrap();
    exchange(&one, &hub, "máy chủ");
    exchange(&two, &hub, "máy chủ");

    record(&two, entity("a"), note("quầy 2, đang chờ gửi")).unwrap();
    let processing = step(DossierStatus::Received, DossierStatus::Processing);
    record(&one, entity("a"), processing.clone()).unwrap();
    record(&one, entity("a"), note("quầy 1, đã gửi")).unwrap();
    exchange(&one, &hub, "máy chủ");

    pull(&two, &hub);
    let seen = dossier(&two, "a");
    let notes: Vec<&str> = seen.notes.iter().map(|n| n.text.as_str()).collect();
    assert_eq!(notes, ["quầy 1, đã gửi", "quầy 2, đang chờ gửi"]);
    assert_eq!(
        (seen.status, seen.history.last().unwrap().seq),
        (DossierStatus::Processing, None)
    );
    assert!(two.verify().unwrap().is_sound());
    exchange(&two, &hub, "máy chủ");
    exchange(&one, &hub, "máy chủ");
    assert_eq!(dossier(&one, "a"), dossier(&two, "a"));
}

#[test]
fn the_loser_of_a_race_sees_it_and_what_it_did_is_kept() {
    let ((_a, one), (_b, two)) = (desk(), desk());
    let (_hub_dir, hub) = hub();
    record(&one, entity("A700"), ticket("A", 700)).unwrap();
    exchange(&one, &hub, "máy chủ");
    exchange(&two, &hub, "máy chủ");
    let call = |counter| {
        Event::TicketCalled(TicketCalled {
            counter: entity(counter),
            at: now(),
        })
    };
    record(&one, entity("A700"), call("quầy 1")).unwrap();
    record(&two, entity("A700"), call("quầy 2")).unwrap();
    exchange(&one, &hub, "máy chủ");
    exchange(&two, &hub, "máy chủ");
    let ticket = two.ticket(entity("A700")).unwrap().unwrap();
    assert_eq!(ticket.in_hand_of(), Some(entity("quầy 1")));
    let attention = two.attention(10).unwrap();
    assert_eq!(
        (attention.len(), &attention[0].decision),
        (1, &Decision::conflict("ticket_taken"))
    );
    assert_eq!(attention[0].id.device, two.device());
    assert!(two.verify().unwrap().is_sound());
}

#[test]
fn a_field_that_two_counters_corrected_unseen_keeps_both_values() {
    let ((_a, one), (_b, two)) = (desk(), desk());
    let (_hub_dir, hub) = hub();
    receive(&one, entity("a"), "Mùa A Pó").unwrap();
    exchange(&one, &hub, "máy chủ");
    exchange(&two, &hub, "máy chủ");
    correct(&one, "a", "owner.phone", "0911");
    correct(&two, "a", "owner.phone", "0922");
    exchange(&one, &hub, "máy chủ");
    exchange(&two, &hub, "máy chủ");
    exchange(&one, &hub, "máy chủ");
    let seen = dossier(&one, "a");
    assert_eq!(seen, dossier(&two, "a"));
    assert_eq!(seen.received.owner.phone, "0922");
    assert_eq!(
        (seen.conflicts.len(), seen.conflicts[0].lost.as_str()),
        (1, "0911")
    );
}

#[test]
fn a_number_that_two_counters_used_is_one_dossier_and_one_question() {
    let ((_a, one), (_b, two)) = (desk(), desk());
    let (_hub_dir, hub) = hub();
    record(&one, entity("a"), reception(9, "Mùa A Pó")).unwrap();
    record(&two, entity("b"), reception(9, "Lò Thị Mẩy")).unwrap();
    exchange(&one, &hub, "máy chủ");
    exchange(&two, &hub, "máy chủ");
    assert!(two.dossier(entity("a")).unwrap().is_some());
    assert_eq!(two.dossier(entity("b")).unwrap(), None);
    assert_eq!(
        two.attention(10).unwrap()[0].decision,
        Decision::conflict("number_taken")
    );
    assert_eq!(two.search("0009", 10).unwrap().len(), 1);
    assert!(two.verify().unwrap().is_sound());
}

#[test]
fn batches_are_whole_acts_within_their_limits() {
    let (_dir, desk) = desk();
    for i in 0..6_u32 {
        let id = entity(&i.to_string());
        desk.act_blocking(stamp(), move |tx| {
            tx.record(id, reception(7000 + i, "Mùa A Pó"))?;
            tx.record(id, note("một"))?;
            tx.record(id, note("hai"))
        })
        .unwrap();
    }
    let next = |ops_max, bytes_max| {
        desk.outbox_batch("máy chủ", ops_max, bytes_max)
            .unwrap()
            .unwrap()
    };
    assert_eq!(next(1, 1 << 20).batch.ops.len(), 3, "an act is never cut");
    assert_eq!(next(4, 1 << 20).batch.ops.len(), 6);
    assert_eq!(next(100, 1).batch.ops.len(), 3);
    let all = next(100, 1 << 20);
    assert_eq!((all.from_dseq, all.batch.ops.len(), all.epoch), (1, 18, 1));
    desk.mark_acked("máy chủ", 1, 15).unwrap();
    assert_eq!(next(100, 1 << 20).from_dseq, 16);
}

/// A page that a hub would send after everything that the desk has.
fn page_for(desk: &DeskStore, hub: &impl HubStore) -> Page {
    let after = desk.cursor().unwrap().map_or(0, |cursor| cursor.seq);
    hub.page(after, 100, 1 << 20).unwrap()
}

#[test]
fn a_page_that_does_not_fit_changes_nothing() {
    let (_dir, desk) = desk();
    let (_hub_dir, hub) = hub();
    let mut hand = Hand::at("quầy 9", &hub);
    hand.push(
        &hub,
        &[
            (entity("a"), reception(1, "Mùa A Pó")),
            (entity("a"), note("một")),
            (entity("a"), note("hai")),
        ],
    );
    let good = page_for(&desk, &hub);
    let refuse = |page: Page| desk.apply_page(page, NOW_MS).unwrap_err();

    let mut hole = good.clone();
    hole.lines.remove(1);
    assert!(matches!(
        refuse(hole),
        ApplyError::Gap {
            expected: 2,
            got: 3
        }
    ));
    let mut changed = good.clone();
    changed.lines[1].decision = Decision::rejected("no_dossier");
    assert!(matches!(
        refuse(changed),
        ApplyError::BrokenChain { seq: 3 }
    ));
    let adopted = Page {
        chain: Hash::of(b"the hub's word"),
        ..good.clone()
    };
    assert!(matches!(
        refuse(adopted),
        ApplyError::BrokenChain { seq: 3 }
    ));
    let mut other = good.clone();
    other.lines[2].op.op.scope = ScopeId("H56.6.18".to_owned());
    assert!(matches!(refuse(other), ApplyError::OtherOffice));
    assert_eq!(
        (desk.cursor().unwrap(), desk.dossier(entity("a")).unwrap()),
        (None, None)
    );

    let applied = desk.apply_page(good.clone(), NOW_MS).unwrap();
    assert_eq!(
        (applied.lines, applied.own, applied.seq, applied.entities),
        (3, 0, 3, vec![entity("a")])
    );
    let again = desk.apply_page(good.clone(), NOW_MS).unwrap();
    assert_eq!(
        (again.lines, again.seq),
        (0, 3),
        "a page that came twice is taken once"
    );
    let elsewhere = Page {
        log_id: uuid::Uuid::from_u128(9),
        ..good
    };
    assert!(matches!(refuse(elsewhere), ApplyError::OtherLog));
    assert!(desk.verify().unwrap().is_sound());
}

#[test]
fn a_page_that_meets_a_full_disk_is_asked_for_again() {
    let (_dir, desk) = desk();
    let (_hub_dir, hub) = hub();
    let mut hand = Hand::at("quầy 9", &hub);
    let events: Vec<_> = (1..=60)
        .map(|n| (entity(&n.to_string()), reception(n, "Mùa A Pó")))
        .collect();
    hand.push(&hub, &events);
    desk.pretend_full_disk(true).unwrap();
    let full = desk.apply_page(page_for(&desk, &hub), NOW_MS).unwrap_err();
    assert!(
        matches!(full, ApplyError::Store(StoreError::DiskFull)),
        "{full}"
    );
    assert_eq!(desk.cursor().unwrap(), None);
    desk.pretend_full_disk(false).unwrap();
    pull(&desk, &hub);
    assert_eq!(desk.stats().unwrap().dossiers, 60);
}

#[test]
fn the_office_reaches_a_counter_that_joins() {
    use motcua_core::state::office_entity;
    let ((_a, one), (_b, two)) = (desk(), desk());
    let (_hub_dir, hub) = hub();
    record(&one, office_entity(&scope()), office()).unwrap();
    exchange(&one, &hub, "máy chủ");
    assert_eq!(two.office().unwrap(), None);
    exchange(&two, &hub, "máy chủ");
    assert_eq!(two.office().unwrap(), one.office().unwrap());
}
