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
    options: &'static str,
    path_key: &'static str,
    path: PathBuf,
    args: Vec<String>,
}

impl Application {
    /// A Tauri program of this workspace, for a driver made by [`Driver::tauri`].
    ///
    /// # Errors
    /// When it is not built.
    pub fn ours(name: &str, args: &[&str]) -> Result<Self> {
        let path = workspace::program(name)?;
        let args = args.iter().map(|&arg| arg.to_owned()).collect();
        Ok(Self {
            options: "tauri:options",
            path_key: "application",
            path,
            args,
        })
    }

    /// A plain browser window, for a driver made by [`Driver::webkit`].
    pub fn browser() -> Self {
        Self {
            options: "webkitgtk:browserOptions",
            path_key: "binary",
            path: PathBuf::from(MINI_BROWSER),
            args: vec!["--automation".to_owned()],
        }
    }

    fn capabilities(&self) -> Value {
        let options = json!({self.path_key: self.path, "args": self.args});
        json!({"capabilities": {"alwaysMatch": {self.options: options}}})
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
}

impl Driver {
    /// A driver for our own windows. `env` is what the windows see, such as a desktop's variables
    /// and the place of the data.
    ///
    /// # Errors
    /// When `tauri-driver` or `WebKitWebDriver` is missing or does not come up.
    pub async fn tauri(env: &[(String, String)]) -> Result<Self> {
        let tauri_driver = workspace::tool("tauri-driver")?;
        Self::start(|port, native| {
            Program::at(&tauri_driver)
                .args([
                    "--port",
                    &port.to_string(),
                    "--native-port",
                    &native.to_string(),
                ])
                .envs(env)
        })
        .await
    }

    /// A driver for plain pages.
    ///
    /// # Errors
    /// When `WebKitWebDriver` is missing or does not come up.
    pub async fn webkit(env: &[(String, String)]) -> Result<Self> {
        Self::start(|port, _| {
            Program::at("WebKitWebDriver")
                .arg(format!("--port={port}"))
                .envs(env)
        })
        .await
    }

    async fn start(program: impl Fn(u16, u16) -> Program) -> Result<Self> {
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
            let came_up = came_up.await.is_ok() && running.is_running()?;
            if came_up {
                return Ok(Self { running, http, url });
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
        let path = application.path.display();
        Session::open(&self.http, &self.url, &application.capabilities())
            .await
            .with_context(|| {
                format!(
                    "opening {path}; the driver said: {}",
                    self.running.log_tail()
                )
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
