//! Serial ports, real and virtual, through the `serialport` crate.
//!
//! A port is opened exclusively: a second program is told *busy* instead of stealing bytes. A USB
//! serial port is found by the device behind it, because port names change with every replug.

use std::io::{ErrorKind, Read, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use serialport::{SerialPort, SerialPortType, UsbPortInfo};

use super::identity::{UsbIdentity, UsbWhich};
use super::link::{Deadline, Link, LinkCaps, LinkError};

/// Bytes written at once. A blocking tty write waits for room for all of it, and drivers free room
/// in steps of 256 bytes, so small pieces never block for long.
const WRITE_CHUNK_BYTES: usize = 64;
/// With this many bytes still in the driver, the device is not taking data: do not write more.
const MAX_UNSENT_BYTES: u32 = 2_048;

/// Parity of a port.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Parity {
    /// None.
    #[default]
    None,
    /// Odd.
    Odd,
    /// Even.
    Even,
}

/// Flow control of a port.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flow {
    /// None.
    #[default]
    None,
    /// RTS/CTS.
    RtsCts,
    /// XON/XOFF.
    XonXoff,
}

/// How a port is set; eight data bits, one stop bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SerialSettings {
    /// Bits per second.
    pub baud: u32,
    /// Parity.
    pub parity: Parity,
    /// Flow control.
    pub flow: Flow,
}

/// An open serial port.
pub struct SerialLink {
    port: Box<dyn SerialPort>,
}

impl SerialLink {
    /// Opens `path` for this program alone.
    ///
    /// # Errors
    /// [`LinkError`] by kind: not there, busy, denied.
    pub fn open(path: &str, settings: SerialSettings) -> Result<Self, LinkError> {
        let parity = match settings.parity {
            Parity::None => serialport::Parity::None,
            Parity::Odd => serialport::Parity::Odd,
            Parity::Even => serialport::Parity::Even,
        };
        let flow = match settings.flow {
            Flow::None => serialport::FlowControl::None,
            Flow::RtsCts => serialport::FlowControl::Hardware,
            Flow::XonXoff => serialport::FlowControl::Software,
        };
        let port = serialport::new(path, settings.baud)
            .parity(parity)
            .flow_control(flow)
            // Many adapters and readers keep silent until the host says that it is there.
            .dtr_on_open(true)
            .open()
            .map_err(|error| sort_open_error(error, path))?;
        // What was sent before this program listened is not for it: a card from yesterday.
        if let Err(error) = port.clear(serialport::ClearBuffer::Input) {
            tracing::debug!(%error, path, "old input could not be thrown away");
        }
        Ok(Self { port })
    }
}

fn sort_open_error(error: serialport::Error, path: &str) -> LinkError {
    let what = path.to_owned();
    match error.kind {
        serialport::ErrorKind::NoDevice if Path::new(path).exists() || cfg!(windows) => {
            LinkError::Busy { what }
        }
        serialport::ErrorKind::NoDevice => LinkError::NotFound { what },
        serialport::ErrorKind::Io(ErrorKind::NotFound) => LinkError::NotFound { what },
        serialport::ErrorKind::Io(ErrorKind::PermissionDenied) => LinkError::Denied { what },
        _ if !Path::new(path).exists() && !cfg!(windows) => LinkError::NotFound { what },
        _ => LinkError::Io(error.into()),
    }
}

fn moved(result: std::io::Result<usize>) -> Result<usize, LinkError> {
    match result {
        Ok(count) => Ok(count),
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::TimedOut | ErrorKind::WouldBlock | ErrorKind::Interrupted
            ) =>
        {
            Ok(0)
        }
        // An unplugged adapter answers with errors that no platform names alike.
        Err(_) => Err(LinkError::Gone),
    }
}

impl Link for SerialLink {
    fn send(&mut self, bytes: &[u8], deadline: Deadline) -> Result<usize, LinkError> {
        loop {
            let unsent = self.port.bytes_to_write().unwrap_or(0);
            if unsent < MAX_UNSENT_BYTES {
                let slice = deadline.slice();
                self.port
                    .set_timeout(slice)
                    .map_err(|error| LinkError::Io(error.into()))?;
                let chunk = &bytes[..bytes.len().min(WRITE_CHUNK_BYTES)];
                let sent = moved(self.port.write(chunk))?;
                if sent > 0 {
                    return Ok(sent);
                }
            } else {
                std::thread::sleep(deadline.slice().min(std::time::Duration::from_millis(5)));
            }
            if deadline.passed() {
                return Ok(0);
            }
        }
    }

    fn recv(&mut self, buffer: &mut [u8], deadline: Deadline) -> Result<usize, LinkError> {
        loop {
            let slice = deadline.slice();
            self.port
                .set_timeout(slice)
                .map_err(|error| LinkError::Io(error.into()))?;
            match self.port.read(buffer) {
                Ok(0) => return Err(LinkError::Gone),
                other => {
                    let got = moved(other)?;
                    if got > 0 || deadline.passed() {
                        return Ok(got);
                    }
                }
            }
        }
    }

    fn caps(&self) -> LinkCaps {
        LinkCaps {
            bidirectional: true,
            lossless: false,
            shared: false,
        }
    }
}

/// The port behind which the USB device `identity` sits now.
///
/// # Errors
/// [`LinkError::NotFound`] when no such device is plugged in, [`LinkError::Io`] when the system
/// cannot list its ports.
pub fn resolve_serial_usb(identity: &UsbIdentity) -> Result<String, LinkError> {
    let ports = serialport::available_ports().map_err(|error| LinkError::Io(error.into()))?;
    ports
        .into_iter()
        .find(|port| match &port.port_type {
            SerialPortType::UsbPort(info) => is_device(identity, info),
            _ => false,
        })
        .map(|port| port.port_name)
        .ok_or_else(|| LinkError::NotFound {
            what: identity.to_string(),
        })
}

fn is_device(identity: &UsbIdentity, info: &UsbPortInfo) -> bool {
    if info.vid != identity.vendor_id || info.pid != identity.product_id {
        return false;
    }
    match &identity.which {
        UsbWhich::Any => true,
        UsbWhich::Serial(serial) => info.serial_number.as_ref() == Some(serial),
        UsbWhich::Port(path) => info.location.as_ref().is_some_and(|location| {
            let chain: Vec<String> = location
                .port_chain()
                .iter()
                .map(ToString::to_string)
                .collect();
            *path == format!("{}-{}", location.bus_id(), chain.join("."))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(serial: Option<&str>) -> UsbPortInfo {
        UsbPortInfo {
            vid: 0x0403,
            pid: 0x6001,
            serial_number: serial.map(str::to_owned),
            manufacturer: None,
            product: None,
            location: Some(serialport::Location::new("1".into(), vec![4, 2])),
        }
    }

    #[test]
    fn two_readers_of_one_kind_are_told_apart() {
        let by = |text: &str| text.parse::<UsbIdentity>().unwrap();
        let reader = info(Some("A50285BI"));
        assert!(is_device(&by("0403:6001"), &reader));
        assert!(is_device(&by("0403:6001:A50285BI"), &reader));
        assert!(is_device(&by("0403:6001:@1-4.2"), &reader));
        assert!(!is_device(&by("0403:6001:A50285BJ"), &reader));
        assert!(!is_device(&by("0403:6001:@1-4.3"), &reader));
        assert!(!is_device(&by("1a86:7523"), &reader));
        assert!(!is_device(&by("0403:6001:A50285BI"), &info(None)));
    }

    #[test]
    fn a_port_that_does_not_exist_is_not_found() {
        let settings = SerialSettings {
            baud: 9600,
            parity: Parity::None,
            flow: Flow::None,
        };
        let error = SerialLink::open("/dev/motcua-no-such-port", settings)
            .err()
            .unwrap();
        assert!(matches!(error, LinkError::NotFound { .. }), "{error:?}");
    }
}
