//! Where a bench serves its devices: loopback TCP, pseudo-terminals, memory.

use std::collections::BTreeMap;
#[cfg(unix)]
use std::fs;
use std::net::TcpListener;
#[cfg(unix)]
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::bench::{Over, PortAddresses};
use super::control::{BenchError, SimName};
use super::serve::{Cable, Shared, SimDevice, serve};
use crate::manager::Address;
use crate::transports::{Link, TcpLink};

const ACCEPT_WAIT: Duration = Duration::from_millis(10);
const REPLUG_WAIT: Duration = Duration::from_millis(20);

pub(super) struct Starting {
    pub(super) ports: PathBuf,
    pub(super) stop: Arc<AtomicBool>,
    pub(super) origin: Instant,
    pub(super) cables: BTreeMap<SimName, Arc<Cable>>,
    pub(super) addresses: PortAddresses,
    pub(super) threads: Vec<JoinHandle<()>>,
}

impl Starting {
    pub(super) fn port<D: SimDevice + 'static>(
        &mut self,
        sim: SimName,
        over: Over,
        device: &Shared<D>,
    ) -> Result<(), BenchError> {
        let port = Port {
            device: Arc::clone(device),
            cable: Arc::clone(&self.cables[&sim]),
            stop: Arc::clone(&self.stop),
            origin: self.origin,
        };
        let address = match over {
            Over::Memory => Address::Sim {
                name: sim.as_str().to_owned(),
            },
            Over::Tcp => {
                let listener =
                    TcpListener::bind("127.0.0.1:0").map_err(BenchError::io("loopback port"))?;
                let host = listener
                    .local_addr()
                    .map_err(BenchError::io("loopback port"))?
                    .to_string();
                let at = host.clone();
                self.threads
                    .push(std::thread::spawn(move || port.listen(&at, listener)));
                Address::Tcp { host }
            }
            Over::Pty => self.pty(sim, port)?,
        };
        self.addresses.insert(sim, address);
        Ok(())
    }

    #[cfg(unix)]
    fn pty<D: SimDevice + 'static>(
        &mut self,
        sim: SimName,
        port: Port<D>,
    ) -> Result<Address, BenchError> {
        use crate::transports::pty::PtyMaster;
        let what = self.ports.display().to_string();
        fs::create_dir_all(&self.ports).map_err(BenchError::io(what.clone()))?;
        let name = self.ports.join(sim.as_str());
        let first = PtyMaster::open_named(&name).map_err(BenchError::io(what))?;
        let address = Address::Serial {
            path: name.to_string_lossy().into_owned(),
        };
        self.threads
            .push(std::thread::spawn(move || port.replug(&name, first)));
        Ok(address)
    }

    #[cfg(not(unix))]
    fn pty<D: SimDevice + 'static>(
        &mut self,
        _sim: SimName,
        _port: Port<D>,
    ) -> Result<Address, BenchError> {
        let unsupported = std::io::Error::from(std::io::ErrorKind::Unsupported);
        Err(BenchError::io("pseudo-terminal")(unsupported))
    }
}

pub(super) struct Port<D> {
    pub(super) device: Shared<D>,
    pub(super) cable: Arc<Cable>,
    pub(super) stop: Arc<AtomicBool>,
    pub(super) origin: Instant,
}

impl<D: SimDevice> Port<D> {
    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn serve(&self, link: &mut dyn Link) {
        serve(link, &*self.device, &self.cable, &self.stop, self.origin);
    }

    /// One client at a time, as network printers do; an unplugged device refuses.
    fn listen(&self, host: &str, listener: TcpListener) {
        let mut listening = Some(listener);
        while !self.stopped() {
            if !self.cable.is_plugged() {
                listening = None;
                std::thread::sleep(REPLUG_WAIT);
                continue;
            }
            let Some(listener) = &listening else {
                listening = TcpListener::bind(host).ok();
                std::thread::sleep(REPLUG_WAIT);
                continue;
            };
            if let Err(error) = listener.set_nonblocking(true) {
                tracing::warn!(%error, "a simulated port cannot be served");
                return;
            }
            match listener.accept() {
                Ok((stream, _)) if stream.set_nonblocking(false).is_ok() => {
                    self.serve(&mut TcpLink::accepted(stream));
                }
                _ => std::thread::sleep(ACCEPT_WAIT),
            }
        }
    }

    #[cfg(unix)]
    fn replug(&self, name: &Path, first: crate::transports::pty::PtyMaster) {
        use crate::transports::pty::PtyMaster;
        let mut plugged = Some(first);
        while !self.stopped() {
            match plugged.take() {
                Some(mut pty) => self.serve(&mut pty),
                None => std::thread::sleep(REPLUG_WAIT),
            }
            if self.cable.is_plugged() && plugged.is_none() && !self.stopped() {
                plugged = PtyMaster::open_named(name)
                    .inspect_err(|error| tracing::warn!(%error, "no pseudo-terminal"))
                    .ok();
            }
        }
    }
}
