//! The log's merge table for dossiers, line by line, and what holds whatever the order.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on stops where it is"
)]

use std::collections::BTreeMap;

use jiff::civil::{DateTime, date};
use motcua_core::catalogue::Channel;
use motcua_core::dossier::{
    self, Attached, BlobRef, Command, Corrected, Delivery, Dossier, DossierStatus, NoteAdded,
    OfficerRef, PaperReceived, Party, ProcedureRef, ProvinceAnswered, ProvinceOutcome, Received,
    SlipPrinted, Stepped,
};
use motcua_core::event::Event;
use motcua_core::ids::{BootId, DeviceId, EntityId, Hash, PrintJobId, ScopeId, SessionId, StaffId};
use motcua_core::op::{ClockReading, OpId, Place, SealedOp, Stamp};
use motcua_core::refusal::Refusal;
use motcua_core::state::{Decision, Entry, PrintOutcome, State};
use proptest::prelude::*;

fn now() -> DateTime {
    date(2026, 11, 23).at(9, 15, 0, 0)
}

fn received() -> Received {
    Received {
        code: "H56.6.17-261123-0042".parse().unwrap(),
        procedure: ProcedureRef {
            code: "1.001193".parse().unwrap(),
            name: "Đăng ký khai sinh".into(),
            sector: "Hộ tịch".into(),
            catalogue: "2026.1".into(),
            edition: 1,
            case: None,
            case_name: None,
        },
        channel: Channel::Direct,
        owner: Party {
            full_name: "Nguyễn Thị Ngọc Ỷ".into(),
            phone: "0912345678".into(),
            address: "Bản Nà Cốc, xã Bản Mây".into(),
            ..Party::default()
        },
        submitter: None,
        papers: vec![PaperReceived {
            key: "p1".into(),
            name: "Tờ khai đăng ký khai sinh".into(),
            originals: 1,
            certified: 0,
            copies: 0,
            presented_only: false,
            scans: vec![],
        }],
        set_count: 1,
        fees: vec![],
        delivery: Delivery::Counter,
        received_at: now(),
        due: None,
        officer: OfficerRef {
            id: StaffId::derived("Lò Thị Mai"),
            name: "Lò Thị Mai".into(),
        },
        counter: "3".into(),
        ticket: None,
        signature: None,
        note: String::new(),
        practice: true,
    }
}

fn scan(name: &str) -> BlobRef {
    BlobRef {
        sha256: Hash::of(name.as_bytes()),
        size: 10,
        mime: "application/pdf".into(),
    }
}

/// The office's log as a list, judged and folded as every node does.
#[derive(Default)]
struct Log {
    state: Option<State>,
    lines: Vec<(SealedOp, Decision)>,
}

impl Log {
    fn with_reception() -> Self {
        let mut log = Self::default();
        assert_eq!(
            log.say(0, &Event::DossierReceived(Box::new(received()))),
            Decision::Applied
        );
        log
    }

    fn say(&mut self, base: u64, event: &Event) -> Decision {
        self.say_from("máy 1", base, event)
    }

    /// As said by a machine: what it wrote itself it has seen.
    fn say_from(&mut self, machine: &str, base: u64, event: &Event) -> Decision {
        let seq = self.lines.len() as u64 + 1;
        let place = Place {
            id: OpId {
                device: DeviceId::derived(machine),
                epoch: 1,
                dseq: seq,
            },
            prev: Hash::ZERO,
            scope: ScopeId("H56.6.17".into()),
            base,
        };
        let boot = BootId(DeviceId::derived("boot").0);
        let stamp = Stamp {
            actor: StaffId::derived("Lò Thị Mai"),
            session: SessionId::derived("sáng"),
            clock: ClockReading {
                wall_ms: 0,
                off_ms: None,
                mono_ms: 0,
                boot,
            },
        };
        let sealed = SealedOp::seal(place, stamp, EntityId::derived("hồ sơ"), event).unwrap();
        let entry = Entry {
            seq: Some(seq),
            op: &sealed.op,
            event,
        };
        let decision = State::judge(self.state.as_ref(), entry);
        self.state = State::fold(self.state.take(), entry, &decision);
        self.lines.push((sealed, decision.clone()));
        decision
    }

    fn dossier(&self) -> Dossier {
        self.state.clone().and_then(State::into_dossier).unwrap()
    }
}

fn step(from: DossierStatus, to: DossierStatus) -> Event {
    Event::DossierStepped(Stepped {
        from,
        to,
        reason: String::new(),
        at: now(),
    })
}

fn correct(field: &str, value: &str) -> Event {
    let fields = BTreeMap::from([(field.to_owned(), value.to_owned())]);
    Event::DossierCorrected(Corrected {
        fields,
        reason: "gõ nhầm".into(),
        at: now(),
    })
}

#[test]
fn a_reception_said_twice_is_a_duplicate_and_another_one_for_it_a_conflict() {
    let mut log = Log::with_reception();
    assert_eq!(
        log.say(0, &Event::DossierReceived(Box::new(received()))),
        Decision::Duplicate
    );
    let other = Received {
        counter: "4".into(),
        ..received()
    };
    assert_eq!(
        log.say(0, &Event::DossierReceived(Box::new(other))),
        Decision::conflict("received_twice")
    );
    assert_eq!(log.dossier().received.counter, "3");
}

#[test]
fn nothing_can_be_said_of_a_dossier_that_was_never_received() {
    let mut log = Log::default();
    assert_eq!(
        log.say(0, &correct("note", "x")),
        Decision::rejected("no_dossier")
    );
    assert!(log.state.is_none());
}

#[test]
fn a_step_is_compare_and_set() {
    let mut log = Log::with_reception();
    use DossierStatus::{Completed, Processing, Received, Returned};
    assert_eq!(log.say(1, &step(Received, Processing)), Decision::Applied);
    assert_eq!(log.say(1, &step(Received, Processing)), Decision::Duplicate);
    assert_eq!(
        log.say(1, &step(Received, Completed)),
        Decision::conflict("status_moved")
    );
    assert_eq!(
        log.say(2, &step(Processing, Returned)),
        Decision::rejected("no_such_step")
    );
    assert_eq!(log.dossier().status, Processing);
}

#[test]
fn two_corrections_of_different_fields_both_stand() {
    let mut log = Log::with_reception();
    assert_eq!(
        log.say(1, &correct("owner.phone", "0912000111")),
        Decision::Applied
    );
    assert_eq!(
        log.say(1, &correct("owner.address", "Bản Nà Ít")),
        Decision::Applied
    );
    let owner = log.dossier().received.owner;
    assert_eq!(
        (owner.phone.as_str(), owner.address.as_str()),
        ("0912000111", "Bản Nà Ít")
    );
}

#[test]
fn the_later_of_two_phones_wins_and_the_other_is_kept_for_a_person() {
    let mut log = Log::with_reception();
    log.say(1, &correct("owner.phone", "0912000111"));
    let decision = log.say_from("máy 2", 1, &correct("owner.phone", "0912000222"));
    assert_eq!(
        decision,
        Decision::Merged {
            fields: vec!["owner.phone".into()]
        }
    );
    let dossier = log.dossier();
    assert_eq!(dossier.received.owner.phone, "0912000222");
    assert_eq!(dossier.conflicts[0].lost, "0912000111");
}

#[test]
fn a_machine_that_corrects_itself_while_offline_meets_nobody() {
    let mut log = Log::with_reception();
    log.say(1, &correct("owner.phone", "0912000111"));
    assert_eq!(
        log.say(1, &correct("owner.phone", "0912000222")),
        Decision::Applied
    );
    assert!(log.dossier().conflicts.is_empty());
}

#[test]
fn a_name_is_never_overruled_silently() {
    let mut log = Log::with_reception();
    log.say(1, &correct("owner.full_name", "Nguyễn Thị Ngọc Ý"));
    let decision = log.say_from("máy 2", 1, &correct("owner.full_name", "Nguyễn Thị Ngọc Y"));
    assert_eq!(decision, Decision::conflict("verified_field_moved"));
    let dossier = log.dossier();
    assert_eq!(dossier.received.owner.full_name, "Nguyễn Thị Ngọc Ý");
    assert_eq!(dossier.conflicts[0].lost, "Nguyễn Thị Ngọc Y");
}

#[test]
fn a_correction_that_saw_the_other_one_simply_stands() {
    let mut log = Log::with_reception();
    log.say(1, &correct("owner.phone", "0912000111"));
    assert_eq!(
        log.say(2, &correct("owner.phone", "0912000222")),
        Decision::Applied
    );
    assert!(log.dossier().conflicts.is_empty());
}

#[test]
fn scans_notes_prints_and_answers_only_add() {
    let mut log = Log::with_reception();
    let attach = |paper: &str| {
        Event::DossierAttached(Attached {
            paper: paper.into(),
            scan: scan("trang 1"),
        })
    };
    assert_eq!(log.say(0, &attach("p1")), Decision::Applied);
    assert_eq!(
        log.say(0, &attach("p9")),
        Decision::rejected("no_such_paper")
    );
    log.say(
        0,
        &Event::DossierNoted(NoteAdded {
            text: "cần phiên dịch".into(),
            at: now(),
        }),
    );
    let outcome = ProvinceOutcome::Confirmed {
        external_id: Some("7001".into()),
    };
    log.say(
        0,
        &Event::ProvinceAnswered(ProvinceAnswered {
            outcome,
            at: now(),
            request: Hash::ZERO,
        }),
    );
    let dossier = log.dossier();
    assert_eq!(dossier.received.papers[0].scans, [scan("trang 1")]);
    assert_eq!((dossier.notes.len(), dossier.province.is_some()), (1, true));
    assert_eq!(dossier.history.len(), 5);
}

#[test]
fn the_second_paper_is_a_reprint_and_needs_a_reason() {
    let mut log = Log::with_reception();
    let job = PrintJobId::derived("lần 1");
    assert_eq!(log.dossier().next_copy(), 1);
    let print = SlipPrinted {
        job,
        copy: 1,
        outcome: PrintOutcome::Confirmed,
        at: now(),
        reason: String::new(),
    };
    log.say(0, &Event::SlipPrinted(print));
    let dossier = log.dossier();
    assert!(dossier.is_printed());
    assert_eq!(dossier.next_copy(), 2);
    let again = Command::RecordPrint {
        job: PrintJobId::derived("lần 2"),
        copy: 2,
        outcome: PrintOutcome::Confirmed,
        reason: " ".into(),
    };
    assert_eq!(
        dossier::decide(&dossier, again, now()),
        Err(Refusal::ReasonMissing)
    );
}

#[test]
fn a_failed_print_is_not_a_paper() {
    let mut log = Log::with_reception();
    let job = PrintJobId::derived("lần 1");
    let print = SlipPrinted {
        job,
        copy: 1,
        outcome: PrintOutcome::Failed,
        at: now(),
        reason: String::new(),
    };
    log.say(0, &Event::SlipPrinted(print));
    assert!(!log.dossier().is_printed());
    assert_eq!(log.dossier().next_copy(), 1);
}

#[test]
fn personal_data_does_not_reach_a_debug_line() {
    let text = format!("{:?}", received());
    assert!(
        !text.contains("Ngọc Ỷ") && !text.contains("0912345678"),
        "{text}"
    );
}

fn any_event() -> impl Strategy<Value = (u64, Event)> {
    let fields = prop::sample::select(vec![
        "owner.full_name",
        "owner.phone",
        "owner.address",
        "note",
    ]);
    let statuses = || prop::sample::select(DossierStatus::ALL.to_vec());
    let event = prop_oneof![
        (fields, "[a-c]").prop_map(|(field, value)| correct(field, &value)),
        (statuses(), statuses()).prop_map(|(from, to)| step(from, to)),
        "[a-c]".prop_map(|name| Event::DossierAttached(Attached {
            paper: "p1".into(),
            scan: scan(&name)
        })),
        "[a-c]".prop_map(|text| Event::DossierNoted(NoteAdded { text, at: now() })),
    ];
    (0_u64..12, event)
}

proptest! {
    /// Folding a prefix and then the rest is folding all; every operation is in the history; a status is only
    /// reached by a step that exists; every value that lost is listed.
    #[test]
    fn the_fold_keeps_its_promises(events in proptest::collection::vec(any_event(), 0..24)) {
        let mut log = Log::with_reception();
        for (base, event) in &events {
            let before = log.dossier();
            let machine = if base % 2 == 0 { "máy 1" } else { "máy 2" };
            let decision = log.say_from(machine, *base, event);
            let after = log.dossier();
            if after.status != before.status {
                prop_assert!(before.status.may_become(after.status));
            }
            let lost = matches!(decision, Decision::Merged { .. })
                || decision == Decision::conflict("verified_field_moved");
            prop_assert_eq!(after.conflicts.len() > before.conflicts.len(), lost);
        }
        prop_assert_eq!(log.dossier().history.len(), events.len() + 1);

        let mut again: Option<State> = None;
        for (index, (sealed, decision)) in log.lines.iter().enumerate() {
            let event = sealed.event().unwrap();
            let entry = Entry { seq: Some(index as u64 + 1), op: &sealed.op, event: &event };
            again = State::fold(again, entry, decision);
        }
        prop_assert_eq!(again.and_then(State::into_dossier), Some(log.dossier()));
    }

    /// What was sealed is opened unchanged, and its meaning survives.
    #[test]
    fn sealed_bytes_open_to_the_same_meaning((base, event) in any_event()) {
        let mut log = Log::with_reception();
        log.say(base, &event);
        let (sealed, _) = log.lines.last().unwrap();
        let opened = SealedOp::open(sealed.bytes.clone()).unwrap();
        prop_assert_eq!(opened.hash, sealed.hash);
        prop_assert_eq!(opened.event(), Some(event));
    }

    /// Bytes from outside never make the program panic.
    #[test]
    fn any_bytes_are_opened_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = SealedOp::open(bytes);
    }
}
