//! `demo`: an office on this machine, with practice data, simulated devices and a fake province.
//!
//! `cargo xtask run` and `cargo xtask screenshots` build everything and become this program. All it
//! starts ends with it, however it ends.

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use motcua_tests::desktop::{Desktop, OFFICE_SCREEN};
use motcua_tests::office::{Office, PARTS};
use motcua_tests::process::Program;
use motcua_tests::webdriver::{Application, Driver};
use motcua_tests::{tour, workspace};
use std::path::{Path, PathBuf};

/// The program with the window.
const WINDOW: &str = "motcua-app";

/// Form 01 of the dossier, beside the pictures.
const FORM_FILE: &str = "form-01.pdf";

/// The PIN of everybody in the practice office.
const PRACTICE_PIN: &str = "2580";

/// An office on this machine: practice data, simulated devices, a fake province.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    mode: Mode,
}

#[derive(Debug, Subcommand)]
enum Mode {
    /// Open the window on this machine's display
    Window,
    /// Take pictures of the main screens on a virtual display
    Pictures {
        /// Keep the office running afterwards, until Ctrl+C
        #[arg(long)]
        keep: bool,
    },
}

#[tokio::main]
async fn main() -> Result<()> {
    let folder = workspace::target().join("run");
    match Arguments::parse().mode {
        Mode::Window => window(&folder).await,
        Mode::Pictures { keep } => pictures(&folder, keep).await,
    }
}

/// Practice goes on where it was left: the data stay between runs.
async fn window(folder: &Path) -> Result<()> {
    let office = Office::start(PARTS, &folder.join("office"), &[]).await?;
    println!(
        "The office runs; its data lie in {}.",
        office.folder().display()
    );
    let env = window_env(&office);
    let mut window = Program::ours(WINDOW)?.envs(&env).start()?;
    println!("The window is open. Close it, or press Ctrl+C here, to end everything.");
    tokio::select! {
        ended = window.ended() => {
            let status = ended?;
            anyhow::ensure!(status.success(), "the window ended badly ({status}):\n{}", window.log_tail());
        }
        interrupted = tokio::signal::ctrl_c() => interrupted.context("listening for Ctrl+C")?,
    }
    Ok(())
}

/// Pictures show a first day: the data are made anew.
async fn pictures(folder: &Path, keep: bool) -> Result<()> {
    let office = folder.join("pictures-office");
    clear(folder, &office)?;
    let desktop = Desktop::start(OFFICE_SCREEN).await?;
    let office = Office::start(PARTS, &office, desktop.env()).await?;
    let driver = Driver::tauri(&window_env(&office)).await?;
    let session = driver.open(&Application::ours(WINDOW, &[])?).await?;
    let album = tour::take(&session, folder, PRACTICE_PIN).await?;
    let form = folder.join(FORM_FILE);
    std::fs::copy(&album.form, &form)
        .with_context(|| format!("copying {}", album.form.display()))?;
    for file in album.pictures.iter().chain([&form]) {
        println!("{}", file.display());
    }
    println!("Dossier {} was received.", album.dossier_code);
    if keep {
        println!("The office keeps running; press Ctrl+C to end it.");
        tokio::signal::ctrl_c()
            .await
            .context("listening for Ctrl+C")?;
    }
    session.close().await
}

/// Takes away the pictures and the office of an earlier run.
fn clear(folder: &Path, office: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    match std::fs::remove_dir_all(office) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("removing {}", office.display()));
        }
        _ => {}
    }
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|ending| ending == "png" || ending == "pdf")
        {
            std::fs::remove_file(&path).with_context(|| format!("removing {}", path.display()))?;
        }
    }
    Ok(())
}

/// Where the window keeps its data, beside what the parts of the office said.
fn window_env(office: &Office) -> Vec<(String, String)> {
    let data: PathBuf = office.folder().join("desk");
    let mut env = office.env();
    env.push((
        "MOTCUA_DATA".to_owned(),
        data.to_string_lossy().into_owned(),
    ));
    env
}
