//! Lines of the form: paragraphs, labelled fields, dotted leaders for what is not known.

use crate::PaperError;
use crate::display::{Ink, Item};
use crate::flow::{Block, LINE_UNITS, Part};
use crate::template::PageSpec;
use crate::text::{Line, Span, Style, Typesetter};

/// Where the baseline lies in a line, as a part of the baseline step.
const BASELINE_SHARE: f32 = 0.8;
/// Indent of the second and later lines of a field, in body sizes.
const HANG_EMS: f32 = 1.2;
/// Paragraphs up to this many lines are not divided between pages.
const WHOLE_UP_TO_LINES: usize = 4;
/// Space between a label and its leader, in points.
const LEADER_GAP_PT: f32 = 3.0;

/// Room that a figure at the right edge takes from the first lines of the body.
#[derive(Debug, Clone, Copy)]
struct Inset {
    until_units: usize,
    width: f32,
}

/// Sets lines one under the other and remembers how far down it has come.
pub(super) struct Column<'a> {
    pub(super) spec: &'a PageSpec,
    pub(super) setter: &'a Typesetter<'a>,
    pub(super) parts: Vec<Part>,
    used_units: usize,
    inset: Option<Inset>,
    /// All further blocks hold on to the next one.
    keep_all: bool,
}

impl<'a> Column<'a> {
    pub(super) const fn new(spec: &'a PageSpec, setter: &'a Typesetter<'a>) -> Self {
        Self {
            spec,
            setter,
            parts: Vec::new(),
            used_units: 0,
            inset: None,
            keep_all: false,
        }
    }

    pub(super) fn left(&self) -> f32 {
        self.spec.margin_left_pt
    }

    pub(super) fn right(&self) -> f32 {
        self.spec.width_pt - self.spec.margin_right_pt
    }

    pub(super) fn width(&self) -> f32 {
        self.right() - self.left()
    }

    pub(super) const fn body(&self) -> Style {
        Style::serif(self.spec.body_pt)
    }

    /// Baseline of line `index` of a block.
    pub(super) fn baseline(&self, index: usize) -> f32 {
        (index as f32 + BASELINE_SHARE) * self.spec.baseline_pt
    }

    pub(super) fn push(&mut self, block: Block) {
        self.used_units += block.units;
        let block = if self.keep_all { block.kept() } else { block };
        self.parts.push(Part::Block(block));
    }

    pub(super) fn gap(&mut self, units: usize) {
        self.push(Block::gap(units).kept());
    }

    /// From here on everything stays on one page with what follows.
    pub(super) const fn keep_rest_together(&mut self) {
        self.keep_all = true;
    }

    /// Takes `width` from the right of the lines of the next `height` points.
    pub(super) fn inset(&mut self, width: f32, height: f32) {
        let unit = self.spec.baseline_pt / LINE_UNITS as f32;
        let units = (height / unit).ceil() as usize;
        self.inset = Some(Inset {
            until_units: self.used_units + units,
            width,
        });
    }

    /// Width of a line that starts `units` below here.
    fn width_at(&self, units: usize) -> f32 {
        match self.inset {
            Some(inset) if self.used_units + units < inset.until_units => {
                self.width() - inset.width
            }
            _ => self.width(),
        }
    }

    /// Lines of text in the middle of the column, broken into lines of even length.
    pub(super) fn centred(&mut self, text: &str, style: Style) -> Result<(), PaperError> {
        let spans = [Span::new(text, style)];
        let lines = self.setter.wrap_even(&spans, self.width())?;
        let middle = (self.left() + self.right()) / 2.0;
        for line in lines {
            let item = centred_item(line, middle, self.baseline(0));
            self.push(Block::new(LINE_UNITS, vec![item]).kept());
        }
        Ok(())
    }

    /// A paragraph from edge to edge; later lines hang under the first.
    pub(super) fn paragraph(&mut self, spans: &[Span]) -> Result<(), PaperError> {
        self.indented(spans, 0.0)
    }

    /// A paragraph that hangs under the one before it.
    pub(super) fn note(&mut self, spans: &[Span]) -> Result<(), PaperError> {
        self.indented(spans, self.spec.body_pt * HANG_EMS)
    }

    fn indented(&mut self, spans: &[Span], first: f32) -> Result<(), PaperError> {
        let hang = self.spec.body_pt * HANG_EMS;
        let lines = self.setter.wrap(spans, |index| {
            let indent = if index == 0 { first } else { hang };
            self.width_at(index * LINE_UNITS) - indent
        })?;
        let count = lines.len();
        for (index, line) in lines.into_iter().enumerate() {
            let x = self.left() + if index == 0 { first } else { hang };
            let item = Item::Text {
                x,
                y: self.baseline(0),
                line,
                ink: Ink::Black,
            };
            let block = Block::new(LINE_UNITS, vec![item]);
            let last = index + 1 == count;
            self.push(if !last && count <= WHOLE_UP_TO_LINES {
                block.kept()
            } else {
                block
            });
        }
        Ok(())
    }

    /// `label: value`, or the label and a dotted leader when the value is not known.
    pub(super) fn field(
        &mut self,
        label: &str,
        value: Option<&str>,
        style: Style,
    ) -> Result<(), PaperError> {
        let label = Span::new(format!("{label}: "), self.body());
        match value.filter(|value| !value.is_empty()) {
            Some(value) => self.paragraph(&[label, Span::new(value, style)]),
            None => {
                let items = self.leader(label, self.left(), self.width_at(0))?;
                self.push(Block::new(LINE_UNITS, items));
                Ok(())
            }
        }
    }

    /// Two short fields side by side, the first in `share` of the width; one under the other
    /// when one of them is too long for that.
    pub(super) fn field_pair(
        &mut self,
        fields: [(&str, Option<&str>, Style); 2],
        share: f32,
    ) -> Result<(), PaperError> {
        let width = self.width_at(0);
        let first = width * share;
        let columns = [(self.left(), first), (self.left() + first, width - first)];
        let mut items = Vec::new();
        for ((label, value, style), (x, room)) in fields.into_iter().zip(columns) {
            let label = Span::new(format!("{label}: "), self.body());
            let Some(value) = value else {
                items.extend(self.leader(label, x, room - LEADER_GAP_PT)?);
                continue;
            };
            let line = self.setter.line(&[label, Span::new(value, style)])?;
            if line.width > room {
                for (label, value, style) in fields {
                    self.field(label, value, style)?;
                }
                return Ok(());
            }
            items.push(Item::Text {
                x,
                y: self.baseline(0),
                line,
                ink: Ink::Black,
            });
        }
        self.push(Block::new(LINE_UNITS, items));
        Ok(())
    }

    fn leader(&self, label: Span, x: f32, room: f32) -> Result<Vec<Item>, PaperError> {
        let line = self.setter.line(&[label])?;
        let y = self.baseline(0);
        let leader = Item::Leader {
            x0: x + line.width,
            x1: x + room,
            y,
        };
        Ok(vec![
            Item::Text {
                x,
                y,
                line,
                ink: Ink::Black,
            },
            leader,
        ])
    }
}

pub(super) fn centred_item(line: Line, middle: f32, y: f32) -> Item {
    Item::Text {
        x: middle - line.width / 2.0,
        y,
        line,
        ink: Ink::Black,
    }
}
