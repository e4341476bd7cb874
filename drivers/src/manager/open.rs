//! From an address to an open link.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::config::{Address, Role};
use crate::transports::{
    Deadline, Link, LinkCaps, LinkError, SerialLink, SerialSettings, TcpLink, UsbPrinterLink,
    resolve_serial_usb,
};

/// Simulators of this process, by the name in `sim:name`.
pub trait SimPorts: Send + Sync {
    /// Opens a line to the simulator.
    ///
    /// # Errors
    /// [`LinkError::NotFound`] when there is none of that name, or its cable is out.
    fn open(&self, name: &str) -> Result<Box<dyn Link>, LinkError>;
}

/// Opens links for one device.
#[derive(Clone)]
pub(super) struct Opener {
    pub(super) address: Address,
    pub(super) role: Role,
    pub(super) serial: SerialSettings,
    pub(super) sims: Option<Arc<dyn SimPorts>>,
}

/// Where a device was found; a port name is only good for now.
pub(super) enum Located {
    Serial(String),
    Other,
}

impl Opener {
    /// Looks for the device without opening it.
    pub(super) fn locate(&self) -> Result<Located, LinkError> {
        match &self.address {
            Address::Serial { path } => {
                if cfg!(unix) && !Path::new(path).exists() {
                    return Err(LinkError::NotFound { what: path.clone() });
                }
                Ok(Located::Serial(path.clone()))
            }
            Address::SerialUsb(identity) => resolve_serial_usb(identity).map(Located::Serial),
            _ => Ok(Located::Other),
        }
    }

    /// Opens it.
    pub(super) fn open(&self, located: &Located) -> Result<Box<dyn Link>, LinkError> {
        match (&self.address, located) {
            (_, Located::Serial(path)) => Ok(Box::new(SerialLink::open(path, self.serial)?)),
            (Address::Tcp { host }, _) => {
                let shared = self.role == Role::ReceiptPrinter;
                Ok(Box::new(TcpLink::connect(host, shared)?))
            }
            (Address::Usb(identity), _) => Ok(Box::new(UsbPrinterLink::open(identity)?)),
            (Address::Sim { name }, _) => match &self.sims {
                Some(sims) => sims.open(name),
                None => Err(LinkError::Unsupported {
                    what: self.address.to_string(),
                }),
            },
            (Address::Canvas, _) => Ok(Box::new(NoLine)),
            (Address::Folder { .. } | Address::Serial { .. } | Address::SerialUsb(_), _) => {
                Err(LinkError::Unsupported {
                    what: self.address.to_string(),
                })
            }
        }
    }
}

/// The line of a device that has none: the window itself.
struct NoLine;

const NO_LINE_PAUSE: Duration = Duration::from_millis(50);

impl Link for NoLine {
    fn send(&mut self, bytes: &[u8], _deadline: Deadline) -> Result<usize, LinkError> {
        Ok(bytes.len())
    }

    fn recv(&mut self, _buffer: &mut [u8], deadline: Deadline) -> Result<usize, LinkError> {
        std::thread::sleep(deadline.slice().min(NO_LINE_PAUSE));
        Ok(0)
    }

    fn caps(&self) -> LinkCaps {
        LinkCaps {
            bidirectional: false,
            lossless: true,
            shared: false,
        }
    }
}
