//! Acts at one counter: what is durable, what is refused, what is never half-kept.

use std::thread;

use jiff::civil::date;
use motcua_core::dossier::{Corrected, DossierStatus};
use motcua_core::event::Event;
use motcua_core::numbers::Series;
use motcua_core::queue::{TicketCalled, TicketState};
use motcua_core::refusal::Refusal;
use motcua_core::state::{Decision, office_entity};
use motcua_ledger::{ActError, DeskStore, StoreError, clock};

use crate::kit::*;

#[test]
fn a_reception_is_there_after_a_restart() {
    let dir = folder();
    let id = entity("hồ sơ 1");
    {
        let desk = open_desk(dir.path()).store;
        record(&desk, office_entity(&scope()), office()).unwrap();
        assert_eq!(receive(&desk, id, "Quàng Văn Ổn").unwrap(), 7000);
    }
    let opened = DeskStore::open_blocking(desk_config(dir.path(), "máy quầy 1")).unwrap();
    assert!(!opened.rewound);
    let desk = opened.store;
    assert_eq!(desk.office().unwrap().unwrap().profile.place, "Bản Mây");
    let dossier = desk.dossier(id).unwrap().unwrap();
    assert_eq!(dossier.received.code.to_string(), "H56.6.17-261123-7000");
    assert_eq!(
        desk.dossier_by_code("H56.6.17-261123-7000").unwrap(),
        Some(dossier)
    );
    assert_eq!(desk.pending_counts().unwrap().ops, 2);
    let report = desk.verify().unwrap();
    assert_eq!(
        (report.wrong, report.ops, report.signatures),
        (vec![], 2, 2)
    );
}

#[test]
fn a_refusal_gives_everything_back_also_the_number() {
    let (_dir, desk) = desk();
    let refused = desk.act_blocking(stamp(), |tx| {
        let series = Series::Dossier;
        let number = tx.take_number(&series, DAY, slice(&series, 0), None, "a")?;
        tx.record(entity("a"), reception(number, "Mùa A Pó"))?;
        Err::<(), _>(ActError::from(Refusal::NoDraft))
    });
    assert!(matches!(refused, Err(ActError::Refused(Refusal::NoDraft))));
    assert_eq!(desk.dossier(entity("a")).unwrap(), None);
    assert_eq!(receive(&desk, entity("b"), "Mùa A Pó").unwrap(), 7000);
    assert_eq!(desk.verify().unwrap().ops, 1);
}

#[test]
fn a_mistake_in_an_act_is_rolled_back_and_the_next_clerk_goes_on() {
    let (_dir, desk) = desk();
    let broken = desk.act_blocking(stamp(), |tx| {
        tx.record(entity("a"), reception(7000, "Mùa A Pó"))?;
        assert!(
            tx.dossier(entity("a"))?.is_none(),
            "a mistake of the program"
        );
        Ok(())
    });
    assert!(matches!(
        broken,
        Err(ActError::Store(StoreError::ActPanicked))
    ));
    assert_eq!(desk.dossier(entity("a")).unwrap(), None);
    receive(&desk, entity("b"), "Mùa A Pó").unwrap();
    assert!(desk.verify().unwrap().is_sound());
}

#[test]
fn a_second_program_on_the_same_folder_is_refused() {
    let (dir, first) = desk();
    let second = DeskStore::open_blocking(desk_config(dir.path(), "máy quầy 1"));
    assert!(matches!(second, Err(StoreError::InUse)));
    drop(first);
    assert!(DeskStore::open_blocking(desk_config(dir.path(), "máy quầy 1")).is_ok());
}

#[test]
fn the_same_key_gets_the_same_number_and_the_slice_ends() {
    let (_dir, desk) = desk();
    let take = |key: String| {
        let series = Series::Ticket {
            letter: "A".to_owned(),
        };
        desk.act_blocking(stamp(), move |tx| {
            tx.take_number(&series, DAY, slice(&series, 2), None, &key)
        })
        .map(|acted| acted.value)
    };
    let own: Vec<u32> = slice(
        &Series::Ticket {
            letter: "A".to_owned(),
        },
        2,
    )
    .collect();
    let given: Vec<u32> = own
        .iter()
        .map(|n| take(format!("khách {n}")).unwrap())
        .collect();
    assert_eq!(given, own);
    assert_eq!(take(format!("khách {}", own[3])).unwrap(), own[3]);
    let refused = take("một khách nữa".to_owned()).unwrap_err();
    assert!(
        matches!(refused, ActError::Refused(Refusal::NumbersUsedUp { series }) if series == "ticket:A")
    );
}

#[test]
fn a_number_that_the_hub_granted_is_taken_once() {
    let (_dir, desk) = desk();
    let take = |granted: u32, key: &str| {
        let key = key.to_owned();
        let series = Series::Dossier;
        desk.act_blocking(stamp(), move |tx| {
            tx.take_number(&series, DAY, slice(&series, 0), Some(granted), &key)
        })
        .map(|acted| acted.value)
    };
    assert_eq!(take(12, "a").unwrap(), 12);
    assert_eq!(
        take(13, "a").unwrap(),
        12,
        "the draft keeps the number that it has"
    );
    assert!(matches!(
        take(12, "b"),
        Err(ActError::Refused(Refusal::NumberTaken { .. }))
    ));
}

#[test]
fn two_dossiers_never_share_a_code_at_one_counter() {
    let (_dir, desk) = desk();
    record(&desk, entity("a"), reception(7000, "Mùa A Pó")).unwrap();
    let refused = record(&desk, entity("b"), reception(7000, "Lò Thị Mẩy")).unwrap_err();
    let ActError::Refused(Refusal::NumberTaken { number }) = refused else {
        panic!("{refused}")
    };
    assert_eq!(number, "H56.6.17-261123-7000");
    let within_one_act = desk.act_blocking(stamp(), |tx| {
        tx.record(entity("c"), reception(7001, "Mùa A Pó"))?;
        tx.record(entity("d"), reception(7001, "Lò Thị Mẩy"))
    });
    assert!(matches!(
        within_one_act,
        Err(ActError::Refused(Refusal::NumberTaken { .. }))
    ));
}

#[test]
fn saying_the_same_thing_twice_is_said_once() {
    let (_dir, desk) = desk();
    receive(&desk, entity("a"), "Mùa A Pó").unwrap();
    let again = desk
        .act_blocking(stamp(), |tx| {
            tx.record(entity("a"), reception(7000, "Mùa A Pó"))
        })
        .unwrap();
    assert_eq!((again.value, again.ops.len()), (Decision::Duplicate, 0));
    assert_eq!(desk.verify().unwrap().ops, 1);
}

#[test]
fn an_act_that_would_not_stand_is_a_mistake_and_not_kept() {
    let (_dir, desk) = desk();
    let step = step(DossierStatus::Processing, DossierStatus::Completed);
    let refused = record(&desk, entity("nobody"), step).unwrap_err();
    assert!(
        matches!(refused, ActError::Store(StoreError::WouldNotStand { .. })),
        "{refused}"
    );
    assert_eq!(desk.verify().unwrap().ops, 0);
}

#[test]
fn an_act_sees_what_it_has_done_so_far() {
    let (_dir, desk) = desk();
    let (id, counter) = (entity("A700"), entity("quầy 3"));
    desk.act_blocking(stamp(), move |tx| {
        assert!(tx.tickets(DAY)?.is_empty());
        tx.record(id, ticket("A", 700))?;
        assert_eq!(tx.tickets(DAY)?.len(), 1);
        tx.record(id, Event::TicketCalled(TicketCalled { counter, at: now() }))?;
        let state = tx.ticket(id)?.map(|ticket| ticket.state);
        assert!(matches!(state, Some(TicketState::Called { times: 1, .. })));
        Ok(())
    })
    .unwrap();
    let tickets = desk.tickets(DAY).unwrap();
    assert_eq!((tickets.len(), tickets[0].in_hand_of()), (1, Some(counter)));
    assert!(desk.called_here(id).unwrap());
    assert!(desk.tickets(date(2026, 11, 24)).unwrap().is_empty());
}

#[test]
fn two_corrections_at_one_counter_that_is_alone_are_no_conflict() {
    let (_dir, desk) = desk();
    let id = entity("a");
    receive(&desk, id, "Mùa A Pó").unwrap();
    for phone in ["0987 000 001", "0987 000 002"] {
        let fields = [("owner.phone".to_owned(), phone.to_owned())].into();
        let event = Corrected {
            fields,
            reason: "gõ nhầm".to_owned(),
            at: now(),
        };
        record(&desk, id, Event::DossierCorrected(event)).unwrap();
    }
    let (_hub_dir, hub) = hub();
    exchange(&desk, &hub, "máy chủ");
    let dossier = desk.dossier(id).unwrap().unwrap();
    assert_eq!(
        (
            dossier.conflicts.len(),
            dossier.received.owner.phone.as_str()
        ),
        (0, "0987 000 002")
    );
    assert!(
        dossier
            .history
            .iter()
            .all(|line| line.decision == Decision::Applied)
    );
}

#[test]
fn a_doubtful_clock_numbers_nothing() {
    let (_dir, desk) = desk();
    receive(&desk, entity("a"), "Mùa A Pó").unwrap();
    for (when, believed) in [
        (date(2019, 1, 1).at(8, 0, 0, 0), false),
        (date(2031, 1, 1).at(8, 0, 0, 0), false),
        (DAY.at(9, 9, 0, 0), false),
        (DAY.at(9, 12, 0, 0), true),
        (date(2026, 12, 24).at(8, 0, 0, 0), true),
    ] {
        let outside = desk.clock_check(when).is_ok();
        let inside = desk
            .act_blocking(stamp(), move |tx| tx.clock_check(when))
            .is_ok();
        assert_eq!((outside, inside), (believed, believed), "{when}");
    }
    let refused = desk
        .clock_check(date(2019, 1, 1).at(8, 0, 0, 0))
        .unwrap_err();
    let ActError::Refused(Refusal::ClockDoubtful { seen, .. }) = refused else {
        panic!("{refused}")
    };
    assert_eq!(seen, now());
}

#[test]
fn a_doubtful_clock_does_not_teach_the_guard_and_a_person_can_overrule_it() {
    let (_dir, desk) = desk();
    receive(&desk, entity("a"), "Mùa A Pó").unwrap();
    let far = date(2031, 1, 1).at(8, 0, 0, 0);
    desk.act_blocking(stamp_at(clock::ms(far)), |tx| {
        tx.record(entity("a"), note("gọi lại"))
    })
    .unwrap();
    assert!(
        desk.clock_check(now()).is_ok(),
        "the clock of 2031 was not believed"
    );
    desk.trust_clock(clock::ms(far)).unwrap();
    assert!(desk.clock_check(far).is_ok());
    assert!(desk.clock_check(now()).is_err());
}

#[test]
fn a_full_disk_keeps_nothing_of_the_act_and_everything_before_it() {
    let (dir, desk) = desk();
    receive(&desk, entity("a"), "Mùa A Pó").unwrap();
    desk.pretend_full_disk(true).unwrap();
    let long = "giấy tờ kèm theo ".repeat(4_000);
    let full = desk.act_blocking(stamp(), move |tx| {
        let series = Series::Dossier;
        tx.take_number(&series, DAY, slice(&series, 0), None, "b")?;
        tx.record(entity("a"), note(&long))
    });
    let ActError::Store(error) = full.unwrap_err() else {
        panic!("a full disk is no refusal")
    };
    assert_eq!((error.code(), error.is_permanent()), ("disk_full", false));
    desk.pretend_full_disk(false).unwrap();
    assert_eq!(
        receive(&desk, entity("b"), "Lò Thị Mẩy").unwrap(),
        7001,
        "the number came back"
    );
    drop(desk);
    let desk = open_desk(dir.path()).store;
    let report = desk.verify().unwrap();
    assert_eq!((report.wrong, report.ops), (vec![], 2));
}

#[test]
fn a_reception_costs_one_commit_and_its_draft_another() {
    let (_dir, desk) = desk();
    let before = desk.stats().unwrap().commits;
    receive(&desk, entity("a"), "Mùa A Pó").unwrap();
    assert_eq!(desk.stats().unwrap().commits - before, 1);
    desk.act_blocking(stamp(), |tx| tx.end_draft(entity("không có")))
        .unwrap();
    assert_eq!(
        desk.stats().unwrap().commits - before,
        1,
        "what changes nothing costs nothing"
    );
}

#[test]
fn acts_that_come_together_share_a_commit_and_none_is_lost() {
    const CLERKS: u32 = 8;
    const EACH: u32 = 25;
    let (_dir, desk) = desk();
    let before = desk.stats().unwrap();
    thread::scope(|scope| {
        for clerk in 0..CLERKS {
            let desk = desk.clone();
            scope.spawn(move || {
                for i in 0..EACH {
                    let id = entity(&format!("{clerk}/{i}"));
                    let number = 7000 + clerk * EACH + i;
                    desk.act_blocking(stamp(), move |tx| {
                        tx.record(id, reception(number, "Mùa A Pó"))
                    })
                    .unwrap();
                }
            });
        }
    });
    let after = desk.stats().unwrap();
    assert_eq!(after.acts - before.acts, u64::from(CLERKS * EACH));
    assert!(
        after.commits - before.commits < u64::from(CLERKS * EACH),
        "{after:?}"
    );
    let report = desk.verify().unwrap();
    assert_eq!(
        (report.wrong, report.ops),
        (vec![], u64::from(CLERKS * EACH))
    );
}

#[tokio::test]
async fn drafts_blobs_and_settings_survive_a_restart() {
    let dir = folder();
    let (draft, sha256) = {
        let desk = open_desk(dir.path()).store;
        let draft = entity("nháp");
        desk.save_draft(draft, "{\"a\":1}".to_owned())
            .await
            .unwrap();
        desk.save_draft(draft, "{\"a\":2}".to_owned())
            .await
            .unwrap();
        desk.set_local("printer", &"máy in quầy 3").unwrap();
        let blob = desk
            .put_blob(b"%PDF-1.7 to khai".to_vec(), "application/pdf")
            .await
            .unwrap();
        let kept = blob.clone();
        desk.act(stamp(), move |tx| tx.keep_blob_refs(draft, &[kept]))
            .await
            .unwrap();
        assert_eq!(
            desk.put_blob(Vec::new(), "application/pdf")
                .await
                .unwrap_err()
                .code(),
            "blob_empty"
        );
        (draft, blob.sha256)
    };
    let desk = open_desk(dir.path()).store;
    assert_eq!(desk.draft(draft).unwrap().unwrap().json, "{\"a\":2}");
    assert_eq!(
        desk.local::<String>("printer").unwrap().unwrap(),
        "máy in quầy 3"
    );
    assert_eq!(desk.blob(sha256).unwrap().unwrap(), b"%PDF-1.7 to khai");
    assert_eq!(
        desk.pending_counts().unwrap().blobs,
        0,
        "drafts are not sent"
    );
    desk.end_draft(draft).await.unwrap();
    assert!(desk.drafts().unwrap().is_empty());
}

#[test]
fn an_export_has_one_line_for_each_operation() {
    let (_dir, desk) = desk();
    receive(&desk, entity("a"), "Mùa A Pó").unwrap();
    record(&desk, entity("a"), note("gọi lại")).unwrap();
    let mut out = Vec::new();
    assert_eq!(desk.export(&mut out).unwrap(), 2);
    let lines: Vec<serde_json::Value> = String::from_utf8(out)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines[0]["op"]["kind"], "dossier.receive");
    assert_eq!(lines[1]["op"]["dseq"], 2);
    assert!(
        lines
            .iter()
            .all(|line| line["seq"].is_null() && line["signature"].is_string())
    );
}
