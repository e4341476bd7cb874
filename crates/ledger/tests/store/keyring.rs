//! The operating system's real keyring, where the machine has one to start: a Secret Service on a bus of its
//! own, unlocked with a password of its own.

use std::path::Path;
use std::process::Command;

use motcua_ledger::keys::open_key;
use motcua_ledger::{KeyHome, KeyPolicy};

/// The folder of the store whose key is asked for within the bus.
const RING_DIR: &str = "MOTCUA_TEST_RING_DIR";
const WITHIN: &str = "printf 'quay' | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec \"$0\" \"$@\"";

fn is_installed(program: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).any(|dir| dir.join(program).is_file())
}

/// What happens on the bus: the key is made, found again, and nothing of it is in the folder.
fn ask_twice(dir: &Path) {
    let policy = KeyPolicy {
        prefer_keyring: true,
    };
    let made = open_key(dir, policy).unwrap();
    let again = open_key(dir, policy).unwrap();
    assert_eq!((made.home, made.created), (KeyHome::Keyring, true));
    assert_eq!((again.home, again.created), (KeyHome::Keyring, false));
    let record = std::fs::read_to_string(dir.join("key.json")).unwrap();
    assert!(
        record.contains("\"keyring\"") && !record.contains("sealed"),
        "{record}"
    );
}

#[test]
fn a_real_keyring_keeps_the_key() {
    if let Some(dir) = std::env::var_os(RING_DIR) {
        ask_twice(Path::new(&dir));
        return;
    }
    if !is_installed("dbus-run-session") || !is_installed("gnome-keyring-daemon") {
        println!("skipped: dbus-run-session and gnome-keyring-daemon are not installed");
        return;
    }
    let (ring, home) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let asked = Command::new("dbus-run-session")
        .args(["--", "sh", "-c", WITHIN])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "keyring::a_real_keyring_keeps_the_key"])
        .env(RING_DIR, ring.path())
        .env("HOME", home.path())
        .env("XDG_DATA_HOME", home.path().join("share"))
        .env("XDG_RUNTIME_DIR", home.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&asked.stdout);
    let wrong = String::from_utf8_lossy(&asked.stderr);
    assert!(asked.status.success(), "{said}\n{wrong}");
    assert!(ring.path().join("key.json").exists(), "{said}\n{wrong}");
}
