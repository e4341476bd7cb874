//! The keyring behind a deadline. Asking it may open a dialogue, wait for a service that never comes, or hang
//! on a bus: the desk must not.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use zeroize::Zeroizing;

use super::{KEY_BYTES, StoreKey};

/// How long the keyring may take for one answer.
pub(super) const KEYRING_DEADLINE_MS: u64 = 2_000;
const SERVICE: &str = "vn.motcua.store";

/// Why the keyring gave nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum RingError {
    /// It answers, and has no such entry.
    #[error("no such entry")]
    Missing,
    /// It does not answer, is locked, or does not exist.
    #[error("{0}")]
    Silent(String),
    /// What it has is not 32 bytes.
    #[error("the entry is not a key")]
    NotAKey,
}

/// A place that keeps secrets by name.
pub(super) trait Ring: Send + 'static {
    fn get(&self, entry: &str) -> Result<Zeroizing<Vec<u8>>, RingError>;
    fn set(&self, entry: &str, secret: &[u8]) -> Result<(), RingError>;
}

/// The operating system's keyring.
pub(super) struct SystemRing;

impl SystemRing {
    fn entry(name: &str) -> Result<keyring::Entry, RingError> {
        keyring::Entry::new(SERVICE, name).map_err(|error| ring_error(&error))
    }
}

impl Ring for SystemRing {
    fn get(&self, entry: &str) -> Result<Zeroizing<Vec<u8>>, RingError> {
        let secret = Self::entry(entry)?
            .get_secret()
            .map_err(|error| ring_error(&error))?;
        Ok(Zeroizing::new(secret))
    }

    fn set(&self, entry: &str, secret: &[u8]) -> Result<(), RingError> {
        Self::entry(entry)?
            .set_secret(secret)
            .map_err(|error| ring_error(&error))
    }
}

fn ring_error(error: &keyring::Error) -> RingError {
    match error {
        keyring::Error::NoEntry => RingError::Missing,
        other => RingError::Silent(other.to_string()),
    }
}

/// Reads a key.
pub(super) fn get(ring: impl Ring, entry: &str) -> Result<StoreKey, RingError> {
    let name = entry.to_owned();
    let secret = within_deadline(move || ring.get(&name))?;
    let bytes = <[u8; KEY_BYTES]>::try_from(secret.as_slice()).map_err(|_| RingError::NotAKey)?;
    Ok(StoreKey::from_bytes(bytes))
}

/// Keeps a key and reads it back: some keyrings accept a secret and forget it at once.
pub(super) fn put(ring: impl Ring, entry: &str, key: &StoreKey) -> Result<(), RingError> {
    let name = entry.to_owned();
    let secret = Zeroizing::new(key.0.to_vec());
    within_deadline(move || {
        ring.set(&name, &secret)?;
        let kept = ring.get(&name)?;
        if *kept == *secret {
            Ok(())
        } else {
            Err(RingError::NotAKey)
        }
    })
}

/// Runs `ask` on a thread of its own. A thread that hangs is left behind; its late answer goes nowhere.
fn within_deadline<T: Send + 'static>(
    ask: impl FnOnce() -> Result<T, RingError> + Send + 'static,
) -> Result<T, RingError> {
    let (tell, answer) = mpsc::sync_channel(1);
    thread::Builder::new()
        .name("keyring".to_owned())
        .spawn(move || drop(tell.send(ask())))
        .map_err(|error| RingError::Silent(error.to_string()))?;
    answer
        .recv_timeout(Duration::from_millis(KEYRING_DEADLINE_MS))
        .unwrap_or_else(|_| {
            Err(RingError::Silent(format!(
                "no answer within {KEYRING_DEADLINE_MS} ms"
            )))
        })
}
