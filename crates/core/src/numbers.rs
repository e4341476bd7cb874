//! Numbers without a meeting: every issuer owns a permanent slice of each series, no two share one.
//!
//! A dossier number is the order of the day, four digits (TT 01/2018/TT-VPCP Đ19). The hub hands out
//! consecutive numbers from its slice; a counter that is alone takes from its own. So nothing expires and
//! nothing has to agree; a slice that is used up is a refusal, never a silent neighbour's number.

use std::fmt;
use std::ops::RangeInclusive;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Slots that enrolled counters may have: 0–29.
pub const COUNTER_SLOTS: u16 = 30;

/// What is numbered, each from 1 every day.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "series", rename_all = "snake_case")]
pub enum Series {
    /// Dossiers of the office.
    Dossier,
    /// Tickets of one queue field, by its letter.
    Ticket {
        /// The field's letter.
        letter: String,
    },
}

impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dossier => f.write_str("dossier"),
            Self::Ticket { letter } => write!(f, "ticket:{letter}"),
        }
    }
}

/// Who gives out numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "issuer", content = "slot", rename_all = "snake_case")]
pub enum Issuer {
    /// The office's hub.
    Hub,
    /// A machine that became the hub: 0 or 1.
    SpareHub(u16),
    /// A counter alone: 0 to [`COUNTER_SLOTS`] − 1.
    Counter(u16),
}

/// The slice of a series that an issuer owns, or none where the slot does not exist.
///
/// Dossiers: hub 1–4999, spare hubs 5000–5999 and 6000–6999, counters 7000–9999 in hundreds.
/// Tickets: hub 1–999, spare hubs 1000–1499 and 1500–1999, counters 2000–4999 in hundreds; so a number of four
/// digits tells that the counter was alone.
#[must_use]
pub fn slice(series: &Series, issuer: Issuer) -> Option<RangeInclusive<u32>> {
    let plan = match series {
        Series::Dossier => Plan {
            hub: 4999,
            spare: 1000,
            counter: 100,
            spare_from: 5000,
            counter_from: 7000,
        },
        Series::Ticket { .. } => Plan {
            hub: 999,
            spare: 500,
            counter: 100,
            spare_from: 1000,
            counter_from: 2000,
        },
    };
    plan.slice(issuer)
}

struct Plan {
    hub: u32,
    spare: u32,
    counter: u32,
    spare_from: u32,
    counter_from: u32,
}

impl Plan {
    fn slice(&self, issuer: Issuer) -> Option<RangeInclusive<u32>> {
        let (from, len) = match issuer {
            Issuer::Hub => return Some(1..=self.hub),
            Issuer::SpareHub(slot) if slot < 2 => {
                (self.spare_from + self.spare * u32::from(slot), self.spare)
            }
            Issuer::Counter(slot) if slot < COUNTER_SLOTS => (
                self.counter_from + self.counter * u32::from(slot),
                self.counter,
            ),
            _ => return None,
        };
        Some(from..=from + len - 1)
    }
}

/// The next number of a slice after `used`, the highest that was given out; none when it is used up.
#[must_use]
pub fn next_in(slice: &RangeInclusive<u32>, used: Option<u32>) -> Option<u32> {
    let next = used.map_or(*slice.start(), |n| n + 1);
    slice.contains(&next).then_some(next)
}

/// What a ticket is called: the field's letter and three digits, four from a counter that is alone.
#[must_use]
pub fn ticket_label(letter: &str, number: u32) -> String {
    format!("{letter}{number:03}")
}

/// A number of a series on a day: unique in the office for ever.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Numbered {
    /// What is numbered.
    pub series: Series,
    /// The local day.
    pub day: Date,
    /// From 1.
    pub number: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issuers() -> Vec<Issuer> {
        let counters = (0..COUNTER_SLOTS).map(Issuer::Counter);
        [Issuer::Hub, Issuer::SpareHub(0), Issuer::SpareHub(1)]
            .into_iter()
            .chain(counters)
            .collect()
    }

    #[test]
    fn no_two_issuers_share_a_number() {
        for (series, last) in [
            (Series::Dossier, 9999),
            (Series::Ticket { letter: "A".into() }, 4999),
        ] {
            let mut all: Vec<u32> = issuers()
                .into_iter()
                .flat_map(|i| slice(&series, i).unwrap())
                .collect();
            let count = all.len();
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), count, "{series}");
            assert_eq!(
                (all[0], all[count - 1], count),
                (1, last, last as usize),
                "{series}"
            );
        }
    }

    #[test]
    fn a_counter_alone_stops_at_the_end_of_its_hundred() {
        let own = slice(&Series::Dossier, Issuer::Counter(3)).unwrap();
        assert_eq!(own, 7300..=7399);
        assert_eq!(next_in(&own, None), Some(7300));
        assert_eq!(next_in(&own, Some(7398)), Some(7399));
        assert_eq!(next_in(&own, Some(7399)), None);
    }

    #[test]
    fn a_slot_beyond_the_plan_owns_nothing() {
        assert_eq!(
            slice(&Series::Dossier, Issuer::Counter(COUNTER_SLOTS)),
            None
        );
        assert_eq!(slice(&Series::Dossier, Issuer::SpareHub(2)), None);
    }

    #[test]
    fn ticket_labels_have_one_width() {
        assert_eq!(ticket_label("A", 7), "A007");
    }
}
