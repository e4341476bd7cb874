//! The thin shell around the machines: one loop each for the link, push, pull, scans and the live line.
//!
//! No loop waits for another. What they share is a session (from hello), wake-ups, and the status.

mod blob_loop;
mod link_loop;
mod live_loop;
mod pull_loop;
mod push_loop;
mod shared;

pub use live_loop::{LIVE_HEAD, LIVE_QUEUE};

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ed25519_dalek::SigningKey;
use jiff::civil::Date;
use motcua_core::ids::Hash;
use motcua_core::numbers::Series;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::client::{ANSWER_BYTES_MAX, ClientError, HubClient};
use super::desk_side::DeskSide;
use super::status::{ExchangeEvent, LinkStatus};
use super::tls::Trust;
use super::trouble::Trouble;
use super::wire::{BLOB_BYTES_MAX, NumberRequest};
use shared::Shared;

/// How often a broken download is taken up again before it is given up.
const DOWNLOAD_RESUMES_MAX: u32 = 5;

/// Where the hub is and who we are.
#[derive(Clone)]
pub struct ExchangeConfig {
    /// `https://host:port`.
    pub url: String,
    /// The office's certificate authority, PEM: nobody else is believed.
    pub ca_pem: String,
    /// This device's key.
    pub key: SigningKey,
    /// This program's version, for the hub's health page.
    pub app: String,
}

/// The running exchange.
#[derive(Debug)]
pub struct Exchange;

impl Exchange {
    /// Starts every loop on the current tokio runtime. `events` is called from the loops and must not block.
    ///
    /// # Errors
    /// [`ClientError`] when the pinned authority cannot be used.
    pub fn start(
        config: ExchangeConfig,
        desk: Arc<dyn DeskSide>,
        events: impl Fn(ExchangeEvent) + Send + Sync + 'static,
    ) -> Result<ExchangeHandle, ClientError> {
        let client = HubClient::new(&config.url, &Trust::Office(config.ca_pem))?;
        let (shared, link_mail) =
            Shared::new(client, config.key, config.app, desk, Box::new(events));
        let shared = Arc::new(shared);
        let mut tasks = JoinSet::new();
        tasks.spawn(link_loop::run(Arc::clone(&shared), link_mail));
        tasks.spawn(push_loop::run(Arc::clone(&shared)));
        tasks.spawn(pull_loop::run(Arc::clone(&shared)));
        tasks.spawn(blob_loop::run(Arc::clone(&shared)));
        tasks.spawn(live_loop::run(Arc::clone(&shared)));
        tasks.spawn(watch_store(Arc::clone(&shared)));
        Ok(ExchangeHandle {
            shared,
            tasks: Arc::new(Mutex::new(tasks)),
        })
    }
}

/// Wakes what goes out after every commit of the store.
async fn watch_store(shared: Arc<Shared>) {
    let mut revision = shared.desk.revision();
    let watch = async {
        while revision.changed().await.is_ok() {
            shared.wakes.push.wake();
            shared.wakes.blobs.wake();
        }
    };
    shared.until_closing(watch).await;
}

/// The desk's hold on the running exchange. Dropping the last one ends the loops.
#[derive(Clone)]
pub struct ExchangeHandle {
    shared: Arc<Shared>,
    tasks: Arc<Mutex<JoinSet<()>>>,
}

impl ExchangeHandle {
    /// A person asks: no waiting, everything is tried now.
    pub fn sync_now(&self) {
        self.shared.wakes.all_urgent();
    }

    /// The status, and its changes.
    #[must_use]
    pub fn status(&self) -> watch::Receiver<LinkStatus> {
        self.shared.status.subscribe()
    }

    /// Asks the hub for the next number of its slice, if it is there and answers within `deadline`. The same
    /// key gets the same number. None means: take one from the own slice.
    pub async fn take_number(
        &self,
        series: &Series,
        day: Date,
        key: &str,
        deadline: Duration,
    ) -> Option<u32> {
        let session = self.shared.session.borrow().clone()?;
        let request = NumberRequest {
            series: series.clone(),
            day,
        };
        let call = self.shared.client.number(&session.pass, key, &request);
        match tokio::time::timeout(deadline, call).await {
            Ok(Ok(answer)) => Some(answer.number),
            Ok(Err(trouble)) => {
                tracing::info!(%trouble, "no number from the hub");
                self.shared.report(session.number, &trouble).await;
                None
            }
            Err(_) => None,
        }
    }

    /// Fetches a scan that another machine made, whole and checked, resuming where the line breaks.
    ///
    /// # Errors
    /// [`Trouble`]; [`Trouble::Refused`] with `not_found` when the hub does not have it yet.
    pub async fn fetch_blob(&self, sha256: Hash) -> Result<Vec<u8>, Trouble> {
        let mut bytes = Vec::new();
        let mut resumes = 0;
        loop {
            match self.download(sha256, &mut bytes).await {
                Ok(()) if Hash::of(&bytes) == sha256 => return Ok(bytes),
                Ok(()) => return Err(Trouble::BlobMismatch),
                Err(Trouble::Broken | Trouble::TimedOut) if resumes < DOWNLOAD_RESUMES_MAX => {
                    resumes += 1;
                }
                Err(trouble) => return Err(trouble),
            }
        }
    }

    async fn download(&self, sha256: Hash, bytes: &mut Vec<u8>) -> Result<(), Trouble> {
        let session = self
            .shared
            .session
            .borrow()
            .clone()
            .ok_or(Trouble::Unreachable)?;
        let from = bytes.len() as u64;
        let mut answer = self.shared.client.blob(&session.pass, sha256, from).await?;
        while let Some(piece) = answer.chunk().await.map_err(|_| Trouble::Broken)? {
            if (bytes.len() + piece.len()) as u64 > BLOB_BYTES_MAX {
                return Err(Trouble::Garbled);
            }
            bytes.extend_from_slice(&piece);
        }
        Ok(())
    }

    /// Ends every loop; what is in a transaction is finished, what is on the wire is not waited for.
    pub async fn shutdown(&self) {
        self.shared.close();
        let mut tasks =
            std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        while tasks.join_next().await.is_some() {}
    }
}

const _: () = assert!(
    ANSWER_BYTES_MAX as u64 <= BLOB_BYTES_MAX,
    "an answer is no larger than a scan"
);
