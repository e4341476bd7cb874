//! The office: its name, hours, fields, counters, people and catalogues, as the fold of its operations.
//!
//! Settings are operations like everything else: a PC that joins the office gets them by the exchange, and
//! who changed what is in the log. PINs are only ever here as argon2id strings, made elsewhere.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::{DueOptions, OpeningHours};
use crate::code::OrgCode;
use crate::dossier::BlobRef;
use crate::event::Event;
use crate::ids::{EntityId, StaffId};
use crate::queue::Policy;
use crate::state::{Decision, Entry};

/// `office.set`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OfficeSet {
    /// The centre's name, for example `Trung tâm Phục vụ hành chính công xã Bản Mây`.
    pub name: String,
    /// The agency above it on papers, for example `UBND xã Bản Mây`.
    pub agency: String,
    /// The place written before the date on papers.
    pub place: String,
    /// The province, for example `tỉnh Sơn Vân`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub province: String,
    /// The office's address.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// The office's phone, printed on papers.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub phone: String,
    /// Organisation code (QĐ 20/2020/QĐ-TTg), also the log's name.
    pub org: OrgCode,
    /// When it receives people.
    pub hours: OpeningHours,
    /// How due dates are counted here.
    pub due: DueOptions,
    /// How the queue goes.
    pub queue: Policy,
    /// Whether this is a practice office.
    #[serde(default)]
    pub practice: bool,
}

/// `office.field`: a line in the queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldSet {
    /// Its identity.
    pub id: EntityId,
    /// The letter on tickets.
    pub letter: String,
    /// Its name, for example `Hộ tịch, chứng thực`.
    pub name: String,
    /// The sectors of the catalogue that it serves; empty for all others.
    pub sectors: Vec<String>,
    /// False when it is no longer offered.
    pub active: bool,
}

/// `office.counter`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CounterSet {
    /// Its identity.
    pub id: EntityId,
    /// What the hall hears, for example `3`.
    pub number: String,
    /// The fields it serves, most important first.
    pub fields: Vec<EntityId>,
    /// False when it is no longer used.
    pub active: bool,
}

/// What a person may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Cán bộ tiếp nhận.
    Clerk,
    /// Lãnh đạo Trung tâm.
    Supervisor,
    /// Quản trị.
    Admin,
}

/// `office.staff`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffSet {
    /// Who.
    pub id: StaffId,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The argon2id string of their PIN.
    pub pin: String,
    /// False when they no longer work here.
    pub active: bool,
}

/// `office.catalogue`: a catalogue of procedures takes effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CataloguePublished {
    /// Its version, kept by every dossier.
    pub version: String,
    /// From this day; the latest that is not in the future holds.
    pub effective_from: Date,
    /// The catalogue as JSON in the blob store; none for the practice catalogue that the program ships.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<BlobRef>,
    /// How many procedures.
    pub rows: u32,
}

/// The office as it stands on this node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Office {
    /// The log entity.
    pub id: EntityId,
    /// Name, hours, rules.
    pub profile: OfficeSet,
    /// Fields by identity.
    pub fields: BTreeMap<EntityId, FieldSet>,
    /// Counters by identity.
    pub counters: BTreeMap<EntityId, CounterSet>,
    /// People by identity.
    pub staff: BTreeMap<StaffId, StaffSet>,
    /// Catalogues in the order they were published.
    pub catalogues: Vec<CataloguePublished>,
    /// The highest log position folded in.
    pub last_seq: u64,
}

impl Office {
    /// The office after one operation.
    #[must_use]
    pub fn fold(office: Option<Self>, entry: Entry<'_>, decision: &Decision) -> Option<Self> {
        let mut office = match (office, entry.event) {
            (Some(office), _) => office,
            (None, Event::OfficeSet(profile)) => Self {
                id: entry.op.entity,
                profile: profile.as_ref().clone(),
                fields: BTreeMap::new(),
                counters: BTreeMap::new(),
                staff: BTreeMap::new(),
                catalogues: Vec::new(),
                last_seq: 0,
            },
            (None, _) => return None,
        };
        if decision.stands() {
            office.take(entry.event);
        }
        office.last_seq = office.last_seq.max(entry.seq.unwrap_or(0));
        Some(office)
    }

    fn take(&mut self, event: &Event) {
        match event {
            Event::OfficeSet(profile) => self.profile = profile.as_ref().clone(),
            Event::FieldSet(field) => drop(self.fields.insert(field.id, field.clone())),
            Event::CounterSet(counter) => drop(self.counters.insert(counter.id, counter.clone())),
            Event::StaffSet(person) => drop(self.staff.insert(person.id, person.clone())),
            Event::CataloguePublished(catalogue) => self.catalogues.push(catalogue.clone()),
            _ => {}
        }
    }

    /// The catalogue that holds on `day`.
    #[must_use]
    pub fn catalogue_on(&self, day: Date) -> Option<&CataloguePublished> {
        self.catalogues
            .iter()
            .filter(|c| c.effective_from <= day)
            .max_by_key(|c| c.effective_from)
    }

    /// The queue field that serves a sector: the one that names it, else the one that names none.
    #[must_use]
    pub fn field_for(&self, sector: &str) -> Option<&FieldSet> {
        let active = || self.fields.values().filter(|f| f.active);
        active()
            .find(|f| f.sectors.iter().any(|s| s == sector))
            .or_else(|| active().find(|f| f.sectors.is_empty()))
    }

    /// What the hall calls a counter.
    #[must_use]
    pub fn counter_number(&self, id: EntityId) -> String {
        self.counters
            .get(&id)
            .map_or_else(|| "?".to_owned(), |c| c.number.clone())
    }
}

/// What the log says of an operation on the office: the later in order wins, nothing merges.
#[must_use]
pub fn judge(office: Option<&Office>, event: &Event) -> Decision {
    match (office, event) {
        (None, Event::OfficeSet(_)) => Decision::Applied,
        (None, _) => Decision::rejected("no_office"),
        (Some(known), Event::OfficeSet(profile)) if known.profile == **profile => {
            Decision::Duplicate
        }
        (Some(_), _) => Decision::Applied,
    }
}
