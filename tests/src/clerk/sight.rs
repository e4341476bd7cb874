//! What the clerk sees: the person, why the date is what it is, the lamps of a dossier.
//!
//! Reads the screen only. A journey that wants to know what the ledger holds asks the ledger.

use super::{Clerk, code_in};
use crate::webdriver::Session;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

/// The dossiers of today, by their codes.
const TODAY: &str = "#pane-work section tbody button";

/// The pictures in arguments[0] that are really there.
const PICTURES: &str = "return [...document.querySelectorAll(arguments[0])]\
    .filter((one) => one.complete && one.naturalWidth > 0).length";

/// Each lamp of the dossier on screen: its shape, then its words.
const LAMPS: &str = "return [...document.querySelectorAll(`#pane-work \
    ol[aria-label=\"${arguments[0]}\"] > li`)].map((one) => [one.classList[0], one.innerText])";

/// One lamp of the dossier on screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lamp {
    /// `ok` when the other side has acknowledged, else `none`, `waiting` or `bad`.
    pub state: String,
    /// What stands beside and under it.
    pub words: String,
}

impl Clerk {
    /// Waits until the intake on screen is that of `name`.
    ///
    /// # Errors
    /// When it is of somebody else at the deadline.
    pub async fn sees_the_person(&self, name: &str) -> Result<()> {
        let label = self.words.get("field.fullName")?;
        self.session
            .until(&format!("{name} on the screen"), || async {
                let shown = self.session.field(label).await?.value().await?;
                ensure!(shown == name, "it is {shown:?}");
                Ok(Some(()))
            })
            .await
    }

    /// The codes of the citizen's earlier dossiers.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn earlier_dossiers(&self) -> Result<Vec<String>> {
        texts(&self.session, "#pane-citizen li button.code").await
    }

    /// Why the result is promised for that day, line by line.
    ///
    /// # Errors
    /// When no reason appears.
    pub async fn due_reasons(&self) -> Result<Vec<String>> {
        self.sees("due.why").await?;
        self.session.wait_for("#pane-citizen ol li").await?;
        texts(&self.session, "#pane-citizen ol li").await
    }

    /// Waits until a picture at `css` is there with its content, not only its frame.
    ///
    /// # Errors
    /// When it is not before the deadline.
    pub async fn sees_a_picture(&self, css: &str) -> Result<()> {
        self.session
            .until(&format!("a picture at {css}"), || async {
                let there = self.session.execute(PICTURES, &[json!(css)]).await?;
                Ok(there.as_u64().filter(|count| *count > 0).map(drop))
            })
            .await
    }

    /// Opens the scan of the dossier on screen and closes it again.
    ///
    /// # Errors
    /// When there is none or its page does not appear.
    pub async fn looks_at_the_scan(&self) -> Result<()> {
        self.session.click("#pane-work button.open").await?;
        self.sees_a_picture("[role=dialog] img, dialog img").await?;
        self.session.press("Escape").await?;
        self.session
            .wait_until_gone("[role=dialog] img, dialog img")
            .await
    }

    /// The four lamps of the dossier on screen: saved, second copy, printed, province.
    ///
    /// # Errors
    /// When there are not four.
    pub async fn lamps(&self) -> Result<[Lamp; 4]> {
        let label = json!(self.words.get("life.title")?);
        let lamps: Vec<(String, String)> =
            serde_json::from_value(self.session.execute(LAMPS, &[label]).await?)?;
        let lamps: Vec<_> = lamps
            .into_iter()
            .map(|(state, words)| Lamp { state, words })
            .collect();
        let count = lamps.len();
        lamps
            .try_into()
            .ok()
            .with_context(|| format!("{count} lamps on the screen"))
    }

    /// Waits until the lamps stand as in `states`; returns them.
    ///
    /// # Errors
    /// When they do not before the deadline; the message says how they stand.
    pub async fn sees_lamps(&self, states: [&str; 4]) -> Result<[Lamp; 4]> {
        self.session
            .until(&format!("the lamps {states:?}"), || async {
                let lamps = self.lamps().await?;
                ensure!(
                    lamps.each_ref().map(|it| it.state.as_str()) == states,
                    "{lamps:?}"
                );
                Ok(Some(lamps))
            })
            .await
    }

    /// The codes of the dossiers that were received here today, as listed when no dossier is open.
    ///
    /// # Errors
    /// When the list does not come.
    pub async fn todays_dossiers(&self) -> Result<Vec<String>> {
        self.sees("idle.today").await?;
        texts(&self.session, TODAY).await
    }

    /// Opens the dossier `code` from today's list.
    ///
    /// # Errors
    /// When it is not in the list.
    pub async fn opens_todays(&self, code: &str) -> Result<()> {
        self.session.press_on(code).await?;
        self.session
            .until(&format!("dossier {code} on the screen"), || async {
                let heading = self.session.find("#pane-work h2").await?.text().await?;
                Ok((code_in(&heading).as_deref() == Some(code)).then_some(()))
            })
            .await
    }

    /// Goes back to where a dossier begins.
    ///
    /// # Errors
    /// When it does not appear.
    pub async fn goes_back(&self) -> Result<()> {
        self.session.press("Escape").await?;
        self.sees("idle.card.title").await
    }
}

async fn texts(session: &Session, css: &str) -> Result<Vec<String>> {
    let script = "return [...document.querySelectorAll(arguments[0])].map((one) => one.innerText)";
    let texts: Value = session.execute(script, &[json!(css)]).await?;
    Ok(serde_json::from_value(texts)?)
}
