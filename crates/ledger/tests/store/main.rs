//! The store from outside: counters, hubs, and what happens between them.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod acts;
mod contract;
mod crash;
mod exchange;
mod full_disk;
mod hub;
mod keyring;
mod kit;
mod life_line;
mod opening;
mod prints;
mod properties;
mod rewind;
mod search;
