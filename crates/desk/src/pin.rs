//! PINs: argon2id strings, checked without the network.

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};

/// Digits of a PIN at least.
pub const PIN_DIGITS_MIN: usize = 4;
/// Characters of a PIN or password at most.
pub(crate) const PIN_CHARS_MAX: usize = 64;
/// Memory of one check in KiB: 19 MiB, the lowest of the usual recommendations, for old PCs.
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over that memory.
const PASSES: u32 = 2;

/// A PIN that may not be used, or random bytes that could not be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PinError {
    /// Too short or too long.
    #[error("a PIN has {PIN_DIGITS_MIN} to {PIN_CHARS_MAX} characters")]
    Length,
    /// The system gave no random bytes or not enough memory.
    #[error("the PIN could not be hashed")]
    Hash,
}

/// The string that is kept of a PIN.
///
/// # Errors
/// [`PinError`].
pub(crate) fn hash(pin: &str) -> Result<String, PinError> {
    if !(PIN_DIGITS_MIN..=PIN_CHARS_MAX).contains(&pin.chars().count()) {
        return Err(PinError::Length);
    }
    let mut salt = [0_u8; 16];
    getrandom::fill(&mut salt).map_err(|_| PinError::Hash)?;
    let salt = SaltString::encode_b64(&salt).map_err(|_| PinError::Hash)?;
    let hashed = argon()
        .hash_password(pin.as_bytes(), &salt)
        .map_err(|_| PinError::Hash)?;
    Ok(hashed.to_string())
}

/// Whether `pin` is the one that `kept` was made from. Takes about as long for a wrong one.
#[must_use]
pub(crate) fn is_right(pin: &str, kept: &str) -> bool {
    PasswordHash::new(kept).is_ok_and(|kept| argon().verify_password(pin.as_bytes(), &kept).is_ok())
}

fn argon() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).unwrap_or(Params::DEFAULT);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_pin_opens_and_no_other_does() {
        let kept = hash("260915").unwrap();
        assert!(is_right("260915", &kept));
        assert!(!is_right("260916", &kept));
        assert!(!kept.contains("260915"));
        assert!(!is_right("260915", "not a hash"));
    }

    #[test]
    fn a_short_pin_is_refused() {
        assert_eq!(hash("123"), Err(PinError::Length));
    }
}
