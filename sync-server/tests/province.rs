//! From the counter through the hub to the province: the fourth lamp only on its answer, each dossier once.

#![allow(clippy::unwrap_used)]

mod common;

use common::desk::TestDesk;
use common::hub::TestHub;
use common::province::{FakeProvince, Turn};
use common::until_true;
use common::words::{code, dossier_id, practice_reception, reception, step};
use motcua_core::dossier::{DossierStatus, ProvinceOutcome};
use motcua_core::event::Event;
use motcua_core::ids::EntityId;
use motcua_ledger::hub::{ForwardState, HubStore as _};
use motcua_sync_server::ProvinceState;

async fn office_with(province: &FakeProvince) -> (TestHub, TestDesk) {
    let hub = TestHub::with_province(Some(province.config())).await;
    let desk = TestDesk::join("máy quầy 1", &hub.ticket()).await;
    desk.until_up().await;
    (hub, desk)
}

fn outcome(desk: &TestDesk, id: EntityId) -> Option<ProvinceOutcome> {
    desk.dossier(id)?.province.map(|answer| answer.outcome)
}

async fn until_confirmed(desk: &TestDesk, id: EntityId) {
    let confirmed = Some(ProvinceOutcome::Confirmed { external_id: None });
    until_true("the province's yes", || outcome(desk, id) == confirmed).await;
}

fn count(hub: &TestHub, state: &ForwardState) -> u64 {
    let counts = hub.store.forward_counts().unwrap();
    counts
        .into_iter()
        .filter(|(known, _)| known == state)
        .map(|(_, count)| count)
        .sum()
}

#[tokio::test]
async fn a_dossier_reaches_the_province_and_the_counter_hears_its_yes() {
    let province = FakeProvince::up().await;
    let (hub, desk) = office_with(&province).await;
    let id = desk.receive(7001).await;
    until_confirmed(&desk, id).await;
    assert_eq!(province.created(&code(7001)), 1);
    assert_eq!(count(&hub, &ForwardState::Confirmed), 1);
    let record = &province.accepted("DongBoHoSoMC")[0];
    assert_eq!(record["ChuHoSo"], "Lò Thị Mẩy");
    assert_eq!(record["KenhThucHien"], 1);
    assert_eq!(
        hub.handle.health().await.unwrap().forward.province,
        ProvinceState::Answers
    );
    assert!(desk.store.life_line(id).unwrap().province.is_some());
}

#[tokio::test]
async fn while_the_province_is_down_everything_waits_and_then_each_dossier_is_there_once() {
    let province = FakeProvince::down().await;
    let (hub, desk) = office_with(&province).await;
    let ids = [
        desk.receive(7001).await,
        desk.receive(7002).await,
        desk.receive(7003).await,
    ];
    desk.until_sent().await;
    until_true("three to wait", || count(&hub, &ForwardState::Queued) == 3).await;
    let is_silent =
        async || hub.handle.health().await.unwrap().forward.province == ProvinceState::Silent;
    common::until("silence to be noticed", || async {
        is_silent().await.then_some(())
    })
    .await;
    assert!(
        ids.iter().all(|id| outcome(&desk, *id).is_none()),
        "no lamp without an answer"
    );

    province.rise().await;
    for (id, number) in ids.into_iter().zip(7001..) {
        until_confirmed(&desk, id).await;
        assert_eq!(province.created(&code(number)), 1);
    }
}

#[tokio::test]
async fn five_hundred_after_success_is_looked_up_and_not_sent_again() {
    let province = FakeProvince::up().await;
    let (_hub, desk) = office_with(&province).await;
    province.next(Turn::AcceptThen(500));
    let id = desk.receive(7001).await;
    until_confirmed(&desk, id).await;
    assert_eq!(province.created(&code(7001)), 1);
    assert_eq!(
        province.calls("DongBoHoSoMC"),
        1,
        "looked up, never sent again"
    );
    assert!(province.calls("TraCuuHoSo") >= 1);
}

#[tokio::test]
async fn silence_after_success_is_looked_up_too() {
    let province = FakeProvince::up().await;
    let (_hub, desk) = office_with(&province).await;
    province.next(Turn::AcceptThenSilence);
    let id = desk.receive(7001).await;
    until_confirmed(&desk, id).await;
    assert_eq!(province.calls("DongBoHoSoMC"), 1);
    assert_eq!(province.created(&code(7001)), 1);
}

#[tokio::test]
async fn what_is_surely_absent_is_sent_again_with_the_same_key() {
    let province = FakeProvince::up().await;
    let (_hub, desk) = office_with(&province).await;
    province.next(Turn::ProxyPage);
    province.next(Turn::Show(502));
    let id = desk.receive(7001).await;
    until_confirmed(&desk, id).await;
    assert_eq!(province.created(&code(7001)), 1);
    assert_eq!(province.calls("DongBoHoSoMC"), 3);
    assert!(
        province.calls("TraCuuHoSo") >= 4,
        "twice before each resend"
    );
    assert_eq!(province.keys(), 1);
}

#[tokio::test]
async fn a_token_that_has_run_out_is_renewed() {
    let province = FakeProvince::up().await;
    let (_hub, desk) = office_with(&province).await;
    let first = desk.receive(7001).await;
    until_confirmed(&desk, first).await;
    province.expire_tokens();
    let second = desk.receive(7002).await;
    until_confirmed(&desk, second).await;
    assert_eq!(province.created(&code(7002)), 1);
}

#[tokio::test]
async fn a_wrong_account_is_said_to_be_one_and_loses_nothing() {
    let province = FakeProvince::up().await;
    let mut config = province.config();
    config.client_secret = "sai".into();
    let hub = TestHub::with_province(Some(config)).await;
    let desk = TestDesk::join("máy quầy 1", &hub.ticket()).await;
    let id = desk.receive(7001).await;
    let refused = async || {
        hub.handle.health().await.unwrap().forward.province == ProvinceState::WrongCredentials
    };
    common::until("the refusal", || async { refused().await.then_some(()) }).await;
    assert_eq!(outcome(&desk, id), None);
    assert_eq!(count(&hub, &ForwardState::Parked), 0);
}

#[tokio::test]
async fn a_refusal_is_parked_and_told_with_the_provinces_words() {
    let province = FakeProvince::up().await;
    let (hub, desk) = office_with(&province).await;
    let Event::DossierReceived(mut received) = reception(7001, &[]) else {
        unreachable!()
    };
    received.procedure.code = "0.000000".parse().unwrap();
    let id = dossier_id(7001);
    desk.record(id, vec![Event::DossierReceived(received)])
        .await;
    let refused = ProvinceOutcome::Refused {
        code: "3".into(),
        message: "MaTTHC: không có".into(),
    };
    until_true("the refusal", || {
        outcome(&desk, id).as_ref() == Some(&refused)
    })
    .await;
    assert_eq!(count(&hub, &ForwardState::Parked), 1);

    let next = desk.receive(7002).await;
    until_confirmed(&desk, next).await;
}

#[tokio::test]
async fn steps_follow_their_dossier_in_order() {
    let province = FakeProvince::up().await;
    let (hub, desk) = office_with(&province).await;
    province.next(Turn::AcceptThen(500));
    let id = desk.receive(7001).await;
    desk.record(
        id,
        vec![step(DossierStatus::Received, DossierStatus::Processing)],
    )
    .await;
    desk.record(
        id,
        vec![step(DossierStatus::Processing, DossierStatus::Completed)],
    )
    .await;
    until_true("all three", || count(&hub, &ForwardState::Confirmed) == 3).await;
    let statuses: Vec<_> = province
        .accepted("CapNhatTienDoHoSoMC")
        .iter()
        .map(|record| record["TrangThai"].clone())
        .collect();
    assert_eq!(statuses, [4, 9]);
}

#[tokio::test]
async fn practice_never_leaves_the_office() {
    let province = FakeProvince::up().await;
    let (hub, desk) = office_with(&province).await;
    desk.record(dossier_id(7001), vec![practice_reception(7001)])
        .await;
    let real = desk.receive(7002).await;
    until_confirmed(&desk, real).await;
    assert_eq!(province.created(&code(7001)), 0);
    assert_eq!(count(&hub, &ForwardState::Confirmed), 1);
}

#[tokio::test]
async fn a_hub_that_is_closed_while_sending_looks_up_before_it_sends_again() {
    let province = FakeProvince::up().await;
    let hub = TestHub::with_province(Some(province.config())).await;
    let desk = TestDesk::join("máy quầy 1", &hub.ticket()).await;
    province.next(Turn::AcceptThenSilence);
    let id = desk.receive(7001).await;
    until_true("the call", || province.calls("DongBoHoSoMC") == 1).await;
    let hub = hub.restart_with(Some(province.config())).await;
    until_true("the province's yes at the hub", || {
        count(&hub, &ForwardState::Confirmed) == 1
    })
    .await;
    desk.exchange.sync_now();
    until_confirmed(&desk, id).await;
    assert_eq!(province.calls("DongBoHoSoMC"), 1);
    assert_eq!(province.created(&code(7001)), 1);
}
