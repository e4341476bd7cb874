//! Where things lie in the work tree: the root, the built programs, the tools that setup installs.
//!
//! Never builds anything: a missing program is an error that names the command to build it.

use anyhow::{Result, bail};
use std::path::{Path, PathBuf};

/// The folder of the workspace's `Cargo.toml`.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// The folder with the built artefacts; honours `CARGO_TARGET_DIR` as cargo does.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => root().join(dir),
        None => root().join("target"),
    }
}

/// A program of this workspace, as `cargo build --workspace --bins` leaves it.
///
/// # Errors
/// When it has not been built; the message says how.
pub fn program(name: &str) -> Result<PathBuf> {
    let path = target()
        .join("debug")
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if !path.is_file() {
        bail!(
            "{} is not built; run: cargo build --workspace --bins",
            path.display()
        );
    }
    Ok(path)
}

/// A tool that `cargo xtask setup` installs for this work tree alone, such as `tauri-driver`.
///
/// # Errors
/// When it is not there; the message says how to get it.
pub fn tool(name: &str) -> Result<PathBuf> {
    let path = target().join("tools/bin").join(name);
    if !path.is_file() {
        bail!("{} is missing; run: cargo xtask setup", path.display());
    }
    Ok(path)
}
