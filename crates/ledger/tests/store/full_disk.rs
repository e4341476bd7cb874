//! A disk that is really full: a file system of a few megabytes in memory, in a name space of its own.

use std::fs;
use std::path::Path;
use std::process::Command;

use motcua_ledger::{ActError, DeskStore, StoreError};

use crate::kit::*;

/// The mounted folder, within the name space.
const FULL_DIR: &str = "MOTCUA_TEST_FULL_DIR";
const WITHIN: &str =
    "mount -t tmpfs -o size=4m tmpfs \"$MOTCUA_TEST_FULL_DIR\" && exec \"$0\" \"$@\"";
const BALLAST_BYTES: usize = 1024 * 1024;
const RECEPTIONS_MAX: u32 = 20_000;

/// Receives until the disk is full, and gives how many were acknowledged.
fn receive_until_full(desk: &DeskStore, from: u32) -> u32 {
    for n in from..RECEPTIONS_MAX {
        let id = entity(&format!("hồ sơ {n}"));
        match desk.act_blocking(stamp(), move |tx| {
            tx.record(id, reception(n + 1, "Mùa A Pó"))
        }) {
            Ok(_) => {}
            Err(ActError::Store(StoreError::DiskFull)) => return n,
            Err(error) => panic!("after {n}: {error}"),
        }
    }
    panic!("the disk never filled");
}

fn check(desk: &DeskStore, acked: u32) {
    for n in 0..acked {
        assert!(
            desk.dossier(entity(&format!("hồ sơ {n}")))
                .unwrap()
                .is_some(),
            "{n} was acknowledged"
        );
    }
    let report = desk.verify().unwrap();
    assert_eq!((report.wrong, report.ops), (vec![], u64::from(acked)));
}

fn fill_and_free(dir: &Path) {
    let ballast = dir.join("ballast");
    fs::write(&ballast, vec![7_u8; BALLAST_BYTES]).unwrap();
    let store = dir.join("store");
    let desk = open_desk(&store).store;
    let acked = receive_until_full(&desk, 0);
    assert!(acked > 0);
    check(&desk, acked);
    let scan = desk
        .blobs()
        .put(vec![1_u8; BALLAST_BYTES].as_slice())
        .unwrap_err();
    assert_eq!(scan.code(), "disk_full");

    fs::remove_file(&ballast).unwrap();
    let id = entity(&format!("hồ sơ {acked}"));
    desk.act_blocking(stamp(), move |tx| {
        tx.record(id, reception(acked + 1, "Lò Thị Mẩy"))
    })
    .unwrap();
    drop(desk);
    let opened = open_desk(&store);
    assert!(!opened.rewound);
    check(&opened.store, acked + 1);
}

#[test]
fn a_really_full_disk_loses_nothing_and_works_again_with_room() {
    if let Some(dir) = std::env::var_os(FULL_DIR) {
        fill_and_free(Path::new(&dir));
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let allowed = Command::new("unshare").args(["-rm", "true"]).status();
    if !allowed.is_ok_and(|status| status.success()) {
        println!("skipped: this machine allows no name spaces of one's own");
        return;
    }
    let tried = Command::new("unshare")
        .args(["-rm", "sh", "-c", WITHIN])
        .arg(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "full_disk::a_really_full_disk_loses_nothing_and_works_again_with_room",
        ])
        .env(FULL_DIR, dir.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&tried.stdout);
    let wrong = String::from_utf8_lossy(&tried.stderr);
    assert!(tried.status.success(), "{said}\n{wrong}");
}
