//! A cursor over the characters of a code.

use super::error::{CodeError, Expected};

/// Reads a text from left to right and knows where it is.
pub(super) struct Scan {
    chars: Vec<char>,
    at: usize,
}

impl Scan {
    pub(super) fn new(text: &str) -> Scan {
        Scan {
            chars: text.chars().collect(),
            at: 0,
        }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    /// Takes one character that satisfies the test.
    pub(super) fn take(
        &mut self,
        expected: Expected,
        test: impl Fn(char) -> bool,
    ) -> Result<char, CodeError> {
        match self.peek() {
            Some(c) if test(c) => {
                self.at += 1;
                Ok(c)
            }
            _ => Err(self.error(expected)),
        }
    }

    /// Takes exactly `count` digits.
    pub(super) fn digits(&mut self, count: usize) -> Result<String, CodeError> {
        (0..count)
            .map(|_| self.take(Expected::Digit, |c| c.is_ascii_digit()))
            .collect()
    }

    /// Takes a given text, or fails at its first character that differs.
    pub(super) fn literal(&mut self, text: &str, expected: Expected) -> Result<(), CodeError> {
        text.chars()
            .try_for_each(|wanted| self.take(expected, |c| c == wanted).map(drop))
    }

    pub(super) fn end(&self) -> Result<(), CodeError> {
        if self.peek().is_some() {
            Err(self.error(Expected::End))
        } else {
            Ok(())
        }
    }

    pub(super) fn error(&self, expected: Expected) -> CodeError {
        self.error_at(self.at, expected)
    }

    pub(super) fn error_at(&self, at: usize, expected: Expected) -> CodeError {
        CodeError {
            at,
            expected,
            found: self.chars.get(at).copied(),
        }
    }

    /// The text between two places.
    pub(super) fn slice(&self, from: usize, to: usize) -> String {
        self.chars[from..to].iter().collect()
    }
}
