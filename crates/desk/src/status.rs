//! What the machine owes the clerk: four lamps, the clock, the health of this node.
//!
//! A lamp is green only on an acknowledgement of the other side. Nothing here is green because nothing answered.

use jiff::civil::DateTime;
use motcua_core::refusal::Refusal;
use motcua_ledger::exchange::{LinkState, LinkStatus};
use motcua_ledger::{ActError, KeyHome};

use crate::Desk;
use crate::clock;
use crate::error::DeskError;

/// Free space below which the clerk is told, in MiB.
const DISK_LOW_MIB: u64 = 512;

/// How a lamp stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LampState {
    /// Nothing to say yet.
    None,
    /// Waiting for somebody.
    Waiting,
    /// Acknowledged by the other side.
    Ok,
    /// A person must act.
    Bad,
}

/// Why a lamp is not green.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LampReason {
    /// Nothing was written yet.
    NothingYet,
    /// This machine is alone: nobody else has a copy.
    SingleMachine,
    /// The link is down.
    LinkDown,
    /// The other side refused.
    Refused,
    /// The printer could not tell.
    OutcomeUnknown,
    /// The printer is out of paper.
    PaperOut,
    /// The printer is off or unplugged.
    PrinterOffline,
    /// No printer is bound.
    NoPrinter,
    /// On its way.
    Sending,
}

/// One of the four lamps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lamp {
    /// How it stands.
    pub state: LampState,
    /// Who acknowledged.
    pub place: String,
    /// When it acknowledged, local time.
    pub at: Option<DateTime>,
    /// How many records wait.
    pub waiting: u64,
    /// Since when the link is down, local time.
    pub since: Option<DateTime>,
    /// Why it is not green.
    pub reason: Option<LampReason>,
}

impl Lamp {
    pub(crate) fn none(reason: LampReason) -> Self {
        Self {
            state: LampState::None,
            place: String::new(),
            at: None,
            waiting: 0,
            since: None,
            reason: Some(reason),
        }
    }

    pub(crate) fn ok(place: impl Into<String>, at: Option<DateTime>) -> Self {
        Self {
            state: LampState::Ok,
            place: place.into(),
            at,
            waiting: 0,
            since: None,
            reason: None,
        }
    }

    pub(crate) fn waiting(waiting: u64, reason: LampReason) -> Self {
        Self {
            state: LampState::Waiting,
            waiting,
            ..Self::none(reason)
        }
    }

    pub(crate) fn bad(waiting: u64, reason: LampReason) -> Self {
        Self {
            state: LampState::Bad,
            waiting,
            ..Self::none(reason)
        }
    }
}

/// Something about this node that the clerk or IT should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    /// The key lies in a file, because the system has no keyring.
    KeyInFile,
    /// Little space is left.
    DiskLow {
        /// In MiB.
        free_mib: u64,
    },
    /// No other machine has a copy.
    SingleMachine,
    /// Rows of the catalogue wait for a person.
    CatalogueNeedsDecision {
        /// How many.
        rows: usize,
    },
}

/// The bottom bar.
#[derive(Clone, Debug)]
pub struct Status {
    /// Saved, second copy, printed, province: in this order.
    pub lamps: [Lamp; 4],
    /// Whether the clock can be trusted; else what it says and what the ledger has seen.
    pub clock: Result<(), (DateTime, DateTime)>,
    /// What else there is to know.
    pub health: Vec<Health>,
    /// Local time.
    pub now: DateTime,
}

impl Desk {
    /// The bottom bar.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub fn status(&self) -> Result<Status, DeskError> {
        let now = self.now();
        let Ok(node) = self.node() else {
            let none = || Lamp::none(LampReason::NothingYet);
            return Ok(Status {
                lamps: [none(), none(), none(), none()],
                clock: Ok(()),
                health: Vec::new(),
                now,
            });
        };
        let pulse = node.store.pulse()?;
        let link = self.link();
        let lamps = [
            saved(pulse.last_saved_ms),
            second_copy(
                &link,
                pulse.last_saved_ms.is_some(),
                self.hub_is_elsewhere(),
            ),
            self.printed_lamp(pulse.prints_unknown, pulse.last_printed_ms),
            province(&pulse, &link),
        ];
        let clock = match node.store.clock_check(now) {
            Err(ActError::Refused(Refusal::ClockDoubtful { says, seen })) => Err((says, seen)),
            Err(ActError::Store(error)) => return Err(error.into()),
            _ => Ok(()),
        };
        Ok(Status {
            lamps,
            clock,
            health: self.health()?,
            now,
        })
    }

    /// Commits of the ledger since it was opened; each waits for the disk once.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub fn commits(&self) -> Result<u64, DeskError> {
        Ok(self.node()?.store.stats()?.commits)
    }

    fn health(&self) -> Result<Vec<Health>, DeskError> {
        let node = self.node()?;
        let mut found = Vec::new();
        if node.store.key_home() == KeyHome::File {
            found.push(Health::KeyInFile);
        }
        if let Some(free_mib) = node
            .store
            .free_disk_mib()
            .filter(|free| *free < DISK_LOW_MIB)
        {
            found.push(Health::DiskLow { free_mib });
        }
        if !self.hub_is_elsewhere() {
            found.push(Health::SingleMachine);
        }
        let book = node.book(self.now().date())?;
        let rows = book
            .catalogue
            .procedures()
            .iter()
            .filter(|p| p.undecided().next().is_some())
            .count();
        if rows > 0 {
            found.push(Health::CatalogueNeedsDecision { rows });
        }
        Ok(found)
    }
}

fn saved(last_saved_ms: Option<i64>) -> Lamp {
    match last_saved_ms {
        Some(at) => Lamp::ok("", Some(clock::local(at))),
        None => Lamp::none(LampReason::NothingYet),
    }
}

/// Green when the hub runs on another machine and has acknowledged everything that was written here.
fn second_copy(link: &LinkStatus, has_written: bool, elsewhere: bool) -> Lamp {
    let waiting = link.pending_ops + link.pending_blobs;
    let acked = link.last_ack_at_ms.map(clock::local);
    match &link.state {
        LinkState::NeverJoined => Lamp::none(LampReason::SingleMachine),
        _ if !has_written => Lamp::none(LampReason::NothingYet),
        LinkState::Up { .. } if !elsewhere => Lamp::none(LampReason::SingleMachine),
        LinkState::Up { hub, .. } if waiting == 0 => Lamp::ok(hub.clone(), acked),
        LinkState::Up { .. } => Lamp::waiting(waiting, LampReason::Sending),
        LinkState::Down { since_ms, .. } => {
            let since = Some(clock::local(*since_ms));
            Lamp {
                since,
                at: acked,
                ..Lamp::waiting(waiting, LampReason::LinkDown)
            }
        }
        LinkState::WrongCertificate { .. } | LinkState::Forked | LinkState::Revoked => {
            Lamp::bad(waiting, LampReason::Refused)
        }
    }
}

fn province(pulse: &motcua_ledger::Pulse, link: &LinkStatus) -> Lamp {
    if pulse.province_refused > 0 {
        return Lamp::bad(pulse.province_refused, LampReason::Refused);
    }
    if pulse.province_waiting > 0 {
        let reason = if link.is_up() {
            LampReason::Sending
        } else {
            LampReason::LinkDown
        };
        let since = pulse.province_waiting_since_ms.map(clock::local);
        return Lamp {
            since,
            ..Lamp::waiting(pulse.province_waiting, reason)
        };
    }
    match pulse.last_province_ms {
        Some(at) => Lamp::ok("", Some(clock::local(at))),
        None => Lamp::none(LampReason::NothingYet),
    }
}
