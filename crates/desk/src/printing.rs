//! Slips: printed only what is recorded, at most once for each explicit copy, and never by themselves.
//!
//! A print job is a row in the ledger. It is sent once; its outcome is what the printer acknowledged, or what a
//! person says where the printer could not tell. A job that was being sent when the program ended is unknown, and
//! is asked of the clerk, not printed again.

use std::time::Duration;

use jiff::civil::DateTime;
use motcua_core::dossier::{self, Command, Dossier};
use motcua_core::ids::{EntityId, PrintJobId};
use motcua_core::refusal::Refusal;
use motcua_core::state::PrintOutcome;
use motcua_drivers::{PrintOutcome as PrinterSays, RasterJob};
use motcua_ledger::{NewPrintJob, PrintJob, PrintJobState, PrintKind};
use motcua_papers::slip;
use uuid::Uuid;

use crate::Desk;
use crate::error::DeskError;
use crate::event::DeskEvent;
use crate::paper_record::{self, Edition};

/// How long a slip waits for the second copy before it is printed with a note that there is only one.
const SECOND_COPY_WAIT_MS: u64 = 1_200;
/// How often it looks.
const SECOND_COPY_LOOK_MS: u64 = 40;

/// A row for a slip that is about to be printed.
pub(crate) fn slip_job(
    id: PrintJobId,
    dossier: EntityId,
    copy: u16,
    reason: String,
    at: DateTime,
) -> NewPrintJob {
    NewPrintJob {
        id,
        kind: PrintKind::Slip,
        entity: Some(dossier),
        copy,
        reason,
        at,
    }
}

impl Desk {
    /// Prints the first slip of a dossier where none is known to have come out.
    ///
    /// # Errors
    /// [`DeskError::NoPrinter`]; [`Refusal::ReasonMissing`] when a slip is out already: the next is a reprint.
    pub async fn print_slip(&self, id: EntityId) -> Result<(), DeskError> {
        let node = self.node()?;
        let dossier = node.store.dossier(id)?.ok_or(Refusal::NoSuchDossier)?;
        if dossier.next_copy() > 1 {
            return Err(Refusal::ReasonMissing.into());
        }
        self.queue_slip(id, 1, String::new()).await
    }

    /// Prints a marked copy.
    ///
    /// # Errors
    /// [`Refusal::ReasonMissing`], [`DeskError::NoPrinter`].
    pub async fn reprint_slip(&self, id: EntityId, reason: &str) -> Result<(), DeskError> {
        if reason.trim().is_empty() {
            return Err(Refusal::ReasonMissing.into());
        }
        let node = self.node()?;
        let dossier = node.store.dossier(id)?.ok_or(Refusal::NoSuchDossier)?;
        self.queue_slip(id, dossier.next_copy().max(2), reason.trim().to_owned())
            .await
    }

    async fn queue_slip(&self, id: EntityId, copy: u16, reason: String) -> Result<(), DeskError> {
        let node = self.node()?;
        let session = node.session()?;
        self.slip_printer().ok_or(DeskError::NoPrinter)?;
        let open = node.store.print_jobs_of(id)?;
        if open.iter().any(|job| job.state.is_open()) {
            return Err(DeskError::DeviceBusy(
                self.slip_printer().ok_or(DeskError::NoPrinter)?,
            ));
        }
        let now = self.now();
        let job = PrintJobId(Uuid::new_v4());
        node.store
            .act(self.stamp(&session), move |tx| {
                tx.clock_check(now)?;
                tx.queue_print(slip_job(job, id, copy, reason, now))
            })
            .await?;
        self.tell(DeskEvent::Dossier(id));
        self.print_in_background(job);
        Ok(())
    }

    /// The clerk says whether a slip of unknown outcome came out.
    ///
    /// # Errors
    /// [`DeskError::PrintAnswered`] when it is not, or no longer, unknown.
    pub async fn print_answer(
        &self,
        job: PrintJobId,
        came_out: bool,
    ) -> Result<EntityId, DeskError> {
        let node = self.node()?;
        node.session()?;
        let known = node.store.print_job(job)?.ok_or(DeskError::PrintAnswered)?;
        if known.state != PrintJobState::Unknown {
            return Err(DeskError::PrintAnswered);
        }
        let outcome = if came_out {
            PrintOutcome::ConfirmedByPerson
        } else {
            PrintOutcome::Failed
        };
        self.settle(&known, outcome, String::new()).await?;
        known.entity.ok_or_else(|| Refusal::NoSuchDossier.into())
    }

    /// A slip that an earlier start had asked for and not begun to send is not out: it is given up, so that the
    /// clerk may ask for it. By itself nothing prints.
    pub(crate) async fn give_up_old_prints(&self) -> Result<(), DeskError> {
        let node = self.node()?;
        for job in node.store.open_print_jobs()? {
            if job.of_earlier_start && job.state == PrintJobState::Queued {
                node.store
                    .set_print_state(job.id, PrintJobState::Abandoned, String::new())
                    .await?;
            }
        }
        Ok(())
    }

    pub(crate) fn print_in_background(&self, job: PrintJobId) {
        let desk = self.clone();
        tokio::spawn(async move {
            if let Err(error) = desk.print_now(job).await {
                desk.tell(DeskEvent::Notice(error));
            }
            desk.tell(DeskEvent::Status);
        });
    }

    async fn print_now(&self, job: PrintJobId) -> Result<(), DeskError> {
        let node = self.node()?;
        let row = node.store.print_job(job)?.ok_or(DeskError::PrintAnswered)?;
        let id = row.entity.ok_or(Refusal::NoSuchDossier)?;
        let second_copy = self.wait_for_second_copy(id).await?;
        let dossier = node.store.dossier(id)?.ok_or(Refusal::NoSuchDossier)?;
        let raster = self.slip_raster(&dossier, &row, second_copy)?;
        let printer = self.slip_printer().ok_or(DeskError::NoPrinter)?;
        node.store
            .set_print_state(job, PrintJobState::Sending, String::new())
            .await?;
        self.tell(DeskEvent::Dossier(id));
        match self.send_to_printer(&printer, job, raster).await {
            PrinterSays::Confirmed => {
                self.settle(&row, PrintOutcome::Confirmed, String::new())
                    .await?;
            }
            PrinterSays::Failed { cause, .. } => {
                self.settle(&row, PrintOutcome::Failed, format!("{cause:?}"))
                    .await?;
                self.tell(DeskEvent::Notice(
                    self.printer_trouble(&printer, cause, &dossier),
                ));
            }
            PrinterSays::Unknown { .. } => {
                node.store
                    .set_print_state(job, PrintJobState::Unknown, String::new())
                    .await?;
                let code = dossier.received.code.to_string();
                self.tell(DeskEvent::Notice(DeskError::PrintUnknown {
                    printer: self.device_name(&printer),
                    code,
                    job,
                }));
            }
        }
        self.tell(DeskEvent::Dossier(id));
        Ok(())
    }

    /// Waits, shortly, until the dossier and its scans are on another machine. Only where one is there to answer.
    async fn wait_for_second_copy(&self, id: EntityId) -> Result<bool, DeskError> {
        let node = self.node()?;
        let tries = if self.link_is_up() {
            SECOND_COPY_WAIT_MS / SECOND_COPY_LOOK_MS
        } else {
            0
        };
        for _ in 0..tries {
            if node.store.life_line(id)?.second_copy.is_some() {
                return Ok(true);
            }
            tokio::time::sleep(Duration::from_millis(SECOND_COPY_LOOK_MS)).await;
        }
        Ok(node.store.life_line(id)?.second_copy.is_some())
    }

    fn slip_raster(
        &self,
        dossier: &Dossier,
        job: &PrintJob,
        second_copy: bool,
    ) -> Result<RasterJob, DeskError> {
        let node = self.node()?;
        let book = node.book(self.now().date())?;
        let signature = dossier
            .received
            .signature
            .as_ref()
            .map(|s| self.signature(s))
            .transpose()?
            .flatten();
        let reprint = (job.copy > 1).then(|| {
            let by = crate::node::lock(&node.session)
                .as_ref()
                .map(|s| s.name.clone());
            (
                job.at,
                by.unwrap_or_else(|| dossier.received.officer.name.clone()),
            )
        });
        let edition = Edition {
            second_copy,
            copy: job.copy,
            reprint,
        };
        let record =
            paper_record::reception(dossier, &book.office.profile, signature.as_ref(), &edition);
        let slip = slip::reception(&record)?;
        let width = u16::try_from(slip.width_dots).unwrap_or(u16::MAX);
        RasterJob::new(width, slip.rows, slip.bits).map_err(|_| DeskError::NoPrinter)
    }

    /// Writes what became of a slip to the log and to its row, in one transaction.
    async fn settle(
        &self,
        job: &PrintJob,
        outcome: PrintOutcome,
        detail: String,
    ) -> Result<(), DeskError> {
        let node = self.node()?;
        let now = self.now();
        let id = job.entity.ok_or(Refusal::NoSuchDossier)?;
        let (row, copy, reason) = (job.id, job.copy, job.reason.clone());
        let state = match outcome {
            PrintOutcome::Failed => PrintJobState::Failed,
            PrintOutcome::Confirmed | PrintOutcome::ConfirmedByPerson => PrintJobState::Confirmed,
        };
        let stamp = self.stamp_of_machine(&node);
        node.store
            .act(stamp, move |tx| {
                let dossier = tx.dossier(id)?.ok_or(Refusal::NoSuchDossier)?;
                let command = Command::RecordPrint {
                    job: row,
                    copy,
                    outcome,
                    reason,
                };
                let event = dossier::decide(&dossier, command, now)?;
                tx.record(id, event)?;
                tx.update_print(row, state, &detail)?;
                Ok(())
            })
            .await?;
        self.tell(DeskEvent::Dossier(id));
        self.tell(DeskEvent::Status);
        Ok(())
    }
}
