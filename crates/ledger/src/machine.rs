//! Which machine this is: two stores on one machine are one copy, whatever they are called.

use sha2::{Digest, Sha256};

const IDENTITY_DOMAIN: &[u8] = b"motcua/machine/v1\0";
const IDENTITY_BYTES: usize = 16;

/// A stable name of this machine for other nodes. It is a hash, so that the operating system's own identity
/// does not travel. Machines without one are all called `unnamed`, and so never count as a second copy of
/// each other.
#[must_use]
pub fn identity() -> String {
    let Some(id) = id() else {
        return "unnamed".to_owned();
    };
    let mut hasher = Sha256::new();
    hasher.update(IDENTITY_DOMAIN);
    hasher.update(id.as_bytes());
    hex::encode(&hasher.finalize()[..IDENTITY_BYTES])
}

/// The identity that the operating system gave this installation.
#[cfg(not(windows))]
pub(crate) fn id() -> Option<String> {
    ["/etc/machine-id", "/var/lib/dbus/machine-id"]
        .iter()
        .filter_map(|path| std::fs::read_to_string(path).ok())
        .map(|id| id.trim().to_owned())
        .find(|id| !id.is_empty())
}

/// The identity that the operating system gave this installation, asked by its own tool: one value is not
/// worth a registry binding.
#[cfg(windows)]
pub(crate) fn id() -> Option<String> {
    let answer = std::process::Command::new("reg")
        .args([
            "query",
            r"HKLM\SOFTWARE\Microsoft\Cryptography",
            "/v",
            "MachineGuid",
        ])
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&answer.stdout).into_owned();
    text.split_whitespace()
        .last()
        .filter(|id| id.contains('-'))
        .map(str::to_owned)
}
