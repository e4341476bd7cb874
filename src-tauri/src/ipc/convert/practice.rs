//! The practice panel: who can walk in, what can be scanned, what can break.

use motcua_desk::practice::{
    Breakage, CITIZENS, Citizen, PRACTICE_SCANS, PracticeScan, Quirk, ScanQuirk,
};
use motcua_drivers::simulators::SimName;
use motcua_drivers::{DeviceView, Role};

use super::status::role;
use super::words::count;
use crate::ipc::dto;

/// The panel as it stands, with whether the cable of this machine and the province's line are in.
#[must_use]
pub fn practice_view(
    devices: &[DeviceView],
    broken: &[Breakage],
    links: dto::PracticeLinks,
) -> dto::PracticeView {
    dto::PracticeView {
        people: CITIZENS
            .iter()
            .enumerate()
            .map(|(at, citizen)| person(at, citizen))
            .collect(),
        scans: PRACTICE_SCANS.iter().map(scan).collect(),
        devices: devices
            .iter()
            .filter_map(|device| breakable(device, broken))
            .collect(),
        links,
    }
}

fn person(at: usize, citizen: &Citizen) -> dto::PracticePerson {
    dto::PracticePerson {
        index: count(at),
        name: citizen.name.to_owned(),
        born_on: citizen.born_on.to_owned(),
        quirk: match citizen.quirk {
            Quirk::Ordinary => dto::PracticeQuirk::Plain,
            Quirk::OldNumber => dto::PracticeQuirk::OldNumber,
            Quirk::Garbled => dto::PracticeQuirk::Garbled,
            Quirk::Decomposed => dto::PracticeQuirk::Nfd,
            Quirk::NewCard => dto::PracticeQuirk::NewCard,
            Quirk::NotACard => dto::PracticeQuirk::Unreadable,
        },
    }
}

fn scan(scan: &PracticeScan) -> dto::PracticeScan {
    dto::PracticeScan {
        id: scan.id.to_owned(),
        name: scan.name.to_owned(),
        pages: 1,
        quirk: match scan.quirk {
            ScanQuirk::Empty => dto::PracticeScanQuirk::Empty,
            // Its name says what is the matter with it.
            ScanQuirk::Ordinary | ScanQuirk::Unsupported | ScanQuirk::Damaged => {
                dto::PracticeScanQuirk::Plain
            }
        },
    }
}

fn breakable(device: &DeviceView, broken: &[Breakage]) -> Option<dto::PracticeDevice> {
    if !device.simulated {
        return None;
    }
    let faults = faults_of(device.role);
    let is_active = |fault: &&dto::PracticeFault| {
        breakage(device.role, **fault).is_some_and(|breakage| broken.contains(&breakage))
    };
    Some(dto::PracticeDevice {
        id: device.id.to_string(),
        role: role(device.role),
        name: device.name.clone(),
        active: faults.iter().find(is_active).copied(),
        faults,
    })
}

fn faults_of(role: Role) -> Vec<dto::PracticeFault> {
    use dto::PracticeFault as Fault;
    match role {
        Role::ReceiptPrinter => vec![
            Fault::PaperLow,
            Fault::PaperOut,
            Fault::CoverOpen,
            Fault::PaperOutMidSlip,
            Fault::Unplugged,
        ],
        Role::CodeReader | Role::CallDisplay | Role::SignaturePad => vec![Fault::Unplugged],
        Role::PageSource => Vec::new(),
    }
}

/// What a fault of a device is to the desk; none where that device cannot have it.
#[must_use]
pub fn breakage(role: Role, fault: dto::PracticeFault) -> Option<Breakage> {
    use dto::PracticeFault as Fault;
    match (role, fault) {
        (Role::ReceiptPrinter, Fault::PaperLow) => Some(Breakage::PaperLow),
        (Role::ReceiptPrinter, Fault::PaperOut) => Some(Breakage::PaperOut),
        (Role::ReceiptPrinter, Fault::CoverOpen) => Some(Breakage::CoverOpen),
        (Role::ReceiptPrinter, Fault::PaperOutMidSlip) => Some(Breakage::PaperOutMidSlip),
        (Role::ReceiptPrinter, Fault::Unplugged) => Some(Breakage::Unplugged(SimName::Receipt)),
        (Role::CodeReader, Fault::Unplugged) => Some(Breakage::Unplugged(SimName::Reader)),
        (Role::CallDisplay, Fault::Unplugged) => Some(Breakage::Unplugged(SimName::Display)),
        (Role::SignaturePad, Fault::Unplugged) => Some(Breakage::Unplugged(SimName::Pad)),
        _ => None,
    }
}

/// Everything that can be broken on a device of this role.
#[must_use]
pub fn breakages(role: Role) -> Vec<Breakage> {
    faults_of(role)
        .into_iter()
        .filter_map(|fault| breakage(role, fault))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_that_is_offered_can_be_made() {
        for role in [
            Role::ReceiptPrinter,
            Role::CodeReader,
            Role::CallDisplay,
            Role::SignaturePad,
            Role::PageSource,
        ] {
            for fault in faults_of(role) {
                assert!(breakage(role, fault).is_some(), "{role:?} {fault:?}");
            }
        }
    }

    #[test]
    fn a_reader_has_no_paper_to_run_out_of() {
        assert_eq!(
            breakage(Role::CodeReader, dto::PracticeFault::PaperOut),
            None
        );
    }

    #[test]
    fn the_panel_lists_everybody_with_what_is_particular() {
        let view = practice_view(
            &[],
            &[],
            dto::PracticeLinks {
                hub_up: true,
                province_up: true,
            },
        );
        assert_eq!(view.people.len(), CITIZENS.len());
        assert!(
            view.people
                .iter()
                .any(|person| person.quirk == dto::PracticeQuirk::OldNumber)
        );
        assert!(
            view.scans
                .iter()
                .any(|scan| scan.quirk == dto::PracticeScanQuirk::Empty)
        );
    }
}
