//! The owner of a receipt printer: looks at it when idle, prints when told, and tells the truth.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use uuid::Uuid;

use super::board::Place;
use super::event::DeviceEvent;
use super::owner::Driver;
use super::roll::Roll;
use super::view::{Advice, DeviceState, FaultKind, Health};
use crate::profile::PrinterProfile;
use crate::protocols::escpos::run::{
    FailureCause, IdlePoll, IdleStep, PrintRun, PrinterTraits, RunStep, Session,
};
use crate::protocols::escpos::{Paper, PrintOptions, PrintOutcome, RasterJob};
use crate::transports::{Deadline, Link, LinkError};

/// Jobs that may wait at one printer.
pub(super) const MAX_WAITING_JOBS: usize = 16;
/// A job that waited longer is not printed: the person is gone.
const JOB_EXPIRES_AFTER: Duration = Duration::from_secs(60);
/// Job ids remembered so that none is printed twice.
const MAX_REMEMBERED_JOBS: usize = 4_096;
/// A slip being printed when the program closes may take this long to finish.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(5);
/// Bytes handed to the link before looking for an answer.
const SEND_CHUNK_BYTES: usize = 2_048;
/// One wait for a printer to take bytes, before its answers are looked at.
const SEND_WAIT: Duration = Duration::from_millis(50);
/// One read of an idle printer.
const IDLE_READ: Duration = Duration::from_millis(20);
/// Blank rows a cut feeds, roughly, for the paper estimate.
const CUT_FEED_DOTS: u64 = 120;

/// One slip to print.
#[derive(Debug)]
pub(super) struct PrintJob {
    pub(super) id: Uuid,
    pub(super) raster: RasterJob,
    pub(super) options: PrintOptions,
    pub(super) queued_at: Instant,
}

/// What a printer can be told.
#[derive(Debug)]
pub(super) enum PrinterCommand {
    Print(Box<PrintJob>),
    NewRoll,
}

/// Which jobs were accepted, and which are to be cancelled.
#[derive(Debug, Default)]
pub(super) struct JobTable {
    inner: Mutex<Jobs>,
}

#[derive(Debug, Default)]
struct Jobs {
    live: HashMap<Uuid, Arc<AtomicBool>>,
    known: HashSet<Uuid>,
    order: VecDeque<Uuid>,
}

impl JobTable {
    fn lock(&self) -> MutexGuard<'_, Jobs> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers a job; false when it is known already.
    pub(super) fn accept(&self, job: Uuid) -> bool {
        let mut jobs = self.lock();
        if !jobs.known.insert(job) {
            return false;
        }
        jobs.order.push_back(job);
        if jobs.order.len() > MAX_REMEMBERED_JOBS
            && let Some(oldest) = jobs.order.pop_front()
        {
            jobs.known.remove(&oldest);
        }
        jobs.live.insert(job, Arc::default());
        true
    }

    /// The job was not taken after all.
    pub(super) fn forget(&self, job: Uuid) {
        let mut jobs = self.lock();
        jobs.live.remove(&job);
        jobs.known.remove(&job);
        jobs.order.retain(|known| *known != job);
    }

    /// Asks for a cancel; false when the job is over or unknown.
    pub(super) fn cancel(&self, job: Uuid) -> bool {
        let jobs = self.lock();
        let live = jobs.live.get(&job);
        live.inspect(|cancel| cancel.store(true, Ordering::Relaxed))
            .is_some()
    }

    fn cancel_flag(&self, job: Uuid) -> Arc<AtomicBool> {
        self.lock().live.get(&job).cloned().unwrap_or_default()
    }

    fn over(&self, job: Uuid) {
        self.lock().live.remove(&job);
    }
}

/// The printer's driver.
pub(super) struct PrinterDriver {
    profile: PrinterProfile,
    /// What the printer can do on the line it is on now.
    traits: PrinterTraits,
    session: Session,
    roll: Roll,
    jobs: Arc<JobTable>,
    stop: Arc<AtomicBool>,
    origin: Instant,
    looked_at: Option<Instant>,
    shared: bool,
}

impl PrinterDriver {
    pub(super) fn new(
        profile: PrinterProfile,
        used_dots: Option<u64>,
        jobs: Arc<JobTable>,
        stop: Arc<AtomicBool>,
    ) -> Self {
        let roll = Roll::new(profile.roll_dots, profile.near_end_dots, used_dots);
        Self {
            traits: profile.traits.clone(),
            profile,
            session: Session::new(),
            roll,
            jobs,
            stop,
            origin: Instant::now(),
            looked_at: None,
            shared: false,
        }
    }

    fn engage(&mut self, link: &mut dyn Link) -> Result<(), LinkError> {
        if link.engage()? {
            self.session.connected(link.caps().lossless);
        }
        Ok(())
    }

    /// Asks the printer how it is and shows the answer.
    fn look(&mut self, link: &mut dyn Link, place: &Place) -> Result<(), LinkError> {
        self.engage(link)?;
        let answered = if self.traits.dle_eot {
            self.ask(link)
        } else {
            Ok(true)
        };
        link.release();
        self.looked_at = Some(Instant::now());
        if answered? {
            self.show(place);
        } else {
            self.show_silent(place);
        }
        Ok(())
    }

    fn ask(&mut self, link: &mut dyn Link) -> Result<bool, LinkError> {
        let stall = self.traits.stall_timeout;
        let mut poll = IdlePoll::new(&mut self.session, &self.traits);
        let mut buffer = [0u8; 256];
        loop {
            let now = self.origin.elapsed();
            match poll.poll(now) {
                IdleStep::Send(bytes) => match super::owner::send_all(link, &bytes, stall) {
                    Err(LinkError::Timeout { .. }) => return Ok(false),
                    other => other?,
                },
                IdleStep::Wait(until) => {
                    let wait = until.saturating_sub(now);
                    let got = link.recv(&mut buffer, Deadline::after(wait))?;
                    poll.receive(self.origin.elapsed(), &buffer[..got]);
                }
                IdleStep::Answered => return Ok(true),
                IdleStep::Silent => return Ok(false),
            }
        }
    }

    fn show_silent(&mut self, place: &Place) {
        place.update(|view| view.printer = None);
        place.fault(FaultKind::NoAnswer);
    }

    fn show(&mut self, place: &Place) {
        let status = self.session.status();
        self.roll.sensed(status.paper);
        let (left, used) = (self.roll.slips_left(), self.roll.used_dots());
        let model = self.session.model().map(str::to_owned);
        let known = !status.is_unknown();
        let (health, advice) = match status.paper {
            Paper::NearEnd => (Health::Attention, Some(Advice::PaperRunsLow)),
            _ if known => (Health::Good, None),
            _ => (Health::Unknown, None),
        };
        place.update(|view| {
            view.model = model;
            view.printer = known.then_some(status);
            view.paper_left_slips = left;
            view.paper_used_dots = used;
            match status.trouble() {
                Some(trouble) => {
                    let kind = FaultKind::from(trouble);
                    let since_ms = super::board::now_ms();
                    view.state = DeviceState::Fault { kind, since_ms };
                    view.health = Health::Attention;
                    view.advice = Some(kind.advice());
                }
                None => {
                    view.state = DeviceState::Ready;
                    view.health = health;
                    view.advice = advice;
                }
            }
        });
    }

    fn print(
        &mut self,
        job: &PrintJob,
        link: &mut dyn Link,
        place: &Place,
    ) -> Result<(), LinkError> {
        if let Some(cause) = self.refusal(job) {
            self.never(job, cause, place);
            return Ok(());
        }
        if let Err(error) = self.engage(link) {
            self.never(job, FailureCause::NotConnected, place);
            return Err(error);
        }
        place.update(|view| view.state = DeviceState::Busy { job: Some(job.id) });
        let (outcome, link_state) = self.drive(job, link, place);
        link.release();
        self.account(job, &outcome);
        self.finish(job.id, outcome, place);
        self.looked_at = None;
        link_state?;
        let no_answer = matches!(
            outcome,
            PrintOutcome::Failed {
                cause: FailureCause::NoAnswer | FailureCause::Stalled,
                ..
            }
        );
        if no_answer {
            self.show_silent(place);
        } else {
            self.show(place);
        }
        Ok(())
    }

    fn refusal(&self, job: &PrintJob) -> Option<FailureCause> {
        if self.jobs.cancel_flag(job.id).load(Ordering::Relaxed) {
            return Some(FailureCause::Cancelled);
        }
        if self.stop.load(Ordering::Relaxed) {
            return Some(FailureCause::Stopped);
        }
        (job.queued_at.elapsed() > JOB_EXPIRES_AFTER).then_some(FailureCause::Expired)
    }

    fn never(&self, job: &PrintJob, cause: FailureCause, place: &Place) {
        let bands = job.raster.band_count(self.traits.band_rows);
        self.finish(job.id, PrintOutcome::never_started(cause, bands), place);
    }

    fn finish(&self, job: Uuid, outcome: PrintOutcome, place: &Place) {
        self.jobs.over(job);
        place.tell(DeviceEvent::PrintDone {
            device: place.id(),
            job,
            outcome,
        });
    }

    /// Moves bytes and time between the link and the run until the run knows its outcome.
    fn drive(
        &mut self,
        job: &PrintJob,
        link: &mut dyn Link,
        place: &Place,
    ) -> (PrintOutcome, Result<(), LinkError>) {
        let cancel = self.jobs.cancel_flag(job.id);
        let options = job.options.clone();
        let origin = self.origin;
        let mut run = PrintRun::new(
            &mut self.session,
            &self.traits,
            &job.raster,
            options,
            origin.elapsed(),
        );
        let mut link_state = Ok(());
        let mut told_band = None;
        let mut stopping_since: Option<Instant> = None;
        loop {
            let now = origin.elapsed();
            if cancel.load(Ordering::Relaxed) {
                run.cancel(now, FailureCause::Cancelled);
            }
            if self.stop.load(Ordering::Relaxed) {
                let since = *stopping_since.get_or_insert_with(Instant::now);
                if since.elapsed() > SHUTDOWN_GRACE {
                    run.cancel(now, FailureCause::Stopped);
                }
            }
            let step = run.poll(now);
            let progress = run.progress();
            if progress.bands_sent > 0 && told_band != Some(progress.bands_sent) {
                told_band = Some(progress.bands_sent);
                place.tell(DeviceEvent::PrintProgress {
                    device: place.id(),
                    job: job.id,
                    band: progress.bands_sent,
                    of: progress.of,
                });
            }
            let moved = match step {
                RunStep::Done(outcome) => return (outcome, link_state),
                RunStep::Transmit => transmit(&mut run, link, origin),
                RunStep::Wait(until) => receive(
                    &mut run,
                    link,
                    origin,
                    Deadline::after(until.saturating_sub(now)),
                ),
            };
            if let Err(error) = moved {
                run.link_lost();
                link_state = Err(error);
            }
        }
    }

    fn account(&mut self, job: &PrintJob, outcome: &PrintOutcome) {
        let whole = u64::from(job.raster.rows()) + CUT_FEED_DOTS;
        match outcome {
            PrintOutcome::Confirmed => self.roll.slip(whole),
            PrintOutcome::Failed { progress, .. } | PrintOutcome::Unknown { progress, .. } => {
                let sent = u64::from(progress.bands_sent);
                self.roll.printed(sent * u64::from(self.traits.band_rows));
            }
        }
    }
}

fn transmit(run: &mut PrintRun<'_>, link: &mut dyn Link, origin: Instant) -> Result<(), LinkError> {
    let out = run.outgoing();
    let chunk = &out[..out.len().min(SEND_CHUNK_BYTES)];
    let sent = link.send(chunk, Deadline::after(SEND_WAIT))?;
    run.sent(origin.elapsed(), sent);
    receive(run, link, origin, Deadline::now())
}

fn receive(
    run: &mut PrintRun<'_>,
    link: &mut dyn Link,
    origin: Instant,
    deadline: Deadline,
) -> Result<(), LinkError> {
    let mut buffer = [0u8; 256];
    let got = link.recv(&mut buffer, deadline)?;
    run.receive(origin.elapsed(), &buffer[..got]);
    Ok(())
}

impl Driver for PrinterDriver {
    type Command = PrinterCommand;

    fn opened(&mut self, link: &mut dyn Link, place: &Place) -> Result<(), LinkError> {
        let caps = link.caps();
        self.session.connected(caps.lossless);
        self.shared = caps.shared;
        self.traits = if caps.bidirectional {
            self.profile.traits.clone()
        } else {
            self.profile.traits.one_way()
        };
        self.look(link, place)
    }

    fn idle(&mut self, link: &mut dyn Link, place: &Place) -> Result<(), LinkError> {
        let due = self
            .looked_at
            .is_none_or(|at| at.elapsed() >= self.profile.poll);
        if due {
            return self.look(link, place);
        }
        if self.shared {
            return Ok(());
        }
        let mut buffer = [0u8; 256];
        let got = link.recv(&mut buffer, Deadline::after(IDLE_READ))?;
        if got > 0 {
            self.session.overhear(&buffer[..got]);
            self.show(place);
        }
        Ok(())
    }

    fn pause(&self) -> Duration {
        if self.shared {
            IDLE_READ
        } else {
            Duration::ZERO
        }
    }

    fn command(
        &mut self,
        command: PrinterCommand,
        link: &mut dyn Link,
        place: &Place,
    ) -> Result<(), LinkError> {
        match command {
            PrinterCommand::Print(job) => self.print(&job, link, place),
            PrinterCommand::NewRoll => {
                self.new_roll(place);
                Ok(())
            }
        }
    }

    fn without_link(&mut self, command: PrinterCommand, place: &Place) {
        match command {
            PrinterCommand::Print(job) => {
                let cause = self.refusal(&job).unwrap_or(FailureCause::NotConnected);
                self.never(&job, cause, place);
            }
            PrinterCommand::NewRoll => self.new_roll(place),
        }
    }

    fn lost(&mut self, _place: &Place) {
        self.looked_at = None;
    }
}

impl PrinterDriver {
    fn new_roll(&mut self, place: &Place) {
        self.roll.renewed();
        let (left, used) = (self.roll.slips_left(), self.roll.used_dots());
        place.update(|view| {
            view.paper_left_slips = left;
            view.paper_used_dots = used;
        });
    }
}
