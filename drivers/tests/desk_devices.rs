//! The other devices of a desk: reader, display, pad; and the settings they come from.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests fail the test they help"
)]

mod common;

use std::time::Duration;

use common::Desk;
use motcua_drivers::manager::{Advice, FaultKind, Health, ManagerError, ManagerOptions, Role};
use motcua_drivers::protocols::barcode::WrongMode;
use motcua_drivers::protocols::pad::{PadArea, SignRefusal};
use motcua_drivers::simulators::{BenchCommand, BenchOptions, BenchReply, Over, SimName, Typing};
use motcua_drivers::{
    DeskDevices, DeviceEvent, DeviceManager, DeviceState, PenSample, SignRequest,
};
use uuid::Uuid;

/// An invented person; NFC, as on the card.
const CARD: &str =
    "001190123456|012345678|Nguyễn Thị Ảnh|05021990|Nữ|Tổ 4, Phường Đồng Tâm, Tỉnh Mẫu|15072021";

fn serial() -> Over {
    if cfg!(unix) { Over::Pty } else { Over::Tcp }
}

fn scan(desk: &Desk, text: &str, typing: Typing) {
    let _done = desk.at_bench(BenchCommand::Scan {
        text: text.to_owned(),
        typing,
    });
}

fn code(event: &DeviceEvent) -> Option<String> {
    match event {
        DeviceEvent::Code { text, .. } => Some(text.clone()),
        _ => None,
    }
}

#[test]
fn a_card_arrives_whole_with_all_its_marks() {
    for typing in [Typing::Cr, Typing::Lf, Typing::CrLf, Typing::Bare] {
        let desk = Desk::start(BenchOptions::all(serial()));
        desk.ready(Role::CodeReader);
        scan(&desk, CARD, typing);
        assert_eq!(desk.event("code", code), CARD, "{typing:?}");
        assert_eq!(
            desk.view(Role::CodeReader).health,
            Health::Good,
            "{typing:?}"
        );
    }
}

#[test]
fn a_card_held_twice_is_one_code() {
    let desk = Desk::start(BenchOptions::all(serial()));
    desk.ready(Role::CodeReader);
    scan(&desk, CARD, Typing::Twice);
    assert_eq!(desk.events_within(Duration::from_millis(700), code), [CARD]);
}

#[test]
fn a_reader_in_the_wrong_mode_is_told_and_mended_by_the_next_good_code() {
    let desk = Desk::start(BenchOptions::all(serial()));
    desk.ready(Role::CodeReader);
    for typing in [Typing::Windows1258, Typing::Garbage] {
        scan(&desk, CARD, typing);
        let looks_like = desk.event("wrong mode", |event| match event {
            DeviceEvent::CodeWrongMode { looks_like, .. } => Some(*looks_like),
            DeviceEvent::Code { text, .. } => panic!("a garbled code was taken: {text}"),
            _ => None,
        });
        assert_eq!(looks_like, WrongMode::EightBit, "{typing:?}");
        let view = desk.view(Role::CodeReader);
        assert_eq!(view.advice, Some(Advice::SetReaderToUsbCom), "{typing:?}");
    }
    scan(&desk, CARD, Typing::Cr);
    assert_eq!(desk.event("code", code), CARD);
    assert_eq!(desk.view(Role::CodeReader).advice, None);
}

#[test]
fn a_reader_that_is_unplugged_is_lost_and_comes_back_by_its_name() {
    let desk = Desk::start(BenchOptions::all(serial()));
    desk.ready(Role::CodeReader);
    let _done = desk.at_bench(BenchCommand::Pull {
        device: SimName::Reader,
        after_bytes: None,
    });
    let view = desk.until(Role::CodeReader, "lost", |view| {
        matches!(view.state, DeviceState::Lost { .. })
    });
    assert_eq!(view.advice, Some(Advice::CheckPowerAndCable));
    let _done = desk.at_bench(BenchCommand::Plug {
        device: SimName::Reader,
    });
    desk.ready(Role::CodeReader);
    scan(&desk, CARD, Typing::Cr);
    assert_eq!(desk.event("code", code), CARD);
}

#[test]
fn a_called_number_stands_on_the_display_in_both_modes() {
    use motcua_drivers::protocols::linedisplay::Mode;
    for mode in [Mode::Epson, Mode::Cd5220] {
        let options = BenchOptions {
            display_mode: mode,
            ..BenchOptions::all(serial())
        };
        let desk = Desk::start(options);
        desk.ready(Role::CallDisplay);
        desk.manager.show(["MỜI SỐ 0127", "ĐẾN QUẦY 03"]).unwrap();
        display_shows(&desk, ["MOI SO 0127", "DEN QUAY 03"]);
        let view = desk.view(Role::CallDisplay);
        assert_eq!(view.health, Health::Unknown, "a display cannot answer");
    }
}

fn display_shows(desk: &Desk, expected: [&str; 2]) {
    let until = std::time::Instant::now() + common::PATIENCE;
    loop {
        let BenchReply::Display { lines } = desk.at_bench(BenchCommand::Display) else {
            panic!("no display");
        };
        if lines == expected {
            return;
        }
        assert!(
            std::time::Instant::now() < until,
            "the display shows {lines:?}"
        );
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_display_that_was_away_shows_the_last_call_when_it_comes_back() {
    let desk = Desk::start(BenchOptions::all(serial()));
    desk.ready(Role::CallDisplay);
    desk.manager.show(["SỐ 0001", ""]).unwrap();
    display_shows(&desk, ["SO 0001", ""]);
    let _done = desk.at_bench(BenchCommand::Pull {
        device: SimName::Display,
        after_bytes: None,
    });
    desk.until(Role::CallDisplay, "lost", |view| {
        matches!(view.state, DeviceState::Lost { .. })
    });
    desk.manager.show(["SỐ 0002", ""]).unwrap();
    let _done = desk.at_bench(BenchCommand::Plug {
        device: SimName::Display,
    });
    display_shows(&desk, ["SO 0002", ""]);
}

fn request() -> SignRequest {
    SignRequest {
        id: Uuid::new_v4(),
        document_hash: Some("9f86d081".into()),
        area: None,
    }
}

#[test]
fn a_citizen_signs_on_the_pad() {
    let desk = Desk::start(BenchOptions::all(serial()));
    let view = desk.ready(Role::SignaturePad);
    assert_eq!(view.model.as_deref(), Some("STU-540"));
    let request = request();
    desk.manager.sign_begin(request.clone()).unwrap();
    desk.until(Role::SignaturePad, "signing", |view| {
        matches!(view.state, DeviceState::Busy { .. })
    });
    let _done = desk.at_bench(BenchCommand::Sign);
    let mut lifted = 0;
    while lifted < 2 {
        lifted += desk.event("pen", |event| match event {
            DeviceEvent::PenSample { samples, .. } => {
                Some(samples.iter().filter(|sample| !sample.touching).count())
            }
            _ => None,
        });
    }
    desk.manager.sign_accept().unwrap();
    let signature = desk.event("signature", |event| match event {
        DeviceEvent::SignatureDone {
            request: id,
            signature,
            ..
        } if *id == request.id => Some(signature.clone()),
        _ => None,
    });
    assert_eq!(signature.strokes.len(), 2);
    assert_eq!(signature.document_hash.as_deref(), Some("9f86d081"));
    let word = &signature.strokes[0].points;
    assert_eq!(word.len(), 180);
    assert!(
        word.iter()
            .all(|point| point.pressure.is_some_and(|p| p > 0.3))
    );
    let spent_ms = word[179].t_ms - word[0].t_ms;
    assert!((800..3_000).contains(&spent_ms), "{spent_ms} ms");
    desk.ready(Role::SignaturePad);
    let BenchReply::State(state) = desk.at_bench(BenchCommand::State) else {
        panic!()
    };
    assert!(
        !state.pad_inking && state.pad_clears >= 2,
        "nothing stays on the glass: {state:?}"
    );
}

#[test]
fn an_empty_pad_is_refused_and_a_pulled_pad_cancels() {
    let desk = Desk::start(BenchOptions::all(serial()));
    desk.ready(Role::SignaturePad);
    desk.manager.sign_begin(request()).unwrap();
    desk.manager.sign_accept().unwrap();
    let why = desk.event("refusal", |event| match event {
        DeviceEvent::SignatureRefused { why, .. } => Some(*why),
        _ => None,
    });
    assert_eq!(why, SignRefusal::Empty);
    let _done = desk.at_bench(BenchCommand::Pull {
        device: SimName::Pad,
        after_bytes: None,
    });
    desk.event("cancel", |event| {
        matches!(event, DeviceEvent::SignatureCancelled { .. }).then_some(())
    });
}

#[test]
fn a_citizen_signs_with_a_finger_on_the_window() {
    let config: DeskDevices = serde_json::from_str(
        r#"{"devices":[{"id":"ky","role":"signature_pad","profile":"canvas","address":"canvas"}]}"#,
    )
    .unwrap();
    let (sender, events) = std::sync::mpsc::channel();
    let manager = DeviceManager::start(&config, move |event| {
        let _test_is_over = sender.send(event);
    })
    .unwrap();
    let area = PadArea {
        width: 600.0,
        height: 200.0,
    };
    manager
        .sign_begin(SignRequest {
            area: Some(area),
            ..request()
        })
        .unwrap();
    let finger = |t_ms: u32, touching| PenSample {
        x: 10.0 * t_ms as f32,
        y: 50.0,
        pressure: None,
        t_ms,
        touching,
    };
    manager
        .pen((0..20).map(|t| finger(t, true)).collect())
        .unwrap();
    manager.pen(vec![finger(20, false)]).unwrap();
    manager.sign_clear().unwrap();
    manager
        .pen((30..45).map(|t| finger(t, true)).collect())
        .unwrap();
    manager.sign_accept().unwrap();
    let signature = loop {
        match events.recv_timeout(common::PATIENCE).unwrap() {
            DeviceEvent::SignatureDone { signature, .. } => break signature,
            _ => continue,
        }
    };
    assert_eq!(signature.area, area);
    assert_eq!(signature.strokes.len(), 1);
    assert_eq!(signature.strokes[0].points.len(), 15);
    assert_eq!(signature.strokes[0].points[0].pressure, None);
}

#[test]
fn what_is_not_there_is_a_state_and_not_an_error() {
    let config: DeskDevices = serde_json::from_str(
        r#"{"station":"quay-1","devices":[
            {"id":"in","role":"receipt_printer","profile":"escpos-80mm","address":"tcp:127.0.0.1:1"},
            {"id":"doc","role":"code_reader","profile":"cdc-reader","address":"serial:/dev/motcua-none"},
            {"id":"doc2","role":"code_reader","profile":"cdc-reader","address":"serial-usb:ffff:0001:X"},
            {"id":"usb","role":"receipt_printer","profile":"epson-tm-t82","address":"usb:ffff:0001"},
            {"id":"ao","role":"call_display","profile":"cd5220","address":"sim:display"},
            {"id":"la","role":"call_display","profile":"khong-co","address":"serial:COM9"},
            {"id":"quet","role":"page_source","profile":"scan-folder","address":"folder:/motcua/none"}]}"#,
    )
    .unwrap();
    let manager = DeviceManager::start_with(&config, ManagerOptions::default(), |_| {}).unwrap();
    std::thread::sleep(Duration::from_millis(600));
    let kind = |id: &str| {
        let view = manager
            .views()
            .into_iter()
            .find(|view| view.id.as_str() == id)
            .unwrap();
        assert_eq!(view.health, Health::Unknown, "{id}");
        (view.state, view.advice)
    };
    let absent = (DeviceState::Absent, Some(Advice::CheckPowerAndCable));
    assert_eq!(kind("in"), absent);
    assert_eq!(kind("doc"), absent);
    assert_eq!(kind("doc2"), absent);
    assert_eq!(
        kind("quet"),
        (DeviceState::Absent, Some(Advice::CheckShare))
    );
    assert!(matches!(
        kind("ao").0,
        DeviceState::Fault {
            kind: FaultKind::Unsupported,
            ..
        }
    ));
    assert!(matches!(
        kind("la").0,
        DeviceState::Fault {
            kind: FaultKind::BadProfile,
            ..
        }
    ));
    assert!(matches!(
        kind("usb").0,
        DeviceState::Absent
            | DeviceState::Fault {
                kind: FaultKind::Unsupported,
                ..
            }
    ));
    assert_eq!(
        manager.sign_begin(request()),
        Err(ManagerError::NoDevice {
            role: Role::SignaturePad
        })
    );
    manager.shutdown();
}

#[test]
fn two_desks_cannot_share_one_reader() {
    let desk = Desk::start(BenchOptions::all(serial()));
    desk.ready(Role::CodeReader);
    if cfg!(unix) {
        let second = DeviceManager::start(&desk.bench.desk().unwrap(), |_| {}).unwrap();
        let until = std::time::Instant::now() + common::PATIENCE;
        loop {
            let view = second
                .views()
                .into_iter()
                .find(|view| view.role == Role::CodeReader);
            let state = view.unwrap();
            if matches!(
                state.state,
                DeviceState::Fault {
                    kind: FaultKind::PortBusy,
                    ..
                }
            ) {
                assert_eq!(state.advice, Some(Advice::CloseOtherProgram));
                break;
            }
            assert!(std::time::Instant::now() < until, "{state:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
        second.shutdown();
    }
}
