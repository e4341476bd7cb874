//! Pseudo-terminals: a serial port whose other end is a simulator. Unix only.
//!
//! Serves simulators, practice mode and tests. The port's path changes each time it is made, so a
//! name can be given to it with a symbolic link, which stands for the identity of the device.

use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::io::Errno;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};

use super::link::{Deadline, Link, LinkCaps, LinkError};

/// The device's end of a pseudo-terminal. Dropping it pulls the cable.
#[derive(Debug)]
pub struct PtyMaster {
    master: OwnedFd,
    /// Kept open so that the line survives programs that come and go.
    _terminal: OwnedFd,
    path: PathBuf,
    named: Option<PathBuf>,
}

impl PtyMaster {
    /// Makes a pseudo-terminal in raw mode.
    ///
    /// # Errors
    /// What the system says when it has none to give.
    pub fn open() -> io::Result<Self> {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        let name = ptsname(&master, Vec::new())?;
        let path = PathBuf::from(name.to_string_lossy().into_owned());
        let terminal = rustix::fs::open(
            &path,
            OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC,
            rustix::fs::Mode::empty(),
        )?;
        let mut attributes = tcgetattr(&terminal)?;
        attributes.make_raw();
        tcsetattr(&terminal, OptionalActions::Now, &attributes)?;
        fcntl_setfl(&master, fcntl_getfl(&master)? | OFlags::NONBLOCK)?;
        Ok(Self {
            master,
            _terminal: terminal,
            path,
            named: None,
        })
    }

    /// Makes a pseudo-terminal and puts the symbolic link `name` on it, replacing an old one.
    ///
    /// # Errors
    /// What the system says when either cannot be made.
    pub fn open_named(name: &Path) -> io::Result<Self> {
        let mut pty = Self::open()?;
        let fresh = name.with_extension("new");
        if let Err(error) = std::fs::remove_file(&fresh)
            && error.kind() != io::ErrorKind::NotFound
        {
            return Err(error);
        }
        std::os::unix::fs::symlink(&pty.path, &fresh)?;
        std::fs::rename(&fresh, name)?;
        pty.named = Some(name.to_owned());
        Ok(pty)
    }

    /// The path a program opens.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.named.as_deref().unwrap_or(&self.path)
    }

    fn ready(&self, flags: PollFlags, deadline: Deadline) -> Result<bool, LinkError> {
        let wait = deadline.slice();
        let timeout = Timespec {
            tv_sec: 0,
            tv_nsec: wait.subsec_nanos().into(),
        };
        let mut fds = [PollFd::new(&self.master, flags)];
        match poll(&mut fds, Some(&timeout)) {
            Ok(ready) => Ok(ready > 0),
            Err(Errno::INTR) => Ok(false),
            Err(error) => Err(LinkError::Io(error.into())),
        }
    }
}

impl Drop for PtyMaster {
    fn drop(&mut self) {
        let Some(name) = &self.named else { return };
        let still_ours = std::fs::read_link(name).is_ok_and(|target| target == self.path);
        if still_ours && let Err(error) = std::fs::remove_file(name) {
            tracing::debug!(%error, "the link of a pseudo-terminal was not removed");
        }
    }
}

fn moved(result: Result<usize, Errno>) -> Result<usize, LinkError> {
    match result {
        Ok(count) => Ok(count),
        Err(Errno::AGAIN | Errno::INTR) => Ok(0),
        Err(Errno::IO) => Err(LinkError::Gone),
        Err(error) => Err(LinkError::Io(error.into())),
    }
}

impl Link for PtyMaster {
    fn send(&mut self, bytes: &[u8], deadline: Deadline) -> Result<usize, LinkError> {
        loop {
            let sent = moved(rustix::io::write(&self.master, bytes))?;
            if sent > 0 || deadline.passed() {
                return Ok(sent);
            }
            self.ready(PollFlags::OUT, deadline)?;
        }
    }

    fn recv(&mut self, buffer: &mut [u8], deadline: Deadline) -> Result<usize, LinkError> {
        loop {
            let got = moved(rustix::io::read(&self.master, &mut *buffer))?;
            if got > 0 || deadline.passed() {
                return Ok(got);
            }
            self.ready(PollFlags::IN, deadline)?;
        }
    }

    fn caps(&self) -> LinkCaps {
        LinkCaps {
            bidirectional: true,
            lossless: true,
            shared: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transports::{SerialLink, SerialSettings};
    use std::time::Duration;

    const SETTINGS: SerialSettings = SerialSettings {
        baud: 9600,
        parity: crate::transports::Parity::None,
        flow: crate::transports::Flow::None,
    };

    #[test]
    fn every_byte_value_crosses_both_ways() {
        let mut device = PtyMaster::open().unwrap();
        let mut port = SerialLink::open(&device.path().to_string_lossy(), SETTINGS).unwrap();
        let all: Vec<u8> = (0..=255).collect();
        let mut sent = 0;
        while sent < all.len() {
            sent += port
                .send(&all[sent..], Deadline::after(Duration::from_secs(1)))
                .unwrap();
        }
        let mut got = Vec::new();
        let mut buffer = [0; 64];
        while got.len() < all.len() {
            let n = device
                .recv(&mut buffer, Deadline::after(Duration::from_secs(1)))
                .unwrap();
            assert!(n > 0);
            got.extend_from_slice(&buffer[..n]);
        }
        assert_eq!(got, all);
        device
            .send(&all, Deadline::after(Duration::from_secs(1)))
            .unwrap();
        got.clear();
        while got.len() < all.len() {
            let n = port
                .recv(&mut buffer, Deadline::after(Duration::from_secs(1)))
                .unwrap();
            assert!(n > 0);
            got.extend_from_slice(&buffer[..n]);
        }
        assert_eq!(got, all);
    }

    #[test]
    fn a_second_program_is_told_that_the_port_is_busy() {
        let device = PtyMaster::open().unwrap();
        let path = device.path().to_string_lossy().into_owned();
        let _first = SerialLink::open(&path, SETTINGS).unwrap();
        let second = SerialLink::open(&path, SETTINGS).err().unwrap();
        assert!(matches!(second, LinkError::Busy { .. }), "{second:?}");
    }

    #[test]
    fn a_pulled_cable_is_gone_and_a_new_one_has_the_old_name() {
        let folder = tempfile::tempdir().unwrap();
        let name = folder.path().join("dau-doc");
        let device = PtyMaster::open_named(&name).unwrap();
        let path = name.to_string_lossy().into_owned();
        let mut port = SerialLink::open(&path, SETTINGS).unwrap();
        drop(device);
        let mut buffer = [0; 4];
        let end = port.recv(&mut buffer, Deadline::after(Duration::from_secs(1)));
        assert!(matches!(end, Err(LinkError::Gone)), "{end:?}");
        assert!(matches!(
            SerialLink::open(&path, SETTINGS),
            Err(LinkError::NotFound { .. })
        ));
        let _again = PtyMaster::open_named(&name).unwrap();
        assert!(SerialLink::open(&path, SETTINGS).is_ok());
    }
}
