//! The foot of the form: the two signatures, the citizen's with the ink of the pad.

use crate::PaperError;
use crate::display::Item;
use crate::flow::{Block, LINE_UNITS};
use crate::form01::fields::{Column, centred_item};
use crate::form01::{Reception, Signature};
use crate::template::Labels;
use crate::text::{Span, Style};

/// Part of a signature column that ink may fill.
const INK_WIDTH_SHARE: f32 = 0.8;
/// Pen width of a signature without pressure, as a part of the body size.
const PEN_SHARE: f32 = 0.09;
/// Pen width at no pressure and what full pressure adds, as parts of the normal width.
const PRESSURE_WIDTH: (f32, f32) = (0.5, 1.0);

/// Adds the signature block; it is never divided.
pub(super) fn add(
    column: &mut Column<'_>,
    record: &Reception,
    labels: &Labels,
    free_lines: usize,
) -> Result<(), PaperError> {
    let half = column.width() / 2.0;
    let submitter = record
        .submitter_name
        .as_deref()
        .unwrap_or(&record.owner_name);
    let sides = [
        (
            &labels.submitter_signature,
            submitter,
            column.left() + half / 2.0,
        ),
        (
            &labels.clerk_signature,
            record.clerk_name.as_str(),
            column.left() + half * 1.5,
        ),
    ];
    let bold = column.body().bold();
    let hint_style = Style::serif(column.spec.table_pt).italic();
    let room = half - column.spec.body_pt;
    let name_line = 2 + free_lines;
    let mut items = Vec::new();
    let mut lines = 0;
    for (title, name, middle) in sides {
        let title = column.setter.line(&[Span::new(title, bold)])?;
        let hint = column
            .setter
            .line(&[Span::new(&labels.signature_hint, hint_style)])?;
        items.push(centred_item(title, middle, column.baseline(0)));
        items.push(centred_item(hint, middle, column.baseline(1)));
        let names = column.setter.wrap_even(&[Span::new(name, bold)], room)?;
        lines = lines.max(name_line + names.len());
        for (index, line) in names.into_iter().enumerate() {
            items.push(centred_item(
                line,
                middle,
                column.baseline(name_line + index),
            ));
        }
    }
    if let Some(signature) = &record.signature {
        let middle = column.left() + half / 2.0;
        items.extend(ink(
            column,
            signature,
            middle,
            (half * INK_WIDTH_SHARE, free_lines),
        ));
    }
    column.push(Block::new(lines * LINE_UNITS, items).about("clerk_name"));
    Ok(())
}

/// The strokes, as large as the free lines allow, in the middle of them.
fn ink(
    column: &Column<'_>,
    signature: &Signature,
    middle: f32,
    (max_width, free_lines): (f32, usize),
) -> Vec<Item> {
    let step = column.spec.baseline_pt;
    // A quarter line of air on both sides keeps ink off the hint and off the name.
    let max_height = (free_lines as f32 - 0.5) * step;
    let width = max_width.min(max_height * signature.aspect);
    let height = width / signature.aspect;
    let left = middle - width / 2.0;
    let top = 2.25 * step + (max_height - height) / 2.0;
    let pen = column.spec.body_pt * PEN_SHARE;
    let at = |x: f32, y: f32| (left + x * width, top + y * height);
    let mut items = Vec::new();
    for stroke in &signature.strokes {
        let pressed = stroke.points.iter().any(|point| point.pressure.is_some());
        if pressed && stroke.points.len() > 1 {
            for pair in stroke.points.windows(2) {
                let points = pair.iter().map(|point| at(point.x, point.y)).collect();
                let pressure = pair[1].pressure.unwrap_or(PRESSURE_WIDTH.0);
                let width = pen * (PRESSURE_WIDTH.0 + PRESSURE_WIDTH.1 * pressure);
                items.push(Item::Pen { points, width });
            }
        } else {
            let points = stroke
                .points
                .iter()
                .map(|point| at(point.x, point.y))
                .collect();
            items.push(Item::Pen { points, width: pen });
        }
    }
    items
}
