//! Form 01, "Giấy tiếp nhận hồ sơ và hẹn trả kết quả".
//!
//! Owns the record and the layout of the form on A5 (as the circular asks) and A4 (as provinces
//! print it). The 80 mm version of the same record is in [`crate::slip`].

mod check;
mod compose;
mod fields;
#[cfg(test)]
mod layout_tests;
mod model;
mod signatures;
mod table;

use png::BitDepth;

use crate::PaperError;
use crate::display::Sheet;
use crate::pdf::{self, Metadata};
use crate::template::{Form01Template, PageSpec, Templates};
use crate::{png_file, raster};

pub(crate) use check::checked;
pub use model::{
    CopiesState, FeeLine, Office, PaperLine, PenPoint, Reception, RegisterEntry, Reprint,
    Signature, Stroke,
};

/// Points in an inch.
const POINTS_PER_INCH: f32 = 72.0;
/// Coarsest preview that still shows letters.
const PREVIEW_MIN_DPI: u32 = 36;
/// Finest preview: an A4 page of 35 million dots.
const PREVIEW_MAX_DPI: u32 = 600;

/// Paper the form is printed on.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum PageSize {
    /// 148 × 210 mm, the size the circular names.
    #[default]
    A5,
    /// 210 × 297 mm, the size most offices have in the printer.
    A4,
}

impl PageSize {
    fn spec(self, template: &Form01Template) -> &PageSpec {
        match self {
            Self::A5 => &template.pages.a5,
            Self::A4 => &template.pages.a4,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::A5 => "a5",
            Self::A4 => "a4",
        }
    }
}

/// Renders the form as a PDF file: embedded subset fonts, selectable text, one page or more.
///
/// The same record and size always give the same bytes.
///
/// # Errors
/// Any [`PaperError`]; all of them are about the record.
pub fn render_pdf(reception: &Reception, size: PageSize) -> Result<Vec<u8>, PaperError> {
    let record = checked(reception)?;
    let template = Templates::get()?.for_date(record.received_at.date())?;
    let sheets = compose::sheets(&record, template, size.spec(template))?;
    let mut fingerprint = serde_json::to_vec(&record).map_err(|error| PaperError::Resource {
        name: "record",
        why: error.to_string(),
    })?;
    fingerprint.extend_from_slice(template.id().as_bytes());
    fingerprint.extend_from_slice(size.name().as_bytes());
    let created_at = record
        .reprint
        .as_ref()
        .map_or(record.received_at, |reprint| reprint.at);
    pdf::write(
        &sheets,
        &Metadata {
            title: &format!("{} – {}", template.labels.title, record.code),
            subject: &record.procedure_name,
            author: &record.office.name,
            created_at,
            fingerprint: &fingerprint,
        },
    )
}

/// Renders each page of the form as a grey PNG file, for previews on a screen.
///
/// # Errors
/// [`PaperError::OutOfRange`] for a resolution outside 36 to 600 dpi; any other as
/// [`render_pdf`].
pub fn render_png(
    reception: &Reception,
    size: PageSize,
    dpi: u32,
) -> Result<Vec<Vec<u8>>, PaperError> {
    if !(PREVIEW_MIN_DPI..=PREVIEW_MAX_DPI).contains(&dpi) {
        return Err(PaperError::OutOfRange {
            field: "dpi",
            value: u64::from(dpi),
            min: u64::from(PREVIEW_MIN_DPI),
            max: u64::from(PREVIEW_MAX_DPI),
        });
    }
    let record = checked(reception)?;
    let template = Templates::get()?.for_date(record.received_at.date())?;
    let sheets = compose::sheets(&record, template, size.spec(template))?;
    sheets
        .iter()
        .map(|sheet| preview(sheet, dpi as f32))
        .collect()
}

fn preview(sheet: &Sheet, dpi: f32) -> Result<Vec<u8>, PaperError> {
    let canvas = raster::smooth(sheet, dpi / POINTS_PER_INCH)?;
    let size = (canvas.width as u32, canvas.height as u32);
    png_file::encode(size, BitDepth::Eight, &canvas.grey, dpi)
}
