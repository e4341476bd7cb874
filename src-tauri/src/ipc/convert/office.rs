//! The office, its people, and who is at the counter.

use motcua_core::ids::EntityId;
use motcua_core::office::{CounterSet, OfficeSet, Role, StaffSet};
use motcua_desk::{Entry, STANDARD_FIELDS, Session, Stage, StandardField};

use super::words::{counter_number, date_time};
use crate::ipc::dto;
use crate::preferences::Preferences;

/// Minutes without a key before a screen locks where nobody is signed in to say otherwise.
const LOCK_AFTER_MINUTES: u16 = 15;

/// Everything that decides which screen is shown.
#[must_use]
pub fn app_state(entry: &Entry, preferences: &Preferences, version: &str) -> dto::AppState {
    let locks_after = entry
        .session
        .as_ref()
        .map_or(LOCK_AFTER_MINUTES, Session::lock_after_minutes);
    dto::AppState {
        stage: stage(entry.stage),
        practice: entry.practice,
        office: entry.office.as_ref().map(office_view),
        staff: entry
            .staff
            .iter()
            .map(|(person, locked)| dto::StaffView {
                locked_until: locked.map(date_time),
                last_counter_id: preferences.last_counter(person.id).map(|id| id.to_string()),
                ..staff_view(person)
            })
            .collect(),
        counters: entry
            .counters
            .iter()
            .map(|(counter, _)| counter_view(counter))
            .collect(),
        session: entry
            .session
            .as_ref()
            .map(|session| session_view(session, entry)),
        now: date_time(entry.now),
        lock_after_minutes: u32::from(locks_after),
        appearance: preferences.appearance(),
        version: version.to_owned(),
        recovered_draft: entry.recovered.as_ref().map(|draft| dto::RecoveredDraft {
            person_name: draft.person.clone(),
            procedure_name: draft.procedure.clone(),
            saved_at: date_time(draft.saved_at),
        }),
    }
}

fn stage(stage: Stage) -> dto::Stage {
    match stage {
        Stage::FirstRun => dto::Stage::FirstRun,
        Stage::SignedOut => dto::Stage::SignedOut,
        Stage::SignedIn => dto::Stage::SignedIn,
        Stage::Locked => dto::Stage::Locked,
    }
}

fn office_view(office: &OfficeSet) -> dto::OfficeView {
    dto::OfficeView {
        name: office.name.clone(),
        org_code: office.org.to_string(),
        agency_line: office.agency.clone(),
        province: office.province.clone(),
    }
}

fn staff_view(person: &StaffSet) -> dto::StaffView {
    dto::StaffView {
        id: person.id.to_string(),
        name: person.name.clone(),
        role: shown_role(person.role),
        locked_until: None,
        last_counter_id: None,
    }
}

fn session_view(session: &Session, entry: &Entry) -> dto::SessionView {
    let counter = entry
        .counters
        .iter()
        .find(|(counter, _)| counter.id == session.counter);
    dto::SessionView {
        staff_id: session.staff.to_string(),
        staff_name: session.name.clone(),
        role: shown_role(session.role),
        counter_id: session.counter.to_string(),
        counter_number: counter_number(&session.counter_number),
        counter_name: counter
            .map(|(_, fields)| fields.join(", "))
            .unwrap_or_default(),
        since: date_time(session.since),
    }
}

/// A counter; people know it by what it is for.
pub(super) fn counter_view(counter: &CounterSet) -> dto::CounterView {
    let field_names: Vec<String> = counter
        .fields
        .iter()
        .map(|field| field_name(*field))
        .collect();
    dto::CounterView {
        id: counter.id.to_string(),
        number: counter_number(&counter.number),
        name: field_names.join(", "),
        field_names,
        // Who sits at another machine is not told between machines, so nothing is claimed.
        taken_by: None,
    }
}

/// The fields an office is founded with; every office has these and no others.
pub(super) fn fields() -> Vec<dto::FieldView> {
    STANDARD_FIELDS.iter().map(field_view).collect()
}

pub(super) fn field_name(id: EntityId) -> String {
    let known = STANDARD_FIELDS.iter().find(|field| field.id() == id);
    known.map_or_else(String::new, |field| field.name.to_owned())
}

fn field_view(field: &StandardField) -> dto::FieldView {
    dto::FieldView {
        id: field.id().to_string(),
        name: field.name.to_owned(),
        letter: field.letter.to_owned(),
    }
}

fn shown_role(role: Role) -> dto::StaffRole {
    match role {
        Role::Clerk => dto::StaffRole::Clerk,
        Role::Supervisor => dto::StaffRole::Supervisor,
        Role::Admin => dto::StaffRole::Admin,
    }
}
