//! Practice scans: pages that look like pages, and files that teach what cannot be taken.

use motcua_papers::form01::{self, CopiesState, Office, PageSize, PaperLine, Reception};

use crate::error::DeskError;

/// What is particular about a practice scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanQuirk {
    /// Nothing.
    Ordinary,
    /// Zero bytes.
    Empty,
    /// Not a document.
    Unsupported,
    /// A PDF that breaks off.
    Damaged,
}

/// A file that the practice scanner can send.
#[derive(Clone, Copy, Debug)]
pub struct PracticeScan {
    /// Its identity in the panel.
    pub id: &'static str,
    /// As the panel lists it.
    pub name: &'static str,
    /// What a scanner would call the file.
    pub file_name: &'static str,
    /// What is particular.
    pub quirk: ScanQuirk,
}

/// Every practice scan.
pub const PRACTICE_SCANS: &[PracticeScan] = &[
    PracticeScan {
        id: "declaration",
        name: "Tờ khai đăng ký khai sinh",
        file_name: "SCAN0001.pdf",
        quirk: ScanQuirk::Ordinary,
    },
    PracticeScan {
        id: "birth",
        name: "Giấy chứng sinh",
        file_name: "SCAN0002.pdf",
        quirk: ScanQuirk::Ordinary,
    },
    PracticeScan {
        id: "empty",
        name: "Tệp rỗng (0 byte)",
        file_name: "SCAN0003.pdf",
        quirk: ScanQuirk::Empty,
    },
    PracticeScan {
        id: "text",
        name: "Tệp không phải bản quét",
        file_name: "ghi-chu.txt",
        quirk: ScanQuirk::Unsupported,
    },
    PracticeScan {
        id: "cut",
        name: "Tệp PDF bị đứt giữa chừng",
        file_name: "SCAN0004.pdf",
        quirk: ScanQuirk::Damaged,
    },
];

/// The bytes of a practice scan.
///
/// # Errors
/// [`DeskError::ScanGone`] where the panel has no such scan; [`DeskError::Paper`] when its page could not be drawn.
pub fn scan_bytes(id: &str) -> Result<(PracticeScan, Vec<u8>), DeskError> {
    let scan = PRACTICE_SCANS
        .iter()
        .find(|s| s.id == id)
        .ok_or(DeskError::ScanGone)?;
    let bytes = match scan.quirk {
        ScanQuirk::Ordinary => page(scan.name)?,
        ScanQuirk::Empty => Vec::new(),
        ScanQuirk::Unsupported => "Ghi chú của người dùng, không phải bản quét."
            .as_bytes()
            .to_vec(),
        ScanQuirk::Damaged => {
            let mut bytes = page(scan.name)?;
            bytes.truncate(bytes.len() / 3);
            bytes
        }
    };
    Ok((*scan, bytes))
}

/// A page with text on it, drawn by the same engine that draws the forms.
fn page(name: &str) -> Result<Vec<u8>, DeskError> {
    let at = jiff::civil::date(2026, 11, 20).at(8, 0, 0, 0);
    let record = Reception {
        office: Office {
            agency: "GIẤY TỜ TẬP HUẤN".to_owned(),
            name: name.to_owned(),
            place: "Bản Mây".to_owned(),
            phone: None,
        },
        code: "TAP-HUAN".to_owned(),
        qr_text: name.to_owned(),
        receiver: "Giấy tờ mẫu để tập quét".to_owned(),
        owner_name: "Nguyễn Thị Ngọc Ỷ".to_owned(),
        submitter_name: None,
        address: None,
        phone: None,
        email: None,
        id_number: None,
        procedure_name: name.to_owned(),
        procedure_code: "1.001193".to_owned(),
        papers: vec![PaperLine {
            name: name.to_owned(),
            originals: 1,
            certified: 0,
            copies: 0,
        }],
        set_count: 1,
        limit_text: "tập huấn".to_owned(),
        received_at: at,
        due_at: None,
        due_note: None,
        return_place: "Tập huấn".to_owned(),
        fees: Vec::new(),
        register: None,
        clerk_name: "Tập huấn".to_owned(),
        signature: None,
        copies: CopiesState::SecondCopy,
        reprint: None,
        practice: true,
        version: 1,
    };
    Ok(form01::render_pdf(&record, PageSize::A4)?)
}
