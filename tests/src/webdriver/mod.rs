//! A thin WebDriver client, enough to sit in front of a window as a clerk does.
//!
//! Owns: a driver process ([`Driver`]), a session with its windows ([`Session`]), elements
//! ([`Element`]) and key chords ([`keys`]). Talks the W3C protocol to `tauri-driver` (for our own
//! window) or to `WebKitWebDriver` (for a plain page).
//!
//! Deliberately does not: wait implicitly. Waiting is always on a named condition, with a
//! deadline, and ends at once when the window is gone.

mod driver;
mod element;
pub mod keys;
mod session;
mod words;

pub use driver::{Application, Driver};
pub use element::Element;
pub use session::Session;
