//! The practice office: an invented commune with its people, its queue and a few earlier dossiers.
//!
//! It is a real office in every respect but two: its papers say "TẬP HUẤN", and its dossiers never leave for the
//! province of anybody.

mod bench;
mod people;
mod scans;

use jiff::civil::DateTime;
use jiff::{SignedDuration, ToSpan};
use motcua_core::calendar::OpeningHours;
use motcua_core::dossier::{DossierStatus, OfficerRef, Stepped};
use motcua_core::event::Event;
use motcua_core::ids::{EntityId, StaffId};
use motcua_core::intake::{self, Change, Draft, Reception};
use motcua_core::numbers::{self, Issuer, Series};
use motcua_core::office::Role;
use motcua_core::people::card;
use motcua_core::queue::{PriorityReason, TicketCalled, TicketFinished, TicketIssued};
use motcua_core::refusal::Refusal;
use uuid::Uuid;

pub use bench::{Breakage, PracticeBench};
pub use people::{CITIZENS, Citizen, Quirk};
pub use scans::{PRACTICE_SCANS, PracticeScan, ScanQuirk, scan_bytes};

use crate::Desk;
use crate::error::DeskError;
use crate::receive::code;
use crate::setup::{CatalogueSource, NewCounter, NewOffice, NewStaff, STANDARD_FIELDS};

/// The PIN of everybody in the practice office. It is shown on the sign-in screen.
pub const PRACTICE_PIN: &str = "2580";

/// The practice office.
#[must_use]
pub fn office() -> NewOffice {
    let field = |at: usize| STANDARD_FIELDS[at].id();
    let counter = |number: &str, fields: &[usize]| NewCounter {
        number: number.to_owned(),
        fields: fields.iter().map(|at| field(*at)).collect(),
    };
    let person = |name: &str, role| NewStaff {
        name: name.to_owned(),
        role,
        pin: PRACTICE_PIN.to_owned(),
    };
    NewOffice {
        name: "Trung tâm Phục vụ hành chính công xã Bản Mây".to_owned(),
        agency: "UBND xã Bản Mây".to_owned(),
        province: "tỉnh Sơn Vân".to_owned(),
        place: "Bản Mây".to_owned(),
        address: "Trung tâm xã Bản Mây, tỉnh Sơn Vân".to_owned(),
        phone: "0200 000 117".to_owned(),
        org: "H56.6.17".to_owned(),
        hours: OpeningHours::default(),
        counters: vec![
            counter("1", &[0, 3]),
            counter("2", &[1, 3]),
            counter("3", &[2, 3]),
        ],
        staff: vec![
            person("Lò Thị Mai", Role::Clerk),
            person("Quàng Văn Ổn", Role::Clerk),
            person("Tòng Thị Ươi", Role::Clerk),
            person("Hoàng Thị Ái", Role::Supervisor),
            person("Nguyễn Đức Ẩn", Role::Admin),
        ],
        catalogue: CatalogueSource::Practice,
        practice: true,
    }
}

/// A ticket of this morning.
struct Visitor {
    field: usize,
    minutes_ago: i64,
    priority: Option<PriorityReason>,
    /// Minutes ago that it was called and served, if it was.
    served: Option<(i64, i64)>,
}

const fn visitor(field: usize, minutes_ago: i64) -> Visitor {
    Visitor {
        field,
        minutes_ago,
        priority: None,
        served: None,
    }
}

const fn served(field: usize, minutes_ago: i64, called: i64, done: i64) -> Visitor {
    Visitor {
        field,
        minutes_ago,
        priority: None,
        served: Some((called, done)),
    }
}

/// The hall as practice finds it: some were served, some wait, one of them old.
const VISITORS: &[Visitor] = &[
    served(0, 95, 88, 80),
    served(0, 90, 79, 70),
    served(0, 84, 69, 61),
    served(0, 77, 60, 52),
    served(0, 70, 51, 40),
    served(0, 61, 39, 30),
    visitor(0, 24),
    visitor(0, 17),
    Visitor {
        field: 0,
        minutes_ago: 12,
        priority: Some(PriorityReason::Elderly),
        served: None,
    },
    visitor(0, 9),
    visitor(0, 4),
    visitor(1, 21),
    visitor(1, 6),
    visitor(2, 13),
];

/// A dossier of another day.
struct Earlier {
    citizen: usize,
    procedure: &'static str,
    days_ago: i64,
    returned: bool,
}

const EARLIER: &[Earlier] = &[
    Earlier {
        citizen: 0,
        procedure: "1.000894",
        days_ago: 64,
        returned: true,
    },
    Earlier {
        citizen: 0,
        procedure: "2.000815",
        days_ago: 5,
        returned: true,
    },
    Earlier {
        citizen: 1,
        procedure: "1.004222",
        days_ago: 3,
        returned: false,
    },
];

/// Fills a new practice office.
pub(crate) async fn seed(desk: &Desk) -> Result<(), DeskError> {
    let now = desk.now();
    for earlier in EARLIER {
        seed_dossier(desk, earlier, now).await?;
    }
    for (at, visitor) in VISITORS.iter().enumerate() {
        let same = VISITORS[..=at]
            .iter()
            .filter(|other| other.field == visitor.field)
            .count();
        seed_ticket(desk, visitor, u32::try_from(same).unwrap_or(u32::MAX), now).await?;
    }
    Ok(())
}

/// So many minutes ago, but not before midnight: a ticket belongs to its day.
fn ago(now: DateTime, minutes: i64) -> DateTime {
    let then = now.saturating_sub(SignedDuration::from_mins(minutes));
    then.max(now.date().at(0, 0, 0, 0))
}

/// The number is the `order` of the field's morning, as the hub would have given it.
async fn seed_ticket(
    desk: &Desk,
    visitor: &Visitor,
    order: u32,
    now: DateTime,
) -> Result<(), DeskError> {
    let node = desk.node()?;
    let field = &STANDARD_FIELDS[visitor.field];
    let series = Series::Ticket {
        letter: field.letter.to_owned(),
    };
    let own = numbers::slice(&series, Issuer::Counter(node.store.slot()?))
        .ok_or(Refusal::OfficeNotReady)?;
    let id = EntityId(Uuid::new_v4());
    let (day, field_id, letter, priority) =
        (now.date(), field.id(), field.letter, visitor.priority);
    let at = ago(now, visitor.minutes_ago);
    let times = visitor
        .served
        .map(|(called, done)| (ago(now, called), ago(now, done)));
    let book = node.book(day)?;
    let counter = book
        .office
        .counters
        .values()
        .find(|c| c.fields.contains(&field_id))
        .map(|c| c.id);
    let counter = counter.ok_or(Refusal::OfficeNotReady)?;
    node.store
        .act(desk.stamp_of_machine(&node), move |tx| {
            let number = tx.take_number(&series, day, own, Some(order), &id.to_string())?;
            let label = numbers::ticket_label(letter, number);
            let issued = TicketIssued {
                label,
                number,
                field: field_id,
                day,
                priority,
                at,
            };
            tx.record(id, Event::TicketIssued(issued))?;
            if let Some((called, done)) = times {
                tx.record(
                    id,
                    Event::TicketCalled(TicketCalled {
                        counter,
                        at: called,
                    }),
                )?;
                let finished = TicketFinished {
                    counter,
                    at: done,
                    dossiers: Vec::new(),
                };
                tx.record(id, Event::TicketFinished(finished))?;
            }
            Ok(())
        })
        .await?;
    Ok(())
}

async fn seed_dossier(desk: &Desk, earlier: &Earlier, now: DateTime) -> Result<(), DeskError> {
    let node = desk.node()?;
    let book = node.book(now.date())?;
    let day = now.date().saturating_sub(earlier.days_ago.days());
    let at = day.at(9, 20, 0, 0);
    let draft = filled(earlier, &book, at)?;
    let own = numbers::slice(&Series::Dossier, Issuer::Counter(node.store.slot()?));
    let own = own.ok_or(Refusal::OfficeNotReady)?;
    let officer = OfficerRef {
        id: StaffId::derived("motcua:practice"),
        name: "Quàng Văn Ổn".to_owned(),
    };
    let (key, returned) = (draft.id.to_string(), earlier.returned);
    let org = book.office.profile.org.clone();
    node.store
        .act(desk.stamp_of_machine(&node), move |tx| {
            let number = tx.take_number(&Series::Dossier, day, own, Some(1), &key)?;
            let reception = Reception {
                code: code(org, day, number)?,
                officer,
                counter: "1".to_owned(),
            };
            let received = intake::receive(&draft, book.at(at), reception)?;
            let done = received.due.as_ref().map_or(at, |due| due.at);
            tx.record(draft.id, Event::DossierReceived(Box::new(received)))?;
            let steps = [
                (DossierStatus::Received, DossierStatus::Processing, at),
                (DossierStatus::Processing, DossierStatus::Completed, done),
                (DossierStatus::Completed, DossierStatus::Returned, done),
            ];
            for (from, to, at) in steps.into_iter().take(if returned { 3 } else { 1 }) {
                let step = Stepped {
                    from,
                    to,
                    reason: String::new(),
                    at,
                };
                tx.record(draft.id, Event::DossierStepped(step))?;
            }
            Ok(())
        })
        .await?;
    Ok(())
}

/// A draft as a clerk would have filled it.
fn filled(
    earlier: &Earlier,
    book: &crate::node::RuleBook,
    at: DateTime,
) -> Result<Draft, DeskError> {
    let read = card::parse_qr(CITIZENS[earlier.citizen].qr)?;
    let code = earlier.procedure.parse().map_err(|_| Refusal::NoDraft)?;
    let mut draft = Draft::new(EntityId(Uuid::new_v4()), None, at);
    for change in [
        Change::Card(Box::new(read)),
        Change::Procedure(Some(code)),
        Change::FeeDecided(0),
    ] {
        draft = intake::apply(&draft, change, &book.catalogue, at)?;
    }
    let keys: Vec<String> = draft
        .papers
        .iter()
        .filter(|p| p.required)
        .map(|p| p.key.clone())
        .collect();
    for key in keys {
        draft = intake::apply(
            &draft,
            Change::PaperChecked { key, checked: true },
            &book.catalogue,
            at,
        )?;
    }
    Ok(draft)
}
