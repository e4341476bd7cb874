//! Practice mode: invented citizens, simulated devices and outages.

use serde::{Deserialize, Serialize};
use specta::datatype::DataType;
use specta::{Type, Types};

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
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

/// What is particular about a practice scan; nothing for an ordinary one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
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

// The empty word has no name that the generator could give a variant, so these two unions are written out
// from the words that cross.

impl PracticeQuirk {
    const ALL: [Self; 6] = [
        Self::Plain,
        Self::OldNumber,
        Self::Garbled,
        Self::Nfd,
        Self::NewCard,
        Self::Unreadable,
    ];
}

impl Type for PracticeQuirk {
    fn definition(_: &mut Types) -> DataType {
        union_of(&Self::ALL)
    }
}

impl PracticeScanQuirk {
    const ALL: [Self; 5] = [
        Self::Plain,
        Self::Empty,
        Self::Growing,
        Self::TooLarge,
        Self::Blurred,
    ];
}

impl Type for PracticeScanQuirk {
    fn definition(_: &mut Types) -> DataType {
        union_of(&Self::ALL)
    }
}

fn union_of(words: &[impl Serialize]) -> DataType {
    let words: Vec<String> = words
        .iter()
        .filter_map(|word| serde_json::to_string(word).ok())
        .collect();
    DataType::Reference(specta_typescript::define(words.join(" | ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordinary_card_crosses_as_the_empty_word() {
        let words = PracticeQuirk::ALL.map(|quirk| serde_json::to_value(quirk).unwrap());
        assert_eq!(words[0], "");
        assert_eq!(words[1], "old_number");
        assert_eq!(
            serde_json::to_value(PracticeScanQuirk::TooLarge).unwrap(),
            "too_large"
        );
    }
}
