//! Jobs that something interrupts: a cable, a cover, the end of a roll.

use super::*;

#[test]
fn a_pulled_cable_is_never_a_confirmed_slip() {
    let raster = slip(600, 4);
    for pull_after_ms in (0..400).step_by(5) {
        let sim = SimTraits {
            rows_per_second: 4_000,
            ..SimTraits::epson()
        };
        let mut desk = Desk::new(epson(), sim);
        let pull_at = Duration::from_millis(pull_after_ms);
        let outcome = desk.print(&raster, PrintOptions::slip(), &mut |now, _| {
            if now >= pull_at { Line::Down } else { Line::Up }
        });
        desk.sim.advance(desk.now + Duration::from_secs(10));
        let out = whole_slips(&desk.sim, &raster, &desk.traits);
        match outcome {
            PrintOutcome::Confirmed => assert_eq!(out, 1, "at {pull_after_ms} ms"),
            PrintOutcome::Failed {
                nothing_came_out, ..
            } => {
                assert_eq!(out, 0, "at {pull_after_ms} ms");
                if nothing_came_out {
                    desk.sim.tear_off();
                    assert!(desk.sim.papers().iter().all(Paper::is_blank));
                }
            }
            PrintOutcome::Unknown { why, .. } => assert_eq!(why, DoubtReason::LinkLost),
        }
    }
}

#[test]
fn after_a_broken_job_the_next_slip_is_clean_and_not_kept_waiting() {
    for (traits, sim) in [
        (epson(), SimTraits::epson()),
        (clone_printer(), SimTraits::clone_80mm()),
    ] {
        for break_after in 5..80 {
            let mut desk = Desk::new(
                traits.clone(),
                SimTraits {
                    rows_per_second: 3_000,
                    ..sim.clone()
                },
            );
            let raster = slip(600, 4);
            let mut steps = 0;
            let outcome = desk.print(&raster, PrintOptions::slip(), &mut |_, sim| {
                steps += 1;
                if steps > break_after {
                    return Line::Down;
                }
                if steps == break_after {
                    // What is on the way when the line breaks never arrives.
                    sim.faults().power_off = true;
                }
                Line::Up
            });
            desk.sim.faults().power_off = false;
            if outcome == PrintOutcome::Confirmed {
                assert!(
                    break_after > 30,
                    "done before the line broke: {break_after}"
                );
                break;
            }
            let began = desk.now;
            assert_eq!(
                desk.quietly(&raster),
                PrintOutcome::Confirmed,
                "{break_after}"
            );
            assert!(desk.now - began < Duration::from_secs(4), "{break_after}");
            let last = desk.sim.papers().back().unwrap();
            assert!(
                whole(last, &raster, &desk.traits),
                "{break_after}: a remnant on the slip"
            );
        }
    }
}

#[test]
fn a_cover_opened_and_closed_in_mid_slip_is_looked_at() {
    let sim = SimTraits {
        rows_per_second: 1_000,
        ..SimTraits::epson()
    };
    let mut desk = Desk::new(epson(), sim);
    let opened = Duration::from_millis(300)..Duration::from_millis(450);
    let outcome = desk.print(&slip(600, 3), PrintOptions::slip(), &mut |now, sim| {
        sim.faults().cover_open = opened.contains(&now);
        Line::Up
    });
    assert!(
        matches!(
            outcome,
            PrintOutcome::Unknown {
                why: DoubtReason::Interrupted,
                ..
            }
        ),
        "{outcome:?}"
    );
}

#[test]
fn a_roll_changed_in_mid_slip_while_the_printer_could_not_say_so_is_looked_at() {
    let mut desk = Desk::new(clone_printer(), SimTraits::clone_80mm());
    let mut changed = false;
    let outcome = desk.print(&slip(300, 3), PrintOptions::slip(), &mut |now, sim| {
        if now == STEP {
            sim.end_paper_after(20);
        }
        if now > Duration::from_secs(3) && !changed {
            changed = true;
            sim.load_paper();
        }
        Line::Up
    });
    assert!(
        matches!(
            outcome,
            PrintOutcome::Unknown {
                why: DoubtReason::Interrupted,
                ..
            }
        ),
        "{outcome:?}"
    );
}

#[test]
fn paper_out_in_the_last_band_is_certain_on_the_network_and_asked_on_a_serial_port() {
    for lossless in [true, false] {
        let sim = SimTraits {
            rows_per_second: 1_000,
            ..SimTraits::epson()
        };
        let mut desk = Desk {
            lossless,
            ..Desk::new(epson(), sim)
        };
        desk.sim.end_paper_after(300);
        let outcome = desk.quietly(&slip(350, 3));
        match outcome {
            PrintOutcome::Failed {
                cause: FailureCause::PaperOut,
                nothing_came_out: false,
                ..
            } => {
                assert!(lossless);
            }
            PrintOutcome::Unknown {
                why: DoubtReason::MayStillPrint,
                ..
            } => assert!(!lossless),
            other => panic!("{other:?}"),
        }
    }
}
