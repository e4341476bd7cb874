//! A store that was put back from an old copy notices, goes on, and gives out nothing twice.

use std::fs;
use std::path::Path;

use motcua_core::numbers::Series;
use motcua_core::refusal::Refusal;
use motcua_ledger::hub::{HubStore, Pushed};
use motcua_ledger::{ActError, DeskStore, SqliteHub};

use crate::kit::*;

/// Puts the database back as it was in `backup`; the high-water mark is outside and stays.
fn put_back(backup: &Path, dir: &Path) {
    fs::copy(database(backup), database(dir)).unwrap();
    for left in ["ledger.db-wal", "ledger.db-shm"] {
        let _ = fs::remove_file(dir.join(left));
    }
}

fn worked_and_put_back() -> (tempfile::TempDir, u32) {
    let (dir, backup) = (folder(), folder());
    receive(&open_desk(dir.path()).store, entity("a"), "Mùa A Pó").unwrap();
    copy_folder(dir.path(), backup.path());
    let lost = receive(&open_desk(dir.path()).store, entity("b"), "Lò Thị Mẩy").unwrap();
    put_back(backup.path(), dir.path());
    (dir, lost)
}

#[test]
fn a_database_from_an_old_copy_is_noticed_and_no_number_is_given_twice() {
    let (dir, lost) = worked_and_put_back();
    let opened = open_desk(dir.path());
    assert!(opened.rewound);
    let desk = opened.store;
    assert!(desk.pulse().unwrap().needs_hub_epoch);
    assert_eq!(desk.chain().unwrap().epoch, 2);
    assert_eq!(
        receive(&desk, entity("c"), "Giàng A Páo").unwrap(),
        lost + 1
    );
    assert!(desk.verify().unwrap().is_sound());
    drop(desk);
    assert!(!open_desk(dir.path()).rewound, "it is noticed once");
}

#[test]
fn an_ordinary_restart_is_no_rewind() {
    let dir = folder();
    for name in ["a", "b", "c"] {
        let opened = open_desk(dir.path());
        assert!(!opened.rewound);
        receive(&opened.store, entity(name), "Mùa A Pó").unwrap();
    }
}

#[test]
fn without_its_mark_a_store_gives_out_no_own_numbers_today() {
    let dir = folder();
    receive(&open_desk(dir.path()).store, entity("a"), "Mùa A Pó").unwrap();
    fs::remove_file(dir.path().join("high-water.json")).unwrap();
    let opened = open_desk(dir.path());
    assert!(opened.rewound);
    let desk = opened.store;
    let refused = receive(&desk, entity("b"), "Lò Thị Mẩy").unwrap_err();
    assert!(
        matches!(refused, ActError::Refused(Refusal::NumbersUsedUp { .. })),
        "{refused}"
    );
    let granted = desk.act_blocking(stamp(), |tx| {
        let series = Series::Dossier;
        let number = tx.take_number(&series, DAY, slice(&series, 0), Some(17), "b")?;
        tx.record(entity("b"), reception(number, "Lò Thị Mẩy"))
    });
    granted.unwrap();
    desk.adopt_epoch(5, Some(4), NOW_MS).unwrap();
    assert_eq!(
        receive(&desk, entity("c"), "Giàng A Páo").unwrap(),
        7400,
        "a new slice of the hub"
    );
}

#[test]
fn what_a_put_back_counter_had_sent_comes_back_from_the_hub() {
    let (dir, backup) = (folder(), folder());
    let (_hub_dir, hub) = hub();
    {
        let desk = open_desk(dir.path()).store;
        receive(&desk, entity("a"), "Mùa A Pó").unwrap();
        exchange(&desk, &hub, "máy chủ");
    }
    copy_folder(dir.path(), backup.path());
    {
        let desk = open_desk(dir.path()).store;
        receive(&desk, entity("b"), "Lò Thị Mẩy").unwrap();
        exchange(&desk, &hub, "máy chủ");
    }
    put_back(backup.path(), dir.path());
    let opened = open_desk(dir.path());
    assert!(opened.rewound);
    let desk = opened.store;
    receive(&desk, entity("c"), "Giàng A Páo").unwrap();
    exchange(&desk, &hub, "máy chủ");
    for name in ["a", "b", "c"] {
        assert!(desk.dossier(entity(name)).unwrap().is_some(), "{name}");
        assert!(hub.state(entity(name)).unwrap().is_some(), "{name}");
    }
    assert_eq!(
        hub.device(desk.device()).unwrap().unwrap().epoch,
        2,
        "the hub follows the device"
    );
    assert!(desk.verify().unwrap().is_sound() && hub.verify().unwrap().is_sound());
}

#[test]
fn a_chain_that_was_forked_unnoticed_moves_to_a_new_epoch_and_loses_nothing() {
    let (dir, copy) = (folder(), folder());
    let (_hub_dir, hub) = hub();
    drop(open_desk(dir.path()));
    copy_folder(dir.path(), copy.path());
    let original = open_desk(dir.path()).store;
    receive(&original, entity("a"), "Mùa A Pó").unwrap();
    exchange(&original, &hub, "máy chủ");

    // The whole folder was cloned, mark and all: nothing local can notice.
    let clone = open_desk_on(copy.path(), "máy quầy 2").store;
    let number = clone.act_blocking(stamp(), |tx| {
        let series = Series::Dossier;
        let number = tx.take_number(&series, DAY, slice(&series, 0), Some(31), "x")?;
        tx.record(entity("x"), reception(number, "Lò Thị Mẩy"))?;
        tx.record(entity("x"), note("khách hẹn chiều"))
    });
    number.unwrap();
    greet(&clone, &hub, "máy chủ");
    let out = clone.outbox_batch("máy chủ", 100, 1 << 20).unwrap();
    let out = out.map(|out| out.batch);
    if let Some(batch) = out {
        assert!(matches!(
            hub.push(clone.device(), batch, NOW_MS).unwrap(),
            Pushed::Forked { dseq: 2, .. }
        ));
    }
    pull(&clone, &hub);
    assert_eq!(
        clone.chain().unwrap().epoch,
        2,
        "the log's operation took the number"
    );
    let raised = hub.raise_epoch(clone.device()).unwrap();
    clone
        .adopt_epoch(raised.epoch, Some(raised.slot), NOW_MS)
        .unwrap();
    exchange(&clone, &hub, "máy chủ");
    assert_eq!(clone.dossier(entity("x")).unwrap().unwrap().notes.len(), 1);
    assert!(clone.dossier(entity("a")).unwrap().is_some());
    assert_eq!(clone.pending_counts().unwrap().ops, 0);
    assert!(clone.verify().unwrap().is_sound() && hub.verify().unwrap().is_sound());
}

#[test]
fn a_hub_from_an_old_copy_has_another_log_and_gets_back_what_it_lost() {
    let (_dir, desk) = desk();
    let (hub_dir, backup) = (folder(), folder());
    let log_id = {
        let hub = SqliteHub::open(hub_config(hub_dir.path())).unwrap().store;
        receive(&desk, entity("a"), "Mùa A Pó").unwrap();
        exchange(&desk, &hub, "máy chủ");
        hub.scope().unwrap().1
    };
    copy_folder(hub_dir.path(), backup.path());
    {
        let hub = SqliteHub::open(hub_config(hub_dir.path())).unwrap().store;
        receive(&desk, entity("b"), "Lò Thị Mẩy").unwrap();
        exchange(&desk, &hub, "máy chủ");
        assert_eq!(
            hub.take_number(&Series::Dossier, DAY, 1..=4999, "x")
                .unwrap(),
            Some(1)
        );
    }
    put_back(backup.path(), hub_dir.path());
    let opened = SqliteHub::open(hub_config(hub_dir.path())).unwrap();
    assert!(opened.rewound);
    let hub = opened.store;
    assert_ne!(hub.scope().unwrap().1, log_id);
    assert_eq!(
        hub.take_number(&Series::Dossier, DAY, 1..=4999, "y")
            .unwrap(),
        Some(2)
    );

    assert!(greet(&desk, &hub, "máy chủ").other_log);
    desk.rebaseline(hub.scope().unwrap().1).unwrap();
    assert!(
        desk.dossier(entity("b")).unwrap().is_some(),
        "it is still here"
    );
    exchange(&desk, &hub, "máy chủ");
    assert!(hub.state(entity("b")).unwrap().is_some());
    assert_eq!(desk.life_line(entity("b")).unwrap().seq, Some(2));
    assert!(desk.verify().unwrap().is_sound() && hub.verify().unwrap().is_sound());
}

#[test]
fn one_counter_opens_twice_without_a_second_identity() {
    let dir = folder();
    let first = open_desk(dir.path()).store.device();
    let again = DeskStore::open_blocking(desk_config(dir.path(), "m"))
        .unwrap()
        .store;
    assert_eq!(again.device(), first);
}
