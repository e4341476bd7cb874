//! Starting real programs and ending them without orphans.
//!
//! Every program runs in a process group of its own. A guard, a three-word shell script that reads
//! from a pipe only we hold open, kills that group when the pipe closes: on drop, and also when
//! this process is itself killed without a chance to clean up.
//!
//! A program that is "ready" says so in one line of JSON on its standard output (a port it chose,
//! a URL, a file name). Everything it prints is kept, bounded, and belongs to every error message.

mod log;
mod table;
#[cfg(test)]
mod tests;

pub use table::{is_gone, kill_process, members_running};

use crate::wait::DEADLINE;
use crate::workspace;
use anyhow::{Context, Result, anyhow, bail};
use log::{Announced, Log, announcements};
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::Value;
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;
use tokio::time::error::Elapsed;

/// How long a program may take to end after it was asked to, before it is killed.
const STOP_SECONDS_MAX: u64 = 20;

/// Between two looks whether a program has ended.
const END_POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Reads until its pipe closes, then kills the process group named by its argument.
const GUARD_SCRIPT: &str = r#"cat >/dev/null; kill -s KILL -- "-$1" 2>/dev/null"#;

/// A program about to be started.
#[derive(Debug, Clone)]
pub struct Program {
    name: String,
    path: PathBuf,
    args: Vec<OsString>,
    env: Vec<(OsString, OsString)>,
    env_removed: Vec<OsString>,
    folder: Option<PathBuf>,
}

impl Program {
    /// A program of this workspace by its name, for example `motcua`.
    ///
    /// # Errors
    /// When it is not built.
    pub fn ours(name: &str) -> Result<Self> {
        Ok(Self::at(workspace::program(name)?))
    }

    /// A program by its path, or by its name on `PATH`.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let name = path
            .file_name()
            .unwrap_or(path.as_os_str())
            .to_string_lossy()
            .into_owned();
        Self {
            name,
            path,
            args: Vec::new(),
            env: Vec::new(),
            env_removed: Vec::new(),
            folder: None,
        }
    }

    /// Adds one argument.
    #[must_use]
    pub fn arg(mut self, arg: impl Into<OsString>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<A: Into<OsString>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// Sets one environment variable.
    #[must_use]
    pub fn env(mut self, key: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.env.push((key.into(), value.into()));
        self
    }

    /// Starts it in this folder.
    #[must_use]
    pub fn in_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    /// Takes one environment variable away.
    #[must_use]
    pub fn env_remove(mut self, key: impl Into<OsString>) -> Self {
        self.env_removed.push(key.into());
        self
    }

    /// Sets many environment variables, such as those of a virtual desktop.
    #[must_use]
    pub fn envs<'a>(mut self, envs: impl IntoIterator<Item = &'a (String, String)>) -> Self {
        for (key, value) in envs {
            self = self.env(key, value);
        }
        self
    }

    /// Starts it.
    ///
    /// # Errors
    /// When the program or its guard cannot be started.
    pub fn start(&self) -> Result<Running> {
        let mut command = self.command();
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0);
        let mut child = command
            .spawn()
            .with_context(|| format!("starting {}", self.path.display()))?;
        let guard = match start_guard(child.id()) {
            Ok(guard) => guard,
            Err(error) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(error);
            }
        };
        let log = Log::default();
        let (announcer, announced) = announcements();
        log.follow(child.stdout.take(), Some(announcer));
        log.follow(child.stderr.take(), None);
        Ok(Running {
            name: self.name.clone(),
            child,
            guard,
            log,
            announced,
        })
    }

    /// Runs it to its end and returns what it printed.
    ///
    /// # Errors
    /// When it cannot be started or ends with another code than 0; the message holds its errors.
    pub async fn output(&self) -> Result<String> {
        let mut command = tokio::process::Command::from(self.command());
        let output = command
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output()
            .await
            .with_context(|| format!("starting {}", self.path.display()))?;
        if !output.status.success() {
            let errors = String::from_utf8_lossy(&output.stderr);
            bail!(
                "{} ended with {}: {}",
                self.name,
                output.status,
                errors.trim()
            );
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        command.args(&self.args);
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        for key in &self.env_removed {
            command.env_remove(key);
        }
        command.envs(self.env.iter().map(|(key, value)| (key, value)));
        command
    }
}

fn start_guard(group: u32) -> Result<Child> {
    Command::new("sh")
        .args(["-c", GUARD_SCRIPT, "guard", &group.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .context("starting the guard of a process group")
}

/// A program that runs; dropping it kills it with all it started.
#[derive(Debug)]
pub struct Running {
    name: String,
    child: Child,
    guard: Child,
    log: Log,
    announced: Announced,
}

impl Running {
    /// The process id, which is also the id of its process group.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for the first line of JSON on its standard output.
    ///
    /// # Errors
    /// When the program ends first or the deadline passes; the message holds its last output.
    pub async fn ready(&mut self) -> Result<Value> {
        let said = tokio::time::timeout(DEADLINE, self.announced.json.wait_for(Option::is_some));
        let said = said
            .await
            .map(|value| value.ok().and_then(|value| value.clone()));
        self.explain(said).await
    }

    /// Waits for the first line of any kind on its standard output, for programs of others that
    /// announce themselves in their own way.
    ///
    /// # Errors
    /// As [`Running::ready`].
    pub async fn first_line(&mut self) -> Result<String> {
        let said = tokio::time::timeout(DEADLINE, self.announced.line.wait_for(Option::is_some));
        let said = said
            .await
            .map(|value| value.ok().and_then(|value| value.clone()));
        self.explain(said).await
    }

    async fn explain<T>(&self, said: Result<Option<T>, Elapsed>) -> Result<T> {
        let why = match said {
            Ok(Some(value)) => return Ok(value),
            Ok(None) => {
                self.log.wait_for_last_words().await;
                "closed its output before it was ready"
            }
            Err(_elapsed) => "was not ready in time",
        };
        Err(anyhow!(
            "{} {why}; its last lines:\n{}",
            self.name,
            self.log.tail()
        ))
    }

    /// The last lines it printed, both streams in the order they came.
    pub fn log_tail(&self) -> String {
        self.log.tail()
    }

    /// Whether any line kept so far holds `text`.
    pub fn has_printed(&self, text: &str) -> bool {
        self.log.lines().iter().any(|line| line.contains(text))
    }

    /// Whether it still runs.
    ///
    /// # Errors
    /// When the operating system cannot tell.
    pub fn is_running(&mut self) -> Result<bool> {
        Ok(self
            .child
            .try_wait()
            .context("asking for a child's state")?
            .is_none())
    }

    /// Waits until it ends by itself, however long that takes.
    ///
    /// # Errors
    /// When the operating system cannot tell.
    pub async fn ended(&mut self) -> Result<ExitStatus> {
        loop {
            if let Some(status) = self.child.try_wait().context("waiting for a child")? {
                return Ok(status);
            }
            tokio::time::sleep(END_POLL_INTERVAL).await;
        }
    }

    /// Waits until it ends by itself, but not longer than `deadline`.
    ///
    /// # Errors
    /// When it has not by then.
    pub async fn ended_within(&mut self, deadline: Duration) -> Result<ExitStatus> {
        if let Ok(status) = tokio::time::timeout(deadline, self.ended()).await {
            return status;
        }
        bail!(
            "{} still runs; its last lines:\n{}",
            self.name,
            self.log.tail()
        )
    }

    /// Asks it to end (`SIGTERM` to the whole group), and kills what has not ended in time.
    ///
    /// # Errors
    /// When it had to be killed, so that a test notices a program that does not shut down.
    pub async fn stop(mut self) -> Result<ExitStatus> {
        self.signal(Signal::TERM)?;
        self.ended_within(Duration::from_secs(STOP_SECONDS_MAX))
            .await
    }

    /// `kill -9` on the program and all it started, as a power cut would look to its neighbours.
    pub fn kill(self) {
        drop(self);
    }

    fn signal(&self, signal: Signal) -> Result<()> {
        let group = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        let group = group.context("a process id out of range")?;
        match kill_process_group(group, signal) {
            Ok(()) | Err(rustix::io::Errno::SRCH) => Ok(()),
            Err(error) => Err(error).with_context(|| format!("signalling {}", self.name)),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Closing the pipe makes the guard kill the group. The leader is reaped only afterwards:
        // until then its id cannot pass to a stranger.
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
