//! Opening: keys, versions, damage, other offices, two programs at once.

use std::fs;
use std::io::{Read, Seek, SeekFrom, Write};
use std::sync::Barrier;
use std::thread;

use motcua_core::ids::ScopeId;
use motcua_ledger::{DeskReader, DeskStore, Integrity, KeyHome, OpenHub, SqliteHub, StoreError};

use crate::kit::*;

#[test]
fn where_the_key_lives_is_said() {
    let dir = folder();
    let opened = open_desk(dir.path());
    assert_eq!(
        (opened.key_home, opened.integrity),
        (KeyHome::File, Integrity::Sound)
    );
    assert_eq!(opened.store.key_home(), KeyHome::File);
}

#[test]
fn nothing_in_the_folder_shows_a_name_or_a_code() {
    let (dir, desk) = desk();
    receive(&desk, entity("a"), "QUANG VAN ON").unwrap();
    for file in fs::read_dir(dir.path()).unwrap() {
        let path = file.unwrap().path();
        let Ok(bytes) = fs::read(&path) else { continue };
        for secret in ["QUANG VAN ON", "H56.6.17-261123-7000", "SQLite format 3"] {
            let shown = bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes());
            assert!(!shown, "{} shows {secret}", path.display());
        }
    }
}

#[test]
fn another_stores_key_does_not_open_it() {
    let (one, two) = (folder(), folder());
    drop(open_desk(one.path()));
    drop(open_desk(two.path()));
    fs::copy(two.path().join("key.json"), one.path().join("key.json")).unwrap();
    let refused = DeskStore::open_blocking(desk_config(one.path(), "m")).unwrap_err();
    assert_eq!(refused.code(), "store_wrong_key");
}

#[test]
fn a_lost_key_is_said_and_never_replaced() {
    let dir = folder();
    drop(open_desk(dir.path()));
    fs::remove_file(dir.path().join("key.json")).unwrap();
    let refused = DeskStore::open_blocking(desk_config(dir.path(), "m")).unwrap_err();
    assert_eq!((refused.code(), refused.is_permanent()), ("key_lost", true));
    assert!(!dir.path().join("key.json").exists());
}

#[test]
fn an_empty_folder_is_no_store() {
    let dir = folder();
    assert!(!DeskStore::exists(dir.path()));
    let refused = DeskStore::open_blocking(desk_config(dir.path(), "m")).unwrap_err();
    assert_eq!(refused.code(), "store_other");
    assert_eq!(
        fs::read_dir(dir.path()).unwrap().count(),
        0,
        "asking left nothing behind"
    );
}

#[test]
fn a_store_belongs_to_one_office_and_one_kind_of_machine() {
    let dir = folder();
    drop(open_desk(dir.path()));
    let other = DeskStore::create_blocking(
        desk_config(dir.path(), "m"),
        &ScopeId("H56.6.18".to_owned()),
    );
    assert!(matches!(other, Err(StoreError::OtherStore(known)) if known == SCOPE));
    assert!(matches!(
        SqliteHub::open(hub_config(dir.path())),
        Err(StoreError::OtherStore(_))
    ));

    let (hub_dir, hub) = hub();
    drop(hub);
    let other = OpenHub {
        scope: ScopeId("H56.6.18".to_owned()),
        ..hub_config(hub_dir.path())
    };
    assert!(matches!(
        SqliteHub::open(other),
        Err(StoreError::OtherStore(_))
    ));
}

#[test]
fn a_damaged_page_is_noticed() {
    let dir = folder();
    {
        let desk = open_desk(dir.path()).store;
        for i in 0..40 {
            receive(&desk, entity(&i.to_string()), "Mùa A Pó").unwrap();
        }
    }
    let path = database(dir.path());
    let mut file = fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open(&path)
        .unwrap();
    let middle = file.metadata().unwrap().len() / 2;
    let mut byte = [0_u8; 1];
    file.seek(SeekFrom::Start(middle)).unwrap();
    file.read_exact(&mut byte).unwrap();
    file.seek(SeekFrom::Start(middle)).unwrap();
    file.write_all(&[byte[0] ^ 0x55]).unwrap();
    drop(file);
    match DeskStore::open_blocking(desk_config(dir.path(), "m")) {
        Ok(opened) => assert!(
            matches!(opened.integrity, Integrity::Damaged(_)),
            "{:?}",
            opened.integrity
        ),
        Err(error) => assert_eq!(error.code(), "store_damaged", "{error}"),
    }
}

#[test]
fn two_programs_that_start_together_make_one_store() {
    let dir = folder();
    let both = Barrier::new(2);
    let outcomes: Vec<Result<_, StoreError>> = thread::scope(|scope| {
        let open = || {
            both.wait();
            DeskStore::create_blocking(desk_config(dir.path(), "m"), &crate::kit::scope())
        };
        [scope.spawn(open), scope.spawn(open)]
            .into_iter()
            .map(|handle| handle.join().unwrap())
            .collect()
    });
    let opened = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert!(opened >= 1, "{outcomes:?}");
    for outcome in outcomes {
        match outcome {
            Ok(opened) => assert!(opened.store.verify().unwrap().is_sound()),
            Err(error) => assert!(matches!(error, StoreError::InUse), "{error}"),
        }
    }
}

#[test]
fn scripts_read_while_the_program_writes_and_after_it_ended() {
    let (dir, desk) = desk();
    receive(&desk, entity("a"), "Mùa A Pó").unwrap();
    let reader = DeskReader::open(dir.path(), NO_KEYRING).unwrap();
    assert_eq!(reader.stats().unwrap().dossiers, 1);
    receive(&desk, entity("b"), "Mùa A Pó").unwrap();
    assert_eq!(reader.stats().unwrap().dossiers, 2);
    drop((reader, desk));
    let reader = DeskReader::open(dir.path(), NO_KEYRING).unwrap();
    assert!(reader.verify().unwrap().is_sound());
    assert_eq!(reader.integrity().unwrap(), Integrity::Sound);
    assert_eq!(
        reader
            .dossier_by_code("H56.6.17-261123-7001")
            .unwrap()
            .unwrap()
            .id,
        entity("b")
    );
    assert_eq!(reader.export(&mut Vec::new()).unwrap(), 2);
}
