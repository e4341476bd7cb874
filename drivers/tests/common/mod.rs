//! A desk with simulated devices around it, and patience.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use motcua_drivers::manager::{ManagerOptions, Role};
use motcua_drivers::simulators::{Bench, BenchCommand, BenchOptions, BenchReply};
use motcua_drivers::{
    DeviceEvent, DeviceManager, DeviceState, DeviceView, PrintOptions, PrintOutcome, RasterJob,
};
use tempfile::TempDir;
use uuid::Uuid;

/// Long enough for a loaded build machine, short enough to notice a hang.
pub const PATIENCE: Duration = Duration::from_secs(20);

pub struct Desk {
    pub bench: Bench,
    pub manager: DeviceManager,
    pub events: Receiver<DeviceEvent>,
    pub dir: TempDir,
}

impl Desk {
    pub fn start(options: BenchOptions) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let bench = Bench::start(dir.path(), options).unwrap();
        let (sender, events) = channel();
        let sims: Arc<Bench> = Arc::new(bench.clone());
        let options = ManagerOptions {
            sims: Some(sims),
            ..ManagerOptions::default()
        };
        let manager = DeviceManager::start_with(&bench.desk().unwrap(), options, move |event| {
            let _test_is_over = sender.send(event);
        })
        .unwrap();
        Self {
            bench,
            manager,
            events,
            dir,
        }
    }

    pub fn at_bench(&self, command: BenchCommand) -> BenchReply {
        self.bench.command(command)
    }

    /// The first event that `wanted` picks; others are passed over.
    pub fn event<T>(&self, what: &str, wanted: impl Fn(&DeviceEvent) -> Option<T>) -> T {
        let until = Instant::now() + PATIENCE;
        let mut passed = Vec::new();
        while let Ok(event) = self
            .events
            .recv_timeout(until.saturating_duration_since(Instant::now()))
        {
            if let Some(found) = wanted(&event) {
                return found;
            }
            passed.push(event);
        }
        panic!("no {what} in time; instead: {passed:#?}");
    }

    /// Events that come within `time` and that `wanted` picks.
    pub fn events_within<T>(
        &self,
        time: Duration,
        wanted: impl Fn(&DeviceEvent) -> Option<T>,
    ) -> Vec<T> {
        let until = Instant::now() + time;
        let mut found = Vec::new();
        while let Ok(event) = self
            .events
            .recv_timeout(until.saturating_duration_since(Instant::now()))
        {
            found.extend(wanted(&event));
        }
        found
    }

    pub fn view(&self, role: Role) -> DeviceView {
        self.manager
            .views()
            .into_iter()
            .find(|view| view.role == role)
            .unwrap()
    }

    /// Waits until the view of `role` satisfies `wanted`.
    pub fn until(
        &self,
        role: Role,
        what: &str,
        wanted: impl Fn(&DeviceView) -> bool,
    ) -> DeviceView {
        let until = Instant::now() + PATIENCE;
        loop {
            let view = self.view(role);
            if wanted(&view) {
                return view;
            }
            assert!(Instant::now() < until, "never {what}: {view:#?}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    pub fn ready(&self, role: Role) -> DeviceView {
        self.until(role, "ready", |view| view.state == DeviceState::Ready)
    }

    pub fn print(&self, raster: &RasterJob) -> PrintOutcome {
        let job = Uuid::new_v4();
        self.manager
            .print(job, raster.clone(), PrintOptions::slip())
            .unwrap();
        self.outcome(job)
    }

    pub fn outcome(&self, wanted: Uuid) -> PrintOutcome {
        self.event("outcome", |event| match event {
            DeviceEvent::PrintDone { job, outcome, .. } if *job == wanted => Some(*outcome),
            _ => None,
        })
    }

    /// Whole slips of `raster` that came out, by their dots.
    pub fn whole_slips(&self, raster: &RasterJob) -> usize {
        use motcua_drivers::protocols::escpos::raster::Guard;
        let [gs_d, pixel] = [Guard::GsD, Guard::Pixel].map(|g| raster.guarded(g, 192));
        self.bench
            .printer()
            .papers()
            .iter()
            .filter(|paper| {
                let ink = paper.ink().concat();
                ink == gs_d.bits() || ink == pixel.bits()
            })
            .count()
    }
}

/// A slip with ink in its first and last row, different for each `seed`.
pub fn slip(rows: u32, seed: u32) -> RasterJob {
    let bits = (0..rows * 72)
        .map(|at| (at.wrapping_mul(seed.wrapping_mul(2).wrapping_add(7)) % 251) as u8 | 1)
        .collect();
    RasterJob::new(576, rows, bits).unwrap()
}
