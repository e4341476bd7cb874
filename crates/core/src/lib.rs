//! What a one-stop desk means.
//!
//! Owns: dossiers, queue tickets, offices, people, catalogues, calendars, dossier codes, the operation
//! and its hash chain. Everything here is a function from values to values.
//!
//! Deliberately absent: I/O, a clock, async, randomness, SQL, HTTP, screen types. Time, identifiers and
//! random bytes are passed in. A refusal is data ([`refusal::Refusal`]); its Vietnamese sentence lives in
//! the screen's message catalogue.

pub mod calendar;
pub mod catalogue;
pub mod code;
pub mod dossier;
pub mod event;
pub mod ids;
pub mod intake;
pub mod money;
pub mod numbers;
pub mod office;
pub mod op;
pub mod people;
pub mod queue;
pub mod refusal;
pub mod state;
pub mod text;
