//! Acts at one counter: what is durable, what is refused, what is never half-kept.

use motcua_core::numbers::Series;
use motcua_core::refusal::Refusal;
use motcua_core::state::office_entity;
use motcua_ledger::{ActError, DeskStore, StoreError};

use crate::kit::*;

#[test]
fn a_reception_is_there_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
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
    assert_eq!(desk.pending_counts().unwrap().ops, 2);
    assert_eq!(desk.verify().unwrap().wrong, []);
}

#[test]
fn a_refusal_gives_the_number_back() {
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
fn a_second_program_on_the_same_folder_is_refused() {
    let (dir, first) = desk();
    let second = DeskStore::open_blocking(desk_config(dir.path(), "máy quầy 1"));
    assert!(matches!(second, Err(StoreError::InUse)));
    drop(first);
    assert!(DeskStore::open_blocking(desk_config(dir.path(), "máy quầy 1")).is_ok());
}
