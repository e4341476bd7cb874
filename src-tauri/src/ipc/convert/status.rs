//! The four lamps, the clock, the health of this machine, and its devices.

use jiff::civil::DateTime;
use motcua_desk::{Health, Lamp, LampReason, LampState, Status};
use motcua_drivers::manager::{Advice, FaultKind};
use motcua_drivers::{DeskDevices, DeviceState, DeviceView, Role};

use super::words::{count, date_time};
use crate::ipc::dto;

/// The names of the four lamps, in their order.
pub(super) const LAMPS: [dto::LampName; 4] = [
    dto::LampName::Saved,
    dto::LampName::SecondCopy,
    dto::LampName::Printed,
    dto::LampName::Province,
];

/// The bottom bar.
#[must_use]
pub fn status_view(status: &Status, devices: &[DeviceView]) -> dto::StatusView {
    dto::StatusView {
        lamps: LAMPS
            .iter()
            .zip(&status.lamps)
            .map(|(name, lamp)| shown_lamp(*name, lamp))
            .collect(),
        devices: devices.iter().map(device_chip).collect(),
        clock: clock(status),
        health: status.health.iter().map(health).collect(),
        now: date_time(status.now),
    }
}

pub(super) fn shown_lamp(name: dto::LampName, lamp: &Lamp) -> dto::Lamp {
    dto::Lamp {
        lamp: name,
        state: match lamp.state {
            LampState::None => dto::LampState::None,
            LampState::Waiting => dto::LampState::Waiting,
            LampState::Ok => dto::LampState::Ok,
            LampState::Bad => dto::LampState::Bad,
        },
        place: lamp.place.clone(),
        at: lamp.at.map(date_time),
        count: count(lamp.waiting),
        since: lamp.since.map(date_time),
        reason: lamp.reason.map(lamp_reason),
    }
}

fn lamp_reason(reason: LampReason) -> dto::LampReason {
    match reason {
        LampReason::NothingYet => dto::LampReason::NothingYet,
        LampReason::SingleMachine => dto::LampReason::SingleMachine,
        LampReason::LinkDown => dto::LampReason::LinkDown,
        LampReason::Refused => dto::LampReason::Refused,
        LampReason::OutcomeUnknown => dto::LampReason::OutcomeUnknown,
        LampReason::PaperOut => dto::LampReason::PaperOut,
        LampReason::PrinterOffline => dto::LampReason::PrinterOffline,
        LampReason::NoPrinter => dto::LampReason::NoPrinter,
        LampReason::Sending => dto::LampReason::Sending,
    }
}

fn clock(status: &Status) -> dto::ClockView {
    match &status.clock {
        Ok(()) => dto::ClockView {
            state: dto::ClockState::Trusted,
            machine_time: date_time(status.now),
            last_trusted: None,
        },
        Err((says, seen)) => dto::ClockView {
            state: clock_fault(*says, *seen),
            machine_time: date_time(*says),
            last_trusted: Some(date_time(*seen)),
        },
    }
}

/// A clock on another day than the records is wrong; one that only runs behind is doubtful.
fn clock_fault(says: DateTime, seen: DateTime) -> dto::ClockState {
    if says.date() == seen.date() {
        dto::ClockState::Doubtful
    } else {
        dto::ClockState::Wrong
    }
}

fn health(health: &Health) -> dto::HealthNote {
    match health {
        Health::KeyInFile => dto::HealthNote::KeyInFile,
        Health::DiskLow { free_mib } => dto::HealthNote::DiskLow {
            free_megabytes: *free_mib,
        },
        Health::SingleMachine => dto::HealthNote::SingleMachine,
        Health::CatalogueNeedsDecision { rows } => {
            dto::HealthNote::CatalogueNeedsDecision { rows: count(*rows) }
        }
    }
}

/// A device as a chip of the bottom bar.
pub(super) fn device_chip(device: &DeviceView) -> dto::DeviceChip {
    dto::DeviceChip {
        id: device.id.to_string(),
        role: role(device.role),
        name: device.name.clone(),
        state: device_state(device),
        paper_left: device.paper_left_slips,
        simulated: device.simulated,
    }
}

pub(super) fn role(role: Role) -> dto::DeviceRole {
    match role {
        Role::ReceiptPrinter => dto::DeviceRole::SlipPrinter,
        Role::CodeReader => dto::DeviceRole::BarcodeScanner,
        Role::CallDisplay => dto::DeviceRole::LineDisplay,
        Role::SignaturePad => dto::DeviceRole::SignaturePad,
        Role::PageSource => dto::DeviceRole::ScanFolder,
    }
}

/// The state with what the manager advises: a printer that is ready may still be short of paper.
fn device_state(device: &DeviceView) -> dto::DeviceState {
    match &device.state {
        DeviceState::Ready if device.advice == Some(Advice::PaperRunsLow) => {
            dto::DeviceState::PaperLow
        }
        DeviceState::Ready => dto::DeviceState::Ready,
        DeviceState::Busy { .. } => dto::DeviceState::Busy,
        DeviceState::Absent | DeviceState::Lost { .. } => dto::DeviceState::Offline,
        DeviceState::Found | DeviceState::Opening => dto::DeviceState::Unknown,
        DeviceState::Fault { kind, .. } => fault_state(*kind),
    }
}

fn fault_state(kind: FaultKind) -> dto::DeviceState {
    match kind {
        FaultKind::PaperOut => dto::DeviceState::PaperOut,
        FaultKind::CoverOpen => dto::DeviceState::CoverOpen,
        FaultKind::Offline | FaultKind::NoAnswer => dto::DeviceState::Offline,
        FaultKind::NeedsPermission => dto::DeviceState::NeedsPermission,
        FaultKind::WrongDevice => dto::DeviceState::WrongDevice,
        FaultKind::Cutter
        | FaultKind::Overheated
        | FaultKind::PrinterError
        | FaultKind::Unrecoverable
        | FaultKind::PortBusy
        | FaultKind::BadProfile
        | FaultKind::Unsupported => dto::DeviceState::Fault,
    }
}

/// A device with everything that the person who mends it needs.
#[must_use]
pub fn device_detail(
    device: &DeviceView,
    settings: &DeskDevices,
    now: DateTime,
) -> dto::DeviceDetail {
    let binding = settings
        .devices
        .iter()
        .find(|binding| binding.id == device.id);
    let since_ms = match &device.state {
        DeviceState::Fault { since_ms, .. } | DeviceState::Lost { since_ms } => Some(*since_ms),
        _ => None,
    };
    let since = since_ms
        .and_then(|ms| i64::try_from(ms).ok())
        .map_or(now, motcua_desk::local);
    dto::DeviceDetail {
        chip: device_chip(device),
        connection: binding
            .map(|binding| binding.address.to_string())
            .unwrap_or_default(),
        identity: device.id.to_string(),
        protocol: device.profile.clone(),
        since: date_time(since),
        detail: detail(device),
        can_test: false,
        last_test: None,
    }
}

/// The model that answered and the fault in the driver's own word: for whoever mends it. What a clerk can
/// do about a state is said by the screen.
fn detail(device: &DeviceView) -> String {
    let fault = match &device.state {
        DeviceState::Fault { kind, .. } => serde_json::to_value(kind).ok(),
        _ => None,
    };
    let fault = fault.and_then(|word| word.as_str().map(str::to_owned));
    let parts: Vec<String> = device.model.iter().cloned().chain(fault).collect();
    parts.join(" · ")
}
