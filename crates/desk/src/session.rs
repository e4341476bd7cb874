//! Who is at the counter: sign-in with a PIN, five tries, lock and unlock. All of it works offline.

use std::collections::HashMap;

use jiff::ToSpan;
use jiff::civil::DateTime;
use motcua_core::ids::{EntityId, SessionId, StaffId};
use motcua_core::office::{Office, Role, StaffSet};
use motcua_core::refusal::Refusal;

use crate::pin;

/// Wrong PINs before the account is locked (TCVN 14423:2026 5.5.2.2: at most five).
pub const TRIES_MAX: u8 = 5;
/// How long it stays locked, in hours (the same clause: from 12 hours).
pub(crate) const LOCK_HOURS: i64 = 12;
/// Minutes without a key before the screen locks itself (the same clause: at most 15).
pub(crate) const LOCK_AFTER_MINUTES: u16 = 15;
/// The same for people with administrative rights.
pub(crate) const LOCK_AFTER_MINUTES_ADMIN: u16 = 5;

/// A person at a counter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// This sign-in.
    pub id: SessionId,
    /// Who.
    pub staff: StaffId,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Where.
    pub counter: EntityId,
    /// What the hall calls it.
    pub counter_number: String,
    /// Since when.
    pub since: DateTime,
    /// The screen is locked: only the PIN opens it.
    pub locked: bool,
}

impl Session {
    /// Minutes without a key before this person's screen locks itself.
    #[must_use]
    pub fn lock_after_minutes(&self) -> u16 {
        if self.role == Role::Admin {
            LOCK_AFTER_MINUTES_ADMIN
        } else {
            LOCK_AFTER_MINUTES
        }
    }
}

/// Wrong tries on this machine. Kept in memory and on disk by the caller, so that a restart does not reset them.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Tries {
    by_staff: HashMap<StaffId, Tried>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
struct Tried {
    wrong: u8,
    locked_until: Option<DateTime>,
}

impl Tries {
    /// Until when a person is locked out.
    #[must_use]
    pub(crate) fn locked_until(&self, staff: StaffId, now: DateTime) -> Option<DateTime> {
        self.by_staff
            .get(&staff)?
            .locked_until
            .filter(|until| now < *until)
    }

    /// Checks a PIN and counts.
    ///
    /// # Errors
    /// [`Refusal::SignInRefused`] with the tries that are left, [`Refusal::AccountLocked`].
    pub(crate) fn check<'a>(
        &mut self,
        office: &'a Office,
        staff: StaffId,
        typed: &str,
        now: DateTime,
    ) -> Result<&'a StaffSet, Refusal> {
        if let Some(until) = self.locked_until(staff, now) {
            return Err(Refusal::AccountLocked { until });
        }
        let known = office.staff.get(&staff).filter(|person| person.active);
        let right = known.filter(|person| pin::is_right(typed, &person.pin));
        if let Some(person) = right {
            self.by_staff.remove(&staff);
            return Ok(person);
        }
        let tried = self.by_staff.entry(staff).or_default();
        if tried.locked_until.take().is_some() {
            tried.wrong = 0;
        }
        tried.wrong = tried.wrong.saturating_add(1);
        if tried.wrong >= TRIES_MAX {
            let until = now.saturating_add(LOCK_HOURS.hours());
            tried.locked_until = Some(until);
            return Err(Refusal::AccountLocked { until });
        }
        Err(Refusal::SignInRefused {
            tries_left: TRIES_MAX - tried.wrong,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::civil::date;
    use motcua_core::calendar::{DueOptions, OpeningHours};
    use motcua_core::office::OfficeSet;
    use motcua_core::queue::Policy;

    use super::*;

    fn office() -> Office {
        let mai = StaffSet {
            id: StaffId::derived("mai"),
            name: "Lò Thị Mai".into(),
            role: Role::Clerk,
            pin: pin::hash("2609").unwrap(),
            active: true,
        };
        Office {
            id: EntityId::derived("office"),
            profile: OfficeSet {
                name: "Trung tâm Phục vụ hành chính công xã Bản Mây".into(),
                agency: "UBND xã Bản Mây".into(),
                place: "Bản Mây".into(),
                province: String::new(),
                address: String::new(),
                phone: String::new(),
                org: "H56.6.17".parse().unwrap(),
                hours: OpeningHours::default(),
                due: DueOptions::default(),
                queue: Policy::default(),
                practice: true,
            },
            fields: BTreeMap::new(),
            counters: BTreeMap::new(),
            staff: BTreeMap::from([(mai.id, mai)]),
            catalogues: Vec::new(),
            last_seq: 0,
        }
    }

    #[test]
    fn five_wrong_pins_lock_the_account_for_half_a_day() {
        let (office, mai) = (office(), StaffId::derived("mai"));
        let now = date(2026, 11, 23).at(8, 0, 0, 0);
        let mut tries = Tries::default();
        for left in (1..TRIES_MAX).rev() {
            let refused = Refusal::SignInRefused { tries_left: left };
            assert_eq!(tries.check(&office, mai, "0000", now), Err(refused));
        }
        let until = date(2026, 11, 23).at(20, 0, 0, 0);
        assert_eq!(
            tries.check(&office, mai, "0000", now),
            Err(Refusal::AccountLocked { until })
        );
        assert_eq!(
            tries.check(&office, mai, "2609", now),
            Err(Refusal::AccountLocked { until })
        );
        let evening = date(2026, 11, 23).at(20, 1, 0, 0);
        assert!(tries.check(&office, mai, "2609", evening).is_ok());
    }

    #[test]
    fn the_right_pin_forgets_the_wrong_ones() {
        let (office, mai) = (office(), StaffId::derived("mai"));
        let now = date(2026, 11, 23).at(8, 0, 0, 0);
        let mut tries = Tries::default();
        let _ = tries.check(&office, mai, "0000", now);
        assert!(tries.check(&office, mai, "2609", now).is_ok());
        assert_eq!(tries, Tries::default());
        assert!(
            tries
                .check(&office, StaffId::derived("nobody"), "2609", now)
                .is_err()
        );
    }
}
