//! One line of the national list.

use jiff::civil::Date;
use serde::Deserialize;

use super::super::code::ProcedureCode;
use super::super::limits::{LimitRow, LimitTerm};
use super::super::parts::{
    Case, CaseId, Channel, HandIn, Level, PaperSpec, ResultSpec, ReturnWay, Routing, Templates,
};
use super::super::procedure::Procedure;
use super::{MAX_PLAUSIBLE_COUNT, Oddity, RejectReason, fees};
use crate::calendar::{LimitUnit, SupplementPolicy, TimeLimit};
use crate::text::{fold, has_replacement, nfc, tidy};

/// A line that became a procedure, and what was odd about it.
pub(super) struct Taken {
    pub(super) procedure: Procedure,
    pub(super) oddities: Vec<Oddity>,
}

#[derive(Deserialize)]
struct Line {
    code: String,
    name: String,
    #[serde(default)]
    level: Option<String>,
    #[serde(default)]
    field: Option<String>,
    #[serde(default)]
    decision: Option<String>,
    #[serde(default)]
    subjects: Option<String>,
    #[serde(default)]
    limits: Vec<LimitLine>,
    #[serde(default)]
    papers: Vec<PaperLine>,
    #[serde(default)]
    results: Vec<ResultLine>,
}

#[derive(Deserialize)]
struct LimitLine {
    #[serde(default)]
    channel: Option<String>,
    #[serde(default)]
    limit: Option<serde_json::Number>,
    #[serde(default)]
    unit: Option<String>,
    #[serde(default)]
    fee_text: Option<String>,
}

#[derive(Deserialize)]
struct PaperLine {
    name: String,
    #[serde(default)]
    originals: Option<u32>,
    #[serde(default)]
    copies: Option<u32>,
}

#[derive(Deserialize)]
struct ResultLine {
    name: String,
    #[serde(default)]
    code: Option<String>,
}

pub(super) fn read(source: &str, effective_from: Date) -> Result<Taken, RejectReason> {
    let line: Line = serde_json::from_str(source).map_err(|error| RejectReason::NotAProcedure {
        message: error.to_string(),
    })?;
    let code: ProcedureCode = line.code.parse().map_err(|_| RejectReason::BadCode {
        found: line.code.clone(),
    })?;
    let name = tidy(&line.name);
    if name.is_empty() {
        return Err(RejectReason::NoName);
    }
    let mut oddities = text_oddities(source, &name);
    let rows = limit_rows(&line.limits, &mut oddities);
    let levels = levels(line.level.as_deref().unwrap_or_default(), &mut oddities);
    let papers = papers(&line.papers, &mut oddities);
    let results: Vec<ResultSpec> = line.results.iter().map(result).collect();
    oddities.extend(odd_results(&results));
    let missing = [
        (rows.is_empty(), Oddity::NoChannels),
        (papers.is_empty(), Oddity::NoPapers),
        (results.is_empty(), Oddity::NoResults),
    ];
    oddities.extend(applying(missing));
    let cases = cases(&rows);
    let fees = fees::of_rows(
        rows.iter()
            .map(|row| (row.limit.channel, row.fee_text.as_str())),
    );
    let subjects = line
        .subjects
        .as_deref()
        .unwrap_or_default()
        .split(',')
        .map(tidy);
    let procedure = Procedure {
        code,
        version: 1,
        name,
        sector: tidy(line.field.as_deref().unwrap_or_default()),
        levels,
        decision: tidy(line.decision.as_deref().unwrap_or_default()),
        subjects: subjects.filter(|subject| !subject.is_empty()).collect(),
        effective_from,
        effective_to: None,
        replaced_by: None,
        cases,
        limits: rows.into_iter().map(|row| row.limit).collect(),
        papers,
        fees,
        results,
        same_day: false,
        late_cutoff: None,
        supplement: SupplementPolicy::default(),
        returns: vec![ReturnWay::Counter],
        routing: Routing::Local,
        templates: Templates::default(),
        keywords: Vec::new(),
    };
    oddities.sort();
    oddities.dedup();
    Ok(Taken {
        procedure,
        oddities,
    })
}

fn text_oddities(source: &str, name: &str) -> Vec<Oddity> {
    let cut = name.ends_with([',', ';', ':', '(', '/', '-']) || opens_more_than_closes(name);
    let odd = [
        (cut, Oddity::NameCut),
        (nfc(source) != source, Oddity::NotNfc),
        (has_replacement(source), Oddity::LettersLost),
    ];
    applying(odd).collect()
}

fn applying<const N: usize>(oddities: [(bool, Oddity); N]) -> impl Iterator<Item = Oddity> {
    oddities
        .into_iter()
        .filter_map(|(applies, what)| applies.then_some(what))
}

fn odd_results(results: &[ResultSpec]) -> impl Iterator<Item = Oddity> {
    let odd = |spec: &ResultSpec| !spec.code.is_empty() && !is_result_code(&spec.code);
    let results = results
        .iter()
        .enumerate()
        .filter(move |(_, spec)| odd(spec));
    results.map(|(result, _)| Oddity::ResultCodeOdd { result })
}

fn opens_more_than_closes(name: &str) -> bool {
    name.matches('(').count() > name.matches(')').count()
}

struct Row {
    limit: LimitRow,
    fee_text: String,
}

/// Several rows of one channel are several cases; the source does not name them.
fn limit_rows(lines: &[LimitLine], oddities: &mut Vec<Oddity>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for line in lines {
        let known = line.channel.as_deref().and_then(channel);
        if known.is_none() {
            oddities.push(Oddity::UnknownChannel);
        }
        let channel = known.unwrap_or(Channel::Direct);
        let nth = rows
            .iter()
            .filter(|row| row.limit.channel == channel)
            .count()
            + 1;
        let several = lines
            .iter()
            .filter(|other| other.channel == line.channel)
            .count()
            > 1;
        let case = (several || nth > 1).then(|| case_id(nth));
        let limit = LimitRow {
            channel,
            case,
            term: term(line),
            note: String::new(),
        };
        let fee_text = tidy(line.fee_text.as_deref().unwrap_or_default());
        rows.push(Row { limit, fee_text });
    }
    for row in &mut rows {
        row.limit.note = fees::description(&row.fee_text);
    }
    rows
}

fn case_id(nth: usize) -> CaseId {
    CaseId(format!("th{nth}"))
}

fn cases(rows: &[Row]) -> Vec<Case> {
    let mut ids: Vec<&CaseId> = rows
        .iter()
        .filter_map(|row| row.limit.case.as_ref())
        .collect();
    ids.sort_by_key(|id| (id.0.len(), id.0.clone()));
    ids.dedup();
    ids.into_iter()
        .enumerate()
        .map(|(at, id)| Case {
            id: id.clone(),
            name: format!("Trường hợp {}", at + 1),
        })
        .collect()
}

fn channel(text: &str) -> Option<Channel> {
    match text {
        "direct" => Some(Channel::Direct),
        "online" => Some(Channel::Online),
        "post" => Some(Channel::Post),
        _ => None,
    }
}

fn term(line: &LimitLine) -> LimitTerm {
    let Some(number) = &line.limit else {
        return LimitTerm::NotStated;
    };
    let unit_text = line
        .unit
        .as_deref()
        .map(str::trim)
        .filter(|unit| !unit.is_empty());
    let amount = whole(number).filter(|amount| *amount > 0);
    let unclear = || {
        LimitTerm::Unclear(
            format!("{number} {}", unit_text.unwrap_or(""))
                .trim()
                .to_owned(),
        )
    };
    match (amount, unit_text) {
        (Some(amount), None) => LimitTerm::UnitMissing(amount),
        (Some(amount), Some(text)) => unit(text)
            .and_then(|unit| TimeLimit::new(amount, unit).ok())
            .map_or_else(unclear, LimitTerm::Limit),
        (None, _) => unclear(),
    }
}

/// The number when it is a whole one that fits; the source writes `7.0` for 7.
fn whole(number: &serde_json::Number) -> Option<u32> {
    if let Some(value) = number.as_u64() {
        return u32::try_from(value).ok();
    }
    let text = number.to_string();
    let (integer, fraction) = text.split_once('.')?;
    fraction
        .bytes()
        .all(|b| b == b'0')
        .then(|| integer.parse().ok())
        .flatten()
}

fn unit(text: &str) -> Option<LimitUnit> {
    match fold(text).as_str() {
        "working_day" | "ngay lam viec" => Some(LimitUnit::WorkingDay),
        "day" | "ngay" => Some(LimitUnit::Day),
        "hour" | "gio" => Some(LimitUnit::Hour),
        "week" | "tuan" => Some(LimitUnit::Week),
        "month" | "thang" => Some(LimitUnit::Month),
        _ => None,
    }
}

fn levels(text: &str, oddities: &mut Vec<Oddity>) -> Vec<Level> {
    let mut levels = Vec::new();
    for part in text.split(',').map(fold).filter(|part| !part.is_empty()) {
        levels.push(match part.as_str() {
            "cap xa" => Level::Commune,
            "cap tinh" => Level::Province,
            "cap bo" => Level::Ministry,
            "co quan khac" => Level::Other,
            _ => {
                oddities.push(Oddity::UnknownLevel);
                Level::Other
            }
        });
    }
    levels.dedup();
    levels
}

fn papers(lines: &[PaperLine], oddities: &mut Vec<Oddity>) -> Vec<PaperSpec> {
    let mut papers = Vec::with_capacity(lines.len());
    for (paper, line) in lines.iter().enumerate() {
        let (originals, copies) = (line.originals.unwrap_or(0), line.copies.unwrap_or(0));
        let count = originals.max(copies);
        if count > MAX_PLAUSIBLE_COUNT {
            oddities.push(Oddity::CountImplausible { paper, count });
        }
        papers.push(PaperSpec {
            name: tidy(&line.name),
            originals,
            certified: 0,
            copies,
            hand_in: HandIn::Submit,
            cases: Vec::new(),
            optional: originals == 0 && copies == 0,
            note: String::new(),
        });
    }
    papers
}

fn result(line: &ResultLine) -> ResultSpec {
    ResultSpec {
        name: tidy(&line.name),
        code: tidy(line.code.as_deref().unwrap_or_default()),
    }
}

/// `KQ.G15.000031`
fn is_result_code(text: &str) -> bool {
    const FORM: &[u8] = b"KQ.A00.000000";
    text.len() == FORM.len()
        && text.bytes().zip(FORM).all(|(b, form)| match form {
            b'0' => b.is_ascii_digit(),
            b'A' => b.is_ascii_uppercase(),
            exact => b == *exact,
        })
}
