//! The desk: opened once, cloned freely, told what to do by a window, a script or a test.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Instant;

use jiff::civil::DateTime;
use motcua_core::ids::{EntityId, SessionId, StaffId};
use motcua_core::office::{CounterSet, OfficeSet, Role, StaffSet};
use motcua_core::op::Stamp;
use motcua_core::refusal::Refusal;
use motcua_drivers::DeskDevices;
use motcua_ledger::exchange::ExchangeHandle;
use motcua_ledger::{DeskStore, Integrity, KeyPolicy, OpenDesk, OpenedDesk};
use uuid::Uuid;

use crate::clock::{self, Clock, SystemClock};
use crate::devices::Devices;
use crate::error::DeskError;
use crate::event::DeskEvent;
use crate::node::{Node, lock, off_thread};
use crate::practice::{self, Breakage, PracticeBench};
use crate::session::Session;
use crate::setup::{self, NewOffice};

/// The folder of a real office below the data folder.
const OFFICE_DIR: &str = "office";
/// The folder of the practice office.
const PRACTICE_DIR: &str = "practice";
/// Under which name wrong tries are kept.
const TRIES_KEY: &str = "pin-tries";
/// The folder of forms that were opened; emptied at each start.
const FORMS_DIR: &str = "forms";

/// What a desk is opened with.
pub struct DeskConfig {
    /// The data folder.
    pub dir: PathBuf,
    /// The devices that are bound here.
    pub devices: DeskDevices,
    /// The simulated devices that the practice panel steers, where they run in a process of their own.
    pub bench: Option<PracticeBench>,
    /// Where the key may be kept.
    pub keys: KeyPolicy,
    /// This machine's name for people, for example `Máy quầy 3`.
    pub machine: String,
    /// This machine's identity; none for the one that the operating system gave it.
    pub machine_id: Option<String>,
    /// This program's version, for the hub's health page.
    pub app: String,
}

/// What the window shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// No office here yet.
    FirstRun,
    /// Nobody at the counter.
    SignedOut,
    /// Somebody works.
    SignedIn,
    /// Somebody works, the screen is locked.
    Locked,
}

/// A draft that was open when the program ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecoveredDraft {
    /// Whose.
    pub person: String,
    /// For what.
    pub procedure: String,
    /// When it was saved.
    pub saved_at: DateTime,
}

/// Everything that the first screen needs.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What to show.
    pub stage: Stage,
    /// A practice office: nothing leaves the machine.
    pub practice: bool,
    /// The office.
    pub office: Option<OfficeSet>,
    /// Its people with the time until which they are locked out.
    pub staff: Vec<(StaffSet, Option<DateTime>)>,
    /// Its counters with the names of their fields.
    pub counters: Vec<(CounterSet, Vec<String>)>,
    /// Who is at the counter.
    pub session: Option<Session>,
    /// A draft that was open when the program ended.
    pub recovered: Option<RecoveredDraft>,
    /// Local time.
    pub now: DateTime,
}

pub(crate) struct Inner {
    pub(crate) config: DeskConfig,
    pub(crate) clock: Arc<SystemClock>,
    events: Box<dyn Fn(DeskEvent) + Send + Sync>,
    node: RwLock<Option<Arc<Node>>>,
    pub(crate) devices: Devices,
    pub(crate) exchange: Mutex<Option<ExchangeHandle>>,
    /// Since when the practice network is pulled, milliseconds since 1970.
    pub(crate) pulled_ms: Mutex<Option<i64>>,
    pub(crate) bench: Mutex<Option<PracticeBench>>,
    pub(crate) broken: Mutex<HashSet<Breakage>>,
    /// When the pen last touched the pad.
    pub(crate) last_pen: Mutex<Option<Instant>>,
    call_seq: AtomicU64,
}

/// The desk. Clones are the same desk.
#[derive(Clone)]
pub struct Desk(pub(crate) Arc<Inner>);

impl Desk {
    /// Opens the desk: the office that is here, if there is one, and its devices. `events` is called from several
    /// threads and must not block. Needs a tokio runtime.
    ///
    /// # Errors
    /// [`DeskError::Store`] when the ledger cannot be opened.
    pub async fn open(
        config: DeskConfig,
        events: impl Fn(DeskEvent) + Send + Sync + 'static,
    ) -> Result<Self, DeskError> {
        tokio::fs::create_dir_all(&config.dir).await?;
        empty_folder(&config.dir.join(FORMS_DIR)).await?;
        let inner = Inner {
            clock: Arc::new(SystemClock::start()),
            events: Box::new(events),
            node: RwLock::new(None),
            devices: Devices::none(),
            exchange: Mutex::new(None),
            pulled_ms: Mutex::new(None),
            bench: Mutex::new(config.bench.clone()),
            broken: Mutex::new(HashSet::new()),
            last_pen: Mutex::new(None),
            call_seq: AtomicU64::new(0),
            config,
        };
        let desk = Self(Arc::new(inner));
        desk.start_devices(&desk.0.config.devices)?;
        for (dir, is_practice) in [(OFFICE_DIR, false), (PRACTICE_DIR, true)] {
            let path = desk.0.config.dir.join(dir);
            if DeskStore::exists(&path) {
                desk.open_node(&path, is_practice).await?;
                if is_practice {
                    desk.start_own_bench()?;
                }
                desk.start_exchange()?;
                break;
            }
        }
        Ok(desk)
    }

    /// Ends the desk: devices and the exchange are let go, everything that was accepted is on disk.
    pub async fn close(&self) {
        let exchange = lock(&self.0.exchange).take();
        if let Some(exchange) = exchange {
            exchange.shutdown().await;
        }
        self.0.devices.stop();
        *self.0.node.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// What the first screen needs.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn entry(&self) -> Result<Entry, DeskError> {
        let now = self.now();
        let Ok(node) = self.node() else {
            return Ok(Entry {
                stage: Stage::FirstRun,
                practice: false,
                office: None,
                staff: Vec::new(),
                counters: Vec::new(),
                session: None,
                recovered: None,
                now,
            });
        };
        let book = node.book(now.date())?;
        let office = &book.office;
        let tries = lock(&node.tries).clone();
        let staff = office.staff.values().filter(|s| s.active);
        let mut staff: Vec<_> = staff
            .map(|s| (s.clone(), tries.locked_until(s.id, now)))
            .collect();
        staff.sort_by(|a, b| (a.0.role, &a.0.name).cmp(&(b.0.role, &b.0.name)));
        let names = |c: &CounterSet| {
            c.fields
                .iter()
                .filter_map(|f| office.fields.get(f))
                .map(|f| f.name.clone())
                .collect()
        };
        let mut counters: Vec<(CounterSet, Vec<String>)> = office
            .counters
            .values()
            .filter(|c| c.active)
            .map(|c| (c.clone(), names(c)))
            .collect();
        counters.sort_by(|a, b| a.0.number.cmp(&b.0.number));
        let session = lock(&node.session).clone();
        let stage = match &session {
            None => Stage::SignedOut,
            Some(session) if session.locked => Stage::Locked,
            Some(_) => Stage::SignedIn,
        };
        let recovered = if stage == Stage::SignedOut {
            self.recovered().await?
        } else {
            None
        };
        let profile = office.profile.clone();
        Ok(Entry {
            stage,
            practice: node.practice,
            office: Some(profile),
            staff,
            counters,
            session,
            recovered,
            now,
        })
    }

    async fn recovered(&self) -> Result<Option<RecoveredDraft>, DeskError> {
        let node = self.node()?;
        let hand = node.hand.lock().await;
        let Some(hand) = hand.as_ref().filter(|h| !h.draft.is_blank()) else {
            return Ok(None);
        };
        let book = node.book(self.now().date())?;
        let choice = hand.draft.choice.as_ref();
        let procedure = choice.and_then(|c| book.catalogue.in_force(&c.code, book.day).ok());
        Ok(Some(RecoveredDraft {
            person: hand.draft.person.full_name.value.clone(),
            procedure: procedure.map(|p| p.name.clone()).unwrap_or_default(),
            saved_at: hand.saved_at,
        }))
    }

    /// Opens the practice office: invented people, nothing leaves the machine.
    ///
    /// # Errors
    /// [`Refusal::OfficeNotReady`] when an office is open already.
    pub async fn start_practice(&self) -> Result<(), DeskError> {
        self.found(&practice::office(), PRACTICE_DIR).await?;
        self.start_own_bench()?;
        practice::seed(self).await?;
        self.tell(DeskEvent::Session);
        Ok(())
    }

    /// Opens a new office.
    ///
    /// # Errors
    /// [`DeskError::InvalidInput`] with everything that is wrong; [`Refusal::OfficeNotReady`] when one is open already.
    pub async fn create_office(&self, office: &NewOffice) -> Result<(), DeskError> {
        self.found(office, OFFICE_DIR).await?;
        self.tell(DeskEvent::Session);
        Ok(())
    }

    async fn found(&self, office: &NewOffice, dir: &str) -> Result<(), DeskError> {
        if self.node().is_ok() {
            return Err(Refusal::OfficeNotReady.into());
        }
        let founded = setup::found(office)?;
        let path = self.0.config.dir.join(dir);
        let scope = motcua_core::ids::ScopeId(founded.org.to_string());
        let opened = DeskStore::create(self.open_desk(&path), &scope).await?;
        let node = Arc::new(self.node_of(opened, office.practice));
        let stamp = self.stamp_of_machine(&node);
        let entity = motcua_core::state::office_entity(&scope);
        node.store
            .act(stamp, move |tx| {
                for event in founded.events {
                    tx.record(entity, event)?;
                }
                Ok(())
            })
            .await?;
        *self.0.node.write().unwrap_or_else(PoisonError::into_inner) = Some(node);
        Ok(())
    }

    async fn open_node(&self, path: &Path, is_practice: bool) -> Result<(), DeskError> {
        let opened = DeskStore::open(self.open_desk(path)).await?;
        let node = Arc::new(self.node_of(opened, is_practice));
        *self.0.node.write().unwrap_or_else(PoisonError::into_inner) = Some(node);
        self.recover_inbox()?;
        self.recover_tries()?;
        self.give_up_old_prints().await?;
        self.recover_draft().await
    }

    fn open_desk(&self, path: &Path) -> OpenDesk {
        let machine = self.0.config.machine_id.clone();
        OpenDesk {
            dir: path.to_owned(),
            keys: self.0.config.keys,
            machine: machine.unwrap_or_else(motcua_ledger::machine::identity),
        }
    }

    fn node_of(&self, opened: OpenedDesk, is_practice: bool) -> Node {
        if opened.rewound {
            tracing::warn!("the ledger was put back from an old copy; going on in a new epoch");
        }
        if let Integrity::Damaged(what) = &opened.integrity {
            tracing::error!(%what, "the ledger is damaged");
        }
        Node::new(opened.store, is_practice)
    }

    /// Signs a person in at a counter.
    ///
    /// # Errors
    /// [`Refusal::SignInRefused`] with the tries that are left, [`Refusal::AccountLocked`].
    pub async fn sign_in(
        &self,
        staff: StaffId,
        pin: &str,
        counter: EntityId,
    ) -> Result<(), DeskError> {
        let node = self.node()?;
        let now = self.now();
        let book = node.book(now.date())?;
        let counter = book
            .office
            .counters
            .get(&counter)
            .filter(|c| c.active)
            .ok_or(Refusal::OfficeNotReady)?;
        let checked = self.check_pin(&node, staff, pin).await?;
        let session = Session {
            id: SessionId(Uuid::new_v4()),
            staff,
            name: checked.name,
            role: checked.role,
            counter: counter.id,
            counter_number: counter.number.clone(),
            since: now,
            locked: false,
        };
        *lock(&node.session) = Some(session);
        self.tell(DeskEvent::Session);
        Ok(())
    }

    /// Lets a script on this machine work at the first counter. What it does is recorded as done by the machine, not
    /// by a person.
    ///
    /// # Errors
    /// [`Refusal::OfficeNotReady`] where there is no office or no counter.
    pub fn sign_in_script(&self) -> Result<(), DeskError> {
        let node = self.node()?;
        let now = self.now();
        let book = node.book(now.date())?;
        let counter = book
            .office
            .counters
            .values()
            .find(|c| c.active)
            .ok_or(Refusal::OfficeNotReady)?;
        let session = Session {
            id: SessionId(self.0.clock.boot().0),
            staff: machine_actor(),
            name: self.0.config.machine.clone(),
            role: Role::Clerk,
            counter: counter.id,
            counter_number: counter.number.clone(),
            since: now,
            locked: false,
        };
        *lock(&node.session) = Some(session);
        Ok(())
    }

    /// Opens the locked screen.
    ///
    /// # Errors
    /// As [`Desk::sign_in`].
    pub async fn unlock(&self, pin: &str) -> Result<(), DeskError> {
        let node = self.node()?;
        let staff = lock(&node.session)
            .as_ref()
            .map(|s| s.staff)
            .ok_or(DeskError::NotSignedIn)?;
        self.check_pin(&node, staff, pin).await?;
        if let Some(session) = lock(&node.session).as_mut() {
            session.locked = false;
        }
        self.tell(DeskEvent::Session);
        Ok(())
    }

    /// Hashing takes a tenth of a second by design: it is done off the async threads.
    async fn check_pin(
        &self,
        node: &Arc<Node>,
        staff: StaffId,
        pin: &str,
    ) -> Result<StaffSet, DeskError> {
        let (node, pin, now) = (Arc::clone(node), pin.to_owned(), self.now());
        let book = node.book(now.date())?;
        let keeper = Arc::clone(&node);
        let check = move || {
            let mut tries = lock(&node.tries);
            let checked = tries.check(&book.office, staff, &pin, now).cloned();
            (checked, tries.clone())
        };
        let checked = tokio::task::spawn_blocking(check).await;
        let (checked, tries) = checked.map_err(|_| DeskError::NotSignedIn)?;
        off_thread(move || keeper.store.set_local(TRIES_KEY, &tries)).await?;
        Ok(checked?)
    }

    fn recover_tries(&self) -> Result<(), DeskError> {
        let node = self.node()?;
        if let Some(tries) = node.store.local(TRIES_KEY)? {
            *lock(&node.tries) = tries;
        }
        Ok(())
    }

    /// Nobody is at the counter. The draft in hand stays.
    ///
    /// # Errors
    /// [`Refusal::OfficeNotReady`].
    pub fn sign_out(&self) -> Result<(), DeskError> {
        *lock(&self.node()?.session) = None;
        self.tell(DeskEvent::Session);
        Ok(())
    }

    /// Locks the screen.
    ///
    /// # Errors
    /// [`Refusal::OfficeNotReady`].
    pub fn lock(&self) -> Result<(), DeskError> {
        if let Some(session) = lock(&self.node()?.session).as_mut() {
            session.locked = true;
        }
        self.tell(DeskEvent::Session);
        Ok(())
    }

    /// Local time of the office by this machine's clock.
    #[must_use]
    pub fn now(&self) -> DateTime {
        clock::local(self.0.clock.wall_ms())
    }

    /// The desk's clock, for drills.
    #[must_use]
    pub fn clock(&self) -> &SystemClock {
        &self.0.clock
    }

    pub(crate) fn node(&self) -> Result<Arc<Node>, DeskError> {
        let node = self
            .0
            .node
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        node.ok_or_else(|| Refusal::OfficeNotReady.into())
    }

    pub(crate) fn tell(&self, event: DeskEvent) {
        (self.0.events)(event);
    }

    pub(crate) fn stamp(&self, session: &Session) -> Stamp {
        Stamp {
            actor: session.staff,
            session: session.id,
            clock: self.reading(),
        }
    }

    /// What the machine does by itself (settings at the first run, what became of a print) is stamped with who is
    /// signed in, or with the machine.
    pub(crate) fn stamp_of_machine(&self, node: &Node) -> Stamp {
        match &*lock(&node.session) {
            Some(session) => self.stamp(session),
            None => Stamp {
                actor: machine_actor(),
                session: SessionId(self.0.clock.boot().0),
                clock: self.reading(),
            },
        }
    }

    fn reading(&self) -> motcua_core::op::ClockReading {
        clock::reading(self.0.clock.as_ref(), self.link().clock_offset_ms)
    }

    pub(crate) fn next_call_seq(&self) -> u64 {
        self.0.call_seq.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub(crate) fn forms_dir(&self) -> PathBuf {
        self.0.config.dir.join(FORMS_DIR)
    }
}

/// The actor of what a machine does by itself.
fn machine_actor() -> StaffId {
    StaffId::derived("motcua:machine")
}

async fn empty_folder(folder: &Path) -> Result<(), std::io::Error> {
    match tokio::fs::remove_dir_all(folder).await {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
