//! The line between the office and the practice province, for the practice panel.
//!
//! The practice province is a process of its own that says where it can be steered. It is reached on this
//! machine only; a real province has no such handle, and none is looked for.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::Deserialize;

const ANSWER_MS_MAX: u64 = 3_000;
/// Longest first line of an answer that is read.
const STATUS_LINE_BYTES_MAX: u64 = 256;

/// The handle of a practice province.
pub(crate) struct PracticeProvince {
    address: SocketAddr,
    path: String,
    up: AtomicBool,
}

#[derive(Deserialize)]
struct ProvinceSays {
    control: String,
}

impl PracticeProvince {
    /// The handle that a practice province has told of itself; none where the text is no such thing, or
    /// names another machine.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let says: ProvinceSays = serde_json::from_str(text).ok()?;
        let rest = says.control.strip_prefix("http://")?;
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let address: SocketAddr = host.parse().ok()?;
        let path = if path.is_empty() {
            String::new()
        } else {
            format!("/{path}")
        };
        address.ip().is_loopback().then(|| Self {
            address,
            path,
            up: AtomicBool::new(true),
        })
    }

    /// Whether the line is in.
    pub(crate) fn is_up(&self) -> bool {
        self.up.load(Ordering::Relaxed)
    }

    /// Pulls the line, or puts it back. Blocks for at most a few seconds.
    pub(crate) fn set(&self, up: bool) -> io::Result<()> {
        let mode = if up { "\"up\"" } else { "\"refusing\"" };
        let patience = Duration::from_millis(ANSWER_MS_MAX);
        let mut stream = TcpStream::connect_timeout(&self.address, patience)?;
        stream.set_read_timeout(Some(patience))?;
        stream.set_write_timeout(Some(patience))?;
        let (path, host, length) = (&self.path, self.address, mode.len());
        write!(
            stream,
            "PUT {path}/mode HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\nConnection: close\r\n\r\n{mode}"
        )?;
        let mut status = String::new();
        BufReader::new(stream.take(STATUS_LINE_BYTES_MAX)).read_line(&mut status)?;
        if status.split_whitespace().nth(1) != Some("200") {
            return Err(io::Error::other(format!(
                "the practice province answered {:?}",
                status.trim()
            )));
        }
        self.up.store(up, Ordering::Relaxed);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    /// A province that takes one request and answers it; gives back what it was asked.
    fn answering(answer: &'static str) -> (PracticeProvince, std::thread::JoinHandle<String>) {
        let door = TcpListener::bind("127.0.0.1:0").unwrap();
        let text = format!(
            r#"{{"url":"http://x","control":"http://{}/control"}}"#,
            door.local_addr().unwrap()
        );
        let province = PracticeProvince::of(&text).unwrap();
        let asked = std::thread::spawn(move || {
            let (mut stream, _) = door.accept().unwrap();
            let mut asked = String::new();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            while !asked.ends_with("\r\n\r\n") {
                reader.read_line(&mut asked).unwrap();
            }
            let mut body = vec![
                0;
                if asked.contains("Content-Length: 4") {
                    4
                } else {
                    10
                }
            ];
            reader.read_exact(&mut body).unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
            asked + &String::from_utf8(body).unwrap()
        });
        (province, asked)
    }

    #[test]
    fn pulling_the_line_asks_the_province_to_refuse() {
        let (province, asked) = answering("HTTP/1.1 200 OK\r\n\r\n");
        assert!(province.is_up());
        province.set(false).unwrap();
        assert!(!province.is_up());
        let asked = asked.join().unwrap();
        assert!(
            asked.starts_with("PUT /control/mode HTTP/1.1\r\n"),
            "{asked}"
        );
        assert!(asked.ends_with("\r\n\r\n\"refusing\""), "{asked}");
    }

    #[test]
    fn a_province_that_declines_leaves_the_line_as_it_was() {
        let (province, asked) = answering("HTTP/1.1 404 Not Found\r\n\r\n");
        assert!(province.set(false).is_err());
        assert!(province.is_up());
        asked.join().unwrap();
    }

    #[test]
    fn only_this_machine_is_steered() {
        for text in [
            r#"{"control":"http://10.0.0.7:8080/control"}"#,
            r#"{"control":"https://127.0.0.1:8080"}"#,
            r#"{"control":"http://localhost:8080"}"#,
            r#"{"url":"http://127.0.0.1:1"}"#,
            "no json",
        ] {
            assert!(PracticeProvince::of(text).is_none(), "{text}");
        }
    }
}
