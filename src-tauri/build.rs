//! Placeholder until the command list exists.
fn main() {}
