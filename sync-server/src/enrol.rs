//! The enrolment code: six digits on the hub's screen, good for ten minutes and five wrong tries.
//! A machine without I/O; time and chance are passed in.

use motcua_ledger::exchange::enrol::ENROL_CODE_DIGITS;
use motcua_ledger::exchange::wire::{ENROL_CODE_SECONDS, codes};
use subtle::ConstantTimeEq as _;

use crate::limits::ENROL_TRIES_MAX;

/// Why a code does not let a machine in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnrolRefusal {
    /// No code is open, or it has run out, or it was used.
    #[error("no code is open")]
    Closed,
    /// It is another code.
    #[error("wrong code, {tries_left} tries left")]
    WrongCode {
        /// Tries until the code is closed.
        tries_left: u8,
    },
    /// Too many wrong tries: a person must open a new code.
    #[error("too many wrong codes")]
    Locked,
}

impl EnrolRefusal {
    /// Its code on the wire.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Closed => codes::ENROL_CLOSED,
            Self::WrongCode { .. } => codes::ENROL_WRONG_CODE,
            Self::Locked => codes::ENROL_LOCKED,
        }
    }
}

/// The one code that may be open.
#[derive(Clone, Debug, Default)]
pub struct EnrolDesk {
    open: Option<Open>,
}

#[derive(Clone, Debug)]
struct Open {
    code: String,
    until_ms: u64,
    wrong: u8,
    used_by: Option<[u8; 32]>,
}

impl EnrolDesk {
    /// Opens a code; the one before is closed. `chance` is uniform over `u32`.
    pub fn open(&mut self, chance: u32, now_ms: u64) -> String {
        let range = 10_u64.pow(u32::try_from(ENROL_CODE_DIGITS).unwrap_or(6));
        let number = u64::from(chance) * range / (u64::from(u32::MAX) + 1);
        let code = format!("{number:0ENROL_CODE_DIGITS$}");
        let until_ms = now_ms + ENROL_CODE_SECONDS * 1_000;
        self.open = Some(Open {
            code: code.clone(),
            until_ms,
            wrong: 0,
            used_by: None,
        });
        code
    }

    /// The code that a new machine may use now, with the milliseconds it is still good for.
    #[must_use]
    pub fn showing(&self, now_ms: u64) -> Option<(&str, u64)> {
        let open = self
            .open
            .as_ref()
            .filter(|open| open.is_good(now_ms) && open.used_by.is_none())?;
        Some((&open.code, open.until_ms - now_ms))
    }

    /// Whether wrong tries have closed the code.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.open
            .as_ref()
            .is_some_and(|open| open.wrong >= ENROL_TRIES_MAX)
    }

    /// Tries a code for the machine with this public key. A code lets one machine in; the same machine may ask
    /// again, because its first answer may have been lost.
    ///
    /// # Errors
    /// [`EnrolRefusal`].
    pub fn enter(
        &mut self,
        code: &str,
        public_key: [u8; 32],
        now_ms: u64,
    ) -> Result<(), EnrolRefusal> {
        let open = self.open.as_mut().ok_or(EnrolRefusal::Closed)?;
        if open.wrong >= ENROL_TRIES_MAX {
            return Err(EnrolRefusal::Locked);
        }
        if now_ms >= open.until_ms {
            return Err(EnrolRefusal::Closed);
        }
        if !bool::from(open.code.as_bytes().ct_eq(code.as_bytes())) {
            open.wrong += 1;
            let tries_left = ENROL_TRIES_MAX - open.wrong;
            return Err(if tries_left == 0 {
                EnrolRefusal::Locked
            } else {
                EnrolRefusal::WrongCode { tries_left }
            });
        }
        match open.used_by {
            Some(user) if user != public_key => Err(EnrolRefusal::Closed),
            _ => {
                open.used_by = Some(public_key);
                Ok(())
            }
        }
    }
}

impl Open {
    fn is_good(&self, now_ms: u64) -> bool {
        now_ms < self.until_ms && self.wrong < ENROL_TRIES_MAX
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DESK: [u8; 32] = [1; 32];
    const STRANGER: [u8; 32] = [2; 32];
    const TEN_MINUTES_MS: u64 = 600_000;

    fn opened() -> (EnrolDesk, String) {
        let mut desk = EnrolDesk::default();
        let code = desk.open(123_456_789, 0);
        (desk, code)
    }

    #[test]
    fn a_code_lets_one_machine_in_and_that_one_again() {
        let (mut desk, code) = opened();
        assert_eq!(desk.showing(0), Some((code.as_str(), TEN_MINUTES_MS)));
        assert_eq!(desk.enter(&code, DESK, 1), Ok(()));
        assert_eq!(
            desk.enter(&code, DESK, 2),
            Ok(()),
            "the first answer was lost"
        );
        assert_eq!(desk.enter(&code, STRANGER, 3), Err(EnrolRefusal::Closed));
        assert_eq!(desk.showing(4), None);
    }

    #[test]
    fn five_wrong_codes_close_it_even_for_the_right_one() {
        let (mut desk, code) = opened();
        for left in [4, 3, 2, 1] {
            let refusal = desk.enter("x", DESK, 0).unwrap_err();
            assert_eq!(refusal, EnrolRefusal::WrongCode { tries_left: left });
        }
        assert_eq!(desk.enter("x", DESK, 0), Err(EnrolRefusal::Locked));
        assert_eq!(desk.enter(&code, DESK, 0), Err(EnrolRefusal::Locked));
        assert!(desk.is_locked() && desk.showing(0).is_none());
        let next = desk.open(7, 0);
        assert_eq!(desk.enter(&next, DESK, 0), Ok(()));
    }

    #[test]
    fn after_ten_minutes_the_code_is_closed() {
        let (mut desk, code) = opened();
        assert_eq!(
            desk.enter(&code, DESK, TEN_MINUTES_MS),
            Err(EnrolRefusal::Closed)
        );
        assert_eq!(
            EnrolDesk::default().enter(&code, DESK, 0),
            Err(EnrolRefusal::Closed)
        );
    }

    proptest! {
        #[test]
        fn a_code_is_always_six_digits(chance: u32) {
            let code = EnrolDesk::default().open(chance, 0);
            prop_assert_eq!(code.len(), 6);
            prop_assert!(code.bytes().all(|b| b.is_ascii_digit()));
        }
    }
}
