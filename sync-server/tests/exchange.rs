//! Counters and their hub over real sockets, stores and certificates.

#![allow(clippy::unwrap_used)]

mod common;

use common::desk::TestDesk;
use common::hub::TestHub;
use common::line::Line;
use common::until_true;
use common::words::{call, counter, dossier_id, issue, note, office, reception, stamp, ticket_id};
use motcua_core::ids::{ScopeId, SessionId};
use motcua_core::numbers::Series;
use motcua_core::state::office_entity;
use motcua_ledger::exchange::{EnrolError, ExchangeEvent, LinkState, enrol, look_at};
use motcua_sync_server::clock::local_now;
use std::time::Duration;

fn office_id() -> motcua_core::ids::EntityId {
    office_entity(&ScopeId(common::words::ORG.to_owned()))
}

#[tokio::test]
async fn a_reception_at_one_counter_is_known_at_the_other_with_its_place_in_the_log() {
    let hub = TestHub::start().await;
    let first = TestDesk::join("máy quầy 1", &hub.ticket()).await;
    let second = TestDesk::join("máy quầy 2", &hub.ticket()).await;
    let id = first.receive(7001).await;

    let there = second.until_knows(id).await;
    assert_eq!(there.received.owner.full_name, "Lò Thị Mẩy");
    let here = first.until_knows(id).await;
    assert_eq!(here.last_seq, there.last_seq);
    first.until_sent().await;

    let status = first
        .until_status("a quiet link", |s| s.pending_ops == 0 && s.is_live)
        .await;
    let expected = LinkState::Up {
        hub: "Máy chủ Bản Mây".into(),
        machine: "machine-hub".into(),
    };
    assert_eq!(status.state, expected);
    assert!(status.last_ack_at_ms.is_some() && status.clock_offset_ms.unwrap().abs() < 5_000);
    assert_eq!(
        first.store.life_line(id).unwrap().second_copy.as_deref(),
        Some("Máy chủ Bản Mây")
    );
}

#[tokio::test]
async fn both_counters_read_the_same_log() {
    let hub = TestHub::start().await;
    let first = TestDesk::join("máy quầy 1", &hub.ticket()).await;
    let second = TestDesk::join("máy quầy 2", &hub.ticket()).await;
    for number in 0..20 {
        let (desk, number) = if number % 2 == 0 {
            (&first, 7000 + number)
        } else {
            (&second, 7100 + number)
        };
        desk.receive(number).await;
    }
    let head = |desk: &TestDesk| {
        desk.store
            .cursor()
            .unwrap()
            .filter(|cursor| cursor.seq == 20)
    };
    until_true("both at the head", || {
        head(&first).is_some() && head(&first) == head(&second)
    })
    .await;
    assert_eq!(hub.log().len(), 20);
    assert!(
        first.store.verify().unwrap().wrong.is_empty()
            && second.store.verify().unwrap().wrong.is_empty()
    );
}

#[tokio::test]
async fn work_goes_on_while_the_line_is_cut_and_everything_arrives_once_when_it_is_mended() {
    let hub = TestHub::start().await;
    let line = Line::to(hub.handle.addr()).await;
    let first = TestDesk::join_through("máy quầy 1", &hub.ticket(), &line.url()).await;
    let second = TestDesk::join("máy quầy 2", &hub.ticket()).await;
    first.until_up().await;
    line.cut();
    first
        .until_status("the cut to be noticed", |s| {
            matches!(s.state, LinkState::Down { .. })
        })
        .await;

    let ids = [
        first.receive(7001).await,
        first.receive(7002).await,
        first.receive(7003).await,
    ];
    let status = first
        .until_status("three to wait", |s| s.pending_ops == 3)
        .await;
    assert!(!status.is_up() && status.next_try_at_ms.is_some());
    assert!(
        first.store.life_line(ids[0]).unwrap().second_copy.is_none(),
        "no lamp without an answer"
    );

    line.mend();
    first.exchange.sync_now();
    for id in ids {
        second.until_knows(id).await;
    }
    first.until_sent().await;
    assert_eq!(hub.log().len(), 3);
}

#[tokio::test]
async fn an_hour_of_short_cuts_loses_nothing_and_doubles_nothing() {
    let hub = TestHub::start().await;
    let line = Line::to(hub.handle.addr()).await;
    let desk = TestDesk::join_through("máy quầy 1", &hub.ticket(), &line.url()).await;
    for round in 0_u32..12 {
        desk.until_up().await;
        line.cut_after(u64::from(round) * 700 + 300);
        for number in 0..5 {
            desk.receive(7000 + round * 5 + number).await;
        }
        until_true("the cut", || !line.is_whole()).await;
        line.mend();
        desk.exchange.sync_now();
    }
    desk.until_sent().await;
    let mut dseqs: Vec<u64> = hub.log().iter().map(|(op, _)| op.op.dseq).collect();
    dseqs.dedup();
    assert_eq!(dseqs, (1..=60).collect::<Vec<u64>>());
}

#[tokio::test]
async fn a_hub_that_is_closed_and_opened_again_goes_on_with_the_same_log() {
    let hub = TestHub::start().await;
    let desk = TestDesk::join("máy quầy 1", &hub.ticket()).await;
    desk.receive(7001).await;
    desk.until_sent().await;
    let hub = hub.restart().await;
    let id = desk.receive(7002).await;
    desk.exchange.sync_now();
    desk.until_knows(id).await;
    assert_eq!(hub.log().len(), 2);
}

#[tokio::test]
async fn a_call_reaches_the_other_counters_and_the_hall() {
    let hub = TestHub::start().await;
    let first = TestDesk::join("máy quầy 1", &hub.ticket()).await;
    let second = TestDesk::join("máy quầy 2", &hub.ticket()).await;
    first.record(office_id(), office()).await;
    first.record(ticket_id(1), vec![issue(1)]).await;
    first.record(ticket_id(2), vec![issue(2)]).await;
    second.until_status("the live line", |s| s.is_live).await;
    first.record(ticket_id(1), vec![call()]).await;

    let called = || {
        second.events().into_iter().find_map(|event| match event {
            ExchangeEvent::Called(call) => Some(call),
            _ => None,
        })
    };
    until_true("the call", || called().is_some()).await;
    let heard = called().unwrap();
    assert_eq!((heard.label.as_str(), heard.counter_number), ("A001", 3));

    let hall: serde_json::Value = plain_http()
        .get(format!("{}/v1/hall", hub.plain_url()))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(
        hall["officeName"],
        "Trung tâm Phục vụ hành chính công xã Bản Mây"
    );
    assert_eq!(hall["calls"][0]["label"], "A001");
    assert_eq!(hall["calls"][0]["counterNumber"], 3);
    assert_eq!(hall["waits"][0]["fieldName"], "Hộ tịch, chứng thực");
    assert_eq!(hall["waits"][0]["waiting"], 1);
    assert!(
        !hall.to_string().contains("Mẩy"),
        "no personal data in the hall"
    );

    let hub = hub.restart().await;
    let again: serde_json::Value = plain_http()
        .get(format!("{}/v1/hall", hub.plain_url()))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(
        again["calls"], hall["calls"],
        "the display shows the same after a restart"
    );
}

#[tokio::test]
async fn the_hub_numbers_in_a_row_and_the_same_asker_gets_the_same_number() {
    let hub = TestHub::start().await;
    let line = Line::to(hub.handle.addr()).await;
    let desk = TestDesk::join_through("máy quầy 1", &hub.ticket(), &line.url()).await;
    desk.until_up().await;
    let (day, second) = (local_now().date(), Duration::from_secs(5));
    let take = async |key: &str| {
        desk.exchange
            .take_number(&Series::Dossier, day, key, second)
            .await
    };
    assert_eq!(
        take("hồ sơ-a").await,
        None,
        "a key that is no ASCII text cannot travel in a header"
    );
    assert_eq!(
        [take("a").await, take("b").await, take("a").await],
        [Some(1), Some(2), Some(1)]
    );
    line.cut();
    desk.until_status("the cut to be noticed", |s| !s.is_up())
        .await;
    assert_eq!(
        take("c").await,
        None,
        "alone: the counter takes from its own slice"
    );
}

#[tokio::test]
async fn a_hub_that_does_not_answer_in_time_gives_no_number() {
    let hub = TestHub::start().await;
    let desk = TestDesk::join("máy quầy 1", &hub.ticket()).await;
    desk.until_up().await;
    let none = desk
        .exchange
        .take_number(&Series::Dossier, local_now().date(), "a", Duration::ZERO)
        .await;
    assert_eq!(none, None);
}

#[tokio::test]
async fn only_the_code_on_the_screen_lets_a_machine_in() {
    let hub = TestHub::start().await;
    let ticket = hub.ticket();
    let key = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    let device = motcua_core::ids::DeviceId::derived("máy lạ");
    let wrong = |digit: u8| {
        let code = format!("{digit:06}");
        motcua_ledger::exchange::EnrolTicket {
            code,
            ..ticket.clone()
        }
    };
    let seen = look_at(&ticket.url).await.unwrap();
    assert_eq!(seen.fingerprint.to_string(), ticket.fingerprint);
    assert_eq!(seen.hub, "Máy chủ Bản Mây");

    for digit in 1..5 {
        let refused = enrol(&wrong(digit), device, &key, "máy lạ")
            .await
            .unwrap_err();
        assert!(matches!(refused, EnrolError::WrongCode), "{refused:?}");
    }
    let refused = enrol(&wrong(5), device, &key, "máy lạ").await.unwrap_err();
    assert!(matches!(refused, EnrolError::Locked), "{refused:?}");
    let refused = enrol(&ticket, device, &key, "máy lạ").await.unwrap_err();
    assert!(
        matches!(refused, EnrolError::Locked),
        "the right code comes too late: {refused:?}"
    );

    let fresh = hub.ticket();
    let joined = enrol(&fresh, device, &key, "máy lạ").await.unwrap();
    let again = enrol(&fresh, device, &key, "máy lạ").await.unwrap();
    assert_eq!(joined, again, "the first answer was lost");
    let other = ed25519_dalek::SigningKey::from_bytes(&[8; 32]);
    let refused = enrol(
        &fresh,
        motcua_core::ids::DeviceId::derived("máy khác"),
        &other,
        "máy khác",
    )
    .await;
    assert!(matches!(refused, Err(EnrolError::Closed)), "{refused:?}");
}

#[tokio::test]
async fn nothing_is_sent_to_a_hub_with_another_fingerprint() {
    let (hub, stranger) = (TestHub::start().await, TestHub::start().await);
    let mut ticket = hub.ticket();
    ticket.url = stranger.url();
    let key = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    let refused = enrol(&ticket, motcua_core::ids::DeviceId::derived("m"), &key, "m")
        .await
        .unwrap_err();
    let EnrolError::Trouble(trouble) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(trouble.code(), "wrong_certificate");
    assert_eq!(stranger.handle.health().await.unwrap().devices.len(), 0);
}

#[tokio::test]
async fn a_machine_that_was_struck_off_is_told_and_what_it_writes_stays_with_it() {
    let hub = TestHub::start().await;
    let desk = TestDesk::join("máy quầy 1", &hub.ticket()).await;
    desk.receive(7001).await;
    desk.until_sent().await;
    assert!(hub.store.revoke(desk.store.device(), 0).unwrap());
    desk.receive(7002).await;
    desk.exchange.sync_now();
    desk.until_status("revoked", |s| s.state == LinkState::Revoked)
        .await;
    assert_eq!(hub.log().len(), 1);
    assert!(desk.dossier(dossier_id(7002)).is_some());
}

#[tokio::test]
async fn the_health_page_names_every_machine_and_shows_the_code_only_here() {
    let hub = TestHub::start().await;
    let desk = TestDesk::join("Máy quầy 3", &hub.ticket()).await;
    desk.receive(7001).await;
    desk.until_sent().await;
    let http = plain_http();
    let get = async |path: &str| {
        http.get(format!("{}{path}", hub.plain_url()))
            .send()
            .await
            .unwrap()
    };
    let health: serde_json::Value = get("/health.json").await.json().await.unwrap();
    assert_eq!(health["head"], 1);
    assert_eq!(health["devices"][0]["name"], "Máy quầy 3");
    assert_eq!(health["devices"][0]["acked_dseq"], 1);
    assert_eq!(health["key_home"], "file");
    assert_eq!(health["last_verified_backup_at"], serde_json::Value::Null);
    assert!(health["disk_free_bytes"].as_u64().unwrap() > 0);

    let page = get("/health").await.text().await.unwrap();
    assert!(
        page.contains("Máy quầy 3") && page.contains("Chưa mở mã ghép"),
        "{page}"
    );
    let opened = http
        .post(format!("{}/health/enrol", hub.plain_url()))
        .send()
        .await
        .unwrap();
    let page = opened.text().await.unwrap();
    assert!(page.contains("MOTCUA1 https://"), "{page}");
}

#[tokio::test]
async fn a_fresh_counter_reads_the_whole_log() {
    let hub = TestHub::start().await;
    let first = TestDesk::join("máy quầy 1", &hub.ticket()).await;
    let id = dossier_id(7001);
    let mut events = vec![reception(7001, &[])];
    events.extend((0..2_400).map(|n| note(&format!("Ghi chú {n}"))));
    first.record(id, events).await;
    first.until_sent().await;
    let second = TestDesk::join("máy quầy 2", &hub.ticket()).await;
    until_true("all lines", || {
        second
            .store
            .cursor()
            .unwrap()
            .is_some_and(|c| c.seq == 2_401)
    })
    .await;
    assert_eq!(second.dossier(id).unwrap().notes.len(), 2_400);
    assert!(second.store.verify().unwrap().wrong.is_empty());
}

#[tokio::test]
async fn a_hub_that_stops_does_not_wait_for_those_who_listen() {
    let hub = TestHub::start().await;
    let desk = TestDesk::join("máy quầy 1", &hub.ticket()).await;
    desk.until_status("the live line", |s| s.is_live).await;
    let stopped = tokio::time::timeout(Duration::from_secs(5), hub.handle.shutdown()).await;
    assert!(stopped.is_ok(), "live lines end with the hub");
    desk.until_status("the loss to be noticed", |s| !s.is_up())
        .await;
}

fn plain_http() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

#[test]
fn the_words_of_the_tests_are_of_one_person_at_one_counter() {
    assert_eq!(stamp().session, SessionId::derived("ca sáng"));
    assert_ne!(counter(), common::words::field());
}
