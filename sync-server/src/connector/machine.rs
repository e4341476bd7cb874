//! What becomes of one message to the province: a function from what was seen to what to do next.
//!
//! Three outcomes a call: yes, no, unknown. Unknown is the normal hard case, and the rule for it is the whole
//! point: look up before any resend. Only what is surely absent, seen twice and some time apart, is sent
//! again, with the same key.

use motcua_core::dossier::ProvinceOutcome;
use motcua_ledger::exchange::backoff::Backoff;
use motcua_ledger::hub::{ForwardJob, ForwardState};

use super::gateway::{LookedUp, NotTaken, Sent};

/// How long a dossier must stay absent before it counts as surely absent, in milliseconds.
pub const ABSENT_APART_MS: i64 = 120_000;
/// Look-ups that lead nowhere before a person must decide.
pub const FRUITLESS_LOOKUPS_MAX: u32 = 5;
/// The code under which the office hears that nobody can tell whether the province has it.
pub const CODE_OUTCOME_UNKNOWN: &str = "outcome_unknown";
/// The code under which the office hears that the province has another dossier of the same number.
pub const CODE_OTHER_DOSSIER: &str = "other_dossier";

/// What was seen of a message since this run of the hub began. Lost at a restart, which only means looking
/// longer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memo {
    /// When it was first found absent, milliseconds since 1970.
    pub absent_since_ms: Option<i64>,
    /// The province said that it has one.
    pub is_said_to_exist: bool,
    /// Look-ups that led nowhere.
    pub fruitless: u32,
}

/// What is passed in: time and chance.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    /// Milliseconds since 1970.
    pub ms: i64,
    /// Uniform over `u32`.
    pub chance: u32,
    /// See [`ABSENT_APART_MS`].
    pub absent_apart_ms: i64,
}

/// What to do next with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Send it as it is.
    Send,
    /// Send it as a change of what the province has.
    SendUpdate,
    /// Look it up.
    LookUp,
    /// Write it back.
    Settle(Settled),
}

/// How a message is written back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// Where it stands now.
    pub state: ForwardState,
    /// Not before this time, milliseconds since 1970.
    pub not_before_ms: i64,
    /// What the office is told.
    pub answer: Option<ProvinceOutcome>,
}

/// The first step with a message that was claimed.
#[must_use]
pub fn begin(job: &ForwardJob) -> Step {
    match job.state {
        ForwardState::Queued => Step::Send,
        // Whatever else it says: looking it up is the one step that can do no harm.
        _ => Step::LookUp,
    }
}

/// After sending.
#[must_use]
pub fn after_send(job: &ForwardJob, memo: &mut Memo, sent: &Sent, now: Now) -> Step {
    match sent {
        Sent::Accepted { external_id } => confirmed(external_id.clone()),
        Sent::Exists => {
            memo.is_said_to_exist = true;
            Step::LookUp
        }
        Sent::Refused { code, message } => parked(code.clone(), message.clone()),
        Sent::NotTaken(why) => later(job, ForwardState::Queued, why, now),
        Sent::Unknown(_) => wait(job, ForwardState::Unknown, None, now),
    }
}

/// After looking up.
#[must_use]
pub fn after_look_up(job: &ForwardJob, memo: &mut Memo, found: &LookedUp, now: Now) -> Step {
    match found {
        LookedUp::Same { external_id } => confirmed(external_id.clone()),
        LookedUp::Ours => Step::SendUpdate,
        LookedUp::Other => parked(CODE_OTHER_DOSSIER.to_owned(), String::new()),
        LookedUp::Absent if memo.is_said_to_exist => fruitless(job, memo, now),
        LookedUp::Absent => absent(memo, now),
        LookedUp::NotOffered => fruitless(job, memo, now),
        LookedUp::NotTaken(why) => later(job, ForwardState::Unknown, why, now),
        LookedUp::Unknown(_) => wait(job, ForwardState::Unknown, None, now),
    }
}

/// When a message has gone round too often in one claim.
#[must_use]
pub fn exhausted(job: &ForwardJob, now: Now) -> Settled {
    settled(ForwardState::Unknown, until(job, None, now))
}

fn absent(memo: &mut Memo, now: Now) -> Step {
    let since_ms = *memo.absent_since_ms.get_or_insert(now.ms);
    if now.ms.saturating_sub(since_ms) >= now.absent_apart_ms {
        *memo = Memo::default();
        return Step::Settle(settled(ForwardState::Queued, now.ms));
    }
    let again_ms = since_ms.saturating_add(now.absent_apart_ms);
    Step::Settle(settled(ForwardState::Unknown, again_ms))
}

/// The province cannot tell. It is asked a few times, because it may lag; then a person decides.
fn fruitless(job: &ForwardJob, memo: &mut Memo, now: Now) -> Step {
    memo.fruitless += 1;
    if memo.fruitless >= FRUITLESS_LOOKUPS_MAX {
        return parked(CODE_OUTCOME_UNKNOWN.to_owned(), String::new());
    }
    wait(job, ForwardState::Unknown, None, now)
}

fn confirmed(external_id: Option<String>) -> Step {
    let answer = Some(ProvinceOutcome::Confirmed { external_id });
    Step::Settle(Settled {
        answer,
        ..settled(ForwardState::Confirmed, 0)
    })
}

fn parked(code: String, message: String) -> Step {
    let answer = Some(ProvinceOutcome::Refused { code, message });
    Step::Settle(Settled {
        answer,
        ..settled(ForwardState::Parked, 0)
    })
}

fn later(job: &ForwardJob, state: ForwardState, why: &NotTaken, now: Now) -> Step {
    let asked_ms = match why {
        NotTaken::Later { retry_after_ms } => *retry_after_ms,
        _ => None,
    };
    wait(job, state, asked_ms, now)
}

fn wait(job: &ForwardJob, state: ForwardState, asked_ms: Option<u64>, now: Now) -> Step {
    Step::Settle(settled(state, until(job, asked_ms, now)))
}

fn until(job: &ForwardJob, asked_ms: Option<u64>, now: Now) -> i64 {
    let wait_ms = Backoff::after(job.attempts.saturating_sub(1)).fail(now.chance, asked_ms);
    now.ms
        .saturating_add(i64::try_from(wait_ms).unwrap_or(i64::MAX))
}

fn settled(state: ForwardState, not_before_ms: i64) -> Settled {
    Settled {
        state,
        not_before_ms,
        answer: None,
    }
}

#[cfg(test)]
mod tests {
    use motcua_core::ids::{EntityId, Hash};

    use super::*;

    const NOW: Now = Now {
        ms: 1_000_000,
        chance: u32::MAX,
        absent_apart_ms: ABSENT_APART_MS,
    };

    fn job(state: ForwardState, attempts: u32) -> ForwardJob {
        ForwardJob {
            id: 1,
            dossier: EntityId::derived("hồ sơ"),
            seq: 7,
            key: Hash::of(b"key"),
            state,
            attempts,
            not_before_ms: 0,
            request: None,
            response: None,
        }
    }

    fn queued() -> ForwardJob {
        job(ForwardState::Queued, 1)
    }

    fn at(ms: i64) -> Now {
        Now { ms, ..NOW }
    }

    fn state_of(step: &Step) -> (ForwardState, i64) {
        match step {
            Step::Settle(settled) => (settled.state.clone(), settled.not_before_ms),
            other => panic!("{other:?}"),
        }
    }

    fn refused_code(step: &Step) -> String {
        match step {
            Step::Settle(Settled {
                state: ForwardState::Parked,
                answer: Some(ProvinceOutcome::Refused { code, .. }),
                ..
            }) => code.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn only_a_queued_message_is_sent_everything_else_is_looked_up_first() {
        assert_eq!(begin(&queued()), Step::Send);
        for state in [
            ForwardState::Unknown,
            ForwardState::Sending,
            ForwardState::Parked,
        ] {
            assert_eq!(begin(&job(state, 2)), Step::LookUp);
        }
    }

    #[test]
    fn a_yes_is_told_to_the_office() {
        let sent = Sent::Accepted {
            external_id: Some("9".into()),
        };
        let step = after_send(&queued(), &mut Memo::default(), &sent, NOW);
        let Step::Settle(settled) = step else {
            panic!("{step:?}")
        };
        assert_eq!(settled.state, ForwardState::Confirmed);
        assert_eq!(
            settled.answer,
            Some(ProvinceOutcome::Confirmed {
                external_id: Some("9".into())
            })
        );
    }

    #[test]
    fn a_no_is_parked_and_told_to_the_office() {
        let sent = Sent::Refused {
            code: "3".into(),
            message: "MaTTHC: bắt buộc".into(),
        };
        let step = after_send(&queued(), &mut Memo::default(), &sent, NOW);
        assert_eq!(refused_code(&step), "3");
    }

    #[test]
    fn what_the_province_surely_did_not_take_is_sent_again_later() {
        for (why, until_ms) in [
            (NotTaken::NoConnection, NOW.ms + 1_000),
            (NotTaken::WrongCredentials, NOW.ms + 1_000),
            (NotTaken::Misdirected { status: 404 }, NOW.ms + 1_000),
            (
                NotTaken::Later {
                    retry_after_ms: Some(30_000),
                },
                NOW.ms + 31_000,
            ),
        ] {
            let step = after_send(&queued(), &mut Memo::default(), &Sent::NotTaken(why), NOW);
            assert_eq!(state_of(&step), (ForwardState::Queued, until_ms));
        }
    }

    #[test]
    fn an_outage_of_hours_is_waited_out_five_minutes_at_a_time() {
        let job = job(ForwardState::Queued, 200);
        let step = after_send(
            &job,
            &mut Memo::default(),
            &Sent::NotTaken(NotTaken::NoConnection),
            NOW,
        );
        assert_eq!(state_of(&step), (ForwardState::Queued, NOW.ms + 300_000));
    }

    #[test]
    fn five_hundred_after_success_is_found_and_confirmed_without_a_resend() {
        let mut memo = Memo::default();
        let step = after_send(&queued(), &mut memo, &Sent::Unknown("status_500"), NOW);
        assert_eq!(state_of(&step).0, ForwardState::Unknown);
        let unknown = job(ForwardState::Unknown, 2);
        assert_eq!(begin(&unknown), Step::LookUp);
        let found = LookedUp::Same { external_id: None };
        let step = after_look_up(&unknown, &mut memo, &found, NOW);
        assert_eq!(state_of(&step).0, ForwardState::Confirmed);
    }

    #[test]
    fn an_absent_dossier_is_sent_again_only_after_two_looks_some_time_apart() {
        let (mut memo, unknown) = (Memo::default(), job(ForwardState::Unknown, 2));
        let step = after_look_up(&unknown, &mut memo, &LookedUp::Absent, at(0));
        assert_eq!(state_of(&step), (ForwardState::Unknown, ABSENT_APART_MS));
        let step = after_look_up(
            &unknown,
            &mut memo,
            &LookedUp::Absent,
            at(ABSENT_APART_MS - 1),
        );
        assert_eq!(
            state_of(&step),
            (ForwardState::Unknown, ABSENT_APART_MS),
            "too soon after the first"
        );
        let step = after_look_up(&unknown, &mut memo, &LookedUp::Absent, at(ABSENT_APART_MS));
        assert_eq!(state_of(&step), (ForwardState::Queued, ABSENT_APART_MS));
        assert_eq!(memo, Memo::default());
    }

    #[test]
    fn said_to_exist_is_looked_up_and_equal_content_is_a_yes() {
        let mut memo = Memo::default();
        assert_eq!(
            after_send(&queued(), &mut memo, &Sent::Exists, NOW),
            Step::LookUp
        );
        let step = after_look_up(
            &queued(),
            &mut memo,
            &LookedUp::Same { external_id: None },
            NOW,
        );
        assert_eq!(state_of(&step).0, ForwardState::Confirmed);
    }

    #[test]
    fn our_dossier_with_older_content_is_sent_as_a_change() {
        let step = after_look_up(&queued(), &mut Memo::default(), &LookedUp::Ours, NOW);
        assert_eq!(step, Step::SendUpdate);
    }

    #[test]
    fn somebody_elses_dossier_of_the_same_number_needs_a_person() {
        let step = after_look_up(&queued(), &mut Memo::default(), &LookedUp::Other, NOW);
        assert_eq!(refused_code(&step), CODE_OTHER_DOSSIER);
    }

    #[test]
    fn a_province_that_says_it_exists_and_does_not_find_it_needs_a_person_in_the_end() {
        let mut memo = Memo::default();
        let _ = after_send(&queued(), &mut memo, &Sent::Exists, NOW);
        for _ in 1..FRUITLESS_LOOKUPS_MAX {
            let step = after_look_up(&queued(), &mut memo, &LookedUp::Absent, NOW);
            assert_eq!(
                state_of(&step).0,
                ForwardState::Unknown,
                "never sent again blindly"
            );
        }
        let step = after_look_up(&queued(), &mut memo, &LookedUp::Absent, NOW);
        assert_eq!(refused_code(&step), CODE_OUTCOME_UNKNOWN);
    }

    #[test]
    fn without_a_look_up_the_outcome_stays_unknown_until_a_person_decides() {
        let (mut memo, unknown) = (Memo::default(), job(ForwardState::Unknown, 2));
        for _ in 1..FRUITLESS_LOOKUPS_MAX {
            let step = after_look_up(&unknown, &mut memo, &LookedUp::NotOffered, NOW);
            assert_eq!(state_of(&step).0, ForwardState::Unknown);
        }
        let step = after_look_up(&unknown, &mut memo, &LookedUp::NotOffered, NOW);
        assert_eq!(refused_code(&step), CODE_OUTCOME_UNKNOWN);
    }

    #[test]
    fn a_look_up_without_an_answer_is_repeated_for_ever() {
        let (mut memo, unknown) = (Memo::default(), job(ForwardState::Unknown, 500));
        for found in [
            LookedUp::Unknown("timeout"),
            LookedUp::NotTaken(NotTaken::NoConnection),
        ] {
            let step = after_look_up(&unknown, &mut memo, &found, NOW);
            assert_eq!(state_of(&step), (ForwardState::Unknown, NOW.ms + 300_000));
        }
        assert_eq!(memo.fruitless, 0);
    }
}
