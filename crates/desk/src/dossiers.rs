//! A dossier as a clerk opens it, and finding one.

use motcua_core::dossier::Dossier;
use motcua_core::ids::EntityId;
use motcua_core::refusal::Refusal;
use motcua_ledger::{LifeLine, PrintJob};
use motcua_papers::form01::{self, PageSize};

use crate::Desk;
use crate::error::DeskError;
use crate::paper_record::{self, Edition};

/// Dossiers that a search shows at most.
const HITS_MAX: usize = 50;

/// A dossier with its life line and its papers.
#[derive(Clone, Debug)]
pub struct DossierFile {
    /// The dossier.
    pub dossier: Dossier,
    /// Which machines acknowledged it, and what became of its paper.
    pub life: LifeLine,
    /// Every print that was asked for on this machine.
    pub prints: Vec<PrintJob>,
}

impl Desk {
    /// A dossier.
    ///
    /// # Errors
    /// [`Refusal::NoSuchDossier`].
    pub fn dossier(&self, id: EntityId) -> Result<DossierFile, DeskError> {
        let node = self.node()?;
        node.session()?;
        let dossier = node.store.dossier(id)?.ok_or(Refusal::NoSuchDossier)?;
        let life = node.store.life_line(id)?;
        let prints = node.store.print_jobs_of(id)?;
        Ok(DossierFile {
            dossier,
            life,
            prints,
        })
    }

    /// Dossiers by code or its last digits, name without marks, personal number, phone, or a slip's QR; those that
    /// the office numbered today where nothing is asked.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub fn search(&self, query: &str) -> Result<Vec<motcua_ledger::SearchHit>, DeskError> {
        let node = self.node()?;
        node.session()?;
        if query.trim().is_empty() {
            let today = self.now().date();
            let org = node.book(today)?.office.profile.org.clone();
            let codes_of_today = format!("{org}-{}-", today.strftime("%y%m%d"));
            return Ok(node.store.search(&codes_of_today, HITS_MAX)?);
        }
        Ok(node.store.search(query, HITS_MAX)?)
    }

    /// Form 01 as a PDF file in the desk's own folder, named by the dossier code. The folder is emptied at each
    /// start: the form can always be made again, byte for byte.
    ///
    /// # Errors
    /// [`DeskError::Paper`], [`DeskError::Io`].
    pub async fn form_pdf(&self, id: EntityId) -> Result<std::path::PathBuf, DeskError> {
        let bytes = self.form_bytes(id)?;
        let dossier = self
            .node()?
            .store
            .dossier(id)?
            .ok_or(Refusal::NoSuchDossier)?;
        let folder = self.forms_dir();
        tokio::fs::create_dir_all(&folder).await?;
        let path = folder.join(format!("{}.pdf", dossier.received.code));
        tokio::fs::write(&path, bytes).await?;
        Ok(path)
    }

    /// Form 01 as PDF bytes.
    ///
    /// # Errors
    /// [`DeskError::Paper`].
    pub fn form_bytes(&self, id: EntityId) -> Result<Vec<u8>, DeskError> {
        Ok(form01::render_pdf(&self.form_record(id)?, PageSize::A5)?)
    }

    /// The record that Form 01 of a dossier is made from.
    ///
    /// # Errors
    /// [`Refusal::NoSuchDossier`], [`DeskError::Store`].
    pub fn form_record(&self, id: EntityId) -> Result<form01::Reception, DeskError> {
        let node = self.node()?;
        let dossier = node.store.dossier(id)?.ok_or(Refusal::NoSuchDossier)?;
        let life = node.store.life_line(id)?;
        let book = node.book(self.now().date())?;
        let signature = dossier
            .received
            .signature
            .as_ref()
            .map(|s| self.signature(s))
            .transpose()?
            .flatten();
        let edition = Edition::original(life.second_copy.is_some());
        Ok(paper_record::reception(
            &dossier,
            &book.office.profile,
            signature.as_ref(),
            &edition,
        ))
    }
}
