//! What a device means: transports, protocols, profiles, a manager, and simulators.
//!
//! Two layers that never mix. **Transports** ([`transports`]) move bytes: serial, TCP, USB printer
//! class, a watched folder, memory. **Protocols** ([`protocols`]) know what bytes mean and do
//! nothing else: they are pure state machines that take bytes and a time and give bytes and events.
//! A device is a [`profile`] plus one thread of the [`manager`] that owns its link; the rest of the
//! program sees roles, jobs, events and a [`manager::DeviceView`] that never says "fine" because
//! nothing answered. Every protocol has a public simulator ([`simulators`]).
//!
//! Deliberately not here: dossiers, tickets, people, the layout of a slip (a printer takes a
//! raster), sentences for the screen (advice is a code), a global keyboard hook (a mere key
//! listener breaks Vietnamese input methods; readers are read on their own port).

pub mod manager;
pub mod profile;
pub mod protocols;
pub mod simulators;
pub mod transports;

pub use manager::{
    Address, DeskDevices, DeviceBinding, DeviceEvent, DeviceId, DeviceManager, DeviceState,
    DeviceView, Role, SignRequest,
};
pub use protocols::escpos::{PrintOptions, PrintOutcome, RasterJob};
pub use protocols::pad::{PenSample, Signature, Stroke};
