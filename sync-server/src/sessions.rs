//! Nonces and tokens: in memory only, bounded, gone with a restart. Counters renew theirs by themselves.
//! A machine without I/O; time and random bytes are passed in.

use std::collections::{HashMap, VecDeque};

use motcua_core::ids::DeviceId;

use crate::limits::{NONCE_SECONDS, NONCES_MAX, TOKEN_SECONDS, TOKENS_PER_DEVICE_MAX};

/// What was given out.
#[derive(Debug, Default)]
pub struct Sessions {
    nonces: VecDeque<(String, u64)>,
    tokens: HashMap<String, Token>,
    by_device: HashMap<DeviceId, VecDeque<String>>,
}

#[derive(Clone, Copy, Debug)]
struct Token {
    device: DeviceId,
    until_ms: u64,
}

impl Sessions {
    /// Gives out a nonce made of these random bytes.
    pub fn challenge(&mut self, random: [u8; 32], now_ms: u64) -> String {
        if self.nonces.len() >= NONCES_MAX {
            self.nonces.pop_front();
        }
        let nonce = hex::encode(random);
        self.nonces
            .push_back((nonce.clone(), now_ms + NONCE_SECONDS * 1_000));
        nonce
    }

    /// Uses a nonce up. False when it was never given out, was used before, or is too old.
    pub fn redeem(&mut self, nonce: &str, now_ms: u64) -> bool {
        let Some(at) = self.nonces.iter().position(|(known, _)| known == nonce) else {
            return false;
        };
        self.nonces
            .remove(at)
            .is_some_and(|(_, until_ms)| now_ms < until_ms)
    }

    /// Gives a device a token made of these random bytes. Its oldest one ends when it has too many.
    pub fn begin(&mut self, device: DeviceId, random: [u8; 32], now_ms: u64) -> String {
        let token = hex::encode(random);
        let tokens = self.by_device.entry(device).or_default();
        tokens.push_back(token.clone());
        if tokens.len() > TOKENS_PER_DEVICE_MAX
            && let Some(oldest) = tokens.pop_front()
        {
            self.tokens.remove(&oldest);
        }
        self.tokens.insert(
            token.clone(),
            Token {
                device,
                until_ms: now_ms + TOKEN_SECONDS * 1_000,
            },
        );
        token
    }

    /// The device behind a token, while it is good.
    #[must_use]
    pub fn device(&self, token: &str, now_ms: u64) -> Option<DeviceId> {
        self.tokens
            .get(token)
            .filter(|token| now_ms < token.until_ms)
            .map(|token| token.device)
    }

    /// Ends every session of a device.
    pub fn end(&mut self, device: DeviceId) {
        for token in self.by_device.remove(&device).into_iter().flatten() {
            self.tokens.remove(&token);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn random(n: usize) -> [u8; 32] {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&(n as u64).to_be_bytes());
        bytes
    }

    #[test]
    fn a_nonce_works_once_and_for_one_minute() {
        let mut sessions = Sessions::default();
        let nonce = sessions.challenge(random(1), 0);
        assert!(sessions.redeem(&nonce, 59_999));
        assert!(!sessions.redeem(&nonce, 59_999));
        let late = sessions.challenge(random(2), 0);
        assert!(!sessions.redeem(&late, 60_000));
        assert!(!sessions.redeem("never given", 0));
    }

    #[test]
    fn somebody_who_only_asks_for_nonces_fills_no_memory() {
        let mut sessions = Sessions::default();
        let first = sessions.challenge(random(0), 0);
        for n in 1..=NONCES_MAX {
            sessions.challenge(random(n), 0);
        }
        assert_eq!(sessions.nonces.len(), NONCES_MAX);
        assert!(!sessions.redeem(&first, 0));
    }

    #[test]
    fn a_token_belongs_to_its_device_until_it_ends() {
        let mut sessions = Sessions::default();
        let desk = DeviceId::derived("quầy 1");
        let token = sessions.begin(desk, random(1), 0);
        assert_eq!(sessions.device(&token, 1), Some(desk));
        assert_eq!(sessions.device(&token, TOKEN_SECONDS * 1_000), None);
        sessions.end(desk);
        assert_eq!(sessions.device(&token, 1), None);
        assert!(sessions.tokens.is_empty());
    }

    #[test]
    fn a_device_that_says_hello_for_ever_keeps_few_tokens() {
        let mut sessions = Sessions::default();
        let desk = DeviceId::derived("quầy 1");
        let tokens: Vec<String> = (0..10)
            .map(|n| sessions.begin(desk, random(n), 0))
            .collect();
        let good = tokens
            .iter()
            .filter(|token| sessions.device(token, 1).is_some())
            .count();
        assert_eq!(good, TOKENS_PER_DEVICE_MAX);
        assert_eq!(sessions.device(&tokens[9], 1), Some(desk));
    }
}
