//! `motcua receive`: a dossier from JSON into a store, by the same use case as the window.

use std::path::PathBuf;

use motcua_core::catalogue::{CaseId, Channel, ProcedureCode};
use motcua_core::dossier::Delivery;
use motcua_core::intake::{Change, PaperCount, PersonField, SubmitterForm};
use motcua_desk::{Desk, DeskError};
use serde::Deserialize;
use serde_json::json;

use super::store::{self, StoreArgs};
use crate::output::Outcome;

/// Ví dụ: motcua receive --dir ./thu --practice ho-so.json
///
/// ho-so.json: {"card":"038194012345|…", "procedure":"1.001193", "channel":"direct"}
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    store: StoreArgs,
    /// Hồ sơ (JSON), "-" là đầu vào chuẩn
    file: PathBuf,
}

/// A dossier as a script writes it. What is left out is as a clerk would leave it: the required papers are ticked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The text of the owner's card.
    #[serde(default)]
    card: Option<String>,
    /// The owner, field by field; beside or instead of a card.
    #[serde(default)]
    owner: Vec<(PersonField, String)>,
    #[serde(default)]
    submitter: Option<SubmitterForm>,
    procedure: ProcedureCode,
    #[serde(default)]
    case: Option<CaseId>,
    #[serde(default)]
    channel: Option<Channel>,
    #[serde(default)]
    papers: Option<Vec<Paper>>,
    #[serde(default)]
    set_count: Option<u16>,
    #[serde(default)]
    fee: Option<u64>,
    #[serde(default)]
    delivery: Option<Delivery>,
    #[serde(default)]
    note: String,
}

/// A paper by its key in the checklist, or by a name that the catalogue does not list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Paper {
    #[serde(default)]
    key: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    originals: u16,
    #[serde(default)]
    certified: u16,
    #[serde(default)]
    copies: u16,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let text = super::read_text(&args.file)?;
    let input: Input = match serde_json::from_str(&text) {
        Ok(input) => input,
        Err(error) => {
            return Ok(Outcome::refused(
                "input",
                &error.to_string(),
                json!({ "line": error.line() }),
            ));
        }
    };
    store::with_desk(&args.store, async |desk: Desk| {
        match receive(&desk, input).await {
            Ok(outcome) => Ok(outcome),
            Err(error) => store::refused(error),
        }
    })
}

async fn receive(desk: &Desk, input: Input) -> Result<Outcome, DeskError> {
    desk.intake_start().await?;
    let received = match fill(desk, input).await {
        Ok(()) => desk.receive().await,
        Err(error) => Err(error),
    };
    if received.is_err() {
        // A draft that a script could not finish is nobody's: it is not left for the next person to find.
        desk.discard().await?;
    }
    let received = received?;
    let file = desk.dossier(received.dossier)?;
    Ok(Outcome::Done(json!({
        "dossier": received.dossier.to_string(),
        "code": received.code.to_string(),
        "received_at": file.dossier.received.received_at,
        "due_at": received.due_at,
    })))
}

async fn fill(desk: &Desk, input: Input) -> Result<(), DeskError> {
    if let Some(card) = &input.card {
        desk.card_text(card).await?;
    }
    let mut changes: Vec<Change> = input
        .owner
        .into_iter()
        .map(|(field, value)| Change::Person { field, value })
        .collect();
    changes.push(Change::Submitter(input.submitter));
    changes.push(Change::Procedure(Some(input.procedure)));
    changes.extend(input.channel.map(Change::Channel));
    changes.extend(input.case.map(Change::Case));
    changes.extend(input.set_count.map(Change::SetCount));
    changes.extend(input.fee.map(Change::FeeDecided));
    changes.extend(input.delivery.map(Change::Delivery));
    changes.push(Change::Note(input.note));
    for change in changes {
        desk.change("script", change).await?;
    }
    match input.papers {
        None => tick_required(desk).await,
        Some(papers) => count(desk, papers).await,
    }
}

async fn tick_required(desk: &Desk) -> Result<(), DeskError> {
    let view = desk.intake().await?;
    let papers = view.map(|v| v.draft.papers).unwrap_or_default();
    for paper in papers.into_iter().filter(|p| p.required) {
        desk.change(
            "script",
            Change::PaperChecked {
                key: paper.key,
                checked: true,
            },
        )
        .await?;
    }
    Ok(())
}

async fn count(desk: &Desk, papers: Vec<Paper>) -> Result<(), DeskError> {
    for paper in papers {
        let key = match (paper.key, paper.name) {
            (Some(key), _) => key,
            (None, Some(name)) => {
                let view = desk.change("script", Change::PaperAdded { name }).await?;
                view.draft
                    .papers
                    .last()
                    .map(|p| p.key.clone())
                    .unwrap_or_default()
            }
            (None, None) => continue,
        };
        let counts = [
            (PaperCount::Originals, paper.originals),
            (PaperCount::Certified, paper.certified),
            (PaperCount::Copies, paper.copies),
        ];
        for (which, count) in counts {
            desk.change(
                "script",
                Change::PaperCounted {
                    key: key.clone(),
                    which,
                    count,
                },
            )
            .await?;
        }
    }
    Ok(())
}
