//! Pictures of scanned pages for the screen, and the check that a file is a document at all.
//!
//! A hostile file may cost its own preview, never the desk: decoding runs on a thread of its own and a panic in
//! it is an unreadable file.

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};

/// Pages of one scan at most.
pub(crate) const PAGES_MAX: u32 = 500;
/// The longer side of a picture, in pixels.
const PICTURE_SIDE_PX_MAX: f32 = 1600.0;
/// Points of the largest page side that is drawn at all (A0).
const PAGE_SIDE_PT_MAX: f32 = 3400.0;

/// A picture that a screen can show.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// `image/png` or `image/jpeg`.
    pub mime: &'static str,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// The file is not what its name says, or is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the file cannot be read")]
pub struct Unreadable;

/// How many pages a document has.
///
/// # Errors
/// [`Unreadable`] when it has none that can be read.
pub fn page_count(mime: &str, bytes: &[u8]) -> Result<u32, Unreadable> {
    guarded(|| match mime {
        "application/pdf" => {
            let pdf = Pdf::new(bytes.to_vec()).map_err(|_| Unreadable)?;
            let pages = u32::try_from(pdf.pages().len()).map_err(|_| Unreadable)?;
            if (1..=PAGES_MAX).contains(&pages) {
                Ok(pages)
            } else {
                Err(Unreadable)
            }
        }
        "image/jpeg" | "image/png" => dimensions(bytes).map(|_| 1),
        _ => Err(Unreadable),
    })
}

/// The picture of a page, from 1.
///
/// # Errors
/// [`Unreadable`] when there is no such page.
pub fn page_picture(mime: &str, bytes: &[u8], page: u32) -> Result<Picture, Unreadable> {
    guarded(|| match (mime, page) {
        ("application/pdf", page) => pdf_page(bytes, page),
        ("image/jpeg", 1) => dimensions(bytes).map(|_| Picture {
            mime: "image/jpeg",
            bytes: bytes.to_vec(),
        }),
        ("image/png", 1) => dimensions(bytes).map(|_| Picture {
            mime: "image/png",
            bytes: bytes.to_vec(),
        }),
        _ => Err(Unreadable),
    })
}

fn dimensions(bytes: &[u8]) -> Result<(u32, u32), Unreadable> {
    let reader = image::ImageReader::new(std::io::Cursor::new(bytes)).with_guessed_format();
    reader
        .map_err(|_| Unreadable)?
        .into_dimensions()
        .map_err(|_| Unreadable)
}

fn pdf_page(bytes: &[u8], page: u32) -> Result<Picture, Unreadable> {
    let pdf = Pdf::new(bytes.to_vec()).map_err(|_| Unreadable)?;
    let index = usize::try_from(page.checked_sub(1).ok_or(Unreadable)?).map_err(|_| Unreadable)?;
    let page = pdf.pages().get(index).ok_or(Unreadable)?;
    let (width, height) = page.render_dimensions();
    let side = width.max(height);
    if !(1.0..=PAGE_SIDE_PT_MAX).contains(&side) {
        return Err(Unreadable);
    }
    let scale = PICTURE_SIDE_PX_MAX / side;
    let settings = PixmapSettings {
        x_scale: scale,
        y_scale: scale,
        bg_color: WHITE,
    };
    let pixmap = hayro::render(
        page,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &settings,
    );
    let bytes = pixmap.into_png().map_err(|_| Unreadable)?;
    Ok(Picture {
        mime: "image/png",
        bytes,
    })
}

fn guarded<T>(work: impl FnOnce() -> Result<T, Unreadable>) -> Result<T, Unreadable> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).unwrap_or(Err(Unreadable))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_only_calls_itself_a_pdf_is_unreadable() {
        assert_eq!(
            page_count("application/pdf", b"%PDF-1.4 nothing here"),
            Err(Unreadable)
        );
        assert_eq!(page_count("image/jpeg", b"\xff\xd8\xff"), Err(Unreadable));
        assert_eq!(page_count("application/zip", b"PK"), Err(Unreadable));
    }

    #[test]
    fn a_picture_has_one_page() {
        let mut png = std::io::Cursor::new(Vec::new());
        image::GrayImage::new(8, 8)
            .write_to(&mut png, image::ImageFormat::Png)
            .unwrap();
        let png = png.into_inner();
        assert_eq!(page_count("image/png", &png), Ok(1));
        assert!(page_picture("image/png", &png, 1).is_ok());
        assert_eq!(page_picture("image/png", &png, 2).err(), Some(Unreadable));
    }
}
