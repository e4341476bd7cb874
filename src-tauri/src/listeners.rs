//! Who hears what the program tells without being asked.
//!
//! Owns one ordered channel per window. A channel and not a window event: any page may listen to any
//! window event, whereas a channel belongs to the one window that opened it, so what the hall window
//! never hears it cannot overhear. A page that loads again opens a new channel, which replaces the old.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use tauri::ipc::Channel;

use crate::ipc::event::HostEvent;
use crate::windows::MAIN;

/// The open channels, by window label.
#[derive(Default)]
pub struct Listeners {
    by_window: Mutex<HashMap<String, Channel<HostEvent>>>,
}

impl Listeners {
    /// Gives a window its channel; one it had before is closed.
    pub fn attach(&self, window: &str, channel: Channel<HostEvent>) {
        let replaced = self.lock().insert(window.to_owned(), channel);
        // Closing a channel talks to its window, so it must not happen under the lock.
        drop(replaced);
    }

    /// Forgets a window that was closed.
    pub fn detach(&self, window: &str) {
        let removed = self.lock().remove(window);
        drop(removed);
    }

    /// Whether a window of this label listens now.
    #[must_use]
    pub fn has(&self, window: &str) -> bool {
        self.lock().contains_key(window)
    }

    /// Tells every window that may know. The main window hears everything, any other only what is public.
    pub fn tell(&self, event: &HostEvent) {
        let hearing: Vec<(String, Channel<HostEvent>)> = self
            .lock()
            .iter()
            .filter(|(window, _)| window.as_str() == MAIN || event.is_public())
            .map(|(window, channel)| (window.clone(), channel.clone()))
            .collect();
        for (window, channel) in hearing {
            if channel.send(event.clone()).is_err() {
                self.detach(&window);
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Channel<HostEvent>>> {
        // A panic elsewhere cannot leave the map half-changed: every change is one call.
        self.by_window
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tauri::ipc::InvokeResponseBody;

    use super::*;
    use crate::windows::HALL;

    type Heard = Arc<Mutex<Vec<String>>>;

    fn ear(heard: &Heard, name: &'static str) -> Channel<HostEvent> {
        let heard = Arc::clone(heard);
        Channel::new(move |body| {
            let InvokeResponseBody::Json(text) = body else {
                panic!("an event is JSON");
            };
            heard.lock().unwrap().push(format!("{name} {text}"));
            Ok(())
        })
    }

    fn call() -> HostEvent {
        HostEvent::Announce {
            seq: 1,
            label: "A001".to_owned(),
            counter_number: 2,
            text: "Mời số A không không một".to_owned(),
        }
    }

    #[test]
    fn a_card_is_told_to_the_clerk_and_not_to_the_hall() {
        let heard = Heard::default();
        let listeners = Listeners::default();
        listeners.attach(MAIN, ear(&heard, "main"));
        listeners.attach(HALL, ear(&heard, "hall"));

        listeners.tell(&HostEvent::Card {
            intake_id: "i1".to_owned(),
        });

        assert_eq!(
            *heard.lock().unwrap(),
            [r#"main {"kind":"card","intakeId":"i1"}"#]
        );
    }

    #[test]
    fn a_call_is_told_to_both() {
        let heard = Heard::default();
        let listeners = Listeners::default();
        listeners.attach(MAIN, ear(&heard, "main"));
        listeners.attach(HALL, ear(&heard, "hall"));

        listeners.tell(&call());

        let heard = heard.lock().unwrap();
        assert_eq!(heard.len(), 2);
        assert!(
            heard
                .iter()
                .any(|line| line.starts_with("hall ") && line.contains("A001"))
        );
    }

    #[test]
    fn a_page_that_loads_again_hears_once() {
        let heard = Heard::default();
        let listeners = Listeners::default();
        listeners.attach(HALL, ear(&heard, "before"));
        listeners.attach(HALL, ear(&heard, "after"));

        listeners.tell(&HostEvent::Hall);

        assert_eq!(*heard.lock().unwrap(), [r#"after {"kind":"hall"}"#]);
    }

    #[test]
    fn a_window_that_is_gone_is_forgotten() {
        let listeners = Listeners::default();
        listeners.attach(HALL, Channel::new(|_| Err(tauri::Error::WindowNotFound)));

        listeners.tell(&HostEvent::Hall);

        assert!(!listeners.has(HALL));
    }
}
