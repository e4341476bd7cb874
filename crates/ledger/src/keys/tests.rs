use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::*;

/// A keyring that remembers.
#[derive(Clone, Default)]
struct Remembers(Arc<Mutex<HashMap<String, Vec<u8>>>>);

impl Ring for Remembers {
    fn get(&self, entry: &str) -> Result<Zeroizing<Vec<u8>>, RingError> {
        self.0
            .lock()
            .unwrap()
            .get(entry)
            .cloned()
            .map(Zeroizing::new)
            .ok_or(RingError::Missing)
    }

    fn set(&self, entry: &str, secret: &[u8]) -> Result<(), RingError> {
        self.0
            .lock()
            .unwrap()
            .insert(entry.to_owned(), secret.to_vec());
        Ok(())
    }
}

/// A keyring that waits for a dialogue nobody sees.
struct Hangs;

impl Ring for Hangs {
    fn get(&self, _: &str) -> Result<Zeroizing<Vec<u8>>, RingError> {
        std::thread::sleep(Duration::from_secs(60));
        Err(RingError::Missing)
    }

    fn set(&self, entry: &str, _: &[u8]) -> Result<(), RingError> {
        self.get(entry).map(drop)
    }
}

/// A keyring that says yes and keeps nothing.
struct Forgets;

impl Ring for Forgets {
    fn get(&self, _: &str) -> Result<Zeroizing<Vec<u8>>, RingError> {
        Err(RingError::Missing)
    }

    fn set(&self, _: &str, _: &[u8]) -> Result<(), RingError> {
        Ok(())
    }
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn the_same_key_comes_back_from_the_keyring() {
    let (dir, ring) = (folder(), Remembers::default());
    let made = open_with(dir.path(), Some(ring.clone())).unwrap();
    let again = open_with(dir.path(), Some(ring)).unwrap();
    assert_eq!((made.home, made.created), (KeyHome::Keyring, true));
    assert_eq!((again.home, again.created), (KeyHome::Keyring, false));
    assert_eq!(made.key.0, again.key.0);
    let record = fs::read_to_string(dir.path().join(KEY_RECORD_FILE)).unwrap();
    assert!(!record.contains(&hex::encode(made.key.0)));
}

#[test]
fn without_a_keyring_the_key_is_in_a_sealed_file_and_says_so() {
    let dir = folder();
    let made = open_with(dir.path(), None::<SystemRing>).unwrap();
    let again = open_with(dir.path(), None::<SystemRing>).unwrap();
    assert_eq!((made.home, again.home), (KeyHome::File, KeyHome::File));
    assert_eq!(made.key.0, again.key.0);
    let record = fs::read_to_string(dir.path().join(KEY_RECORD_FILE)).unwrap();
    assert!(!record.contains(&hex::encode(made.key.0)));
}

#[test]
fn a_keyring_that_hangs_costs_two_seconds_and_no_more() {
    let dir = folder();
    let started = Instant::now();
    let made = open_with(dir.path(), Some(Hangs)).unwrap();
    assert_eq!(made.home, KeyHome::File);
    let waited = started.elapsed();
    assert!(
        waited >= Duration::from_millis(ring::KEYRING_DEADLINE_MS),
        "{waited:?}"
    );
    assert!(waited < Duration::from_secs(20), "{waited:?}");
}

#[test]
fn a_keyring_that_forgets_is_not_trusted() {
    assert_eq!(
        open_with(folder().path(), Some(Forgets)).unwrap().home,
        KeyHome::File
    );
}

#[test]
fn a_key_that_left_the_keyring_is_lost_and_a_locked_keyring_is_only_silent() {
    let (dir, ring) = (folder(), Remembers::default());
    open_with(dir.path(), Some(ring.clone())).unwrap();
    ring.0.lock().unwrap().clear();
    assert_eq!(
        open_with(dir.path(), Some(ring)).unwrap_err().code(),
        "key_lost"
    );
    assert_eq!(
        open_with(dir.path(), Some(Hangs)).unwrap_err().code(),
        "keyring_silent"
    );
}

#[test]
fn a_store_without_its_record_is_never_given_a_new_key() {
    let dir = folder();
    fs::write(dir.path().join(crate::store::DATABASE_FILE), b"cipher text").unwrap();
    assert_eq!(
        open_with(dir.path(), None::<SystemRing>)
            .unwrap_err()
            .code(),
        "key_lost"
    );
}

#[test]
fn a_record_with_a_flipped_digit_is_refused() {
    let dir = folder();
    open_with(dir.path(), None::<SystemRing>).unwrap();
    let path = dir.path().join(KEY_RECORD_FILE);
    let mut record: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let salt = record["salt"].as_str().unwrap().to_owned();
    let flipped = if salt.starts_with('0') { "1" } else { "0" };
    record["salt"] = format!("{flipped}{}", &salt[1..]).into();
    fs::write(&path, record.to_string()).unwrap();
    assert_eq!(
        open_with(dir.path(), None::<SystemRing>)
            .unwrap_err()
            .code(),
        "key_of_other_machine"
    );
    fs::write(&path, b"{").unwrap();
    assert_eq!(
        open_with(dir.path(), None::<SystemRing>)
            .unwrap_err()
            .code(),
        "key_damaged"
    );
}

#[test]
fn purposes_have_keys_of_their_own() {
    let key = StoreKey::from_bytes([7; KEY_BYTES]);
    assert_ne!(*key.derive("blobs"), *key.derive("backup"));
    assert_ne!(*key.derive("blobs"), key.0);
    assert_eq!(format!("{key:?}"), "‹store key›");
}
