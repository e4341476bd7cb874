//! The program is killed in the middle of its work, again and again: what was acknowledged is there.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use motcua_ledger::DeskStore;

use crate::kit::*;

/// The folder that the killed program works in.
const WORK_DIR: &str = "MOTCUA_TEST_CRASH_DIR";
/// How often it is killed; more for a drill.
const KILLS: &str = "MOTCUA_TEST_KILLS";
const KILLS_USUAL: u32 = 12;
/// No kill comes later than this after the first acknowledged act.
const LIFE_MS_MAX: u64 = 60;

/// Receives dossiers one after the other and says each one only after it is acknowledged.
fn work(dir: &Path, acts: usize, mut said: impl FnMut(&str)) {
    let desk = open_desk(dir).store;
    let from = desk.stats().unwrap().dossiers;
    for i in from..from + acts as u64 {
        let id = entity(&format!("hồ sơ {i}"));
        let number = u32::try_from(i + 1).unwrap();
        let acted = desk.act_blocking(stamp(), move |tx| {
            tx.record(id, reception(number, "Mùa A Pó"))?;
            tx.record(id, note("gọi lại"))
        });
        acted.unwrap();
        said(&format!("ack {i}\n"));
    }
}

/// The program that is killed. By itself it does three acts.
#[test]
fn worker() {
    match std::env::var_os(WORK_DIR) {
        Some(dir) => work(Path::new(&dir), usize::MAX >> 1, |line| {
            // Past the harness, which keeps what tests print.
            let mut out = std::io::stdout().lock();
            out.write_all(line.as_bytes()).unwrap();
            out.flush().unwrap();
        }),
        None => {
            let dir = folder();
            let mut acks = 0;
            work(dir.path(), 3, |_| acks += 1);
            assert_eq!(
                (acks, open_desk(dir.path()).store.stats().unwrap().dossiers),
                (3, 3)
            );
        }
    }
}

fn start(dir: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::worker", "--test-threads", "1"])
        .env(WORK_DIR, dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Lets the program live for a while after its first act, kills it, and gives the last act that it said.
fn live_and_die(dir: &Path, life: Duration) -> Option<u64> {
    let mut child = start(dir);
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let reader = thread::spawn(move || {
        let acks = lines
            .map_while(Result::ok)
            .filter_map(|line| line.strip_prefix("ack ")?.parse().ok());
        acks.last()
    });
    thread::sleep(life);
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap()
}

fn check(desk: &DeskStore, acked: u64) {
    for i in 0..=acked {
        let dossier = desk.dossier(entity(&format!("hồ sơ {i}"))).unwrap();
        let dossier = dossier.unwrap_or_else(|| panic!("dossier {i} was acknowledged and is gone"));
        assert_eq!(dossier.notes.len(), 1, "dossier {i} is half there");
    }
    let report = desk.verify().unwrap();
    assert_eq!(report.wrong, []);
    assert_eq!(report.ops % 2, 0, "an act is whole or not at all");
}

#[test]
fn of_two_programs_that_start_together_one_works_and_the_other_says_why_not() {
    let dir = folder();
    let (mut one, mut two) = (start(dir.path()), start(dir.path()));
    let loser = loop {
        if let Some(status) = one.try_wait().unwrap().or_else(|| two.try_wait().unwrap()) {
            break status;
        }
        thread::sleep(Duration::from_millis(20));
    };
    assert!(
        !loser.success(),
        "the second program must not work on the same store"
    );
    thread::sleep(Duration::from_millis(LIFE_MS_MAX));
    let ended = [one.try_wait().unwrap(), two.try_wait().unwrap()]
        .iter()
        .flatten()
        .count();
    assert_eq!(ended, 1, "the first program must go on");
    for program in [&mut one, &mut two] {
        program.kill().unwrap();
        program.wait().unwrap();
    }
    let store = open_desk(dir.path()).store;
    assert!(store.stats().unwrap().dossiers > 0);
    assert!(store.verify().unwrap().is_sound());
}

#[test]
fn killed_in_the_middle_of_acts_nothing_acknowledged_is_lost() {
    let dir = folder();
    let kills = std::env::var(KILLS)
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(KILLS_USUAL);
    let mut acked = None;
    for kill in 0..kills {
        // Spread over the life of the program without chance: a failure comes again.
        let life = Duration::from_millis(40 + u64::from(kill) * 37 % LIFE_MS_MAX);
        acked = live_and_die(dir.path(), life).or(acked);
        if let Some(acked) = acked {
            let opened = open_desk(dir.path());
            assert!(!opened.rewound, "a crash is no rewind");
            check(&opened.store, acked);
        }
    }
    assert!(
        acked.is_some(),
        "the program was killed before it did anything"
    );
}
