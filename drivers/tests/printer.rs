//! A desk prints slips: on the network, on a serial port, in practice mode; and things go wrong.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests fail the test they help"
)]

mod common;

use std::time::{Duration, Instant};

use common::{Desk, PATIENCE, slip};
use motcua_drivers::manager::{Advice, FaultKind, Health, ManagerError, Role};
use motcua_drivers::protocols::escpos::Paper;
use motcua_drivers::protocols::escpos::run::{DoubtReason, FailureCause};
use motcua_drivers::simulators::{
    BenchCommand, BenchOptions, Over, PrinterFault, SimName, SimTraits,
};
use motcua_drivers::{DeviceEvent, DeviceId, DeviceState, PrintOptions, PrintOutcome, RasterJob};
use uuid::Uuid;

const PRINTER: Role = Role::ReceiptPrinter;

/// One test for each line a printer can be on.
macro_rules! on_every_line {
    ($($name:ident => $body:ident),+ $(,)?) => {
        $(mod $name {
            use super::*;

            #[test]
            fn in_practice_mode() {
                super::$body(Over::Memory);
            }

            #[test]
            fn on_the_network() {
                super::$body(Over::Tcp);
            }

            #[cfg(unix)]
            #[test]
            fn on_a_serial_port() {
                super::$body(Over::Pty);
            }
        })+
    };
}

on_every_line! {
    a_slip_comes_out_dot_for_dot => slip_dot_for_dot,
    each_fault_is_seen_while_idle_and_stops_a_slip_before_it_begins => each_fault,
    paper_out_in_mid_slip_is_told_and_a_new_roll_prints_nothing => paper_out_in_mid_slip,
    a_cable_pulled_at_any_byte_is_never_a_false_confirmation => pulled_cable,
}

fn slow(over: Over) -> BenchOptions {
    let printer = SimTraits {
        rows_per_second: 1_500,
        ..SimTraits::epson()
    };
    BenchOptions {
        printer,
        ..BenchOptions::all(over)
    }
}

fn fault(desk: &Desk, fault: PrinterFault, on: bool) {
    let _done = desk.at_bench(BenchCommand::PrinterFault { fault, on });
}

fn slip_dot_for_dot(over: Over) {
    let desk = Desk::start(BenchOptions::all(over));
    let view = desk.ready(PRINTER);
    assert_eq!(view.model.as_deref(), Some("TM-T82X"), "{over:?}");
    assert_eq!(
        (view.health, view.simulated),
        (Health::Good, true),
        "{over:?}"
    );
    let raster = slip(620, 3);
    assert_eq!(desk.print(&raster), PrintOutcome::Confirmed, "{over:?}");
    assert_eq!(desk.whole_slips(&raster), 1, "{over:?}");
}

#[test]
fn a_printer_of_every_profile_confirms() {
    for (profile, printer) in [
        ("epson-tm-t82", SimTraits::epson()),
        (
            "xprinter-80",
            SimTraits {
                process_id: false,
                clears_buffer: false,
                ..SimTraits::epson()
            },
        ),
        ("escpos-80mm", SimTraits::clone_80mm()),
    ] {
        let options = BenchOptions {
            printer,
            printer_profile: profile.to_owned(),
            ..BenchOptions::all(Over::Tcp)
        };
        let desk = Desk::start(options);
        desk.ready(PRINTER);
        let raster = slip(500, 8);
        assert_eq!(desk.print(&raster), PrintOutcome::Confirmed, "{profile}");
        assert_eq!(desk.whole_slips(&raster), 1, "{profile}");
    }
}

#[test]
fn progress_is_told_before_the_outcome() {
    let desk = Desk::start(BenchOptions::all(Over::Tcp));
    desk.ready(PRINTER);
    let job = Uuid::new_v4();
    desk.manager
        .print(job, slip(500, 1), PrintOptions::slip())
        .unwrap();
    let mut bands = Vec::new();
    let outcome = loop {
        let step = desk.event("progress or outcome", |event| match event {
            DeviceEvent::PrintProgress { band, of, .. } => Some(Err((*band, *of))),
            DeviceEvent::PrintDone { outcome, .. } => Some(Ok(*outcome)),
            _ => None,
        });
        match step {
            Ok(outcome) => break outcome,
            Err(band) => bands.push(band),
        }
    };
    assert_eq!(outcome, PrintOutcome::Confirmed);
    assert_eq!(bands, [(1, 3), (2, 3), (3, 3)]);
}

fn each_fault(over: Over) {
    let table = [
        (
            PrinterFault::PaperOut,
            FaultKind::PaperOut,
            Advice::LoadPaper,
            FailureCause::PaperOut,
        ),
        (
            PrinterFault::CoverOpen,
            FaultKind::CoverOpen,
            Advice::CloseCover,
            FailureCause::CoverOpen,
        ),
        (
            PrinterFault::CutterJammed,
            FaultKind::Cutter,
            Advice::ClearCutter,
            FailureCause::Cutter,
        ),
        (
            PrinterFault::Unrecoverable,
            FaultKind::Unrecoverable,
            Advice::SwitchOffAndOn,
            FailureCause::Unrecoverable,
        ),
        (
            PrinterFault::Overheated,
            FaultKind::Overheated,
            Advice::WaitForCooling,
            FailureCause::Overheated,
        ),
        (
            PrinterFault::Busy,
            FaultKind::Offline,
            Advice::SwitchOffAndOn,
            FailureCause::Offline,
        ),
        (
            PrinterFault::Mute,
            FaultKind::NoAnswer,
            Advice::CheckPowerAndCable,
            FailureCause::NoAnswer,
        ),
    ];
    let desk = Desk::start(BenchOptions::all(over));
    desk.ready(PRINTER);
    for (switch, kind, advice, cause) in table {
        fault(&desk, switch, true);
        let view = desk.until(
            PRINTER,
            "in trouble",
            |view| matches!(&view.state, DeviceState::Fault { kind: seen, .. } if *seen == kind),
        );
        assert_eq!(view.advice, Some(advice), "{over:?} {switch:?}");
        assert_ne!(view.health, Health::Good, "{over:?} {switch:?}");
        let outcome = desk.print(&slip(200, 1));
        assert!(
            matches!(outcome, PrintOutcome::Failed { cause: seen, nothing_came_out: true, .. }
                if seen == cause),
            "{over:?} {switch:?}: {outcome:?}"
        );
        fault(&desk, switch, false);
        desk.ready(PRINTER);
    }
    assert!(desk.bench.printer().papers().is_empty(), "{over:?}");
}

#[test]
fn paper_running_low_is_attention_and_an_estimate() {
    let desk = Desk::start(BenchOptions::all(Over::Memory));
    desk.ready(PRINTER);
    fault(&desk, PrinterFault::PaperNearEnd, true);
    let view = desk.until(PRINTER, "low", |view| view.health == Health::Attention);
    assert_eq!(
        (view.state, view.advice),
        (DeviceState::Ready, Some(Advice::PaperRunsLow))
    );
    assert_eq!(view.paper_left_slips, None, "no slip yet to measure by");
    assert_eq!(desk.print(&slip(880, 1)), PrintOutcome::Confirmed);
    let view = desk.until(PRINTER, "estimated", |view| view.paper_left_slips.is_some());
    // 2.5 m of 203 dpi left at near end, slips of 1000 dots.
    assert_eq!(view.paper_left_slips, Some(18));
    fault(&desk, PrinterFault::PaperNearEnd, false);
    desk.manager
        .new_roll(&DeviceId::new("receipt").unwrap())
        .unwrap();
    let view = desk.until(PRINTER, "renewed", |view| view.paper_used_dots == Some(0));
    assert_eq!(view.paper_left_slips, Some(399));
}

fn paper_out_in_mid_slip(over: Over) {
    let desk = Desk::start(slow(over));
    desk.ready(PRINTER);
    let _done = desk.at_bench(BenchCommand::EndPaperAfter { rows: 450 });
    let raster = slip(1_200, 5);
    let outcome = desk.print(&raster);
    let PrintOutcome::Failed {
        cause,
        nothing_came_out,
        progress,
    } = outcome
    else {
        panic!("{over:?}: {outcome:?}");
    };
    assert_eq!(
        (cause, nothing_came_out),
        (FailureCause::PaperOut, false),
        "{over:?}"
    );
    assert_eq!((progress.bands_confirmed, progress.of), (2, 7), "{over:?}");
    desk.until(PRINTER, "out of paper", |view| {
        matches!(
            view.state,
            DeviceState::Fault {
                kind: FaultKind::PaperOut,
                ..
            }
        )
    });
    let _done = desk.at_bench(BenchCommand::LoadPaper);
    let view = desk.ready(PRINTER);
    assert_eq!(view.printer.unwrap().paper, Paper::Ok);
    let _done = desk.at_bench(BenchCommand::TearOff);
    let pieces = desk.bench.printer().pieces();
    assert_eq!(pieces, 1, "{over:?}: only the torn half came out");
    assert_eq!(desk.print(&raster), PrintOutcome::Confirmed, "{over:?}");
    assert_eq!(
        desk.whole_slips(&raster),
        1,
        "{over:?}: papers equal records"
    );
}

fn pulled_cable(over: Over) {
    let desk = Desk::start(slow(over));
    let raster = slip(400, 7);
    let began = Instant::now();
    let mut confirmed = 0;
    for after_bytes in [1, 40, 9_000, 14_300, 28_500, 28_900] {
        desk.ready(PRINTER);
        let _done = desk.at_bench(BenchCommand::Pull {
            device: SimName::Receipt,
            after_bytes: Some(after_bytes),
        });
        let outcome = desk.print(&raster);
        let asked = matches!(outcome, PrintOutcome::Unknown { .. });
        confirmed += usize::from(outcome == PrintOutcome::Confirmed);
        desk.until(PRINTER, "lost", |view| {
            !matches!(view.state, DeviceState::Ready)
        });
        let _done = desk.at_bench(BenchCommand::Plug {
            device: SimName::Receipt,
        });
        desk.ready(PRINTER);
        std::thread::sleep(Duration::from_millis(400));
        let _done = desk.at_bench(BenchCommand::TearOff);
        let out = desk.whole_slips(&raster);
        assert!(
            out == confirmed || (asked && out == confirmed + 1),
            "{over:?} at byte {after_bytes}: {outcome:?}, {out} slips, {confirmed} confirmed"
        );
        confirmed = out;
    }
    assert!(
        began.elapsed() < PATIENCE,
        "a broken job must not make the next ones wait"
    );
    let before = desk.bench.printer().pieces();
    std::thread::sleep(Duration::from_millis(600));
    assert_eq!(
        desk.bench.printer().pieces(),
        before,
        "{over:?}: nothing prints by itself"
    );
    assert_eq!(desk.print(&raster), PrintOutcome::Confirmed, "{over:?}");
    assert_eq!(desk.whole_slips(&raster), confirmed + 1, "{over:?}");
}

#[test]
fn a_printer_that_is_away_fails_a_job_at_once_and_forgets_it() {
    let desk = Desk::start(BenchOptions::all(Over::Tcp));
    desk.ready(PRINTER);
    let _done = desk.at_bench(BenchCommand::Pull {
        device: SimName::Receipt,
        after_bytes: None,
    });
    desk.until(PRINTER, "lost", |view| {
        matches!(view.state, DeviceState::Lost { .. })
    });
    let outcome = desk.print(&slip(200, 1));
    assert!(
        matches!(
            outcome,
            PrintOutcome::Failed {
                cause: FailureCause::NotConnected | FailureCause::LinkLost,
                nothing_came_out: true,
                ..
            }
        ),
        "{outcome:?}"
    );
    let _done = desk.at_bench(BenchCommand::Plug {
        device: SimName::Receipt,
    });
    desk.ready(PRINTER);
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(
        desk.bench.printer().pieces(),
        0,
        "a job of before must not print now"
    );
}

#[test]
fn the_same_job_is_printed_once_whoever_asks_twice() {
    let desk = Desk::start(BenchOptions::all(Over::Memory));
    desk.ready(PRINTER);
    let job = Uuid::new_v4();
    let raster = slip(200, 1);
    desk.manager
        .print(job, raster.clone(), PrintOptions::slip())
        .unwrap();
    let again = desk
        .manager
        .print(job, raster.clone(), PrintOptions::slip());
    assert_eq!(again, Err(ManagerError::DuplicateJob { job }));
    assert_eq!(desk.outcome(job), PrintOutcome::Confirmed);
    let later = desk
        .manager
        .print(job, raster.clone(), PrintOptions::slip());
    assert_eq!(later, Err(ManagerError::DuplicateJob { job }));
    assert_eq!(desk.whole_slips(&raster), 1);
}

#[test]
fn a_queue_has_an_end_and_every_accepted_job_has_one_outcome() {
    let desk = Desk::start(slow(Over::Memory));
    desk.ready(PRINTER);
    let raster = slip(300, 2);
    let mut accepted = Vec::new();
    let mut refused = 0;
    for _ in 0..25 {
        let job = Uuid::new_v4();
        match desk
            .manager
            .print(job, raster.clone(), PrintOptions::slip())
        {
            Ok(()) => accepted.push(job),
            Err(ManagerError::QueueFull { .. }) => refused += 1,
            Err(other) => panic!("{other}"),
        }
    }
    assert!(
        refused > 0 && accepted.len() >= 16,
        "{} accepted",
        accepted.len()
    );
    for job in &accepted[4..] {
        assert!(desk.manager.cancel(*job));
    }
    let mut confirmed = 0;
    for job in &accepted {
        match desk.outcome(*job) {
            PrintOutcome::Confirmed => confirmed += 1,
            PrintOutcome::Failed {
                cause: FailureCause::Cancelled,
                ..
            } => {}
            other => panic!("{other:?}"),
        }
    }
    assert!(confirmed >= 4 || desk.whole_slips(&raster) == confirmed);
    assert_eq!(desk.whole_slips(&raster), confirmed);
    assert!(!desk.manager.cancel(accepted[0]), "it is over");
}

#[test]
fn a_slip_wider_than_the_head_is_refused() {
    let desk = Desk::start(BenchOptions::all(Over::Memory));
    let wide = RasterJob::new(640, 1, vec![0; 80]).unwrap();
    assert_eq!(
        desk.manager
            .print(Uuid::new_v4(), wide, PrintOptions::slip()),
        Err(ManagerError::TooWide {
            slip_dots: 640,
            head_dots: 576
        })
    );
}

#[test]
fn a_jammed_cutter_asks_the_clerk() {
    let desk = Desk::start(BenchOptions::all(Over::Tcp));
    desk.ready(PRINTER);
    fault(&desk, PrinterFault::JamAtNextCut, true);
    let outcome = desk.print(&slip(300, 1));
    assert!(
        matches!(
            outcome,
            PrintOutcome::Unknown {
                why: DoubtReason::NotCut,
                ..
            }
        ),
        "{outcome:?}"
    );
    desk.until(PRINTER, "jammed", |view| {
        matches!(
            view.state,
            DeviceState::Fault {
                kind: FaultKind::Cutter,
                ..
            }
        )
    });
}

#[test]
fn closing_the_program_finishes_the_slip_and_fails_those_that_wait() {
    let desk = Desk::start(slow(Over::Tcp));
    desk.ready(PRINTER);
    let raster = slip(900, 2);
    let jobs: Vec<Uuid> = (0..3).map(|_| Uuid::new_v4()).collect();
    for job in &jobs {
        desk.manager
            .print(*job, raster.clone(), PrintOptions::slip())
            .unwrap();
    }
    desk.event("the first slip to begin", |event| {
        matches!(event, DeviceEvent::PrintProgress { .. }).then_some(())
    });
    desk.manager.shutdown();
    assert_eq!(desk.outcome(jobs[0]), PrintOutcome::Confirmed);
    for job in &jobs[1..] {
        assert!(matches!(
            desk.outcome(*job),
            PrintOutcome::Failed {
                cause: FailureCause::Stopped,
                nothing_came_out: true,
                ..
            }
        ));
    }
    assert_eq!(desk.whole_slips(&raster), 1);
    let refused = desk
        .manager
        .print(Uuid::new_v4(), raster, PrintOptions::slip());
    assert_eq!(refused, Err(ManagerError::Stopped));
}
