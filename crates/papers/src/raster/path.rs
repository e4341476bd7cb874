//! Shapes as outlines, and outlines as coverage of dots.

use ab_glyph_rasterizer::{Point, Rasterizer, point};
use skrifa::outline::OutlinePen;

/// Spare dots around a rasterised shape.
const MARGIN_DOTS: f32 = 2.0;

/// Coverage of a shape on the smallest grid of whole dots around it.
pub(super) struct Stamp {
    pub(super) left: i32,
    pub(super) top: i32,
    pub(super) width: usize,
    /// Rows from the top, 0 outside to 255 inside.
    pub(super) coverage: Vec<u8>,
}

#[derive(Clone, Copy)]
enum Segment {
    Line(Point, Point),
    Quad(Point, Point, Point),
    Cubic(Point, Point, Point, Point),
}

/// Closed outlines in dots, y downwards, filled by the non-zero rule.
#[derive(Default)]
pub(super) struct Path {
    segments: Vec<Segment>,
}

impl Path {
    pub(super) fn polygon(&mut self, corners: &[Point]) {
        for (index, &corner) in corners.iter().enumerate() {
            let next = corners[(index + 1) % corners.len()];
            self.segments.push(Segment::Line(corner, next));
        }
    }

    /// A segment with round ends; always the same winding, so that overlaps add up.
    pub(super) fn capsule(&mut self, from: Point, to: Point, radius: f32) {
        /// Cosine and sine of half a right angle.
        const DIAGONAL: f32 = std::f32::consts::FRAC_1_SQRT_2;
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        // The square root is exact on every machine; `hypot` is not.
        #[allow(clippy::imprecise_flops)]
        let length = (dx * dx + dy * dy).sqrt();
        let (ux, uy) = if length > 0.0 {
            (dx / length, dy / length)
        } else {
            (1.0, 0.0)
        };
        // A point around an end: `a` along and `b` across the direction of the segment.
        let at = |end: Point, a: f32, b: f32| {
            point(
                end.x + radius * (a * ux - b * uy),
                end.y + radius * (a * uy + b * ux),
            )
        };
        self.polygon(&[
            at(from, 0.0, -1.0),
            at(to, 0.0, -1.0),
            at(to, DIAGONAL, -DIAGONAL),
            at(to, 1.0, 0.0),
            at(to, DIAGONAL, DIAGONAL),
            at(to, 0.0, 1.0),
            at(from, 0.0, 1.0),
            at(from, -DIAGONAL, DIAGONAL),
            at(from, -1.0, 0.0),
            at(from, -DIAGONAL, -DIAGONAL),
        ]);
    }

    fn bounds(&self) -> Option<(Point, Point)> {
        let mut bounds: Option<(Point, Point)> = None;
        let mut add = |p: Point| {
            let (min, max) = bounds.unwrap_or((p, p));
            let min = point(min.x.min(p.x), min.y.min(p.y));
            bounds = Some((min, point(max.x.max(p.x), max.y.max(p.y))));
        };
        for segment in &self.segments {
            match *segment {
                Segment::Line(a, b) => [a, b].into_iter().for_each(&mut add),
                Segment::Quad(a, b, c) => [a, b, c].into_iter().for_each(&mut add),
                Segment::Cubic(a, b, c, d) => [a, b, c, d].into_iter().for_each(&mut add),
            }
        }
        bounds
    }
}

/// Turns a path into coverage. `rasterizer` is scratch memory, reused from shape to shape.
pub(super) fn rasterize(rasterizer: &mut Rasterizer, path: &Path) -> Stamp {
    let Some((min, max)) = path.bounds() else {
        return Stamp {
            left: 0,
            top: 0,
            width: 0,
            coverage: Vec::new(),
        };
    };
    let left = (min.x - MARGIN_DOTS).floor();
    let top = (min.y - MARGIN_DOTS).floor();
    let width = (max.x - left + MARGIN_DOTS).ceil() as usize;
    let height = (max.y - top + MARGIN_DOTS).ceil() as usize;
    rasterizer.reset(width, height);
    let local = |p: Point| point(p.x - left, p.y - top);
    for segment in &path.segments {
        match *segment {
            Segment::Line(a, b) => rasterizer.draw_line(local(a), local(b)),
            Segment::Quad(a, b, c) => rasterizer.draw_quad(local(a), local(b), local(c)),
            Segment::Cubic(a, b, c, d) => {
                rasterizer.draw_cubic(local(a), local(b), local(c), local(d));
            }
        }
    }
    let mut coverage = vec![0; width * height];
    rasterizer
        .for_each_pixel(|index, alpha| coverage[index] = (alpha.min(1.0) * 255.0).round() as u8);
    Stamp {
        left: left as i32,
        top: top as i32,
        width,
        coverage,
    }
}

/// Collects the outline of a glyph, turned and put in its place. Fonts count y upwards.
pub(super) struct GlyphPen {
    origin: Point,
    cos: f32,
    sin: f32,
    start: Point,
    last: Point,
    pub(super) path: Path,
}

impl GlyphPen {
    /// `direction` is the cosine and sine of the baseline's angle.
    pub(super) fn new(origin: Point, (cos, sin): (f32, f32)) -> Self {
        Self {
            origin,
            cos,
            sin,
            start: origin,
            last: origin,
            path: Path::default(),
        }
    }

    fn place(&self, x: f32, y: f32) -> Point {
        point(
            self.origin.x + x * self.cos - y * self.sin,
            self.origin.y - x * self.sin - y * self.cos,
        )
    }
}

impl OutlinePen for GlyphPen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.start = self.place(x, y);
        self.last = self.start;
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let to = self.place(x, y);
        self.path.segments.push(Segment::Line(self.last, to));
        self.last = to;
    }

    fn quad_to(&mut self, cx0: f32, cy0: f32, x: f32, y: f32) {
        let to = self.place(x, y);
        self.path
            .segments
            .push(Segment::Quad(self.last, self.place(cx0, cy0), to));
        self.last = to;
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        let to = self.place(x, y);
        let (c0, c1) = (self.place(cx0, cy0), self.place(cx1, cy1));
        self.path
            .segments
            .push(Segment::Cubic(self.last, c0, c1, to));
        self.last = to;
    }

    fn close(&mut self) {
        self.path
            .segments
            .push(Segment::Line(self.last, self.start));
        self.last = self.start;
    }
}
