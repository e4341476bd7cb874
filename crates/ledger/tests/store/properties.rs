//! Properties over random histories of an office: every order of pushing and pulling ends in the same rows.

use motcua_core::dossier::{Corrected, DossierStatus};
use motcua_core::event::Event;
use motcua_core::numbers::Series;
use motcua_core::queue::{TicketCalled, TicketFinished, TicketReturned};
use motcua_core::state::State;
use motcua_ledger::hub::HubStore;
use motcua_ledger::{ActError, DeskStore, StoreError};
use proptest::prelude::*;
use proptest::test_runner::Config;

use crate::kit::*;

/// One thing that happens in the office.
#[derive(Clone, Debug)]
enum Step {
    Receive { desk: usize, dossier: u8 },
    Note { desk: usize, dossier: u8 },
    Advance { desk: usize, dossier: u8, to: usize },
    Phone { desk: usize, dossier: u8, value: u8 },
    Name { desk: usize, dossier: u8, value: u8 },
    Ticket { desk: usize, ticket: u8, what: u8 },
    Push { desk: usize },
    Pull { desk: usize },
    Restart { desk: usize },
}

impl Step {
    fn desk(&self) -> usize {
        match self {
            Self::Receive { desk, .. }
            | Self::Note { desk, .. }
            | Self::Advance { desk, .. }
            | Self::Phone { desk, .. }
            | Self::Name { desk, .. }
            | Self::Ticket { desk, .. }
            | Self::Push { desk }
            | Self::Pull { desk }
            | Self::Restart { desk } => *desk,
        }
    }
}

const DESKS: usize = 3;
const DOSSIERS: u8 = 4;

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let desk = 0..DESKS;
    let dossier = 0..DOSSIERS;
    let step = prop_oneof![
        4 => (desk.clone(), dossier.clone()).prop_map(|(desk, dossier)| Step::Receive { desk, dossier }),
        2 => (desk.clone(), dossier.clone()).prop_map(|(desk, dossier)| Step::Note { desk, dossier }),
        3 => (desk.clone(), dossier.clone(), 0..10_usize)
            .prop_map(|(desk, dossier, to)| Step::Advance { desk, dossier, to }),
        3 => (desk.clone(), dossier.clone(), 0..3_u8)
            .prop_map(|(desk, dossier, value)| Step::Phone { desk, dossier, value }),
        2 => (desk.clone(), dossier, 0..3_u8)
            .prop_map(|(desk, dossier, value)| Step::Name { desk, dossier, value }),
        4 => (desk.clone(), 0..2_u8, 0..4_u8)
            .prop_map(|(desk, ticket, what)| Step::Ticket { desk, ticket, what }),
        4 => desk.clone().prop_map(|desk| Step::Push { desk }),
        4 => desk.clone().prop_map(|desk| Step::Pull { desk }),
        1 => desk.prop_map(|desk| Step::Restart { desk }),
    ];
    prop::collection::vec(step, 1..60)
}

struct OfficeUnderTest {
    dirs: Vec<tempfile::TempDir>,
    desks: Vec<DeskStore>,
    hub: motcua_ledger::SqliteHub,
    _hub_dir: tempfile::TempDir,
}

impl OfficeUnderTest {
    fn new() -> Self {
        let dirs: Vec<_> = (0..DESKS).map(|_| folder()).collect();
        let desks: Vec<_> = dirs.iter().map(|dir| open_desk(dir.path()).store).collect();
        let (hub_dir, hub) = hub();
        for desk in &desks {
            enrol(desk, &hub);
            greet(desk, &hub, "máy chủ");
        }
        Self {
            dirs,
            desks,
            hub,
            _hub_dir: hub_dir,
        }
    }

    fn event(step: &Step) -> Option<(usize, String, Event)> {
        let correct = |field: &str, value: String| {
            let fields = [(field.to_owned(), value)].into();
            Event::DossierCorrected(Corrected {
                fields,
                reason: "sửa".to_owned(),
                at: now(),
            })
        };
        Some(match step {
            Step::Receive { desk, dossier } => (
                *desk,
                format!("d{dossier}"),
                reception(u32::from(*dossier) + 1, "Mùa A Pó"),
            ),
            Step::Note { desk, dossier } => (*desk, format!("d{dossier}"), note("gọi lại")),
            Step::Advance { desk, dossier, to } => {
                let to = DossierStatus::ALL[*to];
                (*desk, format!("d{dossier}"), step_event(to))
            }
            Step::Phone {
                desk,
                dossier,
                value,
            } => (
                *desk,
                format!("d{dossier}"),
                correct("owner.phone", format!("09{value}")),
            ),
            Step::Name {
                desk,
                dossier,
                value,
            } => (
                *desk,
                format!("d{dossier}"),
                correct("owner.full_name", format!("Mùa A {value}")),
            ),
            Step::Ticket {
                desk,
                ticket: n,
                what,
            } => {
                let counter = entity(&format!("quầy {desk}"));
                let at = now();
                let event = match what {
                    0 => ticket("A", 700 + u32::from(*n)),
                    1 => Event::TicketCalled(TicketCalled { counter, at }),
                    2 => Event::TicketReturned(TicketReturned { counter, at }),
                    _ => Event::TicketFinished(TicketFinished {
                        counter,
                        at,
                        dossiers: Vec::new(),
                    }),
                };
                (*desk, format!("t{n}"), event)
            }
            Step::Push { .. } | Step::Pull { .. } | Step::Restart { .. } => return None,
        })
    }

    fn take(&mut self, step: &Step) {
        if let Some((desk, name, event)) = Self::event(step) {
            let store = &self.desks[desk];
            let event = with_from(store, &name, event);
            match record(store, entity(&name), event) {
                // What would not stand as this counter sees it is not even recorded.
                Ok(())
                | Err(ActError::Refused(_) | ActError::Store(StoreError::WouldNotStand { .. })) => {
                }
                Err(error) => panic!("{error}"),
            }
            return;
        }
        match step {
            Step::Push { desk } => self.push(*desk),
            Step::Pull { desk } => pull(&self.desks[*desk], &self.hub),
            Step::Restart { desk } => {
                let dir = folder();
                let closing =
                    std::mem::replace(&mut self.desks[*desk], open_desk(dir.path()).store);
                drop(closing);
                self.desks[*desk] = open_desk(self.dirs[*desk].path()).store;
            }
            _ => {}
        }
    }

    fn push(&self, desk: usize) {
        use motcua_ledger::hub::Pushed;
        let store = &self.desks[desk];
        while let Some(out) = store.outbox_batch("máy chủ", 3, 1 << 20).unwrap() {
            match self.hub.push(store.device(), out.batch, NOW_MS).unwrap() {
                Pushed::Acked { acked_dseq, .. } => {
                    store.mark_acked("máy chủ", out.epoch, acked_dseq).unwrap();
                }
                other => panic!("{other:?}"),
            }
        }
    }

    fn settle(&self) {
        for desk in 0..DESKS {
            self.push(desk);
        }
        for desk in &self.desks {
            pull(desk, &self.hub);
        }
    }

    fn states(&self) -> Vec<String> {
        (0..DOSSIERS)
            .map(|d| format!("d{d}"))
            .chain((0..2).map(|t| format!("t{t}")))
            .collect()
    }

    fn agree(&self) {
        for name in self.states() {
            let at_hub = self.hub.state(entity(&name)).unwrap();
            for desk in &self.desks {
                let here = desk
                    .dossier(entity(&name))
                    .unwrap()
                    .map(|dossier| State::Dossier(Box::new(dossier)))
                    .or_else(|| {
                        desk.ticket(entity(&name))
                            .unwrap()
                            .map(|ticket| State::Ticket(Box::new(ticket)))
                    });
                let same =
                    serde_json::to_value(&here).unwrap() == serde_json::to_value(&at_hub).unwrap();
                assert!(same, "{name}: {here:?} is not {at_hub:?}");
            }
        }
    }
}

fn step_event(to: DossierStatus) -> Event {
    step(DossierStatus::Received, to)
}

/// A step names the status that this counter sees, as the desk does.
fn with_from(desk: &DeskStore, name: &str, event: Event) -> Event {
    match (event, desk.dossier(entity(name)).unwrap()) {
        (Event::DossierStepped(asked), Some(dossier)) => step(dossier.status, asked.to),
        (event, _) => event,
    }
}

proptest! {
    #![proptest_config(Config { cases: 24, max_shrink_iters: 400, ..Config::default() })]

    /// After every step the rows of every counter are what its operations fold to, and in the end all agree.
    #[test]
    fn whatever_the_order_everybody_ends_with_the_same(steps in steps()) {
        let mut office = OfficeUnderTest::new();
        for step in &steps {
            office.take(step);
            prop_assert_eq!(office.desks[step.desk()].verify().unwrap().wrong, vec![]);
        }
        office.settle();
        office.agree();
        for desk in &office.desks {
            let report = desk.verify().unwrap();
            prop_assert_eq!(report.wrong, vec![]);
            prop_assert_eq!(report.pending, 0);
        }
        prop_assert_eq!(office.hub.verify().unwrap().wrong, vec![]);
    }

    /// However counters ask, with or without the hub, no number of a day is given out twice.
    #[test]
    fn no_number_is_given_twice(asks in prop::collection::vec((0..DESKS, 0..12_u8, any::<bool>()), 1..80)) {
        let office = OfficeUnderTest::new();
        let mut given = std::collections::BTreeMap::new();
        for (desk, key, online) in asks {
            let (store, key) = (&office.desks[desk], format!("{desk}/{key}"));
            let series = Series::Dossier;
            let granted = online.then(|| office.hub.take_number(&series, DAY, 1..=4999, &key).unwrap()).flatten();
            let asked = key.clone();
            let own = slice(&series, u16::try_from(desk).unwrap());
            let number = store
                .act_blocking(stamp(), move |tx| tx.take_number(&series, DAY, own, granted, &asked))
                .unwrap()
                .value;
            let holder = given.entry(number).or_insert_with(|| key.clone()).clone();
            prop_assert_eq!(holder, key, "number {} was given twice", number);
        }
    }
}
