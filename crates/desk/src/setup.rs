//! The first run: a new office, or the practice office.

use motcua_core::calendar::{DueOptions, OpeningHours};
use motcua_core::code::OrgCode;
use motcua_core::event::Event;
use motcua_core::ids::{EntityId, StaffId};
use motcua_core::office::{CataloguePublished, CounterSet, FieldSet, OfficeSet, Role, StaffSet};
use motcua_core::queue::Policy;
use motcua_core::refusal::Problem;
use uuid::Uuid;

use crate::error::DeskError;
use crate::pin;

/// A queue field that the first run offers.
#[derive(Clone, Copy, Debug)]
pub struct StandardField {
    /// The letter on tickets.
    pub letter: &'static str,
    /// Its name.
    pub name: &'static str,
    /// The sectors of the catalogue that it serves; none for everything else.
    pub sectors: &'static [&'static str],
}

impl StandardField {
    /// Its identity, the same on every machine.
    #[must_use]
    pub fn id(&self) -> EntityId {
        EntityId::derived(&format!("field:{}", self.letter))
    }
}

/// The fields of a commune's centre, as real centres divide their counters.
pub const STANDARD_FIELDS: &[StandardField] = &[
    StandardField {
        letter: "A",
        name: "Hộ tịch, chứng thực",
        sectors: &["Hộ tịch", "Chứng thực", "Nuôi con nuôi"],
    },
    StandardField {
        letter: "B",
        name: "Đất đai, xây dựng",
        sectors: &["Đất đai", "Hoạt động xây dựng", "Nhà ở", "Đường bộ"],
    },
    StandardField {
        letter: "C",
        name: "Cư trú, căn cước",
        sectors: &["Đăng ký, quản lý cư trú", "Cư trú", "Cấp, quản lý căn cước"],
    },
    StandardField {
        letter: "D",
        name: "Lĩnh vực khác",
        sectors: &[],
    },
];

/// A counter of a new office.
#[derive(Clone, Debug)]
pub struct NewCounter {
    /// What the hall calls it; its place in the list where it is empty.
    pub number: String,
    /// The fields it serves.
    pub fields: Vec<EntityId>,
}

/// A person of a new office.
#[derive(Clone, Debug)]
pub struct NewStaff {
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Their PIN.
    pub pin: String,
}

/// Where the catalogue comes from.
#[derive(Clone, Debug)]
pub enum CatalogueSource {
    /// The practice catalogue that the program ships.
    Practice,
    /// A catalogue that was imported, with its JSON in the blob store.
    Imported(CataloguePublished),
}

/// A new office as the first run asks for it.
#[derive(Clone, Debug)]
pub struct NewOffice {
    /// Its name.
    pub name: String,
    /// The agency above it on papers.
    pub agency: String,
    /// The province.
    pub province: String,
    /// The place before the date on papers; taken from the name where it is empty.
    pub place: String,
    /// Its address.
    pub address: String,
    /// Its phone.
    pub phone: String,
    /// Organisation code.
    pub org: String,
    /// When it receives people.
    pub hours: OpeningHours,
    /// Its counters.
    pub counters: Vec<NewCounter>,
    /// Its people.
    pub staff: Vec<NewStaff>,
    /// Its catalogue.
    pub catalogue: CatalogueSource,
    /// Whether it is the practice office.
    pub practice: bool,
}

/// A new office as operations, ready to be recorded in one act.
pub(crate) struct Founded {
    pub(crate) org: OrgCode,
    pub(crate) events: Vec<Event>,
}

fn problem(field: impl Into<String>, code: &str) -> Problem {
    Problem {
        field: field.into(),
        code: code.to_owned(),
    }
}

/// Checks a new office and turns it into operations.
pub(crate) fn found(office: &NewOffice) -> Result<Founded, DeskError> {
    let problems = check(office);
    let org = office.org.trim().parse::<OrgCode>();
    let (Ok(org), true) = (org, problems.is_empty()) else {
        return Err(DeskError::InvalidInput { problems });
    };
    let mut events = vec![Event::OfficeSet(Box::new(profile(office, org.clone())))];
    events.extend(
        STANDARD_FIELDS
            .iter()
            .map(|field| Event::FieldSet(standard(field))),
    );
    events.extend(
        office
            .counters
            .iter()
            .enumerate()
            .map(|(at, c)| Event::CounterSet(counter(at, c, &org))),
    );
    for person in &office.staff {
        events.push(Event::StaffSet(staff(person)?));
    }
    events.push(Event::CataloguePublished(catalogue(&office.catalogue)));
    Ok(Founded { org, events })
}

fn check(office: &NewOffice) -> Vec<Problem> {
    let mut found = Vec::new();
    if office.name.trim().is_empty() {
        found.push(problem("name", "required"));
    }
    if office.agency.trim().is_empty() {
        found.push(problem("agency_line", "required"));
    }
    if office.org.trim().parse::<OrgCode>().is_err() {
        found.push(problem("org_code", "bad_format"));
    }
    if office.counters.is_empty() {
        found.push(problem("counters", "required"));
    }
    let fieldless = office.counters.iter().position(|c| c.fields.is_empty());
    found.extend(fieldless.map(|at| problem(format!("counters.{at}.field_ids"), "no_field")));
    for (at, person) in office.staff.iter().enumerate() {
        if person.name.trim().is_empty() {
            found.push(problem(format!("staff.{at}.name"), "required"));
        }
        if person.pin.chars().count() < pin::PIN_DIGITS_MIN {
            found.push(problem(format!("staff.{at}.pin"), "too_short"));
        }
    }
    if !office.staff.iter().any(|p| p.role == Role::Admin) {
        found.push(problem("staff", "no_admin"));
    }
    found
}

fn profile(office: &NewOffice, org: OrgCode) -> OfficeSet {
    let text = |t: &str| motcua_core::text::nfc(t.trim());
    OfficeSet {
        name: text(&office.name),
        agency: text(&office.agency),
        place: if office.place.trim().is_empty() {
            place_of(&office.agency)
        } else {
            text(&office.place)
        },
        province: text(&office.province),
        address: text(&office.address),
        phone: text(&office.phone),
        org,
        hours: office.hours.clone(),
        due: DueOptions::default(),
        queue: Policy::default(),
        practice: office.practice,
    }
}

/// `UBND xã Bản Mây` → `Bản Mây`: papers are dated at the commune's name.
fn place_of(agency: &str) -> String {
    let agency = motcua_core::text::nfc(agency.trim());
    let known = [
        "ubnd xã ",
        "ubnd phường ",
        "ubnd đặc khu ",
        "ủy ban nhân dân xã ",
        "ủy ban nhân dân phường ",
    ];
    let lower = agency.to_lowercase();
    let prefix = known.iter().find(|prefix| lower.starts_with(*prefix));
    let skip = prefix.map_or(0, |prefix| prefix.chars().count());
    agency.chars().skip(skip).collect()
}

fn standard(field: &StandardField) -> FieldSet {
    FieldSet {
        id: field.id(),
        letter: field.letter.to_owned(),
        name: field.name.to_owned(),
        sectors: field.sectors.iter().map(|s| (*s).to_owned()).collect(),
        active: true,
    }
}

fn counter(at: usize, counter: &NewCounter, org: &OrgCode) -> CounterSet {
    let number = counter.number.trim();
    let number = if number.is_empty() {
        (at + 1).to_string()
    } else {
        number.to_owned()
    };
    CounterSet {
        id: EntityId::derived(&format!("counter:{org}:{number}")),
        number,
        fields: counter.fields.clone(),
        active: true,
    }
}

fn staff(person: &NewStaff) -> Result<StaffSet, DeskError> {
    let pin = pin::hash(&person.pin).map_err(|_| DeskError::InvalidInput {
        problems: vec![problem("staff.pin", "too_short")],
    })?;
    Ok(StaffSet {
        id: StaffId(Uuid::new_v4()),
        name: motcua_core::text::nfc(person.name.trim()),
        role: person.role,
        pin,
        active: true,
    })
}

fn catalogue(source: &CatalogueSource) -> CataloguePublished {
    match source {
        CatalogueSource::Imported(published) => published.clone(),
        CatalogueSource::Practice => {
            let practice = motcua_core::catalogue::Catalogue::practice();
            let first = practice.procedures().iter().map(|p| p.effective_from).min();
            CataloguePublished {
                version: practice.version().to_owned(),
                effective_from: first.unwrap_or(jiff::civil::date(2025, 7, 1)),
                content: None,
                rows: u32::try_from(practice.procedures().len()).unwrap_or(u32::MAX),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn office() -> NewOffice {
        NewOffice {
            name: "Trung tâm Phục vụ hành chính công xã Bản Mây".into(),
            agency: "UBND xã Bản Mây".into(),
            province: "tỉnh Sơn Vân".into(),
            place: String::new(),
            address: String::new(),
            phone: String::new(),
            org: "H56.6.17".into(),
            hours: OpeningHours::default(),
            counters: vec![NewCounter {
                number: String::new(),
                fields: vec![STANDARD_FIELDS[0].id()],
            }],
            staff: vec![NewStaff {
                name: "Vì Văn Ổn".into(),
                role: Role::Admin,
                pin: "1234".into(),
            }],
            catalogue: CatalogueSource::Practice,
            practice: true,
        }
    }

    #[test]
    fn an_office_becomes_operations_and_papers_are_dated_at_its_commune() {
        let founded = found(&office()).unwrap();
        assert_eq!(founded.events.len(), 1 + STANDARD_FIELDS.len() + 1 + 1 + 1);
        let Event::OfficeSet(profile) = &founded.events[0] else {
            panic!("the office comes first")
        };
        assert_eq!(profile.place, "Bản Mây");
    }

    #[test]
    fn everything_that_is_missing_is_said_at_once() {
        let wrong = NewOffice {
            name: " ".into(),
            org: "56".into(),
            staff: vec![NewStaff {
                name: String::new(),
                role: Role::Clerk,
                pin: "12".into(),
            }],
            ..office()
        };
        let Err(DeskError::InvalidInput { problems }) = found(&wrong) else {
            panic!("must be refused")
        };
        let fields: Vec<&str> = problems.iter().map(|p| p.field.as_str()).collect();
        assert_eq!(
            fields,
            ["name", "org_code", "staff.0.name", "staff.0.pin", "staff"]
        );
    }
}
