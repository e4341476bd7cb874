//! The manager: one owner thread per device, reconnection, jobs, and the view the clerk sees.
//!
//! A desk starts it with its [`DeskDevices`] and one callback; commands go in through methods that
//! never block, events come out in order on one thread. A device is identified by the name the
//! office gave it and found by its USB serial number, port path or network address.
//!
//! Promises: a job id is printed at most once; [`DeviceEvent::PrintDone`] comes exactly once for
//! every accepted job; nothing is printed because a device came back, and nothing by a job that
//! waited for more than a minute.

mod backoff;
mod board;
mod config;
mod display;
mod event;
mod folder;
mod open;
mod owner;
mod pad;
mod printer;
mod reader;
mod roll;
mod start;
mod view;

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::TrySendError;
use std::thread::JoinHandle;
use std::time::Instant;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use crate::profile::{ProfileBook, ProfileKind};
use crate::protocols::escpos::{PrintOptions, RasterJob};
use crate::protocols::linedisplay::{LINES, Shown};
use crate::protocols::pad::{PadArea, PenSample};
use board::Board;
pub use config::{
    Address, ConfigError, DeskDevices, DeviceBinding, DeviceId, MAX_DEVICE_ID_CHARS, Role,
};
pub use event::DeviceEvent;
pub use open::SimPorts;
use pad::PadCommand;
use printer::{JobTable, PrintJob, PrinterCommand};
use start::{Hand, Started};
pub use view::{Advice, DeviceState, DeviceView, FaultKind, Health};

/// Someone is asked to sign.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SignRequest {
    /// Comes back in every event of this signature.
    pub id: Uuid,
    /// Hash of the page that is shown while signing; comes back with the signature.
    pub document_hash: Option<String>,
    /// Size of the window's canvas; a pad knows its own.
    pub area: Option<PadArea>,
}

/// Why a command was not taken. Nothing happened then.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ManagerError {
    /// The desk has no such device.
    #[error("no device for {role:?}")]
    NoDevice {
        /// The role asked for.
        role: Role,
    },
    /// The desk has no device of that name.
    #[error("no device named {id}")]
    NoSuchDevice {
        /// The name asked for.
        id: DeviceId,
    },
    /// Too much is waiting at the device.
    #[error("too much is waiting at {id}")]
    QueueFull {
        /// The device.
        id: DeviceId,
    },
    /// This job id was given before.
    #[error("job {job} was given before")]
    DuplicateJob {
        /// The job.
        job: Uuid,
    },
    /// The slip is wider than the printer's head.
    #[error("a slip of {slip_dots} dots does not fit a head of {head_dots}")]
    TooWide {
        /// Width of the slip in dots.
        slip_dots: u16,
        /// Width of the head in dots.
        head_dots: u16,
    },
    /// The manager is shutting down.
    #[error("the devices are being shut down")]
    Stopped,
}

/// What the manager is started with beside the desk's settings.
#[derive(Default)]
pub struct ManagerOptions {
    /// Profiles; the embedded ones when absent.
    pub profiles: Option<ProfileBook>,
    /// Simulators for addresses `sim:name`.
    pub sims: Option<Arc<dyn SimPorts>>,
}

/// The devices of a desk, running.
pub struct DeviceManager {
    board: Arc<Board>,
    hands: Vec<(DeviceId, Role, Hand)>,
    jobs: Arc<JobTable>,
    stop: Arc<AtomicBool>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl DeviceManager {
    /// Starts the devices of `config` with the embedded profiles and no simulators of this process.
    ///
    /// # Errors
    /// [`ConfigError`] when the settings cannot be used. A device that is not there, or whose
    /// profile is missing, is no error: its view says so.
    pub fn start(
        config: &DeskDevices,
        events: impl FnMut(DeviceEvent) + Send + 'static,
    ) -> Result<Self, ConfigError> {
        Self::start_with(config, ManagerOptions::default(), events)
    }

    /// Starts the devices of `config`. `events` is called from one thread, in order; it may call
    /// methods of the manager except [`Self::shutdown`]. It must not wait for whoever calls
    /// `shutdown`, because that waits for the last event to be taken.
    ///
    /// # Errors
    /// [`ConfigError`] when the settings cannot be used.
    pub fn start_with(
        config: &DeskDevices,
        options: ManagerOptions,
        events: impl FnMut(DeviceEvent) + Send + 'static,
    ) -> Result<Self, ConfigError> {
        config.check()?;
        let Started {
            board,
            hands,
            jobs,
            stop,
            threads,
        } = start::start(config, options, events);
        Ok(Self {
            board,
            hands,
            jobs,
            stop,
            threads: Mutex::new(threads),
        })
    }

    /// A snapshot of every device, by name.
    #[must_use]
    pub fn views(&self) -> Vec<DeviceView> {
        self.board.views()
    }

    /// Prints a slip on the desk's receipt printer. The outcome comes as
    /// [`DeviceEvent::PrintDone`]; a printer that is away fails the job at once.
    ///
    /// # Errors
    /// [`ManagerError`] when the job was not taken.
    pub fn print(
        &self,
        job: Uuid,
        raster: RasterJob,
        options: PrintOptions,
    ) -> Result<(), ManagerError> {
        let id = self.first(Role::ReceiptPrinter)?.0.clone();
        self.print_on(&id, job, raster, options)
    }

    /// Prints a slip on the printer `device`.
    ///
    /// # Errors
    /// [`ManagerError`] when the job was not taken.
    pub fn print_on(
        &self,
        device: &DeviceId,
        job: Uuid,
        raster: RasterJob,
        options: PrintOptions,
    ) -> Result<(), ManagerError> {
        let (id, hand) = self.named(device)?;
        let Hand::Printer { sender, head_dots } = hand else {
            return Err(ManagerError::NoDevice {
                role: Role::ReceiptPrinter,
            });
        };
        if raster.width_dots() > *head_dots {
            let slip_dots = raster.width_dots();
            return Err(ManagerError::TooWide {
                slip_dots,
                head_dots: *head_dots,
            });
        }
        if !self.jobs.accept(job) {
            return Err(ManagerError::DuplicateJob { job });
        }
        let command = PrintJob {
            id: job,
            raster,
            options,
            queued_at: Instant::now(),
        };
        self.put(id, sender, PrinterCommand::Print(Box::new(command)))
            .inspect_err(|_| self.jobs.forget(job))
    }

    /// Cancels a job. False when it is over or unknown; the outcome comes as an event.
    #[must_use]
    pub fn cancel(&self, job: Uuid) -> bool {
        self.jobs.cancel(job)
    }

    /// The clerk put a new roll into the printer.
    ///
    /// # Errors
    /// [`ManagerError`] when there is no such printer.
    pub fn new_roll(&self, device: &DeviceId) -> Result<(), ManagerError> {
        match self.named(device)? {
            (id, Hand::Printer { sender, .. }) => self.put(id, sender, PrinterCommand::NewRoll),
            _ => Err(ManagerError::NoDevice {
                role: Role::ReceiptPrinter,
            }),
        }
    }

    /// Shows two lines on the desk's call display; Vietnamese marks are folded away. A display
    /// that is away shows them when it comes back, unless they have become stale by then.
    ///
    /// # Errors
    /// [`ManagerError`] when there is no display or too much is waiting at it.
    pub fn show(&self, lines: [&str; LINES]) -> Result<(), ManagerError> {
        match self.first(Role::CallDisplay)? {
            (id, Hand::Display(sender)) => self.put(id, sender, display::Show(Shown::new(lines))),
            _ => Err(ManagerError::NoDevice {
                role: Role::CallDisplay,
            }),
        }
    }

    /// Asks for a signature on the desk's pad.
    ///
    /// # Errors
    /// [`ManagerError`] when there is no pad or too much is waiting at it.
    pub fn sign_begin(&self, request: SignRequest) -> Result<(), ManagerError> {
        self.pad(PadCommand::Begin(request))
    }

    /// Wipes what was written; the person writes again.
    ///
    /// # Errors
    /// [`ManagerError`] when there is no pad or too much is waiting at it.
    pub fn sign_clear(&self) -> Result<(), ManagerError> {
        self.pad(PadCommand::Clear)
    }

    /// Gives up; nothing is kept.
    ///
    /// # Errors
    /// [`ManagerError`] when there is no pad or too much is waiting at it.
    pub fn sign_cancel(&self) -> Result<(), ManagerError> {
        self.pad(PadCommand::Cancel)
    }

    /// Takes the signature.
    ///
    /// # Errors
    /// [`ManagerError`] when there is no pad or too much is waiting at it.
    pub fn sign_accept(&self) -> Result<(), ManagerError> {
        self.pad(PadCommand::Accept)
    }

    /// Readings of the pen on the window's canvas; ignored when the desk's pad is another one.
    ///
    /// # Errors
    /// [`ManagerError`] when there is no pad or too much is waiting at it.
    pub fn pen(&self, samples: Vec<PenSample>) -> Result<(), ManagerError> {
        self.pad(PadCommand::Pen(samples))
    }

    fn pad(&self, command: PadCommand) -> Result<(), ManagerError> {
        match self.first(Role::SignaturePad)? {
            (id, Hand::Pad(sender)) => self.put(id, sender, command),
            _ => Err(ManagerError::NoDevice {
                role: Role::SignaturePad,
            }),
        }
    }

    fn first(&self, role: Role) -> Result<(&DeviceId, &Hand), ManagerError> {
        self.hands
            .iter()
            .find(|(_, its, _)| *its == role)
            .map(|(id, _, hand)| (id, hand))
            .ok_or(ManagerError::NoDevice { role })
    }

    fn named(&self, device: &DeviceId) -> Result<(&DeviceId, &Hand), ManagerError> {
        self.hands
            .iter()
            .find(|(id, _, _)| id == device)
            .map(|(id, _, hand)| (id, hand))
            .ok_or_else(|| ManagerError::NoSuchDevice { id: device.clone() })
    }

    fn put<C>(
        &self,
        id: &DeviceId,
        sender: &std::sync::mpsc::SyncSender<C>,
        command: C,
    ) -> Result<(), ManagerError> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(ManagerError::Stopped);
        }
        sender.try_send(command).map_err(|error| match error {
            TrySendError::Full(_) => ManagerError::QueueFull { id: id.clone() },
            TrySendError::Disconnected(_) => ManagerError::Stopped,
        })
    }

    /// Stops all devices and waits for them: a slip being printed may finish (five seconds at
    /// most), jobs that wait fail as *stopped*, every event is delivered before this returns.
    /// Must not be called from the event callback.
    pub fn shutdown(&self) {
        self.stop.store(true, Ordering::Relaxed);
        let threads =
            std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        let this = std::thread::current().id();
        for thread in threads
            .into_iter()
            .filter(|thread| thread.thread().id() != this)
        {
            if thread.join().is_err() {
                tracing::error!("a device thread had panicked");
            }
        }
    }
}

impl Drop for DeviceManager {
    fn drop(&mut self) {
        self.shutdown();
    }
}

/// The head's width of a printer profile, in dots.
fn head_dots(kind: &ProfileKind) -> u16 {
    match kind {
        ProfileKind::EscPos(printer) => printer.dots,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manager_can_be_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<DeviceManager>();
    }
}
