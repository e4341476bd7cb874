//! The store from outside: counters, hubs, and what happens between them.

mod acts;
mod kit;
