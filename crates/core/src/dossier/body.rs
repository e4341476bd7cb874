//! The bodies of the dossier's operations. Adding an optional field with a default needs no new version;
//! anything else raises `kver` in `event` and gets an upcaster there.

use std::fmt;

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::DossierStatus;
use crate::calendar::{DayNote, TimeLimit};
use crate::catalogue::{CaseId, Channel, FeeKind, ProcedureCode};
use crate::code::DossierCode;
use crate::ids::{EntityId, Hash, PrintJobId, StaffId};
use crate::people::{BirthDate, Sex};

/// How the result comes back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Delivery {
    /// At this office's counter.
    #[default]
    Counter,
    /// By the public postal service.
    Post {
        /// Where to.
        address: String,
    },
    /// To the person's electronic store.
    Online,
}

/// What kind of owner a dossier has (LoaiDoiTuong 1–4 of the national exchange).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartyKind {
    /// 1, người dân.
    #[default]
    Person,
    /// 2, doanh nghiệp.
    Enterprise,
    /// 3, cơ quan nhà nước.
    Agency,
    /// 4, tổ chức khác.
    Organization,
}

/// A person or body as written on the slip. `Debug` shows none of it: it is personal data.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Person, enterprise, agency, other.
    #[serde(default)]
    pub kind: PartyKind,
    /// Full name as on the card, NFC.
    pub full_name: String,
    /// The 12-digit personal number, or the number of the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_number: Option<String>,
    /// The old 9-digit number, kept as a reference only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_id: Option<String>,
    /// Date of birth, possibly only a year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub born: Option<BirthDate>,
    /// As on the card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    /// The address as printed, never rewritten to new units.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// Digits as typed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub phone: String,
    /// As typed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub email: String,
    /// What lets them act for somebody else.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub authority: String,
    /// When the card was issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card_issued_on: Option<Date>,
    /// Whether the identity fields were read from a card (true) or typed.
    #[serde(default)]
    pub read_from_card: bool,
}

impl fmt::Debug for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹party›")
    }
}

/// The procedure as it stood at reception: a dossier keeps the version it was taken under.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcedureRef {
    /// National code, for example `1.001193`.
    pub code: ProcedureCode,
    /// Its name at reception.
    pub name: String,
    /// Field (lĩnh vực).
    pub sector: String,
    /// The catalogue that was in force.
    pub catalogue: String,
    /// The procedure's edition in it.
    pub edition: u32,
    /// The case within the procedure, where it has cases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
    /// The case's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_name: Option<String>,
}

/// Bytes kept in the content-addressed store.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BlobRef {
    /// SHA-256 of the bytes as scanned: the name and the evidence.
    pub sha256: Hash,
    /// Size in bytes.
    pub size: u64,
    /// Media type, for example `application/pdf`.
    pub mime: String,
}

/// One line of the checklist as received (TT 03/2025/TT-VPCP, form 01, item 1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperReceived {
    /// Stable within the dossier.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Bản chính.
    pub originals: u16,
    /// Bản chứng thực.
    pub certified: u16,
    /// Bản photo.
    pub copies: u16,
    /// Whether it was handed in or only presented and given back.
    #[serde(default)]
    pub presented_only: bool,
    /// Its scans.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scans: Vec<BlobRef>,
}

/// One amount that is owed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeLine {
    /// Its name.
    pub name: String,
    /// Phí or lệ phí.
    pub kind: FeeKind,
    /// In đồng, after exemption.
    pub amount_vnd: u64,
    /// How many units (pages, copies, cases).
    pub quantity: u32,
    /// Why nothing is owed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exemption: Option<String>,
}

/// The due date with its reasons, as printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueRecord {
    /// When the result is promised, local time.
    pub at: DateTime,
    /// The limit; none where the result is given on the day of reception.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<TimeLimit>,
    /// The limit in words, for example `03 ngày làm việc`.
    pub limit_text: String,
    /// Every day, counted or skipped, and why.
    pub explanation: Vec<DayNote>,
    /// Which calendar decided.
    pub calendar_version: String,
    /// The texts that the counting rests on.
    pub legal_basis: String,
}

/// An officer by identity and name at that time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficerRef {
    /// Who.
    pub id: StaffId,
    /// Their name as it stood.
    pub name: String,
}

/// The citizen's signature and the hash of what was shown when they signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureRef {
    /// The strokes, as JSON in the blob store.
    pub strokes: BlobRef,
    /// SHA-256 of the text that the pad showed.
    pub shown: Hash,
    /// When, local time.
    pub at: DateTime,
}

/// `dossier.receive`: the dossier was taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// The dossier code, for life.
    pub code: DossierCode,
    /// What is asked for.
    pub procedure: ProcedureRef,
    /// How it came.
    pub channel: Channel,
    /// Whose it is (chủ hồ sơ).
    pub owner: Party,
    /// Who handed it in, where that is another person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submitter: Option<Party>,
    /// What was handed in.
    pub papers: Vec<PaperReceived>,
    /// Số bộ hồ sơ.
    pub set_count: u16,
    /// What is owed.
    pub fees: Vec<FeeLine>,
    /// How the result comes back.
    pub delivery: Delivery,
    /// Local time of reception.
    pub received_at: DateTime,
    /// The promise; none where the procedure has no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<DueRecord>,
    /// The clerk.
    pub officer: OfficerRef,
    /// The counter's number, as printed.
    pub counter: String,
    /// The queue ticket that was served.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<EntityId>,
    /// The citizen's signature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<SignatureRef>,
    /// For colleagues.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Practice dossiers never leave the practice office.
    #[serde(default)]
    pub practice: bool,
}

/// `dossier.attach`: one more scan for a paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attached {
    /// The paper's key.
    pub paper: String,
    /// The scan.
    pub scan: BlobRef,
}

/// `dossier.note`: a remark for colleagues.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteAdded {
    /// The remark.
    pub text: String,
    /// When, local time.
    pub at: DateTime,
}

/// `dossier.step`: from one national status to the next, compare-and-set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stepped {
    /// What the actor saw.
    pub from: DossierStatus,
    /// What it becomes.
    pub to: DossierStatus,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// When, local time.
    pub at: DateTime,
}

/// `dossier.correct`: changed plain fields only, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Corrected {
    /// Field name → new value. Names: `owner.full_name`, `owner.phone`, `owner.address`, `owner.email`, `note`.
    pub fields: std::collections::BTreeMap<String, String>,
    /// Why.
    pub reason: String,
    /// When, local time.
    pub at: DateTime,
}

/// `slip.print`: a paper came out (or is known not to have).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlipPrinted {
    /// The print job.
    pub job: PrintJobId,
    /// 1 for the first print, 2 and up for marked reprints.
    pub copy: u16,
    /// Whether the printer confirmed, a person confirmed, or it failed.
    pub outcome: crate::state::PrintOutcome,
    /// When, local time.
    pub at: DateTime,
    /// Why it was printed again.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// What the province said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ProvinceOutcome {
    /// It has the dossier.
    Confirmed {
        /// The province's own identifier, where it gives one.
        external_id: Option<String>,
    },
    /// It refused for good; a person must act.
    Refused {
        /// The province's code.
        code: String,
        /// The province's words.
        message: String,
    },
}

/// `province.answer`: written by the hub's connector.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvinceAnswered {
    /// What it said.
    pub outcome: ProvinceOutcome,
    /// When the answer came, local time.
    pub at: DateTime,
    /// The hash of the request that was answered: the evidence.
    pub request: Hash,
}
