//! USB printers (class 07/01/02) through libusb: bulk out, bulk in, and the class requests.
//!
//! Source: USB Device Class Definition for Printing Devices 1.1. On Linux the kernel's `usblp` is
//! detached while the link is open. On Windows printers are bound to `usbprint.sys`, which libusb
//! cannot claim; there the link reports *unsupported* or *not found* and another transport is used.

use std::time::Duration;

use rusb::{Context, Device, DeviceHandle, Direction, TransferType, UsbContext};

use super::identity::{UsbIdentity, UsbWhich};
use super::link::{Deadline, Link, LinkCaps, LinkError};

const CLASS_PRINTER: u8 = 7;
const SUBCLASS_PRINTER: u8 = 1;
const PROTOCOL_BIDIRECTIONAL: u8 = 2;
const REQUEST_GET_PORT_STATUS: u8 = 1;
const REQUEST_TYPE_IN: u8 = 0xA1;
const CONTROL_TIMEOUT: Duration = Duration::from_millis(500);
/// libusb reads a time-out of zero as "for ever".
const SHORTEST_WAIT: Duration = Duration::from_millis(1);
/// Bytes per bulk transfer; a transfer that times out is partly done, so keep it small.
const TRANSFER_BYTES: usize = 4 * 1024;

/// The one byte of GET_PORT_STATUS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PortStatus {
    /// No paper.
    pub paper_empty: bool,
    /// Selected (online).
    pub selected: bool,
    /// An error.
    pub error: bool,
}

impl PortStatus {
    /// Reads the byte: bit 5 paper empty, bit 4 selected, bit 3 **not** error.
    #[must_use]
    pub fn from_byte(byte: u8) -> Self {
        Self {
            paper_empty: byte & 0x20 != 0,
            selected: byte & 0x10 != 0,
            error: byte & 0x08 == 0,
        }
    }
}

/// A USB printer, claimed.
pub struct UsbPrinterLink {
    handle: DeviceHandle<Context>,
    interface: u8,
    endpoint_out: u8,
    endpoint_in: Option<u8>,
}

struct Interface {
    number: u8,
    setting: u8,
    endpoint_out: u8,
    endpoint_in: Option<u8>,
}

impl UsbPrinterLink {
    /// Finds and claims the printer `identity`.
    ///
    /// # Errors
    /// [`LinkError`] by kind: not there, busy, denied, unsupported.
    pub fn open(identity: &UsbIdentity) -> Result<Self, LinkError> {
        let what = identity.to_string();
        let sort = |error| sort_error(error, &what);
        let context = Context::new().map_err(sort)?;
        let devices = context.devices().map_err(sort)?;
        let mut found = None;
        for device in devices.iter() {
            if let Some(handle) = open_if_meant(&device, identity, &what)? {
                found = Some((device, handle));
                break;
            }
        }
        let (device, handle) = found.ok_or(LinkError::NotFound { what: what.clone() })?;
        let interface = printer_interface(&device).ok_or_else(|| LinkError::Unsupported {
            what: format!("{what} (not a printer)"),
        })?;
        if rusb::supports_detach_kernel_driver() {
            handle.set_auto_detach_kernel_driver(true).map_err(sort)?;
        }
        handle.claim_interface(interface.number).map_err(sort)?;
        if interface.setting != 0 {
            handle
                .set_alternate_setting(interface.number, interface.setting)
                .map_err(sort)?;
        }
        Ok(Self {
            handle,
            interface: interface.number,
            endpoint_out: interface.endpoint_out,
            endpoint_in: interface.endpoint_in,
        })
    }

    /// Asks the class's own status byte; works even when the printer's language says nothing.
    ///
    /// # Errors
    /// [`LinkError`] when the request fails.
    pub fn port_status(&self) -> Result<PortStatus, LinkError> {
        let mut byte = [0];
        self.handle
            .read_control(
                REQUEST_TYPE_IN,
                REQUEST_GET_PORT_STATUS,
                0,
                u16::from(self.interface),
                &mut byte,
                CONTROL_TIMEOUT,
            )
            .map_err(|error| sort_error(error, "port status"))?;
        Ok(PortStatus::from_byte(byte[0]))
    }
}

impl Drop for UsbPrinterLink {
    fn drop(&mut self) {
        if let Err(error) = self.handle.release_interface(self.interface) {
            tracing::debug!(%error, "a USB interface was not released");
        }
    }
}

fn open_if_meant(
    device: &Device<Context>,
    identity: &UsbIdentity,
    what: &str,
) -> Result<Option<DeviceHandle<Context>>, LinkError> {
    let sort = |error| sort_error(error, what);
    let descriptor = device.device_descriptor().map_err(sort)?;
    let kind = (descriptor.vendor_id(), descriptor.product_id());
    if kind != (identity.vendor_id, identity.product_id) {
        return Ok(None);
    }
    if let UsbWhich::Port(port) = &identity.which
        && *port != port_path(device)
    {
        return Ok(None);
    }
    let handle = device.open().map_err(sort)?;
    if let UsbWhich::Serial(serial) = &identity.which {
        let told = handle.read_serial_number_string_ascii(&descriptor).ok();
        if told.as_ref() != Some(serial) {
            return Ok(None);
        }
    }
    Ok(Some(handle))
}

fn port_path(device: &Device<Context>) -> String {
    let chain: Vec<String> = device
        .port_numbers()
        .unwrap_or_default()
        .iter()
        .map(ToString::to_string)
        .collect();
    format!("{}-{}", device.bus_number(), chain.join("."))
}

fn printer_interface(device: &Device<Context>) -> Option<Interface> {
    let config = device.active_config_descriptor().ok()?;
    let settings = config
        .interfaces()
        .flat_map(|interface| interface.descriptors());
    let mut usable: Vec<(bool, Interface)> = settings
        .filter(|s| s.class_code() == CLASS_PRINTER && s.sub_class_code() == SUBCLASS_PRINTER)
        .filter_map(|setting| {
            let bulk = |direction| {
                setting
                    .endpoint_descriptors()
                    .find(|e| e.direction() == direction && e.transfer_type() == TransferType::Bulk)
                    .map(|e| e.address())
            };
            let interface = Interface {
                number: setting.interface_number(),
                setting: setting.setting_number(),
                endpoint_out: bulk(Direction::Out)?,
                endpoint_in: bulk(Direction::In),
            };
            Some((setting.protocol_code() == PROTOCOL_BIDIRECTIONAL, interface))
        })
        .collect();
    usable.sort_by_key(|(bidirectional, _)| !bidirectional);
    usable.into_iter().next().map(|(_, interface)| interface)
}

fn sort_error(error: rusb::Error, what: &str) -> LinkError {
    let what = what.to_owned();
    match error {
        rusb::Error::Access => LinkError::Denied { what },
        rusb::Error::NoDevice | rusb::Error::Io | rusb::Error::Pipe => LinkError::Gone,
        rusb::Error::NotFound => LinkError::NotFound { what },
        rusb::Error::Busy => LinkError::Busy { what },
        rusb::Error::NotSupported | rusb::Error::Other => LinkError::Unsupported { what },
        other => LinkError::Io(std::io::Error::other(other)),
    }
}

fn moved(result: rusb::Result<usize>) -> Result<usize, LinkError> {
    match result {
        Ok(count) => Ok(count),
        Err(rusb::Error::Timeout | rusb::Error::Interrupted) => Ok(0),
        Err(error) => Err(sort_error(error, "usb printer")),
    }
}

impl Link for UsbPrinterLink {
    fn send(&mut self, bytes: &[u8], deadline: Deadline) -> Result<usize, LinkError> {
        let chunk = &bytes[..bytes.len().min(TRANSFER_BYTES)];
        loop {
            let wait = deadline.slice().max(SHORTEST_WAIT);
            let sent = moved(self.handle.write_bulk(self.endpoint_out, chunk, wait))?;
            if sent > 0 || deadline.passed() {
                return Ok(sent);
            }
        }
    }

    fn recv(&mut self, buffer: &mut [u8], deadline: Deadline) -> Result<usize, LinkError> {
        let Some(endpoint) = self.endpoint_in else {
            std::thread::sleep(deadline.slice());
            return Ok(0);
        };
        loop {
            let wait = deadline.slice().max(SHORTEST_WAIT);
            let got = moved(self.handle.read_bulk(endpoint, buffer, wait))?;
            if got > 0 || deadline.passed() {
                return Ok(got);
            }
        }
    }

    fn caps(&self) -> LinkCaps {
        LinkCaps {
            bidirectional: self.endpoint_in.is_some(),
            lossless: true,
            shared: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn port_status_bits_are_those_of_the_class_definition() {
        let closed = PortStatus::from_byte(0x08);
        assert_eq!(
            closed,
            PortStatus {
                paper_empty: false,
                selected: false,
                error: false
            }
        );
        let open = PortStatus::from_byte(0x18);
        assert!(open.selected && !open.error);
        assert!(PortStatus::from_byte(0x30).paper_empty);
    }

    #[test]
    fn a_printer_that_is_not_plugged_in_is_an_ordinary_answer() {
        let identity: UsbIdentity = "04b8:ffff:NONE".parse().unwrap();
        let error = UsbPrinterLink::open(&identity).err().unwrap();
        assert!(
            matches!(
                error,
                LinkError::NotFound { .. } | LinkError::Unsupported { .. }
            ),
            "{error:?}"
        );
    }
}
