//! Pictures for `<img>`: pages of scans and signatures, as bytes over a protocol of the program's own.
//!
//! Owns the addresses and what may be asked. Pictures never cross as JSON, are never kept by the web view
//! (a counter is shared), and are given to the desk's window alone: the hall window gets nothing.

use motcua_core::dossier::{BlobRef, SignatureRef};
use motcua_core::ids::Hash;
use motcua_desk::{Desk, STROKES_MIME};
use tauri::http::{Method, Request, Response, StatusCode, header};

use crate::ipc::convert::{ApiResult, PictureId, picture_id, signature_svg};
use crate::ipc::error::ApiError;
use crate::windows::MAIN;

/// The scheme, allowed for pictures by the content security policy.
pub const SCHEME: &str = "motcua";

/// Windows gives an own scheme as a host of `http`, everything else as a scheme.
const BASE: &str = if cfg!(target_os = "windows") {
    "http://motcua.localhost"
} else {
    "motcua://localhost"
};

const SVG_MIME: &str = "image/svg+xml";
/// What a picture may not do: an SVG is drawn, and nothing in it runs or loads.
const PICTURE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// Address of a page of a scan, `page` from 1.
#[must_use]
pub fn scan_page_url(scan_id: &str, page: u32) -> String {
    format!("{BASE}/scan/{scan_id}/{page}")
}

/// Address of a stored picture such as a signature.
#[must_use]
pub fn image_url(image_id: &str) -> String {
    format!("{BASE}/image/{image_id}")
}

/// One picture that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Asked {
    Page { scan: PictureId, page: u32 },
    Signature { strokes: Hash },
}

/// A picture's bytes with what they are.
#[derive(Debug)]
pub(crate) struct Bytes {
    mime: &'static str,
    bytes: Vec<u8>,
}

/// Reads what a window asks for, or says with what status it is refused.
pub(crate) fn asked(window: &str, request: &Request<Vec<u8>>) -> Result<Asked, StatusCode> {
    if window != MAIN {
        return Err(StatusCode::FORBIDDEN);
    }
    if request.method() != Method::GET {
        return Err(StatusCode::METHOD_NOT_ALLOWED);
    }
    parse(request.uri().path()).ok_or(StatusCode::NOT_FOUND)
}

fn parse(path: &str) -> Option<Asked> {
    let parts: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
    match parts.as_slice() {
        ["scan", id, page] => {
            let page = page.parse().ok().filter(|page| *page > 0)?;
            Some(Asked::Page {
                scan: picture_id(id)?,
                page,
            })
        }
        ["image", id] => match picture_id(id)? {
            PictureId::Stored { sha256, mime } if mime == STROKES_MIME => {
                Some(Asked::Signature { strokes: sha256 })
            }
            _ => None,
        },
        _ => None,
    }
}

/// Fetches a picture from the desk.
pub(crate) async fn fetch(desk: &Desk, asked: Asked) -> ApiResult<Bytes> {
    match asked {
        Asked::Page { scan, page } => {
            let (sha256, mime) = match scan {
                PictureId::InHand(scan) => {
                    let blob = desk.find_scan(scan).await.ok_or(ApiError::ScanGone)?;
                    (blob.sha256, blob.mime)
                }
                PictureId::Stored { sha256, mime } => (sha256, mime.to_owned()),
            };
            let picture = desk.scan_picture(sha256, &mime, page).await?;
            Ok(Bytes {
                mime: picture.mime,
                bytes: picture.bytes,
            })
        }
        Asked::Signature { strokes } => {
            let signature = desk
                .signature(&strokes_ref(strokes))?
                .ok_or(ApiError::ScanGone)?;
            Ok(Bytes {
                mime: SVG_MIME,
                bytes: signature_svg(&signature).into_bytes(),
            })
        }
    }
}

/// The desk finds strokes by their hash alone.
fn strokes_ref(sha256: Hash) -> SignatureRef {
    SignatureRef {
        strokes: BlobRef {
            sha256,
            size: 0,
            mime: STROKES_MIME.to_owned(),
        },
        shown: Hash::ZERO,
        at: jiff::civil::DateTime::MIN,
    }
}

/// The answer to the web view. An error has no body: the `<img>` shows its own sign.
pub(crate) fn answer(found: ApiResult<Bytes>) -> Response<Vec<u8>> {
    match found {
        Ok(Bytes { mime, bytes }) => {
            let mut response = Response::new(bytes);
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(mime));
            headers.insert(
                header::CACHE_CONTROL,
                header::HeaderValue::from_static("no-store"),
            );
            headers.insert(
                header::X_CONTENT_TYPE_OPTIONS,
                header::HeaderValue::from_static("nosniff"),
            );
            headers.insert(
                header::CONTENT_SECURITY_POLICY,
                header::HeaderValue::from_static(PICTURE_POLICY),
            );
            response
        }
        Err(ApiError::Internal { .. } | ApiError::StorageFailed { .. }) => {
            refuse(StatusCode::INTERNAL_SERVER_ERROR)
        }
        Err(_) => refuse(StatusCode::NOT_FOUND),
    }
}

/// An answer that is only a status.
pub(crate) fn refuse(status: StatusCode) -> Response<Vec<u8>> {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = status;
    response
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::windows::HALL;

    fn request(method: Method, address: &str) -> Request<Vec<u8>> {
        Request::builder()
            .method(method)
            .uri(address)
            .body(Vec::new())
            .unwrap()
    }

    #[test]
    fn an_address_that_was_given_out_is_understood() {
        let scan = Uuid::from_u128(42);
        let page = request(Method::GET, &scan_page_url(&scan.to_string(), 3));
        assert_eq!(
            asked(MAIN, &page),
            Ok(Asked::Page {
                scan: PictureId::InHand(scan),
                page: 3
            })
        );

        let hash = Hash::of(b"strokes");
        let signature = request(Method::GET, &image_url(&format!("ink-{hash}")));
        assert_eq!(
            asked(MAIN, &signature),
            Ok(Asked::Signature { strokes: hash })
        );
    }

    #[test]
    fn the_hall_window_is_given_no_picture_of_anybody() {
        let page = request(
            Method::GET,
            &scan_page_url(&Uuid::from_u128(42).to_string(), 1),
        );
        assert_eq!(asked(HALL, &page), Err(StatusCode::FORBIDDEN));
    }

    #[test]
    fn what_is_no_picture_is_not_found_and_nothing_is_written() {
        for path in [
            "/",
            "/scan",
            "/scan/x/1",
            "/scan/00000000-0000-0000-0000-00000000002a/0",
            "/scan/00000000-0000-0000-0000-00000000002a/1/2",
            "/image/00000000-0000-0000-0000-00000000002a",
            "/../../etc/passwd",
        ] {
            let request = request(Method::GET, &format!("motcua://localhost{path}"));
            assert_eq!(asked(MAIN, &request), Err(StatusCode::NOT_FOUND), "{path}");
        }
        let post = request(Method::POST, &image_url("ink-00"));
        assert_eq!(asked(MAIN, &post), Err(StatusCode::METHOD_NOT_ALLOWED));
    }

    #[test]
    fn a_picture_is_not_kept_by_the_web_view() {
        let response = answer(Ok(Bytes {
            mime: "image/png",
            bytes: vec![1, 2, 3],
        }));
        assert_eq!(response.headers()[header::CONTENT_TYPE], "image/png");
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        assert_eq!(
            answer(Err(ApiError::ScanGone)).status(),
            StatusCode::NOT_FOUND
        );
    }
}
