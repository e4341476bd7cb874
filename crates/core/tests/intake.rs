//! The first dossier of the day, from the card to the receipt, then what a clerk meets on other days.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on stops where it is"
)]

use jiff::civil::{DateTime, date};
use motcua_core::calendar::{Calendar, DueOptions, OpeningHours};
use motcua_core::catalogue::{Catalogue, Channel};
use motcua_core::dossier::{BlobRef, Delivery, OfficerRef, SignatureRef};
use motcua_core::ids::{EntityId, Hash, StaffId};
use motcua_core::intake::{
    self, Change, Draft, Hint, NoDue, PaperCount, PersonField, Reception, Rules, ScanRef, Source,
    SubmitterForm,
};
use motcua_core::money::Vnd;
use motcua_core::office::OfficeSet;
use motcua_core::people::card;
use motcua_core::queue::Policy;
use motcua_core::refusal::{Problem, Refusal};
use proptest::prelude::*;

const CARD: &str =
    "038194012345|172345678|Nguyễn Thị Ngọc Ỷ|02091994|Nữ|Bản Nà Cốc, xã Bản Mây|15042022";

struct Desk {
    catalogue: Catalogue,
    calendar: Calendar,
    office: OfficeSet,
    draft: Draft,
    now: DateTime,
}

impl Desk {
    fn open() -> Self {
        let now = date(2026, 11, 23).at(9, 15, 0, 0);
        Self {
            catalogue: Catalogue::practice(),
            calendar: Calendar::vietnam(),
            office: OfficeSet {
                name: "Trung tâm Phục vụ hành chính công xã Bản Mây".into(),
                agency: "UBND xã Bản Mây".into(),
                place: "Bản Mây".into(),
                province: "tỉnh Sơn Vân".into(),
                address: String::new(),
                phone: String::new(),
                org: "H56.6.17".parse().unwrap(),
                hours: OpeningHours::default(),
                due: DueOptions::default(),
                queue: Policy::default(),
                practice: true,
            },
            draft: Draft::new(EntityId::derived("nháp"), None, now),
            now,
        }
    }

    fn rules(&self) -> Rules<'_> {
        Rules {
            catalogue: &self.catalogue,
            calendar: &self.calendar,
            office: &self.office,
            now: self.now,
        }
    }

    fn does(&mut self, change: Change) -> Result<(), Refusal> {
        self.draft = intake::apply(&self.draft, change, &self.catalogue, self.now)?;
        Ok(())
    }

    fn reads_card(&mut self, qr: &str) {
        let read = card::parse_qr(qr).unwrap();
        self.does(Change::Card(Box::new(read))).unwrap();
    }

    fn chooses(&mut self, code: &str) -> Result<(), Refusal> {
        self.does(Change::Procedure(Some(code.parse().unwrap())))
    }

    fn ticks_all(&mut self) {
        let keys: Vec<String> = self.draft.papers.iter().map(|p| p.key.clone()).collect();
        for key in keys {
            self.does(Change::PaperChecked { key, checked: true })
                .unwrap();
        }
    }

    fn problems(&self) -> Vec<Problem> {
        intake::review(&self.draft, self.rules()).problems
    }

    fn receives(&self) -> Result<motcua_core::dossier::Received, Refusal> {
        let reception = Reception {
            code: "H56.6.17-261123-0001".parse().unwrap(),
            officer: OfficerRef {
                id: StaffId::derived("mai"),
                name: "Lò Thị Mai".into(),
            },
            counter: "3".into(),
        };
        intake::receive(&self.draft, self.rules(), reception)
    }

    fn value(&self, field: PersonField) -> (&str, Source) {
        let slot = self.draft.person.field(field);
        (&slot.value, slot.source)
    }
}

fn scan(name: &str) -> ScanRef {
    let sha256 = Hash::of(name.as_bytes());
    let blob = BlobRef {
        sha256,
        size: 10,
        mime: "application/pdf".into(),
    };
    ScanRef {
        blob,
        file_name: format!("{name}.pdf"),
        pages: 1,
        at: date(2026, 11, 23).at(9, 0, 0, 0),
    }
}

#[test]
fn a_birth_is_registered_from_card_to_receipt() {
    let mut desk = Desk::open();
    desk.reads_card(CARD);
    assert_eq!(
        desk.value(PersonField::FullName),
        ("Nguyễn Thị Ngọc Ỷ", Source::Card)
    );
    desk.chooses("1.001193").unwrap();
    assert!(!desk.draft.papers.is_empty());
    assert!(
        desk.problems().iter().all(|p| p.code == "papers_missing"),
        "{:?}",
        desk.problems()
    );
    desk.ticks_all();
    let key = desk.draft.papers[0].key.clone();
    desk.does(Change::Attach {
        key,
        scan: scan("tờ khai"),
    })
    .unwrap();
    assert_eq!(desk.problems(), []);

    let received = desk.receives().unwrap();
    assert_eq!(received.owner.full_name, "Nguyễn Thị Ngọc Ỷ");
    assert_eq!(received.papers[0].scans.len(), 1);
    // Received before 15:00: the result is promised for the same day.
    assert_eq!(received.due.unwrap().at.date(), date(2026, 11, 23));
    assert!(received.owner.read_from_card);
}

#[test]
fn after_three_o_clock_a_birth_is_ready_on_the_next_working_day_and_not_on_the_holiday() {
    let mut desk = Desk::open();
    desk.now = date(2026, 11, 23).at(15, 30, 0, 0);
    desk.chooses("1.001193").unwrap();
    let due = intake::review(&desk.draft, desk.rules()).due.unwrap();
    assert_eq!(due.on(), date(2026, 11, 25));
    assert!(due.skipped().any(|note| note.date == date(2026, 11, 24)));
}

#[test]
fn everything_that_is_missing_is_said_at_once_in_the_order_of_the_screen() {
    let desk = Desk::open();
    let fields: Vec<String> = desk.problems().into_iter().map(|p| p.field).collect();
    assert_eq!(fields, ["person.full_name", "procedure"]);
    assert!(
        matches!(desk.receives(), Err(Refusal::Incomplete { problems }) if problems.len() == 2)
    );
}

#[test]
fn a_card_keeps_what_was_typed_and_offers_what_it_says() {
    let mut desk = Desk::open();
    let typed = Change::Person {
        field: PersonField::FullName,
        value: "Nguyễn Thị Ngọc Ý".into(),
    };
    desk.does(typed).unwrap();
    desk.reads_card(CARD);
    assert_eq!(
        desk.value(PersonField::FullName),
        ("Nguyễn Thị Ngọc Ý", Source::Typed)
    );
    // A mark makes another name: the clerk decides.
    assert_eq!(desk.draft.differences.len(), 1);
    desk.does(Change::TakeDifference {
        field: PersonField::FullName,
        take: true,
    })
    .unwrap();
    assert_eq!(
        desk.value(PersonField::FullName),
        ("Nguyễn Thị Ngọc Ỷ", Source::Card)
    );
    assert!(desk.draft.differences.is_empty());
}

#[test]
fn the_next_citizens_card_leaves_nothing_of_the_one_before() {
    let mut desk = Desk::open();
    desk.reads_card(CARD);
    desk.does(Change::Person {
        field: PersonField::Phone,
        value: "0912345678".into(),
    })
    .unwrap();
    desk.reads_card("014061004512||Lò Văn Ún|17031961|Nam|Bản Huổi Lè|09112021");
    assert_eq!(
        desk.value(PersonField::FullName),
        ("Lò Văn Ún", Source::Card)
    );
    assert_eq!(desk.value(PersonField::Phone), ("", Source::None));
    assert_eq!(desk.value(PersonField::OldId), ("", Source::None));
}

#[test]
fn typing_decomposed_letters_gives_composed_ones() {
    let mut desk = Desk::open();
    let decomposed = "Nguye\u{302}\u{303}n".to_owned();
    desk.does(Change::Person {
        field: PersonField::FullName,
        value: decomposed,
    })
    .unwrap();
    assert_eq!(desk.value(PersonField::FullName).0, "Nguyễn");
}

#[test]
fn the_channel_decides_the_limit() {
    let mut desk = Desk::open();
    desk.chooses("1.012812").unwrap();
    let limit = |desk: &Desk| {
        intake::review(&desk.draft, desk.rules())
            .limit
            .map(|l| l.amount())
    };
    assert_eq!(limit(&desk), Some(40));
    desk.does(Change::Channel(Channel::Post)).unwrap();
    assert_eq!(limit(&desk), Some(30));
}

#[test]
fn another_procedure_keeps_the_scan_that_was_made() {
    let mut desk = Desk::open();
    desk.chooses("1.001193").unwrap();
    let key = desk.draft.papers[0].key.clone();
    desk.does(Change::Attach {
        key,
        scan: scan("giấy tờ"),
    })
    .unwrap();
    desk.chooses("2.000815").unwrap();
    let scans: usize = desk.draft.papers.iter().map(|p| p.scans.len()).sum();
    assert_eq!(scans, 1, "nothing that was scanned is lost");
    let keys: std::collections::BTreeSet<&str> =
        desk.draft.papers.iter().map(|p| p.key.as_str()).collect();
    assert_eq!(keys.len(), desk.draft.papers.len(), "keys stay unique");
}

#[test]
fn a_procedure_of_next_year_and_one_of_last_year_are_refused_with_their_dates() {
    let mut desk = Desk::open();
    let of = |ended: bool| {
        let found = desk.catalogue.procedures().iter().find(|p| {
            if ended {
                p.effective_to.is_some_and(|to| to < desk.now.date())
            } else {
                p.effective_from > desk.now.date()
            }
        });
        found.unwrap().code.to_string()
    };
    let (next, last) = (of(false), of(true));
    assert!(
        matches!(desk.chooses(&next), Err(Refusal::ProcedureNotYet { from, .. }) if from > desk.now.date())
    );
    assert!(
        matches!(desk.chooses(&last), Err(Refusal::ProcedureEnded { to, .. }) if to < desk.now.date())
    );
    assert_eq!(
        desk.chooses("9.999999"),
        Err(Refusal::ProcedureUnknown {
            procedure: "9.999999".into()
        })
    );
}

#[test]
fn a_procedure_that_ended_while_the_draft_lay_open_is_not_received() {
    let mut desk = Desk::open();
    let ended = desk
        .catalogue
        .procedures()
        .iter()
        .find(|p| p.effective_to.is_some())
        .unwrap()
        .clone();
    desk.now = ended.effective_to.unwrap().at(9, 0, 0, 0);
    desk.chooses(ended.code.as_str()).unwrap();
    desk.now = desk.now.saturating_add(jiff::Span::new().days(400));
    assert!(desk.receives().is_err());
}

#[test]
fn pages_are_counted_and_an_exemption_frees() {
    let mut desk = Desk::open();
    desk.chooses("2.000815").unwrap();
    let fees = intake::review(&desk.draft, desk.rules()).fees;
    let row = fees.rows.iter().find(|r| r.counted_by_page).unwrap();
    desk.does(Change::FeeQuantity {
        key: row.key.clone(),
        quantity: 5,
    })
    .unwrap();
    // 2,000 for each of the first two pages, 1,000 from the third on.
    assert_eq!(
        intake::review(&desk.draft, desk.rules()).fees.total,
        Some(Vnd(7_000))
    );
    desk.does(Change::Exemption(Some("poor".into()))).unwrap();
    assert_eq!(
        intake::review(&desk.draft, desk.rules()).fees.total,
        Some(Vnd::ZERO)
    );
}

#[test]
fn counts_and_ticks_agree() {
    let mut desk = Desk::open();
    desk.chooses("1.001193").unwrap();
    let key = desk.draft.papers[0].key.clone();
    let count = |count| Change::PaperCounted {
        key: key.clone(),
        which: PaperCount::Copies,
        count,
    };
    desk.does(count(2)).unwrap();
    assert!(desk.draft.papers[0].checked);
    desk.does(count(0)).unwrap();
    assert!(!desk.draft.papers[0].checked);
    desk.does(Change::PaperAdded {
        name: "Giấy ủy quyền".into(),
    })
    .unwrap();
    let added = desk.draft.papers.last().unwrap().key.clone();
    desk.does(Change::PaperRemoved { key: key.clone() })
        .unwrap();
    assert!(
        desk.draft.papers.iter().any(|p| p.key == key),
        "what the law lists is not removed"
    );
    desk.does(Change::PaperRemoved { key: added.clone() })
        .unwrap();
    assert!(desk.draft.papers.iter().all(|p| p.key != added));
}

#[test]
fn a_signature_covers_only_the_words_that_were_shown() {
    let mut desk = Desk::open();
    desk.reads_card(CARD);
    desk.chooses("1.001193").unwrap();
    let words =
        |desk: &Desk| intake::statement(&desk.draft, &intake::review(&desk.draft, desk.rules()));
    let before = words(&desk);
    let strokes = scan("nét ký").blob;
    let shown = Hash::of(before.join("\n").as_bytes());
    desk.does(Change::Signed(Some(SignatureRef {
        strokes,
        shown,
        at: desk.now,
    })))
    .unwrap();
    desk.ticks_all();
    assert_ne!(words(&desk), before);
}

#[test]
fn advice_never_stops_anybody() {
    let mut desk = Desk::open();
    let number = Change::Person {
        field: PersonField::IdNumber,
        value: "172345678".into(),
    };
    desk.does(number).unwrap();
    desk.does(Change::Person {
        field: PersonField::Phone,
        value: "123".into(),
    })
    .unwrap();
    desk.does(Change::Person {
        field: PersonField::Born,
        value: "2020".into(),
    })
    .unwrap();
    let hints = intake::review(&desk.draft, desk.rules()).hints;
    assert_eq!(
        hints,
        [Hint::OldNumber, Hint::PhoneShape, Hint::UnderAge(6)]
    );
}

#[test]
fn a_result_by_post_needs_an_address_and_a_submitter_a_name() {
    let mut desk = Desk::open();
    desk.does(Change::Delivery(Delivery::Post {
        address: " ".into(),
    }))
    .unwrap();
    desk.does(Change::Submitter(Some(SubmitterForm::default())))
        .unwrap();
    let fields: Vec<String> = desk.problems().into_iter().map(|p| p.field).collect();
    assert!(
        fields.contains(&"result_address".to_owned())
            && fields.contains(&"submitter.full_name".to_owned())
    );
}

#[test]
fn a_draft_survives_its_own_file() {
    let mut desk = Desk::open();
    desk.reads_card(CARD);
    desk.chooses("1.001193").unwrap();
    desk.ticks_all();
    let json = serde_json::to_string(&desk.draft).unwrap();
    assert_eq!(serde_json::from_str::<Draft>(&json).unwrap(), desk.draft);
}

#[test]
fn without_a_procedure_there_is_no_due_date_to_explain() {
    let desk = Desk::open();
    assert_eq!(
        intake::review(&desk.draft, desk.rules()).due,
        Err(NoDue::NoProcedure)
    );
}

fn any_change() -> impl Strategy<Value = Change> {
    let codes = || {
        let all: Vec<String> = Catalogue::practice()
            .procedures()
            .iter()
            .map(|p| p.code.to_string())
            .collect();
        prop::sample::select(all)
    };
    let key = || "[px][1-6]";
    prop_oneof![
        codes().prop_map(|code| Change::Procedure(code.parse().ok())),
        Just(Change::Procedure(None)),
        (key(), any::<bool>()).prop_map(|(key, checked)| Change::PaperChecked { key, checked }),
        (key(), any::<u16>()).prop_map(|(key, count)| Change::PaperCounted {
            key,
            which: PaperCount::Originals,
            count
        }),
        ("[a-c]").prop_map(|name| Change::PaperAdded { name }),
        key().prop_map(|key| Change::PaperRemoved { key }),
        (key(), "[a-c]").prop_map(|(key, name)| Change::Attach {
            key,
            scan: scan(&name)
        }),
        prop::sample::select(Channel::ALL.to_vec()).prop_map(Change::Channel),
        any::<u16>().prop_map(Change::SetCount),
        "\\PC{0,12}".prop_map(|value| Change::Person {
            field: PersonField::FullName,
            value
        }),
        Just(Change::Card(Box::new(card::parse_qr(CARD).unwrap()))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever a clerk does: keys stay unique, a scan is beside one paper only and never lost except with its
    /// own paper, the revision grows, and the draft can be reviewed and saved.
    #[test]
    fn any_order_of_keys_leaves_a_sound_draft(changes in proptest::collection::vec(any_change(), 0..30)) {
        let mut desk = Desk::open();
        for change in changes {
            let before = desk.draft.clone();
            if desk.does(change).is_ok() {
                prop_assert_eq!(desk.draft.revision, before.revision + 1);
            }
            let mut keys: Vec<&str> = desk.draft.papers.iter().map(|p| p.key.as_str()).collect();
            let count = keys.len();
            keys.sort_unstable();
            keys.dedup();
            prop_assert_eq!(keys.len(), count);
            let mut scans: Vec<Hash> = desk.draft.papers.iter().flat_map(|p| &p.scans).map(|s| s.blob.sha256).collect();
            let all = scans.len();
            scans.sort_unstable();
            scans.dedup();
            prop_assert_eq!(scans.len(), all);
            prop_assert!((1..=99).contains(&desk.draft.set_count));
            let _ = intake::review(&desk.draft, desk.rules());
        }
    }
}
