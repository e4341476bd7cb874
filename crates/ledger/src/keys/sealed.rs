//! The sealed key file, for machines without a keyring.
//!
//! Sealed with XChaCha20-Poly1305 under a key made of the machine's identity and a random salt. Honest about
//! what that is worth: somebody who carries off the folder cannot open it on another machine; an
//! administrator of this machine, or a thief of its whole disk, can.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{KEY_BYTES, KeyError, StoreKey};
use crate::{machine, random};

const SEAL_DOMAIN: &[u8] = b"motcua/key-file/v1\0";
const SALT_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;

/// The sealed key as it stands in the record.
#[derive(Serialize, Deserialize)]
pub(super) struct Sealed {
    /// False where the machine has no identity to bind to; the file then protects nothing but its mode bits.
    bound: bool,
    salt: String,
    nonce: String,
    sealed: String,
}

impl Sealed {
    pub(super) fn seal(key: &StoreKey) -> Result<Self, KeyError> {
        let machine = machine::id();
        let salt = random::bytes::<SALT_BYTES>()?;
        let nonce = random::bytes::<NONCE_BYTES>()?;
        let cipher = cipher(&salt, machine.as_deref());
        let sealed = cipher
            .encrypt(
                XNonce::from_slice(&nonce),
                Payload {
                    msg: &key.0,
                    aad: SEAL_DOMAIN,
                },
            )
            .map_err(|_| KeyError::Damaged("sealing failed".to_owned()))?;
        Ok(Self {
            bound: machine.is_some(),
            salt: hex::encode(salt),
            nonce: hex::encode(nonce),
            sealed: hex::encode(sealed),
        })
    }

    pub(super) fn open(&self) -> Result<StoreKey, KeyError> {
        let salt: [u8; SALT_BYTES] = unhex(&self.salt)?;
        let nonce: [u8; NONCE_BYTES] = unhex(&self.nonce)?;
        let sealed =
            hex::decode(&self.sealed).map_err(|error| KeyError::Damaged(error.to_string()))?;
        let machine = if self.bound { machine::id() } else { None };
        let opened = cipher(&salt, machine.as_deref())
            .decrypt(
                XNonce::from_slice(&nonce),
                Payload {
                    msg: &sealed,
                    aad: SEAL_DOMAIN,
                },
            )
            .map(Zeroizing::new)
            .map_err(|_| KeyError::OtherMachine)?;
        let bytes = <[u8; KEY_BYTES]>::try_from(opened.as_slice())
            .map_err(|_| KeyError::Damaged("the sealed key has another length".to_owned()))?;
        Ok(StoreKey::from_bytes(bytes))
    }
}

fn cipher(salt: &[u8; SALT_BYTES], machine: Option<&str>) -> XChaCha20Poly1305 {
    let mut hasher = Sha256::new();
    hasher.update(SEAL_DOMAIN);
    hasher.update(salt);
    hasher.update(machine.unwrap_or_default().as_bytes());
    let key = Zeroizing::new(<[u8; KEY_BYTES]>::from(hasher.finalize()));
    XChaCha20Poly1305::new(key.as_slice().into())
}

fn unhex<const N: usize>(text: &str) -> Result<[u8; N], KeyError> {
    let mut bytes = [0_u8; N];
    hex::decode_to_slice(text, &mut bytes).map_err(|error| KeyError::Damaged(error.to_string()))?;
    Ok(bytes)
}
