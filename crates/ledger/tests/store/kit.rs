//! What the tests of the store share: an invented office, its people and papers, counters on folders of their
//! own, and a hub's device that is played by hand.

use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use jiff::civil::{Date, DateTime, date};
use motcua_core::calendar::{DueOptions, OpeningHours};
use motcua_core::catalogue::Channel;
use motcua_core::dossier::{
    BlobRef, Delivery, DossierStatus, NoteAdded, OfficerRef, PaperReceived, Party, ProcedureRef,
    Received, Stepped,
};
use motcua_core::event::Event;
use motcua_core::ids::{BootId, DeviceId, EntityId, Hash, ScopeId, SessionId, StaffId};
use motcua_core::numbers::{self, Issuer, Series};
use motcua_core::office::OfficeSet;
use motcua_core::op::{self, Chain, ClockReading, Place, SealedOp, Stamp};
use motcua_core::queue::{Policy, TicketIssued};
use motcua_ledger::hub::{Batch, HubStore, Pushed};
use motcua_ledger::{
    ActError, DeskStore, HubGreeting, KeyPolicy, NodeRole, OpenDesk, OpenHub, OpenedDesk, SqliteHub,
};
use uuid::Uuid;

/// The invented office of every test.
pub(crate) const SCOPE: &str = "H56.6.17";
pub(crate) const NO_KEYRING: KeyPolicy = KeyPolicy {
    prefer_keyring: false,
};
/// The day on which most tests happen.
pub(crate) const DAY: Date = date(2026, 11, 23);
/// 09:15 of that day in Vietnam.
pub(crate) const NOW_MS: i64 = 1_795_400_100_000;

pub(crate) fn scope() -> ScopeId {
    ScopeId(SCOPE.to_owned())
}

pub(crate) fn now() -> DateTime {
    DAY.at(9, 15, 0, 0)
}

pub(crate) fn stamp() -> Stamp {
    stamp_at(NOW_MS)
}

pub(crate) fn stamp_at(wall_ms: i64) -> Stamp {
    Stamp {
        actor: StaffId::derived("Lò Thị Mẩy"),
        session: SessionId(Uuid::from_u128(1)),
        clock: ClockReading {
            wall_ms,
            off_ms: None,
            mono_ms: 1,
            boot: BootId(Uuid::from_u128(2)),
        },
    }
}

pub(crate) fn entity(name: &str) -> EntityId {
    EntityId::derived(name)
}

/// A folder of a test. In memory where there is such a place: these tests try order and atomicity, and a sync of
/// the disk for each of their thousands of commits would prove nothing more.
pub(crate) fn folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    tempfile::tempdir_in(memory)
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}

/// A counter on a folder.
pub(crate) fn open_desk(dir: &Path) -> OpenedDesk {
    open_desk_on(dir, "máy quầy 1")
}

pub(crate) fn open_desk_on(dir: &Path, machine: &str) -> OpenedDesk {
    DeskStore::create_blocking(desk_config(dir, machine), &scope()).unwrap()
}

pub(crate) fn desk_config(dir: &Path, machine: &str) -> OpenDesk {
    OpenDesk {
        dir: dir.to_owned(),
        keys: NO_KEYRING,
        machine: machine.to_owned(),
    }
}

/// A counter on a folder of its own.
pub(crate) fn desk() -> (tempfile::TempDir, DeskStore) {
    let dir = folder();
    let store = open_desk(dir.path()).store;
    (dir, store)
}

pub(crate) fn hub_config(dir: &Path) -> OpenHub {
    OpenHub {
        dir: dir.to_owned(),
        keys: NO_KEYRING,
        scope: scope(),
        name: "Máy chủ văn phòng".to_owned(),
    }
}

pub(crate) fn hub() -> (tempfile::TempDir, SqliteHub) {
    let dir = folder();
    let store = SqliteHub::open(hub_config(dir.path())).unwrap().store;
    (dir, store)
}

pub(crate) fn party(name: &str, id_number: &str) -> Party {
    Party {
        full_name: name.to_owned(),
        id_number: Some(id_number.to_owned()),
        phone: "0912 345 678".to_owned(),
        address: "Bản Mây".to_owned(),
        ..Party::default()
    }
}

/// A reception as the desk records it.
pub(crate) fn received(number: u32, name: &str) -> Received {
    received_on(DAY, number, name, "001099012345")
}

pub(crate) fn received_on(day: Date, number: u32, name: &str, id_number: &str) -> Received {
    let digits = day.strftime("%y%m%d");
    Received {
        code: format!("{SCOPE}-{digits}-{number:04}").parse().unwrap(),
        procedure: ProcedureRef {
            code: "1.001193".parse().unwrap(),
            name: "Đăng ký khai sinh".to_owned(),
            sector: "Hộ tịch".to_owned(),
            catalogue: "tập huấn 1".to_owned(),
            edition: 1,
            case: None,
            case_name: None,
        },
        channel: Channel::Direct,
        owner: party(name, id_number),
        submitter: None,
        papers: vec![paper("to_khai", "Tờ khai")],
        set_count: 1,
        fees: Vec::new(),
        delivery: Delivery::Counter,
        received_at: day.at(9, 15, 0, 0),
        due: None,
        officer: OfficerRef {
            id: StaffId::derived("Lò Thị Mẩy"),
            name: "Lò Thị Mẩy".to_owned(),
        },
        counter: "3".to_owned(),
        ticket: None,
        signature: None,
        note: String::new(),
        practice: false,
    }
}

pub(crate) fn paper(key: &str, name: &str) -> PaperReceived {
    PaperReceived {
        key: key.to_owned(),
        name: name.to_owned(),
        originals: 1,
        certified: 0,
        copies: 0,
        presented_only: false,
        scans: Vec::new(),
    }
}

pub(crate) fn reception(number: u32, name: &str) -> Event {
    Event::DossierReceived(Box::new(received(number, name)))
}

pub(crate) fn note(text: &str) -> Event {
    Event::DossierNoted(NoteAdded {
        text: text.to_owned(),
        at: now(),
    })
}

pub(crate) fn step(from: DossierStatus, to: DossierStatus) -> Event {
    Event::DossierStepped(Stepped {
        from,
        to,
        reason: String::new(),
        at: now(),
    })
}

pub(crate) fn ticket(letter: &str, number: u32) -> Event {
    Event::TicketIssued(TicketIssued {
        label: numbers::ticket_label(letter, number),
        number,
        field: entity("hộ tịch"),
        day: DAY,
        priority: None,
        at: now(),
    })
}

pub(crate) fn office() -> Event {
    Event::OfficeSet(Box::new(OfficeSet {
        name: "Trung tâm Phục vụ hành chính công xã Bản Mây".to_owned(),
        agency: "UBND xã Bản Mây".to_owned(),
        place: "Bản Mây".to_owned(),
        province: "tỉnh Sơn Vân".to_owned(),
        address: String::new(),
        phone: String::new(),
        org: SCOPE.parse().unwrap(),
        hours: OpeningHours::default(),
        due: DueOptions::default(),
        queue: Policy::default(),
        practice: false,
    }))
}

/// The slice of a counter in a series.
pub(crate) fn slice(series: &Series, slot: u16) -> std::ops::RangeInclusive<u32> {
    numbers::slice(series, Issuer::Counter(slot)).unwrap()
}

/// Receives a dossier as the desk does: number, event, draft ended, all in one act.
pub(crate) fn receive(desk: &DeskStore, id: EntityId, name: &str) -> Result<u32, ActError> {
    let (name, slot) = (name.to_owned(), desk.slot()?);
    let acted = desk.act_blocking(stamp(), move |tx| {
        tx.clock_check(now())?;
        let series = Series::Dossier;
        let number = tx.take_number(&series, DAY, slice(&series, slot), None, &id.to_string())?;
        tx.record(id, reception(number, &name))?;
        tx.end_draft(id)?;
        Ok(number)
    })?;
    Ok(acted.value)
}

pub(crate) fn record(desk: &DeskStore, id: EntityId, event: Event) -> Result<(), ActError> {
    desk.act_blocking(stamp(), move |tx| tx.record(id, event))
        .map(drop)
}

/// A device that writes by hand, for a hub's tests.
pub(crate) struct Hand {
    pub(crate) key: SigningKey,
    pub(crate) chain: Chain,
    pub(crate) scope: ScopeId,
}

impl Hand {
    pub(crate) fn new(name: &str) -> Self {
        let seed = Hash::of(name.as_bytes());
        Self {
            key: SigningKey::from_bytes(&seed.0),
            chain: Chain::new(DeviceId::derived(name), 1),
            scope: scope(),
        }
    }

    pub(crate) fn device(&self) -> DeviceId {
        self.chain.device
    }

    pub(crate) fn public_key(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }

    /// Enrolled at a hub.
    pub(crate) fn at(name: &str, hub: &impl HubStore) -> Self {
        let hand = Self::new(name);
        hub.enrol(hand.device(), name, hand.public_key(), NOW_MS)
            .unwrap()
            .unwrap();
        hand
    }

    pub(crate) fn write(&mut self, entity: EntityId, base: u64, event: &Event) -> SealedOp {
        let place = Place {
            id: self.chain.next_id(),
            prev: self.chain.head,
            scope: self.scope.clone(),
            base,
        };
        let op = SealedOp::seal(place, stamp(), entity, event).unwrap();
        self.chain = self.chain.accept(&op).unwrap();
        op
    }

    pub(crate) fn sign(&self, ops: Vec<SealedOp>) -> Batch {
        let signature = op::sign(&self.key, ops.last().unwrap().hash);
        Batch { ops, signature }
    }

    /// Writes and pushes; the hub must take it.
    pub(crate) fn push(
        &mut self,
        hub: &impl HubStore,
        events: &[(EntityId, Event)],
    ) -> Vec<motcua_ledger::hub::Judged> {
        let ops = events
            .iter()
            .map(|(id, event)| self.write(*id, 0, event))
            .collect();
        match hub.push(self.device(), self.sign(ops), NOW_MS).unwrap() {
            Pushed::Acked { results, .. } => results,
            other => panic!("{other:?}"),
        }
    }
}

/// Pushes everything of a counter to a hub and reads the log to its end, as the exchange does.
pub(crate) fn exchange(desk: &DeskStore, hub: &SqliteHub, machine: &str) {
    enrol(desk, hub);
    greet(desk, hub, machine);
    while let Some(out) = desk.outbox_batch(machine, 100, 1 << 20).unwrap() {
        match hub.push(desk.device(), out.batch, NOW_MS).unwrap() {
            Pushed::Acked { acked_dseq, .. } => {
                desk.mark_acked(machine, out.epoch, acked_dseq).unwrap();
            }
            other => panic!("{other:?}"),
        }
    }
    pull(desk, hub);
}

pub(crate) fn enrol(desk: &DeskStore, hub: &SqliteHub) {
    let public_key = desk.device_key().verifying_key().to_bytes();
    hub.enrol(desk.device(), "quầy", public_key, NOW_MS)
        .unwrap()
        .unwrap();
}

pub(crate) fn greet(
    desk: &DeskStore,
    hub: &SqliteHub,
    machine: &str,
) -> motcua_ledger::desk_store::Greeted {
    let epoch = desk.chain().unwrap().epoch;
    let greeting = HubGreeting {
        machine: machine.to_owned(),
        name: format!("Máy chủ ({machine})"),
        role: NodeRole::Hub,
        log_id: hub.scope().unwrap().1,
        epoch,
        acked_dseq: hub.chain(desk.device(), epoch).unwrap().dseq,
    };
    desk.greeted(greeting, NOW_MS).unwrap()
}

pub(crate) fn pull(desk: &DeskStore, hub: &SqliteHub) {
    loop {
        let after = desk.cursor().unwrap().map_or(0, |cursor| cursor.seq);
        let page = hub.page(after, 50, 1 << 20).unwrap();
        let done = page.lines.is_empty();
        desk.apply_page(page, NOW_MS).unwrap();
        if done {
            return;
        }
    }
}

/// A blob that a counter has.
pub(crate) fn scan(desk: &DeskStore, bytes: &[u8]) -> BlobRef {
    let stored = desk.blobs().put(bytes).unwrap();
    BlobRef {
        sha256: stored.sha256,
        size: stored.size,
        mime: "application/pdf".to_owned(),
    }
}

/// Copies a closed store as a backup would.
pub(crate) fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for item in std::fs::read_dir(from).unwrap() {
        let item = item.unwrap();
        let target = to.join(item.file_name());
        if item.file_type().unwrap().is_dir() {
            copy_folder(&item.path(), &target);
        } else {
            std::fs::copy(item.path(), target).unwrap();
        }
    }
}

pub(crate) fn database(dir: &Path) -> PathBuf {
    dir.join("ledger.db")
}
