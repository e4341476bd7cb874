//! An office on one machine: the province, the hub and the devices as processes of their own.
//!
//! The list [`PARTS`] is the one place that says what runs, in which order and with which
//! arguments; `cargo xtask run`, the pictures and the journeys all start from it. Each part says in
//! one line of JSON where it is reached; that line becomes an environment variable for every later
//! part and for the window.

use crate::process::{Program, Running};
use anyhow::{Context, Result};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// In arguments: the folder in which a part keeps what must outlive it.
const FOLDER: &str = "{folder}";

/// In arguments: where a part listens. Any free port at first; after a restart the same one again,
/// for those who were told of it.
const LISTEN: &str = "{listen}";

/// Any free port.
const ANYWHERE: &str = "127.0.0.1:0";

/// One process of an office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// What it is called here and in messages.
    pub name: &'static str,
    /// The program of the workspace.
    pub program: &'static str,
    /// Its arguments; `{folder}` stands for the office's folder, `{listen}` for an address that stays
    /// the same over restarts (the `addr` that the part said).
    pub args: &'static [&'static str],
    /// The variable under which the others find what it said when it was ready.
    pub variable: &'static str,
}

/// The province: a fake one, with a ledger of its own.
pub const PROVINCE: Part = Part {
    name: "province",
    program: "fake-province",
    args: &["--ledger", "{folder}/province.jsonl"],
    variable: "MOTCUA_PROVINCE",
};

/// The office's hub, with the connector to the province.
pub const HUB: Part = Part {
    name: "hub",
    program: "motcua",
    args: &[
        "hub",
        "--practice",
        "--dir",
        "{folder}/hub",
        "--org",
        "H56.6.17",
        "--listen",
        "{listen}",
        "--plain-loopback",
        "127.0.0.1:0",
        "--name",
        "Máy quầy 2",
        "--no-keyring",
    ],
    variable: "MOTCUA_HUB",
};

/// Printer, scanner, displays and pad, simulated.
pub const DEVICES: Part = Part {
    name: "devices",
    program: "motcua-devices",
    args: &["{folder}/devices", "--stay"],
    variable: "MOTCUA_DEVICES",
};

/// All of them, in the order in which they start.
pub const PARTS: &[Part] = &[PROVINCE, HUB, DEVICES];

/// An office that runs; dropping it ends every part, the last first.
#[derive(Debug)]
pub struct Office {
    folder: PathBuf,
    base_env: Vec<(String, String)>,
    parts: Vec<Started>,
}

#[derive(Debug)]
struct Started {
    part: Part,
    said: Value,
    running: Option<Running>,
}

impl Office {
    /// Starts `parts` in order, each after the one before is ready. `env` is what all of them see,
    /// such as the variables of a virtual desktop.
    ///
    /// # Errors
    /// When a part is not built, ends early or is not ready in time; its last lines are told.
    pub async fn start(parts: &[Part], folder: &Path, env: &[(String, String)]) -> Result<Self> {
        std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
        let mut office = Self {
            folder: folder.to_owned(),
            base_env: env.to_vec(),
            parts: Vec::new(),
        };
        for part in parts {
            let (running, said) = office.launch(*part, ANYWHERE).await?;
            office.parts.push(Started {
                part: *part,
                said,
                running: Some(running),
            });
        }
        Ok(office)
    }

    /// What the window needs in its environment to find every part, with the base variables.
    pub fn env(&self) -> Vec<(String, String)> {
        let mut env = self.base_env.clone();
        for Started { part, said, .. } in &self.parts {
            env.push((part.variable.to_owned(), said.to_string()));
        }
        env
    }

    /// Where the parts keep what outlives them.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What a part said when it was ready.
    ///
    /// # Errors
    /// When there is no such part.
    pub fn said(&self, part: Part) -> Result<&Value> {
        Ok(&self.find(part)?.said)
    }

    /// What a part printed last.
    ///
    /// # Errors
    /// When there is no such part or it does not run.
    pub fn log_tail(&self, part: Part) -> Result<String> {
        let running = self.find(part)?.running.as_ref();
        Ok(running
            .with_context(|| format!("{} does not run", part.name))?
            .log_tail())
    }

    /// `kill -9` on a part, as when its machine loses power.
    ///
    /// # Errors
    /// When there is no such part.
    pub fn kill(&mut self, part: Part) -> Result<()> {
        drop(self.find_mut(part)?.running.take());
        Ok(())
    }

    /// Starts a part again after [`Office::kill`], over what it had written.
    ///
    /// # Errors
    /// As [`Office::start`].
    pub async fn restart(&mut self, part: Part) -> Result<()> {
        self.kill(part)?;
        let before = self.find(part)?.said["addr"].as_str();
        let listen = before.unwrap_or(ANYWHERE).to_owned();
        let (running, said) = self.launch(part, &listen).await?;
        let started = self.find_mut(part)?;
        started.running = Some(running);
        started.said = said;
        Ok(())
    }

    async fn launch(&self, part: Part, listen: &str) -> Result<(Running, Value)> {
        let folder = self.folder.to_string_lossy();
        let place = |arg: &&str| arg.replace(FOLDER, &folder).replace(LISTEN, listen);
        let args = part.args.iter().map(place);
        let program = Program::ours(part.program)?.args(args).envs(&self.env());
        let mut running = program.start()?;
        let said = running
            .ready()
            .await
            .with_context(|| format!("starting the {}", part.name))?;
        Ok((running, said))
    }

    fn find(&self, part: Part) -> Result<&Started> {
        let found = self.parts.iter().find(|started| started.part == part);
        found.with_context(|| format!("this office has no {}", part.name))
    }

    fn find_mut(&mut self, part: Part) -> Result<&mut Started> {
        let found = self.parts.iter_mut().find(|started| started.part == part);
        found.with_context(|| format!("this office has no {}", part.name))
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        while let Some(started) = self.parts.pop() {
            drop(started.running);
        }
    }
}
