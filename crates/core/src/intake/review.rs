//! A look at a draft: the due date, the fees, what is missing, and advice that never stops anybody.

use jiff::civil::DateTime;

use super::draft::{Draft, PersonField};
use super::fees::{self, Fees};
use crate::calendar::{self, Calendar, Due, DueError, DueRequest, Term, TimeLimit};
use crate::catalogue::{Catalogue, Procedure, TermError};
use crate::office::OfficeSet;
use crate::people::{
    BirthDate, NumberError, NumberWarning, PersonName, PersonalNumber, Phone, Sex,
};
use crate::refusal::Problem;

/// What holds at this desk on this day.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// The procedures.
    pub catalogue: &'a Catalogue,
    /// Holidays and swap days.
    pub calendar: &'a Calendar,
    /// The office with its hours and choices.
    pub office: &'a OfficeSet,
    /// Local time.
    pub now: DateTime,
}

/// Why there is no due date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoDue {
    /// Nothing was chosen yet.
    NoProcedure,
    /// The law sets none.
    NoLimit,
    /// The catalogue gives a number without a unit, or none at all: a person must decide.
    NeedsDecision,
    /// This channel and case have no row.
    NoRow,
    /// The calendar cannot tell.
    Calendar(DueError),
}

/// Advice. It never stops anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    /// The number has not twelve digits.
    IdNumberLength(usize),
    /// Nine digits: an old number, no longer valid since 31/12/2024 (Luật Căn cước Đ46).
    OldNumber,
    /// The number speaks of another year of birth.
    IdNumberYear(i16),
    /// The number speaks of the other sex.
    IdNumberSex,
    /// No province has had such a number.
    IdNumberPlace,
    /// The phone has not the shape of one.
    PhoneShape,
    /// The owner is under fourteen.
    UnderAge(i16),
}

/// What a look at a draft finds.
#[derive(Clone, Debug)]
pub struct Review<'a> {
    /// The procedure in force.
    pub procedure: Option<&'a Procedure>,
    /// The limit that counts here; none for a same-day result.
    pub limit: Option<TimeLimit>,
    /// The due date with its reasons, or why there is none.
    pub due: Result<Due, NoDue>,
    /// What is owed.
    pub fees: Fees,
    /// What stands between this draft and a receipt.
    pub problems: Vec<Problem>,
    /// Advice.
    pub hints: Vec<Hint>,
}

/// Looks at a draft under the rules of the day.
#[must_use]
pub fn review<'a>(draft: &Draft, rules: Rules<'a>) -> Review<'a> {
    let choice = draft.choice.as_ref();
    let procedure = choice.and_then(|c| rules.catalogue.in_force(&c.code, rules.now.date()).ok());
    let term = choice
        .zip(procedure)
        .map(|(c, p)| p.term(c.channel, c.case.as_ref()));
    let limit = match &term {
        Some(Ok(Term::Limit(limit))) => Some(*limit),
        _ => None,
    };
    let due = due(term, rules);
    let fees = procedure.map(|p| fees::owed(draft, p)).unwrap_or_default();
    let problems = problems(draft, procedure, &due, &fees, rules.now);
    Review {
        procedure,
        limit,
        due,
        fees,
        problems,
        hints: hints(draft, rules.now),
    }
}

fn due(term: Option<Result<Term, TermError>>, rules: Rules<'_>) -> Result<Due, NoDue> {
    let term = term.ok_or(NoDue::NoProcedure)?.map_err(|why| match why {
        TermError::NoLimit => NoDue::NoLimit,
        TermError::NeedsDecision => NoDue::NeedsDecision,
        TermError::NoRow | TermError::ChooseCase => NoDue::NoRow,
    })?;
    let request = DueRequest {
        received: rules.now,
        term,
        options: rules.office.due,
    };
    calendar::due(&request, rules.calendar, &rules.office.hours).map_err(NoDue::Calendar)
}

fn problem(field: impl Into<String>, code: &str) -> Problem {
    Problem {
        field: field.into(),
        code: code.to_owned(),
    }
}

fn problems(
    draft: &Draft,
    procedure: Option<&Procedure>,
    due: &Result<Due, NoDue>,
    fees: &Fees,
    now: DateTime,
) -> Vec<Problem> {
    let mut found = person_problems(draft, now);
    if let Some(submitter) = &draft.submitter
        && submitter.full_name.trim().is_empty()
    {
        found.push(problem("submitter.full_name", "required"));
    }
    match (&draft.choice, procedure) {
        (None, _) => found.push(problem("procedure", "required")),
        (Some(_), None) => found.push(problem("procedure", "not_in_force")),
        _ => {}
    }
    if matches!(
        due,
        Err(NoDue::NeedsDecision | NoDue::NoRow | NoDue::Calendar(_))
    ) {
        found.push(problem("due", "due_undecided"));
    }
    let missing = |p: &&super::draft::PaperEntry| p.required && !p.checked;
    found.extend(
        draft
            .papers
            .iter()
            .filter(missing)
            .map(|p| problem(format!("papers.{}", p.key), "papers_missing")),
    );
    if procedure.is_some() && fees.total.is_none() {
        found.push(problem("fee", "fee_undecided"));
    }
    if let crate::dossier::Delivery::Post { address } = &draft.delivery
        && address.trim().is_empty()
    {
        found.push(problem("result_address", "required"));
    }
    found
}

fn person_problems(draft: &Draft, now: DateTime) -> Vec<Problem> {
    let mut found = Vec::new();
    let value = |field: PersonField| draft.person.field(field).value.trim();
    let name = value(PersonField::FullName);
    if name.is_empty() {
        found.push(problem(PersonField::FullName.path(), "required"));
    } else if name.parse::<PersonName>().is_err() {
        found.push(problem(PersonField::FullName.path(), "bad_format"));
    }
    let number = value(PersonField::IdNumber);
    if !number.is_empty() && number.parse::<PersonalNumber>().is_err() {
        found.push(problem(PersonField::IdNumber.path(), "bad_format"));
    }
    let born = value(PersonField::Born);
    if !born.is_empty() {
        match born.parse::<BirthDate>() {
            Err(_) => found.push(problem(PersonField::Born.path(), "bad_date")),
            Ok(date) if !date.is_on_or_before(now.date()) => {
                found.push(problem(PersonField::Born.path(), "in_future"));
            }
            Ok(_) => {}
        }
    }
    found
}

fn hints(draft: &Draft, now: DateTime) -> Vec<Hint> {
    let value = |field: PersonField| draft.person.field(field).value.trim();
    let born = value(PersonField::Born).parse::<BirthDate>().ok();
    let mut found = number_hints(
        value(PersonField::IdNumber),
        Sex::parse(value(PersonField::Sex)),
        born,
    );
    let phone = value(PersonField::Phone);
    if !phone.is_empty() && phone.parse::<Phone>().is_err() {
        found.push(Hint::PhoneShape);
    }
    let age = born.map(|b| now.date().year() - b.year());
    if let Some(age) = age.filter(|age| (0..14).contains(age)) {
        found.push(Hint::UnderAge(age));
    }
    found
}

fn number_hints(number: &str, sex: Option<Sex>, born: Option<BirthDate>) -> Vec<Hint> {
    if number.is_empty() {
        return Vec::new();
    }
    match number.parse::<PersonalNumber>() {
        Err(NumberError::OldCard) => vec![Hint::OldNumber],
        Err(_) => vec![Hint::IdNumberLength(
            number.chars().filter(char::is_ascii_digit).count(),
        )],
        Ok(personal) => {
            let hint = |warning| match warning {
                NumberWarning::UnknownPlace => Hint::IdNumberPlace,
                NumberWarning::SexDiffers => Hint::IdNumberSex,
                NumberWarning::YearDiffers => Hint::IdNumberYear(personal.birth_year()),
            };
            personal
                .warnings_against(sex, born.map(BirthDate::year))
                .into_iter()
                .map(hint)
                .collect()
        }
    }
}

/// The words that the citizen signs: what is handed in, for what, by whom. One paragraph each.
///
/// The hash of these words is kept with the signature; when they change, the signature no longer covers them.
#[must_use]
pub fn statement(draft: &Draft, review: &Review<'_>) -> Vec<String> {
    let mut words = Vec::new();
    let signer = draft
        .submitter
        .as_ref()
        .map_or(draft.person.full_name.value.as_str(), |s| {
            s.full_name.as_str()
        });
    words.push(format!(
        "Tôi là {signer}, nộp hồ sơ: {}.",
        review.procedure.map_or("", |p| p.name.as_str())
    ));
    let papers: Vec<String> = draft
        .papers
        .iter()
        .filter(|p| p.checked)
        .map(|p| {
            format!(
                "{} ({})",
                p.name,
                p.counts.iter().map(|n| u32::from(*n)).sum::<u32>()
            )
        })
        .collect();
    if !papers.is_empty() {
        words.push(format!("Giấy tờ đã nộp: {}.", papers.join("; ")));
    }
    if let Some(total) = review.fees.total {
        words.push(format!(
            "Phí, lệ phí: {}.",
            if total == crate::money::Vnd::ZERO {
                "miễn".to_owned()
            } else {
                total.to_string()
            }
        ));
    }
    words.push("Tôi đã kiểm tra các thông tin trên là đúng.".to_owned());
    words
}
