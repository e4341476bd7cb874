//! Scans: those in the inbox, those beside a paper, and the addresses of their pictures.

use motcua_core::dossier::BlobRef;
use motcua_core::ids::Hash;
use motcua_core::intake::ScanRef;
use motcua_desk::{Content, Origin, Scan, scan_id};
use uuid::Uuid;

use super::words::date_time;
use crate::ipc::dto::{
    AttachedScan, LocalDateTime, ScanItem, ScanItemState, ScanOrigin, ScanQuality, ScanRefusal,
};

/// The kinds of stored picture by the word that stands before their hash in an identity.
const KINDS: [(&str, &str); 4] = [
    ("pdf", "application/pdf"),
    ("jpg", "image/jpeg"),
    ("png", "image/png"),
    ("ink", motcua_desk::STROKES_MIME),
];

/// What a picture's identity names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PictureId {
    /// A scan that is in the inbox or in the draft in hand.
    InHand(Uuid),
    /// Stored bytes of a known kind: a scan of a dossier, or the strokes of a signature.
    Stored {
        /// Their hash.
        sha256: Hash,
        /// Their media type.
        mime: &'static str,
    },
}

/// Reads an identity that [`stored_id`] or a scan in hand gave.
#[must_use]
pub fn picture_id(id: &str) -> Option<PictureId> {
    if let Some((kind, hash)) = id.split_once('-')
        && let Some((_, mime)) = KINDS.iter().find(|(known, _)| *known == kind)
    {
        return Some(PictureId::Stored {
            sha256: hash.parse().ok()?,
            mime,
        });
    }
    id.parse().ok().map(PictureId::InHand)
}

/// The identity of stored bytes; none where they have no picture.
pub(super) fn stored_id(blob: &BlobRef) -> Option<String> {
    let (kind, _) = KINDS.iter().find(|(_, mime)| *mime == blob.mime)?;
    Some(format!("{kind}-{}", blob.sha256))
}

/// A scan in the inbox.
#[must_use]
pub fn scan_item(scan: &Scan) -> ScanItem {
    let (state, refusal, pages) = match &scan.content {
        Content::Ready { pages, .. } => (ScanItemState::Ready, None, *pages),
        Content::Empty => (ScanItemState::Refused, Some(ScanRefusal::Empty), 0),
        Content::TooLarge => (ScanItemState::Refused, Some(ScanRefusal::TooLarge), 0),
        Content::Unsupported => (ScanItemState::Refused, Some(ScanRefusal::Unsupported), 0),
        Content::Unreadable => (ScanItemState::Refused, Some(ScanRefusal::Unreadable), 0),
    };
    ScanItem {
        id: scan.id.to_string(),
        file_name: scan.file_name.clone(),
        pages,
        size_bytes: scan.size,
        received_at: date_time(scan.received_at),
        origin: match scan.origin {
            Origin::Folder => ScanOrigin::Folder,
            Origin::Dropped => ScanOrigin::Dropped,
            Origin::Practice => ScanOrigin::Practice,
        },
        state,
        refusal,
        // Nobody has looked at the pages, so nothing is said of them.
        quality: ScanQuality::Unknown,
        quality_page: None,
    }
}

/// A scan beside a paper of the draft.
pub(super) fn scan_in_hand(scan: &ScanRef) -> AttachedScan {
    AttachedScan {
        id: scan_id(scan.blob.sha256).to_string(),
        file_name: scan.file_name.clone(),
        pages: scan.pages,
        size_bytes: scan.blob.size,
        quality: ScanQuality::Unknown,
        quality_page: None,
        attached_at: date_time(scan.at),
    }
}

/// A scan of a dossier. A record keeps the bytes and not the name they came under.
pub(super) fn scan_on_record(blob: &BlobRef, received_at: &LocalDateTime) -> Option<AttachedScan> {
    Some(AttachedScan {
        id: stored_id(blob)?,
        file_name: String::new(),
        pages: 1,
        size_bytes: blob.size,
        quality: ScanQuality::Unknown,
        quality_page: None,
        attached_at: received_at.clone(),
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn blob(mime: &str) -> BlobRef {
        BlobRef {
            sha256: Hash::of(b"giay khai sinh"),
            size: 120_000,
            mime: mime.to_owned(),
        }
    }

    #[test]
    fn an_identity_says_where_the_picture_is() {
        let scan = Uuid::from_u128(7);
        assert_eq!(picture_id(&scan.to_string()), Some(PictureId::InHand(scan)));
        for (_, mime) in KINDS {
            let id = stored_id(&blob(mime)).unwrap();
            assert_eq!(
                picture_id(&id),
                Some(PictureId::Stored {
                    sha256: blob(mime).sha256,
                    mime
                })
            );
        }
    }

    #[test]
    fn what_is_no_picture_has_no_identity() {
        assert_eq!(stored_id(&blob("application/zip")), None);
        for id in [
            "",
            "pdf-",
            "pdf-12",
            "zip-00",
            "../../etc/passwd",
            "pdf-../x",
        ] {
            assert_eq!(picture_id(id), None, "{id}");
        }
    }

    #[test]
    fn a_refused_file_is_listed_with_its_reason() {
        let scan = Scan {
            id: Uuid::from_u128(1),
            file_name: "scan0001.pdf".to_owned(),
            received_at: date(2026, 11, 23).at(9, 0, 0, 0),
            origin: Origin::Folder,
            size: 0,
            content: Content::Empty,
        };
        let item = scan_item(&scan);
        assert_eq!(
            (item.state, item.refusal),
            (ScanItemState::Refused, Some(ScanRefusal::Empty))
        );
    }
}
