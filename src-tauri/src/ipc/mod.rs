//! The border between the screens and the program.
//!
//! Owns the shapes that cross it, the list of commands, and the conversion from the domain's words. It
//! decides nothing: a command converts, asks the desk once, and converts the answer.

pub mod dto;
pub mod error;
pub mod event;
