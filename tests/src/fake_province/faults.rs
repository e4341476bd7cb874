//! What can go wrong with one call, as data.
//!
//! Two independent questions make every hard case: was the record accepted, and what did the
//! caller see? "Accepted, and the caller saw an error" is the one that loses or doubles dossiers.

use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::time::Duration;

/// What the caller sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The honest answer.
    Normal,
    /// Another HTTP status with a short text.
    Status(u16),
    /// Status 200 and a page in HTML, as a proxy in between would give.
    ProxyPage,
    /// The first half of the honest answer, then the connection breaks.
    HalfBody,
    /// The connection breaks before a byte of the answer.
    Reset,
    /// A refusal by the schema, whatever the record.
    SchemaRefusal,
    /// 401, as if the token had just run out.
    Unauthorised,
    /// "Đã tồn tại", as when a gateway delivered the request twice.
    AlreadyExists,
    /// Nothing, for as long as the caller waits.
    Never,
}

/// One way of going wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Whether the record is accepted all the same.
    pub accepts: bool,
    /// How long the call takes before it is looked at, in milliseconds.
    #[serde(default)]
    pub delay_milliseconds: u64,
    /// What the caller sees.
    pub answer: Answer,
}

impl Fault {
    /// Accepted and answered, late.
    pub fn slow(delay: Duration) -> Self {
        let delay_milliseconds = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX);
        Self {
            accepts: true,
            delay_milliseconds,
            answer: Answer::Normal,
        }
    }

    /// Accepted, but the caller sees `answer`.
    pub fn accepted_but(answer: Answer) -> Self {
        Self {
            accepts: true,
            delay_milliseconds: 0,
            answer,
        }
    }

    /// Nothing is accepted and the caller sees `answer`.
    pub fn not_accepted(answer: Answer) -> Self {
        Self {
            accepts: false,
            delay_milliseconds: 0,
            answer,
        }
    }
}

/// A fault with the calls it strikes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Only calls of this service; every call when absent.
    #[serde(default)]
    pub service: Option<String>,
    /// For so many calls; for all of them until cleared when absent.
    #[serde(default)]
    pub times: Option<u32>,
    /// What happens to them.
    pub fault: Fault,
}

/// The rules in force, oldest first.
#[derive(Debug, Default)]
pub(super) struct Rules(VecDeque<Rule>);

impl Rules {
    pub(super) fn add(&mut self, rule: Rule) {
        self.0.push_back(rule);
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The fault that strikes a call of `service`, used up by one.
    pub(super) fn take(&mut self, service: &str) -> Option<Fault> {
        let strikes = |rule: &Rule| rule.service.as_deref().is_none_or(|it| it == service);
        self.0.retain(|rule| rule.times != Some(0));
        let rule = self.0.iter_mut().find(|rule| strikes(rule))?;
        rule.times = rule.times.map(|times| times - 1);
        Some(rule.fault.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_used_up_in_order_and_only_by_their_service() {
        let mut rules = Rules::default();
        let rule = |service: Option<&str>, times, answer| Rule {
            service: service.map(str::to_owned),
            times,
            fault: Fault::not_accepted(answer),
        };
        rules.add(rule(Some("DongBoHoSoMC"), Some(2), Answer::Status(500)));
        rules.add(rule(None, Some(1), Answer::Reset));
        let mut seen = |service| rules.take(service).map(|fault| fault.answer);
        assert_eq!(seen("TraCuuHoSo"), Some(Answer::Reset));
        assert_eq!(seen("TraCuuHoSo"), None);
        assert_eq!(seen("DongBoHoSoMC"), Some(Answer::Status(500)));
        assert_eq!(seen("DongBoHoSoMC"), Some(Answer::Status(500)));
        assert_eq!(seen("DongBoHoSoMC"), None);
    }

    #[test]
    fn a_rule_without_a_count_stays_until_cleared() {
        let mut rules = Rules::default();
        let fault = Fault::slow(Duration::from_secs(3));
        rules.add(Rule {
            service: None,
            times: None,
            fault: fault.clone(),
        });
        for _ in 0..5 {
            assert_eq!(rules.take("DongBoHoSoMC"), Some(fault.clone()));
        }
        rules.clear();
        assert_eq!(rules.take("DongBoHoSoMC"), None);
    }
}
