//! Starting real programs and ending them without orphans.
//!
//! Every program runs in a process group of its own. A guard, a three-word shell script that reads
//! from a pipe only we hold open, kills that group when the pipe closes: on drop, and also when
//! this process is itself killed without a chance to clean up.
//!
//! A program that is "ready" says so in one line of JSON on its standard output (a port it chose,
//! a URL, a file name). Everything it prints is kept, bounded, and belongs to every error message.

use crate::wait::DEADLINE;
use crate::workspace;
use anyhow::{Context, Result, anyhow, bail};
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::Value;
use std::collections::VecDeque;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::time::error::Elapsed;

/// How many lines of a program's output are kept.
const LOG_LINES_MAX: usize = 4_000;

/// How many of them an error message shows.
const LOG_LINES_SHOWN_MAX: usize = 40;

/// How long a program may take to end after it was asked to, before it is killed.
const STOP_SECONDS_MAX: u64 = 20;

/// Between two looks whether a program has ended.
const END_POLL_INTERVAL: Duration = Duration::from_millis(20);

/// How long an error message waits for the last lines of a program that ended.
const LAST_WORDS_WAIT: Duration = Duration::from_secs(2);

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

/// The processes of group `group` whose executable is `program`.
///
/// For programs that another one starts for us, such as the window that a WebDriver opens.
///
/// # Errors
/// When the process table cannot be read.
pub fn members_running(group: u32, program: &Path) -> Result<Vec<u32>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").context("reading the process table")? {
        let path = entry?.path();
        let Some(id) = path
            .file_name()
            .and_then(|name| name.to_str()?.parse().ok())
        else {
            continue;
        };
        let is_program = std::fs::read_link(path.join("exe")).is_ok_and(|exe| exe == program);
        if is_program && group_of(&path) == Some(group) {
            found.push(id);
        }
    }
    Ok(found)
}

/// `kill -9` on one process that is not our child.
///
/// # Errors
/// When there is no such process or it is not ours to kill.
pub fn kill_process(id: u32) -> Result<()> {
    let pid = i32::try_from(id)
        .ok()
        .and_then(Pid::from_raw)
        .context("a process id out of range")?;
    rustix::process::kill_process(pid, Signal::KILL).with_context(|| format!("killing {id}"))
}

/// Field 5 of `/proc/<id>/stat`; the name in field 2 may hold spaces and parentheses.
fn group_of(process: &Path) -> Option<u32> {
    let stat = std::fs::read_to_string(process.join("stat")).ok()?;
    let (_, after_name) = stat.rsplit_once(')')?;
    after_name.split_whitespace().nth(2)?.parse().ok()
}

/// What a program printed. Holds a clone per stream that is still open.
#[derive(Debug, Clone, Default)]
struct Log(Arc<Mutex<VecDeque<String>>>);

impl Log {
    fn follow(&self, stream: Option<impl Read + Send + 'static>, mut announcer: Option<Announcer>) {
        let Some(stream) = stream else { return };
        let log = self.clone();
        std::thread::spawn(move || {
            let mut reader = BufReader::new(stream);
            let mut bytes = Vec::new();
            while matches!(reader.read_until(b'\n', &mut bytes), Ok(count) if count > 0) {
                let line = String::from_utf8_lossy(&bytes).trim_end().to_owned();
                if let Some(announcer) = &mut announcer {
                    announcer.hear(&line);
                }
                log.push(line);
                bytes.clear();
            }
        });
    }

    /// The two streams are read by two threads: the one with the reason may be a moment behind.
    async fn wait_for_last_words(&self) {
        let started = Instant::now();
        while Arc::strong_count(&self.0) > 1 && started.elapsed() < LAST_WORDS_WAIT {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    fn push(&self, line: String) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == LOG_LINES_MAX {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    fn lines(&self) -> Vec<String> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .cloned()
            .collect()
    }

    fn tail(&self) -> String {
        let lines = self.lines();
        let from = lines.len().saturating_sub(LOG_LINES_SHOWN_MAX);
        lines[from..].join("\n")
    }
}

/// The first line and the first line of JSON, once they have come.
#[derive(Debug)]
struct Announced {
    line: watch::Receiver<Option<String>>,
    json: watch::Receiver<Option<Value>>,
}

#[derive(Debug)]
struct Announcer {
    line: watch::Sender<Option<String>>,
    json: watch::Sender<Option<Value>>,
}

fn announcements() -> (Announcer, Announced) {
    let (line, first_line) = watch::channel(None);
    let (json, first_json) = watch::channel(None);
    (
        Announcer { line, json },
        Announced {
            line: first_line,
            json: first_json,
        },
    )
}

impl Announcer {
    fn hear(&mut self, line: &str) {
        if self.line.borrow().is_none() {
            self.line.send_replace(Some(line.to_owned()));
        }
        if self.json.borrow().is_none()
            && let Ok(value @ Value::Object(_)) = serde_json::from_str(line)
        {
            self.json.send_replace(Some(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wait::until;

    fn shell(script: &str) -> Program {
        Program::at("sh").args(["-c", script])
    }

    fn is_alive(id: &str) -> bool {
        // A process that is dead but not yet reaped by its new parent counts as dead.
        std::fs::read_to_string(format!("/proc/{id}/stat")).is_ok_and(|stat| {
            !stat
                .rsplit_once(')')
                .is_some_and(|(_, rest)| rest.starts_with(" Z"))
        })
    }

    #[tokio::test]
    async fn the_first_json_line_is_the_handshake_and_noise_before_it_is_kept() {
        let mut running = shell(r#"echo starting; echo '{"port":7}'; echo '{"port":8}'; sleep 60"#)
            .start()
            .unwrap();
        assert_eq!(running.ready().await.unwrap()["port"], 7);
        assert!(running.has_printed("starting"));
    }

    #[tokio::test]
    async fn a_program_that_dies_early_shows_its_last_words() {
        let mut running = shell("echo cannot open the ledger >&2; exit 3")
            .start()
            .unwrap();
        let message = running.ready().await.unwrap_err().to_string();
        assert!(message.contains("cannot open the ledger"), "{message}");
    }

    #[tokio::test]
    async fn dropping_a_program_ends_its_grandchildren_too() {
        let mut running = shell(r#"sleep 600 & echo "{\"grandchild\":$!}"; wait"#)
            .start()
            .unwrap();
        let grandchild = running.ready().await.unwrap()["grandchild"].to_string();
        assert!(is_alive(&grandchild));
        drop(running);
        until("the grandchild's end", || {
            let dead = !is_alive(&grandchild);
            async move { Ok(dead.then_some(())) }
        })
        .await
        .unwrap();
    }

    #[tokio::test]
    async fn a_program_that_ends_on_request_reports_its_own_code() {
        let mut running = shell(r#"trap 'exit 5' TERM; echo '{}'; while :; do sleep 0.05; done"#)
            .start()
            .unwrap();
        running.ready().await.unwrap();
        assert_eq!(running.stop().await.unwrap().code(), Some(5));
    }

    #[tokio::test]
    async fn a_program_of_another_parent_is_found_by_group_and_executable() {
        let script = r#"sleep 600 & echo "{\"child\":$!}"; wait"#;
        let mut running = shell(script).start().unwrap();
        let child = running.ready().await.unwrap()["child"].as_u64().unwrap();
        // Between fork and exec the child still is a shell.
        let exe = until("the child to become sleep", || async {
            let exe = std::fs::read_link(format!("/proc/{child}/exe"))?;
            Ok(exe.ends_with("sleep").then_some(exe))
        });
        let exe = exe.await.unwrap();
        let found = members_running(running.id(), &exe).unwrap();
        assert_eq!(found, [u32::try_from(child).unwrap()]);
        kill_process(found[0]).unwrap();
        assert!(
            members_running(std::process::id(), &exe)
                .unwrap()
                .is_empty()
        );
    }

    #[tokio::test]
    async fn a_failing_program_reports_what_it_wrote_to_stderr() {
        let message = shell("echo no such ward >&2; exit 1")
            .output()
            .await
            .unwrap_err()
            .to_string();
        assert!(message.contains("no such ward"), "{message}");
        assert_eq!(
            shell("echo xã Bình Minh").output().await.unwrap(),
            "xã Bình Minh\n"
        );
    }
}
