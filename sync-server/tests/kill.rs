//! The hub as a process of its own that is killed at any moment: what it acknowledged is there, once.

#![allow(clippy::unwrap_used)]

mod common;

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use common::desk::TestDesk;
use common::hub::{LOOPBACK, log};
use common::until_true;
use common::words::{ORG, dossier_id, note, reception};
use motcua_core::ids::{DeviceId, ScopeId};
use motcua_ledger::exchange::{EnrolTicket, ExchangeEvent};
use motcua_ledger::hub::HubStore as _;
use motcua_ledger::{KeyPolicy, OpenHub, SqliteHub};
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// How often the hub is killed.
const KILLS: u32 = 8;
/// Operations that each counter writes between two kills.
const BETWEEN: u32 = 25;

#[derive(Debug, Deserialize)]
struct Handshake {
    addr: SocketAddr,
    ticket: String,
    ca_fingerprint: String,
}

struct HubProcess {
    child: Child,
    handshake: Handshake,
}

impl HubProcess {
    async fn start(dir: &Path, listen: SocketAddr) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_motcua-sync-server"))
            .args([
                "--role",
                "hub",
                "--no-keyring",
                "--org",
                ORG,
                "--name",
                "Máy chủ Bản Mây",
            ])
            .args(["--listen", &listen.to_string(), "--dir"])
            .arg(dir)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.next_line().await.unwrap().unwrap();
        Self {
            child,
            handshake: serde_json::from_str(&line).unwrap(),
        }
    }

    fn ticket(&self) -> EnrolTicket {
        self.handshake.ticket.parse().unwrap()
    }

    /// As the power does it: no goodbye.
    async fn kill(mut self) {
        self.child.start_kill().unwrap();
        self.child.wait().await.unwrap();
    }

    /// As the operating system asks for it.
    async fn terminate(mut self) -> bool {
        let pid = self.child.id().unwrap().to_string();
        Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .await
            .unwrap();
        self.child.wait().await.unwrap().success()
    }
}

/// A port that is free now and that the hub gets again after each kill.
fn free_port() -> SocketAddr {
    TcpListener::bind(LOOPBACK).unwrap().local_addr().unwrap()
}

#[tokio::test]
async fn killed_in_the_middle_of_pushes_the_hub_has_every_acknowledged_operation_once() {
    let dir = tempfile::tempdir().unwrap();
    let listen = free_port();
    let mut hub = HubProcess::start(dir.path(), listen).await;
    let first = TestDesk::join("máy quầy 1", &hub.ticket()).await;
    hub = started_again(hub, dir.path(), listen).await;
    let second = TestDesk::join("máy quầy 2", &hub.ticket()).await;
    for desk in [(&first, 7001), (&second, 7101)] {
        desk.0
            .record(dossier_id(desk.1), vec![reception(desk.1, &[])])
            .await;
    }
    let mut kept = 0;
    for round in 0..KILLS {
        until_true("the link", || {
            first.status().is_up() && second.status().is_up()
        })
        .await;
        for n in 0..BETWEEN {
            first
                .record(dossier_id(7001), vec![note(&format!("{round}.{n}"))])
                .await;
            second
                .record(dossier_id(7101), vec![note(&format!("{round}.{n}"))])
                .await;
            // Some of each round are on the way when the power goes: the moment moves from round to round.
            if n == round * 3 % BETWEEN {
                hub.kill().await;
                let promised = [promised(&first), promised(&second)];
                assert_kept(dir.path(), promised).await;
                kept += promised.iter().map(|(_, dseq)| dseq).sum::<u64>();
                hub = HubProcess::start(dir.path(), listen).await;
                first.exchange.sync_now();
                second.exchange.sync_now();
            }
        }
    }
    first.until_sent().await;
    second.until_sent().await;
    assert!(hub.terminate().await);

    let written = u64::from(KILLS * BETWEEN) + 1;
    assert!(kept > 0, "something was acknowledged before the kills");
    let store = open(dir.path()).await;
    let log = log(&store);
    for desk in [&first, &second] {
        let device = desk.store.device();
        let of_desk = log.iter().filter(|(op, _)| op.op.device == device);
        let dseqs: Vec<u64> = of_desk.map(|(op, _)| op.op.dseq).collect();
        assert_eq!(dseqs, (1..=written).collect::<Vec<u64>>());
    }
    assert!(store.verify().unwrap().wrong.is_empty());
}

/// The highest operation of a counter that the hub has acknowledged to it.
fn promised(desk: &TestDesk) -> (DeviceId, u64) {
    let told = desk.events().into_iter().filter_map(|event| match event {
        ExchangeEvent::Acked { dseq } => Some(dseq),
        _ => None,
    });
    (desk.store.device(), told.max().unwrap_or(0))
}

/// What was acknowledged is on the disk that the killed hub left behind.
async fn assert_kept(dir: &Path, promised: [(DeviceId, u64); 2]) {
    let store = open(dir).await;
    for (device, dseq) in promised {
        let known = store.chain(device, 1).unwrap().dseq;
        assert!(known >= dseq, "{dseq} was acknowledged, {known} is there");
    }
}

/// Starts the hub again: each start shows a new code, which lets one more machine in.
async fn started_again(hub: HubProcess, dir: &Path, listen: SocketAddr) -> HubProcess {
    let fingerprint = hub.handshake.ca_fingerprint.clone();
    assert!(hub.terminate().await, "a polite end is a success");
    let hub = HubProcess::start(dir, listen).await;
    assert_eq!(
        hub.handshake.ca_fingerprint, fingerprint,
        "the authority outlives the process"
    );
    assert_eq!(hub.handshake.addr, listen);
    hub
}

async fn open(dir: &Path) -> SqliteHub {
    let open = OpenHub {
        dir: dir.to_owned(),
        keys: KeyPolicy {
            prefer_keyring: false,
        },
        scope: ScopeId(ORG.to_owned()),
        name: "Máy chủ Bản Mây".to_owned(),
    };
    tokio::task::spawn_blocking(move || SqliteHub::open(open))
        .await
        .unwrap()
        .unwrap()
        .store
}

#[tokio::test]
async fn a_second_hub_on_the_same_folder_says_what_is_wrong_and_ends() {
    let dir = tempfile::tempdir().unwrap();
    let hub = HubProcess::start(dir.path(), LOOPBACK).await;
    let second = Command::new(env!("CARGO_BIN_EXE_motcua-sync-server"))
        .args([
            "--no-keyring",
            "--org",
            ORG,
            "--listen",
            "127.0.0.1:0",
            "--dir",
        ])
        .arg(dir.path())
        .output();
    let second = tokio::time::timeout(Duration::from_secs(30), second)
        .await
        .unwrap()
        .unwrap();
    assert!(!second.status.success());
    let said = String::from_utf8(second.stderr).unwrap();
    assert!(
        said.contains("another program has the store open"),
        "{said}"
    );
    assert!(hub.terminate().await);
}

#[tokio::test]
async fn a_code_that_is_no_office_is_refused_before_anything_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("hub");
    let refused = Command::new(env!("CARGO_BIN_EXE_motcua-sync-server"))
        .args([
            "--no-keyring",
            "--org",
            "Bản Mây",
            "--listen",
            "127.0.0.1:0",
            "--dir",
        ])
        .arg(&folder)
        .output()
        .await
        .unwrap();
    assert!(!refused.status.success() && !folder.exists());
    assert!(
        String::from_utf8(refused.stderr)
            .unwrap()
            .contains("organisation code")
    );
}
