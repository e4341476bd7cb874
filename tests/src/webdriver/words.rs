//! Finding things by the words a person sees or a screen reader says.

use super::element::Element;
use super::session::Session;
use anyhow::Result;

/// Roles that can be pressed.
const PRESSABLE: &str = "self::button or @role='button' or @role='option' or @role='menuitem' or \
                         @role='radio' or @role='tab' or self::a";

/// Things that can be typed into.
const FIELDS: &str = "self::input or self::textarea or self::select or @role='combobox'";

impl Session {
    /// Waits for something to press that bears `words`, in its text or its name.
    ///
    /// # Errors
    /// When there is none before the deadline.
    pub async fn pressable(&self, words: &str) -> Result<Element> {
        let words = quoted(words);
        let named =
            format!("contains(normalize-space(.), {words}) or contains(@aria-label, {words})");
        self.wait_for_xpath(&format!("//*[{PRESSABLE}][{named}]"))
            .await
    }

    /// Presses the thing that bears `words`.
    ///
    /// # Errors
    /// When there is none before the deadline, or something lies on top of it.
    pub async fn press_on(&self, words: &str) -> Result<()> {
        self.pressable(words).await?.click().await
    }

    /// Waits for the field that is labelled `words`: by a label around it, a label for it, or its
    /// own name.
    ///
    /// # Errors
    /// When there is none before the deadline.
    pub async fn field(&self, words: &str) -> Result<Element> {
        let words = quoted(words);
        let label = format!("label[contains(normalize-space(.), {words})]");
        let ways = [
            format!("contains(@aria-label, {words})"),
            format!("ancestor::{label}"),
            format!("@id = //{label}/@for"),
            format!("@aria-labelledby = //*[contains(normalize-space(.), {words})]/@id"),
        ];
        self.wait_for_xpath(&format!("//*[{FIELDS}][{}]", ways.join(" or ")))
            .await
    }

    /// Waits until `words` stand anywhere on the screen.
    ///
    /// # Errors
    /// When they do not before the deadline.
    pub async fn wait_for_words(&self, words: &str) -> Result<()> {
        let quoted = quoted(words);
        self.until(&format!("the words \"{words}\""), || async {
            let path = format!("//body//*[text()[contains(normalize-space(.), {quoted})]]");
            let found = self.find_by_xpath(&path).await?;
            Ok(found.is_displayed().await?.then_some(()))
        })
        .await
    }

    async fn wait_for_xpath(&self, path: &str) -> Result<Element> {
        self.until(path, || async {
            for element in self.find_all_by_xpath(path).await? {
                if element.is_displayed().await? {
                    return Ok(Some(element));
                }
            }
            Ok(None)
        })
        .await
    }
}

/// A text for XPath, which knows no escapes: it is put together from pieces around its quotes.
fn quoted(words: &str) -> String {
    if !words.contains('"') {
        return format!("\"{words}\"");
    }
    let pieces: Vec<_> = words
        .split('"')
        .map(|piece| format!("\"{piece}\""))
        .collect();
    format!("concat({})", pieces.join(", '\"', "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_with_quotes_are_put_together() {
        assert_eq!(quoted("Gọi tiếp"), "\"Gọi tiếp\"");
        assert_eq!(
            quoted("Hồ sơ \"A\""),
            "concat(\"Hồ sơ \", '\"', \"A\", '\"', \"\")"
        );
    }
}
