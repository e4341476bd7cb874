//! The parts of a procedure: cases, channels, papers, fees, results.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::money::Vnd;

/// How a dossier comes in (NĐ 61/2018/NĐ-CP Đ16).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// At the counter ("trực tiếp").
    #[default]
    Direct,
    /// Through the portal ("trực tuyến").
    Online,
    /// Through the public post ("bưu chính công ích").
    Post,
}

impl Channel {
    /// Every channel, the counter first.
    pub const ALL: [Channel; 3] = [Channel::Direct, Channel::Online, Channel::Post];

    /// The Vietnamese words.
    pub const fn vietnamese(self) -> &'static str {
        match self {
            Channel::Direct => "Trực tiếp",
            Channel::Online => "Trực tuyến",
            Channel::Post => "Bưu chính công ích",
        }
    }
}

/// Short name of a case within its procedure, such as `on_time`; stable across versions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CaseId(pub String);

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A case ("trường hợp") for which limits, papers or fees differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Name within the procedure.
    pub id: CaseId,
    /// Vietnamese name.
    pub name: String,
}

/// The level of government that decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Cấp xã.
    Commune,
    /// Cấp tỉnh.
    Province,
    /// Cấp bộ.
    Ministry,
    /// Cơ quan khác.
    Other,
}

/// Whether a paper stays in the dossier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum HandIn {
    /// Handed in ("nộp").
    #[default]
    Submit,
    /// Shown, compared and given back ("xuất trình").
    Present,
}

/// A paper of the dossier, with the counts of form 01.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperSpec {
    /// Vietnamese name.
    pub name: String,
    /// Originals ("bản chính").
    #[serde(default)]
    pub originals: u32,
    /// Certified copies ("bản chứng thực").
    #[serde(default)]
    pub certified: u32,
    /// Photocopies ("bản photo").
    #[serde(default)]
    pub copies: u32,
    /// Whether it stays.
    #[serde(default)]
    pub hand_in: HandIn,
    /// Cases in which it is asked for; all when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<CaseId>,
    /// Only when it applies (see `note`): a dossier can be complete without it.
    #[serde(default)]
    pub optional: bool,
    /// When it is needed, or what a clerk should know about it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl PaperSpec {
    /// Whether the paper belongs to this case.
    pub fn applies_to(&self, case: Option<&CaseId>) -> bool {
        self.cases.is_empty() || case.is_some_and(|case| self.cases.contains(case))
    }
}

/// The two kinds of payment (Law on Fees and Charges 97/2015/QH13).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeeKind {
    /// Phí.
    Charge,
    /// Lệ phí.
    Fee,
    /// The source does not say which.
    Unknown,
}

/// How much is to be paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeeAmount {
    /// Nothing.
    Free,
    /// One amount.
    Fixed(Vnd),
    /// By the page: the first pages, the pages after them, and the most for one copy.
    PerPage {
        /// For each of the first pages.
        first: Vnd,
        /// How many pages are first pages.
        first_pages: u32,
        /// For each page after them.
        then: Vnd,
        /// The most for one copy.
        most: Option<Vnd>,
    },
    /// Set by the provincial people's council; the office enters its own amount.
    SetByCouncil,
    /// As the text says; a person reads it.
    AsText,
    /// The source says nothing.
    NotStated,
}

impl FeeAmount {
    /// The amount for so many pages, where it can be computed.
    pub fn for_pages(&self, pages: u32) -> Option<Vnd> {
        match self {
            FeeAmount::Free => Some(Vnd::ZERO),
            FeeAmount::Fixed(amount) => Some(*amount),
            FeeAmount::PerPage {
                first,
                first_pages,
                then,
                most,
            } => {
                let head = first.checked_mul(pages.min(*first_pages))?;
                let tail = then.checked_mul(pages.saturating_sub(*first_pages))?;
                let sum = head.checked_add(tail)?;
                Some(most.map_or(sum, |most| sum.min(most)))
            }
            FeeAmount::SetByCouncil | FeeAmount::AsText | FeeAmount::NotStated => None,
        }
    }
}

/// One payment of a procedure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fee {
    /// Vietnamese name, such as "Lệ phí đăng ký cư trú".
    pub name: String,
    /// Phí or lệ phí.
    pub kind: FeeKind,
    /// Only for this channel; every channel when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// Only for this case; every case when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
    /// How much.
    pub amount: FeeAmount,
    /// Owed only when it is asked for (extra copies): nothing is counted until a clerk counts it.
    #[serde(default)]
    pub optional: bool,
    /// The rule in words: exemptions, formulas, legal basis.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// A result of the procedure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultSpec {
    /// Vietnamese name.
    pub name: String,
    /// National code, such as `KQ.G15.000031`; empty when the source has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
}

/// How a result comes back to the citizen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnWay {
    /// At the counter.
    Counter,
    /// By post.
    Post,
    /// Electronically, into the citizen's store.
    Electronic,
}

/// Where the dossier is received (NĐ 224/2026/NĐ-CP Đ15.1h–i).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Routing {
    /// In this system, decided in this commune.
    #[default]
    Local,
    /// In this system, decided by a body of the province.
    Province,
    /// In a ministry's own system; here only queue, guidance and status.
    MinistrySystem,
}

/// Names of the form templates where a ministry has its own (residence desks use CT04 and CT06).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Templates {
    /// Template of the reception slip.
    pub receipt: String,
    /// Template of the supplement request.
    pub supplement: String,
    /// Template of the refusal.
    pub refusal: String,
}

impl Default for Templates {
    /// The forms of TT 03/2025/TT-VPCP.
    fn default() -> Templates {
        Templates {
            receipt: "mau-01".to_owned(),
            supplement: "mau-02".to_owned(),
            refusal: "mau-03".to_owned(),
        }
    }
}
