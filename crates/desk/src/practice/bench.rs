//! The practice panel's hand on the simulated devices, in this process or in one of their own.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use motcua_drivers::simulators::{
    Bench, BenchCommand, BenchReply, PrinterFault, ScanDrop, ScanHow, SimName,
};

use super::scans::scan_bytes;
use crate::Desk;
use crate::error::DeskError;
use crate::node::lock;
use crate::signing::{Signing, Via};

/// How long a bench of another process may take to answer.
const REPLY_MS_MAX: u64 = 5_000;
/// How long the pen rests before the citizen presses the pad's button.
const PEN_REST_MS: u64 = 400;
/// How often the pad is looked at while the citizen signs.
const PAD_LOOK_MS: u64 = 40;
/// How often at most: ten seconds.
const PAD_LOOKS_MAX: u32 = 250;
/// Rows after which the paper ends when it is to end in mid-slip.
const ROWS_BEFORE_END: u64 = 160;

/// Simulated devices.
#[derive(Clone)]
pub enum PracticeBench {
    /// In this process.
    Here(Bench),
    /// In a process of their own, by its control port.
    There(SocketAddr),
}

/// What the panel can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Breakage {
    /// The paper runs low.
    PaperLow,
    /// The paper is out.
    PaperOut,
    /// The cover is open.
    CoverOpen,
    /// The paper ends in the middle of the next slip.
    PaperOutMidSlip,
    /// A device is unplugged.
    Unplugged(SimName),
}

impl PracticeBench {
    fn command(&self, command: BenchCommand) -> io::Result<BenchReply> {
        match self {
            Self::Here(bench) => Ok(bench.command(command)),
            Self::There(address) => there(*address, &command),
        }
    }
}

fn there(address: SocketAddr, command: &BenchCommand) -> io::Result<BenchReply> {
    let limit = Duration::from_millis(REPLY_MS_MAX);
    let mut stream = TcpStream::connect_timeout(&address, limit)?;
    stream.set_read_timeout(Some(limit))?;
    let mut line = serde_json::to_string(command)?;
    line.push('\n');
    stream.write_all(line.as_bytes())?;
    let mut reply = String::new();
    BufReader::new(stream).read_line(&mut reply)?;
    Ok(serde_json::from_str(&reply)?)
}

impl Desk {
    async fn bench(&self, command: BenchCommand) -> Result<BenchReply, DeskError> {
        let bench = lock(&self.0.bench).clone().ok_or(DeskError::PracticeOnly)?;
        let asked = tokio::task::spawn_blocking(move || bench.command(command)).await;
        Ok(asked.map_err(io::Error::other)??)
    }

    /// A citizen's card is held to the simulated reader.
    ///
    /// # Errors
    /// [`DeskError::PracticeOnly`] where no simulated devices are.
    pub async fn practice_card(&self, text: &str) -> Result<(), DeskError> {
        self.bench(BenchCommand::Scan {
            text: text.to_owned(),
            typing: Default::default(),
        })
        .await
        .map(drop)
    }

    /// The simulated scanner sends a page to the watched folder.
    ///
    /// # Errors
    /// [`DeskError::PracticeOnly`], [`DeskError::ScanGone`], [`DeskError::Io`].
    pub async fn practice_scan(&self, id: &str) -> Result<(), DeskError> {
        let (scan, bytes) = scan_bytes(id)?;
        let folder = self.practice_dir();
        tokio::fs::create_dir_all(&folder).await?;
        let path = folder.join(scan.file_name);
        tokio::fs::write(&path, bytes).await?;
        let drop_scan = ScanDrop {
            name: Some(scan.file_name.to_owned()),
            pages: 1,
            from: Some(path),
            how: ScanHow::Whole,
        };
        self.bench(BenchCommand::DropScan(drop_scan))
            .await
            .map(drop)
    }

    /// The citizen signs on the simulated pad and presses its button; a request is opened where none is.
    ///
    /// # Errors
    /// [`DeskError::PracticeOnly`], [`DeskError::PadLost`] when the pad does not begin or nothing is drawn.
    pub async fn practice_sign(&self) -> Result<(), DeskError> {
        let signing = match self.signing() {
            Some(open) => open,
            None => self.sign_begin(Via::Pad).await?,
        };
        *lock(&self.0.last_pen) = None;
        self.until_inking(&signing).await?;
        self.bench(BenchCommand::Sign).await?;
        self.until_pen_rests(&signing).await?;
        self.sign_accept_pad()
    }

    async fn until_inking(&self, signing: &Signing) -> Result<(), DeskError> {
        for _ in 0..PAD_LOOKS_MAX {
            if self.pad_is_inking().await? {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(PAD_LOOK_MS)).await;
        }
        Err(DeskError::PadLost {
            device: signing.device_name.clone(),
        })
    }

    async fn until_pen_rests(&self, signing: &Signing) -> Result<(), DeskError> {
        for _ in 0..PAD_LOOKS_MAX {
            if self.pen_is_still() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(PAD_LOOK_MS)).await;
        }
        Err(DeskError::PadLost {
            device: signing.device_name.clone(),
        })
    }

    async fn pad_is_inking(&self) -> Result<bool, DeskError> {
        let state = self.bench(BenchCommand::State).await?;
        Ok(matches!(state, BenchReply::State(state) if state.pad_inking))
    }

    /// Something was drawn, and the pen has rested since.
    fn pen_is_still(&self) -> bool {
        let rest = Duration::from_millis(PEN_REST_MS);
        lock(&self.0.last_pen).is_some_and(|at| at.elapsed() >= rest)
    }

    /// Breaks something, or mends it.
    ///
    /// # Errors
    /// [`DeskError::PracticeOnly`].
    pub async fn practice_break(&self, breakage: Breakage, on: bool) -> Result<(), DeskError> {
        let fault = |fault| BenchCommand::PrinterFault { fault, on };
        let command = match breakage {
            Breakage::PaperLow => fault(PrinterFault::PaperNearEnd),
            Breakage::CoverOpen => fault(PrinterFault::CoverOpen),
            Breakage::PaperOut if on => fault(PrinterFault::PaperOut),
            Breakage::PaperOutMidSlip if on => BenchCommand::EndPaperAfter {
                rows: ROWS_BEFORE_END,
            },
            Breakage::PaperOut | Breakage::PaperOutMidSlip => BenchCommand::LoadPaper,
            Breakage::Unplugged(device) if on => BenchCommand::Pull {
                device,
                after_bytes: None,
            },
            Breakage::Unplugged(device) => BenchCommand::Plug { device },
        };
        self.bench(command).await?;
        if on {
            lock(&self.0.broken).insert(breakage);
        } else {
            lock(&self.0.broken).remove(&breakage);
        }
        self.tell(crate::DeskEvent::Practice);
        Ok(())
    }

    /// What is broken now.
    #[must_use]
    pub fn practice_broken(&self) -> Vec<Breakage> {
        lock(&self.0.broken).iter().copied().collect()
    }

    /// Pulls the network cable of this PC, or puts it back.
    ///
    /// # Errors
    /// [`DeskError::PracticeOnly`] outside practice.
    pub async fn practice_network(&self, up: bool) -> Result<(), DeskError> {
        if !self.node()?.practice {
            return Err(DeskError::PracticeOnly);
        }
        if up {
            self.plug_network()?;
        } else {
            self.pull_network().await;
        }
        self.tell(crate::DeskEvent::Practice);
        self.tell(crate::DeskEvent::Status);
        Ok(())
    }

    fn practice_dir(&self) -> PathBuf {
        Path::new(&self.0.config.dir).join("practice-scans")
    }
}
