//! Pages from parts: blocks of whole half-lines are stacked, kept together where they must be, and
//! carried to the next page with the table's heading repeated.
//!
//! The unit is half a baseline step. Text lines take two units and table rows an odd number, so
//! after a table the flow is brought back to the full grid.

use crate::PaperError;
use crate::display::{Item, Sheet};

/// Units of one line of text.
pub(crate) const LINE_UNITS: usize = 2;

/// Marks that stay together, placed as one. `y` of the items counts from the top of the block.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub(crate) units: usize,
    pub(crate) items: Vec<Item>,
    /// Not to be separated from the next block.
    pub(crate) keep: bool,
    /// What of the record it shows, for the error when it is taller than a page.
    pub(crate) field: &'static str,
}

impl Block {
    pub(crate) fn new(units: usize, items: Vec<Item>) -> Self {
        Self {
            units,
            items,
            keep: false,
            field: "record",
        }
    }

    pub(crate) fn gap(units: usize) -> Self {
        Self::new(units, Vec::new())
    }

    pub(crate) const fn about(mut self, field: &'static str) -> Self {
        self.field = field;
        self
    }

    pub(crate) const fn kept(mut self) -> Self {
        self.keep = true;
        self
    }
}

/// What a flow is made of, in order.
#[derive(Debug, Clone)]
pub(crate) enum Part {
    Block(Block),
    /// Heading of a table, repeated on each page until [`Part::TableEnd`].
    TableStart(Block),
    TableEnd,
}

/// The room on a page.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) top: f32,
    pub(crate) unit: f32,
    pub(crate) capacity_units: usize,
    /// Put at the top of every page but the first.
    pub(crate) continuation: Block,
}

/// Stacks `parts` on as many pages as they need.
///
/// # Errors
/// [`PaperError::DoesNotFit`] when a single block is taller than a page.
pub(crate) fn paginate(parts: Vec<Part>, frame: &Frame) -> Result<Vec<Sheet>, PaperError> {
    let mut pager = Pager::new(frame);
    let mut group = Vec::new();
    let mut heading = None;
    for part in parts {
        match part {
            Part::Block(block) => {
                let last = !block.keep;
                group.push(block);
                if last {
                    pager.place_group(std::mem::take(&mut group))?;
                    pager.heading = heading.clone();
                }
            }
            Part::TableStart(block) => {
                heading = Some(block.clone());
                group.push(block.kept());
            }
            Part::TableEnd => {
                pager.place_group(std::mem::take(&mut group))?;
                heading = None;
                pager.heading = None;
                pager.align();
            }
        }
    }
    pager.place_group(group)?;
    Ok(pager.finish())
}

struct Pager<'a> {
    frame: &'a Frame,
    sheets: Vec<Sheet>,
    items: Vec<Item>,
    cursor: usize,
    /// Where the flow of this page began; gaps there are dropped.
    start: usize,
    heading: Option<Block>,
}

impl<'a> Pager<'a> {
    const fn new(frame: &'a Frame) -> Self {
        Self {
            frame,
            sheets: Vec::new(),
            items: Vec::new(),
            cursor: 0,
            start: 0,
            heading: None,
        }
    }

    fn place_group(&mut self, group: Vec<Block>) -> Result<(), PaperError> {
        let units: usize = group.iter().map(|block| block.units).sum();
        if !self.fits(units) && self.cursor > self.start {
            self.turn_page();
        }
        for block in group {
            if !self.fits(block.units) && self.cursor > self.start {
                self.turn_page();
            }
            if !self.fits(block.units) {
                return Err(PaperError::DoesNotFit { field: block.field });
            }
            self.place(block);
        }
        Ok(())
    }

    const fn fits(&self, units: usize) -> bool {
        self.cursor + units <= self.frame.capacity_units
    }

    fn place(&mut self, block: Block) {
        if block.items.is_empty() && self.cursor == self.start {
            return;
        }
        let y = self.frame.top + self.cursor as f32 * self.frame.unit;
        self.items
            .extend(block.items.into_iter().map(|item| item.moved_down(y)));
        self.cursor += block.units;
    }

    fn align(&mut self) {
        self.cursor = self.cursor.next_multiple_of(LINE_UNITS);
    }

    fn turn_page(&mut self) {
        self.close_sheet();
        self.place(self.frame.continuation.clone());
        if let Some(heading) = self.heading.clone() {
            self.place(heading);
        }
        self.start = self.cursor;
    }

    fn close_sheet(&mut self) {
        let items = std::mem::take(&mut self.items);
        self.sheets.push(Sheet {
            width: self.frame.width,
            height: self.frame.height,
            items,
        });
        self.cursor = 0;
        self.start = 0;
    }

    fn finish(mut self) -> Vec<Sheet> {
        self.close_sheet();
        self.sheets
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::display::Ink;

    const CAPACITY_UNITS: usize = 10;

    fn block(tag: f32, units: usize) -> Block {
        let item = Item::Fill {
            x: tag,
            y: 0.0,
            width: 1.0,
            height: 1.0,
            ink: Ink::Black,
        };
        Block::new(units, vec![item])
    }

    fn tags(sheet: &Sheet) -> Vec<f32> {
        let tag = |item: &Item| match item {
            Item::Fill { x, .. } => *x,
            other => panic!("{other:?}"),
        };
        sheet.items.iter().map(tag).collect()
    }

    fn frame() -> Frame {
        Frame {
            width: 100.0,
            height: 100.0,
            top: 5.0,
            unit: 6.0,
            capacity_units: CAPACITY_UNITS,
            continuation: block(900.0, 2),
        }
    }

    #[test]
    fn a_table_that_runs_over_repeats_its_heading() {
        let mut parts = vec![
            Part::Block(block(1.0, 2)),
            Part::TableStart(block(100.0, 3)),
        ];
        parts.extend((0..3).map(|row| Part::Block(block(200.0 + row as f32, 3))));
        parts.push(Part::TableEnd);
        parts.push(Part::Block(block(2.0, 2)));
        let sheets = paginate(parts, &frame()).expect("fits");
        assert_eq!(tags(&sheets[0]), [1.0, 100.0, 200.0]);
        assert_eq!(tags(&sheets[1]), [900.0, 100.0, 201.0]);
        assert_eq!(tags(&sheets[2]), [900.0, 100.0, 202.0, 2.0]);
    }

    #[test]
    fn the_heading_never_stands_alone_at_the_foot_of_a_page() {
        let parts = vec![
            Part::Block(block(1.0, 6)),
            Part::TableStart(block(100.0, 3)),
            Part::Block(block(200.0, 3)),
            Part::TableEnd,
        ];
        let sheets = paginate(parts, &frame()).expect("fits");
        assert_eq!(tags(&sheets[0]), [1.0]);
        assert_eq!(tags(&sheets[1]), [900.0, 100.0, 200.0]);
    }

    #[test]
    fn signatures_take_the_lines_before_them_along() {
        let parts = vec![
            Part::Block(block(1.0, 4)),
            Part::Block(block(2.0, 2).kept()),
            Part::Block(block(3.0, 5)),
        ];
        let sheets = paginate(parts, &frame()).expect("fits");
        assert_eq!(tags(&sheets[0]), [1.0]);
        assert_eq!(tags(&sheets[1]), [900.0, 2.0, 3.0]);
    }

    #[test]
    fn after_a_table_the_lines_return_to_the_grid() {
        let parts = vec![
            Part::TableStart(block(100.0, 3)),
            Part::TableEnd,
            Part::Block(block(1.0, 2)),
        ];
        let sheets = paginate(parts, &frame()).expect("fits");
        let Item::Fill { y, .. } = sheets[0].items[1] else {
            panic!("fill")
        };
        assert_eq!(y, 5.0 + 4.0 * 6.0);
    }

    #[test]
    fn a_block_taller_than_a_page_is_refused() {
        let parts = vec![Part::Block(block(1.0, CAPACITY_UNITS + 1).about("office"))];
        assert_eq!(
            paginate(parts, &frame()),
            Err(PaperError::DoesNotFit { field: "office" })
        );
    }
}
