//! Waiting on a condition with a deadline.
//!
//! Machines that run these tests are slow and shared, so deadlines are generous and nothing sleeps
//! for a fixed time: a condition that comes true early ends the wait early.

use anyhow::{Result, anyhow};
use std::future::Future;
use std::time::{Duration, Instant};

/// The usual deadline: far longer than any healthy step takes on a busy two-core machine.
pub const DEADLINE: Duration = Duration::from_secs(90);

/// How long between two looks at a condition.
const POLL_INTERVAL: Duration = Duration::from_millis(40);

/// Asks again and again until `look` yields a value or `deadline` has passed.
///
/// An error from `look` counts as "not yet"; the last one is part of the message on failure.
///
/// # Errors
/// When the deadline passes first; the message names what was awaited and the last thing seen.
pub async fn until_within<T, F, Fut>(deadline: Duration, what: &str, mut look: F) -> Result<T>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<Option<T>>>,
{
    let started = Instant::now();
    let mut last_error;
    loop {
        match look().await {
            Ok(Some(value)) => return Ok(value),
            Ok(None) => last_error = None,
            Err(error) => last_error = Some(error),
        }
        if started.elapsed() >= deadline {
            let seconds = deadline.as_secs_f32();
            return Err(match last_error {
                Some(error) => error.context(format!("waited {seconds:.0} s for {what}")),
                None => anyhow!("waited {seconds:.0} s for {what}; it never came"),
            });
        }
        tokio::time::sleep(POLL_INTERVAL).await;
    }
}

/// [`until_within`] with the usual [`DEADLINE`].
///
/// # Errors
/// As [`until_within`].
pub async fn until<T, F, Fut>(what: &str, look: F) -> Result<T>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<Option<T>>>,
{
    until_within(DEADLINE, what, look).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_condition_that_comes_true_ends_the_wait() {
        let mut looks = 0;
        let seen = until("the third look", || {
            looks += 1;
            let answer = (looks == 3).then_some(looks);
            async move { Ok(answer) }
        });
        assert_eq!(seen.await.unwrap(), 3);
    }

    #[tokio::test]
    async fn a_condition_that_never_comes_names_itself_and_the_last_error() {
        let seen: Result<()> = until_within(Duration::from_millis(1), "the printer", || async {
            Err(anyhow!("no paper"))
        })
        .await;
        let message = format!("{:#}", seen.unwrap_err());
        assert!(
            message.contains("for the printer") && message.contains("no paper"),
            "{message}"
        );
    }
}
