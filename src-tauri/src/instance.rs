//! One program per data folder.
//!
//! Owns the lock on the folder and the knock by which a second start brings the first window forward.
//! The folder is what must not be shared (it has one writer), so that is what is locked: two folders may
//! run side by side, in practice and in tests. The knock is a line over loopback with a secret that only
//! a reader of the folder knows, and all it can do is show a window. A program that is ending no longer
//! answers, and the start that knocked then waits for its end: who closes the window and opens it again at
//! once gets a window.

use std::fs::{File, TryLockError};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

const LOCK_FILE: &str = "instance.lock";
const DOOR_FILE: &str = "instance.json";
const KNOCK_TIMEOUT_MS: u64 = 1_000;
/// Longest line a knock or its answer may be; a secret is 32 digits.
const KNOCK_LIMIT_BYTES: u64 = 64;
/// What a program with a window answers.
const HERE: &str = "here";
/// How long a start waits for a program that holds the folder and does not answer: longer than an end takes.
const CLAIM_MS_MAX: u64 = 6_000;
const TRY_EVERY_MS: u64 = 100;

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

/// Claims `folder`, which is made when it is missing; or knocks at the program that has it. Blocks for a
/// few seconds when that one does not answer: it is ending, or it hangs.
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
    let until = Instant::now() + Duration::from_millis(CLAIM_MS_MAX);
    loop {
        match lock.try_lock() {
            Ok(()) => return open_door(folder, lock).map(Claim::First).map_err(failed),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        // A sign that cannot be read, or a door where nobody answers, is that of a program on its way.
        let knocked = knock(folder).unwrap_or(false);
        if knocked || Instant::now() > until {
            return Ok(Claim::Taken { knocked });
        }
        std::thread::sleep(Duration::from_millis(TRY_EVERY_MS));
    }
}

impl Instance {
    /// Answers knocks on a thread of its own for as long as the process lives. `come_forward` tells whether
    /// there is a window to show; where there is none any more, the knock is not answered.
    ///
    /// # Errors
    /// When the listening socket cannot be shared with the thread.
    pub fn on_knock(&self, come_forward: impl Fn() -> bool + Send + 'static) -> io::Result<()> {
        let door = self.door.try_clone()?;
        let secret = self.secret.clone();
        std::thread::Builder::new()
            .name("instance-door".to_owned())
            .spawn(move || {
                for visitor in door.incoming().flatten() {
                    // A visitor that breaks off is no trouble of this program.
                    let _ = answer(visitor, &secret, &come_forward);
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

/// Knocks; true when a window came forward.
fn knock(folder: &Path) -> io::Result<bool> {
    let sign: Door = serde_json::from_slice(&std::fs::read(folder.join(DOOR_FILE))?)?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, sign.port));
    let timeout = Duration::from_millis(KNOCK_TIMEOUT_MS);
    let mut door = TcpStream::connect_timeout(&address, timeout)?;
    door.set_write_timeout(Some(timeout))?;
    door.write_all(format!("{}\n", sign.secret).as_bytes())?;
    Ok(read_line(&door)? == HERE)
}

fn answer(mut visitor: TcpStream, secret: &str, come_forward: impl Fn() -> bool) -> io::Result<()> {
    if read_line(&visitor)? == secret && come_forward() {
        visitor.write_all(HERE.as_bytes())?;
    }
    Ok(())
}

fn read_line(stream: &TcpStream) -> io::Result<String> {
    stream.set_read_timeout(Some(Duration::from_millis(KNOCK_TIMEOUT_MS)))?;
    let mut line = String::new();
    BufReader::new(stream.take(KNOCK_LIMIT_BYTES)).read_line(&mut line)?;
    Ok(line.trim_end().to_owned())
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
        instance.on_knock(move || forward.send(()).is_ok()).unwrap();

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
        instance.on_knock(move || forward.send(()).is_ok()).unwrap();

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
    fn who_closes_the_window_and_opens_it_again_at_once_gets_a_window() {
        let folder = tempfile::tempdir().unwrap();
        let ending = first(folder.path());
        ending.on_knock(|| false).unwrap();
        let end = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(400));
            drop(ending);
        });

        let _again = first(folder.path());

        end.join().unwrap();
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
