//! Which field of the national record says what of a dossier: a table of data over a closed list of sources.

use jiff::civil::DateTime;
use motcua_core::catalogue::{Channel, FeeKind};
use motcua_core::dossier::{Dossier, PaperReceived, PartyKind};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::connector::gateway::News;

/// The mapping that the program ships.
const SHIPPED: &str = include_str!("dossier.toml");
/// The national format of every date with time.
const DATE_FORMAT: &str = "%Y%m%d%H%M%S";
/// Longest summary (`TrichYeuHoSo`), in characters.
const SUMMARY_CHARS_MAX: usize = 1_000;

/// The fields of one record.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Mapping {
    /// In the order in which they are written.
    #[serde(rename = "field")]
    pub fields: Vec<FieldRule>,
}

/// One field.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct FieldRule {
    /// The national name.
    pub name: String,
    /// Where its value comes from.
    pub source: Source,
    /// Written even when there is nothing to say.
    #[serde(default)]
    pub required: bool,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The dossier code.
    Code,
    /// National code of the procedure.
    ProcedureCode,
    /// The procedure's name at reception.
    ProcedureName,
    /// The procedure's sector.
    Sector,
    /// 1 direct, 2 online, 3 by post.
    Channel,
    /// The owner's name.
    OwnerName,
    /// 1 person, 2 enterprise, 3 agency, 4 other.
    OwnerKind,
    /// The owner's personal number, or the body's.
    OwnerId,
    /// The owner's telephone.
    Phone,
    /// The owner's e-mail.
    Email,
    /// What it is about, in one line.
    Summary,
    /// When it was received.
    ReceivedAt,
    /// When the result is promised.
    DueAt,
    /// National status, 1–10.
    Status,
    /// The agency that handles it.
    Agency,
    /// The office that received it.
    Office,
    /// Remark of the desk.
    Note,
    /// 1 when any paper was scanned, else 0.
    HasScans,
    /// The scans, by paper.
    Scans,
    /// The fees.
    Fees,
    /// The papers with their counts.
    Papers,
    /// This text, always.
    Constant(String),
}

impl Mapping {
    /// The mapping that the program ships.
    ///
    /// # Errors
    /// When the shipped file cannot be read, which a test rules out.
    pub fn shipped() -> Result<Self, toml::de::Error> {
        Self::parse(SHIPPED)
    }

    /// A mapping from its file.
    ///
    /// # Errors
    /// When it is not of the form, with the place.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// The record of a dossier.
    pub(super) fn record(&self, news: News<'_>) -> Value {
        let mut record = Map::new();
        for rule in &self.fields {
            let value = value(&rule.source, news);
            let is_empty = value.is_null() || value.as_str().is_some_and(str::is_empty);
            match (is_empty, rule.required) {
                (false, _) => drop(record.insert(rule.name.clone(), value)),
                (true, true) => drop(record.insert(rule.name.clone(), json!(""))),
                (true, false) => {}
            }
        }
        Value::Object(record)
    }
}

fn value(source: &Source, news: News<'_>) -> Value {
    let received = &news.dossier.received;
    let profile = news.office.map(|office| &office.profile);
    match source {
        Source::Code => json!(received.code.to_string()),
        Source::ProcedureCode => json!(received.procedure.code),
        Source::ProcedureName => json!(received.procedure.name),
        Source::Sector => json!(received.procedure.sector),
        Source::Channel => json!(channel(received.channel)),
        Source::OwnerName => json!(received.owner.full_name),
        Source::OwnerKind => json!(party_kind(received.owner.kind)),
        Source::OwnerId => json!(received.owner.id_number),
        Source::Phone => json!(received.owner.phone),
        Source::Email => json!(received.owner.email),
        Source::Summary => json!(summary(news.dossier)),
        Source::ReceivedAt => json!(moment(received.received_at)),
        Source::DueAt => json!(received.due.as_ref().map(|due| moment(due.at))),
        Source::Status => json!(news.dossier.status.national_code()),
        Source::Agency => json!(profile.map(|profile| profile.agency.clone())),
        Source::Office => json!(profile.map(|profile| profile.name.clone())),
        Source::Note => json!(received.note),
        Source::HasScans => json!(u8::from(
            received.papers.iter().any(|paper| !paper.scans.is_empty())
        )),
        Source::Scans => received.papers.iter().flat_map(scans).collect(),
        Source::Fees => received.fees.iter().map(fee).collect(),
        Source::Papers => received.papers.iter().map(paper).collect(),
        Source::Constant(text) => json!(text),
    }
}

/// A moment in the national format.
pub(super) fn moment(at: DateTime) -> String {
    at.strftime(DATE_FORMAT).to_string()
}

fn channel(channel: Channel) -> u8 {
    match channel {
        Channel::Direct => 1,
        Channel::Online => 2,
        Channel::Post => 3,
    }
}

fn party_kind(kind: PartyKind) -> u8 {
    match kind {
        PartyKind::Person => 1,
        PartyKind::Enterprise => 2,
        PartyKind::Agency => 3,
        PartyKind::Organization => 4,
    }
}

fn summary(dossier: &Dossier) -> String {
    let procedure = &dossier.received.procedure;
    let whole = match &procedure.case_name {
        Some(case) => format!(
            "{} ({case}), {}",
            procedure.name, dossier.received.owner.full_name
        ),
        None => format!("{}, {}", procedure.name, dossier.received.owner.full_name),
    };
    whole.chars().take(SUMMARY_CHARS_MAX).collect()
}

fn scans(paper: &PaperReceived) -> impl Iterator<Item = Value> + '_ {
    paper.scans.iter().map(|scan| {
        json!({
            "TepDinhKemId": scan.sha256.to_string(),
            "TenTepDinhKem": paper.name,
            "IsDeleted": "False",
            "MaThanhPhanHoSo": paper.key,
            "DuocSoHoa": 1,
        })
    })
}

fn fee(fee: &motcua_core::dossier::FeeLine) -> Value {
    let kind = match fee.kind {
        FeeKind::Charge => Some(1),
        FeeKind::Fee => Some(2),
        FeeKind::Unknown => None,
    };
    json!({ "TenPhiLePhi": fee.name, "Gia": fee.amount_vnd, "LoaiPhiLePhi": kind })
}

fn paper(paper: &PaperReceived) -> Value {
    let count = u32::from(paper.originals) + u32::from(paper.certified) + u32::from(paper.copies);
    json!({ "TenGiayTo": paper.name, "SoLuong": count })
}
