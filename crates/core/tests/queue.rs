//! The hall on an ordinary morning, then its edges: who is next, and what a second counter is told.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on stops where it is"
)]

use jiff::civil::{DateTime, date};
use motcua_core::event::Event;
use motcua_core::ids::{BootId, DeviceId, EntityId, Hash, ScopeId, SessionId, StaffId};
use motcua_core::op::{ClockReading, OpId, Place, SealedOp, Stamp};
use motcua_core::queue::{self, Command, Policy, PriorityReason, Ticket, TicketState};
use motcua_core::refusal::Refusal;
use motcua_core::state::{Decision, Entry, State};
use proptest::prelude::*;

fn id(name: &str) -> EntityId {
    EntityId::derived(name)
}

fn at(minute: i8) -> DateTime {
    date(2026, 11, 23).at(8, minute, 0, 0)
}

/// A hall that only tests have: it folds every event as if the log had applied it.
struct Hall {
    tickets: Vec<Ticket>,
    dseq: u64,
}

impl Hall {
    fn new() -> Self {
        Self {
            tickets: Vec::new(),
            dseq: 0,
        }
    }

    fn stamp() -> Stamp {
        let boot = BootId(DeviceId::derived("boot").0);
        Stamp {
            actor: StaffId::derived("Lò Thị Mai"),
            session: SessionId::derived("sáng"),
            clock: ClockReading {
                wall_ms: 0,
                off_ms: None,
                mono_ms: 0,
                boot,
            },
        }
    }

    fn say(&mut self, entity: EntityId, event: &Event) -> Decision {
        self.dseq += 1;
        let place = Place {
            id: OpId {
                device: DeviceId::derived("quầy 1"),
                epoch: 1,
                dseq: self.dseq,
            },
            prev: Hash::ZERO,
            scope: ScopeId("H56.6.17".into()),
            base: 0,
        };
        let sealed = SealedOp::seal(place, Self::stamp(), entity, event).unwrap();
        let entry = Entry {
            seq: Some(self.dseq),
            op: &sealed.op,
            event,
        };
        let known = self.tickets.iter().position(|t| t.id == entity);
        let state = known.map(|i| State::Ticket(Box::new(self.tickets[i].clone())));
        let decision = State::judge(state.as_ref(), entry);
        if let Some(ticket) = State::fold(state, entry, &decision).and_then(State::into_ticket) {
            match known {
                Some(i) => self.tickets[i] = ticket,
                None => self.tickets.push(ticket),
            }
        }
        decision
    }

    fn ask(&mut self, command: Command, now: DateTime) -> Result<Decision, Refusal> {
        let name = |c| {
            if c == id("quầy 1") {
                "1".to_owned()
            } else {
                "2".to_owned()
            }
        };
        let (entity, event) = queue::decide(&self.tickets, command, Policy::default(), name, now)?;
        Ok(self.say(entity, &event))
    }

    fn issue(&mut self, number: u32, priority: Option<PriorityReason>, minute: i8) {
        let ticket = id(&format!("vé {number}"));
        let command = Command::Issue {
            id: ticket,
            field: id("hộ tịch"),
            letter: "A".into(),
            number,
            priority,
        };
        assert_eq!(self.ask(command, at(minute)), Ok(Decision::Applied));
    }

    fn call_next(&mut self, counter: &str, minute: i8) -> Result<String, Refusal> {
        self.ask(
            Command::CallNext {
                counter: id(counter),
                fields: vec![id("hộ tịch")],
            },
            at(minute),
        )?;
        Ok(self.in_hand(counter).unwrap())
    }

    fn in_hand(&self, counter: &str) -> Option<String> {
        self.tickets
            .iter()
            .find(|t| t.in_hand_of() == Some(id(counter)))
            .map(|t| t.issued.label.clone())
    }

    fn finish(&mut self, counter: &str, minute: i8) {
        let command = Command::Finish {
            counter: id(counter),
            dossiers: vec![],
        };
        assert_eq!(self.ask(command, at(minute)), Ok(Decision::Applied));
    }
}

#[test]
fn the_first_who_came_is_the_first_who_is_called() {
    let mut hall = Hall::new();
    hall.issue(1, None, 0);
    hall.issue(2, None, 1);
    assert_eq!(hall.call_next("quầy 1", 5), Ok("A001".into()));
    assert_eq!(hall.call_next("quầy 2", 5), Ok("A002".into()));
    hall.finish("quầy 1", 9);
    assert_eq!(hall.call_next("quầy 1", 9), Err(Refusal::NobodyWaiting));
}

#[test]
fn an_old_man_goes_first_but_ordinary_people_do_not_wait_for_ever() {
    let mut hall = Hall::new();
    hall.issue(1, None, 0);
    for number in 2..=4 {
        hall.issue(number, Some(PriorityReason::Elderly), 1);
    }
    let mut order = Vec::new();
    for minute in 10..14 {
        order.push(hall.call_next("quầy 1", minute).unwrap());
        hall.finish("quầy 1", minute);
    }
    assert_eq!(order, ["A002", "A003", "A001", "A004"]);
}

#[test]
fn a_counter_that_calls_a_ticket_of_another_is_told_which_counter_has_it() {
    let mut hall = Hall::new();
    hall.issue(1, None, 0);
    hall.call_next("quầy 1", 5).unwrap();
    let command = Command::CallLabel {
        counter: id("quầy 2"),
        label: "a001".into(),
    };
    assert_eq!(
        hall.ask(command, at(6)),
        Err(Refusal::TicketTaken {
            label: "A001".into(),
            counter: "1".into()
        })
    );
}

#[test]
fn two_counters_that_call_at_once_without_seeing_each_other_the_log_decides() {
    let mut hall = Hall::new();
    hall.issue(1, None, 0);
    let call = |counter| {
        Event::TicketCalled(queue::TicketCalled {
            counter: id(counter),
            at: at(5),
        })
    };
    assert_eq!(hall.say(id("vé 1"), &call("quầy 1")), Decision::Applied);
    assert_eq!(
        hall.say(id("vé 1"), &call("quầy 2")),
        Decision::conflict("ticket_taken")
    );
    assert_eq!(hall.in_hand("quầy 1"), Some("A001".into()));
    assert_eq!(hall.in_hand("quầy 2"), None);
}

#[test]
fn who_misses_the_call_keeps_the_place_and_can_be_called_by_number() {
    let mut hall = Hall::new();
    hall.issue(7, None, 0);
    hall.call_next("quầy 1", 5).unwrap();
    hall.ask(
        Command::CallAgain {
            counter: id("quầy 1"),
        },
        at(6),
    )
    .unwrap();
    assert!(matches!(
        hall.tickets[0].state,
        TicketState::Called { times: 2, .. }
    ));
    hall.ask(
        Command::Missed {
            counter: id("quầy 1"),
        },
        at(7),
    )
    .unwrap();
    assert!(matches!(
        hall.tickets[0].state,
        TicketState::Missed { held_until, times: 2, .. } if held_until == at(17)
    ));
    // The person comes back and shows the ticket: the number pad is enough.
    hall.ask(
        Command::CallLabel {
            counter: id("quầy 2"),
            label: "7".into(),
        },
        at(12),
    )
    .unwrap();
    assert_eq!(hall.in_hand("quầy 2"), Some("A007".into()));
}

#[test]
fn the_next_call_waits_until_the_ticket_in_hand_is_done() {
    let mut hall = Hall::new();
    hall.issue(1, None, 0);
    hall.issue(2, None, 0);
    hall.call_next("quầy 1", 5).unwrap();
    assert_eq!(
        hall.call_next("quầy 1", 6),
        Err(Refusal::TicketInHand {
            label: "A001".into()
        })
    );
}

#[test]
fn a_key_pressed_twice_is_one_call() {
    let mut hall = Hall::new();
    hall.issue(1, None, 0);
    hall.call_next("quầy 1", 5).unwrap();
    let ticket = &hall.tickets[0];
    let a_second_later = at(5).with().second(1).build().unwrap();
    assert!(queue::is_double_call(ticket, a_second_later));
    assert!(!queue::is_double_call(ticket, at(6)));
}

#[test]
fn a_finished_ticket_is_never_called_again() {
    let mut hall = Hall::new();
    hall.issue(1, None, 0);
    hall.call_next("quầy 1", 5).unwrap();
    hall.finish("quầy 1", 8);
    let command = Command::CallLabel {
        counter: id("quầy 1"),
        label: "A001".into(),
    };
    assert!(matches!(
        hall.ask(command, at(9)),
        Err(Refusal::TicketNotReady { .. })
    ));
}

proptest! {
    /// However counters press their keys, a ticket is in one hand at most, a counter holds one ticket at
    /// most, and nobody who waits is lost.
    #[test]
    fn any_morning_keeps_one_ticket_in_one_hand(keys in proptest::collection::vec((0_u8..7, 0_u8..3), 1..80)) {
        let mut hall = Hall::new();
        let mut issued = 0;
        for (step, (key, who)) in keys.into_iter().enumerate() {
            let minute = i8::try_from(step % 60).unwrap();
            let counter = id(&format!("quầy {who}"));
            let command = match key {
                0 | 1 => {
                    issued += 1;
                    let priority = (key == 1).then_some(PriorityReason::Disabled);
                    Command::Issue { id: id(&format!("vé {issued}")), field: id("hộ tịch"), letter: "A".into(), number: issued, priority }
                }
                2 => Command::CallNext { counter, fields: vec![id("hộ tịch")] },
                3 => Command::CallAgain { counter },
                4 => Command::Missed { counter },
                5 => Command::Return { counter },
                _ => Command::Finish { counter, dossiers: vec![] },
            };
            // A refusal is an answer too; what is decided must also be what the log applies.
            if let Ok(decision) = hall.ask(command, at(minute)) {
                prop_assert_eq!(decision, Decision::Applied);
            }
            prop_assert_eq!(hall.tickets.len(), issued as usize);
            for counter in 0..3 {
                let held = hall.tickets.iter().filter(|t| t.in_hand_of() == Some(id(&format!("quầy {counter}")))).count();
                prop_assert!(held <= 1);
            }
        }
    }
}

#[test]
fn the_hall_shows_the_newest_call_first_and_an_honest_wait() {
    let mut hall = Hall::new();
    for number in 1..=8 {
        hall.issue(number, None, 0);
    }
    for minute in 10..16 {
        hall.call_next("quầy 1", minute).unwrap();
        hall.finish("quầy 1", minute);
    }
    let estimate = queue::estimate(&hall.tickets, id("hộ tịch")).unwrap();
    assert_eq!(estimate, (11, 13));
    assert_eq!(
        queue::estimate(&hall.tickets, id("đất đai")),
        None,
        "too few to be honest"
    );
}
