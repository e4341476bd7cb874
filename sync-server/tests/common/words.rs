//! Events as a desk writes them. Invented people only.

use motcua_core::dossier::{BlobRef, DossierStatus, NoteAdded, Received, Stepped};
use motcua_core::event::Event;
use motcua_core::ids::{BootId, EntityId, SessionId, StaffId};
use motcua_core::office::{CounterSet, FieldSet, OfficeSet};
use motcua_core::op::{ClockReading, Stamp};
use motcua_core::queue::{TicketCalled, TicketIssued};
use motcua_sync_server::clock::local_now;
use serde_json::json;

pub const ORG: &str = "H56.6.17";

pub fn stamp() -> Stamp {
    let clock = ClockReading {
        wall_ms: motcua_sync_server::clock::wall_ms(),
        off_ms: None,
        mono_ms: 0,
        boot: BootId::derived("boot"),
    };
    Stamp {
        actor: StaffId::derived("Vàng A Páo"),
        session: SessionId::derived("ca sáng"),
        clock,
    }
}

pub fn dossier_id(number: u32) -> EntityId {
    EntityId::derived(&format!("hồ sơ {number}"))
}

pub fn code(number: u32) -> String {
    format!("{ORG}-{}-{number:04}", local_now().strftime("%y%m%d"))
}

/// A reception with these scans of its one paper.
pub fn reception(number: u32, scans: &[BlobRef]) -> Event {
    let received: Received = serde_json::from_value(json!({
        "code": code(number),
        "procedure": {
            "code": "1.001193", "name": "Thủ tục đăng ký khai sinh", "sector": "Hộ tịch",
            "catalogue": "2026-11", "edition": 1,
        },
        "channel": "direct",
        "owner": {"full_name": "Lò Thị Mẩy", "id_number": "011198000321", "phone": "0912345678"},
        "papers": [{
            "key": "to-khai", "name": "Tờ khai đăng ký khai sinh",
            "originals": 1, "certified": 0, "copies": 2, "scans": scans,
        }],
        "set_count": 1,
        "fees": [],
        "delivery": {"kind": "counter"},
        "received_at": local_now(),
        "officer": {"id": StaffId::derived("Vàng A Páo"), "name": "Vàng A Páo"},
        "counter": "3",
    }))
    .unwrap();
    Event::DossierReceived(Box::new(received))
}

pub fn practice_reception(number: u32) -> Event {
    let Event::DossierReceived(mut received) = reception(number, &[]) else {
        unreachable!()
    };
    received.practice = true;
    Event::DossierReceived(received)
}

pub fn note(text: &str) -> Event {
    Event::DossierNoted(NoteAdded {
        text: text.to_owned(),
        at: local_now(),
    })
}

pub fn step(from: DossierStatus, to: DossierStatus) -> Event {
    Event::DossierStepped(Stepped {
        from,
        to,
        reason: String::new(),
        at: local_now(),
    })
}

/// Name, one field and counter 3: what an office needs for a queue.
pub fn office() -> Vec<Event> {
    let profile: OfficeSet = serde_json::from_value(json!({
        "name": "Trung tâm Phục vụ hành chính công xã Bản Mây",
        "agency": "UBND xã Bản Mây",
        "place": "Bản Mây",
        "org": ORG,
        "hours": motcua_core::calendar::OpeningHours::default(),
        "due": motcua_core::calendar::DueOptions::default(),
        "queue": motcua_core::queue::Policy::default(),
    }))
    .unwrap();
    let field = FieldSet {
        id: field(),
        letter: "A".into(),
        name: "Hộ tịch, chứng thực".into(),
        sectors: Vec::new(),
        active: true,
    };
    let counter = CounterSet {
        id: counter(),
        number: "3".into(),
        fields: vec![field.id],
        active: true,
    };
    vec![
        Event::OfficeSet(Box::new(profile)),
        Event::FieldSet(field),
        Event::CounterSet(counter),
    ]
}

pub fn field() -> EntityId {
    EntityId::derived("lĩnh vực A")
}

pub fn counter() -> EntityId {
    EntityId::derived("quầy 3")
}

pub fn ticket_id(number: u32) -> EntityId {
    EntityId::derived(&format!("vé {number}"))
}

pub fn issue(number: u32) -> Event {
    let at = local_now();
    Event::TicketIssued(TicketIssued {
        label: format!("A{number:03}"),
        number,
        field: field(),
        day: at.date(),
        priority: None,
        at,
    })
}

pub fn call() -> Event {
    Event::TicketCalled(TicketCalled {
        counter: counter(),
        at: local_now(),
    })
}
