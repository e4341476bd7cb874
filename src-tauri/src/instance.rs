//! One program per data folder.
//!
//! Owns the lock on the folder and the knock by which a second start brings the first window forward.
//! The folder is what must not be shared (it has one writer), so that is what is locked: two folders may
//! run side by side, in practice and in tests. The knock is a line over loopback with a secret that only
//! a reader of the folder knows, and all it can do is show a window.

use std::fs::{File, TryLockError};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

const LOCK_FILE: &str = "instance.lock";
const DOOR_FILE: &str = "instance.json";
const KNOCK_TIMEOUT_MS: u64 = 1_000;
/// Longest line a knock may be; a secret is 32 digits.
const KNOCK_LIMIT_BYTES: u64 = 64;

/// Why the folder cannot be claimed.
#[derive(Debug, thiserror::Error)]
#[error("the data folder {folder} cannot be claimed")]
pub struct ClaimError {
    folder: PathBuf,
    #[source]
    source: io::Error,
}

/// What a start finds.
pub enum Claim {
    /// The folder is ours until the value is dropped.
    First(Instance),
    /// Another program has it; `knocked` tells whether it was asked to come forward.
    Taken {
        /// Whether the other program heard.
        knocked: bool,
    },
}

/// The claim on a data folder.
pub struct Instance {
    _lock: File,
    door: TcpListener,
    secret: String,
}

#[derive(Serialize, Deserialize)]
struct Door {
    port: u16,
    secret: String,
}

/// Claims `folder`, which is made when it is missing; or knocks at the program that has it.
///
/// # Errors
/// [`ClaimError`] when the folder cannot be written or loopback cannot be listened to.
pub fn claim(folder: &Path) -> Result<Claim, ClaimError> {
    let failed = |source| ClaimError {
        folder: folder.to_owned(),
        source,
    };
    std::fs::create_dir_all(folder).map_err(failed)?;
    let lock = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join(LOCK_FILE))
        .map_err(failed)?;
    match lock.try_lock() {
        Ok(()) => open_door(folder, lock).map(Claim::First).map_err(failed),
        Err(TryLockError::WouldBlock) => Ok(Claim::Taken {
            knocked: knock(folder).is_ok(),
        }),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}

impl Instance {
    /// Answers knocks on a thread of its own for as long as the process lives.
    ///
    /// # Errors
    /// When the listening socket cannot be shared with the thread.
    pub fn on_knock(&self, come_forward: impl Fn() + Send + 'static) -> io::Result<()> {
        let door = self.door.try_clone()?;
        let secret = self.secret.clone();
        std::thread::Builder::new()
            .name("instance-door".to_owned())
            .spawn(move || {
                for visitor in door.incoming().flatten() {
                    if heard_secret(visitor, &secret).unwrap_or(false) {
                        come_forward();
                    }
                }
            })?;
        Ok(())
    }
}

fn open_door(folder: &Path, lock: File) -> io::Result<Instance> {
    let door = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
    let secret = new_secret();
    let sign = Door {
        port: door.local_addr()?.port(),
        secret: secret.clone(),
    };
    std::fs::write(folder.join(DOOR_FILE), serde_json::to_vec(&sign)?)?;
    Ok(Instance {
        _lock: lock,
        door,
        secret,
    })
}

fn knock(folder: &Path) -> io::Result<()> {
    let sign: Door = serde_json::from_slice(&std::fs::read(folder.join(DOOR_FILE))?)?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, sign.port));
    let timeout = Duration::from_millis(KNOCK_TIMEOUT_MS);
    let mut door = TcpStream::connect_timeout(&address, timeout)?;
    door.set_write_timeout(Some(timeout))?;
    door.write_all(format!("{}\n", sign.secret).as_bytes())
}

fn heard_secret(visitor: TcpStream, secret: &str) -> io::Result<bool> {
    visitor.set_read_timeout(Some(Duration::from_millis(KNOCK_TIMEOUT_MS)))?;
    let mut line = String::new();
    BufReader::new(visitor.take(KNOCK_LIMIT_BYTES)).read_line(&mut line)?;
    Ok(line.trim_end() == secret)
}

/// Unguessable by another user of the machine; it protects nothing but the order of windows.
fn new_secret() -> String {
    let draw = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", draw(), draw())
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(5);

    fn first(folder: &Path) -> Instance {
        match claim(folder).unwrap() {
            Claim::First(instance) => instance,
            Claim::Taken { .. } => panic!("nobody else has the folder"),
        }
    }

    #[test]
    fn a_second_start_brings_the_first_window_forward_and_ends() {
        let folder = tempfile::tempdir().unwrap();
        let instance = first(folder.path());
        let (forward, came) = mpsc::channel();
        instance
            .on_knock(move || forward.send(()).unwrap())
            .unwrap();

        let second = claim(folder.path()).unwrap();

        assert!(matches!(second, Claim::Taken { knocked: true }));
        came.recv_timeout(PATIENCE)
            .expect("the first window comes forward");
    }

    #[test]
    fn a_stranger_on_loopback_cannot_move_a_window() {
        let folder = tempfile::tempdir().unwrap();
        let instance = first(folder.path());
        let (forward, came) = mpsc::channel();
        instance
            .on_knock(move || forward.send(()).unwrap())
            .unwrap();

        let mut stranger = TcpStream::connect(instance.door.local_addr().unwrap()).unwrap();
        stranger.write_all(b"let me in\n").unwrap();
        drop(stranger);

        // A true knock after it is heard, so the false one was read and refused before.
        assert!(matches!(
            claim(folder.path()).unwrap(),
            Claim::Taken { knocked: true }
        ));
        came.recv_timeout(PATIENCE).unwrap();
        assert!(
            came.recv_timeout(Duration::from_millis(200)).is_err(),
            "one knock, one answer"
        );
    }

    #[test]
    fn two_folders_run_side_by_side() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let _one = first(one.path());
        let _other = first(other.path());
    }

    #[test]
    fn the_folder_is_free_again_after_the_program_ends() {
        let folder = tempfile::tempdir().unwrap();
        drop(first(folder.path()));
        let _again = first(folder.path());
    }
}
