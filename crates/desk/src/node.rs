//! An office that is open on this machine: its ledger, the rules of the day, and what is in hand.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use jiff::civil::{Date, DateTime};
use motcua_core::calendar::Calendar;
use motcua_core::catalogue::Catalogue;
use motcua_core::intake::Rules;
use motcua_core::office::Office;
use motcua_core::refusal::Refusal;
use motcua_ledger::{DeskStore, StoreError};

use crate::error::DeskError;
use crate::intake::Hand;
use crate::scans::Inbox;
use crate::session::{Session, Tries};
use crate::signing::Signing;

/// The rules of a day: the office, its catalogue and the calendar.
#[derive(Debug)]
pub(crate) struct RuleBook {
    /// The office.
    pub office: Office,
    /// The catalogue that holds on `day`.
    pub catalogue: Arc<Catalogue>,
    /// Holidays and swap days.
    pub calendar: Arc<Calendar>,
    /// The day it was opened for.
    pub day: Date,
}

impl RuleBook {
    /// The rules at a time of that day.
    #[must_use]
    pub(crate) fn at(&self, now: DateTime) -> Rules<'_> {
        Rules {
            catalogue: &self.catalogue,
            calendar: &self.calendar,
            office: &self.office.profile,
            now,
        }
    }
}

/// An office that is open here.
pub(crate) struct Node {
    pub(crate) store: DeskStore,
    pub(crate) practice: bool,
    book: RwLock<Option<Arc<RuleBook>>>,
    pub(crate) session: Mutex<Option<Session>>,
    pub(crate) tries: Mutex<Tries>,
    pub(crate) hand: tokio::sync::Mutex<Option<Hand>>,
    pub(crate) inbox: Mutex<Inbox>,
    pub(crate) signing: Mutex<Option<Signing>>,
}

impl Node {
    pub(crate) fn new(store: DeskStore, practice: bool) -> Self {
        Self {
            store,
            practice,
            book: RwLock::new(None),
            session: Mutex::new(None),
            tries: Mutex::new(Tries::default()),
            hand: tokio::sync::Mutex::new(None),
            inbox: Mutex::new(Inbox::default()),
            signing: Mutex::new(None),
        }
    }

    /// The rules of `day`, read again when the day or the office has changed.
    pub(crate) fn book(&self, day: Date) -> Result<Arc<RuleBook>, DeskError> {
        let known = self
            .book
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some(book) = known.filter(|book| book.day == day) {
            return Ok(book);
        }
        let office = self.store.office()?.ok_or(Refusal::OfficeNotReady)?;
        let catalogue = self.catalogue(&office, day)?;
        let calendar = Arc::new(Calendar::vietnam());
        let book = Arc::new(RuleBook {
            office,
            catalogue,
            calendar,
            day,
        });
        *self.book.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&book));
        Ok(book)
    }

    /// The office has changed: the next question reads it again.
    pub(crate) fn forget_book(&self) {
        *self.book.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn catalogue(&self, office: &Office, day: Date) -> Result<Arc<Catalogue>, DeskError> {
        let published = office.catalogue_on(day).or(office.catalogues.last());
        let Some(content) = published.and_then(|c| c.content.as_ref()) else {
            return Ok(Arc::new(Catalogue::practice()));
        };
        let bytes = self
            .store
            .blob(content.sha256)?
            .ok_or(DeskError::Catalogue { row: 0 })?;
        let text = String::from_utf8(bytes).map_err(|_| DeskError::Catalogue { row: 0 })?;
        Catalogue::from_json(&text)
            .map(Arc::new)
            .map_err(|_| DeskError::Catalogue { row: 0 })
    }

    /// Who is at the counter, with the screen open.
    pub(crate) fn session(&self) -> Result<Session, DeskError> {
        lock(&self.session)
            .clone()
            .filter(|s| !s.locked)
            .ok_or(DeskError::NotSignedIn)
    }
}

/// Runs a call of the store that waits for the disk, off the async threads.
pub(crate) async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or(Err(StoreError::Closed))
}

/// A lock whose holder may have panicked: what it guards is replaced whole, so it is never half-written.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
