//! One element of a page.

use super::session::{ELEMENT_KEY, Session, is_out_of_reach, text};
use anyhow::{Context, Result};
use serde_json::{Value, json};

/// An element of the page a session shows.
#[derive(Debug, Clone)]
pub struct Element {
    session: Session,
    id: String,
}

impl Element {
    pub(super) fn new(session: Session, id: String) -> Self {
        Self { session, id }
    }

    async fn get(&self, what: &str) -> Result<Value> {
        self.session
            .get(&format!("/element/{}{what}", self.id))
            .await
    }

    async fn post(&self, what: &str, body: &Value) -> Result<()> {
        self.session
            .post(&format!("/element/{}{what}", self.id), body)
            .await
            .map(drop)
    }

    /// Clicks in its middle. What lies half under the edge of a pane is scrolled into sight first, as
    /// a person would.
    ///
    /// # Errors
    /// When it is gone or covered.
    pub async fn click(&self) -> Result<()> {
        let Err(error) = self.post("/click", &json!({})).await else {
            return Ok(());
        };
        if !is_out_of_reach(&error) {
            return Err(error);
        }
        let this = json!({ELEMENT_KEY: self.id});
        let script = "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})";
        self.session.execute(script, &[this]).await?;
        self.post("/click", &json!({})).await
    }

    /// Empties a field.
    ///
    /// # Errors
    /// When it is gone or no field.
    pub async fn clear(&self) -> Result<()> {
        self.post("/clear", &json!({})).await
    }

    /// Types text into it, key by key, without an input method.
    ///
    /// # Errors
    /// When it is gone or takes no keys.
    pub async fn type_text(&self, keys: &str) -> Result<()> {
        self.post("/value", &json!({"text": keys})).await
    }

    /// The text a person sees in it.
    ///
    /// # Errors
    /// When it is gone.
    pub async fn text(&self) -> Result<String> {
        text(self.get("/text").await?)
    }

    /// What a field holds.
    ///
    /// # Errors
    /// When it is gone or no field.
    pub async fn value(&self) -> Result<String> {
        text(self.get("/property/value").await?).context("reading a field")
    }

    /// An attribute as written in the page, or nothing.
    ///
    /// # Errors
    /// When it is gone.
    pub async fn attribute(&self, name: &str) -> Result<Option<String>> {
        let value = self.get(&format!("/attribute/{name}")).await?;
        Ok(value.as_str().map(str::to_owned))
    }

    /// Whether a person can see it.
    ///
    /// # Errors
    /// When it is gone.
    pub async fn is_displayed(&self) -> Result<bool> {
        self.get("/displayed")
            .await?
            .as_bool()
            .context("displayed or not")
    }

    /// Whether it can be used.
    ///
    /// # Errors
    /// When it is gone.
    pub async fn is_enabled(&self) -> Result<bool> {
        self.get("/enabled")
            .await?
            .as_bool()
            .context("enabled or not")
    }
}
