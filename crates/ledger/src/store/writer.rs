//! The writer: one thread, one connection, group commit.
//!
//! It takes what waits (a bounded number, for a bounded time), runs each act in a savepoint of its own inside
//! one transaction, commits once, and only then answers. So many acts that come together cost one sync of the
//! disk, and an act that is refused or fails takes nothing of its neighbours with it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::{oneshot, watch};

use super::StoreError;
use super::conn::{ReadTx, WriteTx};

/// Acts that may wait.
const QUEUE_ACTS_MAX: usize = 1_024;
/// Acts in one commit.
const GROUP_ACTS_MAX: usize = 64;
/// How long a group may gather before it is committed.
const GROUP_GATHER_MS_MAX: u64 = 2;
/// After this long without work the log is moved into the file, while nobody waits.
const IDLE_MS: u64 = 500;

/// What lives on the writer's thread beside the connection.
pub(crate) trait Keeper: Send + 'static {
    /// Runs after each commit that changed something, before anybody is told of it.
    fn committed(&mut self, tx: &ReadTx<'_>);
}

/// A failure that may hide one of the store.
pub(crate) trait ActFailure: From<StoreError> + Send + 'static {
    /// The store's failure, if it is one.
    fn store(&self) -> Option<&StoreError>;
}

impl ActFailure for StoreError {
    fn store(&self) -> Option<&StoreError> {
        Some(self)
    }
}

/// What the writer counted since the store was opened.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) commits: AtomicU64,
    pub(crate) acts: AtomicU64,
    pub(crate) undone: AtomicU64,
}

/// The answer of an act, to be waited for.
pub(crate) type Answer<T, E> = oneshot::Receiver<Result<T, E>>;

/// The handle to the writer's thread. Dropping it finishes what waits and closes the store.
pub(crate) struct Writer<K> {
    jobs: Option<SyncSender<Box<dyn Job<K>>>>,
    thread: Option<JoinHandle<()>>,
    counters: Arc<Counters>,
    revision: watch::Receiver<u64>,
}

impl<K: Keeper> Writer<K> {
    pub(crate) fn start(conn: Connection, keeper: K) -> Result<Self, StoreError> {
        let (jobs, queue) = sync_channel(QUEUE_ACTS_MAX);
        let (announce, revision) = watch::channel(0);
        let counters = Arc::new(Counters::default());
        let worker = Worker {
            conn,
            keeper,
            queue,
            announce,
            counters: Arc::clone(&counters),
            idle: true,
        };
        let thread = thread::Builder::new()
            .name("ledger-writer".to_owned())
            .spawn(move || worker.run())
            .map_err(StoreError::Io)?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
            counters,
            revision,
        })
    }

    /// Hands an act over without waiting. The answer comes after its commit.
    pub(crate) fn submit<T, E, F>(&self, act: F) -> Result<Answer<T, E>, StoreError>
    where
        T: Send + 'static,
        E: ActFailure,
        F: FnOnce(&WriteTx<'_>, &mut K) -> Result<T, E> + Send + 'static,
    {
        let (tell, answer) = oneshot::channel();
        let job = Act::boxed(act, move |result| drop(tell.send(result)));
        let jobs = self.jobs.as_ref().ok_or(StoreError::Closed)?;
        jobs.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => StoreError::Busy,
            TrySendError::Disconnected(_) => StoreError::Closed,
        })?;
        Ok(answer)
    }

    /// Runs an act and waits on this thread until it is durable.
    pub(crate) fn run<T, E, F>(&self, act: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: ActFailure,
        F: FnOnce(&WriteTx<'_>, &mut K) -> Result<T, E> + Send + 'static,
    {
        let (tell, answer) = sync_channel(1);
        let job = Act::boxed(act, move |result| drop(tell.send(result)));
        let jobs = self.jobs.as_ref().ok_or(StoreError::Closed)?;
        jobs.send(job).map_err(|_| StoreError::Closed)?;
        answer
            .recv()
            .unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    pub(crate) fn counters(&self) -> &Counters {
        &self.counters
    }

    /// Changes with every commit that changed something.
    pub(crate) fn revision(&self) -> watch::Receiver<u64> {
        self.revision.clone()
    }
}

impl<K> Drop for Writer<K> {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the writer ended by a panic");
        }
    }
}

/// Whether an act's changes stay in the group's transaction.
enum Verdict {
    Keep,
    /// The act failed; with the store's failure where there is one.
    Undo(Option<StoreError>),
}

/// An act with its answer, whatever its types.
trait Job<K>: Send {
    fn run(&mut self, tx: &WriteTx<'_>, keeper: &mut K) -> Verdict;
    fn finish(self: Box<Self>, group: Result<(), StoreError>);
}

struct Act<T, E, F, A> {
    act: Option<F>,
    result: Option<Result<T, E>>,
    answer: A,
}

impl<T, E, F, A> Act<T, E, F, A> {
    fn boxed<K>(act: F, answer: A) -> Box<dyn Job<K>>
    where
        K: Keeper,
        T: Send + 'static,
        E: ActFailure,
        F: FnOnce(&WriteTx<'_>, &mut K) -> Result<T, E> + Send + 'static,
        A: FnOnce(Result<T, E>) + Send + 'static,
    {
        Box::new(Self {
            act: Some(act),
            result: None,
            answer,
        })
    }
}

impl<K, T, E, F, A> Job<K> for Act<T, E, F, A>
where
    T: Send,
    E: ActFailure,
    F: FnOnce(&WriteTx<'_>, &mut K) -> Result<T, E> + Send,
    A: FnOnce(Result<T, E>) + Send,
{
    fn run(&mut self, tx: &WriteTx<'_>, keeper: &mut K) -> Verdict {
        let Some(act) = self.act.take() else {
            return Verdict::Undo(None);
        };
        let result = catch_unwind(AssertUnwindSafe(|| act(tx, keeper)))
            .unwrap_or_else(|_| Err(StoreError::ActPanicked.into()));
        let verdict = match &result {
            Ok(_) => Verdict::Keep,
            Err(error) => Verdict::Undo(error.store().map(StoreError::echo)),
        };
        self.result = Some(result);
        verdict
    }

    fn finish(self: Box<Self>, group: Result<(), StoreError>) {
        let result = match (self.result, group) {
            (Some(Ok(_)) | None, Err(error)) => Err(error.into()),
            (Some(result), _) => result,
            (None, Ok(())) => Err(StoreError::Closed.into()),
        };
        (self.answer)(result);
    }
}

struct Worker<K> {
    conn: Connection,
    keeper: K,
    queue: Receiver<Box<dyn Job<K>>>,
    announce: watch::Sender<u64>,
    counters: Arc<Counters>,
    /// Nothing was committed since the log was moved into the file.
    idle: bool,
}

impl<K: Keeper> Worker<K> {
    fn run(mut self) {
        loop {
            match self.queue.recv_timeout(Duration::from_millis(IDLE_MS)) {
                Ok(first) => self.group(first),
                Err(RecvTimeoutError::Timeout) => self.rest("PASSIVE"),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        self.rest("TRUNCATE");
    }

    /// Runs what waits in one transaction, commits, answers.
    fn group(&mut self, first: Box<dyn Job<K>>) {
        let mut ran = Vec::new();
        let outcome = self.gather(first, &mut ran);
        for job in ran {
            let told = match &outcome {
                Ok(()) => Ok(()),
                Err(error) => Err(error.echo()),
            };
            job.finish(told);
        }
    }

    fn gather(
        &mut self,
        first: Box<dyn Job<K>>,
        ran: &mut Vec<Box<dyn Job<K>>>,
    ) -> Result<(), StoreError> {
        let until = Instant::now() + Duration::from_millis(GROUP_GATHER_MS_MAX);
        let mut next = Some(first);
        let begun = self.conn.execute_batch("BEGIN IMMEDIATE");
        if let Err(error) = begun {
            ran.extend(next);
            return Err(error.into());
        }
        let before = self.conn.total_changes();
        while let Some(mut job) = next.take() {
            let outcome = self.one(&mut *job);
            ran.push(job);
            outcome?;
            if ran.len() < GROUP_ACTS_MAX && Instant::now() < until {
                next = self.queue.try_recv().ok();
            }
        }
        let changed = self.conn.total_changes() != before;
        if let Err(error) = self.conn.execute_batch("COMMIT") {
            self.abandon();
            return Err(error.into());
        }
        if changed {
            self.committed();
        }
        Ok(())
    }

    /// Runs one act in a savepoint. An error means that the whole group is gone.
    fn one(&mut self, job: &mut dyn Job<K>) -> Result<(), StoreError> {
        self.counters.acts.fetch_add(1, Ordering::Relaxed);
        let sequel = match self.conn.execute_batch("SAVEPOINT act") {
            Ok(()) => match job.run(&WriteTx::new(&self.conn), &mut self.keeper) {
                Verdict::Keep => self
                    .conn
                    .execute_batch("RELEASE act")
                    .map_err(StoreError::from),
                Verdict::Undo(failure) => self.undo(failure),
            },
            Err(error) => Err(error.into()),
        };
        if sequel.is_err() {
            self.abandon();
        }
        sequel
    }

    fn undo(&mut self, failure: Option<StoreError>) -> Result<(), StoreError> {
        self.counters.undone.fetch_add(1, Ordering::Relaxed);
        if self.conn.is_autocommit() {
            // A full disk or a failing one makes SQLite roll the whole transaction back by itself.
            return Err(failure.unwrap_or(StoreError::Closed));
        }
        Ok(self.conn.execute_batch("ROLLBACK TO act; RELEASE act")?)
    }

    fn abandon(&self) {
        if !self.conn.is_autocommit()
            && let Err(error) = self.conn.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "a transaction could not be rolled back");
        }
    }

    fn committed(&mut self) {
        self.idle = false;
        self.counters.commits.fetch_add(1, Ordering::Relaxed);
        self.keeper.committed(&ReadTx { conn: &self.conn });
        self.announce.send_modify(|revision| *revision += 1);
    }

    /// Moves the log into the file while nobody waits.
    fn rest(&mut self, mode: &str) {
        if self.idle && mode == "PASSIVE" {
            return;
        }
        self.idle = true;
        let moved = self
            .conn
            .query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |_| Ok(()));
        if let Err(error) = moved {
            tracing::warn!(%error, "the write-ahead log could not be moved into the file");
        }
    }
}
