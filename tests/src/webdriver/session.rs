//! A session: one program, its windows, and what can be done in front of them.

use super::element::Element;
use super::keys;
use crate::wait;
use anyhow::{Context, Result, anyhow, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::fmt;
use std::future::Future;
use std::path::Path;

/// The key under which the protocol hands out elements.
pub(super) const ELEMENT_KEY: &str = "element-6066-11e4-a52e-4f735466cecf";

/// After these the session can do nothing any more, so waiting is vain.
const FATAL_ERRORS: [&str; 3] = [
    "invalid session id",
    "no such window",
    "session not created",
];

/// An element is there, but something else lies where it would be clicked.
const OUT_OF_REACH: [&str; 2] = ["element not interactable", "element click intercepted"];

/// What the driver refused to do, by its own code.
#[derive(Debug)]
pub(super) struct Refused {
    code: String,
    message: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for Refused {}

/// A window taken over by WebDriver.
#[derive(Debug, Clone)]
pub struct Session {
    http: reqwest::Client,
    url: String,
}

impl Session {
    pub(super) async fn open(
        http: &reqwest::Client,
        driver: &str,
        capabilities: &Value,
    ) -> Result<Self> {
        let opened = send(http.post(format!("{driver}/session")).json(capabilities)).await?;
        let id = opened["sessionId"]
            .as_str()
            .context("a session without an id")?;
        Ok(Self {
            http: http.clone(),
            url: format!("{driver}/session/{id}"),
        })
    }

    pub(super) async fn get(&self, path: &str) -> Result<Value> {
        send(self.http.get(format!("{}{path}", self.url))).await
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        send(self.http.post(format!("{}{path}", self.url)).json(body)).await
    }

    /// Ends the session and closes its windows.
    ///
    /// # Errors
    /// When the driver does not answer.
    pub async fn close(self) -> Result<()> {
        send(self.http.delete(&self.url)).await.map(drop)
    }

    /// Opens an address in the current window.
    ///
    /// # Errors
    /// When the page cannot be loaded.
    pub async fn navigate(&self, url: &str) -> Result<()> {
        self.post("/url", &json!({"url": url})).await.map(drop)
    }

    /// The title of the current window's page.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn title(&self) -> Result<String> {
        text(self.get("/title").await?)
    }

    /// The first element that matches a CSS selector.
    ///
    /// # Errors
    /// When there is none.
    pub async fn find(&self, css: &str) -> Result<Element> {
        self.locate("css selector", css).await
    }

    /// The first element that matches an XPath expression.
    ///
    /// # Errors
    /// When there is none.
    pub async fn find_by_xpath(&self, path: &str) -> Result<Element> {
        self.locate("xpath", path).await
    }

    async fn locate(&self, using: &str, value: &str) -> Result<Element> {
        let found = self
            .post("/element", &json!({"using": using, "value": value}))
            .await;
        self.element(&found.with_context(|| format!("looking for {value}"))?)
    }

    /// All elements that match a CSS selector, in the order of the page.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn find_all(&self, css: &str) -> Result<Vec<Element>> {
        self.locate_all("css selector", css).await
    }

    /// All elements that match an XPath expression, in the order of the page.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn find_all_by_xpath(&self, path: &str) -> Result<Vec<Element>> {
        self.locate_all("xpath", path).await
    }

    async fn locate_all(&self, using: &str, value: &str) -> Result<Vec<Element>> {
        let found = self
            .post("/elements", &json!({"using": using, "value": value}))
            .await?;
        let found = found.as_array().context("no list of elements")?;
        found.iter().map(|value| self.element(value)).collect()
    }

    /// The element that has the keyboard.
    ///
    /// # Errors
    /// When none has.
    pub async fn active_element(&self) -> Result<Element> {
        self.element(&self.get("/element/active").await?)
    }

    fn element(&self, value: &Value) -> Result<Element> {
        let id = value[ELEMENT_KEY]
            .as_str()
            .context("no element in the answer")?;
        Ok(Element::new(self.clone(), id.to_owned()))
    }

    /// Waits for a condition of this window; ends at once when the window is gone.
    ///
    /// # Errors
    /// When the deadline passes or the window is gone.
    pub async fn until<T, F, Fut>(&self, what: &str, mut look: F) -> Result<T>
    where
        F: FnMut() -> Fut,
        Fut: Future<Output = Result<Option<T>>>,
    {
        wait::until(what, || {
            let looking = look();
            async {
                match looking.await {
                    Err(error) if is_fatal(&error) => Ok(Some(Err(error))),
                    Err(error) => Err(error),
                    Ok(seen) => Ok(seen.map(Ok)),
                }
            }
        })
        .await?
        .with_context(|| format!("the window went away while waiting for {what}"))
    }

    /// Waits until an element is there and can be seen.
    ///
    /// # Errors
    /// When the deadline passes or the window is gone.
    pub async fn wait_for(&self, css: &str) -> Result<Element> {
        self.until(css, || async {
            let element = self.find(css).await?;
            Ok(element.is_displayed().await?.then_some(element))
        })
        .await
    }

    /// Waits until an element shows a text with `part` in it; returns the whole text.
    ///
    /// # Errors
    /// When the deadline passes or the window is gone; the message says what was there instead.
    pub async fn wait_for_text(&self, css: &str, part: &str) -> Result<String> {
        self.until(&format!("\"{part}\" in {css}"), || async {
            let shown = self.find(css).await?.text().await?;
            if shown.contains(part) {
                Ok(Some(shown))
            } else {
                Err(anyhow!("it shows: {shown}"))
            }
        })
        .await
    }

    /// Waits until no element matches a CSS selector.
    ///
    /// # Errors
    /// When the deadline passes or the window is gone.
    pub async fn wait_until_gone(&self, css: &str) -> Result<()> {
        self.until(&format!("the end of {css}"), || async {
            Ok(self.find_all(css).await?.is_empty().then_some(()))
        })
        .await
    }

    /// Clicks an element as soon as it can be seen.
    ///
    /// # Errors
    /// When it does not appear, or something else lies on top of it.
    pub async fn click(&self, css: &str) -> Result<()> {
        self.wait_for(css).await?.click().await
    }

    /// Presses a chord in the page, for example `Control+Enter` or `F2`; see [`keys`].
    ///
    /// # Errors
    /// When a key has no such name or the window is gone.
    pub async fn press(&self, chord: &str) -> Result<()> {
        let actions = keys::chord_actions(chord)?;
        let body = json!({"actions": [{"type": "key", "id": "keyboard", "actions": actions}]});
        self.post("/actions", &body).await.map(drop)
    }

    /// Runs a script in the page and returns what it returns.
    ///
    /// # Errors
    /// When the script throws.
    pub async fn execute(&self, script: &str, args: &[Value]) -> Result<Value> {
        self.post("/execute/sync", &json!({"script": script, "args": args}))
            .await
    }

    /// Runs a script that answers through the callback it gets as its last argument.
    ///
    /// # Errors
    /// When the script throws or does not answer in time.
    pub async fn execute_async(&self, script: &str, args: &[Value]) -> Result<Value> {
        self.post("/execute/async", &json!({"script": script, "args": args}))
            .await
    }

    /// A picture of the current window's page, as PNG.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn screenshot(&self) -> Result<Vec<u8>> {
        let encoded = text(self.get("/screenshot").await?)?;
        STANDARD
            .decode(encoded.trim())
            .context("decoding the picture")
    }

    /// Saves a picture of the current window's page.
    ///
    /// # Errors
    /// When the window is gone or the file cannot be written.
    pub async fn save_screenshot(&self, path: &Path) -> Result<()> {
        let picture = self.screenshot().await?;
        std::fs::write(path, picture).with_context(|| format!("writing {}", path.display()))
    }

    /// The handles of all windows of the program.
    ///
    /// # Errors
    /// When the program is gone.
    pub async fn windows(&self) -> Result<Vec<String>> {
        let handles = self.get("/window/handles").await?;
        serde_json::from_value(handles).context("a list of windows")
    }

    /// The handle of the current window.
    ///
    /// # Errors
    /// When it is gone.
    pub async fn window(&self) -> Result<String> {
        text(self.get("/window").await?)
    }

    /// Opens one more window of a browser; our own program opens its windows itself.
    ///
    /// # Errors
    /// When the program refuses.
    pub async fn open_window(&self) -> Result<String> {
        let opened = self.post("/window/new", &json!({"type": "window"})).await?;
        Ok(opened["handle"]
            .as_str()
            .context("a window without a handle")?
            .to_owned())
    }

    /// Turns to another window.
    ///
    /// # Errors
    /// When there is no such window.
    pub async fn switch_to(&self, handle: &str) -> Result<()> {
        self.post("/window", &json!({"handle": handle}))
            .await
            .map(drop)
    }

    /// Turns to the window whose title has `part` in it, as soon as there is one.
    ///
    /// # Errors
    /// When there is none before the deadline.
    pub async fn switch_to_titled(&self, part: &str) -> Result<()> {
        self.until(&format!("a window titled {part}"), || async {
            for handle in self.windows().await? {
                self.switch_to(&handle).await?;
                if self.title().await?.contains(part) {
                    return Ok(Some(()));
                }
            }
            Ok(None)
        })
        .await
    }

    /// Gives the current window a size, in pixels, and waits until it has it: a window that has just
    /// opened may still take its first size.
    ///
    /// # Errors
    /// When it is gone or does not take that size.
    pub async fn resize(&self, width: u32, height: u32) -> Result<()> {
        let wanted = json!({"width": width, "height": height});
        self.until(&format!("a window of {width}×{height}"), || async {
            self.post("/window/rect", &wanted).await?;
            let rect = self.get("/window/rect").await?;
            let inner = self.execute("return window.innerWidth", &[]).await?;
            let has = rect["width"] == width && rect["height"] == height && inner == width;
            Ok(has.then_some(()))
        })
        .await
    }
}

pub(super) fn text(value: Value) -> Result<String> {
    match value {
        Value::String(text) => Ok(text),
        other => bail!("expected a text, got {other}"),
    }
}

/// Whether an element was there but could not be clicked where it lies.
pub(super) fn is_out_of_reach(error: &anyhow::Error) -> bool {
    let refused = error.downcast_ref::<Refused>();
    refused.is_some_and(|it| OUT_OF_REACH.contains(&it.code.as_str()))
}

fn is_fatal(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let refused = cause.downcast_ref::<Refused>();
        let broken = cause.downcast_ref::<reqwest::Error>();
        refused.is_some_and(|it| FATAL_ERRORS.contains(&it.code.as_str()))
            || broken.is_some_and(reqwest::Error::is_connect)
    })
}

/// Sends one command; a refusal by the driver becomes [`Refused`].
async fn send(request: reqwest::RequestBuilder) -> Result<Value> {
    let answer = request.send().await.context("talking to the driver")?;
    let status = answer.status();
    let mut body: Value = answer.json().await.context("the driver's answer")?;
    let value = body["value"].take();
    if status.is_success() {
        return Ok(value);
    }
    let part = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
    Err(Refused {
        code: part("error"),
        message: part("message"),
    }
    .into())
}
