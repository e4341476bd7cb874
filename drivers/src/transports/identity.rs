//! Which USB device is meant: by its serial number or the port it is plugged into, never by the
//! name the system happened to give its port.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A USB device: vendor, product, and its serial number or the path of its port.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UsbIdentity {
    /// Vendor id.
    pub vendor_id: u16,
    /// Product id.
    pub product_id: u16,
    /// What tells it from another of the same kind.
    pub which: UsbWhich,
}

/// What tells two devices of the same kind apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum UsbWhich {
    /// The only one of its kind.
    Any,
    /// Its serial number.
    Serial(String),
    /// The port it is plugged into, as `bus-port.port` (for example `1-4.2`).
    Port(String),
}

/// The text is not `vendor:product`, `vendor:product:serial` or `vendor:product:@port`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a USB identity is vendor:product, vendor:product:serial or vendor:product:@port")]
pub struct BadIdentity;

impl FromStr for UsbIdentity {
    type Err = BadIdentity;

    fn from_str(text: &str) -> Result<Self, BadIdentity> {
        let mut parts = text.splitn(3, ':');
        let mut id =
            || u16::from_str_radix(parts.next().unwrap_or_default(), 16).map_err(|_| BadIdentity);
        let (vendor_id, product_id) = (id()?, id()?);
        let which = match parts.next() {
            None => UsbWhich::Any,
            Some(rest) => match rest.strip_prefix('@') {
                Some(port) if !port.is_empty() => UsbWhich::Port(port.to_owned()),
                None if !rest.is_empty() => UsbWhich::Serial(rest.to_owned()),
                _ => return Err(BadIdentity),
            },
        };
        Ok(Self {
            vendor_id,
            product_id,
            which,
        })
    }
}

impl fmt::Display for UsbIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04x}:{:04x}", self.vendor_id, self.product_id)?;
        match &self.which {
            UsbWhich::Any => Ok(()),
            UsbWhich::Serial(serial) => write!(f, ":{serial}"),
            UsbWhich::Port(port) => write!(f, ":@{port}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities_read_back_and_half_ones_are_refused() {
        for text in ["04b8:0e28", "04b8:0e28:X4TY", "1a86:7523:@1-4.2"] {
            assert_eq!(text.parse::<UsbIdentity>().unwrap().to_string(), text);
        }
        for text in ["", "04b8", "04b8:0e28:", "04b8:0e28:@", "zz:1"] {
            assert!(text.parse::<UsbIdentity>().is_err(), "{text}");
        }
    }
}
