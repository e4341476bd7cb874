//! The store key: 32 random bytes that open the encrypted database and the blobs.
//!
//! It lives in the operating system's keyring (Windows Credential Manager, Secret Service). Where there is no
//! keyring it lives in a sealed file beside the store, and [`KeyHome`] says so, so that the health page can.
//! A small record, `key.json`, remembers which of the two it is; it never holds the open key.
//!
//! Deliberately absent: passwords of people, device keys (they live inside the encrypted store), any attempt
//! to guess a lost key.

mod ring;
mod sealed;

use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

use crate::files;
use crate::random::{self, NoRandomness};
use ring::{Ring, RingError, SystemRing};
use sealed::Sealed;

/// The record beside the store.
pub(crate) const KEY_RECORD_FILE: &str = "key.json";
const RECORD_VERSION: u16 = 1;
const KEY_BYTES: usize = 32;
const CHECK_BYTES: usize = 8;
const CHECK_DOMAIN: &[u8] = b"motcua/key-check/v1\0";
const DERIVE_DOMAIN: &[u8] = b"motcua/store-key/v1\0";

/// The key of one store. Wiped from memory when dropped; `Debug` shows nothing of it.
#[derive(Clone)]
pub struct StoreKey([u8; KEY_BYTES]);

impl Drop for StoreKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl StoreKey {
    /// A key made elsewhere, for example restored by a person from its paper copy.
    #[must_use]
    pub fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
        Self(bytes)
    }

    fn random() -> Result<Self, NoRandomness> {
        Ok(Self(random::bytes()?))
    }

    /// The key as SQLCipher takes it raw, so that no password stretching slows an opening.
    pub(crate) fn pragma(&self) -> Zeroizing<String> {
        let digits = Zeroizing::new(hex::encode(self.0));
        Zeroizing::new(format!("PRAGMA key = \"x'{}'\"", digits.as_str()))
    }

    /// A key for another purpose. The store key is uniformly random, so one hash separates purposes.
    pub(crate) fn derive(&self, purpose: &str) -> Zeroizing<[u8; KEY_BYTES]> {
        let mut hasher = Sha256::new();
        hasher.update(DERIVE_DOMAIN);
        hasher.update(purpose.as_bytes());
        hasher.update([0]);
        hasher.update(self.0);
        Zeroizing::new(hasher.finalize().into())
    }

    /// Eight bytes that tell a right key from a wrong one and tell nothing else about 256 random bits.
    fn check(&self) -> String {
        let mut hasher = Sha256::new();
        hasher.update(CHECK_DOMAIN);
        hasher.update(self.0);
        hex::encode(&hasher.finalize()[..CHECK_BYTES])
    }
}

impl fmt::Debug for StoreKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹store key›")
    }
}

/// Where the key lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyHome {
    /// In the operating system's keyring.
    Keyring,
    /// In a sealed file beside the store. This protects a copy of the folder that leaves the machine, not
    /// against an administrator of the machine.
    File,
}

/// Where a new key is to live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyPolicy {
    /// Try the keyring first; the sealed file is used only where the keyring does not answer. False for
    /// services and tests, which have no keyring.
    pub prefer_keyring: bool,
}

impl Default for KeyPolicy {
    fn default() -> Self {
        Self {
            prefer_keyring: true,
        }
    }
}

/// A key with what the health page tells about it.
#[derive(Debug)]
pub struct OpenedKey {
    /// The key.
    pub key: StoreKey,
    /// Where it lives.
    pub home: KeyHome,
    /// Whether it was made just now.
    pub created: bool,
}

/// Why there is no key. Each says what a person can do.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The store exists, its key does not. Only a backup with its own key, or the other machines' copies of
    /// the log, bring the data back: enrol this machine again.
    #[error(
        "the store's key is gone: restore the store from a backup, or enrol this machine again"
    )]
    Lost,
    /// The keyring holds the key but does not answer now. Signing in to the desktop or unlocking the keyring
    /// helps; nothing is lost.
    #[error("the keyring does not answer ({0}): unlock it and start again")]
    KeyringSilent(String),
    /// The sealed file belongs to another machine. Enrol this machine instead of copying the folder.
    #[error(
        "the key file was sealed on another machine: enrol this machine instead of copying the folder"
    )]
    OtherMachine,
    /// The record or the sealed key is not as written. Put back the file from the backup.
    #[error("the key record is damaged ({0}): put key.json back from a backup")]
    Damaged(String),
    /// The operating system gave no random bytes.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// The record could not be read or written.
    #[error("key record: {0}")]
    Io(#[from] io::Error),
}

impl KeyError {
    /// A stable code for the message catalogue.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Lost => "key_lost",
            Self::KeyringSilent(_) => "keyring_silent",
            Self::OtherMachine => "key_of_other_machine",
            Self::Damaged(_) => "key_damaged",
            Self::Random(_) => "no_randomness",
            Self::Io(_) => "key_io",
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Record {
    v: u16,
    check: String,
    #[serde(flatten)]
    place: Place,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "home", rename_all = "snake_case")]
enum Place {
    Keyring { entry: String },
    File(Sealed),
}

/// Opens the key of the store in `dir`, or makes one where neither key nor store exists yet.
///
/// The keyring is asked on a thread of its own and given up after two seconds.
///
/// # Errors
/// [`KeyError`]; its text says what helps.
pub fn open_key(dir: &Path, policy: KeyPolicy) -> Result<OpenedKey, KeyError> {
    let ring = policy.prefer_keyring.then_some(SystemRing);
    open_with(dir, ring)
}

fn open_with<R: Ring>(dir: &Path, ring: Option<R>) -> Result<OpenedKey, KeyError> {
    let path = dir.join(KEY_RECORD_FILE);
    match fs::read(&path) {
        Ok(bytes) => {
            let record: Record = serde_json::from_slice(&bytes)
                .map_err(|error| KeyError::Damaged(error.to_string()))?;
            reopen(&record, ring)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if dir.join(crate::store::DATABASE_FILE).exists() {
                return Err(KeyError::Lost);
            }
            files::create_private_dir(dir)?;
            create(&path, ring)
        }
        Err(error) => Err(error.into()),
    }
}

fn reopen<R: Ring>(record: &Record, ring: Option<R>) -> Result<OpenedKey, KeyError> {
    let (key, home) = match &record.place {
        Place::Keyring { entry } => {
            let found = match ring {
                Some(ring) => ring::get(ring, entry),
                // A key that was put into the keyring is only there, whatever the policy says today.
                None => ring::get(SystemRing, entry),
            };
            (found.map_err(KeyError::from)?, KeyHome::Keyring)
        }
        Place::File(sealed) => (sealed.open()?, KeyHome::File),
    };
    if key.check() != record.check {
        return Err(KeyError::Damaged(
            "it is the key of another store".to_owned(),
        ));
    }
    Ok(OpenedKey {
        key,
        home,
        created: false,
    })
}

fn create<R: Ring>(path: &Path, ring: Option<R>) -> Result<OpenedKey, KeyError> {
    let key = StoreKey::random()?;
    let entry = random::uuid()?.to_string();
    let in_ring = ring.is_some_and(|ring| match ring::put(ring, &entry, &key) {
        Ok(()) => true,
        Err(error) => {
            tracing::warn!(%error, "no keyring: the store key goes to a sealed file");
            false
        }
    });
    let (place, home) = if in_ring {
        (Place::Keyring { entry }, KeyHome::Keyring)
    } else {
        (Place::File(Sealed::seal(&key)?), KeyHome::File)
    };
    let record = Record {
        v: RECORD_VERSION,
        check: key.check(),
        place,
    };
    let bytes =
        serde_json::to_vec_pretty(&record).map_err(|error| KeyError::Damaged(error.to_string()))?;
    files::replace_private(path, &bytes)?;
    Ok(OpenedKey {
        key,
        home,
        created: true,
    })
}

impl From<RingError> for KeyError {
    fn from(error: RingError) -> Self {
        match error {
            RingError::Missing => Self::Lost,
            RingError::Silent(why) => Self::KeyringSilent(why),
            RingError::NotAKey => Self::Damaged("the keyring's entry is not a key".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests;
