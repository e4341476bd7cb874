//! The steering wheel: routes for whoever tests, and a typed client for them.

use super::faults::{Fault, Rule};
use super::gate::Mode;
use super::ledger::{Act, Entry};
use super::server::{Addresses, Shared};
use crate::http;
use anyhow::Result;
use axum::extract::State;
use axum::routing::{delete, get, post, put};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// How this province works, where provinces differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Refuses a second new dossier of the same code. Without it, a blind resend doubles one.
    pub duplicate_check: bool,
    /// Offers `TraCuuHoSo`.
    pub lookup: bool,
    /// How long after acceptance a dossier shows up in `TraCuuHoSo`, in milliseconds.
    pub lookup_lag_milliseconds: u64,
    /// Answers a known `Idempotency-Key` with the first answer and does nothing.
    pub honours_idempotency_key: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            duplicate_check: true,
            lookup: true,
            lookup_lag_milliseconds: 0,
            honours_idempotency_key: false,
        }
    }
}

pub(super) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/mode", put(set_mode))
        .route("/policy", put(set_policy))
        .route("/faults", post(add_fault).delete(clear_faults))
        .route("/tokens", delete(expire_tokens))
        .route("/ledger", get(ledger))
        .route("/counters", get(counters))
        .with_state(shared)
}

type Province = State<Arc<Shared>>;

fn done() -> Json<Value> {
    Json(json!({"done": true}))
}

async fn set_mode(State(shared): Province, Json(mode): Json<Mode>) -> Json<Value> {
    shared.door.set(mode).await;
    done()
}

async fn set_policy(State(shared): Province, Json(policy): Json<Policy>) -> Json<Value> {
    shared.state().policy = policy;
    done()
}

async fn add_fault(State(shared): Province, Json(rule): Json<Rule>) -> Json<Value> {
    shared.state().rules.add(rule);
    done()
}

async fn clear_faults(State(shared): Province) -> Json<Value> {
    shared.state().rules.clear();
    done()
}

async fn expire_tokens(State(shared): Province) -> Json<Value> {
    shared.state().tokens.clear();
    done()
}

async fn ledger(State(shared): Province) -> Json<Vec<Entry>> {
    Json(shared.state().ledger.entries().to_vec())
}

async fn counters(State(shared): Province) -> Json<BTreeMap<String, u64>> {
    Json(shared.state().counters().clone())
}

/// A client of the control, for a province in this process or in another one.
#[derive(Debug, Clone)]
pub struct Control {
    http: reqwest::Client,
    url: String,
}

impl Control {
    /// A client for the province at these addresses.
    ///
    /// # Errors
    /// When the HTTP client cannot be made.
    pub fn new(addresses: &Addresses) -> Result<Self> {
        Ok(Self {
            http: http::client()?,
            url: addresses.control.clone(),
        })
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// Takes the province down or up; returns once it is so.
    ///
    /// # Errors
    /// When the control does not answer.
    pub async fn mode(&self, mode: Mode) -> Result<()> {
        http::json::<Value>(self.http.put(self.at("/mode")).json(&mode))
            .await
            .map(drop)
    }

    /// Changes how the province works.
    ///
    /// # Errors
    /// When the control does not answer.
    pub async fn policy(&self, policy: &Policy) -> Result<()> {
        http::json::<Value>(self.http.put(self.at("/policy")).json(policy))
            .await
            .map(drop)
    }

    /// Lets the next `times` calls of `service` go wrong; every one of any when absent.
    ///
    /// # Errors
    /// When the control does not answer.
    pub async fn fault(
        &self,
        service: Option<&str>,
        times: Option<u32>,
        fault: Fault,
    ) -> Result<()> {
        let rule = Rule {
            service: service.map(str::to_owned),
            times,
            fault,
        };
        http::post::<Value>(&self.http, &self.at("/faults"), &rule)
            .await
            .map(drop)
    }

    /// Everything goes right again.
    ///
    /// # Errors
    /// When the control does not answer.
    pub async fn clear_faults(&self) -> Result<()> {
        http::json::<Value>(self.http.delete(self.at("/faults")))
            .await
            .map(drop)
    }

    /// Makes every token that was issued worthless.
    ///
    /// # Errors
    /// When the control does not answer.
    pub async fn expire_tokens(&self) -> Result<()> {
        http::json::<Value>(self.http.delete(self.at("/tokens")))
            .await
            .map(drop)
    }

    /// All that was accepted, in order.
    ///
    /// # Errors
    /// When the control does not answer.
    pub async fn ledger(&self) -> Result<Vec<Entry>> {
        http::get(&self.http, &self.at("/ledger")).await
    }

    /// How often something happened: `called_<service>`, `accepted`, `refused_<error_code>`,
    /// `unauthorised`, `token_issued`, `token_refused`, `malformed`, `faults`, `hung`,
    /// `repeated_key`.
    ///
    /// # Errors
    /// When the control does not answer.
    pub async fn counters(&self) -> Result<BTreeMap<String, u64>> {
        http::get(&self.http, &self.at("/counters")).await
    }

    /// How often each dossier was accepted as a new one. "Exactly once" is a map of ones.
    ///
    /// # Errors
    /// When the control does not answer.
    pub async fn created(&self) -> Result<BTreeMap<String, usize>> {
        let mut created = BTreeMap::new();
        for entry in self
            .ledger()
            .await?
            .into_iter()
            .filter(|it| it.act == Act::Created)
        {
            *created.entry(entry.code).or_default() += 1;
        }
        Ok(created)
    }

    /// Waits until the province has accepted `count` different new dossiers.
    ///
    /// # Errors
    /// When that takes longer than `deadline`.
    pub async fn created_within(&self, deadline: Duration, count: usize) -> Result<()> {
        crate::wait::until_within(
            deadline,
            &format!("{count} dossiers at the province"),
            || async { Ok((self.created().await?.len() >= count).then_some(())) },
        )
        .await
    }
}
