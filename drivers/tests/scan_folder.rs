//! Scans arrive in a folder, in the good and the bad ways of copiers.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests fail the test they help"
)]

mod common;

use std::fs;
use std::time::{Duration, Instant};

use common::{Desk, PATIENCE};
use motcua_drivers::manager::{Advice, Role};
use motcua_drivers::simulators::{
    BenchCommand, BenchOptions, Over, ScanDrop, ScanHow, jpeg_page, pdf_document,
};
use motcua_drivers::transports::folder::{
    CLAIM_FOLDER, FolderEvent, FolderSettings, FolderWatch, MAX_SCAN_BYTES, ScanMime, ScanRefusal,
};
use motcua_drivers::{DeviceEvent, DeviceState};

fn scan(desk: &Desk, name: &str, how: ScanHow) {
    let drop = ScanDrop {
        name: Some(name.to_owned()),
        pages: 1,
        from: None,
        how,
    };
    let _scanning = desk.at_bench(BenchCommand::DropScan(drop));
}

fn arrived(event: &DeviceEvent) -> Option<(String, ScanMime, u64, Vec<u8>)> {
    match event {
        DeviceEvent::ScanArrived {
            path,
            name,
            mime,
            size,
            ..
        } => Some((name.clone(), *mime, *size, fs::read(path).unwrap())),
        DeviceEvent::ScanRefused { name, why, .. } => panic!("{name} was refused: {why:?}"),
        _ => None,
    }
}

fn refused(event: &DeviceEvent) -> Option<(String, ScanRefusal)> {
    match event {
        DeviceEvent::ScanRefused { name, why, .. } => Some((name.clone(), why.clone())),
        DeviceEvent::ScanArrived { name, .. } => panic!("{name} was taken"),
        _ => None,
    }
}

#[test]
fn a_scan_appears_within_a_second() {
    let desk = Desk::start(BenchOptions::all(Over::Memory));
    desk.ready(Role::PageSource);
    for (name, mime) in [
        ("Giấy khai sinh.pdf", ScanMime::Pdf),
        ("ảnh.jpg", ScanMime::Jpeg),
    ] {
        let put = Instant::now();
        scan(&desk, name, ScanHow::Whole);
        let (seen, kind, size, content) = desk.event("scan", arrived);
        let took = put.elapsed();
        assert_eq!((seen.as_str(), kind), (name, mime));
        assert_eq!(size as usize, content.len());
        assert!(took < Duration::from_secs(2), "{took:?}");
        eprintln!("{name} arrived after {took:?}");
    }
}

#[test]
fn a_file_that_grows_in_place_or_is_renamed_at_the_end_arrives_once_and_whole() {
    let desk = Desk::start(BenchOptions::all(Over::Memory));
    desk.ready(Role::PageSource);
    for how in [
        ScanHow::InPlace { over_ms: 1_500 },
        ScanHow::RenameFromTemp { over_ms: 1_000 },
    ] {
        scan(&desk, "SCAN0001.pdf", how);
        let (_, _, _, content) = desk.event("scan", arrived);
        assert!(content.ends_with(b"%%EOF\n"), "{how:?}");
        let more = desk.events_within(Duration::from_millis(800), arrived);
        assert!(more.is_empty(), "{how:?}: {} times", more.len() + 1);
    }
}

#[test]
fn bad_files_are_named_with_the_reason_and_left_where_they_are() {
    let desk = Desk::start(BenchOptions::all(Over::Memory));
    desk.ready(Role::PageSource);
    let folder = desk.bench.addresses().folder;
    let huge = 200 * 1024 * 1024;
    fs::write(folder.join("biên bản.docx"), b"PK\x03\x04 not a scan").unwrap();
    scan(&desk, "rỗng.pdf", ScanHow::Empty);
    scan(&desk, "dở.pdf", ScanHow::Half);
    scan(&desk, "to.pdf", ScanHow::Huge { bytes: huge });
    let mut seen: Vec<(String, ScanRefusal)> =
        (0..4).map(|_| desk.event("refusal", refused)).collect();
    seen.sort_by(|a, b| a.0.cmp(&b.0));
    let limit_bytes = MAX_SCAN_BYTES;
    let expected = [
        ("biên bản.docx", ScanRefusal::NotADocument),
        ("dở.pdf", ScanRefusal::Incomplete),
        ("rỗng.pdf", ScanRefusal::Empty),
        (
            "to.pdf",
            ScanRefusal::TooLarge {
                bytes: huge,
                limit_bytes,
            },
        ),
    ];
    let expected = expected.map(|(name, why)| (name.to_owned(), why));
    let mut sorted = expected.to_vec();
    sorted.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(seen, sorted);
    for (name, _) in expected {
        assert!(folder.join(name).exists());
    }
    let again = desk.events_within(Duration::from_secs(1), refused);
    assert!(again.is_empty(), "told once: {again:?}");
    fs::write(folder.join("rỗng.pdf"), pdf_document(1, 1)).unwrap();
    assert_eq!(desk.event("the mended file", arrived).0, "rỗng.pdf");
}

#[test]
fn a_locked_file_waits_for_its_writer() {
    let desk = Desk::start(BenchOptions::all(Over::Memory));
    desk.ready(Role::PageSource);
    let put = Instant::now();
    scan(&desk, "khóa.pdf", ScanHow::Locked { for_ms: 1_200 });
    desk.event("scan", arrived);
    assert!(put.elapsed() >= Duration::from_millis(1_200));
}

#[test]
fn a_share_that_vanishes_is_a_state_and_comes_back() {
    let desk = Desk::start(BenchOptions::all(Over::Memory));
    desk.ready(Role::PageSource);
    let folder = desk.bench.addresses().folder;
    let away = folder.with_extension("away");
    fs::rename(&folder, &away).unwrap();
    let view = desk.until(Role::PageSource, "lost", |view| {
        matches!(view.state, DeviceState::Lost { .. })
    });
    assert_eq!(view.advice, Some(Advice::CheckShare));
    fs::rename(&away, &folder).unwrap();
    desk.ready(Role::PageSource);
    scan(&desk, "sau.pdf", ScanHow::Whole);
    assert_eq!(desk.event("scan", arrived).0, "sau.pdf");
}

#[test]
fn two_counters_on_one_folder_share_the_scans_and_none_is_taken_twice() {
    let folder = tempfile::tempdir().unwrap();
    let mut counters = ["quay-1", "quay-2"]
        .map(|station| FolderWatch::new(FolderSettings::new(folder.path(), station)));
    for number in 0..30 {
        fs::write(
            folder.path().join(format!("{number}.jpg")),
            jpeg_page(number),
        )
        .unwrap();
    }
    let mut names = Vec::new();
    let until = Instant::now() + PATIENCE;
    while names.len() < 30 && Instant::now() < until {
        for counter in &mut counters {
            for event in counter.look().unwrap() {
                let FolderEvent::Arrived { name, path, .. } = event else {
                    panic!("{event:?}")
                };
                assert!(path.exists());
                names.push(name);
            }
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 30);
}

#[test]
fn a_scan_claimed_before_a_crash_is_told_again() {
    let folder = tempfile::tempdir().unwrap();
    let settings = FolderSettings::new(folder.path(), "quay-1");
    fs::write(folder.path().join("Đơn.pdf"), pdf_document(1, 1)).unwrap();
    let mut before = FolderWatch::new(settings.clone());
    let until = Instant::now() + PATIENCE;
    while before.look().unwrap().is_empty() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(50));
    }
    drop(before);
    let mut after = FolderWatch::new(settings);
    let events = after.look().unwrap();
    let [FolderEvent::Arrived { name, path, .. }] = events.as_slice() else {
        panic!("{events:?}")
    };
    assert_eq!(name, "Đơn.pdf");
    assert!(path.starts_with(folder.path().join(CLAIM_FOLDER).join("quay-1")));
    assert!(after.look().unwrap().is_empty(), "told once a run");
}
