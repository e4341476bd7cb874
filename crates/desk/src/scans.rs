//! The scan inbox: pages that arrived and wait to be put beside a paper.
//!
//! A scan is stored, encrypted and hashed, before it appears; the file it came from is removed only then. The list
//! itself is kept in the ledger, so a restart shows the same inbox.

use std::path::Path;

use jiff::civil::DateTime;
use motcua_core::dossier::BlobRef;
use motcua_core::ids::{EntityId, Hash};
use motcua_core::intake::{Change, ScanRef};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Desk;
use crate::error::{DeskError, ScanFault};
use crate::event::DeskEvent;
use crate::intake::IntakeView;
use crate::node::{lock, off_thread};
use crate::preview::{self, Picture};

/// Bytes of one scan at most.
pub const SCAN_BYTES_MAX: u64 = motcua_ledger::exchange::wire::BLOB_BYTES_MAX;
/// Scans that the inbox keeps at most; older refused ones fall out first.
const INBOX_ITEMS_MAX: usize = 200;
/// Under which name the list is kept.
const INBOX_KEY: &str = "scan-inbox";

/// Where a scan came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The watched folder.
    Folder,
    /// Dropped on the window.
    Dropped,
    /// The practice panel.
    Practice,
}

/// A scan in the inbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scan {
    /// Its identity in the inbox.
    pub id: Uuid,
    /// The file's name as it came.
    pub file_name: String,
    /// When.
    pub received_at: DateTime,
    /// Where from.
    pub origin: Origin,
    /// Its size in bytes.
    pub size: u64,
    /// The stored bytes, or why they were refused.
    pub content: Content,
}

/// The stored bytes, or why there are none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Content {
    /// Stored.
    Ready {
        /// The bytes.
        blob: BlobRef,
        /// How many pages.
        pages: u32,
    },
    /// Refused: empty.
    Empty,
    /// Refused: too large.
    TooLarge,
    /// Refused: not a PDF, JPEG or PNG.
    Unsupported,
    /// Refused: damaged.
    Unreadable,
}

/// The list, newest last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Inbox {
    items: Vec<Scan>,
}

impl Inbox {
    fn push(&mut self, scan: Scan) {
        self.items.retain(|s| s.id != scan.id);
        if self.items.len() >= INBOX_ITEMS_MAX {
            let refused = self
                .items
                .iter()
                .position(|s| !matches!(s.content, Content::Ready { .. }));
            self.items.remove(refused.unwrap_or(0));
        }
        self.items.push(scan);
    }

    fn take(&mut self, id: Uuid) -> Option<Scan> {
        let place = self.items.iter().position(|s| s.id == id)?;
        Some(self.items.remove(place))
    }

    /// A scan that was beside a paper is in the inbox again.
    pub(crate) fn put_back(&mut self, scan: &ScanRef) {
        self.push(Scan {
            id: scan_id(scan.blob.sha256),
            file_name: scan.file_name.clone(),
            received_at: scan.at,
            origin: Origin::Folder,
            size: scan.blob.size,
            content: Content::Ready {
                blob: scan.blob.clone(),
                pages: scan.pages,
            },
        });
    }
}

/// A scan's identity follows from its bytes, so that the same page twice is one item.
#[must_use]
pub fn scan_id(sha256: Hash) -> Uuid {
    EntityId::derived(&format!("scan:{sha256}")).0
}

impl Desk {
    /// What waits in the inbox, newest last.
    ///
    /// # Errors
    /// [`Refusal::OfficeNotReady`](motcua_core::refusal::Refusal::OfficeNotReady).
    pub fn scan_inbox(&self) -> Result<Vec<Scan>, DeskError> {
        Ok(lock(&self.node()?.inbox).items.clone())
    }

    /// Takes a file that was dropped on the window or made by the practice panel.
    ///
    /// # Errors
    /// [`DeskError::Scan`] says what is wrong with it; [`DeskError::Store`] when it could not be kept.
    pub async fn add_scan(
        &self,
        file_name: &str,
        bytes: Vec<u8>,
        origin: Origin,
    ) -> Result<Scan, DeskError> {
        let node = self.node()?;
        let size = bytes.len() as u64;
        let name = motcua_core::text::nfc(file_name);
        let content = match judged(bytes).await {
            Ok((bytes, mime, pages)) => {
                let blob = node.store.put_blob(bytes, mime).await?;
                Content::Ready { blob, pages }
            }
            Err(why) => {
                self.refuse_scan(&name, why, size, origin).await?;
                return Err(DeskError::Scan {
                    file_name: name,
                    why,
                });
            }
        };
        let id = match &content {
            Content::Ready { blob, .. } => scan_id(blob.sha256),
            _ => Uuid::new_v4(),
        };
        let scan = Scan {
            id,
            file_name: name,
            received_at: self.now(),
            origin,
            size,
            content,
        };
        lock(&node.inbox).push(scan.clone());
        self.save_inbox().await?;
        self.tell(DeskEvent::Scan);
        Ok(scan)
    }

    /// A file that cannot be taken is listed with its reason, so that the clerk sees that something came.
    pub(crate) async fn refuse_scan(
        &self,
        name: &str,
        why: ScanFault,
        size: u64,
        origin: Origin,
    ) -> Result<(), DeskError> {
        let content = match why {
            ScanFault::Empty => Content::Empty,
            ScanFault::TooLarge { .. } => Content::TooLarge,
            ScanFault::Unsupported => Content::Unsupported,
            ScanFault::Unreadable => Content::Unreadable,
        };
        let node = self.node()?;
        let id = EntityId::derived(&format!("refused:{name}:{size}")).0;
        let scan = Scan {
            id,
            file_name: name.to_owned(),
            received_at: self.now(),
            origin,
            size,
            content,
        };
        lock(&node.inbox).push(scan);
        self.save_inbox().await?;
        self.tell(DeskEvent::Scan);
        Ok(())
    }

    /// Takes a file that the watched folder has claimed; the claimed file is removed once its bytes are kept.
    pub(crate) async fn take_scan_file(&self, path: &Path, name: &str) -> Result<(), DeskError> {
        let size = tokio::fs::metadata(path).await?.len();
        if size > SCAN_BYTES_MAX {
            let why = ScanFault::TooLarge {
                size,
                limit: SCAN_BYTES_MAX,
            };
            self.refuse_scan(name, why, size, Origin::Folder).await?;
            return Err(DeskError::Scan {
                file_name: name.to_owned(),
                why,
            });
        }
        let bytes = tokio::fs::read(path).await?;
        self.add_scan(name, bytes, Origin::Folder).await?;
        tokio::fs::remove_file(path).await?;
        Ok(())
    }

    /// Puts a scan beside a paper.
    ///
    /// # Errors
    /// [`DeskError::ScanGone`] when it is no longer in the inbox.
    pub async fn attach_scan(&self, paper: &str, scan: Uuid) -> Result<IntakeView, DeskError> {
        let node = self.node()?;
        let item = lock(&node.inbox)
            .items
            .iter()
            .find(|s| s.id == scan)
            .cloned();
        let item = item.ok_or(DeskError::ScanGone)?;
        let Content::Ready { blob, pages } = item.content else {
            return Err(DeskError::ScanGone);
        };
        let reference = ScanRef {
            blob,
            file_name: item.file_name,
            pages,
            at: self.now(),
        };
        let view = self
            .change(
                "attach_scan",
                Change::Attach {
                    key: paper.to_owned(),
                    scan: reference,
                },
            )
            .await?;
        lock(&node.inbox).take(scan);
        self.save_inbox().await?;
        self.tell(DeskEvent::Scan);
        Ok(view)
    }

    /// Takes a scan away from a paper: it is in the inbox again.
    ///
    /// # Errors
    /// [`DeskError::ScanGone`] when it is not beside that paper.
    pub async fn detach_scan(&self, paper: &str, scan: Uuid) -> Result<IntakeView, DeskError> {
        let node = self.node()?;
        let before = self
            .intake()
            .await?
            .ok_or(motcua_core::refusal::Refusal::NoDraft)?;
        let entry = before.draft.papers.iter().find(|p| p.key == paper);
        let attached = entry
            .and_then(|p| p.scans.iter().find(|s| scan_id(s.blob.sha256) == scan))
            .cloned();
        let attached = attached.ok_or(DeskError::ScanGone)?;
        let change = Change::Detach {
            key: paper.to_owned(),
            scan: attached.blob.sha256,
        };
        let view = self.change("detach_scan", change).await?;
        lock(&node.inbox).put_back(&attached);
        self.save_inbox().await?;
        self.tell(DeskEvent::Scan);
        Ok(view)
    }

    /// Throws a scan of the inbox away.
    ///
    /// # Errors
    /// [`DeskError::ScanGone`].
    pub async fn discard_scan(&self, scan: Uuid) -> Result<(), DeskError> {
        let node = self.node()?;
        lock(&node.inbox).take(scan).ok_or(DeskError::ScanGone)?;
        self.save_inbox().await?;
        self.tell(DeskEvent::Scan);
        Ok(())
    }

    /// The picture of a page, of a scan in the inbox, in the draft or in a dossier.
    ///
    /// # Errors
    /// [`DeskError::ScanGone`] when this node does not have the bytes; [`DeskError::Scan`] when they have no picture.
    pub async fn scan_picture(
        &self,
        sha256: Hash,
        mime: &str,
        page: u32,
    ) -> Result<Picture, DeskError> {
        let node = self.node()?;
        let bytes = node.store.blob(sha256)?.ok_or(DeskError::ScanGone)?;
        let mime = mime.to_owned();
        let picture =
            tokio::task::spawn_blocking(move || preview::page_picture(&mime, &bytes, page)).await;
        let unreadable = || DeskError::Scan {
            file_name: String::new(),
            why: ScanFault::Unreadable,
        };
        picture.map_err(|_| unreadable())?.map_err(|_| unreadable())
    }

    /// Finds a scan by its identity, in the inbox or in the draft.
    pub async fn find_scan(&self, scan: Uuid) -> Option<BlobRef> {
        let node = self.node().ok()?;
        let in_inbox = lock(&node.inbox)
            .items
            .iter()
            .find(|s| s.id == scan)
            .map(|s| s.content.clone());
        if let Some(Content::Ready { blob, .. }) = in_inbox {
            return Some(blob);
        }
        let hand = node.hand.lock().await;
        let papers = hand
            .as_ref()
            .map(|h| h.draft.papers.as_slice())
            .unwrap_or_default();
        let mut scans = papers.iter().flat_map(|p| &p.scans);
        scans
            .find(|s| scan_id(s.blob.sha256) == scan)
            .map(|s| s.blob.clone())
    }

    async fn save_inbox(&self) -> Result<(), DeskError> {
        let node = self.node()?;
        let inbox = lock(&node.inbox).clone();
        let keep = move || node.store.set_local(INBOX_KEY, &inbox);
        Ok(off_thread(keep).await?)
    }

    pub(crate) fn recover_inbox(&self) -> Result<(), DeskError> {
        let node = self.node()?;
        if let Some(inbox) = node.store.local(INBOX_KEY)? {
            *lock(&node.inbox) = inbox;
        }
        Ok(())
    }
}

/// Looks at the bytes: what they are, by themselves and not by a name, and how many pages.
async fn judged(bytes: Vec<u8>) -> Result<(Vec<u8>, &'static str, u32), ScanFault> {
    let size = bytes.len() as u64;
    if size == 0 {
        return Err(ScanFault::Empty);
    }
    if size > SCAN_BYTES_MAX {
        return Err(ScanFault::TooLarge {
            size,
            limit: SCAN_BYTES_MAX,
        });
    }
    let mime = sniff(&bytes).ok_or(ScanFault::Unsupported)?;
    let look = move || preview::page_count(mime, &bytes).map(|pages| (bytes, mime, pages));
    let looked = tokio::task::spawn_blocking(look).await;
    looked
        .map_err(|_| ScanFault::Unreadable)?
        .map_err(|_| ScanFault::Unreadable)
}

fn sniff(bytes: &[u8]) -> Option<&'static str> {
    const PDF_HEADER_WITHIN_BYTES: usize = 1024;
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some("image/png");
    }
    if bytes.starts_with(b"\xff\xd8\xff") {
        return Some("image/jpeg");
    }
    let head = &bytes[..bytes.len().min(PDF_HEADER_WITHIN_BYTES)];
    head.windows(5)
        .any(|w| w == b"%PDF-")
        .then_some("application/pdf")
}
