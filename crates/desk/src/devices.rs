//! The desk's devices: what they send becomes use cases, what the desk wants becomes jobs.

use std::collections::HashMap;
use std::sync::Mutex;

use motcua_core::dossier::Dossier;
use motcua_core::ids::{Hash, PrintJobId};
use motcua_core::people::card;
use motcua_drivers::protocols::escpos::run::{DoubtReason, FailureCause, PrintProgress};
use motcua_drivers::simulators::{Bench, BenchOptions};
use motcua_drivers::{
    DeskDevices, DeviceEvent, DeviceId, DeviceManager, DeviceView, PrintOptions, PrintOutcome,
    RasterJob, Role, SignRequest,
};
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::Desk;
use crate::error::{DeskError, PrinterFault, ScanFault};
use crate::event::DeskEvent;
use crate::node::lock;
use crate::practice::PracticeBench;
use crate::signing::Via;
use crate::status::{Lamp, LampReason};

/// A device as a screen lists it: what the manager knows, and where it is plugged in.
pub type DeviceStatus = DeviceView;

/// The manager and who waits for a print.
#[derive(Default)]
pub(crate) struct Devices {
    manager: Mutex<Option<DeviceManager>>,
    waiting: Mutex<HashMap<Uuid, oneshot::Sender<PrintOutcome>>>,
}

impl Devices {
    pub(crate) fn none() -> Self {
        Self::default()
    }

    pub(crate) fn stop(&self) {
        if let Some(manager) = lock(&self.manager).take() {
            manager.shutdown();
        }
    }

    fn views(&self) -> Vec<DeviceView> {
        lock(&self.manager)
            .as_ref()
            .map(DeviceManager::views)
            .unwrap_or_default()
    }
}

impl Desk {
    pub(crate) fn start_devices(&self, config: &DeskDevices) -> Result<(), DeskError> {
        let desk = self.clone();
        let runtime = tokio::runtime::Handle::current();
        // Events come from the owners' threads: they are handled on the runtime, in the order of each device.
        let (queue, mut mail) = tokio::sync::mpsc::unbounded_channel();
        let manager = DeviceManager::start(config, move |event| drop(queue.send(event)))
            .map_err(|error| DeskError::Devices(error.to_string()))?;
        *lock(&self.0.devices.manager) = Some(manager);
        runtime.spawn(async move {
            while let Some(event) = mail.recv().await {
                desk.on_device(event).await;
            }
        });
        Ok(())
    }

    /// Practice without devices of its own gets simulated ones, in this process.
    pub(crate) fn start_own_bench(&self) -> Result<(), DeskError> {
        let has_devices = !self.devices().is_empty() || lock(&self.0.bench).is_some();
        if has_devices {
            return Ok(());
        }
        let dir = self.0.config.dir.join("practice-devices");
        let failed = |error: &dyn std::fmt::Display| DeskError::Devices(error.to_string());
        let bench = Bench::start(&dir, BenchOptions::desk()).map_err(|error| failed(&error))?;
        let desk = bench.desk().map_err(|error| failed(&error))?;
        *lock(&self.0.bench) = Some(PracticeBench::Here(bench));
        self.start_devices(&desk)
    }

    /// Every bound device.
    #[must_use]
    pub fn devices(&self) -> Vec<DeviceView> {
        self.0.devices.views()
    }

    async fn on_device(&self, event: DeviceEvent) {
        match event {
            DeviceEvent::StateChanged(_) => {
                self.tell(DeskEvent::Devices);
                self.tell(DeskEvent::Status);
            }
            DeviceEvent::Code { text, .. } => self.on_code(&text).await,
            DeviceEvent::CodeWrongMode { .. } => {
                self.tell(DeskEvent::Notice(DeskError::ReaderMode));
            }
            DeviceEvent::CodeTooLong { .. } => {
                self.tell(DeskEvent::Notice(
                    card::CardError::TooLong {
                        bytes: card::MAX_QR_BYTES,
                    }
                    .into(),
                ));
            }
            DeviceEvent::ScanArrived { path, name, .. } => {
                if let Err(error) = self.take_scan_file(&path, &name).await {
                    self.tell(DeskEvent::Notice(error));
                }
            }
            DeviceEvent::ScanRefused { name, why, .. } => self.on_scan_refused(&name, &why).await,
            DeviceEvent::PenSample {
                request, samples, ..
            } => {
                *lock(&self.0.last_pen) = Some(std::time::Instant::now());
                self.tell(DeskEvent::Pen { request, samples });
            }
            DeviceEvent::SignatureDone {
                request, signature, ..
            } => {
                let ours = self
                    .signing()
                    .is_some_and(|s| s.request == request && s.via == Via::Pad);
                if ours && let Err(error) = self.take_signature(signature).await {
                    self.tell(DeskEvent::Notice(error));
                }
            }
            DeviceEvent::SignatureRefused { .. } => {
                self.tell(DeskEvent::Notice(DeskError::SignatureEmpty));
            }
            DeviceEvent::SignatureCancelled { request, .. } => self.on_pad_cancelled(request),
            DeviceEvent::SignatureCleared { .. } | DeviceEvent::PrintProgress { .. } => {}
            DeviceEvent::PrintDone { job, outcome, .. } => {
                if let Some(waiting) = lock(&self.0.devices.waiting).remove(&job) {
                    let _ = waiting.send(outcome);
                }
            }
        }
    }

    /// A code that was read anywhere in the program: a card starts or fills a draft, a dossier code opens a search.
    async fn on_code(&self, text: &str) {
        if self
            .node()
            .and_then(|node| node.session().map(drop))
            .is_err()
        {
            return;
        }
        match self.card_text(text).await {
            Ok(_) => {}
            Err(DeskError::Card(card::CardError::Dossier(code))) => {
                self.tell(DeskEvent::CodeRead {
                    text: code.to_string(),
                });
            }
            Err(error) => self.tell(DeskEvent::Notice(error)),
        }
    }

    async fn on_scan_refused(
        &self,
        name: &str,
        why: &motcua_drivers::transports::folder::ScanRefusal,
    ) {
        use motcua_drivers::transports::folder::ScanRefusal;
        let (fault, size) = match why {
            ScanRefusal::Empty => (ScanFault::Empty, 0),
            ScanRefusal::TooLarge { bytes, limit_bytes } => (
                ScanFault::TooLarge {
                    size: *bytes,
                    limit: *limit_bytes,
                },
                *bytes,
            ),
            ScanRefusal::NotADocument => (ScanFault::Unsupported, 0),
            ScanRefusal::Incomplete | ScanRefusal::Locked | ScanRefusal::Unreadable => {
                (ScanFault::Unreadable, 0)
            }
        };
        if let Err(error) = self
            .refuse_scan(name, fault, size, crate::Origin::Folder)
            .await
        {
            self.tell(DeskEvent::Notice(error));
        }
        self.tell(DeskEvent::Notice(DeskError::Scan {
            file_name: name.to_owned(),
            why: fault,
        }));
    }

    fn on_pad_cancelled(&self, request: Uuid) {
        if let Ok(node) = self.node() {
            let mut open = lock(&node.signing);
            if open.as_ref().is_some_and(|s| s.request == request) {
                *open = None;
            }
        }
        self.tell(DeskEvent::Intake { revision: 0 });
    }

    fn bound(&self, role: Role) -> Option<DeviceView> {
        self.devices().into_iter().find(|view| view.role == role)
    }

    /// The printer for slips.
    #[must_use]
    pub fn slip_printer(&self) -> Option<DeviceId> {
        self.bound(Role::ReceiptPrinter).map(|view| view.id)
    }

    pub(crate) fn device_name(&self, id: &DeviceId) -> String {
        let known = self.devices().into_iter().find(|view| view.id == *id);
        known.map_or_else(|| id.to_string(), |view| view.name)
    }

    /// Hands a slip to the printer and waits for what became of it. A printer that is gone is "unknown" only when
    /// bytes may have reached it; the manager decides that.
    pub(crate) async fn send_to_printer(
        &self,
        printer: &DeviceId,
        job: PrintJobId,
        raster: RasterJob,
    ) -> PrintOutcome {
        let (answer, outcome) = oneshot::channel();
        lock(&self.0.devices.waiting).insert(job.0, answer);
        let handed = match lock(&self.0.devices.manager).as_ref() {
            Some(manager) => manager
                .print_on(printer, job.0, raster, PrintOptions::slip())
                .is_ok(),
            None => false,
        };
        if !handed {
            lock(&self.0.devices.waiting).remove(&job.0);
            return PrintOutcome::never_started(FailureCause::Offline, 0);
        }
        // The manager is ending: whether the slip came out is not known here.
        let progress = PrintProgress::default();
        outcome.await.unwrap_or(PrintOutcome::Unknown {
            why: DoubtReason::NoAnswerAfterCut,
            progress,
        })
    }

    pub(crate) fn printer_trouble(
        &self,
        printer: &DeviceId,
        cause: FailureCause,
        dossier: &Dossier,
    ) -> DeskError {
        let fault = fault_of(cause);
        let code = dossier.received.code.to_string();
        DeskError::Printer {
            printer: self.device_name(printer),
            code,
            fault,
        }
    }

    pub(crate) fn show_on_line_display(&self, label: &str, counter: &str) {
        if let Some(manager) = lock(&self.0.devices.manager).as_ref() {
            // A display that is away is a state of the device, not a failure of the call.
            let _ = manager.show([&format!("MOI SO {label}"), &format!("QUAY {counter}")]);
        }
    }

    pub(crate) fn ask_pad(
        &self,
        request: Uuid,
        shown: Hash,
    ) -> Result<(DeviceId, String), DeskError> {
        let pad = self
            .bound(Role::SignaturePad)
            .ok_or(DeskError::NoSuchDevice)?;
        let ask = SignRequest {
            id: request,
            document_hash: Some(shown.to_string()),
            area: None,
        };
        self.with_manager(|manager| manager.sign_begin(ask).map_err(|_| ()))
            .map_err(|()| DeskError::PadLost {
                device: pad.name.clone(),
            })?;
        Ok((pad.id, pad.name))
    }

    pub(crate) fn clear_pad(&self) -> Result<(), DeskError> {
        self.pad(|manager| manager.sign_clear().map_err(|_| ()))
    }

    pub(crate) fn cancel_pad(&self) -> Result<(), DeskError> {
        self.pad(|manager| manager.sign_cancel().map_err(|_| ()))
    }

    pub(crate) fn accept_pad(&self) -> Result<(), DeskError> {
        self.pad(|manager| manager.sign_accept().map_err(|_| ()))
    }

    fn pad(&self, ask: impl FnOnce(&DeviceManager) -> Result<(), ()>) -> Result<(), DeskError> {
        let name = self
            .bound(Role::SignaturePad)
            .map(|view| view.name)
            .unwrap_or_default();
        self.with_manager(ask)
            .map_err(|()| DeskError::PadLost { device: name })
    }

    fn with_manager<T>(&self, ask: impl FnOnce(&DeviceManager) -> Result<T, ()>) -> Result<T, ()> {
        lock(&self.0.devices.manager).as_ref().map_or(Err(()), ask)
    }

    /// The printed lamp: green on the printer's own acknowledgement, or a person's.
    pub(crate) fn printed_lamp(&self, unknown: u64, last_printed_ms: Option<i64>) -> Lamp {
        if unknown > 0 {
            return Lamp::bad(unknown, LampReason::OutcomeUnknown);
        }
        match (self.bound(Role::ReceiptPrinter), last_printed_ms) {
            (None, _) => Lamp::none(LampReason::NoPrinter),
            (Some(printer), Some(at)) => Lamp::ok(printer.name, Some(crate::clock::local(at))),
            (Some(_), None) => Lamp::none(LampReason::NothingYet),
        }
    }
}

/// What the clerk is told of a printer's own words.
fn fault_of(cause: FailureCause) -> PrinterFault {
    match cause {
        FailureCause::PaperOut => PrinterFault::PaperOut,
        FailureCause::CoverOpen => PrinterFault::CoverOpen,
        _ => PrinterFault::Offline,
    }
}
