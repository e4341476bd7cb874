//! Random bytes from the operating system, the only source of randomness in this crate.

use uuid::Uuid;

/// The operating system gave no random bytes. Nothing secret may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gives no random bytes")]
pub struct NoRandomness;

/// `N` unpredictable bytes.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

/// A random identifier.
pub(crate) fn uuid() -> Result<Uuid, NoRandomness> {
    Ok(uuid::Builder::from_random_bytes(bytes()?).into_uuid())
}
