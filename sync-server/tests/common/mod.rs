//! What the whole tests share: a hub, desks, a line that can be cut, a hub that misbehaves, a province.
//! Everything is real but the province; nothing sleeps for a fixed time, everything waits for a condition.

#![allow(dead_code, unreachable_pub, missing_docs, clippy::unwrap_used)]

pub mod desk;
pub mod hub;
pub mod line;
pub mod meddler;
pub mod province;
pub mod words;

use std::time::{Duration, Instant};

/// Far longer than any healthy step takes on a busy two-core machine.
const DEADLINE: Duration = Duration::from_secs(60);
/// Between two looks.
const POLL: Duration = Duration::from_millis(15);

/// Waits until `look` gives something.
pub async fn until<T, F>(what: &str, mut look: impl FnMut() -> F) -> T
where
    F: Future<Output = Option<T>>,
{
    let started = Instant::now();
    loop {
        if let Some(seen) = look().await {
            return seen;
        }
        assert!(started.elapsed() < DEADLINE, "waited in vain for {what}");
        tokio::time::sleep(POLL).await;
    }
}

/// Waits until `holds`.
pub async fn until_true(what: &str, mut holds: impl FnMut() -> bool) {
    until(what, || std::future::ready(holds().then_some(()))).await;
}
