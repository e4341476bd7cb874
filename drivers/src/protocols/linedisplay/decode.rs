//! The display's side of the line: commands in, forty characters on the glass.

use super::{CLEAR, COLUMNS, CR, ESC, LINES, Mode, US};

/// Longest command kept while it is incomplete, in bytes.
const MAX_COMMAND_BYTES: usize = 64;
/// Leaves string mode without clearing (CD5220).
const CAN: u8 = 0x18;

/// What is on the glass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Screen {
    cells: [[u8; COLUMNS]; LINES],
}

impl Screen {
    fn blank() -> Self {
        Self {
            cells: [[b' '; COLUMNS]; LINES],
        }
    }

    /// The lines, without trailing spaces.
    #[must_use]
    pub fn text(&self) -> [String; LINES] {
        self.cells
            .map(|cells| String::from_utf8_lossy(&cells).trim_end().to_owned())
    }
}

/// Obeys the commands of one [`Mode`].
#[derive(Debug)]
pub struct Decoder {
    mode: Mode,
    screen: Screen,
    column: usize,
    line: usize,
    held: Vec<u8>,
    cursor_visible: bool,
}

impl Decoder {
    /// A display just switched on.
    #[must_use]
    pub fn new(mode: Mode) -> Self {
        Self {
            mode,
            screen: Screen::blank(),
            column: 0,
            line: 0,
            held: Vec::new(),
            cursor_visible: true,
        }
    }

    /// What is shown.
    #[must_use]
    pub fn screen(&self) -> &Screen {
        &self.screen
    }

    /// The cursor blinks on the glass.
    #[must_use]
    pub fn cursor_visible(&self) -> bool {
        self.cursor_visible
    }

    /// Takes bytes from the host.
    pub fn feed(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.held.push(*byte);
            if self.obey() || self.held.len() >= MAX_COMMAND_BYTES {
                self.held.clear();
            }
        }
    }

    /// Carries out what is held; false while the command is incomplete.
    fn obey(&mut self) -> bool {
        match (self.mode, self.held.as_slice()) {
            (_, [CLEAR]) => self.wipe(),
            (_, [ESC, b'@']) => {
                self.wipe();
                self.cursor_visible = true;
            }
            (_, [CR]) => self.column = 0,
            (_, [b'\n']) => self.line = (self.line + 1) % LINES,
            (_, [CAN]) => {}
            (Mode::Epson, [US, b'$', x, y]) => self.move_to(*x, *y),
            (Mode::Epson, [US, b'C', n]) => self.cursor_visible = *n != 0,
            (Mode::Epson, [US, b'X' | b'E', _]) => {}
            (Mode::Cd5220, [ESC, b'l', x, y]) => self.move_to(*x, *y),
            (Mode::Cd5220, [ESC, b'_', n]) => self.cursor_visible = *n != 0,
            (Mode::Cd5220, [ESC, b'*' | b'c' | b'f', _]) => {}
            (Mode::Cd5220, [ESC, b'Q', which @ (b'A' | b'B'), text @ .., CR]) => {
                let line = usize::from(which - b'A');
                self.screen.cells[line] = [b' '; COLUMNS];
                for (cell, byte) in self.screen.cells[line].iter_mut().zip(text) {
                    *cell = *byte;
                }
            }
            (_, [ESC, b't', _]) => {}
            (_, [byte]) if *byte >= b' ' && *byte < 0x7F => self.write(*byte),
            (_, [ESC | US, ..]) => return false,
            _ => {}
        }
        true
    }

    fn wipe(&mut self) {
        self.screen = Screen::blank();
        (self.column, self.line) = (0, 0);
    }

    fn move_to(&mut self, x: u8, y: u8) {
        let inside = (1..=COLUMNS as u8).contains(&x) && (1..=LINES as u8).contains(&y);
        if inside {
            (self.column, self.line) = (usize::from(x) - 1, usize::from(y) - 1);
        }
    }

    fn write(&mut self, byte: u8) {
        self.screen.cells[self.line][self.column] = byte;
        self.column += 1;
        if self.column == COLUMNS {
            self.column = 0;
            self.line = (self.line + 1) % LINES;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn text_coordinates_do_not_move_the_cursor() {
        // A known faulty driver sends the digits '0' '1' instead of binary 1.
        let mut decoder = Decoder::new(Mode::Epson);
        decoder.feed(b"\x1f\x24\x30\x31A");
        assert_eq!(decoder.screen().text(), ["A", ""]);
    }

    proptest! {
        #[test]
        fn any_bytes_leave_forty_characters(
            bytes in proptest::collection::vec(any::<u8>(), 0..600), epson in any::<bool>()
        ) {
            let mut decoder = Decoder::new(if epson { Mode::Epson } else { Mode::Cd5220 });
            decoder.feed(&bytes);
            prop_assert!(decoder.held.len() < MAX_COMMAND_BYTES);
            for line in decoder.screen().text() {
                prop_assert!(line.len() <= 3 * COLUMNS);
            }
        }
    }
}
