//! Key chords in the protocol's code points.
//!
//! Names are those of the product's own key list: `Control+Enter`, `F2`, `Escape`, `a`.

use anyhow::{Result, bail};
use serde_json::{Value, json};

/// Keys that are not characters, with the code points the W3C protocol gives them.
const NAMED: &[(&str, char)] = &[
    ("Backspace", '\u{E003}'),
    ("Tab", '\u{E004}'),
    ("Enter", '\u{E007}'),
    ("Shift", '\u{E008}'),
    ("Control", '\u{E009}'),
    ("Ctrl", '\u{E009}'),
    ("Alt", '\u{E00A}'),
    ("Escape", '\u{E00C}'),
    ("Space", ' '),
    ("PageUp", '\u{E00E}'),
    ("PageDown", '\u{E00F}'),
    ("End", '\u{E010}'),
    ("Home", '\u{E011}'),
    ("ArrowLeft", '\u{E012}'),
    ("ArrowUp", '\u{E013}'),
    ("ArrowRight", '\u{E014}'),
    ("ArrowDown", '\u{E015}'),
    ("Delete", '\u{E017}'),
];

/// The code point of `F1`.
const F1: u32 = 0xE031;

/// Presses every key of a chord in order and lets them go in reverse.
pub(super) fn chord_actions(chord: &str) -> Result<Vec<Value>> {
    let keys = chord
        .split('+')
        .map(code_point)
        .collect::<Result<Vec<char>>>()?;
    let down = keys
        .iter()
        .map(|key| json!({"type": "keyDown", "value": key}));
    let up = keys
        .iter()
        .rev()
        .map(|key| json!({"type": "keyUp", "value": key}));
    Ok(down.chain(up).collect())
}

fn code_point(name: &str) -> Result<char> {
    if let Some((_, key)) = NAMED.iter().find(|(known, _)| *known == name) {
        return Ok(*key);
    }
    if let Some(number) = name
        .strip_prefix('F')
        .and_then(|digits| digits.parse::<u32>().ok())
        && (1..=12).contains(&number)
        && let Some(key) = char::from_u32(F1 + number - 1)
    {
        return Ok(key);
    }
    let mut letters = name.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) => Ok(letter),
        _ => bail!("no key is called {name:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_the_protocols_code_points() {
        for (name, key) in [("F1", '\u{E031}'), ("F2", '\u{E032}'), ("F12", '\u{E03C}')] {
            assert_eq!(code_point(name).unwrap(), key);
        }
        assert_eq!(code_point("F").unwrap(), 'F');
        assert_eq!(code_point("k").unwrap(), 'k');
        for wrong in ["F13", "F0", "Return", ""] {
            assert!(code_point(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_chord_is_let_go_in_reverse() {
        let actions = chord_actions("Control+Enter").unwrap();
        let seen: Vec<_> = actions
            .iter()
            .map(|it| (&it["type"], &it["value"]))
            .collect();
        let key = |kind: &str, value: char| (json!(kind), json!(value));
        let expected = [
            key("keyDown", '\u{E009}'),
            key("keyDown", '\u{E007}'),
            key("keyUp", '\u{E007}'),
            key("keyUp", '\u{E009}'),
        ];
        assert!(
            seen.into_iter()
                .eq(expected.iter().map(|(kind, value)| (kind, value)))
        );
    }
}
