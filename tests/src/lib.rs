//! Whole-system tests: what they stand on.
//!
//! Owns: starting the real programs of the house and ending them without orphans ([`process`]), an
//! office of several of them ([`office`]), waiting on conditions with a deadline ([`wait`]), a
//! virtual desktop with a window manager and a Vietnamese input method ([`desktop`],
//! [`input_method`]), a thin WebDriver client ([`webdriver`]) that finds things by the words a
//! person reads ([`messages`]), the steps of a clerk in front of it ([`clerk`], [`tour`]), a whole
//! counter with its devices ([`counter`], [`bench`]), the screens over their stand-in ([`screens`]), a provincial API that can be slow, wrong and down
//! ([`fake_province`]) and the style of the house as rules over the source tree ([`tidy`]).
//!
//! Deliberately does not: know how a dossier is decided (that is `motcua-core`), mock any part of
//! our own, or sleep for a fixed time and hope.

pub mod bench;
pub mod clerk;
pub mod counter;
pub mod desktop;
pub mod fake_province;
pub mod http;
pub mod input_method;
pub mod messages;
pub mod office;
pub mod process;
pub mod screens;
pub mod tidy;
pub mod tour;
pub mod wait;
pub mod webdriver;
pub mod workspace;
