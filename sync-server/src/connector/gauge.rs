//! How the province stands, for the health page: the last thing that was really seen.

use std::sync::{Mutex, PoisonError};

use serde::Serialize;

/// What was seen last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProvinceState {
    /// No province is set up.
    #[default]
    NotConfigured,
    /// Nothing was sent since the hub started.
    NotTried,
    /// It answers.
    Answers,
    /// It does not answer, or nothing that means anything.
    Silent,
    /// It does not let this office in.
    WrongCredentials,
}

/// The last thing seen, shared with the health page.
#[derive(Debug)]
pub struct ProvinceGauge(Mutex<ProvinceState>);

impl ProvinceGauge {
    /// Before anything was seen.
    #[must_use]
    pub fn new(is_configured: bool) -> Self {
        let state = if is_configured {
            ProvinceState::NotTried
        } else {
            ProvinceState::NotConfigured
        };
        Self(Mutex::new(state))
    }

    /// What was seen last.
    #[must_use]
    pub fn state(&self) -> ProvinceState {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something was seen.
    pub fn saw(&self, state: ProvinceState) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }
}
