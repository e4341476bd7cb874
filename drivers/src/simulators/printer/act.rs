//! What the simulated printer does with a command: rows, feeds, cuts, answers.

use qrcode::{Color, EcLevel, QrCode};

use super::parse::{Command, LINE_DOTS, Parsed, parse};
use super::{Image, MAX_STRIP_ROWS, NEVER_ROWS, PaperEnd, PrinterSim};

impl PrinterSim {
    /// Carries out one step; false when the printer must wait for bytes, paper, time or a person.
    pub(super) fn step(&mut self) -> bool {
        if self.faults.shown().offline() {
            return false;
        }
        if self.skip_bytes > 0 {
            let skipped = self.skip_bytes.min(self.buffer.len());
            self.buffer.drain(..skipped);
            self.skip_bytes -= skipped;
            return skipped > 0;
        }
        if self.image.is_some() {
            return self.image_row();
        }
        match parse(self.buffer.make_contiguous()) {
            Parsed::Incomplete => false,
            Parsed::Command(command, length) => {
                if !self.may_feed(&command) {
                    return false;
                }
                self.buffer.drain(..length);
                self.obey(command);
                true
            }
        }
    }

    pub(super) fn may_feed(&mut self, command: &Command) -> bool {
        let moves = matches!(
            command,
            Command::LineFeed | Command::FeedDots(_) | Command::FeedLines(_) | Command::QrPrint
        );
        !moves || self.traits.rows_per_second == 0 || self.budget_rows > 0
    }

    pub(super) fn image_row(&mut self) -> bool {
        let Some(image) = &mut self.image else {
            return false;
        };
        if image.rows_left == 0 || image.stride == 0 {
            self.image = None;
            return true;
        }
        if self.buffer.len() < image.stride {
            return false;
        }
        let stored = image.stored;
        if !stored && self.traits.rows_per_second > 0 && self.budget_rows == 0 {
            return false;
        }
        image.rows_left -= 1;
        let row: Vec<u8> = self.buffer.drain(..image.stride).collect();
        if !stored {
            let left = self.left_of(row.len() * 8);
            self.put_row(&row, left);
        } else if self.stored.len() < MAX_STRIP_ROWS {
            self.stored.push(row);
        }
        true
    }

    pub(super) fn left_of(&self, width_dots: usize) -> u16 {
        let room = usize::from(self.traits.width_dots).saturating_sub(width_dots);
        match self.align {
            1 => (room / 2) as u16,
            2 => room as u16,
            _ => 0,
        }
    }

    pub(super) fn put_row(&mut self, row: &[u8], left_dots: u16) {
        self.strip.row(row, left_dots);
        self.use_paper();
    }

    pub(super) fn feed(&mut self, dots: usize) {
        for _ in 0..dots {
            if self.faults.paper_out {
                return;
            }
            self.strip.blank();
            self.use_paper();
        }
    }

    pub(super) fn use_paper(&mut self) {
        self.budget_rows = self.budget_rows.saturating_sub(1);
        if self.roll_rows_left != NEVER_ROWS {
            self.roll_rows_left = self.roll_rows_left.saturating_sub(1);
            if self.roll_rows_left == 0 {
                self.end_paper();
            }
        }
        if self.strip.length() >= MAX_STRIP_ROWS {
            self.finish_piece(PaperEnd::Torn);
        }
    }

    pub(super) fn obey(&mut self, command: Command) {
        match command {
            Command::Nothing => {}
            Command::Initialise => {
                self.align = 0;
                self.line_dots = LINE_DOTS;
                self.line.clear();
                self.automatic = false;
                self.scanner.allow_pulse(true);
            }
            Command::Text(text) => self.line.extend(text),
            Command::LineFeed => self.end_line(1),
            Command::FeedDots(dots) => self.feed(usize::from(dots)),
            Command::FeedLines(lines) => self.end_line(usize::from(lines)),
            Command::LineSpacing(dots) => self.line_dots = dots,
            Command::Align(align) => self.align = align,
            Command::Cut { feed_dots } => self.cut(feed_dots),
            Command::Drawer => self.drawer_kicks += 1,
            Command::Raster { stride, rows } => {
                self.image = Some(Image {
                    stride,
                    rows_left: rows,
                    stored: false,
                });
            }
            Command::Store {
                stride,
                rows,
                scale,
            } => {
                tracing::trace!(?scale, "graphics stored");
                self.stored.clear();
                self.image = Some(Image {
                    stride,
                    rows_left: rows,
                    stored: true,
                });
            }
            Command::PrintStored => {
                for row in std::mem::take(&mut self.stored) {
                    let left = self.left_of(row.len() * 8);
                    self.put_row(&row, left);
                }
            }
            Command::Skip { bytes } => self.skip_bytes = bytes,
            Command::QrModule(module) => self.qr.0 = module,
            Command::QrLevel(level) => self.qr.1 = level,
            Command::QrStore(text) => self.qr.2 = text,
            Command::QrPrint => self.draw_qr(),
            other => self.answer(other),
        }
    }

    pub(super) fn answer(&mut self, question: Command) {
        match question {
            Command::Sensor => {
                let byte = self.faults.shown().sensor_byte();
                self.reply(&[byte]);
            }
            Command::Automatic(mask) => {
                self.automatic = mask != 0;
                self.last_shown = None;
            }
            Command::Identity(which) => self.identify(which),
            Command::ProcessId(token) if self.traits.process_id => {
                let mut reply = vec![0x37, 0x22];
                reply.extend(token);
                reply.push(0);
                self.reply(&reply);
            }
            Command::RealTime(pairs) => {
                for pair in pairs.chunks_exact(2).filter(|pair| pair[0] == 1) {
                    self.scanner.allow_pulse(matches!(pair[1], 1 | 49));
                }
            }
            _ => {}
        }
    }

    pub(super) fn identify(&mut self, which: u8) {
        let text = match which {
            66 => self.traits.maker.clone(),
            67 => self.traits.model.clone(),
            65 => "3.01".to_owned(),
            1 | 49 => return self.reply(&[0x20]),
            2 | 50 => return self.reply(&[0x02]),
            _ => return,
        };
        if self.traits.model.is_empty() {
            return;
        }
        let mut reply = vec![0x5F];
        reply.extend(text.bytes());
        reply.push(0);
        self.reply(&reply);
    }

    pub(super) fn end_line(&mut self, lines: usize) {
        let line = std::mem::take(&mut self.line);
        if !line.is_empty() {
            self.strip
                .note_text(String::from_utf8_lossy(&line).into_owned());
        }
        self.feed(lines * usize::from(self.line_dots));
    }

    pub(super) fn cut(&mut self, feed_dots: u8) {
        if !self.line.is_empty() {
            self.end_line(1);
        }
        self.feed(usize::from(feed_dots));
        if self.faults.paper_out {
            return;
        }
        if self.faults.jam_at_next_cut {
            self.faults.jam_at_next_cut = false;
            self.faults.cutter_jammed = true;
            return;
        }
        self.finish_piece(PaperEnd::Cut);
    }

    pub(super) fn draw_qr(&mut self) {
        let (module, level, text) = &self.qr;
        let level = match level {
            0x30 => EcLevel::L,
            0x32 => EcLevel::Q,
            0x33 => EcLevel::H,
            _ => EcLevel::M,
        };
        let module = usize::from(*module).clamp(1, 16);
        let shown = String::from_utf8_lossy(text).into_owned();
        let Ok(code) = QrCode::with_error_correction_level(text, level) else {
            return;
        };
        let (colors, width) = (code.to_colors(), code.width());
        for line in colors.chunks(width) {
            let mut row = vec![0u8; (width * module).div_ceil(8)];
            for (at, _) in line.iter().enumerate().filter(|(_, c)| **c == Color::Dark) {
                for x in at * module..(at + 1) * module {
                    row[x / 8] |= 0x80 >> (x % 8);
                }
            }
            let left = self.left_of(width * module);
            for _ in 0..module {
                self.put_row(&row, left);
            }
        }
        self.strip.note_qr(shown);
    }
}
