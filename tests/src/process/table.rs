//! Processes that are not our children: those that a program of ours started.

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal};
use std::path::Path;

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
        let is_of_group = group_of(&path) == Some(group);
        if is_of_group && std::fs::read_link(path.join("exe")).is_ok_and(|exe| is(&exe, program)) {
            found.push(id);
        }
    }
    Ok(found)
}

/// Whether `exe`, as the kernel names it, is `program`, also where that has been built anew since.
fn is(exe: &Path, program: &Path) -> bool {
    let mut replaced = program.as_os_str().to_owned();
    replaced.push(" (deleted)");
    exe == program || exe.as_os_str() == replaced
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

/// Whether a process has let go of everything it had: it is not there, or only its name is.
pub fn is_gone(id: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    let state = stat.rsplit_once(')').map(|(_, rest)| rest.trim_start());
    state.is_none_or(|it| it.starts_with(['Z', 'X']))
}

/// Field 5 of `/proc/<id>/stat`; the name in field 2 may hold spaces and parentheses.
fn group_of(process: &Path) -> Option<u32> {
    let stat = std::fs::read_to_string(process.join("stat")).ok()?;
    let (_, after_name) = stat.rsplit_once(')')?;
    after_name.split_whitespace().nth(2)?.parse().ok()
}
