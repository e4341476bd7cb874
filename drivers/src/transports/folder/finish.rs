//! Does a file read to its end? Looks at the head and the tail only.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use super::ScanMime;

/// Bytes looked at from the end.
const TAIL_BYTES: u64 = 2_048;
const HEAD_BYTES: usize = 16;
const PDF_HEAD: &[u8] = b"%PDF-";
const JPEG_HEAD: &[u8] = &[0xFF, 0xD8, 0xFF];
const JPEG_END: &[u8] = &[0xFF, 0xD9];
const PNG_HEAD: &[u8] = &[0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A];
const PNG_END: &[u8] = &[0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xAE, 0x42, 0x60, 0x82];
const TIFF_ENTRY_BYTES: u64 = 12;
/// Directories followed in a TIFF; a copier makes one per page.
const MAX_TIFF_PAGES: usize = 5_000;

/// What the head and the tail of a file say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Finish {
    Complete(ScanMime),
    Incomplete,
    NotADocument,
    Locked,
}

/// Looks into the file at `path`, which had `size` bytes.
pub(super) fn look_into(path: &Path, size: u64) -> io::Result<Finish> {
    let mut file = match open_alone(path) {
        Ok(Some(file)) => file,
        Ok(None) => return Ok(Finish::Locked),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Ok(Finish::Locked),
        Err(error) => return Err(error),
    };
    let mut head = [0u8; HEAD_BYTES];
    let have = read_some(&mut file, &mut head)?;
    let head = &head[..have];
    let tail_from = size.saturating_sub(TAIL_BYTES);
    file.seek(SeekFrom::Start(tail_from))?;
    let mut tail = Vec::new();
    file.by_ref().take(TAIL_BYTES).read_to_end(&mut tail)?;
    let ended = |mime, ends: bool| {
        if ends {
            Finish::Complete(mime)
        } else {
            Finish::Incomplete
        }
    };
    if head.starts_with(PDF_HEAD) {
        return Ok(ended(ScanMime::Pdf, pdf_ends(&mut file, &tail, size)?));
    }
    if head.starts_with(JPEG_HEAD) {
        return Ok(ended(
            ScanMime::Jpeg,
            without_padding(&tail).ends_with(JPEG_END),
        ));
    }
    if head.starts_with(PNG_HEAD) {
        return Ok(ended(ScanMime::Png, tail.ends_with(PNG_END)));
    }
    match tiff_order(head) {
        Some(order) => Ok(ended(ScanMime::Tiff, tiff_ends(&mut file, order, size)?)),
        None => Ok(Finish::NotADocument),
    }
}

#[cfg(windows)]
fn open_alone(path: &Path) -> io::Result<Option<File>> {
    use std::os::windows::fs::OpenOptionsExt;
    const ERROR_SHARING_VIOLATION: i32 = 32;
    match std::fs::OpenOptions::new()
        .read(true)
        .share_mode(0)
        .open(path)
    {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.raw_os_error() == Some(ERROR_SHARING_VIOLATION) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(not(windows))]
fn open_alone(path: &Path) -> io::Result<Option<File>> {
    let file = File::open(path)?;
    match file.try_lock_shared() {
        Err(std::fs::TryLockError::WouldBlock) => Ok(None),
        // A share that knows no locks must not stop scanning.
        Ok(()) | Err(std::fs::TryLockError::Error(_)) => Ok(Some(file)),
    }
}

fn read_some(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut have = 0;
    while have < buffer.len() {
        match file.read(&mut buffer[have..])? {
            0 => break,
            n => have += n,
        }
    }
    Ok(have)
}

fn without_padding(tail: &[u8]) -> &[u8] {
    let end = tail
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(0, |at| at + 1);
    &tail[..end]
}

fn find_last(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .rposition(|window| window == needle)
}

/// `%%EOF` at the end, and `startxref` pointing at a cross-reference inside the file.
fn pdf_ends(file: &mut File, tail: &[u8], size: u64) -> io::Result<bool> {
    let Some(eof) = find_last(tail, b"%%EOF") else {
        return Ok(false);
    };
    let Some(start) = find_last(&tail[..eof], b"startxref") else {
        return Ok(false);
    };
    let number: String = tail[start + b"startxref".len()..eof]
        .iter()
        .map(|byte| char::from(*byte))
        .skip_while(|c| c.is_ascii_whitespace())
        .take_while(char::is_ascii_digit)
        .collect();
    let Ok(offset) = number.parse::<u64>() else {
        return Ok(false);
    };
    if offset >= size {
        return Ok(false);
    }
    file.seek(SeekFrom::Start(offset))?;
    let mut at_offset = [0u8; HEAD_BYTES];
    let have = read_some(file, &mut at_offset)?;
    let text = at_offset[..have].trim_ascii_start();
    let object = text.iter().any(u8::is_ascii_digit) && text[0].is_ascii_digit();
    Ok(text.starts_with(b"xref") || object)
}

#[derive(Debug, Clone, Copy)]
enum Order {
    Little,
    Big,
}

impl Order {
    fn u16(self, bytes: [u8; 2]) -> u64 {
        u64::from(match self {
            Self::Little => u16::from_le_bytes(bytes),
            Self::Big => u16::from_be_bytes(bytes),
        })
    }

    fn u32(self, bytes: [u8; 4]) -> u64 {
        u64::from(match self {
            Self::Little => u32::from_le_bytes(bytes),
            Self::Big => u32::from_be_bytes(bytes),
        })
    }
}

fn tiff_order(head: &[u8]) -> Option<Order> {
    match head {
        [b'I', b'I', 42, 0, ..] => Some(Order::Little),
        [b'M', b'M', 0, 42, ..] => Some(Order::Big),
        _ => None,
    }
}

/// Every directory of the chain lies inside the file.
fn tiff_ends(file: &mut File, order: Order, size: u64) -> io::Result<bool> {
    let mut at = 4;
    for _ in 0..MAX_TIFF_PAGES {
        let Some(offset) = read_u32(file, order, at)? else {
            return Ok(false);
        };
        if offset == 0 {
            return Ok(at != 4);
        }
        file.seek(SeekFrom::Start(offset))?;
        let mut count = [0; 2];
        if read_some(file, &mut count)? < count.len() {
            return Ok(false);
        }
        at = offset + 2 + order.u16(count) * TIFF_ENTRY_BYTES;
        if at + 4 > size {
            return Ok(false);
        }
    }
    Ok(false)
}

fn read_u32(file: &mut File, order: Order, at: u64) -> io::Result<Option<u64>> {
    file.seek(SeekFrom::Start(at))?;
    let mut bytes = [0; 4];
    Ok((read_some(file, &mut bytes)? == bytes.len()).then(|| order.u32(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn look(bytes: &[u8]) -> Finish {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        look_into(file.path(), bytes.len() as u64).unwrap()
    }

    fn tiff(pages: u32) -> Vec<u8> {
        let mut bytes = b"II\x2A\x00\x08\x00\x00\x00".to_vec();
        for page in 0..pages {
            bytes.extend_from_slice(&1u16.to_le_bytes());
            bytes.extend_from_slice(&[0; 12]);
            let next = if page + 1 == pages {
                0
            } else {
                bytes.len() as u32 + 4
            };
            bytes.extend_from_slice(&next.to_le_bytes());
        }
        bytes
    }

    #[test]
    fn whole_documents_are_told_by_their_content() {
        let pdf = b"%PDF-1.4\n1 0 obj\nendobj\nxref\n0 1\ntrailer\nstartxref\n24\n%%EOF\n";
        assert_eq!(look(pdf), Finish::Complete(ScanMime::Pdf));
        assert_eq!(
            look(b"\xFF\xD8\xFF\xE0abc\xFF\xD9\0\0\0"),
            Finish::Complete(ScanMime::Jpeg)
        );
        let png = [PNG_HEAD, b"....", PNG_END].concat();
        assert_eq!(look(&png), Finish::Complete(ScanMime::Png));
        assert_eq!(look(&tiff(3)), Finish::Complete(ScanMime::Tiff));
    }

    #[test]
    fn halves_of_documents_are_incomplete() {
        for half in [
            b"%PDF-1.4\n1 0 obj".as_slice(),
            b"%PDF-1.4\nxref\nstartxref\n9999\n%%EOF",
            b"%PDF-1.4\nxref\nstartxref\n%%EOF",
            b"\xFF\xD8\xFF\xE0abc",
            b"\x89PNG\r\n\x1A\n....",
            b"II\x2A\x00\x08\x00\x00\x00\x05\x00",
        ] {
            assert_eq!(look(half), Finish::Incomplete, "{half:?}");
        }
        let two_pages = tiff(2);
        assert_eq!(look(&two_pages[..two_pages.len() - 8]), Finish::Incomplete);
    }

    #[test]
    fn a_word_file_is_not_a_scan() {
        assert_eq!(look(b"PK\x03\x04word/document.xml"), Finish::NotADocument);
        assert_eq!(look(b""), Finish::NotADocument);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_another_program_locks_is_locked() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), b"\xFF\xD8\xFFa\xFF\xD9").unwrap();
        let writer = File::open(file.path()).unwrap();
        writer.lock().unwrap();
        assert_eq!(look_into(file.path(), 6).unwrap(), Finish::Locked);
        writer.unlock().unwrap();
        assert_eq!(
            look_into(file.path(), 6).unwrap(),
            Finish::Complete(ScanMime::Jpeg)
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn hostile_files_are_only_looked_at(
            head in proptest::sample::select(vec![
                PDF_HEAD.to_vec(), JPEG_HEAD.to_vec(), PNG_HEAD.to_vec(),
                b"II\x2A\x00".to_vec(), b"MM\x00\x2A".to_vec(), vec![]]),
            rest in proptest::collection::vec(any::<u8>(), 0..400),
            tail in proptest::sample::select(vec![
                b"startxref\n99999999999999999999\n%%EOF".to_vec(), b"%%EOF".to_vec(), vec![]]),
        ) {
            let _ = look(&[head, rest, tail].concat());
        }
    }
}
