//! A desk with simulated devices around it, and patience.

#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests fail the test they help"
)]

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use motcua_drivers::manager::{ManagerOptions, Role};
use motcua_drivers::profile::ProfileBook;
use motcua_drivers::simulators::{Bench, BenchCommand, BenchOptions, BenchReply};
use motcua_drivers::{
    DeviceEvent, DeviceManager, DeviceState, DeviceView, PrintOptions, PrintOutcome, RasterJob,
};
use tempfile::TempDir;
use uuid::Uuid;

/// Long enough for a loaded build machine, short enough to notice a hang.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Desk {
    pub(crate) bench: Bench,
    pub(crate) manager: DeviceManager,
    pub(crate) events: Receiver<DeviceEvent>,
    pub(crate) dir: TempDir,
}

impl Desk {
    pub(crate) fn start(options: BenchOptions) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let bench = Bench::start(dir.path(), options).unwrap();
        let (sender, events) = channel();
        let sims: Arc<Bench> = Arc::new(bench.clone());
        let options = ManagerOptions {
            profiles: Some(impatient_profiles(dir.path())),
            sims: Some(sims),
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

    pub(crate) fn at_bench(&self, command: BenchCommand) -> BenchReply {
        self.bench.command(command)
    }

    /// The first event that `wanted` picks; others are passed over.
    pub(crate) fn event<T>(&self, what: &str, wanted: impl Fn(&DeviceEvent) -> Option<T>) -> T {
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
    pub(crate) fn events_within<T>(
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

    pub(crate) fn view(&self, role: Role) -> DeviceView {
        self.manager
            .views()
            .into_iter()
            .find(|view| view.role == role)
            .unwrap()
    }

    /// Waits until the view of `role` satisfies `wanted`.
    pub(crate) fn until(
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

    pub(crate) fn ready(&self, role: Role) -> DeviceView {
        self.until(role, "ready", |view| view.state == DeviceState::Ready)
    }

    pub(crate) fn print(&self, raster: &RasterJob) -> PrintOutcome {
        let job = Uuid::new_v4();
        self.manager
            .print(job, raster.clone(), PrintOptions::slip())
            .unwrap();
        self.outcome(job)
    }

    pub(crate) fn outcome(&self, wanted: Uuid) -> PrintOutcome {
        self.event("outcome", |event| match event {
            DeviceEvent::PrintDone { job, outcome, .. } if *job == wanted => Some(*outcome),
            _ => None,
        })
    }

    /// Whole slips of `raster` that came out, by their dots.
    pub(crate) fn whole_slips(&self, raster: &RasterJob) -> usize {
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
pub(crate) fn slip(rows: u32, seed: u32) -> RasterJob {
    let bits = (0..rows * 72)
        .map(|at| (at.wrapping_mul(seed.wrapping_mul(2).wrapping_add(7)) % 251) as u8 | 1)
        .collect();
    RasterJob::new(576, rows, bits).unwrap()
}

/// The embedded printers, looked at four times as often: tests wait for looks.
fn impatient_profiles(dir: &Path) -> ProfileBook {
    let own = dir.join("profiles");
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles");
    fs::create_dir(&own).unwrap();
    for name in ["epson-tm-t82.toml", "xprinter-80.toml", "escpos-80mm.toml"] {
        let text = fs::read_to_string(shipped.join(name)).unwrap();
        assert!(text.contains("poll_ms = 2000"));
        fs::write(
            own.join(name),
            text.replace("poll_ms = 2000", "poll_ms = 500"),
        )
        .unwrap();
    }
    let mut book = ProfileBook::embedded();
    assert_eq!(book.add_folder(&own), []);
    book
}
