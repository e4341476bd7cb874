//! Scans on the way to the hub and back.

#![allow(clippy::unwrap_used)]

mod common;

use common::desk::TestDesk;
use common::hub::TestHub;
use common::line::Line;
use common::meddler::{Meddler, Trick};
use common::until_true;
use common::words::{dossier_id, reception};
use motcua_core::dossier::BlobRef;
use motcua_core::ids::Hash;
use motcua_ledger::exchange::wire::BLOB_CHUNK_BYTES;
use motcua_ledger::hub::HubStore as _;

const CHUNK: usize = BLOB_CHUNK_BYTES;

/// Bytes of a scan that no compression makes smaller.
fn scan(len: usize, seed: u8) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(len + 32);
    let mut block = Hash::of(&[seed]);
    while bytes.len() < len {
        bytes.extend_from_slice(&block.0);
        block = Hash::of(&block.0);
    }
    bytes.truncate(len);
    bytes
}

async fn receive_with(desk: &TestDesk, number: u32, bytes: Vec<u8>) -> BlobRef {
    let scan = desk.store.put_blob(bytes, "application/pdf").await.unwrap();
    desk.record(
        dossier_id(number),
        vec![reception(number, std::slice::from_ref(&scan))],
    )
    .await;
    scan
}

#[tokio::test]
async fn a_scan_goes_to_the_hub_and_to_whoever_opens_it() {
    let hub = TestHub::start().await;
    let first = TestDesk::join("máy quầy 1", &hub.ticket()).await;
    let second = TestDesk::join("máy quầy 2", &hub.ticket()).await;
    let bytes = scan(3 * CHUNK + 17, 1);
    let scan = receive_with(&first, 7001, bytes.clone()).await;
    first.until_sent().await;
    assert_eq!(
        hub.store.blob_read(scan.sha256).unwrap(),
        Some(bytes.clone())
    );
    second.until_up().await;
    assert_eq!(
        second.exchange.fetch_blob(scan.sha256).await.unwrap(),
        bytes
    );
    let line = first.store.life_line(dossier_id(7001)).unwrap();
    assert_eq!((line.blobs_there, line.blobs), (1, 1));
}

#[tokio::test]
async fn a_cut_line_costs_at_most_one_chunk() {
    let hub = TestHub::start().await;
    let line = Line::to(hub.handle.addr()).await;
    let desk = TestDesk::join_through("máy quầy 1", &hub.ticket(), &line.url()).await;
    desk.until_status("the live line", |s| s.is_live).await;
    let size = 12 * CHUNK;
    let before = line.up_bytes();
    line.cut_after((7 * CHUNK + CHUNK / 2) as u64);
    let scan = receive_with(&desk, 7001, scan(size, 2)).await;
    until_true("the cut", || !line.is_whole()).await;
    assert_eq!(desk.store.pending_counts().unwrap().blobs, 1);
    line.mend();
    desk.exchange.sync_now();
    desk.until_sent().await;
    assert!(hub.store.blob(scan.sha256).unwrap().unwrap().complete);
    let sent = line.up_bytes() - before;
    // What is not scan: TLS, headers, hello, the operation. Far less than another chunk.
    let other = CHUNK / 2;
    assert!(
        sent <= (size + CHUNK + other) as u64,
        "{sent} bytes for a scan of {size}"
    );
}

#[tokio::test]
async fn a_hub_that_is_closed_in_the_middle_of_a_scan_goes_on_at_the_byte_it_has() {
    let hub = TestHub::start().await;
    let meddler = Meddler::before(hub.plain_url(), hub.dir()).await;
    let desk = TestDesk::join_through("máy quầy 1", &hub.ticket(), &meddler.url()).await;
    desk.until_up().await;
    let bytes = scan(2 * CHUNK + 5, 3);
    meddler.trick("/v1/uploads/", 1, Trick::DoneBut(500));
    let scan = receive_with(&desk, 7001, bytes.clone()).await;
    desk.until_status("the failure", |s| s.blob_trouble.is_some())
        .await;
    desk.exchange.sync_now();
    desk.until_sent().await;
    assert_eq!(hub.store.blob_read(scan.sha256).unwrap(), Some(bytes));
    desk.until_status("no trouble", |s| s.blob_trouble.is_none())
        .await;
}

#[tokio::test]
async fn a_scan_that_the_hub_refuses_does_not_hold_up_the_next_nor_any_operation() {
    let hub = TestHub::start().await;
    let meddler = Meddler::before(hub.plain_url(), hub.dir()).await;
    let desk = TestDesk::join_through("máy quầy 1", &hub.ticket(), &meddler.url()).await;
    desk.until_up().await;
    meddler.trick("/v1/uploads", 1, Trick::Answer(500, String::new()));
    let first = receive_with(&desk, 7001, scan(1_000, 4)).await;
    let second = receive_with(&desk, 7002, scan(1_000, 5)).await;
    let there = |name| {
        hub.store
            .blob(name)
            .unwrap()
            .is_some_and(|state| state.complete)
    };
    until_true("the second scan", || there(second.sha256)).await;
    until_true("the first scan", || there(first.sha256)).await;
    desk.until_sent().await;
}

#[tokio::test]
async fn the_same_scan_from_two_counters_is_sent_once() {
    let hub = TestHub::start().await;
    let line = Line::to(hub.handle.addr()).await;
    let first = TestDesk::join("máy quầy 1", &hub.ticket()).await;
    let second = TestDesk::join_through("máy quầy 2", &hub.ticket(), &line.url()).await;
    let bytes = scan(4 * CHUNK, 6);
    receive_with(&first, 7001, bytes.clone()).await;
    first.until_sent().await;
    second.until_up().await;
    let before = line.up_bytes();
    receive_with(&second, 7101, bytes).await;
    second.until_sent().await;
    assert!(line.up_bytes() - before < (CHUNK / 2) as u64);
}

#[tokio::test]
async fn a_scan_that_nobody_has_is_not_found() {
    let hub = TestHub::start().await;
    let desk = TestDesk::join("máy quầy 1", &hub.ticket()).await;
    desk.until_up().await;
    let trouble = desk
        .exchange
        .fetch_blob(Hash::of(b"nowhere"))
        .await
        .unwrap_err();
    assert_eq!(trouble.to_string(), "the hub refused: not_found");
}
