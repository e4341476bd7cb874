//! `cargo xtask`: the chores of the house, in Rust so that they run the same everywhere.
//!
//! Owns: installing what a fresh machine lacks, building, running with simulated devices, testing,
//! measuring, and the list of other people's work that ships with ours. Every step says in one
//! line what it does and afterwards how long it took; a second run skips what is already so.
//!
//! Deliberately does not: know the product. What runs and what is tested are programs and tests of
//! the workspace, found through `cargo metadata`, never listed here by hand.

mod bench;
mod cargo;
mod command;
mod notices;
mod play;
mod setup;
mod stamp;
mod steps;
mod system;
mod tally;
mod tree;
mod ui;
mod verify;

use clap::{Parser, Subcommand, ValueEnum};
use std::process::ExitCode;

/// Chores of the Một Cửa workspace.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Install what building, running and testing need (Debian 12; elsewhere: say what is missing)
    Setup,
    /// Build everything and open the window with practice data and simulated devices
    Run {
        /// Keep running after the pictures are taken, when there is no display
        #[arg(long)]
        keep: bool,
    },
    /// Take pictures of the main screens and papers into target/run, on a virtual display
    Screenshots,
    /// Formatting, lints and types; no test is run
    Check,
    /// Everything that must hold: format, lints, unit, property, whole-system, window tests
    Test {
        /// `full` adds the long ones
        #[arg(value_enum, default_value_t = Extent::Usual)]
        extent: Extent,
    },
    /// Measure; without a name, list what can be measured
    Bench {
        /// What to measure
        name: Option<String>,
        /// Passed on to the measurement
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Write THIRD-PARTY.md anew from the lock files and the fonts
    Notices,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Extent {
    Usual,
    Full,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().chore {
        Chore::Setup => setup::everything(),
        Chore::Run { keep } => play::run(keep),
        Chore::Screenshots => play::screenshots(),
        Chore::Check => verify::check(),
        Chore::Test { extent } => verify::test(extent == Extent::Full),
        Chore::Bench { name, args } => bench::bench(name.as_deref(), &args),
        Chore::Notices => notices::write(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}
