//! The first run: what its form offers, and the office that it makes.

use jiff::civil::{Time, Weekday};
use motcua_core::calendar::{Interval, OpeningHours, OpeningHoursError};
use motcua_core::catalogue::Catalogue;
use motcua_core::catalogue::import::ImportReport;
use motcua_core::office::Role;
use motcua_desk::{CatalogueSource, NewCounter, NewOffice, NewStaff, PIN_DIGITS_MIN};

use super::office::fields;
use super::words::{count, counter_number, date, wall_time};
use crate::ipc::dto::{self, FieldProblem, FieldProblemCode};
use crate::ipc::error::ApiError;

/// The catalogue that the program ships, as the first run names it.
const SHIPPED_CATALOGUE: &str = "shipped";
const SHIPPED_CATALOGUE_NAME: &str = "Danh mục thủ tục thông dụng cấp xã (kèm theo phần mềm)";

/// What the first-run form offers; `looked_into` are the catalogues that a person has looked into since the start.
#[must_use]
pub fn setup_options(
    shipped: &Catalogue,
    looked_into: Vec<dto::CatalogueChoice>,
) -> dto::SetupOptions {
    let mut catalogues = vec![shipped_choice(shipped)];
    catalogues.extend(looked_into);
    dto::SetupOptions {
        fields: fields(),
        catalogues,
        hours: shown_hours(&OpeningHours::default()),
        min_pin_length: count(PIN_DIGITS_MIN),
    }
}

fn shipped_choice(catalogue: &Catalogue) -> dto::CatalogueChoice {
    let procedures = catalogue.procedures();
    let undecided = procedures
        .iter()
        .filter(|procedure| procedure.undecided().next().is_some())
        .count();
    dto::CatalogueChoice {
        id: SHIPPED_CATALOGUE.to_owned(),
        name: SHIPPED_CATALOGUE_NAME.to_owned(),
        procedures: count(procedures.len()),
        needs_decision: count(undecided),
        rejected: 0,
        effective_from: procedures
            .iter()
            .map(|procedure| procedure.effective_from)
            .min()
            .map(date),
    }
}

/// A file that was looked into.
#[must_use]
pub fn imported_choice(file_name: &str, report: &ImportReport) -> dto::CatalogueChoice {
    dto::CatalogueChoice {
        id: format!("file:{file_name}"),
        name: file_name.to_owned(),
        procedures: count(report.accepted.len()),
        needs_decision: count(report.needs_decision.len()),
        rejected: count(report.rejected.len()),
        // A file of the national list says nothing of when it takes effect.
        effective_from: None,
    }
}

/// Opening hours as spans: days with the same hours share a span.
fn shown_hours(hours: &OpeningHours) -> Vec<dto::OpeningSpan> {
    let mut spans: Vec<dto::OpeningSpan> = Vec::new();
    for weekday in Weekday::Monday.cycle_forward().take(7) {
        for interval in hours.on_weekday(weekday) {
            let (opens, closes) = (wall_time(interval.opens), wall_time(interval.closes));
            let day = weekday.to_monday_one_offset().unsigned_abs();
            match spans
                .iter_mut()
                .find(|span| span.opens == opens && span.closes == closes)
            {
                Some(span) => span.weekdays.push(day),
                None => spans.push(dto::OpeningSpan {
                    weekdays: vec![day],
                    opens,
                    closes,
                }),
            }
        }
    }
    spans
}

/// A new office as the first run filled it in.
///
/// # Errors
/// [`ApiError::InvalidInput`] for hours that are none, or another catalogue than the shipped one: an office
/// is founded with that, and another takes its place once there is a store to keep it in. Everything else
/// is the desk's to judge.
pub fn new_office(draft: dto::OfficeDraft) -> Result<NewOffice, ApiError> {
    let hours = hours_of(&draft.hours).map_err(|problem| invalid(vec![problem]))?;
    if draft.catalogue_id != SHIPPED_CATALOGUE {
        return Err(invalid(vec![problem(
            "catalogueId",
            FieldProblemCode::Required,
        )]));
    }
    Ok(NewOffice {
        name: draft.name,
        agency: draft.agency_line,
        province: draft.province,
        place: String::new(),
        address: draft.address,
        phone: draft.phone,
        org: draft.org_code,
        hours,
        counters: draft.counters.iter().map(new_counter).collect(),
        staff: draft.staff.into_iter().map(new_staff).collect(),
        catalogue: CatalogueSource::Practice,
        practice: false,
    })
}

/// A counter's number is its place in the list, unless its name says another one (`Quầy 5`).
fn new_counter(draft: &dto::CounterDraft) -> NewCounter {
    let number = match counter_number(&draft.name) {
        0 => String::new(),
        number => number.to_string(),
    };
    let fields = draft
        .field_ids
        .iter()
        .filter_map(|id| id.parse().ok())
        .collect();
    NewCounter { number, fields }
}

fn role_of(role: dto::StaffRole) -> Role {
    match role {
        dto::StaffRole::Clerk => Role::Clerk,
        dto::StaffRole::Supervisor => Role::Supervisor,
        dto::StaffRole::Admin => Role::Admin,
    }
}

fn new_staff(draft: dto::StaffDraft) -> NewStaff {
    NewStaff {
        name: draft.name,
        role: role_of(draft.role),
        pin: draft.pin,
    }
}

fn hours_of(spans: &[dto::OpeningSpan]) -> Result<OpeningHours, FieldProblem> {
    let mut week: [Vec<Interval>; 7] = Default::default();
    for (at, span) in spans.iter().enumerate() {
        let wrong = || problem(format!("hours.{at}"), FieldProblemCode::BadFormat);
        let opens = span.opens.parse::<Time>().map_err(|_| wrong())?;
        let closes = span.closes.parse::<Time>().map_err(|_| wrong())?;
        if closes <= opens {
            return Err(wrong());
        }
        for weekday in &span.weekdays {
            let day = usize::from(*weekday)
                .checked_sub(1)
                .and_then(|day| week.get_mut(day));
            day.ok_or_else(wrong)?.push(Interval { opens, closes });
        }
    }
    for day in &mut week {
        day.sort_by_key(|interval| interval.opens);
    }
    // A day that is worked to make up for another has the hours of a Monday.
    let makeup = week[0].clone();
    OpeningHours::new(week, makeup).map_err(|error| {
        let code = match error {
            OpeningHoursError::NeverOpen => FieldProblemCode::Required,
            OpeningHoursError::Overlap(_) => FieldProblemCode::HoursOverlap,
            _ => FieldProblemCode::BadFormat,
        };
        problem("hours", code)
    })
}

fn problem(field: impl Into<String>, code: FieldProblemCode) -> FieldProblem {
    FieldProblem {
        field: field.into(),
        code,
    }
}

fn invalid(problems: Vec<FieldProblem>) -> ApiError {
    ApiError::InvalidInput { problems }
}

#[cfg(test)]
mod tests {
    use motcua_desk::STANDARD_FIELDS;

    use super::*;

    fn draft() -> dto::OfficeDraft {
        dto::OfficeDraft {
            name: "Trung tâm Phục vụ hành chính công xã Bản Mây".to_owned(),
            org_code: "H56.6.17".to_owned(),
            agency_line: "UBND xã Bản Mây".to_owned(),
            province: "tỉnh Sơn Vân".to_owned(),
            address: String::new(),
            phone: String::new(),
            hours: shown_hours(&OpeningHours::default()),
            counters: vec![
                dto::CounterDraft {
                    name: "Hộ tịch".to_owned(),
                    field_ids: vec![fields()[0].id.clone()],
                },
                dto::CounterDraft {
                    name: "Quầy 5".to_owned(),
                    field_ids: vec![fields()[1].id.clone()],
                },
            ],
            staff: vec![dto::StaffDraft {
                name: "Vì Văn Ổn".to_owned(),
                role: dto::StaffRole::Admin,
                pin: "2609".to_owned(),
            }],
            catalogue_id: SHIPPED_CATALOGUE.to_owned(),
        }
    }

    #[test]
    fn the_usual_hours_are_two_spans_of_five_days_and_come_back_the_same() {
        let spans = shown_hours(&OpeningHours::default());
        assert_eq!(spans.len(), 2);
        assert_eq!(spans[0].weekdays, [1, 2, 3, 4, 5]);
        assert_eq!(
            (spans[0].opens.as_str(), spans[1].closes.as_str()),
            ("07:00", "17:00")
        );
        assert_eq!(hours_of(&spans).unwrap(), OpeningHours::default());
    }

    #[test]
    fn a_counter_is_numbered_by_its_place_unless_its_name_has_a_number() {
        let office = new_office(draft()).unwrap();
        let numbers: Vec<&str> = office
            .counters
            .iter()
            .map(|counter| counter.number.as_str())
            .collect();
        assert_eq!(numbers, ["", "5"]);
        assert_eq!(office.counters[0].fields, [STANDARD_FIELDS[0].id()]);
        assert!(!office.practice);
    }

    #[test]
    fn hours_that_make_no_day_are_refused_at_their_row() {
        for (opens, closes, weekdays, field, code) in [
            (
                "11:30",
                "07:00",
                vec![1],
                "hours.0",
                FieldProblemCode::BadFormat,
            ),
            (
                "7 giờ",
                "11:30",
                vec![1],
                "hours.0",
                FieldProblemCode::BadFormat,
            ),
            (
                "07:00",
                "11:30",
                vec![8],
                "hours.0",
                FieldProblemCode::BadFormat,
            ),
            (
                "07:00",
                "11:30",
                vec![],
                "hours",
                FieldProblemCode::Required,
            ),
            (
                "07:00",
                "11:30",
                vec![1, 1],
                "hours",
                FieldProblemCode::HoursOverlap,
            ),
        ] {
            let span = dto::OpeningSpan {
                weekdays,
                opens: opens.to_owned(),
                closes: closes.to_owned(),
            };
            let office = dto::OfficeDraft {
                hours: vec![span],
                ..draft()
            };
            let refused = new_office(office).unwrap_err();
            assert_eq!(
                refused,
                invalid(vec![problem(field, code)]),
                "{opens}–{closes}"
            );
        }
    }

    #[test]
    fn a_catalogue_nobody_has_looked_into_cannot_be_taken() {
        let office = dto::OfficeDraft {
            catalogue_id: "file:abc".to_owned(),
            ..draft()
        };
        let refused = new_office(office).unwrap_err();
        assert_eq!(
            refused,
            invalid(vec![problem("catalogueId", FieldProblemCode::Required)])
        );
    }

    #[test]
    fn the_shipped_catalogue_is_offered_first() {
        let options = setup_options(&Catalogue::practice(), Vec::new());
        let shipped = &options.catalogues[0];
        assert_eq!(shipped.id, SHIPPED_CATALOGUE);
        assert!(shipped.procedures >= 25, "{}", shipped.procedures);
    }
}
