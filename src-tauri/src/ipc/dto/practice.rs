//! Practice mode: invented citizens, simulated devices and outages.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{DeviceRole, Id};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PracticeView {
    pub people: Vec<PracticePerson>,
    pub scans: Vec<PracticeScan>,
    pub devices: Vec<PracticeDevice>,
    pub links: PracticeLinks,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PracticePerson {
    pub index: u32,
    pub name: String,
    pub born_on: String,
    pub quirk: PracticeQuirk,
}

/// What is particular about a card; nothing for an ordinary one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum PracticeQuirk {
    #[serde(rename = "")]
    Plain,
    OldNumber,
    Garbled,
    Nfd,
    NewCard,
    Unreadable,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PracticeScan {
    pub id: Id,
    pub name: String,
    pub pages: u32,
    pub quirk: PracticeScanQuirk,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum PracticeScanQuirk {
    #[serde(rename = "")]
    Plain,
    Empty,
    Growing,
    TooLarge,
    Blurred,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PracticeDevice {
    pub id: Id,
    pub role: DeviceRole,
    pub name: String,
    pub faults: Vec<PracticeFault>,
    pub active: Option<PracticeFault>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum PracticeFault {
    PaperLow,
    PaperOut,
    CoverOpen,
    Unplugged,
    PaperOutMidSlip,
}

/// A link that can be cut in practice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum PracticeLink {
    Hub,
    Province,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PracticeLinks {
    pub hub_up: bool,
    pub province_up: bool,
}
