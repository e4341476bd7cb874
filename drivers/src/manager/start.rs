//! Starts one owner thread per device, and the thread that hands events to the desk.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use super::board::{Board, Place};
use super::config::{Address, DeskDevices, DeviceBinding, DeviceId, Role};
use super::display::{DisplayDriver, Show};
use super::event::DeviceEvent;
use super::folder::FolderOwner;
use super::open::{Opener, SimPorts};
use super::owner::{Driver, Owner};
use super::pad::{CanvasDriver, PadCommand, StuDriver};
use super::printer::{JobTable, MAX_WAITING_JOBS, PrinterCommand, PrinterDriver};
use super::reader::ReaderDriver;
use super::view::{DeviceState, DeviceView, FaultKind, Health};
use super::{ManagerOptions, head_dots};
use crate::profile::{FolderProfile, Profile, ProfileBook, ProfileKind};
use crate::transports::folder::{FolderSettings, FolderWatch};

/// Events that may wait for the desk; owners wait when it is further behind.
const MAX_WAITING_EVENTS: usize = 1_024;
/// Commands that may wait at a display or pad.
const MAX_WAITING_COMMANDS: usize = 64;

/// Where commands for a device are put.
pub(super) enum Hand {
    Printer {
        sender: SyncSender<PrinterCommand>,
        head_dots: u16,
    },
    Display(SyncSender<Show>),
    Pad(SyncSender<PadCommand>),
    /// A reader takes no commands; holding its line keeps its owner at work.
    Reader {
        _line: SyncSender<Infallible>,
    },
    None,
}

pub(super) struct Started {
    pub(super) board: Arc<Board>,
    pub(super) hands: Vec<(DeviceId, Role, Hand)>,
    pub(super) jobs: Arc<JobTable>,
    pub(super) stop: Arc<AtomicBool>,
    pub(super) threads: Vec<JoinHandle<()>>,
}

struct Starter {
    board: Arc<Board>,
    events: SyncSender<DeviceEvent>,
    jobs: Arc<JobTable>,
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
    sims: Option<Arc<dyn SimPorts>>,
    station: String,
}

pub(super) fn start(
    config: &DeskDevices,
    options: ManagerOptions,
    events: impl FnMut(DeviceEvent) + Send + 'static,
) -> Started {
    let profiles = options.profiles.unwrap_or_else(ProfileBook::embedded);
    let (sender, receiver) = sync_channel(MAX_WAITING_EVENTS);
    let mut starter = Starter {
        board: Arc::default(),
        events: sender,
        jobs: Arc::default(),
        stop: Arc::default(),
        threads: Vec::new(),
        sims: options.sims,
        station: config.station.clone(),
    };
    let mut hands = Vec::new();
    for binding in &config.devices {
        let hand = starter.device(binding, profiles.get(&binding.profile));
        hands.push((binding.id.clone(), binding.role, hand));
    }
    let Starter {
        board,
        events: sender,
        jobs,
        stop,
        mut threads,
        ..
    } = starter;
    // The line must end when the last owner ends.
    drop(sender);
    threads.extend(spawn("events", move || deliver(&receiver, events)));
    Started {
        board,
        hands,
        jobs,
        stop,
        threads,
    }
}

fn deliver(receiver: &Receiver<DeviceEvent>, mut events: impl FnMut(DeviceEvent)) {
    while let Ok(event) = receiver.recv() {
        events(event);
    }
}

/// Starts a named thread; without one the device's line is dead and its commands are refused.
fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> Option<JoinHandle<()>> {
    std::thread::Builder::new()
        .name(format!("thiet-bi {name}"))
        .spawn(body)
        .inspect_err(|error| tracing::error!(%error, name, "a device thread did not start"))
        .ok()
}

impl Starter {
    fn device(&mut self, binding: &DeviceBinding, profile: Option<&Profile>) -> Hand {
        let place = Place::new(first_view(binding, profile), &self.board, &self.events);
        let Some(profile) = profile.filter(|profile| profile.role == binding.role) else {
            place.fault(FaultKind::BadProfile);
            return Hand::None;
        };
        let opener = Opener {
            address: binding.address.clone(),
            role: binding.role,
            serial: profile.serial,
            sims: self.sims.clone(),
        };
        match (&profile.kind, &binding.address) {
            (ProfileKind::EscPos(printer), _) => {
                let driver = PrinterDriver::new(
                    printer.clone(),
                    binding.paper_used_dots,
                    Arc::clone(&self.jobs),
                    Arc::clone(&self.stop),
                );
                let sender = self.owner(driver, opener, place, MAX_WAITING_JOBS);
                Hand::Printer {
                    sender,
                    head_dots: head_dots(&profile.kind),
                }
            }
            (ProfileKind::CodeLines(framing), _) => {
                let reader = ReaderDriver::new(*framing);
                Hand::Reader {
                    _line: self.owner(reader, opener, place, 1),
                }
            }
            (ProfileKind::LineDisplay(display), _) => {
                let driver = DisplayDriver::new(display.clone());
                Hand::Display(self.owner(driver, opener, place, MAX_WAITING_COMMANDS))
            }
            (ProfileKind::StuSerial, _) => {
                Hand::Pad(self.owner(StuDriver::new(), opener, place, MAX_WAITING_COMMANDS))
            }
            (ProfileKind::Canvas, Address::Canvas) => {
                let driver = CanvasDriver::default();
                Hand::Pad(self.owner(driver, opener, place, MAX_WAITING_COMMANDS))
            }
            (ProfileKind::ScanFolder(folder), Address::Folder { path }) => {
                self.folder(folder, path, place);
                Hand::None
            }
            (ProfileKind::Canvas | ProfileKind::ScanFolder(_), _) => {
                place.fault(FaultKind::BadProfile);
                Hand::None
            }
        }
    }

    fn owner<D: Driver + 'static>(
        &mut self,
        driver: D,
        opener: Opener,
        place: Place,
        waiting: usize,
    ) -> SyncSender<D::Command> {
        let (sender, commands) = sync_channel(waiting);
        let name = place.id().to_string();
        let owner = Owner {
            driver,
            opener,
            place,
            commands,
            stop: Arc::clone(&self.stop),
        };
        self.threads.extend(spawn(&name, move || owner.run()));
        sender
    }

    fn folder(&mut self, profile: &FolderProfile, path: &std::path::Path, place: Place) {
        let settings = FolderSettings {
            poll: profile.poll,
            patience: profile.patience,
            ..FolderSettings::new(path, &self.station)
        };
        let name = place.id().to_string();
        let stop = Arc::clone(&self.stop);
        let owner = FolderOwner {
            watch: FolderWatch::new(settings),
            place,
            stop,
        };
        self.threads.extend(spawn(&name, move || owner.run()));
    }
}

fn first_view(binding: &DeviceBinding, profile: Option<&Profile>) -> DeviceView {
    let name = binding
        .name
        .clone()
        .or_else(|| profile.map(|profile| profile.name.clone()));
    DeviceView {
        id: binding.id.clone(),
        role: binding.role,
        name: name.unwrap_or_else(|| binding.id.to_string()),
        profile: binding.profile.clone(),
        model: None,
        state: DeviceState::Absent,
        health: Health::Unknown,
        printer: None,
        paper_left_slips: None,
        paper_used_dots: binding.paper_used_dots,
        simulated: binding.simulated || binding.address.is_simulated(),
        advice: None,
    }
}
