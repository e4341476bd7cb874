//! One counter of the practice office with all that stands on it and behind it: desktop, devices, hub,
//! province, and the real window. The window's program can be killed and started again on its data.

use crate::bench::Bench;
use crate::clerk::Clerk;
use crate::desktop::{Desktop, OFFICE_SCREEN};
use crate::fake_province::{Addresses, Control};
use crate::office::{Office, PARTS, PROVINCE};
use crate::process::{self, Program};
use crate::wait::until;
use crate::webdriver::{Application, Driver};
use crate::workspace;
use anyhow::{Context, Result};
use serde_json::Value;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The program with the window.
const WINDOW: &str = "motcua-app";

/// The practice office's store, below the window's data.
const STORE: &str = "practice";

/// Where the last picture of a journey that failed is put, below the build's folder.
const STUCK_FOLDER: &str = "journeys";

/// The window's own log, below its data.
const LOG_FOLDER: &str = "logs";

/// As much of that log as helps.
const LOG_LINES_MAX: usize = 20;

/// A window and the driver that holds it.
#[derive(Debug)]
struct Window {
    // The session ends with its driver.
    clerk: Clerk,
    driver: Driver,
}

/// A counter; dropping it ends everything on it.
#[derive(Debug)]
pub struct Counter {
    // Ended in this order: the window, what it talks to, the desktop, the folder.
    window: Option<Window>,
    office: Office,
    desktop: Desktop,
    extra_env: Vec<(String, String)>,
    folder: TempDir,
}

impl Counter {
    /// Starts a fresh office and opens its window at the first run.
    ///
    /// # Errors
    /// When a part is not built or does not come up.
    pub async fn open() -> Result<Self> {
        let desktop = Desktop::start(OFFICE_SCREEN).await?;
        Self::open_on(desktop, &[]).await
    }

    /// As [`Counter::open`], on a desktop that is there already; `env` is for the window alone.
    ///
    /// # Errors
    /// As [`Counter::open`].
    pub async fn open_on(desktop: Desktop, env: &[(String, String)]) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("counter").tempdir()?;
        let office = Office::start(PARTS, &folder.path().join("office"), desktop.env()).await?;
        let mut counter = Self {
            window: None,
            office,
            desktop,
            extra_env: env.to_vec(),
            folder,
        };
        counter.opens_window().await?;
        Ok(counter)
    }

    /// Opens the window on the data that are there.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn opens_window(&mut self) -> Result<()> {
        self.window = None;
        let mut env = self.office.env();
        let data = self.data().to_string_lossy().into_owned();
        env.push(("MOTCUA_DATA".to_owned(), data));
        env.push(("MOTCUA_KEY_IN_FILE".to_owned(), "1".to_owned()));
        env.extend(self.extra_env.iter().cloned());
        let driver = Driver::tauri(&env).await?;
        let session = driver.open(&Application::ours(WINDOW, &[])?).await?;
        let clerk = Clerk::at(session)?;
        self.window = Some(Window { clerk, driver });
        Ok(())
    }

    /// The processes of the window's program.
    ///
    /// # Errors
    /// When no window is open.
    pub fn window_processes(&self) -> Result<Vec<u32>> {
        let window = self.window.as_ref().context("no window is open")?;
        window.driver.processes(&Application::ours(WINDOW, &[])?)
    }

    /// The power goes: `kill -9` on `processes`, and on all that the window had started. Ends when they
    /// have let go of the data.
    ///
    /// # Errors
    /// When one of them was gone already.
    pub async fn power_cut(&mut self, processes: &[u32]) -> Result<()> {
        for process in processes {
            process::kill_process(*process)?;
        }
        self.window = None;
        let all_gone = || processes.iter().all(|it| process::is_gone(*it));
        until("the end of the window's processes", || async {
            Ok(all_gone().then_some(()))
        })
        .await
    }

    /// Closes the window in good order.
    ///
    /// # Errors
    /// When it does not close.
    pub async fn closes_window(&mut self) -> Result<()> {
        match self.window.take() {
            Some(window) => window.clerk.session().clone().close().await,
            None => Ok(()),
        }
    }

    /// The clerk in front of the window.
    ///
    /// # Errors
    /// When no window is open.
    pub fn clerk(&self) -> Result<Clerk> {
        let window = self.window.as_ref().context("no window is open")?;
        Ok(window.clerk.clone())
    }

    /// The desktop on which the window stands.
    pub fn desktop(&self) -> &Desktop {
        &self.desktop
    }

    /// The parts of the office.
    pub fn office_mut(&mut self) -> &mut Office {
        &mut self.office
    }

    /// The simulated devices.
    ///
    /// # Errors
    /// When they do not run.
    pub fn bench(&self) -> Result<Bench> {
        Bench::of(&self.office)
    }

    /// The province's steering wheel.
    ///
    /// # Errors
    /// When there is no province.
    pub fn province(&self) -> Result<Control> {
        let said = self.office.said(PROVINCE)?.clone();
        let addresses: Addresses = serde_json::from_value(said)?;
        Control::new(&addresses)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("desk")
    }

    /// The practice office's store.
    pub fn store(&self) -> PathBuf {
        self.data().join(STORE)
    }

    /// What `motcua ledger <verb>` says of the store; `verify` fails unless the ledger is sound.
    ///
    /// # Errors
    /// When the program refuses.
    pub async fn ledger(&self, verb: &str) -> Result<Value> {
        let program = Program::ours("motcua")?.args(["ledger", verb, "--key-in-file", "--dir"]);
        let said = program.arg(self.store()).output().await;
        let said = said.with_context(|| format!("ledger {verb}"))?;
        serde_json::from_str(&said).with_context(|| said.clone())
    }

    /// How many dossiers the store holds, those of the past among them.
    ///
    /// # Errors
    /// As [`Counter::ledger`].
    pub async fn dossiers(&self) -> Result<u64> {
        let stats = self.ledger("stats").await?;
        stats["dossiers"].as_u64().context("a count of dossiers")
    }

    /// Adds to the error of a journey what was on the screen, and what the window's program said last.
    pub async fn explain(&self, journey: &str, error: anyhow::Error) -> anyhow::Error {
        let folder = workspace::target().join(STUCK_FOLDER);
        let picture = folder.join(format!("{journey}.png"));
        let seen = match &self.window {
            None => "no window was open".to_owned(),
            Some(window) => match save(window, &folder, &picture).await {
                Ok(()) => format!("see {}", picture.display()),
                Err(unseen) => format!("no picture: {unseen:#}"),
            },
        };
        let said = last_lines(&self.data().join(LOG_FOLDER)).unwrap_or_default();
        error.context(format!("{seen}; the window's log ends so:\n{said}"))
    }
}

/// The end of the newest file of a folder of logs.
fn last_lines(folder: &Path) -> Option<String> {
    let files = std::fs::read_dir(folder).ok()?;
    let newest = files.flatten().map(|it| it.path()).max()?;
    let text = std::fs::read_to_string(newest).ok()?;
    let lines: Vec<_> = text.lines().collect();
    let from = lines.len().saturating_sub(LOG_LINES_MAX);
    Some(lines[from..].join("\n"))
}

async fn save(window: &Window, folder: &Path, picture: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    window.clerk.session().save_screenshot(picture).await
}
