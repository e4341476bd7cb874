//! The border as the screens meet it: the generated types, the rights of the windows, and a clerk's first
//! dossier through the real commands, over a runtime without a display.

// Every helper here runs inside a test: what is not there ends it.
#![allow(clippy::unwrap_used)]

mod bindings;
mod journey;
mod rights;
mod stage;
