//! The words on the screens, by their keys: tests look for what a clerk reads without repeating it.

use crate::workspace;
use anyhow::{Context, Result};
use std::collections::BTreeMap;

/// The Vietnamese catalogue of the screens.
#[derive(Debug, Clone)]
pub struct Messages(BTreeMap<String, String>);

impl Messages {
    /// Reads the catalogue of the work tree.
    ///
    /// # Errors
    /// When it is missing or of another shape.
    pub fn vietnamese() -> Result<Self> {
        let path = workspace::root().join("ui/messages/vi.json");
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("reading {}", path.display()))?;
        let catalogue = serde_json::from_str(&text);
        Ok(Self(catalogue.with_context(|| {
            format!("the shape of {}", path.display())
        })?))
    }

    /// The sentence under `key`, up to its first place for a value: what surely stands on screen.
    ///
    /// # Errors
    /// When there is no such key.
    pub fn get(&self, key: &str) -> Result<&str> {
        let text = self
            .0
            .get(key)
            .with_context(|| format!("no message is called {key}"))?;
        let until_place = text.split('{').next().unwrap_or_default();
        Ok(until_place.trim())
    }
}

impl Messages {
    /// What stands in `shown` at the only place of the message `key`, for example a file name.
    ///
    /// # Errors
    /// When there is no such key, or `shown` is not that message.
    pub fn value_in(&self, key: &str, shown: &str) -> Result<String> {
        let text = self
            .0
            .get(key)
            .with_context(|| format!("no message is called {key}"))?;
        let around = text.split_once('{').and_then(|(before, place)| {
            let (_, after) = place.split_once('}')?;
            Some((before.trim(), after.trim()))
        });
        let (before, after) = around.with_context(|| format!("{key} has no place"))?;
        let value = shown
            .trim()
            .strip_prefix(before)
            .and_then(|rest| rest.strip_suffix(after));
        Ok(value
            .with_context(|| format!("{shown:?} is not {text:?}"))?
            .trim()
            .to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_read_from_its_place() {
        let opened = ("opened".to_owned(), "Mẫu đã lưu ở {path}.".to_owned());
        let messages = Messages(BTreeMap::from([opened]));
        let value = messages.value_in("opened", "Mẫu đã lưu ở run/mẫu 01.pdf.");
        assert_eq!(value.unwrap(), "run/mẫu 01.pdf");
        assert!(messages.value_in("opened", "Không mở được").is_err());
    }

    #[test]
    fn a_sentence_ends_before_its_first_place() {
        let words = [
            ("call", "Gọi tiếp"),
            ("sum", "Còn {n} người"),
            ("who", "{name} đã gọi"),
        ];
        let words = words.map(|(key, text)| (key.to_owned(), text.to_owned()));
        let messages = Messages(BTreeMap::from(words));
        assert_eq!(messages.get("call").unwrap(), "Gọi tiếp");
        assert_eq!(messages.get("sum").unwrap(), "Còn");
        assert_eq!(messages.get("who").unwrap(), "");
        assert!(
            messages
                .get("nothing")
                .unwrap_err()
                .to_string()
                .contains("nothing")
        );
    }
}
