//! The draft in hand: every change is applied, saved and can be undone alone.

use jiff::civil::DateTime;
use motcua_core::calendar::{Due, TimeLimit};
use motcua_core::catalogue::{Catalogue, Found, Procedure};
use motcua_core::dossier::Dossier;
use motcua_core::ids::EntityId;
use motcua_core::intake::{self, Change, Draft, Fees, Hint, NoDue, PersonField, Source};
use motcua_core::people::card::{self, CardDoubt, CardRead, CardWarning};
use motcua_core::refusal::{Problem, Refusal};
use uuid::Uuid;

use crate::Desk;
use crate::error::DeskError;
use crate::event::DeskEvent;
use crate::node::RuleBook;

/// Steps that can be taken back.
const UNDO_STEPS_MAX: usize = 100;
/// Earlier dossiers of a person that are shown.
const EARLIER_SHOWN_MAX: usize = 20;

/// The draft with what can be taken back.
#[derive(Clone, Debug)]
pub(crate) struct Hand {
    pub(crate) draft: Draft,
    pub(crate) saved_at: DateTime,
    undo: Vec<Step>,
}

#[derive(Clone, Debug)]
struct Step {
    before: Draft,
    what: UndoKind,
    at: DateTime,
}

/// What a step was, for the words of "undo".
pub type UndoKind = &'static str;

/// Everything that the screen shows of the draft in hand.
#[derive(Clone, Debug)]
pub struct IntakeView {
    /// The draft.
    pub draft: Draft,
    /// What the hall calls its ticket.
    pub ticket_label: Option<String>,
    /// When the last change reached the disk.
    pub saved_at: DateTime,
    /// The procedure in force.
    pub procedure: Option<Procedure>,
    /// The limit that counts; none for a same-day result.
    pub limit: Option<TimeLimit>,
    /// The due date, or why there is none.
    pub due: Result<Due, NoDue>,
    /// What is owed.
    pub fees: Fees,
    /// What stands between this and a receipt.
    pub problems: Vec<Problem>,
    /// Advice.
    pub hints: Vec<Hint>,
    /// Earlier dossiers of the same person, newest first.
    pub earlier: Vec<Dossier>,
    /// The words to be signed.
    pub statement: Vec<String>,
    /// A signature was made for other words.
    pub signature_stale: bool,
    /// The last change that can be taken back, and when it was made.
    pub undo: Option<(UndoKind, DateTime)>,
}

/// A procedure that fits what was typed.
pub struct ProcedureHit {
    /// The procedure.
    pub procedure: Procedure,
    /// Whether it is in force today.
    pub standing: motcua_core::catalogue::Standing,
}

impl Desk {
    /// The draft in hand, if there is one.
    ///
    /// # Errors
    /// [`DeskError::NotSignedIn`], [`DeskError::Store`].
    pub async fn intake(&self) -> Result<Option<IntakeView>, DeskError> {
        let node = self.node()?;
        node.session()?;
        let hand = node.hand.lock().await.clone();
        hand.map(|hand| self.view_of(&hand)).transpose()
    }

    /// Starts a draft for the ticket in hand, or goes on with the one there is.
    ///
    /// # Errors
    /// [`DeskError::NotSignedIn`], [`DeskError::Store`].
    pub async fn intake_start(&self) -> Result<IntakeView, DeskError> {
        let node = self.node()?;
        let session = node.session()?;
        let mut hand = node.hand.lock().await;
        if hand.is_none() {
            let now = self.now();
            let tickets = node.store.tickets(now.date())?;
            let ticket = tickets
                .iter()
                .find(|t| t.in_hand_of() == Some(session.counter))
                .map(|t| t.id);
            let draft = Draft::new(EntityId(Uuid::new_v4()), ticket, now);
            *hand = Some(Hand {
                draft,
                saved_at: now,
                undo: Vec::new(),
            });
            drop(hand);
            self.tell(DeskEvent::Intake { revision: 0 });
            return self.intake().await?.ok_or_else(|| Refusal::NoDraft.into());
        }
        drop(hand);
        self.intake().await?.ok_or_else(|| Refusal::NoDraft.into())
    }

    /// Applies a change, saves the draft, and only then answers.
    ///
    /// # Errors
    /// [`Refusal`] of the rules, [`DeskError::Store`] when it could not be saved: the draft is then as before.
    pub async fn change(&self, what: UndoKind, change: Change) -> Result<IntakeView, DeskError> {
        let node = self.node()?;
        node.session()?;
        let mut hand = node.hand.lock().await;
        let current = hand.as_mut().ok_or(Refusal::NoDraft)?;
        let now = self.now();
        let book = node.book(now.date())?;
        let next = intake::apply(&current.draft, change, &book.catalogue, now)?;
        self.save(&next).await?;
        let before = std::mem::replace(&mut current.draft, next);
        current.saved_at = now;
        current.undo.push(Step {
            before,
            what,
            at: now,
        });
        if current.undo.len() > UNDO_STEPS_MAX {
            current.undo.remove(0);
        }
        let view = self.view_of(current)?;
        drop(hand);
        self.tell(DeskEvent::Intake {
            revision: view.draft.revision,
        });
        Ok(view)
    }

    /// Takes the last change back.
    ///
    /// # Errors
    /// [`Refusal::NothingToUndo`].
    pub async fn undo(&self) -> Result<IntakeView, DeskError> {
        let node = self.node()?;
        node.session()?;
        let mut hand = node.hand.lock().await;
        let current = hand.as_mut().ok_or(Refusal::NoDraft)?;
        let step = current.undo.last().ok_or(Refusal::NothingToUndo)?;
        let draft = Draft {
            revision: current.draft.revision + 1,
            ..step.before.clone()
        };
        self.save(&draft).await?;
        current.undo.pop();
        current.draft = draft;
        current.saved_at = self.now();
        let view = self.view_of(current)?;
        drop(hand);
        self.tell(DeskEvent::Intake {
            revision: view.draft.revision,
        });
        Ok(view)
    }

    /// Throws the draft in hand away. Its scans go back to the inbox.
    ///
    /// # Errors
    /// [`Refusal::NoDraft`], [`DeskError::Store`].
    pub async fn discard(&self) -> Result<(), DeskError> {
        let node = self.node()?;
        node.session()?;
        let mut hand = node.hand.lock().await;
        let draft = hand
            .as_ref()
            .map(|h| h.draft.clone())
            .ok_or(Refusal::NoDraft)?;
        node.store.end_draft(draft.id).await?;
        *hand = None;
        drop(hand);
        let scans = draft.papers.into_iter().flat_map(|p| p.scans);
        scans.for_each(|scan| crate::node::lock(&node.inbox).put_back(&scan));
        self.tell(DeskEvent::Scan);
        self.tell(DeskEvent::Intake { revision: 0 });
        Ok(())
    }

    /// Reads the text of a card; starts a draft when none is open.
    ///
    /// # Errors
    /// [`DeskError::Card`] says what the text is instead.
    pub async fn card_text(&self, text: &str) -> Result<IntakeView, DeskError> {
        let read = card::parse_qr(text)?;
        self.take_card(read).await
    }

    /// A card whose letters were lost on the way is not taken at all: half a name is another name.
    pub(crate) async fn take_card(&self, read: CardRead) -> Result<IntakeView, DeskError> {
        let lost = |w: &CardWarning| matches!(w.code, CardDoubt::LettersLost | CardDoubt::Misread);
        if read.warnings.iter().any(lost) {
            return Err(DeskError::ReaderMode);
        }
        self.intake_start().await?;
        let view = self.change("card", Change::Card(Box::new(read))).await?;
        self.tell(DeskEvent::Card {
            draft: view.draft.id,
        });
        Ok(view)
    }

    /// Procedures by code, words, or words without marks.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub fn search_procedures(&self, query: &str) -> Result<Vec<ProcedureHit>, DeskError> {
        let node = self.node()?;
        let now = self.now();
        let book = node.book(now.date())?;
        let hit = |found: &Found<'_>| ProcedureHit {
            procedure: found.procedure.clone(),
            standing: found.standing,
        };
        let catalogue: &Catalogue = &book.catalogue;
        Ok(catalogue.find(query, now.date()).iter().map(hit).collect())
    }

    async fn save(&self, draft: &Draft) -> Result<(), DeskError> {
        let json = serde_json::to_string(draft).map_err(motcua_ledger::StoreError::from)?;
        Ok(self.node()?.store.save_draft(draft.id, json).await?)
    }

    fn view_of(&self, hand: &Hand) -> Result<IntakeView, DeskError> {
        let node = self.node()?;
        let now = self.now();
        let book = node.book(now.date())?;
        let earlier = earlier(&node.store, &hand.draft)?;
        let label = hand
            .draft
            .ticket
            .map(|id| node.store.ticket(id))
            .transpose()?
            .flatten();
        Ok(look(
            hand,
            &book,
            now,
            earlier,
            label.map(|t| t.issued.label),
        ))
    }

    /// A draft that was open when the program ended is taken into the hand again.
    pub(crate) async fn recover_draft(&self) -> Result<(), DeskError> {
        let node = self.node()?;
        let mut hand = node.hand.lock().await;
        if hand.is_some() {
            return Ok(());
        }
        let newest = node.store.drafts()?.into_iter().next();
        let draft = newest.and_then(|row| serde_json::from_str::<Draft>(&row.json).ok());
        *hand = draft.map(|draft| Hand {
            saved_at: self.now(),
            draft,
            undo: Vec::new(),
        });
        Ok(())
    }
}

fn look(
    hand: &Hand,
    book: &RuleBook,
    now: DateTime,
    earlier: Vec<Dossier>,
    ticket_label: Option<String>,
) -> IntakeView {
    let review = intake::review(&hand.draft, book.at(now));
    let statement = intake::statement(&hand.draft, &review);
    let shown = crate::signing::shown_hash(&statement);
    IntakeView {
        signature_stale: hand
            .draft
            .signature
            .as_ref()
            .is_some_and(|s| s.shown != shown),
        ticket_label,
        saved_at: hand.saved_at,
        procedure: review.procedure.cloned(),
        limit: review.limit,
        due: review.due,
        fees: review.fees,
        problems: review.problems,
        hints: review.hints,
        earlier,
        statement,
        undo: hand.undo.last().map(|step| (step.what, step.at)),
        draft: hand.draft.clone(),
    }
}

/// Earlier dossiers by the personal number; nothing is guessed from a name.
fn earlier(store: &motcua_ledger::DeskStore, draft: &Draft) -> Result<Vec<Dossier>, DeskError> {
    let number = draft.person.field(PersonField::IdNumber);
    if number.source == Source::None || number.value.trim().is_empty() {
        return Ok(Vec::new());
    }
    Ok(store.earlier_dossiers_of(number.value.trim(), EARLIER_SHOWN_MAX)?)
}
