//! How fast the store is on this machine: receptions one by one, search, opening, push and pull.
//!
//! `cargo run --release -p motcua-ledger --example bench_store -- 10000` fills the store with so many
//! dossiers first; `alone` behind the number leaves push and pull out. Prints one line of JSON for each figure.

#![allow(
    clippy::unwrap_used,
    reason = "a measurement that cannot be made may stop"
)]

use std::path::Path;
use std::time::{Duration, Instant};

use jiff::civil::{Date, date};
use motcua_core::catalogue::Channel;
use motcua_core::dossier::{Delivery, OfficerRef, PaperReceived, Party, ProcedureRef, Received};
use motcua_core::event::Event;
use motcua_core::ids::{BootId, EntityId, ScopeId, SessionId, StaffId};
use motcua_core::op::{ClockReading, Stamp};
use motcua_ledger::hub::{HubStore, Pushed};
use motcua_ledger::{DeskStore, HubGreeting, KeyPolicy, NodeRole, OpenDesk, OpenHub, SqliteHub};
use uuid::Uuid;

const SCOPE: &str = "H56.6.17";
const FIRST_DAY: Date = date(2026, 11, 2);
const DOSSIERS_A_DAY: u32 = 250;
const RECEPTIONS: u32 = 500;
const FILL_ACT: u32 = 100;
const HUB_MACHINE: &str = "máy chủ";
const FAMILIES: [&str; 12] = [
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Lò", "Mùa", "Giàng", "Sùng", "Quàng", "Vàng",
];
const MIDDLES: [&str; 6] = ["Văn", "Thị", "A", "Đức", "Ngọc", "Minh"];
const GIVEN: [&str; 15] = [
    "Ổn", "Mẩy", "Pó", "Đào", "Páo", "Chở", "Hương", "Quyền", "Nghĩa", "Thủy", "Dũng", "Khánh",
    "Lan", "Sơn", "Mỷ",
];

fn main() {
    let fill: u32 = std::env::args()
        .nth(1)
        .and_then(|n| n.parse().ok())
        .unwrap_or(2_000);
    let dir = tempfile::tempdir().unwrap();
    let desk = open(dir.path());
    let filled = Instant::now();
    for from in (0..fill).step_by(FILL_ACT as usize) {
        let to = (from + FILL_ACT).min(fill);
        desk.act_blocking(stamp(), move |tx| {
            for n in from..to {
                tx.record(EntityId::derived(&format!("đầy {n}")), reception(n))?;
            }
            Ok(())
        })
        .unwrap();
    }
    say(
        "fill",
        &[
            ("dossiers", f64::from(fill)),
            ("seconds", filled.elapsed().as_secs_f64()),
        ],
    );
    receptions(&desk, fill);
    search(&desk);
    if std::env::args().nth(2).as_deref() != Some("alone") {
        push_and_pull(&desk);
    }
    drop(desk);
    let started = Instant::now();
    let desk = open(dir.path());
    let usable = desk.dossiers_on(FIRST_DAY, 50).unwrap().len();
    say(
        "open",
        &[("ms", ms(started.elapsed())), ("listed", usable as f64)],
    );
}

fn receptions(desk: &DeskStore, from: u32) {
    let before = desk.stats().unwrap().commits;
    let mut times = Vec::new();
    for n in from..from + RECEPTIONS {
        let started = Instant::now();
        desk.act_blocking(stamp(), move |tx| {
            tx.clock_check(FIRST_DAY.at(9, 0, 0, 0))?;
            tx.record(EntityId::derived(&format!("đầy {n}")), reception(n))?;
            tx.end_draft(EntityId::derived(&format!("nháp {n}")))
        })
        .unwrap();
        times.push(started.elapsed());
    }
    let commits = (desk.stats().unwrap().commits - before) as f64 / f64::from(RECEPTIONS);
    let (p50, p99) = percentiles(times);
    say(
        "reception",
        &[("p50_ms", p50), ("p99_ms", p99), ("commits", commits)],
    );
}

fn search(desk: &DeskStore) {
    let queries = [
        "nguyen",
        "nguyen van",
        "n",
        "tran thi hu",
        "lo",
        "0042",
        "42",
        "001099",
        "0912",
        "mua a po",
        "quyen nghia",
        "H56.6.17-2611",
        "thi",
        "vu ngoc khanh",
    ];
    let mut slowest = ("", 0.0_f64);
    let mut times = Vec::new();
    for round in 0..20 {
        for query in queries {
            let started = Instant::now();
            desk.search(query, 50).unwrap();
            let took = started.elapsed();
            if round > 0 && ms(took) > slowest.1 {
                slowest = (query, ms(took));
            }
            times.push(took);
        }
    }
    let (p50, p99) = percentiles(times);
    say(
        "search",
        &[("p50_ms", p50), ("p99_ms", p99), ("slowest_ms", slowest.1)],
    );
    println!(
        "{{\"figure\":\"search_slowest\",\"query\":\"{}\"}}",
        slowest.0
    );
}

fn push_and_pull(desk: &DeskStore) {
    let hub_dir = tempfile::tempdir().unwrap();
    let hub = SqliteHub::open(OpenHub {
        dir: hub_dir.path().to_owned(),
        keys: KeyPolicy {
            prefer_keyring: false,
        },
        scope: ScopeId(SCOPE.to_owned()),
        name: "Máy chủ".to_owned(),
    })
    .unwrap()
    .store;
    hub.enrol(
        desk.device(),
        "quầy",
        desk.device_key().verifying_key().to_bytes(),
        0,
    )
    .unwrap();
    let started = Instant::now();
    let mut pushed = 0;
    while let Some(out) = desk.outbox_batch(HUB_MACHINE, 500, 1 << 20).unwrap() {
        pushed += out.batch.ops.len();
        match hub.push(desk.device(), out.batch, 0).unwrap() {
            Pushed::Acked { acked_dseq, .. } => {
                desk.mark_acked(HUB_MACHINE, out.epoch, acked_dseq).unwrap();
            }
            other => panic!("{other:?}"),
        }
    }
    rate("push", pushed, started.elapsed());
    let fresh_dir = tempfile::tempdir().unwrap();
    for (figure, reader) in [("pull_own", desk), ("pull_fresh", &open(fresh_dir.path()))] {
        greet(reader, &hub);
        let started = Instant::now();
        let mut lines = 0;
        loop {
            let after = reader.cursor().unwrap().map_or(0, |cursor| cursor.seq);
            let page = hub.page(after, 1000, 4 << 20).unwrap();
            if page.lines.is_empty() {
                break;
            }
            lines += page.lines.len();
            reader.apply_page(page, 0).unwrap();
        }
        rate(figure, lines, started.elapsed());
    }
}

fn greet(desk: &DeskStore, hub: &SqliteHub) {
    let epoch = desk.chain().unwrap().epoch;
    let greeting = HubGreeting {
        machine: HUB_MACHINE.to_owned(),
        name: "Máy chủ".to_owned(),
        role: NodeRole::Hub,
        log_id: hub.scope().unwrap().1,
        epoch,
        acked_dseq: hub.chain(desk.device(), epoch).unwrap().dseq,
    };
    desk.greeted(greeting, 0).unwrap();
}

fn open(dir: &Path) -> DeskStore {
    let config = OpenDesk {
        dir: dir.to_owned(),
        keys: KeyPolicy {
            prefer_keyring: false,
        },
        machine: "đây".to_owned(),
    };
    DeskStore::create_blocking(config, &ScopeId(SCOPE.to_owned()))
        .unwrap()
        .store
}

fn stamp() -> Stamp {
    Stamp {
        actor: StaffId::derived("cán bộ"),
        session: SessionId(Uuid::from_u128(1)),
        clock: ClockReading {
            wall_ms: 1_793_584_800_000,
            off_ms: None,
            mono_ms: 0,
            boot: BootId(Uuid::nil()),
        },
    }
}

fn reception(n: u32) -> Event {
    let day = FIRST_DAY.saturating_add(jiff::ToSpan::days(i64::from(n / DOSSIERS_A_DAY)));
    let pick = |list: &[&'static str], by: u32| list[(n / by) as usize % list.len()];
    let name = format!(
        "{} {} {}",
        pick(&FAMILIES, 1),
        pick(&MIDDLES, 7),
        pick(&GIVEN, 3)
    );
    let papers = (0..4).map(|i| PaperReceived {
        key: format!("giấy_{i}"),
        name: "Tờ khai theo mẫu".to_owned(),
        originals: 1,
        certified: 0,
        copies: 1,
        presented_only: false,
        scans: Vec::new(),
    });
    Event::DossierReceived(Box::new(Received {
        code: format!(
            "{SCOPE}-{}-{:04}",
            day.strftime("%y%m%d"),
            n % DOSSIERS_A_DAY + 1
        )
        .parse()
        .unwrap(),
        procedure: ProcedureRef {
            code: "1.001193".parse().unwrap(),
            name: "Đăng ký khai sinh".to_owned(),
            sector: "Hộ tịch".to_owned(),
            catalogue: "đo".to_owned(),
            edition: 1,
            case: None,
            case_name: None,
        },
        channel: Channel::Direct,
        owner: Party {
            full_name: name,
            id_number: Some(format!("0010{:08}", n % 99_999_989)),
            phone: format!("09{:08}", n.wrapping_mul(2_654_435_761) % 100_000_000),
            address: "Bản Mây".to_owned(),
            ..Party::default()
        },
        submitter: None,
        papers: papers.collect(),
        set_count: 1,
        fees: Vec::new(),
        delivery: Delivery::Counter,
        received_at: day.at(9, 0, 0, 0),
        due: None,
        officer: OfficerRef {
            id: StaffId::derived("cán bộ"),
            name: "Lò Thị Mẩy".to_owned(),
        },
        counter: "3".to_owned(),
        ticket: None,
        signature: None,
        note: String::new(),
        practice: false,
    }))
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn percentiles(mut times: Vec<Duration>) -> (f64, f64) {
    times.sort_unstable();
    (
        ms(times[times.len() / 2]),
        ms(times[times.len() * 99 / 100]),
    )
}

fn rate(figure: &str, ops: usize, time: Duration) {
    let ops = ops as f64;
    say(
        figure,
        &[
            ("ops", ops),
            ("ops_per_s", ops / time.as_secs_f64()),
            ("us_per_op", ms(time) * 1000.0 / ops),
        ],
    );
}

fn say(figure: &str, values: &[(&str, f64)]) {
    let values: Vec<String> = values
        .iter()
        .map(|(name, value)| format!("\"{name}\":{value:.3}"))
        .collect();
    println!("{{\"figure\":\"{figure}\",{}}}", values.join(","));
}
