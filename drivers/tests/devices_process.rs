//! The simulated devices as a process of their own, spoken to in JSON lines.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests fail the test they help"
)]

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use motcua_drivers::{
    DeskDevices, DeviceEvent, DeviceManager, DeviceState, PrintOptions, PrintOutcome, RasterJob,
};
use serde_json::{Value, json};
use uuid::Uuid;

const PATIENCE: Duration = Duration::from_secs(20);

struct Devices {
    process: Child,
    replies: BufReader<ChildStdout>,
    first: Value,
}

impl Devices {
    fn start(dir: &std::path::Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_motcua-devices"))
            .arg(dir)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut replies = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        replies.read_line(&mut line).unwrap();
        Self {
            process,
            replies,
            first: serde_json::from_str(&line).unwrap(),
        }
    }

    fn told(&mut self, command: &Value) -> Value {
        writeln!(self.process.stdin.as_mut().unwrap(), "{command}").unwrap();
        let mut line = String::new();
        self.replies.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }
}

impl Drop for Devices {
    fn drop(&mut self) {
        // Closing standard input ends the process.
        drop(self.process.stdin.take());
        self.process.wait().unwrap();
    }
}

fn over_control(devices: &Devices, command: &Value) -> Value {
    let mut control = TcpStream::connect(devices.first["control"].as_str().unwrap()).unwrap();
    writeln!(control, "{command}").unwrap();
    let mut line = String::new();
    BufReader::new(control).read_line(&mut line).unwrap();
    serde_json::from_str(&line).unwrap()
}

#[test]
fn a_desk_works_with_devices_of_another_process() {
    let dir = tempfile::tempdir().unwrap();
    let mut devices = Devices::start(dir.path());
    let desk: DeskDevices = serde_json::from_value(devices.first["desk"].clone()).unwrap();
    assert!(desk.devices.iter().all(|device| device.simulated));
    let (sender, events) = channel();
    let manager = DeviceManager::start(&desk, move |event| {
        let _test_is_over = sender.send(event);
    })
    .unwrap();
    let until = std::time::Instant::now() + PATIENCE;
    while !manager
        .views()
        .iter()
        .all(|view| view.state == DeviceState::Ready)
    {
        assert!(std::time::Instant::now() < until, "{:#?}", manager.views());
        std::thread::sleep(Duration::from_millis(20));
    }

    let reply = devices.told(&json!({"do": "scan", "text": "001190123456||Đặng Văn Ữ|…"}));
    assert_eq!(reply, json!({"reply": "done"}));
    let job = Uuid::new_v4();
    let raster = RasterJob::new(576, 300, vec![0xA5; 72 * 300]).unwrap();
    manager.print(job, raster, PrintOptions::slip()).unwrap();
    manager.show(["SỐ 0127", "QUẦY 03"]).unwrap();
    let reply = over_control(
        &devices,
        &json!({"do": "drop_scan", "pages": 2, "how": "in_place", "over_ms": 300}),
    );
    assert_eq!(reply["reply"], "scanning");

    let (mut code, mut printed, mut scanned) = (false, false, false);
    while !(code && printed && scanned) {
        match events.recv_timeout(PATIENCE).unwrap() {
            DeviceEvent::Code { text, .. } => {
                assert_eq!(text, "001190123456||Đặng Văn Ữ|…");
                code = true;
            }
            DeviceEvent::PrintDone { outcome, .. } => {
                assert_eq!(outcome, PrintOutcome::Confirmed);
                printed = true;
            }
            DeviceEvent::ScanArrived { name, .. } => {
                assert_eq!(name, "SCAN0001.pdf");
                scanned = true;
            }
            _ => {}
        }
    }
    let paper = devices.told(&json!({"do": "paper"}));
    assert_eq!(
        (paper["papers"].as_u64(), paper["width_dots"].as_u64()),
        (Some(1), Some(576))
    );
    let png = BASE64
        .decode(paper["png_base64"].as_str().unwrap())
        .unwrap();
    let picture = image::load_from_memory(&png).unwrap();
    assert_eq!(picture.width(), 576);
    let display = over_control(&devices, &json!({"do": "display"}));
    assert_eq!(display["lines"], json!(["SO 0127", "QUAY 03"]));
    manager.shutdown();
}

#[test]
fn a_wrong_command_is_answered_and_the_process_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let mut devices = Devices::start(dir.path());
    let reply = devices.told(&json!({"do": "explode"}));
    assert_eq!(reply["reply"], "error");
    assert!(
        reply["message"].as_str().unwrap().contains("scan"),
        "{reply}"
    );
    let fault = json!({"do": "printer_fault", "fault": "cover_open", "on": true});
    assert_eq!(devices.told(&fault), json!({"reply": "done"}));
    assert_eq!(
        devices.told(&json!({"do": "pull", "device": "pad"})),
        json!({"reply": "done"})
    );
    let state = over_control(&devices, &json!({"do": "state"}));
    assert_eq!(state["unplugged"], json!(["pad"]));
    assert_eq!(
        devices.told(&json!({"do": "paper"})),
        json!({"reply": "no_paper", "papers": 0})
    );
}

#[test]
fn help_teaches_and_nonsense_is_refused() {
    let binary = env!("CARGO_BIN_EXE_motcua-devices");
    let help = Command::new(binary).arg("--help").output().unwrap();
    assert!(help.status.success());
    assert!(
        String::from_utf8(help.stdout)
            .unwrap()
            .contains("drop_scan")
    );
    for arguments in [vec![], vec!["--over", "pigeon", "x"], vec!["--fly"]] {
        let output = Command::new(binary).args(&arguments).output().unwrap();
        assert!(!output.status.success(), "{arguments:?}");
    }
}
