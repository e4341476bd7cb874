//! The manager: one owner thread per device, reconnection, jobs, and the view the clerk sees.

mod config;
mod event;
mod view;

pub use config::{
    Address, ConfigError, DeskDevices, DeviceBinding, DeviceId, MAX_DEVICE_ID_CHARS, Role,
};
pub use event::DeviceEvent;
pub use view::{Advice, DeviceState, DeviceView, FaultKind, Health};
