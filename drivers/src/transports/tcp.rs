//! TCP, for printers on port 9100 and serial servers.
//!
//! Most network printers serve one client at a time and close idle connections after minutes
//! (seen as resets by other programs), so a printer's connection lasts one job or one look.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream, ToSocketAddrs};
use std::time::Duration;

use super::link::{Deadline, Link, LinkCaps, LinkError};

/// Longest wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// A socket refuses a time-out of zero.
const SHORTEST_WAIT: Duration = Duration::from_millis(1);

/// A TCP connection that may be let go between jobs.
#[derive(Debug)]
pub struct TcpLink {
    host: String,
    shared: bool,
    stream: Option<TcpStream>,
}

impl TcpLink {
    /// Connects to `host` (`name:port`). With `shared`, [`Link::release`] closes the connection
    /// and [`Link::engage`] opens it again.
    ///
    /// # Errors
    /// [`LinkError`] when nothing answers at that address.
    pub fn connect(host: &str, shared: bool) -> Result<Self, LinkError> {
        let mut link = Self {
            host: host.to_owned(),
            shared,
            stream: None,
        };
        link.engage()?;
        Ok(link)
    }

    /// Wraps an accepted connection.
    #[must_use]
    pub fn accepted(stream: TcpStream) -> Self {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "small answers may be sent late");
        }
        Self {
            host: String::new(),
            shared: false,
            stream: Some(stream),
        }
    }

    fn open(&self) -> Result<TcpStream, LinkError> {
        let sort = |error| match LinkError::from_io(error, &self.host) {
            LinkError::Io(error) if error.kind() == ErrorKind::TimedOut => LinkError::NotFound {
                what: self.host.clone(),
            },
            other => other,
        };
        let addresses = self
            .host
            .to_socket_addrs()
            .map_err(|_| self.unknown_host())?;
        let mut last = self.unknown_host();
        for address in addresses {
            match TcpStream::connect_timeout(&address, CONNECT_TIMEOUT) {
                Ok(stream) => {
                    stream.set_nodelay(true).map_err(LinkError::Io)?;
                    return Ok(stream);
                }
                Err(error) => last = sort(error),
            }
        }
        Err(last)
    }

    fn unknown_host(&self) -> LinkError {
        LinkError::NotFound {
            what: self.host.clone(),
        }
    }
}

fn waited(result: std::io::Result<usize>) -> Result<usize, LinkError> {
    match result {
        Ok(moved) => Ok(moved),
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
            ) =>
        {
            Ok(0)
        }
        Err(error) => Err(LinkError::from_io(error, "tcp")),
    }
}

impl Link for TcpLink {
    fn send(&mut self, bytes: &[u8], deadline: Deadline) -> Result<usize, LinkError> {
        let stream = self.stream.as_mut().ok_or(LinkError::Gone)?;
        loop {
            let wait = deadline.slice().max(SHORTEST_WAIT);
            stream
                .set_write_timeout(Some(wait))
                .map_err(LinkError::Io)?;
            let sent = waited(stream.write(bytes))?;
            if sent > 0 || deadline.passed() {
                return Ok(sent);
            }
        }
    }

    fn recv(&mut self, buffer: &mut [u8], deadline: Deadline) -> Result<usize, LinkError> {
        let stream = self.stream.as_mut().ok_or(LinkError::Gone)?;
        loop {
            let wait = deadline.slice();
            let read = if wait.is_zero() {
                // The kernel rounds short time-outs up to a tick; a mere look must not wait at all.
                stream.set_nonblocking(true).map_err(LinkError::Io)?;
                let read = stream.read(buffer);
                stream.set_nonblocking(false).map_err(LinkError::Io)?;
                read
            } else {
                stream.set_read_timeout(Some(wait)).map_err(LinkError::Io)?;
                stream.read(buffer)
            };
            match read {
                Ok(0) => return Err(LinkError::Gone),
                other => {
                    let got = waited(other)?;
                    if got > 0 || deadline.passed() {
                        return Ok(got);
                    }
                }
            }
        }
    }

    fn caps(&self) -> LinkCaps {
        LinkCaps {
            bidirectional: true,
            lossless: true,
            shared: self.shared,
        }
    }

    fn engage(&mut self) -> Result<bool, LinkError> {
        if self.stream.is_some() {
            return Ok(false);
        }
        self.stream = Some(self.open()?);
        Ok(true)
    }

    fn release(&mut self) {
        if self.shared
            && let Some(stream) = self.stream.take()
        {
            // The peer may be gone already; closing is all that is wanted.
            let _already_closed = stream.shutdown(Shutdown::Both);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn nobody_at_the_address_is_not_found() {
        let port = {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            listener.local_addr().unwrap().port()
        };
        let error = TcpLink::connect(&format!("127.0.0.1:{port}"), true).unwrap_err();
        assert!(matches!(error, LinkError::NotFound { .. }), "{error:?}");
    }

    #[test]
    fn a_shared_link_comes_back_for_the_next_job() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let mut link = TcpLink::connect(&host, true).unwrap();
        let (first, _) = listener.accept().unwrap();
        assert!(!link.engage().unwrap());
        link.release();
        assert!(matches!(
            link.send(b"x", Deadline::now()),
            Err(LinkError::Gone)
        ));
        drop(first);
        assert!(link.engage().unwrap());
        let (mut second, _) = listener.accept().unwrap();
        assert_eq!(
            link.send(b"x", Deadline::after(CONNECT_TIMEOUT)).unwrap(),
            1
        );
        let mut byte = [0];
        second.read_exact(&mut byte).unwrap();
        assert_eq!(byte, *b"x");
        drop(second);
        let mut buffer = [0; 4];
        let end = link.recv(&mut buffer, Deadline::after(CONNECT_TIMEOUT));
        assert!(matches!(end, Err(LinkError::Gone)));
    }
}
