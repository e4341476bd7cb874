//! One intake as a whole.

use motcua_core::catalogue::{Channel, Procedure, Standing};
use motcua_core::dossier::Delivery;
use motcua_core::intake::{Draft, Hint, PaperEntry};
use motcua_core::refusal::Problem;
use motcua_desk::{IntakeView, ProcedureHit, ReceivedDossier, Signing};

use super::changes::{kind_of, shown_channel};
use super::dossier::shown_status;
use super::due::{due_problem, due_view, limit};
use super::fees::fee_view;
use super::people::{difference, person_view, submitter_view};
use super::scans::{scan_in_hand, stored_id};
use super::signing::shown_via;
use super::words::{count, date, date_time};
use crate::ipc::dto;

/// Everything the middle pane shows. `signing` is the request that is open, if one is.
#[must_use]
pub fn intake_view(view: &IntakeView, signing: Option<&Signing>) -> dto::IntakeView {
    let draft = &view.draft;
    let (result_method, result_address) = delivery(&draft.delivery);
    dto::IntakeView {
        id: draft.id.to_string(),
        ticket_label: view.ticket_label.clone(),
        started_at: date_time(draft.opened_at),
        saved_at: date_time(view.saved_at),
        revision: count(draft.revision),
        person: person_view(&draft.person),
        submitter: draft.submitter.as_ref().map(submitter_view),
        differences: draft.differences.iter().map(difference).collect(),
        procedure: view
            .procedure
            .as_ref()
            .map(|procedure| chosen(procedure, draft)),
        papers: draft.papers.iter().map(paper_row).collect(),
        set_count: u32::from(draft.set_count),
        fee: fee_view(&view.fees, view.procedure.is_some()),
        result_method,
        result_address,
        due: view
            .due
            .as_ref()
            .ok()
            .map(|due| due_view(due, view.limit, due.received_as)),
        due_problem: view.due.as_ref().err().map(due_problem),
        signature: signature(view, signing),
        hints: hints(view),
        problems: problems(&view.problems),
        earlier: view.earlier.iter().map(earlier).collect(),
        // No store of a citizen's papers is joined yet, so none is offered.
        reusable: Vec::new(),
        note: draft.note.clone(),
        undo: view.undo.and_then(|(word, at)| {
            Some(dto::UndoStep {
                kind: kind_of(word)?,
                at: date_time(at),
            })
        }),
    }
}

fn delivery(delivery: &Delivery) -> (dto::ResultMethod, String) {
    match delivery {
        Delivery::Counter => (dto::ResultMethod::Counter, String::new()),
        Delivery::Post { address } => (dto::ResultMethod::Post, address.clone()),
        Delivery::Online => (dto::ResultMethod::Online, String::new()),
    }
}

fn chosen(procedure: &Procedure, draft: &Draft) -> dto::ChosenProcedure {
    let choice = draft.choice.as_ref();
    let channel = choice.map_or(Channel::Direct, |choice| choice.channel);
    let case = choice.and_then(|choice| choice.case.as_ref());
    dto::ChosenProcedure {
        code: procedure.code.to_string(),
        name: procedure.name.clone(),
        field_name: procedure.sector.clone(),
        decision: procedure.decision.clone(),
        effective_from: Some(date(procedure.effective_from)),
        channel: shown_channel(channel),
        channels: [Channel::Direct, Channel::Post, Channel::Online]
            .into_iter()
            .map(|channel| dto::ChannelOption {
                channel: shown_channel(channel),
                available: procedure.limit_row(channel, case).is_ok(),
            })
            .collect(),
        case_id: case.map(ToString::to_string).unwrap_or_default(),
        cases: procedure
            .cases
            .iter()
            .map(|case| dto::CaseOption {
                id: case.id.to_string(),
                name: case.name.clone(),
            })
            .collect(),
    }
}

fn paper_row(paper: &PaperEntry) -> dto::PaperRow {
    let [originals, certified, photos] = paper.counts.map(u32::from);
    let [expected_originals, expected_certified, expected_photos] = paper.expected.map(u32::from);
    dto::PaperRow {
        id: paper.key.clone(),
        name: paper.name.clone(),
        // The catalogue names a form within the paper's own name.
        form_code: String::new(),
        required: paper.required,
        condition: paper.condition.clone(),
        present_only: paper.present_only,
        added: paper.key.starts_with('x'),
        checked: paper.checked,
        originals,
        certified,
        photos,
        expected_originals,
        expected_certified,
        expected_photos,
        scans: paper.scans.iter().map(scan_in_hand).collect(),
        reused_from: String::new(),
    }
}

fn signature(view: &IntakeView, signing: Option<&Signing>) -> dto::SignatureView {
    let signed = view.draft.signature.as_ref();
    let state = match (signing, signed) {
        (Some(_), _) => dto::SignatureState::Asking,
        (None, Some(_)) => dto::SignatureState::Signed,
        (None, None) => dto::SignatureState::None,
    };
    dto::SignatureView {
        state,
        via: signing.map(|signing| shown_via(signing.via)),
        device_name: signing
            .map(|signing| signing.device_name.clone())
            .unwrap_or_default(),
        signed_at: signed.map(|signed| date_time(signed.at)),
        image_id: signed.and_then(|signed| stored_id(&signed.strokes)),
        stale: view.signature_stale,
    }
}

fn hints(view: &IntakeView) -> Vec<dto::IntakeHint> {
    let number = view.draft.person.id_number.value.trim();
    view.hints
        .iter()
        .map(|hint| shown_hint(hint, number))
        .collect()
}

fn shown_hint(hint: &Hint, number: &str) -> dto::IntakeHint {
    match hint {
        Hint::IdNumberLength(digits) => dto::IntakeHint::IdNumberLength {
            digits: count(*digits),
        },
        Hint::OldNumber => dto::IntakeHint::OldIdNumber {
            number: number.to_owned(),
        },
        Hint::IdNumberYear(year) => dto::IntakeHint::IdNumberBirthYear { year: count(*year) },
        Hint::IdNumberSex => dto::IntakeHint::IdNumberGender,
        Hint::IdNumberPlace => dto::IntakeHint::IdNumberProvince,
        Hint::PhoneShape => dto::IntakeHint::PhoneShape,
        Hint::UnderAge(age) => dto::IntakeHint::UnderAge { age: count(*age) },
    }
}

/// Problems with the names that the screens give their fields. The papers of a checklist are one field
/// there, so several missing papers are one problem.
pub(super) fn problems(problems: &[Problem]) -> Vec<dto::FieldProblem> {
    let mut shown: Vec<dto::FieldProblem> = Vec::new();
    for problem in problems {
        let problem = dto::FieldProblem {
            field: shown_path(&problem.field),
            code: problem_code(&problem.code),
        };
        if !shown.contains(&problem) {
            shown.push(problem);
        }
    }
    shown
}

fn shown_path(path: &str) -> String {
    match path {
        "person.old_id" => "oldIdNumber".to_owned(),
        "person.born" => "bornOn".to_owned(),
        "person.sex" => "gender".to_owned(),
        _ if path.starts_with("papers.") => "papers".to_owned(),
        _ => {
            let path = path.strip_prefix("person.").unwrap_or(path);
            let path = path
                .strip_suffix(".field_ids")
                .map_or_else(|| path.to_owned(), |row| format!("{row}.fields"));
            camel_case(&path)
        }
    }
}

fn camel_case(snake: &str) -> String {
    let mut upper = false;
    let mut camel = String::with_capacity(snake.len());
    for letter in snake.chars() {
        match letter {
            '_' => upper = true,
            _ if upper => {
                camel.extend(letter.to_uppercase());
                upper = false;
            }
            _ => camel.push(letter),
        }
    }
    camel
}

fn problem_code(code: &str) -> dto::FieldProblemCode {
    let known = serde_json::from_value(serde_json::Value::String(code.to_owned()));
    known.unwrap_or_else(|_| {
        tracing::error!(code, "a problem has a code that no screen knows");
        dto::FieldProblemCode::BadFormat
    })
}

fn earlier(dossier: &motcua_core::dossier::Dossier) -> dto::EarlierDossier {
    let received = &dossier.received;
    let since = dossier
        .history
        .iter()
        .rev()
        .find(|line| line.decision.stands());
    let state_at = since.map_or(received.received_at, |line| {
        motcua_desk::local(line.wall_ms)
    });
    dto::EarlierDossier {
        dossier_id: dossier.id.to_string(),
        code: received.code.to_string(),
        procedure_name: received.procedure.name.clone(),
        received_at: date_time(received.received_at),
        state: shown_status(dossier.status),
        state_at: date_time(state_at),
    }
}

/// A procedure that fits what was typed.
#[must_use]
pub fn procedure_hit(hit: &ProcedureHit) -> dto::ProcedureHit {
    let procedure = &hit.procedure;
    let (force, force_date) = match hit.standing {
        Standing::InForce => (dto::Force::InForce, None),
        Standing::NotYet => (dto::Force::NotYet, Some(procedure.effective_from)),
        Standing::NoLonger => (dto::Force::Expired, procedure.effective_to),
    };
    dto::ProcedureHit {
        code: procedure.code.to_string(),
        name: procedure.name.clone(),
        field_name: procedure.sector.clone(),
        limit: first_limit(procedure),
        force,
        force_date: force_date.map(date),
        // How often this office takes a procedure is not counted yet.
        common: false,
    }
}

/// The limit of the counter's own channel in the first case; enough to tell two procedures apart.
fn first_limit(procedure: &Procedure) -> Option<dto::TimeLimit> {
    let case = procedure.cases.first().map(|case| &case.id);
    match procedure.term(Channel::Direct, case).ok()? {
        motcua_core::calendar::Term::Limit(stated) => Some(limit(stated)),
        motcua_core::calendar::Term::SameDay { .. } => None,
    }
}

/// The answer to receiving.
#[must_use]
pub fn received(received: &ReceivedDossier, now: jiff::civil::DateTime) -> dto::Received {
    dto::Received {
        dossier_id: received.dossier.to_string(),
        code: received.code.to_string(),
        owner_name: received.owner_name.clone(),
        // A procedure without a limit promises nothing; its receipt shows the day it was taken.
        due_at: date_time(received.due_at.unwrap_or(now)),
        print_job_id: received.print_job.map(|job| job.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(field: &str, code: &str) -> Problem {
        Problem {
            field: field.to_owned(),
            code: code.to_owned(),
        }
    }

    #[test]
    fn problems_name_the_fields_as_the_screens_do() {
        for (path, shown) in [
            ("person.full_name", "fullName"),
            ("person.id_number", "idNumber"),
            ("person.old_id", "oldIdNumber"),
            ("person.born", "bornOn"),
            ("person.sex", "gender"),
            ("submitter.full_name", "submitter.fullName"),
            ("result_address", "resultAddress"),
            ("papers.p3", "papers"),
            ("counters.0.field_ids", "counters.0.fields"),
            ("staff.2.pin", "staff.2.pin"),
            ("org_code", "orgCode"),
            ("due", "due"),
        ] {
            assert_eq!(shown_path(path), shown);
        }
    }

    #[test]
    fn two_missing_papers_are_one_thing_to_do() {
        let shown = problems(&[
            problem("papers.p1", "papers_missing"),
            problem("papers.p2", "papers_missing"),
            problem("fee", "fee_undecided"),
        ]);
        let fields: Vec<&str> = shown.iter().map(|p| p.field.as_str()).collect();
        assert_eq!(fields, ["papers", "fee"]);
        assert_eq!(shown[0].code, dto::FieldProblemCode::PapersMissing);
    }
}
