//! Whole jobs against the simulated printer, in virtual time: thousands a second.

use std::time::Duration;

mod interrupted;
mod random;

use super::*;
use crate::protocols::escpos::command::{DrawerPin, NativeQr, QrEcc};
use crate::protocols::escpos::raster::{Guard, RasterJob};
use crate::protocols::escpos::status::Paper as Roll;
use crate::simulators::printer::{PrinterSim, SimTraits};
use crate::simulators::{Paper, PaperEnd, SimDevice};

const STEP: Duration = Duration::from_millis(5);
const CHUNK_BYTES: usize = 700;

fn epson() -> PrinterTraits {
    PrinterTraits {
        guard: Guard::GsD,
        barrier: Barrier::ProcessId,
        clear_buffer: true,
        ..PrinterTraits::default()
    }
}

fn clone_printer() -> PrinterTraits {
    PrinterTraits {
        automatic_status: false,
        ..PrinterTraits::default()
    }
}

fn slip(rows: u32, seed: u32) -> RasterJob {
    let bits = (0..rows * 72)
        .map(|at| (at.wrapping_mul(seed * 2 + 7) % 251) as u8 | 1)
        .collect();
    RasterJob::new(576, rows, bits).unwrap()
}

/// What happens to the line and the printer while a job runs.
type Script<'a> = &'a mut dyn FnMut(Duration, &mut PrinterSim) -> Line;

#[derive(Clone, Copy, PartialEq)]
enum Line {
    Up,
    Down,
}

struct Desk {
    session: Session,
    traits: PrinterTraits,
    sim: PrinterSim,
    now: Duration,
    lossless: bool,
}

impl Desk {
    fn new(traits: PrinterTraits, sim: SimTraits) -> Self {
        Self {
            session: Session::new(),
            traits,
            sim: PrinterSim::new(sim),
            now: Duration::ZERO,
            lossless: true,
        }
    }

    fn print(
        &mut self,
        raster: &RasterJob,
        options: PrintOptions,
        script: Script<'_>,
    ) -> PrintOutcome {
        self.session.connected(self.lossless);
        let mut run = PrintRun::new(&mut self.session, &self.traits, raster, options, self.now);
        for _ in 0..200_000 {
            let step = run.poll(self.now);
            if let RunStep::Done(outcome) = step {
                return outcome;
            }
            if script(self.now, &mut self.sim) == Line::Down {
                run.link_lost();
                continue;
            }
            if step == RunStep::Transmit {
                let out = run.outgoing();
                let taken = self
                    .sim
                    .receive(self.now, &out[..out.len().min(CHUNK_BYTES)]);
                run.sent(self.now, taken);
            }
            self.now += STEP;
            self.sim.advance(self.now);
            let output = self.sim.take_output();
            run.receive(self.now, &output);
        }
        panic!("the job never ended");
    }

    fn quietly(&mut self, raster: &RasterJob) -> PrintOutcome {
        self.print(raster, PrintOptions::slip(), &mut |_, _| Line::Up)
    }
}

fn whole(paper: &Paper, raster: &RasterJob, traits: &PrinterTraits) -> bool {
    let sent = raster.guarded(traits.guard, traits.band_rows);
    paper.end == PaperEnd::Cut && paper.ink().concat() == sent.bits()
}

fn whole_slips(sim: &PrinterSim, raster: &RasterJob, traits: &PrinterTraits) -> usize {
    sim.papers()
        .iter()
        .filter(|paper| whole(paper, raster, traits))
        .count()
}

fn cause(outcome: PrintOutcome) -> (FailureCause, bool) {
    match outcome {
        PrintOutcome::Failed {
            cause,
            nothing_came_out,
            ..
        } => (cause, nothing_came_out),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_slip_is_confirmed_and_is_on_paper_dot_for_dot() {
    for (traits, sim) in [
        (epson(), SimTraits::epson()),
        (clone_printer(), SimTraits::clone_80mm()),
    ] {
        let mut desk = Desk::new(traits, sim);
        let raster = slip(700, 3);
        assert_eq!(desk.quietly(&raster), PrintOutcome::Confirmed);
        assert_eq!(desk.sim.papers().len(), 1);
        assert!(whole(&desk.sim.papers()[0], &raster, &desk.traits));
    }
}

#[test]
fn drawer_and_native_qr_ride_along() {
    let mut desk = Desk::new(epson(), SimTraits::epson());
    let options = PrintOptions {
        cut: true,
        drawer: Some(DrawerPin::Two),
        qr: Some(NativeQr::new("H56.6.17-261123-0001", 6, QrEcc::M).unwrap()),
    };
    let outcome = desk.print(&slip(50, 1), options, &mut |_, _| Line::Up);
    assert_eq!(outcome, PrintOutcome::Confirmed);
    assert_eq!(desk.sim.papers()[0].qr, ["H56.6.17-261123-0001"]);
    assert_eq!(desk.sim.drawer_kicks(), 1);
}

#[test]
fn nothing_is_sent_to_a_printer_in_trouble() {
    type Trouble = fn(&mut PrinterSim);
    let troubles: [(Trouble, FailureCause); 6] = [
        (|sim| sim.end_paper_after(0), FailureCause::PaperOut),
        (
            |sim| sim.faults().cover_open = true,
            FailureCause::CoverOpen,
        ),
        (
            |sim| sim.faults().cutter_jammed = true,
            FailureCause::Cutter,
        ),
        (
            |sim| sim.faults().unrecoverable = true,
            FailureCause::Unrecoverable,
        ),
        (
            |sim| sim.faults().overheated = true,
            FailureCause::Overheated,
        ),
        (|sim| sim.faults().mute = true, FailureCause::NoAnswer),
    ];
    for (trouble, expected) in troubles {
        let mut desk = Desk::new(epson(), SimTraits::epson());
        trouble(&mut desk.sim);
        assert_eq!(cause(desk.quietly(&slip(300, 1))), (expected, true));
        assert!(desk.sim.papers().is_empty());
    }
}

#[test]
fn paper_out_in_mid_slip_fails_with_the_band_and_a_new_roll_prints_nothing() {
    let mut desk = Desk::new(
        epson(),
        SimTraits {
            rows_per_second: 1_000,
            ..SimTraits::epson()
        },
    );
    desk.sim.end_paper_after(450);
    let raster = slip(900, 5);
    let outcome = desk.quietly(&raster);
    let PrintOutcome::Failed {
        cause,
        nothing_came_out,
        progress,
    } = outcome
    else {
        panic!("{outcome:?}");
    };
    assert_eq!((cause, nothing_came_out), (FailureCause::PaperOut, false));
    assert_eq!((progress.bands_confirmed, progress.of), (2, 5));
    assert_eq!(desk.sim.papers().len(), 1, "the torn half");
    desk.sim.load_paper();
    desk.sim.advance(desk.now + Duration::from_secs(10));
    desk.sim.tear_off();
    assert_eq!(desk.sim.papers().len(), 1, "the rest was taken back");
    assert_eq!(desk.quietly(&raster), PrintOutcome::Confirmed);
    assert_eq!(whole_slips(&desk.sim, &raster, &desk.traits), 1);
}

#[test]
fn a_clone_that_cannot_forget_prints_at_most_a_remnant_and_never_the_slip() {
    let sim = SimTraits {
        rows_per_second: 2_000,
        ..SimTraits::clone_80mm()
    };
    let mut desk = Desk::new(clone_printer(), sim);
    desk.sim.end_paper_after(300);
    let raster = slip(1_500, 5);
    // Its buffer is full, so it does not even hear the question why.
    assert_eq!(cause(desk.quietly(&raster)), (FailureCause::Stalled, false));
    desk.sim.load_paper();
    desk.sim.advance(desk.now);
    assert_eq!(desk.quietly(&raster), PrintOutcome::Confirmed);
    assert_eq!(whole_slips(&desk.sim, &raster, &desk.traits), 1);
    let last = desk.sim.papers().back().unwrap();
    assert!(
        whole(last, &raster, &desk.traits),
        "the remnant was cut off before the new slip"
    );
}

#[test]
fn the_last_slip_of_a_roll_is_confirmed_although_the_paper_is_out_afterwards() {
    let mut desk = Desk::new(epson(), SimTraits::epson());
    let mut ended = false;
    let raster = slip(200, 2);
    let outcome = desk.print(&raster, PrintOptions::slip(), &mut |_, sim| {
        if sim.pieces() == 1 && !ended {
            ended = true;
            sim.end_paper_after(0);
        }
        Line::Up
    });
    assert_eq!(outcome, PrintOutcome::Confirmed);
    desk.session.overhear(&[0x18, 0x00, 0x0C, 0x00]);
    assert_eq!(desk.session.status().paper, Roll::End);
}

#[test]
fn a_jammed_cutter_leaves_a_whole_slip_uncut_and_the_clerk_is_asked() {
    let mut desk = Desk::new(epson(), SimTraits::epson());
    desk.sim.faults().jam_at_next_cut = true;
    let raster = slip(200, 2);
    let outcome = desk.quietly(&raster);
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
}

#[test]
fn a_cancel_takes_the_rest_back() {
    let mut desk = Desk::new(
        epson(),
        SimTraits {
            rows_per_second: 1_000,
            ..SimTraits::epson()
        },
    );
    let raster = slip(1_000, 4);
    desk.session.connected(true);
    let mut run = PrintRun::new(
        &mut desk.session,
        &desk.traits,
        &raster,
        PrintOptions::slip(),
        desk.now,
    );
    let outcome = loop {
        match run.poll(desk.now) {
            RunStep::Done(outcome) => break outcome,
            RunStep::Transmit => {
                let out = run.outgoing();
                let taken = desk
                    .sim
                    .receive(desk.now, &out[..out.len().min(CHUNK_BYTES)]);
                run.sent(desk.now, taken);
            }
            RunStep::Wait(_) => {}
        }
        desk.now += STEP;
        desk.sim.advance(desk.now);
        run.receive(desk.now, &desk.sim.take_output());
        if run.progress().bands_confirmed == 2 {
            run.cancel(desk.now, FailureCause::Cancelled);
        }
    };
    assert_eq!(cause(outcome), (FailureCause::Cancelled, false));
    desk.sim.advance(desk.now + Duration::from_secs(10));
    assert_eq!(desk.quietly(&raster), PrintOutcome::Confirmed);
    assert_eq!(whole_slips(&desk.sim, &raster, &desk.traits), 1);
    assert_eq!(desk.sim.papers().len(), 2);
}

#[test]
fn noise_and_doubled_answers_never_make_a_false_confirmation() {
    for noise in [false, true] {
        for traits in [epson(), PrinterTraits::default(), clone_printer()] {
            let mut desk = Desk::new(traits, SimTraits::epson());
            desk.sim.faults().noise = noise;
            desk.sim.faults().duplicate_replies = !noise;
            desk.sim.faults().jam_at_next_cut = true;
            let outcome = desk.quietly(&slip(500, 9));
            assert_ne!(outcome, PrintOutcome::Confirmed, "the slip was never cut");
        }
    }
}

#[test]
fn a_silent_one_way_line_is_unknown() {
    let mut desk = Desk::new(epson().one_way(), SimTraits::epson());
    desk.sim.faults().mute = true;
    let outcome = desk.quietly(&slip(500, 9));
    assert!(
        matches!(
            outcome,
            PrintOutcome::Unknown {
                why: DoubtReason::NoReadback,
                ..
            }
        ),
        "{outcome:?}"
    );
}
