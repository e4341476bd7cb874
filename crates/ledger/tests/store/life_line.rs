//! The life line is green only on an acknowledgement.

use motcua_core::dossier::{Attached, ProvinceAnswered, ProvinceOutcome, SlipPrinted};
use motcua_core::event::Event;
use motcua_core::ids::{Hash, PrintJobId};
use motcua_core::state::PrintOutcome;
use motcua_ledger::desk_store::PaperState;
use motcua_ledger::hub::HubStore;
use uuid::Uuid;

use crate::kit::*;

#[test]
fn a_dossier_is_on_a_second_machine_only_when_its_scans_are() {
    let (_dir, desk) = desk();
    let (_hub_dir, hub) = hub();
    let id = entity("a");
    let first = scan(&desk, b"to khai");
    let mut dossier = received(7000, "Mùa A Pó");
    dossier.papers[0].scans.push(first.clone());
    record(&desk, id, Event::DossierReceived(Box::new(dossier))).unwrap();
    let line = desk.life_line(id).unwrap();
    assert_eq!(
        (line.saved_ms, line.hub.clone(), line.second_copy.clone()),
        (Some(NOW_MS), None, None)
    );
    assert_eq!(
        (line.blobs, line.blobs_there, line.paper),
        (1, 0, PaperState::NotAsked)
    );

    exchange(&desk, &hub, "máy chủ");
    let line = desk.life_line(id).unwrap();
    assert_eq!(
        (line.seq, line.hub.is_some(), line.second_copy),
        (Some(1), true, None)
    );

    desk.blob_acked("máy chủ", first.sha256, 3, false).unwrap();
    assert_eq!(desk.life_line(id).unwrap().second_copy, None);
    assert_eq!(desk.blobs_due("máy chủ", 9).unwrap()[0].have, 3);
    desk.blob_acked("máy chủ", first.sha256, first.size, true)
        .unwrap();
    assert_eq!(
        desk.life_line(id).unwrap().second_copy.as_deref(),
        Some("Máy chủ (máy chủ)")
    );
    assert_eq!(desk.pending_counts().unwrap().blobs, 0);

    let second = scan(&desk, b"giay chung sinh");
    let attached = Attached {
        paper: "to_khai".to_owned(),
        scan: second.clone(),
    };
    record(&desk, id, Event::DossierAttached(attached)).unwrap();
    assert_eq!(
        desk.life_line(id).unwrap().second_copy,
        None,
        "a new scan is not there yet"
    );
    assert_eq!(
        desk.blobs_due("máy chủ", 9).unwrap()[0].sha256,
        second.sha256
    );
}

#[test]
fn a_hub_on_the_same_machine_is_no_second_copy() {
    let (_dir, desk) = desk();
    let (_hub_dir, hub) = hub();
    receive(&desk, entity("a"), "Mùa A Pó").unwrap();
    exchange(&desk, &hub, "máy quầy 1");
    let line = desk.life_line(entity("a")).unwrap();
    assert_eq!((line.hub.is_some(), line.second_copy), (true, None));
}

#[test]
fn an_acknowledgement_that_a_restored_hub_has_forgotten_is_taken_back() {
    let (_dir, desk) = desk();
    let (_hub_dir, hub) = hub();
    receive(&desk, entity("a"), "Mùa A Pó").unwrap();
    exchange(&desk, &hub, "máy chủ");
    assert!(desk.life_line(entity("a")).unwrap().second_copy.is_some());
    let (_new_dir, restored) = crate::kit::hub();
    enrol(&desk, &restored);
    let greeted = greet(&desk, &restored, "máy chủ");
    assert!(greeted.other_log);
    assert_eq!(desk.life_line(entity("a")).unwrap().second_copy, None);
    assert_eq!(desk.pending_counts().unwrap().ops, 1);
}

#[test]
fn another_counters_dossier_is_on_the_hub_it_came_from() {
    let ((_a, one), (_b, two)) = (desk(), desk());
    let (_hub_dir, hub) = hub();
    receive(&one, entity("a"), "Mùa A Pó").unwrap();
    exchange(&one, &hub, "máy chủ");
    exchange(&two, &hub, "máy chủ");
    let line = two.life_line(entity("a")).unwrap();
    assert!(line.hub.is_some() && line.second_copy.is_some());
    assert_eq!(two.life_line(entity("nobody")).unwrap().saved_ms, None);
}

#[test]
fn paper_and_province_are_what_they_said() {
    let (_dir, desk) = desk();
    let (_hub_dir, hub) = hub();
    let id = entity("a");
    receive(&desk, id, "Mùa A Pó").unwrap();
    assert_eq!(desk.pulse().unwrap().province_waiting, 1);
    let print = |outcome| {
        let job = PrintJobId(Uuid::from_u128(1));
        Event::SlipPrinted(SlipPrinted {
            job,
            copy: 1,
            outcome,
            at: now(),
            reason: String::new(),
        })
    };
    record(&desk, id, print(PrintOutcome::Failed)).unwrap();
    assert_eq!(desk.life_line(id).unwrap().paper, PaperState::Failed);
    record(&desk, id, print(PrintOutcome::ConfirmedByPerson)).unwrap();
    assert_eq!(desk.life_line(id).unwrap().paper, PaperState::Out);

    exchange(&desk, &hub, "máy chủ");
    let answer = Event::ProvinceAnswered(ProvinceAnswered {
        outcome: ProvinceOutcome::Confirmed {
            external_id: Some("T-1".to_owned()),
        },
        at: now(),
        request: Hash::of(b"request"),
    });
    hub.append_own(id, &answer, NOW_MS).unwrap();
    pull(&desk, &hub);
    assert!(desk.life_line(id).unwrap().province.is_some());
    let pulse = desk.pulse().unwrap();
    assert_eq!(
        (pulse.province_waiting, pulse.last_province_ms),
        (0, Some(NOW_MS))
    );
}
