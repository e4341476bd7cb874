//! Random faults at random moments: what is said must be what the paper shows.

use proptest::prelude::*;

use super::*;

/// No hand is quicker than this at changing a roll.
const CHANGING_A_ROLL: Duration = Duration::from_secs(2);

#[derive(Debug, Clone)]
enum Event {
    PaperEnds(u64),
    Cover(bool),
    Jam,
    Overheat(bool),
    Busy(bool),
    Mute(bool),
    Noise(bool),
    Duplicates(bool),
    LoadPaper,
    PowerCycle,
    Unplug,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        (0u64..900).prop_map(Event::PaperEnds),
        any::<bool>().prop_map(Event::Cover),
        Just(Event::Jam),
        any::<bool>().prop_map(Event::Overheat),
        any::<bool>().prop_map(Event::Busy),
        any::<bool>().prop_map(Event::Mute),
        any::<bool>().prop_map(Event::Noise),
        any::<bool>().prop_map(Event::Duplicates),
        Just(Event::LoadPaper),
        Just(Event::PowerCycle),
        Just(Event::Unplug),
    ]
}

fn apply(event: &Event, sim: &mut PrinterSim) -> Line {
    match event {
        Event::PaperEnds(rows) => sim.end_paper_after(*rows),
        Event::Cover(open) => sim.faults().cover_open = *open,
        Event::Jam => sim.faults().jam_at_next_cut = true,
        Event::Overheat(hot) => sim.faults().overheated = *hot,
        Event::Busy(busy) => sim.faults().busy = *busy,
        Event::Mute(mute) => sim.faults().mute = *mute,
        Event::Noise(noise) => sim.faults().noise = *noise,
        Event::Duplicates(twice) => sim.faults().duplicate_replies = *twice,
        Event::LoadPaper => {}
        Event::PowerCycle => sim.power_cycle(),
        Event::Unplug => return Line::Down,
    }
    Line::Up
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 160 } else { 2_000 }))]

    /// Jobs under random faults: what is said is what the paper shows, once every person has put
    /// the printer right again and it has done whatever it does by itself.
    #[test]
    fn whatever_happens_the_outcome_is_true(
        events in proptest::collection::vec((0u64..900, event()), 0..5),
        rows in 100u32..900,
        epson_like in any::<bool>(),
        process_id in any::<bool>(),
        lossless in any::<bool>(),
    ) {
        let (mut traits, sim) = if epson_like {
            (epson(), SimTraits::epson())
        } else {
            (clone_printer(), SimTraits::clone_80mm())
        };
        if !process_id {
            traits.barrier = Barrier::GsR1;
        }
        let mut desk = Desk::new(traits, SimTraits { rows_per_second: 2_000, ..sim });
        let raster = slip(rows, 11);
        desk.lossless = lossless;
        let mut waiting = events;
        if lossless {
            waiting.retain(|(_, event)| {
                !matches!(event, Event::Noise(_) | Event::Duplicates(_) | Event::Mute(_))
            });
        }
        if desk.traits.barrier == Barrier::GsR1 {
            // The gap that the documentation of the barrier names.
            let confusing = |event: &Event| matches!(event, Event::Noise(_) | Event::Duplicates(_));
            if waiting.iter().any(|(_, event)| confusing(event)) {
                waiting.retain(|(_, event)| !matches!(event, Event::PowerCycle));
            }
        }
        waiting.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        let mut loaded_at = None;
        let outcome = desk.print(&raster, PrintOptions::slip(), &mut |now, sim| {
            let mut line = Line::Up;
            if loaded_at.is_some_and(|at| now >= at) {
                loaded_at = None;
                sim.load_paper();
            }
            while waiting.last().is_some_and(|(at, _)| now >= Duration::from_millis(*at)) {
                match waiting.pop() {
                    Some((_, Event::LoadPaper)) => loaded_at = Some(now + CHANGING_A_ROLL),
                    Some((_, event)) if apply(&event, sim) == Line::Down => line = Line::Down,
                    _ => {}
                }
            }
            line
        });
        let later = desk.now + Duration::from_secs(30);
        let confirmed_already = whole_slips(&desk.sim, &raster, &desk.traits);
        *desk.sim.faults() = Default::default();
        desk.sim.load_paper();
        desk.sim.advance(later);
        desk.sim.advance(later + Duration::from_secs(30));
        let out = whole_slips(&desk.sim, &raster, &desk.traits);
        match outcome {
            PrintOutcome::Confirmed => prop_assert_eq!((confirmed_already, out), (1, 1)),
            PrintOutcome::Failed { nothing_came_out, .. } => {
                prop_assert_eq!(out, 0, "a failed slip came out after all");
                if nothing_came_out {
                    desk.sim.tear_off();
                    prop_assert!(desk.sim.papers().iter().all(Paper::is_blank));
                }
            }
            PrintOutcome::Unknown { .. } => prop_assert!(out <= 1),
        }
    }

    #[test]
    fn any_answers_end_a_job_and_never_panic(
        answers in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..20), 0..60),
    ) {
        let mut session = Session::new();
        let traits = PrinterTraits::default();
        let raster = slip(400, 1);
        let mut now = Duration::ZERO;
        let mut run = PrintRun::new(&mut session, &traits, &raster, PrintOptions::slip(), now);
        let mut answers = answers.into_iter();
        for _ in 0..20_000 {
            match run.poll(now) {
                RunStep::Done(_) => return Ok(()),
                RunStep::Transmit => run.sent(now, run.outgoing().len().min(300)),
                RunStep::Wait(until) => now = until,
            }
            if let Some(answer) = answers.next() {
                run.receive(now, &answer);
            }
        }
        prop_assert!(false, "the job never ended");
    }
}
