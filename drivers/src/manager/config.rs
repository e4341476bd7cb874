//! Which devices a desk has, as the clerk bound them; serialised into the desk's settings.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::transports::UsbIdentity;

/// What a device is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Prints slips and tickets.
    ReceiptPrinter,
    /// Reads barcodes and QR codes.
    CodeReader,
    /// Two lines towards the citizen.
    CallDisplay,
    /// Takes a signature.
    SignaturePad,
    /// Brings scanned pages.
    PageSource,
}

/// A name the office gave a device, unique on this PC: letters, digits, `-` and `_`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DeviceId(String);

/// Longest device name, in characters.
pub const MAX_DEVICE_ID_CHARS: usize = 40;

impl DeviceId {
    /// Reads a device name.
    ///
    /// # Errors
    /// [`ConfigError::Id`] when it is empty, too long or has other characters.
    pub fn new(id: impl Into<String>) -> Result<Self, ConfigError> {
        let id = id.into();
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if id.is_empty() || id.len() > MAX_DEVICE_ID_CHARS || !id.chars().all(allowed) {
            return Err(ConfigError::Id { id });
        }
        Ok(Self(id))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for DeviceId {
    type Error = ConfigError;

    fn try_from(id: String) -> Result<Self, ConfigError> {
        Self::new(id)
    }
}

impl From<DeviceId> for String {
    fn from(id: DeviceId) -> Self {
        id.0
    }
}

/// Where a device is. Written as `serial:/dev/ttyUSB0`, `serial-usb:0403:6001:A50285BI`,
/// `tcp:192.168.1.87:9100`, `usb:04b8:0e28:X4TY012345`, `folder:/srv/scan`, `canvas`, `sim:receipt`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Address {
    /// A port by its path. For fixed wiring and simulators; a COM number is not an identity.
    Serial {
        /// Path or name of the port.
        path: String,
    },
    /// A serial port by the USB device behind it, wherever the system put it.
    SerialUsb(UsbIdentity),
    /// A host and port.
    Tcp {
        /// `host:port`.
        host: String,
    },
    /// A USB printer.
    Usb(UsbIdentity),
    /// A folder that scans arrive in.
    Folder {
        /// Path of the folder.
        path: PathBuf,
    },
    /// The window itself (pen, touch or mouse on a canvas).
    Canvas,
    /// A simulator in this process.
    Sim {
        /// Name of the simulator.
        name: String,
    },
}

impl Address {
    /// The device is a simulator of this process.
    #[must_use]
    pub fn is_simulated(&self) -> bool {
        matches!(self, Self::Sim { .. })
    }
}

impl FromStr for Address {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        let error = || ConfigError::Address {
            address: text.to_owned(),
        };
        if text == "canvas" {
            return Ok(Self::Canvas);
        }
        let (kind, rest) = text.split_once(':').ok_or_else(error)?;
        if rest.is_empty() {
            return Err(error());
        }
        match kind {
            "serial" => Ok(Self::Serial {
                path: rest.to_owned(),
            }),
            "serial-usb" => rest.parse().map(Self::SerialUsb).map_err(|_| error()),
            "usb" => rest.parse().map(Self::Usb).map_err(|_| error()),
            "folder" => Ok(Self::Folder {
                path: PathBuf::from(rest),
            }),
            "sim" => Ok(Self::Sim {
                name: rest.to_owned(),
            }),
            "tcp" => {
                let port = rest.rsplit_once(':').map(|(_, port)| port.parse::<u16>());
                match port {
                    Some(Ok(port)) if port != 0 => Ok(Self::Tcp {
                        host: rest.to_owned(),
                    }),
                    _ => Err(error()),
                }
            }
            _ => Err(error()),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Serial { path } => write!(f, "serial:{path}"),
            Self::SerialUsb(identity) => write!(f, "serial-usb:{identity}"),
            Self::Tcp { host } => write!(f, "tcp:{host}"),
            Self::Usb(identity) => write!(f, "usb:{identity}"),
            Self::Folder { path } => write!(f, "folder:{}", path.display()),
            Self::Canvas => f.write_str("canvas"),
            Self::Sim { name } => write!(f, "sim:{name}"),
        }
    }
}

impl TryFrom<String> for Address {
    type Error = ConfigError;

    fn try_from(text: String) -> Result<Self, ConfigError> {
        text.parse()
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.to_string()
    }
}

/// One device of the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceBinding {
    /// Its name in settings and events.
    pub id: DeviceId,
    /// What it is used for.
    pub role: Role,
    /// Its name for people; the profile's name when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The profile it obeys.
    pub profile: String,
    /// Where it is.
    pub address: Address,
    /// It is a simulator (set for simulators served on ports and folders).
    #[serde(default)]
    pub simulated: bool,
    /// Dots already printed on the roll in the printer, as last told by the view.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper_used_dots: Option<u64>,
}

/// The devices of a desk.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskDevices {
    /// A short name of this PC; keeps two PCs on one scan folder apart.
    #[serde(default)]
    pub station: String,
    /// The devices; for a role, the first is the one in use.
    #[serde(default)]
    pub devices: Vec<DeviceBinding>,
}

impl DeskDevices {
    /// Checks that names are unique and every address can serve its role.
    ///
    /// # Errors
    /// The first [`ConfigError`] found.
    pub fn check(&self) -> Result<(), ConfigError> {
        for (index, device) in self.devices.iter().enumerate() {
            if self.devices[..index]
                .iter()
                .any(|other| other.id == device.id)
            {
                return Err(ConfigError::Twice {
                    id: device.id.clone(),
                });
            }
            let suits = match (&device.address, device.role) {
                (Address::Folder { .. }, role) => role == Role::PageSource,
                (_, Role::PageSource) => false,
                (Address::Canvas, role) => role == Role::SignaturePad,
                (Address::Usb(_), role) => role == Role::ReceiptPrinter,
                _ => true,
            };
            if !suits {
                return Err(ConfigError::Unsuited {
                    id: device.id.clone(),
                    role: device.role,
                    address: device.address.to_string(),
                });
            }
        }
        Ok(())
    }
}

/// Why a desk's device settings cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ConfigError {
    /// A bad device name.
    #[error("tên thiết bị {id:?} không dùng được: chỉ gồm chữ không dấu, số, '-' và '_'")]
    Id {
        /// The name.
        id: String,
    },
    /// A bad address.
    #[error(
        "địa chỉ {address:?} không đọc được; viết như serial:/dev/ttyUSB0, \
         serial-usb:0403:6001:SERIAL, tcp:192.168.1.87:9100, usb:04b8:0e28, folder:/srv/scan, \
         canvas"
    )]
    Address {
        /// The address.
        address: String,
    },
    /// Two devices of one name.
    #[error("hai thiết bị cùng tên {id}")]
    Twice {
        /// The name.
        id: DeviceId,
    },
    /// An address that cannot serve the role.
    #[error("thiết bị {id}: địa chỉ {address} không dùng được cho vai trò {role:?}")]
    Unsuited {
        /// The device.
        id: DeviceId,
        /// Its role.
        role: Role,
        /// Its address.
        address: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_read_back_as_they_were_written() {
        for text in [
            "serial:/dev/pts/3",
            "serial:COM3",
            "serial-usb:0403:6001:A50285BI",
            "serial-usb:0403:6001",
            "serial-usb:1a86:7523:@1-4.2",
            "tcp:127.0.0.1:9100",
            "tcp:[::1]:9100",
            "usb:04b8:0e28:X4TY012345",
            "folder:/srv/Hồ sơ quét",
            "canvas",
            "sim:receipt",
        ] {
            let address: Address = text.parse().unwrap();
            assert_eq!(address.to_string(), text);
        }
    }

    #[test]
    fn wrong_addresses_say_how_to_write_one() {
        for text in [
            "",
            "serial:",
            "COM3",
            "tcp:printer",
            "tcp:a:0",
            "usb:xyz:1",
            "usb:04b8",
            "ftp:x",
        ] {
            let error = text.parse::<Address>().unwrap_err();
            assert!(
                error.to_string().contains("serial:/dev/ttyUSB0"),
                "{text}: {error}"
            );
        }
    }

    #[test]
    fn a_desk_with_two_printers_of_one_name_is_refused() {
        let json = r#"{"devices":[
            {"id":"may-in","role":"receipt_printer","profile":"escpos-80mm","address":"tcp:10.0.0.9:9100"},
            {"id":"may-in","role":"code_reader","profile":"cdc-reader","address":"serial:COM3"}]}"#;
        let desk: DeskDevices = serde_json::from_str(json).unwrap();
        assert!(matches!(desk.check(), Err(ConfigError::Twice { .. })));
    }

    #[test]
    fn a_folder_cannot_print() {
        let json = r#"{"devices":[
            {"id":"x","role":"receipt_printer","profile":"escpos-80mm","address":"folder:/tmp"}]}"#;
        let desk: DeskDevices = serde_json::from_str(json).unwrap();
        assert!(matches!(desk.check(), Err(ConfigError::Unsuited { .. })));
    }
}
