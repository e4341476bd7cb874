//! A clerk in front of the window: what a person at the desk does, step by step, by keys and by
//! the words on the screen.
//!
//! Each step ends when the screen shows that it is done. Journeys and the pictures are made of
//! these steps; none of them looks behind the screen.

mod sight;

pub use sight::Lamp;

use crate::messages::Messages;
use crate::webdriver::Session;
use anyhow::{Context, Result};
use std::path::PathBuf;

/// A scan that lies beside its paper.
const ATTACHED: &str = "#intake-scroll td.scan .detach";

/// A paper that is there.
const TICKED: &str = "#intake-scroll tbody input:checked";

/// A clerk at one window.
#[derive(Debug, Clone)]
pub struct Clerk {
    session: Session,
    words: Messages,
}

impl Clerk {
    /// A clerk who reads Vietnamese, at the window of `session`.
    ///
    /// # Errors
    /// When the catalogue of words cannot be read.
    pub fn at(session: Session) -> Result<Self> {
        let words = Messages::vietnamese()?;
        Ok(Self { session, words })
    }

    /// The window.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Presses what bears the words of message `key`.
    ///
    /// # Errors
    /// When nothing does before the deadline.
    pub async fn press_on(&self, key: &str) -> Result<()> {
        self.session.press_on(self.words.get(key)?).await
    }

    /// Waits until the words of message `key` are on the screen.
    ///
    /// # Errors
    /// When they are not before the deadline.
    pub async fn sees(&self, key: &str) -> Result<()> {
        self.session.wait_for_words(self.words.get(key)?).await
    }

    /// First run: chooses to try with practice data.
    ///
    /// # Errors
    /// When this is no first run, or the sign-in does not come.
    pub async fn chooses_practice(&self) -> Result<()> {
        self.press_on("first.practice.title").await?;
        self.sees("sign_in.lead").await
    }

    /// Signs in as the person who stands first, at the counter that is offered.
    ///
    /// # Errors
    /// When the desk does not come.
    pub async fn signs_in(&self, pin: &str) -> Result<()> {
        self.session.wait_for("#pin").await?.type_text(pin).await?;
        self.session.press("Control+Enter").await?;
        self.session.wait_for("#pane-queue").await.map(drop)
    }

    /// Calls the next ticket; returns its label.
    ///
    /// # Errors
    /// When nobody is called.
    pub async fn calls_next(&self) -> Result<String> {
        self.session.press("F2").await?;
        self.session
            .wait_for("#pane-queue .card .label")
            .await?
            .text()
            .await
    }

    /// Opens the practice pane, where citizens, papers and faults come from.
    ///
    /// # Errors
    /// When it does not open.
    pub async fn opens_practice(&self) -> Result<()> {
        if self
            .session
            .find_all("#pane-citizen .cards")
            .await?
            .is_empty()
        {
            self.session.press("Control+m").await?;
        }
        self.session
            .wait_for("#pane-citizen .cards")
            .await
            .map(drop)
    }

    /// Goes back to the citizen beside the work.
    ///
    /// # Errors
    /// When the practice pane does not close.
    pub async fn closes_practice(&self) -> Result<()> {
        self.session.press("Control+m").await?;
        self.session.wait_until_gone("#pane-citizen .cards").await
    }

    /// Goes back to the citizen beside the work, where practice is open.
    ///
    /// # Errors
    /// When the practice pane does not close.
    pub async fn closes_practice_if_open(&self) -> Result<()> {
        if self.count("#pane-citizen .cards").await? > 0 {
            self.closes_practice().await?;
        }
        Ok(())
    }

    /// A citizen's card is read: the first one of practice. Ends when an intake stands open.
    ///
    /// # Errors
    /// When no intake opens.
    pub async fn reads_a_card(&self) -> Result<()> {
        self.opens_practice().await?;
        self.session.click("#pane-citizen .cards button").await?;
        self.session.wait_for("#intake-scroll").await.map(drop)
    }

    /// Finds a procedure by what the citizen says and takes the first one offered.
    ///
    /// # Errors
    /// When none is offered or the papers do not appear.
    pub async fn chooses_procedure(&self, said: &str) -> Result<()> {
        self.session.press("Alt+t").await?;
        let search = self
            .session
            .field(self.words.get("procedure.search")?)
            .await?;
        search.type_text(said).await?;
        self.session.wait_for("#procedure-0 .code").await?;
        self.session.press("Enter").await?;
        self.session
            .wait_for("#intake-scroll table")
            .await
            .map(drop)
    }

    /// The scanner lays a paper into the folder; the clerk puts it beside the first paper that
    /// wants one.
    ///
    /// # Errors
    /// When the scan does not arrive or cannot be attached.
    pub async fn attaches_a_scan(&self) -> Result<()> {
        self.opens_practice().await?;
        self.session.click("#pane-citizen .wrap button").await?;
        self.attaches_the_newest_scan().await
    }

    /// Waits for a scan in the tray and puts it beside the first paper that wants one.
    ///
    /// # Errors
    /// When none arrives, its page is not shown, or it cannot be attached.
    pub async fn attaches_the_newest_scan(&self) -> Result<()> {
        self.sees_a_picture("[role=listbox] [role=option] img")
            .await?;
        let before = self.count(ATTACHED).await?;
        self.session.press("Alt+h").await?;
        self.session.press("F8").await?;
        self.until_more("the scan beside its paper", ATTACHED, before)
            .await
    }

    /// Ticks the papers the citizen has brought, from the first one that is missing, until nothing
    /// is missing any more.
    ///
    /// # Errors
    /// When a tick is not taken, or something other than papers is missing.
    pub async fn ticks_the_papers(&self) -> Result<()> {
        let rows = self.count("#intake-scroll tbody tr").await?;
        for _ in 0..rows {
            if self.count(".actions .missing").await? == 0 {
                return Ok(());
            }
            let before = self.count(TICKED).await?;
            self.session.press("Alt+h").await?;
            self.until_on_an_empty_box().await?;
            self.session.press("Space").await?;
            self.until_more("a tick before the paper", TICKED, before)
                .await?;
        }
        self.session.wait_until_gone(".actions .missing").await
    }

    /// A clerk looks where the focus is before pressing Space: the list begins at the paper that waits for a
    /// scan, the one that is not ticked stands below it.
    async fn until_on_an_empty_box(&self) -> Result<()> {
        const ON_A_BOX: &str = "return document.activeElement?.type === 'checkbox'";
        const TICKED_HERE: &str = "return document.activeElement.checked === true";
        self.session
            .until("the focus is on an empty box", || async {
                if self.session.execute(ON_A_BOX, &[]).await? != true {
                    return Ok(None);
                }
                if self.session.execute(TICKED_HERE, &[]).await? == true {
                    self.session.press("ArrowDown").await?;
                    return Ok(None);
                }
                Ok(Some(()))
            })
            .await
    }

    async fn count(&self, css: &str) -> Result<usize> {
        Ok(self.session.find_all(css).await?.len())
    }

    async fn until_more(&self, what: &str, css: &str, before: usize) -> Result<()> {
        self.session
            .until(what, || async {
                Ok((self.count(css).await? > before).then_some(()))
            })
            .await
    }

    /// The citizen signs on the pad.
    ///
    /// # Errors
    /// When the signature does not arrive.
    pub async fn lets_the_citizen_sign(&self) -> Result<()> {
        self.opens_practice().await?;
        self.press_on("practice.sign").await?;
        self.session.wait_for("section.sign img").await.map(drop)
    }

    /// Receives the dossier; returns its code as printed.
    ///
    /// # Errors
    /// When it is refused or the dossier does not open.
    pub async fn receives(&self) -> Result<String> {
        self.session.press("Control+Enter").await?;
        self.sees("dossier.just_received").await?;
        let heading = self
            .session
            .wait_for("#pane-work h1, #pane-work h2")
            .await?
            .text()
            .await?;
        code_in(&heading).with_context(|| format!("no dossier code in {heading:?}"))
    }
}

impl Clerk {
    /// Opens Form 01 of the dossier on the screen; returns the file it was written to.
    ///
    /// # Errors
    /// When the form is not made.
    pub async fn opens_the_form(&self) -> Result<PathBuf> {
        const KEY: &str = "dossier.form_opened";
        self.session.press("Control+o").await?;
        self.sees(KEY).await?;
        let shown = self.session.find_all("#pane-work p.dim").await?;
        for paragraph in shown {
            if let Ok(path) = self.words.value_in(KEY, &paragraph.text().await?) {
                return Ok(PathBuf::from(path));
            }
        }
        anyhow::bail!("the form was opened, but the screen does not say where it lies")
    }
}

/// The dossier code in a text, such as `H56.6.17-261123-0042`; spaces may group it on screen.
fn code_in(text: &str) -> Option<String> {
    let is_code = |word: &&str| {
        let mut parts = word.rsplit('-');
        let is_digits = |part: Option<&str>, count: usize| {
            part.is_some_and(|it| it.len() == count && it.bytes().all(|byte| byte.is_ascii_digit()))
        };
        is_digits(parts.next(), 4) && is_digits(parts.next(), 6) && parts.next().is_some()
    };
    text.split_whitespace().find(is_code).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_among_words() {
        let code = Some("H56.6.17-261123-0042".to_owned());
        assert_eq!(code_in("Hồ sơ H56.6.17-261123-0042 · Khai sinh"), code);
        assert_eq!(code_in("Hồ sơ 261123-0042"), None);
        assert_eq!(code_in("H56.6.17-2611-0042"), None);
    }
}
