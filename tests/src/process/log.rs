//! What a program prints: kept, bounded, and listened to for the line that says it is ready.

use serde_json::Value;
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// How many lines of a program's output are kept.
const LOG_LINES_MAX: usize = 4_000;

/// How many of them an error message shows.
const LOG_LINES_SHOWN_MAX: usize = 40;

/// How long an error message waits for the last lines of a program that ended.
const LAST_WORDS_WAIT: Duration = Duration::from_secs(2);

/// What a program printed. Holds a clone per stream that is still open.
#[derive(Debug, Clone, Default)]
pub(super) struct Log(Arc<Mutex<VecDeque<String>>>);

impl Log {
    pub(super) fn follow(
        &self,
        stream: Option<impl Read + Send + 'static>,
        mut announcer: Option<Announcer>,
    ) {
        let Some(stream) = stream else { return };
        let log = self.clone();
        std::thread::spawn(move || {
            let mut reader = BufReader::new(stream);
            let mut bytes = Vec::new();
            while matches!(reader.read_until(b'\n', &mut bytes), Ok(count) if count > 0) {
                let line = String::from_utf8_lossy(&bytes).trim_end().to_owned();
                if let Some(announcer) = &mut announcer {
                    announcer.hear(&line);
                }
                log.push(line);
                bytes.clear();
            }
        });
    }

    /// The two streams are read by two threads: the one with the reason may be a moment behind.
    pub(super) async fn wait_for_last_words(&self) {
        let started = Instant::now();
        while Arc::strong_count(&self.0) > 1 && started.elapsed() < LAST_WORDS_WAIT {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    fn push(&self, line: String) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == LOG_LINES_MAX {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    pub(super) fn lines(&self) -> Vec<String> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .cloned()
            .collect()
    }

    pub(super) fn tail(&self) -> String {
        let lines = self.lines();
        let from = lines.len().saturating_sub(LOG_LINES_SHOWN_MAX);
        lines[from..].join("\n")
    }
}

/// The first line and the first line of JSON, once they have come.
#[derive(Debug)]
pub(super) struct Announced {
    pub(super) line: watch::Receiver<Option<String>>,
    pub(super) json: watch::Receiver<Option<Value>>,
}

#[derive(Debug)]
pub(super) struct Announcer {
    line: watch::Sender<Option<String>>,
    json: watch::Sender<Option<Value>>,
}

pub(super) fn announcements() -> (Announcer, Announced) {
    let (line, first_line) = watch::channel(None);
    let (json, first_json) = watch::channel(None);
    (
        Announcer { line, json },
        Announced {
            line: first_line,
            json: first_json,
        },
    )
}

impl Announcer {
    fn hear(&mut self, line: &str) {
        if self.line.borrow().is_none() {
            self.line.send_replace(Some(line.to_owned()));
        }
        if self.json.borrow().is_none()
            && let Ok(value @ Value::Object(_)) = serde_json::from_str(line)
        {
            self.json.send_replace(Some(value));
        }
    }
}
