//! A clerk's first dossier at the practice office, on simulated devices that decode what they receive.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on stops where it is"
)]

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use motcua_core::intake::Change;
use motcua_core::office::Role;
use motcua_core::refusal::Refusal;
use motcua_desk::practice::{Breakage, CITIZENS, PRACTICE_PIN};
use motcua_desk::{
    Content, Desk, DeskConfig, DeskError, DeskEvent, IntakeView, LampState, Stage, Via,
};
use motcua_drivers::{DeskDevices, Stroke};
use motcua_ledger::{KeyPolicy, PrintJobState};

/// How long a device or a disk may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(20);

/// What was said with nobody asking.
type Notices = Arc<Mutex<Vec<String>>>;

async fn open(dir: &Path) -> (Desk, Notices) {
    let notices = Notices::default();
    let said = Arc::clone(&notices);
    let config = DeskConfig {
        dir: dir.to_owned(),
        devices: DeskDevices::default(),
        bench: None,
        keys: KeyPolicy {
            prefer_keyring: false,
        },
        machine: "Máy quầy 1".into(),
        machine_id: Some("may-thu".into()),
        app: "0".into(),
    };
    let desk = Desk::open(config, move |event| {
        if let DeskEvent::Notice(error) = event {
            said.lock().unwrap().push(format!("{error:?}"));
        }
    })
    .await
    .unwrap();
    (desk, notices)
}

async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let started = std::time::Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(started.elapsed() < PATIENCE, "waited too long until {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn sign_in(desk: &Desk) {
    let entry = desk.entry().await.unwrap();
    let clerk = entry
        .staff
        .iter()
        .find(|(s, _)| s.role == Role::Clerk)
        .unwrap()
        .0
        .id;
    let counter = entry
        .counters
        .iter()
        .find(|(c, _)| c.number == "1")
        .unwrap()
        .0
        .id;
    desk.sign_in(clerk, PRACTICE_PIN, counter).await.unwrap();
}

async fn practice(dir: &Path) -> (Desk, Notices) {
    let (desk, notices) = open(dir).await;
    desk.start_practice().await.unwrap();
    sign_in(&desk).await;
    until("the devices are ready", async || {
        let ready =
            |v: &motcua_drivers::DeviceView| matches!(v.state, motcua_drivers::DeviceState::Ready);
        desk.devices().iter().all(ready).then_some(())
    })
    .await;
    (desk, notices)
}

/// Everything up to the key that receives.
async fn prepare(desk: &Desk) -> IntakeView {
    desk.practice_card(CITIZENS[0].qr).await.unwrap();
    until("the card filled a draft", async || {
        desk.intake()
            .await
            .unwrap()
            .filter(|v| !v.draft.person.full_name.value.is_empty())
    })
    .await;
    let code = "1.001193".parse().unwrap();
    let view = desk
        .change("procedure", Change::Procedure(Some(code)))
        .await
        .unwrap();
    let required: Vec<String> = view
        .draft
        .papers
        .iter()
        .filter(|p| p.required)
        .map(|p| p.key.clone())
        .collect();
    for key in required {
        desk.change("paper", Change::PaperChecked { key, checked: true })
            .await
            .unwrap();
    }
    desk.intake().await.unwrap().unwrap()
}

fn ink() -> Vec<Stroke> {
    let point = |i: u16| motcua_drivers::protocols::pad::StrokePoint {
        x: 0.1 + 0.02 * f32::from(i),
        y: 0.5,
        pressure: None,
        t_ms: u32::from(i) * 5,
    };
    vec![Stroke {
        points: (0..30).map(point).collect(),
    }]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_birth_from_the_call_to_the_slip_in_the_citizens_hand() {
    let dir = tempfile::tempdir().unwrap();
    let (desk, notices) = practice(dir.path()).await;
    assert_eq!(desk.entry().await.unwrap().stage, Stage::SignedIn);

    desk.call_next().await.unwrap();
    let queue = desk.queue().unwrap();
    let called = queue.in_hand.unwrap();
    assert!(called.issued.priority.is_some(), "the old man goes first");
    assert_eq!(desk.hall().unwrap().calls[0].label, called.issued.label);

    let view = prepare(&desk).await;
    assert_eq!(view.earlier.len(), 2, "her earlier dossiers are listed");
    assert_eq!(view.ticket_label.as_ref(), Some(&called.issued.label));

    desk.practice_scan("declaration").await.unwrap();
    let scan = until("the scan is in the inbox", async || {
        desk.scan_inbox().unwrap().pop()
    })
    .await;
    assert!(matches!(scan.content, Content::Ready { pages: 1, .. }));
    let key = view.draft.papers[0].key.clone();
    let view = desk.attach_scan(&key, scan.id).await.unwrap();
    assert_eq!(view.draft.papers[0].scans.len(), 1);
    assert!(desk.scan_inbox().unwrap().is_empty());
    let blob = &view.draft.papers[0].scans[0].blob;
    let picture = desk.scan_picture(blob.sha256, &blob.mime, 1).await.unwrap();
    assert_eq!(picture.mime, "image/png");

    desk.sign_begin(Via::Canvas).await.unwrap();
    let view = desk.sign_submit(ink()).await.unwrap();
    assert!(!view.signature_stale);
    assert_eq!(view.problems, []);

    let received = desk.receive().await.unwrap();
    assert!(received.code.to_string().starts_with("H56.6.17-"));
    assert!(desk.intake().await.unwrap().is_none());
    let file = until("the printer has said that the slip is out", async || {
        let file = desk.dossier(received.dossier).unwrap();
        file.dossier.is_printed().then_some(file)
    })
    .await;
    assert_eq!(file.prints[0].state, PrintJobState::Confirmed);
    assert!(
        file.life.second_copy.is_none(),
        "this PC is alone and does not pretend otherwise"
    );
    let status = desk.status().unwrap();
    assert_eq!(
        status.lamps.map(|l| l.state)[..3],
        [LampState::Ok, LampState::None, LampState::Ok]
    );

    let pdf = desk.form_bytes(received.dossier).unwrap();
    assert!(pdf.starts_with(b"%PDF-"));
    assert_eq!(
        pdf,
        desk.form_bytes(received.dossier).unwrap(),
        "the same record is the same paper"
    );

    desk.finish_ticket().await.unwrap();
    let today = desk.search(" ").unwrap();
    assert_eq!(today.len(), 1, "the seeded ones are of other days");
    assert_eq!(today[0].row.id, received.dossier);
    let again = desk.search("NGUYEN THI NGOC Y").unwrap();
    assert!(
        again.iter().any(|hit| hit.row.id == received.dossier),
        "found without marks"
    );
    assert!(
        notices.lock().unwrap().is_empty(),
        "{:?}",
        notices.lock().unwrap()
    );
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_citizen_signs_on_the_pad_and_the_words_are_kept_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let (desk, notices) = practice(dir.path()).await;
    prepare(&desk).await;
    desk.practice_sign().await.unwrap();
    let view = until("the signature is on the draft", async || {
        desk.intake()
            .await
            .unwrap()
            .filter(|view| view.draft.signature.is_some())
    })
    .await;
    assert!(!view.signature_stale);
    let kept = desk
        .signature(view.draft.signature.as_ref().unwrap())
        .unwrap()
        .unwrap();
    assert!(kept.strokes.len() > 1, "ink, stroke by stroke");
    assert_eq!(
        kept.document_hash,
        Some(view.draft.signature.unwrap().shown.to_string())
    );
    let view = desk.change("set_count", Change::SetCount(2)).await.unwrap();
    assert!(!view.signature_stale, "the words did not change");
    let view = desk
        .change(
            "paper",
            Change::PaperAdded {
                name: "Giấy ủy quyền".into(),
            },
        )
        .await
        .unwrap();
    assert!(view.signature_stale, "one more paper than was signed for");
    assert!(
        notices.lock().unwrap().is_empty(),
        "{:?}",
        notices.lock().unwrap()
    );
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_and_scanned_is_there_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let (desk, _) = practice(dir.path()).await;
    let before = prepare(&desk).await;
    desk.practice_scan("birth").await.unwrap();
    until("the scan is in the inbox", async || {
        desk.scan_inbox().unwrap().pop()
    })
    .await;
    desk.close().await;
    drop(desk);

    let (desk, _) = open(dir.path()).await;
    let entry = desk.entry().await.unwrap();
    assert_eq!(entry.stage, Stage::SignedOut);
    assert_eq!(entry.recovered.unwrap().person, "Nguyễn Thị Ngọc Ỷ");
    sign_in(&desk).await;
    assert_eq!(desk.intake().await.unwrap().unwrap().draft, before.draft);
    assert_eq!(desk.scan_inbox().unwrap().len(), 1);
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn paper_out_in_mid_slip_is_said_and_the_next_print_is_asked_for_by_a_person() {
    let dir = tempfile::tempdir().unwrap();
    let (desk, notices) = practice(dir.path()).await;
    prepare(&desk).await;
    desk.practice_break(Breakage::PaperOutMidSlip, true)
        .await
        .unwrap();
    let received = desk.receive().await.unwrap();
    let job = until("the print is over", async || {
        desk.dossier(received.dossier)
            .unwrap()
            .prints
            .into_iter()
            .find(|job| !job.state.is_open())
    })
    .await;
    assert_eq!(
        job.state,
        PrintJobState::Failed,
        "the dossier is safe, the paper is not out"
    );
    until("the clerk was told", async || {
        notices.lock().unwrap().first().cloned()
    })
    .await;

    desk.practice_break(Breakage::PaperOutMidSlip, false)
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(
        !desk.dossier(received.dossier).unwrap().dossier.is_printed(),
        "nothing prints by itself"
    );
    until("the printer is ready again", async || {
        desk.print_slip(received.dossier).await.ok()?;
        Some(())
    })
    .await;
    until("the slip is out", async || {
        desk.dossier(received.dossier)
            .unwrap()
            .dossier
            .is_printed()
            .then_some(())
    })
    .await;
    let again = desk.print_slip(received.dossier).await;
    assert!(
        matches!(again, Err(DeskError::Refused(Refusal::ReasonMissing))),
        "{again:?}"
    );
    desk.reprint_slip(received.dossier, "Phiếu bị ướt")
        .await
        .unwrap();
    until("the copy is out", async || {
        let prints = desk.dossier(received.dossier).unwrap().prints;
        prints
            .iter()
            .any(|job| job.copy == 2 && job.state == PrintJobState::Confirmed)
            .then_some(())
    })
    .await;
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cards_that_cannot_be_read_leave_the_draft_alone() {
    let dir = tempfile::tempdir().unwrap();
    let (desk, notices) = practice(dir.path()).await;
    for quirk in ["Mã khác", "Chứng minh nhân dân", "Thẻ đọc sai chế độ"] {
        let citizen = CITIZENS.iter().find(|c| c.name.starts_with(quirk)).unwrap();
        let count = notices.lock().unwrap().len();
        desk.practice_card(citizen.qr).await.unwrap();
        until("the clerk was told", async || {
            (notices.lock().unwrap().len() > count).then_some(())
        })
        .await;
    }
    assert!(desk.intake().await.unwrap().is_none());
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_no_scans_are_listed_with_their_reason() {
    let dir = tempfile::tempdir().unwrap();
    let (desk, _) = practice(dir.path()).await;
    for id in ["empty", "cut"] {
        desk.practice_scan(id).await.unwrap();
    }
    let refused = until("both are listed", async || {
        let inbox = desk.scan_inbox().unwrap();
        (inbox.len() == 2).then_some(inbox)
    })
    .await;
    assert!(
        refused
            .iter()
            .all(|s| !matches!(s.content, Content::Ready { .. })),
        "{refused:?}"
    );
    let dropped = desk
        .add_scan(
            "ghi-chu.txt",
            b"khong phai".to_vec(),
            motcua_desk::Origin::Dropped,
        )
        .await;
    assert!(matches!(dropped, Err(DeskError::Scan { .. })));
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn undo_takes_back_one_change_and_saves_it() {
    let dir = tempfile::tempdir().unwrap();
    let (desk, _) = practice(dir.path()).await;
    prepare(&desk).await;
    let note = |text: &str| Change::Note(text.to_owned());
    desk.change("note", note("một")).await.unwrap();
    desk.change("note", note("hai")).await.unwrap();
    assert_eq!(desk.undo().await.unwrap().draft.note, "một");
    desk.discard().await.unwrap();
    assert!(matches!(
        desk.undo().await,
        Err(DeskError::Refused(Refusal::NoDraft))
    ));
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_of_2019_or_2031_numbers_nothing() {
    const DAY_MS: i64 = 86_400_000;
    let dir = tempfile::tempdir().unwrap();
    let (desk, _) = practice(dir.path()).await;
    prepare(&desk).await;
    for shift in [-7 * 365 * DAY_MS, 5 * 365 * DAY_MS] {
        desk.clock().shift(shift);
        let refused = desk.receive().await;
        let doubtful = matches!(
            refused,
            Err(DeskError::Refused(
                Refusal::ClockDoubtful { .. }
                    | Refusal::ProcedureNotYet { .. }
                    | Refusal::Incomplete { .. }
            ))
        );
        assert!(doubtful, "{refused:?}");
        assert!(
            desk.status().unwrap().clock.is_err(),
            "the bottom bar says so"
        );
    }
    desk.clock().shift(0);
    assert!(
        desk.receive().await.is_ok(),
        "the draft was kept and is received by the right clock"
    );
    desk.close().await;
}
