//! A simulated copier that scans into a folder, in the good and the bad ways of real ones.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Cursor, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use image::{DynamicImage, GrayImage, ImageFormat, Luma};
use serde::{Deserialize, Serialize};

/// How the copier puts the file into the folder.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum ScanHow {
    /// At once, under its own name.
    #[default]
    Whole,
    /// In place, growing over `over_ms`.
    InPlace {
        /// Milliseconds from the first byte to the last.
        over_ms: u64,
    },
    /// As `.tmp`, renamed when done after `over_ms`.
    RenameFromTemp {
        /// Milliseconds from the first byte to the rename.
        over_ms: u64,
    },
    /// Nothing in it.
    Empty,
    /// Only the first half; the copier was switched off.
    Half,
    /// A file of this size with a PDF head and nothing after it (sparse on disk).
    Huge {
        /// Size in bytes.
        bytes: u64,
    },
    /// Whole, and locked by the copier for `for_ms`.
    Locked {
        /// Milliseconds until the lock is released.
        for_ms: u64,
    },
}

const PIECES: usize = 10;
const PAGE_WIDTH: u32 = 420;
const PAGE_HEIGHT: u32 = 594;

/// A page as a JPEG: text-like lines on white, different for each `seed`.
#[must_use]
pub fn jpeg_page(seed: u32) -> Vec<u8> {
    let ink = |x: u32, y: u32| {
        let line = y / 18;
        let word = x / 22;
        let margin = !(40..380).contains(&x) || !(50..540).contains(&y);
        let gap =
            y % 18 > 9 || (word.wrapping_mul(31) ^ line.wrapping_mul(17) ^ seed).is_multiple_of(5);
        !margin && !gap && !(x * 7 + y * 3 + seed).is_multiple_of(4)
    };
    let page = GrayImage::from_fn(PAGE_WIDTH, PAGE_HEIGHT, |x, y| {
        Luma([if ink(x, y) { 40 } else { 250 }])
    });
    let mut file = Cursor::new(Vec::new());
    match DynamicImage::from(page)
        .into_rgb8()
        .write_to(&mut file, ImageFormat::Jpeg)
    {
        Ok(()) => file.into_inner(),
        Err(error) => {
            tracing::debug!(%error, "a simulated page could not be drawn");
            Vec::new()
        }
    }
}

/// A PDF of `pages` A4 pages, each one a JPEG.
#[must_use]
pub fn pdf_document(pages: u32, seed: u32) -> Vec<u8> {
    let pages = pages.max(1);
    let mut file = b"%PDF-1.4\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut offsets = Vec::new();
    let kids: Vec<String> = (0..pages)
        .map(|page| format!("{} 0 R", 3 + page * 3))
        .collect();
    let mut object = |file: &mut Vec<u8>, body: &[u8]| {
        offsets.push(file.len());
        file.extend(format!("{} 0 obj\n", offsets.len()).bytes());
        file.extend_from_slice(body);
        file.extend_from_slice(b"\nendobj\n");
    };
    object(&mut file, b"<< /Type /Catalog /Pages 2 0 R >>");
    let tree = format!(
        "<< /Type /Pages /Kids [{}] /Count {pages} >>",
        kids.join(" ")
    );
    object(&mut file, tree.as_bytes());
    for page in 0..pages {
        let (content, picture) = (4 + page * 3, 5 + page * 3);
        let dictionary = format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R \
             /Resources << /XObject << /P {picture} 0 R >> >> >>"
        );
        object(&mut file, dictionary.as_bytes());
        object(&mut file, &stream("", b"q 595 0 0 842 0 0 cm /P Do Q"));
        let entries = format!(
            "/Type /XObject /Subtype /Image /Width {PAGE_WIDTH} /Height {PAGE_HEIGHT} \
             /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode "
        );
        object(
            &mut file,
            &stream(&entries, &jpeg_page(seed.wrapping_add(page))),
        );
    }
    let start = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", offsets.len() + 1).bytes());
    for offset in &offsets {
        file.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    let size = offsets.len() + 1;
    file.extend(
        format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").bytes(),
    );
    file
}

fn stream(entries: &str, data: &[u8]) -> Vec<u8> {
    let mut body = format!("<< {entries}/Length {} >>\nstream\n", data.len()).into_bytes();
    body.extend_from_slice(data);
    body.extend_from_slice(b"\nendstream");
    body
}

/// Puts `content` into `folder` under `name`, the way `how` says. Slow ways return when done.
pub(super) fn drop_scan(
    folder: &Path,
    name: &str,
    content: &[u8],
    how: ScanHow,
    stop: &Arc<AtomicBool>,
) -> io::Result<()> {
    let path = folder.join(name);
    match how {
        ScanHow::Whole => fs::write(path, content),
        ScanHow::InPlace { over_ms } => write_slowly(&path, content, over_ms, stop),
        ScanHow::RenameFromTemp { over_ms } => {
            let temporary = PathBuf::from(format!("{}.tmp", path.display()));
            write_slowly(&temporary, content, over_ms, stop)?;
            fs::rename(temporary, path)
        }
        ScanHow::Empty => File::create(path).map(drop),
        ScanHow::Half => fs::write(path, &content[..content.len() / 2]),
        ScanHow::Huge { bytes } => {
            let mut file = File::create(path)?;
            file.write_all(b"%PDF-1.4\n")?;
            file.set_len(bytes)
        }
        ScanHow::Locked { for_ms } => {
            let file = File::create(&path)?;
            file.lock()?;
            (&file).write_all(content)?;
            wait(Duration::from_millis(for_ms), stop);
            file.unlock()
        }
    }
}

fn write_slowly(path: &Path, content: &[u8], over_ms: u64, stop: &AtomicBool) -> io::Result<()> {
    File::create(path)?;
    let pause = Duration::from_millis(over_ms / PIECES as u64);
    for piece in content.chunks(content.len().div_ceil(PIECES).max(1)) {
        OpenOptions::new()
            .append(true)
            .open(path)?
            .write_all(piece)?;
        wait(pause, stop);
    }
    Ok(())
}

fn wait(time: Duration, stop: &AtomicBool) {
    const SLICE: Duration = Duration::from_millis(20);
    let mut left = time;
    while !left.is_zero() && !stop.load(Ordering::Relaxed) {
        let slice = left.min(SLICE);
        std::thread::sleep(slice);
        left -= slice;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pdf_says_where_its_parts_are() {
        let pdf = pdf_document(3, 7);
        let text = String::from_utf8_lossy(&pdf);
        assert!(text.starts_with("%PDF-1.4") && text.trim_end().ends_with("%%EOF"));
        let start: usize = text
            .rsplit("startxref\n")
            .next()
            .unwrap()
            .lines()
            .next()
            .unwrap()
            .parse()
            .unwrap();
        assert!(pdf[start..].starts_with(b"xref"));
    }

    #[test]
    fn a_page_is_a_picture() {
        let page = image::load_from_memory(&jpeg_page(1)).unwrap();
        assert_eq!((page.width(), page.height()), (PAGE_WIDTH, PAGE_HEIGHT));
        assert_ne!(jpeg_page(1), jpeg_page(2));
    }
}
