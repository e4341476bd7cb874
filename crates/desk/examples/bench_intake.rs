//! How fast a desk is: `cargo xtask bench intake`. Each line gives a figure and its ratio to its limit; below 1.00
//! is within it. The disk of the machine decides most of it, so its own floor is measured in the same run.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use motcua_core::event::Event;
use motcua_core::ids::{BootId, EntityId, SessionId, StaffId};
use motcua_core::intake::Change;
use motcua_core::numbers::{Issuer, Series, slice};
use motcua_core::op::{ClockReading, Stamp};
use motcua_desk::practice::{CITIZENS, PRACTICE_PIN};
use motcua_desk::{Desk, DeskConfig};
use motcua_drivers::DeskDevices;
use motcua_ledger::{DeskReader, DeskStore, KeyPolicy, OpenDesk};
use motcua_papers::form01::{self, PageSize};
use motcua_papers::slip;
use uuid::Uuid;

type Failed = Box<dyn std::error::Error>;

/// Receptions that are measured.
const RECEPTIONS: usize = 150;
/// Dossiers of an office that has worked for a while.
const OFFICE_DOSSIERS: u32 = 10_000;
/// Dossiers in one act while that office is made.
const MADE_PER_ACT: u32 = 250;
/// How often a paper is drawn.
const PAPERS: usize = 60;
/// Appends with a sync that the machine's floor is taken from.
const FLOOR_SYNCS: usize = 200;

/// An action of the intake to saved, in milliseconds (numbers to live by: 50 at the 99th percentile).
const ACTION_MS_MAX: f64 = 50.0;
/// Commits of one reception.
const COMMITS_MAX: f64 = 3.0;
/// From the start of the program to a usable desk, in milliseconds.
const START_MS_MAX: f64 = 1_500.0;
/// Form 01 as PDF, in milliseconds and bytes.
const FORM_MS_MAX: f64 = 20.0;
const FORM_BYTES_MAX: f64 = 60_000.0;
/// The slip as a raster, in milliseconds.
const SLIP_MS_MAX: f64 = 10.0;

const KEYS: KeyPolicy = KeyPolicy {
    prefer_keyring: false,
};

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let dir = tempfile::tempdir()?;
    floor(dir.path())?;
    let fresh = dir.path().join("fresh");
    let desk = practice(&fresh).await?;
    receptions(&desk, &fresh).await?;
    papers(&desk)?;
    desk.close().await;
    drop(desk);
    start("start to usable desk, a few dossiers", &fresh).await?;
    let large = dir.path().join("large");
    practice(&large).await?.close().await;
    fill(&large.join("practice")).await?;
    start(
        &format!("start to usable desk, {OFFICE_DOSSIERS} dossiers"),
        &large,
    )
    .await
}

fn line(what: &str, figure: f64, unit: &str, limit: f64) {
    println!(
        "{what:<52} {figure:>10.2} {unit:<7} limit {limit:>8.0}   ratio {:.2}",
        figure / limit
    );
}

fn quantile(times: &mut [Duration], of_100: usize) -> f64 {
    times.sort_unstable();
    times[(times.len() - 1) * of_100 / 100].as_secs_f64() * 1_000.0
}

/// One append of 4 KiB with a sync: nothing durable is faster than this here.
fn floor(dir: &Path) -> Result<(), Failed> {
    let mut file = File::create(dir.join("floor"))?;
    let mut times = Vec::new();
    for _ in 0..FLOOR_SYNCS {
        let started = Instant::now();
        file.write_all(&[0_u8; 4096])?;
        file.sync_data()?;
        times.push(started.elapsed());
    }
    let (middle, last) = (quantile(&mut times, 50), quantile(&mut times, 99));
    println!(
        "the machine's floor: a 4 KiB append with fdatasync: p50 {middle:.2} ms, p99 {last:.2} ms"
    );
    Ok(())
}

fn config(dir: &Path) -> DeskConfig {
    DeskConfig {
        dir: dir.to_owned(),
        devices: DeskDevices::default(),
        bench: None,
        keys: KEYS,
        machine: "bench".to_owned(),
        machine_id: Some("bench".to_owned()),
        app: "bench".to_owned(),
    }
}

async fn practice(dir: &Path) -> Result<Desk, Failed> {
    let desk = Desk::open(config(dir), |_| {}).await?;
    desk.start_practice().await?;
    let entry = desk.entry().await?;
    desk.sign_in(entry.staff[0].0.id, PRACTICE_PIN, entry.counters[0].0.id)
        .await?;
    Ok(desk)
}

async fn receptions(desk: &Desk, dir: &Path) -> Result<(), Failed> {
    let mut actions = Vec::new();
    let mut received = Vec::new();
    for at in 0..RECEPTIONS {
        let citizen = &CITIZENS[at % 5];
        desk.intake_start().await?;
        let mut changes = vec![Change::Card(Box::new(motcua_core::people::card::parse_qr(
            citizen.qr,
        )?))];
        changes.push(Change::Procedure(Some("1.001193".parse()?)));
        for change in changes {
            actions.push(timed(desk.change("bench", change)).await?);
        }
        let view = desk.intake().await?.ok_or("no draft")?;
        for paper in view.draft.papers.iter().filter(|p| p.required) {
            let change = Change::PaperChecked {
                key: paper.key.clone(),
                checked: true,
            };
            actions.push(timed(desk.change("bench", change)).await?);
        }
        if at < 90 {
            received.push(timed(desk.receive()).await?);
        } else {
            desk.discard().await?;
        }
    }
    line(
        "intake action to durable, p50",
        quantile(&mut actions, 50),
        "ms",
        ACTION_MS_MAX,
    );
    line(
        "intake action to durable, p99",
        quantile(&mut actions, 99),
        "ms",
        ACTION_MS_MAX,
    );
    line(
        "receive to durable, p50",
        quantile(&mut received, 50),
        "ms",
        ACTION_MS_MAX,
    );
    line(
        "receive to durable, p99",
        quantile(&mut received, 99),
        "ms",
        ACTION_MS_MAX,
    );
    commits(desk, dir).await
}

async fn timed<T, E>(work: impl Future<Output = Result<T, E>>) -> Result<Duration, E> {
    let started = Instant::now();
    work.await?;
    Ok(started.elapsed())
}

/// Commits with their fsync, counted by the writer itself around one reception.
async fn commits(desk: &Desk, dir: &Path) -> Result<(), Failed> {
    desk.intake_start().await?;
    let read = motcua_core::people::card::parse_qr(CITIZENS[0].qr)?;
    desk.change("bench", Change::Card(Box::new(read))).await?;
    let view = desk
        .change("bench", Change::Procedure(Some("1.001193".parse()?)))
        .await?;
    for paper in view.draft.papers.iter().filter(|p| p.required) {
        desk.change(
            "bench",
            Change::PaperChecked {
                key: paper.key.clone(),
                checked: true,
            },
        )
        .await?;
    }
    let before = desk.commits()?;
    desk.receive().await?;
    let after = desk.commits()?;
    line(
        "commits (one fsync each) of a reception",
        (after - before) as f64,
        "",
        COMMITS_MAX,
    );
    let report = DeskReader::open(&dir.join("practice"), KEYS)?.verify()?;
    println!(
        "ledger verified: {} operations, {} wrong",
        report.ops, report.wrong_count
    );
    Ok(())
}

fn papers(desk: &Desk) -> Result<(), Failed> {
    let hit = desk
        .search("nguyen thi ngoc y")?
        .into_iter()
        .next()
        .ok_or("no dossier")?;
    let record = desk.form_record(hit.row.id)?;
    let (mut forms, mut slips) = (Vec::new(), Vec::new());
    let (mut form_bytes, mut slip_bytes) = (0, 0);
    for _ in 0..PAPERS {
        let started = Instant::now();
        form_bytes = form01::render_pdf(&record, PageSize::A5)?.len();
        forms.push(started.elapsed());
        let started = Instant::now();
        slip_bytes = slip::reception(&record)?.bits.len();
        slips.push(started.elapsed());
    }
    line(
        "Form 01 PDF, p99",
        quantile(&mut forms, 99),
        "ms",
        FORM_MS_MAX,
    );
    line(
        "Form 01 PDF, size",
        form_bytes as f64,
        "bytes",
        FORM_BYTES_MAX,
    );
    line(
        "slip raster, p99",
        quantile(&mut slips, 99),
        "ms",
        SLIP_MS_MAX,
    );
    println!("slip raster, size {slip_bytes} bytes");
    Ok(())
}

/// From nothing to a desk that shows its queue and finds a dossier.
async fn start(what: &str, dir: &Path) -> Result<(), Failed> {
    let started = Instant::now();
    let desk = Desk::open(config(dir), |_| {}).await?;
    desk.entry().await?;
    desk.sign_in_script()?;
    desk.queue()?;
    desk.status()?;
    desk.search("nguyen")?;
    line(
        what,
        started.elapsed().as_secs_f64() * 1_000.0,
        "ms",
        START_MS_MAX,
    );
    desk.close().await;
    Ok(())
}

/// An office that has worked for a while: the same reception many times, each with its own code and day.
async fn fill(dir: &Path) -> Result<(), Failed> {
    let open = OpenDesk {
        dir: dir.to_owned(),
        keys: KEYS,
        machine: "bench".to_owned(),
    };
    let store = DeskStore::open(open).await?.store;
    let sample = store
        .search("ngoc y", 1)?
        .into_iter()
        .next()
        .ok_or("no sample")?;
    let sample = store.dossier(sample.row.id)?.ok_or("no sample")?.received;
    let own = slice(&Series::Dossier, Issuer::Hub).ok_or("no slice")?;
    for act in 0..OFFICE_DOSSIERS / MADE_PER_ACT {
        let (sample, own) = (sample.clone(), own.clone());
        let day =
            jiff::civil::date(2026, 2, 2).saturating_add(jiff::Span::new().days(i64::from(act)));
        store
            .act(stamp(), move |tx| {
                for at in 0..MADE_PER_ACT {
                    let id = EntityId(Uuid::new_v4());
                    let number =
                        tx.take_number(&Series::Dossier, day, own.clone(), None, &id.to_string())?;
                    let mut received = sample.clone();
                    let sequence = motcua_core::code::DailySequence::new(number);
                    let code = sequence.and_then(|n| {
                        motcua_core::code::DossierCode::issue("H56.6.17".parse().ok()?, day, n)
                    });
                    let Some(code) = code else { continue };
                    received.code = code;
                    received.received_at = day.at(8, 0, 0, 0);
                    received.owner.full_name = format!("Nguyễn Văn Số {act} {at}");
                    tx.record(id, Event::DossierReceived(Box::new(received)))?;
                }
                Ok(())
            })
            .await?;
    }
    Ok(())
}

fn stamp() -> Stamp {
    Stamp {
        actor: StaffId::derived("bench"),
        session: SessionId::derived("bench"),
        clock: ClockReading {
            wall_ms: 0,
            off_ms: None,
            mono_ms: 0,
            boot: BootId(Uuid::nil()),
        },
    }
}
