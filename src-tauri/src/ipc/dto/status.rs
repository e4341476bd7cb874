//! What the machine owes the clerk: the four lamps, the devices, the clock, the health of this node.

use serde::Serialize;
use specta::Type;

use super::{Id, LocalDateTime};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum LampName {
    Saved,
    SecondCopy,
    Printed,
    Province,
}

/// `Ok` only on an acknowledgement by the other side; `Bad` only when a person must act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum LampState {
    None,
    Waiting,
    Ok,
    Bad,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum LampReason {
    NothingYet,
    SingleMachine,
    LinkDown,
    Refused,
    OutcomeUnknown,
    PaperOut,
    PrinterOffline,
    NoPrinter,
    DiskFull,
    Sending,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Lamp {
    pub lamp: LampName,
    pub state: LampState,
    #[serde(rename = "where")]
    pub place: String,
    pub at: Option<LocalDateTime>,
    pub count: u32,
    pub since: Option<LocalDateTime>,
    pub reason: Option<LampReason>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StatusView {
    pub lamps: Vec<Lamp>,
    pub devices: Vec<DeviceChip>,
    pub clock: ClockView,
    pub health: Vec<HealthNote>,
    pub now: LocalDateTime,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ClockState {
    Trusted,
    Doubtful,
    Wrong,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ClockView {
    pub state: ClockState,
    pub machine_time: LocalDateTime,
    pub last_trusted: Option<LocalDateTime>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(
    tag = "code",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum HealthNote {
    KeyInFile,
    DiskLow { free_megabytes: u64 },
    SingleMachine,
    CatalogueNeedsDecision { rows: u32 },
    NewerVersionNeeded { records: u32 },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum DeviceRole {
    SlipPrinter,
    BarcodeScanner,
    ScanFolder,
    SignaturePad,
    HallDisplay,
    LineDisplay,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum DeviceState {
    Ready,
    Busy,
    PaperLow,
    PaperOut,
    CoverOpen,
    Offline,
    WrongDevice,
    NeedsPermission,
    Fault,
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DeviceChip {
    pub id: Id,
    pub role: DeviceRole,
    pub name: String,
    pub state: DeviceState,
    pub paper_left: Option<u32>,
    pub simulated: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DeviceDetail {
    #[serde(flatten)]
    pub chip: DeviceChip,
    pub connection: String,
    pub identity: String,
    pub protocol: String,
    pub since: LocalDateTime,
    pub detail: String,
    pub can_test: bool,
    pub last_test: Option<DeviceTest>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DeviceTest {
    pub at: LocalDateTime,
    pub outcome: DeviceTestOutcome,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum DeviceTestOutcome {
    Running,
    Passed,
    Failed,
    Unknown,
}
