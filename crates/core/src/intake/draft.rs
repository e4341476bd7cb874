//! What a clerk has entered so far. It is saved on every change, so a power cut loses at most the last second.
//!
//! Values of the person are kept as they were typed, with where they came from; they are parsed when the
//! draft is reviewed, never while somebody types.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::catalogue::{CaseId, Channel, ProcedureCode};
use crate::dossier::{BlobRef, Delivery, SignatureRef};
use crate::ids::EntityId;

/// A field of the person in front of the clerk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonField {
    /// Họ, chữ đệm và tên.
    FullName,
    /// Số định danh cá nhân.
    IdNumber,
    /// Số CMND cũ.
    OldId,
    /// Ngày sinh, possibly only a year.
    Born,
    /// Giới tính.
    Sex,
    /// Nơi cư trú as printed.
    Address,
    /// Số điện thoại.
    Phone,
    /// Thư điện tử.
    Email,
}

impl PersonField {
    /// Every field in the order of the screen.
    pub const ALL: [Self; 8] = [
        Self::FullName,
        Self::IdNumber,
        Self::OldId,
        Self::Born,
        Self::Sex,
        Self::Address,
        Self::Phone,
        Self::Email,
    ];

    /// Its name in [`crate::refusal::Problem::field`].
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::FullName => "person.full_name",
            Self::IdNumber => "person.id_number",
            Self::OldId => "person.old_id",
            Self::Born => "person.born",
            Self::Sex => "person.sex",
            Self::Address => "person.address",
            Self::Phone => "person.phone",
            Self::Email => "person.email",
        }
    }
}

/// Where a value comes from, so that the clerk knows what to check.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Nothing yet.
    #[default]
    None,
    /// The identity card's QR: a typing aid, not a proof of identity.
    Card,
    /// The clerk.
    Typed,
    /// An earlier dossier.
    Record,
}

/// A value with its source. `Debug` shows the source only.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sourced {
    /// As typed or read, NFC.
    pub value: String,
    /// Where from.
    pub source: Source,
    /// When.
    pub at: Option<DateTime>,
}

impl fmt::Debug for Sourced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "‹{:?}›", self.source)
    }
}

/// The person, field by field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonForm {
    /// See [`PersonField::FullName`].
    pub full_name: Sourced,
    /// See [`PersonField::IdNumber`].
    pub id_number: Sourced,
    /// See [`PersonField::OldId`].
    pub old_id: Sourced,
    /// See [`PersonField::Born`].
    pub born: Sourced,
    /// See [`PersonField::Sex`]: `male`, `female` or empty.
    pub sex: Sourced,
    /// See [`PersonField::Address`].
    pub address: Sourced,
    /// See [`PersonField::Phone`].
    pub phone: Sourced,
    /// See [`PersonField::Email`].
    pub email: Sourced,
    /// When a card was read into the form.
    pub card_read_at: Option<DateTime>,
    /// When that card was issued.
    pub card_issued_on: Option<Date>,
}

impl PersonForm {
    /// A field.
    #[must_use]
    pub fn field(&self, field: PersonField) -> &Sourced {
        match field {
            PersonField::FullName => &self.full_name,
            PersonField::IdNumber => &self.id_number,
            PersonField::OldId => &self.old_id,
            PersonField::Born => &self.born,
            PersonField::Sex => &self.sex,
            PersonField::Address => &self.address,
            PersonField::Phone => &self.phone,
            PersonField::Email => &self.email,
        }
    }

    pub(super) fn field_mut(&mut self, field: PersonField) -> &mut Sourced {
        match field {
            PersonField::FullName => &mut self.full_name,
            PersonField::IdNumber => &mut self.id_number,
            PersonField::OldId => &mut self.old_id,
            PersonField::Born => &mut self.born,
            PersonField::Sex => &mut self.sex,
            PersonField::Address => &mut self.address,
            PersonField::Phone => &mut self.phone,
            PersonField::Email => &mut self.email,
        }
    }
}

/// A value that a card offers against one that was there; the clerk takes or leaves it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Which field.
    pub field: PersonField,
    /// What stands.
    pub kept: String,
    /// What the card says.
    pub offered: String,
}

impl fmt::Debug for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "‹difference in {:?}›", self.field)
    }
}

/// Somebody else who hands the dossier in.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmitterForm {
    /// Their name.
    pub full_name: String,
    /// Their personal number.
    pub id_number: String,
    /// Their phone.
    pub phone: String,
    /// What lets them act, for example `Giấy ủy quyền ngày 20/11/2026`.
    pub authority: String,
}

impl fmt::Debug for SubmitterForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹submitter›")
    }
}

/// The procedure, its case and channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// National code.
    pub code: ProcedureCode,
    /// The case within the procedure.
    pub case: Option<CaseId>,
    /// How the dossier comes in.
    pub channel: Channel,
}

/// A scan that was attached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanRef {
    /// The bytes.
    pub blob: BlobRef,
    /// The file's name as it came; shown to the clerk, never printed or logged.
    pub file_name: String,
    /// How many pages.
    pub pages: u32,
    /// When it was attached.
    pub at: DateTime,
}

/// One line of the checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperEntry {
    /// Stable within the draft and the dossier: `p1` … from the catalogue, `x1` … added by the clerk.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Needed in every case.
    pub required: bool,
    /// When it is needed, where it is not in every case.
    pub condition: String,
    /// Shown and handed back.
    pub present_only: bool,
    /// Expected counts: originals, certified copies, photocopies.
    pub expected: [u16; 3],
    /// The citizen has it.
    pub checked: bool,
    /// Counts handed in: originals, certified copies, photocopies.
    pub counts: [u16; 3],
    /// Its scans.
    pub scans: Vec<ScanRef>,
}

/// The draft of one reception.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Becomes the dossier's identity.
    pub id: EntityId,
    /// The ticket that is being served.
    pub ticket: Option<EntityId>,
    /// When it was opened.
    pub opened_at: DateTime,
    /// Grows with each change.
    pub revision: u64,
    /// Whose dossier it is.
    pub person: PersonForm,
    /// Who hands it in, where that is another person.
    pub submitter: Option<SubmitterForm>,
    /// Where a card differs from what was there.
    pub differences: Vec<Difference>,
    /// What is asked for.
    pub choice: Option<Choice>,
    /// The checklist.
    pub papers: Vec<PaperEntry>,
    /// Số bộ hồ sơ.
    pub set_count: u16,
    /// How many units of each fee row, by the row's key; one where nothing is said.
    pub fee_quantities: BTreeMap<String, u32>,
    /// The amount that the clerk decided where the catalogue states none, in đồng.
    pub fee_decided: Option<u64>,
    /// Why nothing is owed.
    pub exemption: Option<String>,
    /// How the result comes back.
    pub delivery: Delivery,
    /// For colleagues.
    pub note: String,
    /// The citizen's signature.
    pub signature: Option<SignatureRef>,
}

impl Draft {
    /// An empty draft.
    #[must_use]
    pub fn new(id: EntityId, ticket: Option<EntityId>, opened_at: DateTime) -> Self {
        Self {
            id,
            ticket,
            opened_at,
            revision: 0,
            person: PersonForm::default(),
            submitter: None,
            differences: Vec::new(),
            choice: None,
            papers: Vec::new(),
            set_count: 1,
            fee_quantities: BTreeMap::new(),
            fee_decided: None,
            exemption: None,
            delivery: Delivery::Counter,
            note: String::new(),
            signature: None,
        }
    }

    /// Whether nothing has been entered: such a draft is thrown away without asking.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        let untouched = PersonField::ALL
            .iter()
            .all(|f| self.person.field(*f).value.trim().is_empty());
        untouched && self.choice.is_none() && self.papers.is_empty() && self.note.is_empty()
    }
}
