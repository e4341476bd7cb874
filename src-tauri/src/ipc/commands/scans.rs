//! Pages that arrived, and the papers they belong to.

use motcua_desk::Origin;
use tauri::Runtime;
use tauri::State;
use tauri::ipc::{CommandArg, CommandItem, InvokeBody, InvokeError};
use uuid::Uuid;

use super::id;
use super::intake::shown;
use crate::ipc::convert::{ApiResult, scan_item};
use crate::ipc::dto::{IntakeView, ScanItem};
use crate::ipc::error::ApiError;
use crate::pictures;
use crate::shell::{Shell, guarded};

/// The header that carries a file's name, percent-encoded, beside its bytes.
pub const FILE_NAME_HEADER: &str = "x-file-name";
/// Longest name that is kept of a file, in characters.
const FILE_NAME_CHARS_MAX: usize = 200;
/// What a file without a usable name is called.
const NAMELESS: &str = "scan";

/// A file that crosses as raw bytes with its name in a header. As JSON a page would be forty times its size.
pub struct RawFile {
    name: String,
    bytes: Vec<u8>,
}

impl<'de, R: Runtime> CommandArg<'de, R> for RawFile {
    fn from_command(command: CommandItem<'de, R>) -> Result<Self, InvokeError> {
        let InvokeBody::Raw(bytes) = command.message.payload() else {
            return Err(InvokeError::from("a file crosses as bytes"));
        };
        let header = command.message.headers().get(FILE_NAME_HEADER);
        let name = header
            .and_then(|name| name.to_str().ok())
            .map(decode)
            .unwrap_or_default();
        Ok(Self {
            name: tidy(&name),
            bytes: bytes.clone(),
        })
    }
}

/// The bindings give this command no argument: `tauri.ts` sends the bytes itself.
impl specta::function::FunctionArg for RawFile {
    fn to_datatype(_: &mut specta::Types) -> Option<specta::datatype::DataType> {
        None
    }
}

/// `%C3%A1` → `á`. What is no such escape stays as it is.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let escape = (*byte == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        match escape.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(escaped) => {
                decoded.push(escaped);
                at += 3;
            }
            None => {
                decoded.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// A name is shown to the clerk and nothing else: folders and control characters are not part of it.
fn tidy(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown: String = last
        .chars()
        .filter(|c| !c.is_control())
        .take(FILE_NAME_CHARS_MAX)
        .collect();
    if shown.trim().is_empty() {
        NAMELESS.to_owned()
    } else {
        shown
    }
}

fn scan(scan_id: &str) -> ApiResult<Uuid> {
    id(scan_id, ApiError::ScanGone)
}

/// What waits in the inbox, newest last.
///
/// # Errors
/// When there is no office.
#[tauri::command]
#[specta::specta]
pub async fn scan_inbox(shell: State<'_, Shell>) -> ApiResult<Vec<ScanItem>> {
    guarded("scan_inbox", async {
        Ok(shell
            .desk()
            .await?
            .scan_inbox()?
            .iter()
            .map(scan_item)
            .collect())
    })
    .await
}

/// Puts a scan beside a paper.
///
/// # Errors
/// `scan_gone`, `no_intake`.
#[tauri::command]
#[specta::specta]
pub async fn attach_scan(
    shell: State<'_, Shell>,
    paper_id: String,
    scan_id: String,
) -> ApiResult<IntakeView> {
    guarded("attach_scan", async {
        let desk = shell.desk().await?;
        Ok(shown(
            &desk,
            &desk.attach_scan(&paper_id, scan(&scan_id)?).await?,
        ))
    })
    .await
}

/// Takes a scan away from a paper: it is in the inbox again.
///
/// # Errors
/// `scan_gone`, `no_intake`.
#[tauri::command]
#[specta::specta]
pub async fn detach_scan(
    shell: State<'_, Shell>,
    paper_id: String,
    scan_id: String,
) -> ApiResult<IntakeView> {
    guarded("detach_scan", async {
        let desk = shell.desk().await?;
        Ok(shown(
            &desk,
            &desk.detach_scan(&paper_id, scan(&scan_id)?).await?,
        ))
    })
    .await
}

/// Takes a file that was dropped on the window.
///
/// # Errors
/// `scan_empty`, `scan_too_large`, `scan_unsupported`, `scan_unreadable`, `disk_full`.
#[tauri::command]
#[specta::specta]
pub async fn add_scan_file(shell: State<'_, Shell>, file: RawFile) -> ApiResult<ScanItem> {
    guarded("add_scan_file", async {
        let RawFile { name, bytes } = file;
        Ok(scan_item(
            &shell
                .desk()
                .await?
                .add_scan(&name, bytes, Origin::Dropped)
                .await?,
        ))
    })
    .await
}

/// Throws a scan of the inbox away.
///
/// # Errors
/// `scan_gone`.
#[tauri::command]
#[specta::specta]
pub async fn discard_scan(shell: State<'_, Shell>, scan_id: String) -> ApiResult<()> {
    guarded("discard_scan", async {
        Ok(shell.desk().await?.discard_scan(scan(&scan_id)?).await?)
    })
    .await
}

/// Address of the picture of a page, from 1.
///
/// # Errors
/// Never; an address of nothing shows nothing.
#[tauri::command]
#[specta::specta]
pub async fn scan_page_url(scan_id: String, page: u32) -> ApiResult<String> {
    Ok(pictures::scan_page_url(&scan_id, page))
}

/// Address of a stored picture.
///
/// # Errors
/// Never; an address of nothing shows nothing.
#[tauri::command]
#[specta::specta]
pub async fn image_url(image_id: String) -> ApiResult<String> {
    Ok(pictures::image_url(&image_id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vietnamese_file_name_survives_the_header() {
        for (sent, name) in [
            ("Gi%E1%BA%A5y%20khai%20sinh.pdf", "Giấy khai sinh.pdf"),
            ("100%25.pdf", "100%.pdf"),
            ("50%.pdf", "50%.pdf"),
            ("%zz", "%zz"),
            ("scan.pdf", "scan.pdf"),
        ] {
            assert_eq!(decode(sent), name);
        }
    }

    #[test]
    fn a_name_is_only_a_name() {
        for (given, kept) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\may\\scan 1.pdf", "scan 1.pdf"),
            ("a\u{0}b\n.pdf", "ab.pdf"),
            ("", NAMELESS),
            ("folder/", NAMELESS),
        ] {
            assert_eq!(tidy(given), kept);
        }
        assert_eq!(tidy(&"ộ".repeat(500)).chars().count(), FILE_NAME_CHARS_MAX);
    }
}
