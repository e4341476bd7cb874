//! The driver process, and the opening of a window through it.

use super::session::Session;
use crate::http;
use crate::process::{self, Program, Running};
use crate::wait::until;
use crate::workspace;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};

/// How often a driver is started on other ports when somebody else took the first ones.
const START_ATTEMPTS_MAX: usize = 3;

/// WebKitGTK's own test browser, for pages that are not our window.
const MINI_BROWSER: &str = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";

/// The program a session opens.
#[derive(Debug, Clone)]
pub struct Application {
    path: PathBuf,
    args: Vec<String>,
}

impl Application {
    /// A program of this workspace with a window.
    ///
    /// # Errors
    /// When it is not built.
    pub fn ours(name: &str, args: &[&str]) -> Result<Self> {
        let args = args.iter().map(|&arg| arg.to_owned()).collect();
        Ok(Self {
            path: workspace::program(name)?,
            args,
        })
    }

    /// A plain browser window of the same engine.
    pub fn browser() -> Self {
        Self {
            path: PathBuf::from(MINI_BROWSER),
            args: vec!["--automation".to_owned()],
        }
    }

    /// The program's file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// A running driver; dropping it ends the windows it opened.
#[derive(Debug)]
pub struct Driver {
    running: Running,
    http: reqwest::Client,
    url: String,
    /// The capability in which the program is named, and the name of its path in there.
    options: (&'static str, &'static str),
}

impl Driver {
    /// A driver for our own windows. `env` is what the windows see, such as a desktop's variables
    /// and the place of the data.
    ///
    /// # Errors
    /// When `tauri-driver` or `WebKitWebDriver` is missing or does not come up.
    pub async fn tauri(env: &[(String, String)]) -> Result<Self> {
        let program = workspace::tool("tauri-driver")?;
        let command = |port: u16, native: u16| {
            let (port, native) = (port.to_string(), native.to_string());
            Program::at(&program)
                .args(["--port", &port, "--native-port", &native])
                .envs(env)
        };
        Self::start(("tauri:options", "application"), command).await
    }

    /// A driver for plain pages.
    ///
    /// # Errors
    /// When `WebKitWebDriver` is missing or does not come up.
    pub async fn webkit(env: &[(String, String)]) -> Result<Self> {
        let command = |port: u16, _| {
            let port = format!("--port={port}");
            Program::at("WebKitWebDriver").arg(port).envs(env)
        };
        Self::start(("webkitgtk:browserOptions", "binary"), command).await
    }

    async fn start(
        options: (&'static str, &'static str),
        program: impl Fn(u16, u16) -> Program,
    ) -> Result<Self> {
        let http = http::client()?;
        let mut last_words = String::new();
        for _ in 0..START_ATTEMPTS_MAX {
            let [port, native] = free_ports()?;
            let mut running = program(port, native).start()?;
            let url = format!("http://127.0.0.1:{port}");
            let came_up = until("the WebDriver", || async {
                let status: Value = http::get(&http, &format!("{url}/status")).await?;
                Ok(status["value"]["ready"].as_bool().filter(|ready| *ready))
            });
            if came_up.await.is_ok() && running.is_running()? {
                return Ok(Self {
                    running,
                    http,
                    url,
                    options,
                });
            }
            last_words = running.log_tail();
        }
        bail!(
            "no WebDriver came up in {START_ATTEMPTS_MAX} attempts; the last one said: {last_words}"
        )
    }

    /// Opens a window and takes it over.
    ///
    /// # Errors
    /// When the program does not start or its window does not come up.
    pub async fn open(&self, application: &Application) -> Result<Session> {
        let (options, path_key) = self.options;
        let program = json!({path_key: application.path, "args": application.args});
        let capabilities = json!({"capabilities": {"alwaysMatch": {options: program}}});
        let opened = Session::open(&self.http, &self.url, &capabilities).await;
        opened.with_context(|| {
            let (path, said) = (application.path.display(), self.running.log_tail());
            format!("opening {path}; the driver said: {said}")
        })
    }

    /// The processes of `application` that this driver started, for a test that kills them.
    ///
    /// # Errors
    /// When the process table cannot be read.
    pub fn processes(&self, application: &Application) -> Result<Vec<u32>> {
        process::members_running(self.running.id(), &application.path)
    }

    /// What the driver and the windows printed last.
    pub fn log_tail(&self) -> String {
        self.running.log_tail()
    }
}

/// Two ports that were free a moment ago.
fn free_ports() -> Result<[u16; 2]> {
    let listen = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("finding a free port");
    let (first, second) = (listen()?, listen()?);
    Ok([first.local_addr()?.port(), second.local_addr()?.port()])
}
