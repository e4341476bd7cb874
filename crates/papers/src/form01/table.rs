//! Item 1 of the form: the table of papers handed in.

use crate::PaperError;
use crate::display::{Ink, Item};
use crate::flow::{Block, LINE_UNITS, Part};
use crate::form01::PaperLine;
use crate::form01::fields::{Column, centred_item};
use crate::template::Labels;
use crate::text::{Line, Span, Style};

/// Thickness of the table's rules, in points.
const RULE_PT: f32 = 0.5;
/// How far the rules stand above the half-line grid, as a part of the baseline step: room for
/// stacked marks above the first line and for dots below the last.
const RULE_RISE_SHARE: f32 = 0.25;
/// Space between a rule and the text beside it, in points.
const PADDING_PT: f32 = 3.5;
/// Units a row is taller than its lines.
const ROW_EXTRA_UNITS: usize = 1;
/// Lines of a name that are never divided between pages.
const ROW_LINES_MAX: usize = 16;
/// Height of the caps of the serif face, as a part of the size.
const CAP_HEIGHT_SHARE: f32 = 0.66;

/// Left edges of the five columns and the right edge of the last.
struct Grid {
    edges: [f32; 6],
}

impl Grid {
    fn new(column: &Column<'_>) -> Self {
        let [number, originals, certified, copies] = column.spec.table_columns_pt;
        let right = column.right();
        let name_right = right - originals - certified - copies;
        Self {
            edges: [
                column.left(),
                column.left() + number,
                name_right,
                name_right + originals,
                name_right + originals + certified,
                right,
            ],
        }
    }

    fn middle(&self, cell: usize) -> f32 {
        (self.edges[cell] + self.edges[cell + 1]) / 2.0
    }

    fn room(&self, cell: usize) -> f32 {
        self.edges[cell + 1] - self.edges[cell] - 2.0 * PADDING_PT
    }

    fn left(&self) -> f32 {
        self.edges[0]
    }

    fn right(&self) -> f32 {
        self.edges[5]
    }
}

/// Adds the table of `papers` to the column.
pub(super) fn add(
    column: &mut Column<'_>,
    papers: &[PaperLine],
    labels: &Labels,
) -> Result<(), PaperError> {
    let grid = Grid::new(column);
    column.gap(1);
    let head = heading(column, &grid, labels)?;
    column.parts.push(Part::TableStart(head));
    if papers.is_empty() {
        let row = note_row(column, &grid, &labels.no_papers)?;
        column.parts.push(Part::Block(row));
    }
    for (index, paper) in papers.iter().enumerate() {
        let rows = paper_rows(column, &grid, index + 1, paper)?;
        column.parts.extend(rows.into_iter().map(Part::Block));
    }
    column.parts.push(Part::TableEnd);
    Ok(())
}

/// Two tiers: "Số lượng" over its three columns, the other two headings over the full height.
fn heading(column: &Column<'_>, grid: &Grid, labels: &Labels) -> Result<Block, PaperError> {
    let style = Style::serif(column.spec.table_head_pt).bold();
    let set = |text: &str, cell: usize| {
        column
            .setter
            .wrap_even(&[Span::new(text, style)], grid.room(cell))
    };
    let counts = [
        set(&labels.column_originals, 2)?,
        set(&labels.column_certified, 3)?,
        set(&labels.column_copies, 4)?,
    ];
    let upper = row_units(1);
    let lower = row_units(counts.iter().map(Vec::len).max().unwrap_or(1));
    let (top, middle) = (rule_y(column, 0), rule_y(column, upper));
    let bottom = rule_y(column, upper + lower);
    let mut items = vec![
        rule(grid.left(), top, grid.right(), top),
        rule(grid.edges[2], middle, grid.right(), middle),
        rule(grid.left(), bottom, grid.right(), bottom),
    ];
    for (index, &x) in grid.edges.iter().enumerate() {
        let from = if (3..5).contains(&index) { middle } else { top };
        items.push(rule(x, from, x, bottom));
    }
    let count_middle = (grid.edges[2] + grid.right()) / 2.0;
    let title = column
        .setter
        .line(&[Span::new(&labels.column_count, style)])?;
    items.extend(stacked(column, vec![title], count_middle, (top, middle)));
    for (cell, text) in [(0, &labels.column_number), (1, &labels.column_paper)] {
        items.extend(stacked(
            column,
            set(text, cell)?,
            grid.middle(cell),
            (top, bottom),
        ));
    }
    for (cell, lines) in (2..).zip(counts) {
        items.extend(stacked(column, lines, grid.middle(cell), (middle, bottom)));
    }
    Ok(Block::new(upper + lower, items))
}

/// The row of one paper. A name too long for one block goes on in further rows without a number,
/// so that it can be divided between pages.
fn paper_rows(
    column: &Column<'_>,
    grid: &Grid,
    number: usize,
    paper: &PaperLine,
) -> Result<Vec<Block>, PaperError> {
    let style = Style::serif(column.spec.table_pt);
    let name = [Span::new(&paper.name, style)];
    let mut lines = column.setter.wrap(&name, |_| grid.room(1))?.into_iter();
    let centred = |cell: usize, text: String| -> Result<Item, PaperError> {
        let line = column.setter.line(&[Span::new(text, style)])?;
        Ok(centred_item(line, grid.middle(cell), column.baseline(0)))
    };
    let mut rows = Vec::new();
    loop {
        let piece: Vec<Line> = lines.by_ref().take(ROW_LINES_MAX).collect();
        if piece.is_empty() && !rows.is_empty() {
            return Ok(rows);
        }
        let units = row_units(piece.len().max(1));
        let mut items = frame(column, grid, units);
        // In reading order, which is the order a screen reader takes.
        if rows.is_empty() {
            items.push(centred(0, number.to_string())?);
        }
        for (index, line) in piece.into_iter().enumerate() {
            let x = grid.edges[1] + PADDING_PT;
            items.push(Item::Text {
                x,
                y: column.baseline(index),
                line,
                ink: Ink::Black,
            });
        }
        if rows.is_empty() {
            for (cell, count) in [
                (2, paper.originals),
                (3, paper.certified),
                (4, paper.copies),
            ] {
                items.push(centred(cell, count.to_string())?);
            }
        }
        rows.push(Block::new(units, items));
    }
}

/// A row of one text across all columns.
fn note_row(column: &Column<'_>, grid: &Grid, text: &str) -> Result<Block, PaperError> {
    let units = row_units(1);
    let (top, bottom) = (rule_y(column, 0), rule_y(column, units));
    let style = Style::serif(column.spec.table_pt).italic();
    let line = column.setter.line(&[Span::new(text, style)])?;
    let middle = (grid.left() + grid.right()) / 2.0;
    let items = vec![
        rule(grid.left(), bottom, grid.right(), bottom),
        rule(grid.left(), top, grid.left(), bottom),
        rule(grid.right(), top, grid.right(), bottom),
        centred_item(line, middle, column.baseline(0)),
    ];
    Ok(Block::new(units, items))
}

/// Vertical rules and the rule below a row.
fn frame(column: &Column<'_>, grid: &Grid, units: usize) -> Vec<Item> {
    let (top, bottom) = (rule_y(column, 0), rule_y(column, units));
    let mut items: Vec<Item> = grid
        .edges
        .iter()
        .map(|&x| rule(x, top, x, bottom))
        .collect();
    items.push(rule(grid.left(), bottom, grid.right(), bottom));
    items
}

/// Lines in the middle of a cell, both ways.
fn stacked(
    column: &Column<'_>,
    lines: Vec<Line>,
    middle_x: f32,
    (top, bottom): (f32, f32),
) -> Vec<Item> {
    let step = column.spec.baseline_pt;
    let caps = column.spec.table_head_pt * CAP_HEIGHT_SHARE;
    let height = caps + step * (lines.len().max(1) - 1) as f32;
    let first = (top + bottom - height) / 2.0 + caps;
    lines
        .into_iter()
        .enumerate()
        .map(|(index, line)| centred_item(line, middle_x, first + step * index as f32))
        .collect()
}

const fn row_units(lines: usize) -> usize {
    lines * LINE_UNITS + ROW_EXTRA_UNITS
}

fn rule_y(column: &Column<'_>, units: usize) -> f32 {
    let step = column.spec.baseline_pt;
    (units as f32 / LINE_UNITS as f32 - RULE_RISE_SHARE) * step
}

const fn rule(x0: f32, y0: f32, x1: f32, y1: f32) -> Item {
    Item::Rule {
        x0,
        y0,
        x1,
        y1,
        width: RULE_PT,
    }
}
