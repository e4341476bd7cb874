//! Reading the live line: server-sent events, piece by piece, as they come off the wire.

/// An event line longer than this is not ours.
pub const SSE_LINE_BYTES_MAX: usize = 16 * 1024;

/// One event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SseEvent {
    /// Its name; empty when none was given.
    pub event: String,
    /// Its data, lines joined by a line feed.
    pub data: String,
    /// Its id, to be sent as `Last-Event-ID` on reconnect.
    pub id: Option<String>,
}

/// The stream is not one of server-sent events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a stream of events")]
pub struct NotEvents;

/// Collects bytes into events.
#[derive(Clone, Debug, Default)]
pub struct SseReader {
    line: Vec<u8>,
    event: SseEvent,
    has_fields: bool,
}

impl SseReader {
    /// Takes the next bytes and gives the events that are now whole.
    ///
    /// # Errors
    /// [`NotEvents`] when a line is longer than [`SSE_LINE_BYTES_MAX`] or no UTF-8.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<Vec<SseEvent>, NotEvents> {
        let mut whole = Vec::new();
        for &byte in bytes {
            match byte {
                b'\n' => whole.extend(self.end_line()?),
                b'\r' => {}
                _ if self.line.len() >= SSE_LINE_BYTES_MAX => return Err(NotEvents),
                _ => self.line.push(byte),
            }
        }
        Ok(whole)
    }

    fn end_line(&mut self) -> Result<Option<SseEvent>, NotEvents> {
        let line = String::from_utf8(std::mem::take(&mut self.line)).map_err(|_| NotEvents)?;
        if line.is_empty() {
            let event = std::mem::take(&mut self.event);
            return Ok(std::mem::take(&mut self.has_fields).then_some(event));
        }
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.event.event),
            "id" => self.event.id = Some(value.to_owned()),
            "data" => {
                if !self.event.data.is_empty() {
                    self.event.data.push('\n');
                }
                self.event.data.push_str(value);
            }
            // A comment (the keep-alive) or a field of later days.
            _ => return Ok(None),
        }
        self.has_fields = true;
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str =
        ": keepalive\n\nid: 7\nevent: head\ndata: {\"seq\":7}\n\ndata: a\r\ndata: b\r\n\r\n";

    fn head() -> SseEvent {
        SseEvent {
            event: "head".into(),
            data: "{\"seq\":7}".into(),
            id: Some("7".into()),
        }
    }

    #[test]
    fn events_come_whole_however_the_bytes_are_cut() {
        let plain = SseEvent {
            data: "a\nb".into(),
            ..SseEvent::default()
        };
        for cut in 1..STREAM.len() {
            let mut reader = SseReader::default();
            let events: Vec<SseEvent> = STREAM
                .as_bytes()
                .chunks(cut)
                .flat_map(|piece| reader.feed(piece).unwrap())
                .collect();
            assert_eq!(events, [head(), plain.clone()], "cut every {cut} bytes");
        }
    }

    #[test]
    fn an_endless_line_is_not_collected() {
        let mut reader = SseReader::default();
        assert_eq!(
            reader.feed(&vec![b'x'; SSE_LINE_BYTES_MAX + 1]),
            Err(NotEvents)
        );
    }

    #[test]
    fn an_event_that_was_cut_off_does_not_count() {
        let mut reader = SseReader::default();
        assert_eq!(reader.feed(b"event: head\ndata: {}\n").unwrap(), []);
    }
}
