//! A strip of receipt paper while it is being set: everything goes one under the other, in whole
//! dots, so that what is measured is what is printed.

use crate::PaperError;
use crate::display::{Ink, Item, Sheet};
use crate::qr::QrModules;
use crate::slip::model::SLIP_WIDTH_DOTS;
use crate::text::{Span, Style, Typesetter};

/// Blank dots at both edges: the head is 72 mm wide, the paper 80 mm.
const EDGE_DOTS: f32 = 8.0;
/// Line step as a part of the size: room for two marks over a capital.
const LEADING: f32 = 1.36;
/// Baseline within a line, as a part of the size.
const BASELINE_SHARE: f32 = 1.06;
/// Indent of the later lines of a field.
const HANG_DOTS: f32 = 24.0;
/// Thickness of a rule across the strip.
const RULE_DOTS: f32 = 2.0;
/// Smallest module of a QR code that a telephone reads from thermal paper: half a millimetre.
const MODULE_MIN_DOTS: usize = 4;
/// Largest module: beyond it the code only wastes paper.
const MODULE_MAX_DOTS: usize = 8;
/// Side a QR code is brought close to.
const QR_SIDE_DOTS: usize = 300;
/// Space above and below the text of a banner.
const BANNER_PADDING_DOTS: f32 = 6.0;

/// Text sizes of a slip, in dots an em; 8 dots are a millimetre.
pub(super) const SMALL_DOTS: f32 = 22.0;
pub(super) const BODY_DOTS: f32 = 26.0;
pub(super) const HEAD_DOTS: f32 = 30.0;
pub(super) const LARGE_DOTS: f32 = 38.0;

/// Items of a strip and the row they have reached.
pub(super) struct Tape<'a> {
    setter: Typesetter<'a>,
    items: Vec<Item>,
    y: f32,
}

impl<'a> Tape<'a> {
    pub(super) const fn new(setter: Typesetter<'a>) -> Self {
        Self {
            setter,
            items: Vec::new(),
            y: 0.0,
        }
    }

    /// The finished strip.
    pub(super) fn finish(self) -> Sheet {
        Sheet {
            width: SLIP_WIDTH_DOTS as f32,
            height: self.y.ceil(),
            items: self.items,
        }
    }

    pub(super) const fn gap(&mut self, dots: f32) {
        self.y += dots;
    }

    pub(super) fn rule(&mut self) {
        self.gap(10.0);
        let (x0, x1) = (EDGE_DOTS, SLIP_WIDTH_DOTS as f32 - EDGE_DOTS);
        self.items.push(Item::Fill {
            x: x0,
            y: self.y,
            width: x1 - x0,
            height: RULE_DOTS,
            ink: Ink::Black,
        });
        self.gap(RULE_DOTS + 8.0);
    }

    /// Text in the middle, in lines of even length.
    pub(super) fn centred(&mut self, text: &str, style: Style) -> Result<(), PaperError> {
        let spans = [Span::new(text, style)];
        for line in self.setter.wrap_even(&spans, self.width())? {
            let x = ((SLIP_WIDTH_DOTS as f32 - line.width) / 2.0).floor();
            let y = self.next_baseline(style.size);
            self.items.push(Item::Text {
                x,
                y,
                line,
                ink: Ink::Black,
            });
        }
        Ok(())
    }

    /// Text from the left edge; later lines hang under the first.
    pub(super) fn paragraph(&mut self, spans: &[Span]) -> Result<(), PaperError> {
        let width = self.width();
        let lines = self.setter.wrap(
            spans,
            |index| if index == 0 { width } else { width - HANG_DOTS },
        )?;
        let size = spans.iter().map(|span| span.style.size).fold(0.0, f32::max);
        for (index, line) in lines.into_iter().enumerate() {
            let x = EDGE_DOTS + if index == 0 { 0.0 } else { HANG_DOTS };
            let y = self.next_baseline(size);
            self.items.push(Item::Text {
                x,
                y,
                line,
                ink: Ink::Black,
            });
        }
        Ok(())
    }

    /// `label: value`; nothing when there is no value.
    pub(super) fn field(&mut self, label: &str, value: Option<&str>) -> Result<(), PaperError> {
        let Some(value) = value.filter(|value| !value.is_empty()) else {
            return Ok(());
        };
        let style = Style::sans(BODY_DOTS);
        self.paragraph(&[
            Span::new(format!("{label}: "), style),
            Span::new(value, style.bold()),
        ])
    }

    /// White on black across the strip: what must not be overlooked.
    pub(super) fn banner(&mut self, text: &str) -> Result<(), PaperError> {
        let style = Style::sans(HEAD_DOTS).bold();
        let lines = self
            .setter
            .wrap_even(&[Span::new(text, style)], self.width())?;
        let step = (style.size * LEADING).round();
        let height = step * lines.len() as f32 + 2.0 * BANNER_PADDING_DOTS;
        self.items.push(Item::Fill {
            x: 0.0,
            y: self.y,
            width: SLIP_WIDTH_DOTS as f32,
            height,
            ink: Ink::Black,
        });
        self.gap(BANNER_PADDING_DOTS);
        for line in lines {
            let x = ((SLIP_WIDTH_DOTS as f32 - line.width) / 2.0).floor();
            let y = self.next_baseline(style.size);
            self.items.push(Item::Text {
                x,
                y,
                line,
                ink: Ink::White,
            });
        }
        self.gap(BANNER_PADDING_DOTS);
        Ok(())
    }

    /// A QR code in the middle, modules of whole dots.
    pub(super) fn qr(&mut self, text: &str) -> Result<(), PaperError> {
        let modules = QrModules::encode(text)?;
        let outer = modules.outer_side();
        let module = (QR_SIDE_DOTS / outer).clamp(MODULE_MIN_DOTS, MODULE_MAX_DOTS);
        let side = (module * outer) as f32;
        let x = ((SLIP_WIDTH_DOTS as f32 - side) / 2.0).floor();
        self.items.push(Item::Qr {
            x,
            y: self.y,
            side,
            modules,
        });
        self.gap(side);
        Ok(())
    }

    /// One line as large as `size` allows, smaller when the strip is too narrow for it.
    pub(super) fn headline(&mut self, text: &str, size: f32) -> Result<(), PaperError> {
        let probe = self
            .setter
            .line(&[Span::new(text, Style::sans(size).bold())])?;
        let size = if probe.width > self.width() {
            (size * self.width() / probe.width).floor()
        } else {
            size
        };
        self.centred(text, Style::sans(size).bold())
    }

    const fn width(&self) -> f32 {
        SLIP_WIDTH_DOTS as f32 - 2.0 * EDGE_DOTS
    }

    fn next_baseline(&mut self, size: f32) -> f32 {
        let baseline = (self.y + size * BASELINE_SHARE).round();
        self.y += (size * LEADING).round();
        baseline
    }
}
