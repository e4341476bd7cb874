//! A set of simulated devices, served where the desk looks for them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};

use super::control::{
    BenchCommand, BenchError, BenchReply, PrinterFault, ScanDrop, SimName, SimState,
};
use super::display::DisplaySim;
use super::mfp::{drop_scan, jpeg_page, pdf_document};
use super::pad::{PadSim, sample_signature};
use super::ports::Starting;
use super::printer::{PrinterSim, SimTraits};
use super::reader::ReaderSim;
use super::serve::{Cable, Shared, SimDevice, lock, serve};
use crate::manager::{Address, ConfigError, DeskDevices, DeviceBinding, DeviceId, Role, SimPorts};
use crate::protocols::linedisplay::Mode;
use crate::transports::{Link, LinkError, memory_pair};

/// Where a simulated device is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Over {
    /// In this process only.
    Memory,
    /// On a loopback port.
    Tcp,
    /// On a pseudo-terminal with a fixed name (not on Windows).
    Pty,
}

/// What a bench consists of.
#[derive(Debug, Clone)]
pub struct BenchOptions {
    /// The receipt printer.
    pub receipt: Over,
    /// The barcode reader.
    pub reader: Over,
    /// The display.
    pub display: Over,
    /// The pad.
    pub pad: Over,
    /// What the printer can do.
    pub printer: SimTraits,
    /// The profile the desk should use for it.
    pub printer_profile: String,
    /// The display's command set.
    pub display_mode: Mode,
}

impl Default for BenchOptions {
    fn default() -> Self {
        Self::all(Over::Memory)
    }
}

impl BenchOptions {
    /// All devices on one kind of line.
    #[must_use]
    pub fn all(over: Over) -> Self {
        Self {
            receipt: over,
            reader: over,
            display: over,
            pad: over,
            printer: SimTraits::epson(),
            printer_profile: "epson-tm-t82".to_owned(),
            display_mode: Mode::Epson,
        }
    }

    /// As on a desk: the printer on the network, the rest on serial ports where there are any.
    #[must_use]
    pub fn desk() -> Self {
        let serial = if cfg!(unix) { Over::Pty } else { Over::Tcp };
        Self {
            receipt: Over::Tcp,
            ..Self::all(serial)
        }
    }
}

/// Where the devices of a bench are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BenchAddresses {
    /// Address of each device, as in [`DeviceBinding::address`].
    #[serde(flatten)]
    pub devices: PortAddresses,
    /// The scan folder.
    pub folder: PathBuf,
}

/// Addresses by device.
pub type PortAddresses = BTreeMap<SimName, Address>;

struct Devices {
    receipt: Shared<PrinterSim>,
    reader: Shared<ReaderSim>,
    display: Shared<DisplaySim>,
    pad: Shared<PadSim>,
}

struct Inner {
    devices: Devices,
    cables: BTreeMap<SimName, Arc<Cable>>,
    options: BenchOptions,
    addresses: PortAddresses,
    folder: PathBuf,
    stop: Arc<AtomicBool>,
    origin: Instant,
    threads: Mutex<Vec<JoinHandle<()>>>,
    scans: AtomicU32,
}

/// A running bench; clones are the same bench. It stops when the last clone is dropped.
#[derive(Clone)]
pub struct Bench {
    inner: Arc<Inner>,
}

impl Bench {
    /// Starts the devices; ports and the scan folder are made under `dir`.
    ///
    /// # Errors
    /// [`BenchError`] when a folder or port cannot be made.
    pub fn start(dir: &Path, options: BenchOptions) -> Result<Self, BenchError> {
        let folder = dir.join("scan");
        fs::create_dir_all(&folder).map_err(BenchError::io(folder.display().to_string()))?;
        let mut starting = Starting {
            ports: dir.join("tty"),
            stop: Arc::new(AtomicBool::new(false)),
            origin: Instant::now(),
            cables: SimName::ALL
                .into_iter()
                .map(|sim| (sim, Arc::default()))
                .collect(),
            addresses: BTreeMap::new(),
            threads: Vec::new(),
        };
        let devices = Devices {
            receipt: Arc::new(Mutex::new(PrinterSim::new(options.printer.clone()))),
            reader: Arc::default(),
            display: Arc::new(Mutex::new(DisplaySim::new(options.display_mode))),
            pad: Arc::default(),
        };
        starting.port(SimName::Receipt, options.receipt, &devices.receipt)?;
        starting.port(SimName::Reader, options.reader, &devices.reader)?;
        starting.port(SimName::Display, options.display, &devices.display)?;
        starting.port(SimName::Pad, options.pad, &devices.pad)?;
        Ok(Self {
            inner: Arc::new(Inner {
                devices,
                cables: starting.cables,
                options,
                addresses: starting.addresses,
                folder,
                stop: starting.stop,
                origin: starting.origin,
                threads: Mutex::new(starting.threads),
                scans: AtomicU32::new(0),
            }),
        })
    }

    /// Where the devices are.
    #[must_use]
    pub fn addresses(&self) -> BenchAddresses {
        BenchAddresses {
            devices: self.inner.addresses.clone(),
            folder: self.inner.folder.clone(),
        }
    }

    /// The settings of a desk that uses this bench.
    ///
    /// # Errors
    /// [`ConfigError`] is not expected; names are fixed.
    pub fn desk(&self) -> Result<DeskDevices, ConfigError> {
        let display = match self.inner.options.display_mode {
            Mode::Epson => "epson-dm-d",
            Mode::Cd5220 => "cd5220",
        };
        let printer = self.inner.options.printer_profile.as_str();
        let table = [
            (SimName::Receipt, Role::ReceiptPrinter, "Máy in ảo", printer),
            (
                SimName::Reader,
                Role::CodeReader,
                "Đầu đọc ảo",
                "cdc-reader",
            ),
            (SimName::Display, Role::CallDisplay, "Bảng số ảo", display),
            (
                SimName::Pad,
                Role::SignaturePad,
                "Bảng ký ảo",
                "wacom-stu-serial",
            ),
        ];
        let mut devices = Vec::new();
        for (sim, role, name, profile) in table {
            if let Some(address) = self.inner.addresses.get(&sim) {
                devices.push(binding(sim.as_str(), role, name, profile, address.clone())?);
            }
        }
        let address = Address::Folder {
            path: self.inner.folder.clone(),
        };
        let folder = binding(
            "scan",
            Role::PageSource,
            "Máy quét ảo",
            "scan-folder",
            address,
        )?;
        devices.push(folder);
        Ok(DeskDevices {
            station: "ao".to_owned(),
            devices,
        })
    }

    /// The printer, for tests that look inside.
    pub fn printer(&self) -> MutexGuard<'_, PrinterSim> {
        lock(&self.inner.devices.receipt)
    }

    /// Does something at the bench.
    #[must_use]
    pub fn command(&self, command: BenchCommand) -> BenchReply {
        match command {
            BenchCommand::Scan { text, typing } => {
                lock(&self.inner.devices.reader).scan(&text, typing);
                BenchReply::Done
            }
            BenchCommand::DropScan(drop) => self.drop_scan(drop),
            BenchCommand::Sign => {
                lock(&self.inner.devices.pad).write(sample_signature());
                BenchReply::Done
            }
            BenchCommand::PrinterFault { fault, on } => self.printer_fault(fault, on),
            BenchCommand::EndPaperAfter { rows } => self.at_printer(|p| p.end_paper_after(rows)),
            BenchCommand::LoadPaper => self.at_printer(PrinterSim::load_paper),
            BenchCommand::TearOff => self.at_printer(PrinterSim::tear_off),
            BenchCommand::PowerCycle => self.at_printer(PrinterSim::power_cycle),
            BenchCommand::Pull {
                device,
                after_bytes,
            } => {
                self.inner.cables[&device].pull(after_bytes);
                BenchReply::Done
            }
            BenchCommand::Plug { device } => {
                self.inner.cables[&device].plug();
                BenchReply::Done
            }
            BenchCommand::Paper { back } => self.paper(back),
            BenchCommand::Display => BenchReply::Display {
                lines: lock(&self.inner.devices.display).lines(),
            },
            BenchCommand::State => BenchReply::State(self.state()),
        }
    }

    fn at_printer(&self, act: impl FnOnce(&mut PrinterSim)) -> BenchReply {
        act(&mut self.printer());
        BenchReply::Done
    }

    fn printer_fault(&self, fault: PrinterFault, on: bool) -> BenchReply {
        let mut printer = self.printer();
        let faults = printer.faults();
        let switch = match fault {
            PrinterFault::PaperOut => &mut faults.paper_out,
            PrinterFault::PaperNearEnd => &mut faults.paper_near_end,
            PrinterFault::CoverOpen => &mut faults.cover_open,
            PrinterFault::JamAtNextCut => &mut faults.jam_at_next_cut,
            PrinterFault::CutterJammed => &mut faults.cutter_jammed,
            PrinterFault::Unrecoverable => &mut faults.unrecoverable,
            PrinterFault::Overheated => &mut faults.overheated,
            PrinterFault::Busy => &mut faults.busy,
            PrinterFault::Mute => &mut faults.mute,
            PrinterFault::Noise => &mut faults.noise,
            PrinterFault::DuplicateReplies => &mut faults.duplicate_replies,
            PrinterFault::PowerOff => &mut faults.power_off,
        };
        *switch = on;
        BenchReply::Done
    }

    fn paper(&self, back: usize) -> BenchReply {
        let printer = self.printer();
        let papers = printer.pieces();
        let at = printer.papers().len().checked_sub(back + 1);
        match at.and_then(|at| printer.papers().get(at)) {
            Some(paper) => BenchReply::Paper {
                papers,
                width_dots: paper.width_dots,
                rows: paper.rows.len(),
                png_base64: BASE64.encode(paper.png()),
                qr: paper.qr.clone(),
                text: paper.text.clone(),
            },
            None => BenchReply::NoPaper { papers },
        }
    }

    fn state(&self) -> SimState {
        let (papers, drawer_kicks) = {
            let printer = self.printer();
            (printer.pieces(), printer.drawer_kicks())
        };
        let (pad_clears, pad_inking) = {
            let pad = lock(&self.inner.devices.pad);
            (pad.clears(), pad.is_inking())
        };
        let unplugged = self
            .inner
            .cables
            .iter()
            .filter(|(_, c)| !c.is_plugged())
            .map(|(sim, _)| *sim);
        SimState {
            papers,
            drawer_kicks,
            display: lock(&self.inner.devices.display).lines(),
            pad_clears,
            pad_inking,
            unplugged: unplugged.collect(),
        }
    }

    fn drop_scan(&self, drop: ScanDrop) -> BenchReply {
        let number = self.inner.scans.fetch_add(1, Ordering::Relaxed) + 1;
        let name = drop.name.unwrap_or_else(|| format!("SCAN{number:04}.pdf"));
        let content = match &drop.from {
            Some(path) => match fs::read(path) {
                Ok(content) => content,
                Err(error) => {
                    return BenchReply::Error {
                        message: error.to_string(),
                    };
                }
            },
            None if name.to_lowercase().ends_with(".jpg") => jpeg_page(number),
            None => pdf_document(drop.pages, number),
        };
        let (folder, stop) = (self.inner.folder.clone(), Arc::clone(&self.inner.stop));
        let (how, file) = (drop.how, name.clone());
        let thread = std::thread::spawn(move || {
            if let Err(error) = drop_scan(&folder, &file, &content, how, &stop) {
                tracing::warn!(%error, file, "the simulated copier could not scan");
            }
        });
        self.keep(thread);
        BenchReply::Scanning { name }
    }

    fn keep(&self, thread: JoinHandle<()>) {
        let mut threads = self
            .inner
            .threads
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        threads.retain(|thread| !thread.is_finished());
        threads.push(thread);
    }

    fn serve_in_memory<D: SimDevice + 'static>(
        &self,
        sim: SimName,
        device: &Shared<D>,
    ) -> Result<Box<dyn Link>, LinkError> {
        let cable = Arc::clone(&self.inner.cables[&sim]);
        if !cable.is_plugged() {
            return Err(LinkError::NotFound {
                what: format!("sim:{}", sim.as_str()),
            });
        }
        let (near, mut far) = memory_pair();
        let (device, stop) = (Arc::clone(device), Arc::clone(&self.inner.stop));
        let origin = self.inner.origin;
        self.keep(std::thread::spawn(move || {
            serve(&mut far, &*device, &cable, &stop, origin);
        }));
        Ok(Box::new(near))
    }
}

impl SimPorts for Bench {
    fn open(&self, name: &str) -> Result<Box<dyn Link>, LinkError> {
        let devices = &self.inner.devices;
        match SimName::from_name(name) {
            Some(sim @ SimName::Receipt) => self.serve_in_memory(sim, &devices.receipt),
            Some(sim @ SimName::Reader) => self.serve_in_memory(sim, &devices.reader),
            Some(sim @ SimName::Display) => self.serve_in_memory(sim, &devices.display),
            Some(sim @ SimName::Pad) => self.serve_in_memory(sim, &devices.pad),
            None => Err(LinkError::NotFound {
                what: format!("sim:{name}"),
            }),
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let threads =
            std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            if thread.join().is_err() {
                tracing::warn!("a simulator thread had panicked");
            }
        }
    }
}

fn binding(
    id: &str,
    role: Role,
    name: &str,
    profile: &str,
    address: Address,
) -> Result<DeviceBinding, ConfigError> {
    Ok(DeviceBinding {
        id: DeviceId::new(id)?,
        role,
        name: Some(name.to_owned()),
        profile: profile.to_owned(),
        address,
        simulated: true,
        paper_used_dots: None,
    })
}
