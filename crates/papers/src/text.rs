//! From the text of a record to lines of placed glyphs: cleaning, measuring, wrapping.
//!
//! The unit of length is the caller's: points for pages, dots for slips. A [`Ruler`] says how wide
//! a glyph is in that unit.

use unicode_normalization::UnicodeNormalization;

use crate::PaperError;
use crate::font::{Face, FaceId, Library};

/// No-break space: keeps a figure and its unit on one line. Drawn as a space.
pub(crate) const NBSP: char = '\u{a0}';

/// Rounding slack, so that a text measured at exactly its width stays on one line.
const SLACK: f32 = 0.01;

/// Type family of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    Serif,
    Sans,
}

/// Face and size of a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Style {
    pub(crate) family: Family,
    pub(crate) bold: bool,
    pub(crate) italic: bool,
    pub(crate) size: f32,
}

impl Style {
    pub(crate) const fn serif(size: f32) -> Self {
        Self {
            family: Family::Serif,
            bold: false,
            italic: false,
            size,
        }
    }

    pub(crate) const fn sans(size: f32) -> Self {
        Self {
            family: Family::Sans,
            bold: false,
            italic: false,
            size,
        }
    }

    pub(crate) const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub(crate) const fn italic(self) -> Self {
        Self {
            italic: true,
            ..self
        }
    }

    const fn face(self) -> FaceId {
        match (self.family, self.bold, self.italic) {
            (Family::Serif, false, false) => FaceId::SerifRegular,
            (Family::Serif, true, false) => FaceId::SerifBold,
            (Family::Serif, false, true) => FaceId::SerifItalic,
            (Family::Serif, true, true) => FaceId::SerifBoldItalic,
            (Family::Sans, false, _) => FaceId::SansRegular,
            (Family::Sans, true, _) => FaceId::SansBold,
        }
    }
}

/// A piece of text in one style.
#[derive(Debug, Clone)]
pub(crate) struct Span {
    pub(crate) text: String,
    pub(crate) style: Style,
}

impl Span {
    pub(crate) fn new(text: impl Into<String>, style: Style) -> Self {
        Self {
            text: text.into(),
            style,
        }
    }
}

/// How wide a glyph is, in the caller's unit.
pub(crate) trait Ruler {
    fn advance(&self, face: &Face, glyph: u16, size: f32) -> f32;
}

/// The font's own metrics, for pages in points.
pub(crate) struct Linear;

impl Ruler for Linear {
    fn advance(&self, face: &Face, glyph: u16, size: f32) -> f32 {
        face.advance(glyph, size)
    }
}

/// Whole dots, for 1-bit rasters: every glyph starts on a dot.
pub(crate) struct WholeDots;

impl Ruler for WholeDots {
    fn advance(&self, face: &Face, glyph: u16, size: f32) -> f32 {
        face.advance(glyph, size).round()
    }
}

/// A glyph before it has a place.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Glyph {
    ch: char,
    id: u16,
    face: FaceId,
    size: f32,
    advance: f32,
}

/// A glyph at its distance from the start of the line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PlacedGlyph {
    pub(crate) ch: char,
    pub(crate) id: u16,
    pub(crate) x: f32,
}

/// Neighbouring glyphs of one face and size.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Run {
    pub(crate) face: FaceId,
    pub(crate) size: f32,
    pub(crate) glyphs: Vec<PlacedGlyph>,
}

/// One line of text. Positions start at 0.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Line {
    pub(crate) runs: Vec<Run>,
    pub(crate) width: f32,
}

/// The text of a record as it is printed: NFC, one line, without invisible characters.
///
/// Line breaks, tabs and repeated spaces become one space; zero-width and directional marks,
/// soft hyphens, byte-order marks and variation selectors are dropped.
pub(crate) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for ch in text.nfc() {
        if is_invisible(ch) {
            continue;
        }
        if ch != NBSP && (ch.is_whitespace() || ch.is_control()) {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            out.push(ch);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// The optional text of a record: `None` when there is nothing to print.
pub(crate) fn clean_option(text: Option<&String>) -> Option<String> {
    text.map(|text| clean(text)).filter(|text| !text.is_empty())
}

const fn is_invisible(ch: char) -> bool {
    matches!(
        ch,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
    )
}

/// Measures and wraps text.
pub(crate) struct Typesetter<'a> {
    library: &'static Library,
    ruler: &'a dyn Ruler,
}

impl<'a> Typesetter<'a> {
    pub(crate) fn new(ruler: &'a dyn Ruler) -> Result<Self, PaperError> {
        Ok(Self {
            library: Library::get()?,
            ruler,
        })
    }

    /// Sets `spans` on one line, however long.
    pub(crate) fn line(&self, spans: &[Span]) -> Result<Line, PaperError> {
        Ok(place(&self.glyphs(spans)?))
    }

    /// Breaks `spans` into lines no wider than `width_of(line index)`.
    ///
    /// Lines break at spaces; a word longer than the line breaks after punctuation if it can,
    /// anywhere if it must. Nothing is ever cut off. Empty text gives no line.
    pub(crate) fn wrap(
        &self,
        spans: &[Span],
        width_of: impl Fn(usize) -> f32,
    ) -> Result<Vec<Line>, PaperError> {
        let glyphs = self.glyphs(spans)?;
        let mut lines = Vec::new();
        let mut rest = glyphs.as_slice();
        while !rest.is_empty() {
            let (width, next) = (width_of(lines.len()), width_of(lines.len() + 1));
            let end = break_point(rest, width, next);
            let (line, tail) = rest.split_at(end);
            lines.push(place(trim_spaces(line)));
            let skip = tail.iter().take_while(|glyph| glyph.ch == ' ').count();
            rest = &tail[skip..];
        }
        Ok(lines)
    }

    /// Breaks `spans` into the fewest lines, then makes these as even as they go: a heading must
    /// not end in a single word.
    pub(crate) fn wrap_even(&self, spans: &[Span], width: f32) -> Result<Vec<Line>, PaperError> {
        /// Halvings of the width; the seventh is below a hundredth of it.
        const HALVINGS: u32 = 7;
        let mut best = self.wrap(spans, |_| width)?;
        let count = best.len();
        let (mut narrow, mut wide) = (width / count.max(1) as f32, width);
        if count > 1 {
            for _ in 0..HALVINGS {
                let middle = (narrow + wide) / 2.0;
                let lines = self.wrap(spans, |_| middle)?;
                if lines.len() == count {
                    best = lines;
                    wide = middle;
                } else {
                    narrow = middle;
                }
            }
        }
        Ok(best)
    }

    fn glyphs(&self, spans: &[Span]) -> Result<Vec<Glyph>, PaperError> {
        let mut glyphs = Vec::new();
        for span in spans {
            let face = span.style.face();
            for ch in span.text.chars() {
                let drawn = if ch == NBSP { ' ' } else { ch };
                let (face, id) = self.library.find(face, drawn)?;
                let size = span.style.size;
                let advance = self.ruler.advance(self.library.face(face), id, size);
                glyphs.push(Glyph {
                    ch,
                    id,
                    face,
                    size,
                    advance,
                });
            }
        }
        Ok(glyphs)
    }
}

/// Number of glyphs of a line of `width`, when the line after it has `next` to offer.
fn break_point(glyphs: &[Glyph], width: f32, next: f32) -> usize {
    let mut x = 0.0;
    let mut space = None;
    let mut mark = None;
    for (index, glyph) in glyphs.iter().enumerate() {
        if glyph.ch == ' ' {
            space = Some(index);
        } else if x + glyph.advance > width + SLACK && index > 0 {
            return match (space, mark) {
                (Some(space), Some(mark)) if mark > space && !word_fits(glyphs, space, next) => {
                    mark
                }
                (Some(space), _) => space,
                (None, mark) => mark.unwrap_or(index),
            };
        }
        x += glyph.advance;
        if matches!(glyph.ch, '-' | '/' | '@' | '.' | ',' | '_' | '–') {
            mark = Some(index + 1);
        }
    }
    glyphs.len()
}

/// Whether the word after the space at `space` would fit a line of its own.
fn word_fits(glyphs: &[Glyph], space: usize, width: f32) -> bool {
    let word = glyphs[space + 1..]
        .iter()
        .take_while(|glyph| glyph.ch != ' ');
    word.map(|glyph| glyph.advance).sum::<f32>() <= width + SLACK
}

fn trim_spaces(glyphs: &[Glyph]) -> &[Glyph] {
    let trailing = glyphs
        .iter()
        .rev()
        .take_while(|glyph| glyph.ch == ' ')
        .count();
    &glyphs[..glyphs.len() - trailing]
}

fn place(glyphs: &[Glyph]) -> Line {
    let mut line = Line::default();
    for glyph in glyphs {
        let ch = if glyph.ch == NBSP { ' ' } else { glyph.ch };
        let placed = PlacedGlyph {
            ch,
            id: glyph.id,
            x: line.width,
        };
        match line.runs.last_mut() {
            Some(run) if run.face == glyph.face && run.size == glyph.size => {
                run.glyphs.push(placed);
            }
            _ => line.runs.push(Run {
                face: glyph.face,
                size: glyph.size,
                glyphs: vec![placed],
            }),
        }
        line.width += glyph.advance;
    }
    line
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SIZE_PT: f32 = 10.0;

    fn wrapped(text: &str, width: f32) -> Vec<String> {
        let setter = Typesetter::new(&Linear).expect("fonts");
        let spans = [Span::new(text, Style::serif(SIZE_PT))];
        let lines = setter.wrap(&spans, |_| width).expect("letters");
        for line in &lines {
            assert!(line.width <= width + 0.02, "{} > {width}", line.width);
        }
        lines.iter().map(text_of).collect()
    }

    fn text_of(line: &Line) -> String {
        line.runs
            .iter()
            .flat_map(|run| run.glyphs.iter().map(|glyph| glyph.ch))
            .collect()
    }

    #[test]
    fn a_long_name_breaks_between_words_and_keeps_every_letter() {
        let name = "Nguyễn Thị Ngọc Ỷ, Đặng Ướt, ẶẪỘỮ";
        let lines = wrapped(name, 60.0);
        assert!(lines.len() > 1);
        assert_eq!(lines.join(" "), name);
    }

    #[test]
    fn an_address_without_spaces_breaks_after_a_mark() {
        let lines = wrapped("trungtam.phucvuhanhchinhcong@banmay.sonvan.gov.vn", 120.0);
        assert!(lines[0].ends_with(['.', '@']), "{lines:?}");
    }

    #[test]
    fn a_no_break_space_holds_figure_and_unit_together() {
        let lines = wrapped("lúc 09\u{a0}giờ", 32.0);
        assert_eq!(lines, ["lúc", "09 giờ"]);
    }

    #[test]
    fn clean_composes_and_drops_what_cannot_be_seen() {
        let table = [
            ("Nguye\u{302}\u{303}n  Thi\u{323}", "Nguyễn Thị"),
            (" Lò\tThị\r\nMẩy \u{200b}", "Lò Thị Mẩy"),
            ("\u{feff}Đặng Ướt", "Đặng Ướt"),
            ("\n\n", ""),
        ];
        for (given, expected) in table {
            assert_eq!(clean(given), expected);
        }
    }

    proptest! {
        #[test]
        fn wrapping_loses_no_letter(words in proptest::collection::vec("[a-zA-Zàáảẫộữ,.]{1,40}", 1..20),
                                    width in 12.0f32..300.0) {
            let text = words.join(" ");
            let joined: String = wrapped(&text, width).concat();
            let squeezed: String = text.split(' ').collect();
            prop_assert_eq!(joined.replace(' ', ""), squeezed);
        }
    }
}
