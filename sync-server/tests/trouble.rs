//! Hubs that fail, lie, or are somebody else: each has its name, none costs an operation.

#![allow(clippy::unwrap_used)]

mod common;

use common::desk::{TestDesk, copy_folder};
use common::hub::TestHub;
use common::line::Line;
use common::meddler::{Meddler, Trick};
use common::until_true;
use common::words::{dossier_id, note};
use motcua_ledger::exchange::{LinkState, LinkStatus, Trouble};

/// A hub, somebody who meddles in front of it, and a counter that goes through them.
async fn meddled() -> (TestHub, Meddler, TestDesk) {
    let hub = TestHub::start().await;
    let meddler = Meddler::before(hub.plain_url(), hub.dir()).await;
    let desk = TestDesk::join_through("máy quầy 1", &hub.ticket(), &meddler.url()).await;
    desk.until_up().await;
    (hub, meddler, desk)
}

fn down_code(status: &LinkStatus) -> Option<&'static str> {
    match &status.state {
        LinkState::Down { reason, .. } => Some(reason.code()),
        _ => None,
    }
}

/// What is done to a page.
type Change = fn(String) -> String;

/// Each operation of one counter, once, in order.
fn assert_each_once(hub: &TestHub, count: u64) {
    let dseqs: Vec<u64> = hub.log().iter().map(|(op, _)| op.op.dseq).collect();
    assert_eq!(dseqs, (1..=count).collect::<Vec<u64>>());
}

#[tokio::test]
async fn a_hub_that_fails_on_every_push_costs_nothing_and_reading_goes_on() {
    let (hub, meddler, desk) = meddled().await;
    let other = TestDesk::join("máy quầy 2", &hub.ticket()).await;
    meddler.trick(
        "/v1/push",
        u32::MAX,
        Trick::Answer(500, "Lỗi hệ thống".into()),
    );
    desk.receive(7001).await;
    let status = desk
        .until_status("the failure", |s| s.push_trouble.is_some())
        .await;
    assert_eq!(
        status.push_trouble,
        Some(Trouble::HubFailed {
            status: 500,
            code: None
        })
    );
    assert!(status.is_up() && status.pending_ops == 1);

    let news = other.receive(7100).await;
    desk.until_knows(news).await;
    meddler.behave();
    desk.exchange.sync_now();
    desk.until_sent().await;
    desk.until_status("no trouble", |s| s.push_trouble.is_none())
        .await;
    assert_eq!(hub.log().len(), 2);
}

#[tokio::test]
async fn a_hub_that_answers_nonsense_is_called_so() {
    let (hub, meddler, desk) = meddled().await;
    for (path, body) in [
        ("/v1/push", "<!doctype html><title>Wi-Fi miễn phí</title>"),
        ("/v1/push", r#"{"acked_dseq": "nhiều"}"#),
        ("/v1/push", r#"{"acked_dseq":0,"by":"hub","results":[]}"#),
    ] {
        let before = hub.log().len() as u64;
        meddler.trick(path, u32::MAX, Trick::Answer(200, body.into()));
        desk.record(
            dossier_id(7001),
            if before == 0 {
                vec![common::words::reception(7001, &[])]
            } else {
                vec![note(body)]
            },
        )
        .await;
        let status = desk
            .until_status("the nonsense", |s| s.push_trouble.is_some())
            .await;
        assert_eq!(status.push_trouble, Some(Trouble::Garbled), "{body}");
        meddler.behave();
        desk.exchange.sync_now();
        desk.until_sent().await;
        desk.until_status("no trouble", |s| s.push_trouble.is_none())
            .await;
    }
    assert_each_once(&hub, 3);
}

#[tokio::test]
async fn a_hub_that_does_the_work_and_then_says_it_failed_does_it_once() {
    let (hub, meddler, desk) = meddled().await;
    meddler.trick("/v1/push", 3, Trick::DoneBut(500));
    desk.receive(7001).await;
    desk.receive(7002).await;
    desk.until_status("the failure", |s| s.push_trouble.is_some())
        .await;
    for _ in 0..4 {
        desk.exchange.sync_now();
    }
    desk.until_sent().await;
    assert_each_once(&hub, 2);
}

#[tokio::test]
async fn a_hub_that_takes_only_little_at_once_gets_little() {
    let (hub, meddler, desk) = meddled().await;
    meddler.trick("/v1/push", 3, Trick::Answer(413, String::new()));
    let mut events = vec![common::words::reception(7001, &[])];
    events.extend((0..40).map(|n| note(&n.to_string())));
    desk.record(dossier_id(7001), events).await;
    desk.until_sent().await;
    assert_each_once(&hub, 41);
}

#[tokio::test]
async fn a_busy_hub_is_left_alone_for_as_long_as_it_asks() {
    let (hub, meddler, desk) = meddled().await;
    meddler.trick("/v1/push", 1, Trick::Answer(429, String::new()));
    desk.receive(7001).await;
    let status = desk
        .until_status("the refusal", |s| s.push_trouble.is_some())
        .await;
    assert_eq!(status.push_trouble.unwrap().code(), "busy");
    desk.until_sent().await;
    assert_each_once(&hub, 1);
}

#[tokio::test]
async fn pages_that_do_not_continue_the_log_are_not_taken() {
    let (hub, meddler, desk) = meddled().await;
    let other = TestDesk::join("máy quầy 2", &hub.ticket()).await;
    let first = other.receive(7100).await;
    desk.until_knows(first).await;
    let changes: [(Change, &str); 4] = [
        (
            |page| page.replacen("\"seq\":", "\"seq\":1", 1),
            "log_broken",
        ),
        (
            |page| {
                page.replace("\"chain\":\"", "\"chain\":\"00")
                    .replacen("00", "", 0)
            },
            "garbled",
        ),
        (|page| page.replace("applied", "duplicate"), "log_broken"),
        (|page| page[..page.len() / 2].to_owned(), "garbled"),
    ];
    for (round, (change, expected)) in changes.into_iter().enumerate() {
        let before = desk.store.cursor().unwrap().unwrap();
        meddler.trick("/v1/scopes/", u32::MAX, Trick::Change(change));
        let number = 7101 + u32::try_from(round).unwrap();
        let id = other.receive(number).await;
        desk.exchange.sync_now();
        let status = desk
            .until_status("the trouble", |s| s.pull_trouble.is_some())
            .await;
        assert_eq!(status.pull_trouble.unwrap().code(), expected);
        assert_eq!(
            desk.store.cursor().unwrap().unwrap(),
            before,
            "the cursor stays"
        );
        meddler.behave();
        desk.exchange.sync_now();
        desk.until_knows(id).await;
        desk.until_status("no trouble", |s| s.pull_trouble.is_none())
            .await;
    }
    assert!(desk.store.verify().unwrap().wrong.is_empty());
}

#[tokio::test]
async fn a_page_of_another_log_is_refused_and_the_link_says_so() {
    let (hub, meddler, desk) = meddled().await;
    let other = TestDesk::join("máy quầy 2", &hub.ticket()).await;
    let first = other.receive(7100).await;
    desk.until_knows(first).await;
    let other_log: fn(String) -> String = |body| {
        body.replace(
            "\"log_id\":\"",
            "\"log_id\":\"00000000-0000-4000-8000-000000000000\",\"was\":\"",
        )
    };
    meddler.trick("/v1/scopes/", u32::MAX, Trick::Change(other_log));
    meddler.trick("/v1/hello", u32::MAX, Trick::Change(other_log));
    let id = other.receive(7101).await;
    desk.receive(7001).await;
    desk.exchange.sync_now();
    let status = desk
        .until_status("the other log", |s| down_code(s) == Some("other_log"))
        .await;
    assert!(status.next_try_at_ms.is_some());
    meddler.behave();
    desk.exchange.sync_now();
    desk.until_knows(id).await;
    desk.until_sent().await;
}

#[tokio::test]
async fn at_hello_every_failure_has_its_name() {
    let (hub, meddler, desk) = meddled().await;
    let cases = [
        (Trick::Answer(500, String::new()), "hub_failed"),
        (Trick::Answer(200, "<html>".into()), "garbled"),
        (Trick::Answer(503, String::new()), "busy"),
        (
            Trick::Change(|body| body.replace("H56.6.17", "H56.6.18")),
            "other_office",
        ),
        (
            Trick::Answer(403, r#"{"code":"unknown_device","detail":""}"#.into()),
            "unknown_device",
        ),
    ];
    for (trick, expected) in cases {
        meddler.trick("/v1/hello", u32::MAX, trick);
        // A token that is suddenly unknown makes the counter say hello again.
        meddler.trick(
            "/v1/push",
            1,
            Trick::Answer(401, r#"{"code":"session_ended","detail":""}"#.into()),
        );
        desk.record(
            dossier_id(7001),
            match hub.log().len() {
                0 => vec![common::words::reception(7001, &[])],
                _ => vec![note(expected)],
            },
        )
        .await;
        desk.until_status(expected, |s| down_code(s) == Some(expected))
            .await;
        meddler.behave();
        desk.exchange.sync_now();
        desk.until_sent().await;
    }
    assert_each_once(&hub, 5);
}

#[tokio::test]
async fn another_offices_hub_at_the_same_address_gets_nothing() {
    let (hub, stranger) = (TestHub::start().await, TestHub::start().await);
    let line = Line::to(hub.handle.addr()).await;
    let desk = TestDesk::join_through("máy quầy 1", &hub.ticket(), &line.url()).await;
    desk.until_up().await;
    line.lead_to(stranger.handle.addr());
    desk.receive(7001).await;
    desk.exchange.sync_now();
    let is_wrong = |s: &LinkStatus| matches!(s.state, LinkState::WrongCertificate { .. });
    let status = desk.until_status("the wrong certificate", is_wrong).await;
    assert_eq!(status.pending_ops, 1);
    assert_eq!((stranger.log().len(), hub.log().len()), (0, 0));
    line.lead_to(hub.handle.addr());
    desk.exchange.sync_now();
    desk.until_sent().await;
    assert_each_once(&hub, 1);
}

#[tokio::test]
async fn a_machine_put_back_from_an_old_disk_image_goes_on_in_a_new_epoch_and_loses_nothing() {
    let hub = TestHub::start().await;
    let desk = TestDesk::join("máy quầy 1", &hub.ticket()).await;
    let witness = TestDesk::join("máy quầy 2", &hub.ticket()).await;
    let old = desk.receive(7001).await;
    desk.until_knows(old).await;
    let image = tempfile::tempdir().unwrap();
    let desk = desk.reopen(|dir| copy_folder(dir, image.path())).await;
    let after_image = desk.receive(7002).await;
    desk.until_knows(after_image).await;

    let desk = desk
        .reopen(|dir| {
            std::fs::remove_dir_all(dir).unwrap();
            copy_folder(image.path(), dir);
        })
        .await;
    assert_eq!(
        desk.dossier(after_image).map(|d| d.id),
        None,
        "the image knows nothing of it"
    );
    let in_new_life = desk.receive(7003).await;
    desk.exchange.sync_now();

    desk.until_knows(after_image).await;
    witness.until_knows(in_new_life).await;
    desk.until_sent().await;
    let log = hub.log();
    let device = desk.store.device();
    let written: Vec<(u32, u64)> = log
        .iter()
        .filter(|(op, _)| op.op.device == device)
        .map(|(op, _)| (op.op.epoch, op.op.dseq))
        .collect();
    assert_eq!(written, [(1, 1), (1, 2), (2, 1)]);
    assert!(log.iter().all(|(_, decision)| decision.stands()), "{log:?}");
    assert!(desk.store.verify().unwrap().wrong.is_empty());
}

#[tokio::test]
async fn a_hub_restarted_while_counters_wait_is_found_again_by_itself() {
    let hub = TestHub::start().await;
    let desk = TestDesk::join("máy quầy 1", &hub.ticket()).await;
    desk.until_up().await;
    let hub = hub.restart().await;
    desk.receive(7001).await;
    until_true("the reception at the hub", || hub.log().len() == 1).await;
    desk.until_sent().await;
}
