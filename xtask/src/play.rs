//! `run` and `screenshots`: build, then hand over to the program that plays an office.
//!
//! That program belongs to the whole-system tests, since it starts the same processes in the same
//! way: the fake province, the hub, simulated devices, the window. We become it, so that Ctrl+C
//! and the end of the terminal reach it directly.

use crate::setup;
use crate::steps::Steps;
use crate::system::Group;
use crate::{cargo, tree, ui};
use anyhow::{Context, Result};
use std::process::Command;

/// The program that plays an office.
const PLAYER: &str = "demo";

/// `cargo xtask run`.
pub(crate) fn run(keep: bool) -> Result<()> {
    let has_display = has_display();
    if !has_display {
        println!("There is no display here: a virtual one is used, and pictures are taken.");
    }
    build(!has_display)?;
    let keep = keep.then_some("--keep");
    let mode = if has_display { "window" } else { "pictures" };
    become_player(std::iter::once(mode).chain(keep))
}

/// `cargo xtask screenshots`.
pub(crate) fn screenshots() -> Result<()> {
    build(true)?;
    become_player(std::iter::once("pictures"))
}

fn build(needs_virtual_display: bool) -> Result<()> {
    let mut steps = Steps::start();
    if needs_virtual_display {
        setup::for_building(&mut steps, &[Group::Build, Group::Screen])?;
        setup::web_driver(&mut steps)?;
    } else {
        setup::for_building(&mut steps, &[Group::Build])?;
    }
    steps.must("screens", "build the screens", ui::build)?;
    steps.must("programs", "build all programs", cargo::build_programs)
}

fn has_display() -> bool {
    let is_set = |key: &str| std::env::var_os(key).is_some_and(|value| !value.is_empty());
    cfg!(not(target_os = "linux")) || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

fn become_player<'a>(args: impl Iterator<Item = &'a str>) -> Result<()> {
    let program = tree::target()
        .join("debug")
        .join(format!("{PLAYER}{}", std::env::consts::EXE_SUFFIX));
    let mut command = Command::new(&program);
    command.args(args).current_dir(tree::root());
    println!();
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        Err(command.exec()).with_context(|| format!("cannot start: {}", program.display()))
    }
    #[cfg(not(unix))]
    crate::command::run(&mut command).with_context(|| format!("playing with {}", program.display()))
}
