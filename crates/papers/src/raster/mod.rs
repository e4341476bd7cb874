//! Raster back end: a display list becomes dots.
//!
//! Two ways of looking at the same list: smooth grey for previews of pages on a screen, and
//! hard black-or-white for receipt printers. For the printer every glyph is grid-fitted by the
//! instructions of its font and starts on a whole dot, so stems are even and text stays crisp at
//! 203 dpi; nothing is dithered.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use ab_glyph_rasterizer::{Point, Rasterizer, point};
use skrifa::GlyphId;
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, HintingInstance, Target};

use crate::PaperError;
use crate::display::{Item, Sheet, TURN_COS, TURN_SIN};
use crate::font::{FaceId, Library};
use crate::qr::{QUIET_MODULES, QrModules};
use crate::text::Line;

mod path;

use path::{GlyphPen, Path, Stamp, rasterize};

/// Coverage, of 255, from which a dot is printed.
const BLACK_FROM: u8 = 128;
/// Distance between the dots of a leader, in units of the sheet.
const LEADER_STEP: f32 = 2.6;
/// Side of a dot of a leader, in units of the sheet.
const LEADER_DOT: f32 = 0.6;

/// Glyphs kept for later slips, mostly below 1 kB each: two faces at the usual sizes need some 1,000.
const STAMPS_KEPT_MAX: usize = 2_048;

/// Dots of a sheet, 0 black to 255 white, rows from the top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Canvas {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) grey: Vec<u8>,
}

/// How the edges of shapes become dots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edges {
    Smooth,
    Hard,
}

/// Renders `sheet` at `scale` dots a unit, in grey.
pub(crate) fn smooth(sheet: &Sheet, scale: f32) -> Result<Canvas, PaperError> {
    Painter::new(sheet, scale, Edges::Smooth)?.paint(sheet)
}

/// Renders a sheet whose unit is the dot, black and white.
pub(crate) fn hard(sheet: &Sheet) -> Result<Canvas, PaperError> {
    Painter::new(sheet, 1.0, Edges::Hard)?.paint(sheet)
}

/// Face, size (its bits) and glyph.
type StampKey = (FaceId, u32, u16);

/// Grid-fitted glyphs of earlier slips. Running the fonts' instructions is most of the work of a
/// slip, and the same letters at the same few sizes come back on every one.
fn stamps_kept() -> MutexGuard<'static, HashMap<StampKey, Arc<Stamp>>> {
    static KEPT: LazyLock<Mutex<HashMap<StampKey, Arc<Stamp>>>> = LazyLock::new(Mutex::default);
    KEPT.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Painter {
    library: &'static Library,
    canvas: Canvas,
    scale: f32,
    edges: Edges,
    hinters: HashMap<(FaceId, u32), HintingInstance>,
    stamps: HashMap<StampKey, Arc<Stamp>>,
    rasterizer: Rasterizer,
}

impl Painter {
    fn new(sheet: &Sheet, scale: f32, edges: Edges) -> Result<Self, PaperError> {
        let width = (sheet.width * scale).round() as usize;
        let height = (sheet.height * scale).round() as usize;
        Ok(Self {
            library: Library::get()?,
            canvas: Canvas {
                width,
                height,
                grey: vec![u8::MAX; width * height],
            },
            scale,
            edges,
            hinters: HashMap::new(),
            stamps: HashMap::new(),
            rasterizer: Rasterizer::new(0, 0),
        })
    }

    fn paint(mut self, sheet: &Sheet) -> Result<Canvas, PaperError> {
        for item in &sheet.items {
            self.item(item)?;
        }
        Ok(self.canvas)
    }

    fn item(&mut self, item: &Item) -> Result<(), PaperError> {
        match item {
            Item::Text { x, y, line, ink } => match self.edges {
                Edges::Hard => self.stamped_text(line, (*x, *y), ink.level())?,
                Edges::Smooth => self.drawn_text(line, (*x, *y), (1.0, 0.0), ink.level())?,
            },
            Item::TurnedText { x, y, line, ink } => {
                self.drawn_text(line, (*x, *y), (TURN_COS, TURN_SIN), ink.level())?;
            }
            Item::Rule {
                x0,
                y0,
                x1,
                y1,
                width,
            } => {
                let half = width / 2.0;
                let (grow_x, grow_y) = if y0 == y1 { (0.0, half) } else { (half, 0.0) };
                let size = (x1 - x0 + 2.0 * grow_x, y1 - y0 + 2.0 * grow_y);
                self.rect((x0 - grow_x, y0 - grow_y), size, 0.0);
            }
            Item::Leader { x0, x1, y } => {
                let mut x = *x0;
                while x + LEADER_DOT <= *x1 {
                    self.rect((x, y - LEADER_DOT), (LEADER_DOT, LEADER_DOT), 0.0);
                    x += LEADER_STEP;
                }
            }
            Item::Fill {
                x,
                y,
                width,
                height,
                ink,
            } => {
                self.rect((*x, *y), (*width, *height), ink.level());
            }
            Item::Qr {
                x,
                y,
                side,
                modules,
            } => self.qr(*x, *y, *side, modules),
            Item::Pen { points, width } => self.pen(points, *width),
        }
        Ok(())
    }

    /// All modules in one path, so that no seam of half-covered dots runs between them.
    fn qr(&mut self, x: f32, y: f32, side: f32, modules: &QrModules) {
        let module = side / modules.outer_side() as f32;
        let quiet = QUIET_MODULES as f32 * module;
        let mut path = Path::default();
        for (column, row, length) in modules.dark_runs() {
            let left = x + quiet + column as f32 * module;
            let top = y + quiet + row as f32 * module;
            self.add_rect(&mut path, (left, top), (length as f32 * module, module));
        }
        self.fill(&path, 0.0);
    }

    /// A stroke as a chain of capsules filled together: round ends, round joints, no seams.
    fn pen(&mut self, points: &[(f32, f32)], width: f32) {
        let scaled = |&(x, y): &(f32, f32)| point(x * self.scale, y * self.scale);
        let points: Vec<Point> = points.iter().map(scaled).collect();
        let radius = width * self.scale / 2.0;
        let mut path = Path::default();
        match points.as_slice() {
            [] => return,
            [dot] => path.capsule(*dot, *dot, radius),
            _ => points
                .windows(2)
                .for_each(|pair| path.capsule(pair[0], pair[1], radius)),
        }
        self.fill(&path, 0.0);
    }

    fn rect(&mut self, at: (f32, f32), size: (f32, f32), level: f32) {
        let mut path = Path::default();
        self.add_rect(&mut path, at, size);
        self.fill(&path, level);
    }

    fn add_rect(&self, path: &mut Path, (x, y): (f32, f32), (width, height): (f32, f32)) {
        let s = self.scale;
        let (x0, y0, x1, y1) = (x * s, y * s, (x + width) * s, (y + height) * s);
        path.polygon(&[point(x0, y0), point(x1, y0), point(x1, y1), point(x0, y1)]);
    }

    fn drawn_text(
        &mut self,
        line: &Line,
        at: (f32, f32),
        (cos, sin): (f32, f32),
        level: f32,
    ) -> Result<(), PaperError> {
        for run in &line.runs {
            let settings = Size::new(run.size * self.scale);
            for glyph in &run.glyphs {
                let x = (at.0 + glyph.x * cos) * self.scale;
                let y = (at.1 - glyph.x * sin) * self.scale;
                let mut pen = GlyphPen::new(point(x, y), (cos, sin));
                draw(self.library, run.face, glyph.id, settings.into(), &mut pen)?;
                self.fill(&pen.path, level);
            }
        }
        Ok(())
    }

    fn stamped_text(&mut self, line: &Line, at: (f32, f32), level: f32) -> Result<(), PaperError> {
        for run in &line.runs {
            for glyph in &run.glyphs {
                let stamp = self.stamp((run.face, run.size.to_bits(), glyph.id))?;
                let x = (at.0 + glyph.x).round() as i32 + stamp.left;
                let y = at.1.round() as i32 + stamp.top;
                blend(&mut self.canvas, &stamp, (x, y), level, self.edges);
            }
        }
        Ok(())
    }

    /// The grid-fitted glyph: from this sheet, from an earlier one, or made now.
    fn stamp(&mut self, key: StampKey) -> Result<Arc<Stamp>, PaperError> {
        if let Some(stamp) = self.stamps.get(&key) {
            return Ok(Arc::clone(stamp));
        }
        let kept = stamps_kept().get(&key).cloned();
        let stamp = match kept {
            Some(stamp) => stamp,
            None => {
                let stamp = Arc::new(self.fit(key)?);
                let mut kept = stamps_kept();
                if kept.len() < STAMPS_KEPT_MAX {
                    kept.insert(key, Arc::clone(&stamp));
                }
                stamp
            }
        };
        self.stamps.insert(key, Arc::clone(&stamp));
        Ok(stamp)
    }

    fn fit(&mut self, (id, size_bits, glyph): StampKey) -> Result<Stamp, PaperError> {
        let hinter = match self.hinters.entry((id, size_bits)) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let outlines = &self.library.face(id).outlines;
                let size = Size::new(f32::from_bits(size_bits));
                let place = LocationRef::default();
                let hinter = HintingInstance::new(outlines, size, place, Target::Mono)
                    .map_err(|error| damaged(id, &error))?;
                entry.insert(hinter)
            }
        };
        let settings = DrawSettings::hinted(hinter, false);
        let mut pen = GlyphPen::new(point(0.0, 0.0), (1.0, 0.0));
        draw(self.library, id, glyph, settings, &mut pen)?;
        Ok(rasterize(&mut self.rasterizer, &pen.path))
    }

    fn fill(&mut self, path: &Path, level: f32) {
        let stamp = rasterize(&mut self.rasterizer, path);
        let at = (stamp.left, stamp.top);
        blend(&mut self.canvas, &stamp, at, level, self.edges);
    }
}

fn damaged(id: FaceId, error: &dyn std::fmt::Display) -> PaperError {
    PaperError::Resource {
        name: id.postscript_name(),
        why: error.to_string(),
    }
}

fn draw(
    library: &Library,
    id: FaceId,
    glyph: u16,
    settings: DrawSettings<'_>,
    pen: &mut GlyphPen,
) -> Result<(), PaperError> {
    if let Some(outline) = library.face(id).outlines.get(GlyphId::from(glyph)) {
        outline
            .draw(settings, pen)
            .map_err(|error| damaged(id, &error))?;
    }
    Ok(())
}

fn blend(canvas: &mut Canvas, stamp: &Stamp, at: (i32, i32), level: f32, edges: Edges) {
    if stamp.width == 0 {
        return;
    }
    for (row, coverage) in stamp.coverage.chunks(stamp.width).enumerate() {
        let Ok(y) = usize::try_from(at.1 + row as i32) else {
            continue;
        };
        if y >= canvas.height {
            break;
        }
        for (column, &alpha) in coverage.iter().enumerate() {
            let Ok(x) = usize::try_from(at.0 + column as i32) else {
                continue;
            };
            if x >= canvas.width || alpha == 0 {
                continue;
            }
            let dot = &mut canvas.grey[y * canvas.width + x];
            match edges {
                Edges::Hard if alpha >= BLACK_FROM => *dot = (level * 255.0) as u8,
                Edges::Hard => {}
                Edges::Smooth => {
                    let alpha = f32::from(alpha) / 255.0;
                    let mixed = f32::from(*dot) * (1.0 - alpha) + level * 255.0 * alpha;
                    *dot = mixed.round() as u8;
                }
            }
        }
    }
}
