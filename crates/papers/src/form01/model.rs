//! The record Form 01 is made from. Plain data: the desk fills it from a dossier, the command line
//! reads it from JSON. Texts are printed as they are (normalised to NFC, invisible characters
//! removed); nothing is looked up, and nothing is filled in from today's date.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

/// Everything printed on "Giấy tiếp nhận hồ sơ và hẹn trả kết quả" (form 01) and on its 80 mm slip.
///
/// Optional texts that are empty are printed as a dotted line where the form has a fixed line for
/// them, and left out where it does not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reception {
    /// The office, for the heading.
    pub office: Office,
    /// Dossier code, such as `H56.6.17-261123-0042`.
    pub code: String,
    /// Text of the QR code (usually the code, or a signed text that contains it).
    pub qr_text: String,
    /// "Bộ phận tiếp nhận và trả kết quả": the unit that receives.
    pub receiver: String,
    /// "Chủ hồ sơ": person or organisation the dossier is about.
    pub owner_name: String,
    /// "Người nộp", when it is not the owner.
    #[serde(default)]
    pub submitter_name: Option<String>,
    /// Address of the owner.
    #[serde(default)]
    pub address: Option<String>,
    /// Telephone number.
    #[serde(default)]
    pub phone: Option<String>,
    /// E-mail address.
    #[serde(default)]
    pub email: Option<String>,
    /// Number of the identity card, passport or enterprise.
    #[serde(default)]
    pub id_number: Option<String>,
    /// "Nội dung yêu cầu giải quyết": name of the procedure (and its case).
    pub procedure_name: String,
    /// Code of the procedure, such as `1.001193`.
    pub procedure_code: String,
    /// Item 1: the papers handed in, in the order of the checklist.
    #[serde(default)]
    pub papers: Vec<PaperLine>,
    /// Item 2: number of sets (bộ).
    pub set_count: u32,
    /// Item 3: time limit in words, such as `03 ngày làm việc`.
    pub limit_text: String,
    /// Item 4, and the date of the paper: when the dossier was received, local time of the office.
    pub received_at: DateTime,
    /// Item 5: when the result is due. `None` for procedures without an appointment.
    #[serde(default)]
    pub due_at: Option<DateTime>,
    /// Short explanation of the due date, such as `không tính thứ Ba 24/11 (ngày nghỉ lễ)`.
    #[serde(default)]
    pub due_note: Option<String>,
    /// Item 6: where and how the result is collected.
    pub return_place: String,
    /// Charges and fees. The total is computed; an empty list prints `Không`.
    #[serde(default)]
    pub fees: Vec<FeeLine>,
    /// Place in the register ("Vào Sổ theo dõi hồ sơ, Quyển số …, Số thứ tự …").
    #[serde(default)]
    pub register: Option<RegisterEntry>,
    /// Clerk who receives and signs.
    pub clerk_name: String,
    /// Ink of the submitter's signature.
    #[serde(default)]
    pub signature: Option<Signature>,
    /// Whether the dossier is already on a second machine. A paper printed before that says so.
    pub copies: CopiesState,
    /// Set when this paper is not the first print of this version.
    #[serde(default)]
    pub reprint: Option<Reprint>,
    /// Practice mode: the paper is marked "TẬP HUẤN".
    #[serde(default)]
    pub practice: bool,
    /// Version of the slip, from 1. A later version says that it replaces the earlier ones.
    #[serde(default = "first_version")]
    pub version: u32,
}

const fn first_version() -> u32 {
    1
}

/// The office as the heading of a paper names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Office {
    /// Agency above, such as `UBND xã Bản Mây`; printed in capitals as the form asks.
    pub agency: String,
    /// The office itself, such as `Trung tâm Phục vụ hành chính công xã Bản Mây`.
    pub name: String,
    /// Place before the date ("Bản Mây, ngày … tháng … năm …").
    pub place: String,
    /// Telephone for questions, printed in the footer.
    #[serde(default)]
    pub phone: Option<String>,
}

/// One row of the table of papers handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperLine {
    /// Name of the paper. Wrapped, never cut.
    pub name: String,
    /// Bản chính.
    #[serde(default)]
    pub originals: u32,
    /// Bản chứng thực.
    #[serde(default)]
    pub certified: u32,
    /// Bản photo.
    #[serde(default)]
    pub copies: u32,
}

/// One charge or fee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeeLine {
    /// What is charged, such as `Lệ phí cấp bản sao trích lục`.
    pub name: String,
    /// Amount in đồng; 0 when the citizen is exempt.
    pub amount_vnd: u64,
    /// Why it differs from the tariff, such as `miễn: hộ nghèo`.
    #[serde(default)]
    pub note: Option<String>,
}

/// Volume and number in the register of dossiers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterEntry {
    /// Quyển số, such as `01/2026`.
    pub volume: String,
    /// Số thứ tự.
    pub sequence: u32,
}

/// Ink of a signature: pen strokes, independent of the pad's resolution.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// Width of the pad divided by its height; positive.
    pub aspect: f32,
    /// Strokes in the order they were drawn.
    pub strokes: Vec<Stroke>,
}

/// One stroke, pen down to pen up. A stroke of one point is a dot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stroke {
    /// Points along the stroke.
    pub points: Vec<PenPoint>,
}

/// One sample of the pen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PenPoint {
    /// From the left edge of the pad, 0 to 1.
    pub x: f32,
    /// From the top edge of the pad, 0 to 1.
    pub y: f32,
    /// Pressure 0 to 1 where the pad reports it; it widens the line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pressure: Option<f32>,
}

/// Whether a second machine holds the dossier when the paper is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CopiesState {
    /// Only this machine has it; the paper carries a note saying so.
    OneCopy,
    /// At least one other machine has acknowledged it.
    SecondCopy,
}

/// A later print of a paper that was already printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reprint {
    /// Which reprint this is, from 1.
    pub number: u32,
    /// When it was reprinted, local time of the office.
    pub at: DateTime,
    /// Who reprinted it.
    pub by: String,
}
