//! Transports: how bytes travel. Nothing here knows what they mean.
//!
//! A [`Link`] is blocking and waits in slices of at most [`MAX_SLICE`], so the one thread that owns
//! a device notices a cancel and a shutdown quickly. Links report *gone*, *busy*, *denied* and the
//! rest as data; they never retry by themselves (the manager does, with a back-off).

pub mod folder;
mod identity;
mod link;
mod memory;
#[cfg(unix)]
pub mod pty;
mod serial;
mod tcp;
mod usb;

pub use identity::{BadIdentity, UsbIdentity, UsbWhich};
pub use link::{Deadline, Link, LinkCaps, LinkError, MAX_SLICE};
pub use memory::{MemoryLink, memory_pair};
pub use serial::{Flow, Parity, SerialLink, SerialSettings, resolve_serial_usb};
pub use tcp::TcpLink;
pub use usb::UsbPrinterLink;
