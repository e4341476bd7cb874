//! PDF back end: a display list becomes a file through printpdf.
//!
//! Three things are done here rather than left to printpdf:
//! - **Subsets.** Without its layout engine printpdf embeds whole fonts; each font is cut down to
//!   the glyphs on the page before it is handed over, with the map from letters to the new glyph
//!   numbers, from which printpdf writes `/ToUnicode`. So the text is selectable and searchable.
//! - **Same record, same bytes.** printpdf numbers files at random and stamps them with a zone it
//!   was not told; the identifier and the dates are set from the record. Streams are compressed
//!   here by one named compressor: the one printpdf finds depends on what else the program links.
//! - **Language.** The catalogue says `vi`, for screen readers.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::DateTime;
use lopdf::StringFormat::Hexadecimal;
use lopdf::{Document, Object};
use miniz_oxide::deflate::compress_to_vec_zlib;
use printpdf::{
    Color, FontId, FontMetrics, FontType, Greyscale, Line as PdfLine, LineCapStyle,
    LineDashPattern, LineJoinStyle, LinePoint, Op, PaintMode, ParsedFont, PdfDocument, PdfFont,
    PdfFontHandle, PdfFontMetricsStub, PdfPage, PdfSaveOptions, Point, Polygon, PolygonRing, Pt,
    Rect, TextItem, TextMatrix, WindingOrder, to_lopdf_doc,
};
use sha2::{Digest, Sha256};
use subsetter::GlyphRemapper;

use crate::PaperError;
use crate::display::{Ink, Item, Sheet, TURN_COS, TURN_SIN};
use crate::font::{FaceId, Library};
use crate::qr::{QUIET_MODULES, QrModules};
use crate::subset::subset;
use crate::text::Line;

/// Line width of a dotted leader, in points.
const LEADER_WIDTH_PT: f32 = 0.6;
/// Dot and gap of a dotted leader, in points.
const LEADER_DASH_PT: [f32; 2] = [0.6, 2.0];
/// Letters before the `+` of a subset font's name, as ISO 32000-1 9.6.4 asks.
const SUBSET_TAG_LETTERS: usize = 6;

/// First version with everything used here; old printers' own PDF readers know it.
const PDF_VERSION: &str = "1.4";
/// Length of a file identifier.
const IDENTIFIER_BYTES: usize = 16;
/// Effort of the compressor, 0 to 10.
const DEFLATE_LEVEL: u8 = 8;

/// What the file says about itself.
pub(crate) struct Metadata<'a> {
    pub(crate) title: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) author: &'a str,
    /// Local time in Vietnam (UTC+7, no summer time).
    pub(crate) created_at: DateTime,
    /// Bytes that identify the record; the file identifier is their digest.
    pub(crate) fingerprint: &'a [u8],
}

/// Writes `sheets` (in points) as a PDF file.
pub(crate) fn write(sheets: &[Sheet], metadata: &Metadata<'_>) -> Result<Vec<u8>, PaperError> {
    let mut document = PdfDocument::new(metadata.title);
    document.metadata.info.subject = metadata.subject.to_owned();
    document.metadata.info.author = metadata.author.to_owned();
    document.metadata.info.creator = "Một Cửa".to_owned();
    document.metadata.info.producer = "Một Cửa".to_owned();
    for (face, characters) in used_characters(sheets) {
        let font = subset_font(face, &characters)?;
        document
            .resources
            .fonts
            .map
            .insert(font_id(face), PdfFont::new(font));
    }
    document.pages = sheets.iter().map(page).collect();
    save(&document, metadata)
}

fn save(document: &PdfDocument, metadata: &Metadata<'_>) -> Result<Vec<u8>, PaperError> {
    let mut warnings = Vec::new();
    let options = PdfSaveOptions {
        image_optimization: None,
        ..PdfSaveOptions::default()
    };
    let mut file = to_lopdf_doc(document, &options, &mut warnings);
    if let Some(warning) = warnings.first() {
        return Err(PaperError::Resource {
            name: "printpdf",
            why: format!("{warning:?}"),
        });
    }
    settle(&mut file, metadata).map_err(|error| unwritable(&error))?;
    compress(&mut file);
    let mut bytes = Vec::new();
    file.save_to(&mut bytes)
        .map_err(|error| unwritable(&error))?;
    Ok(bytes)
}

fn unwritable(error: &dyn std::fmt::Display) -> PaperError {
    PaperError::Resource {
        name: "printpdf",
        why: error.to_string(),
    }
}

/// Puts the record's own identifier, dates and language in place of what printpdf made up.
fn settle(file: &mut Document, metadata: &Metadata<'_>) -> lopdf::Result<()> {
    file.version = PDF_VERSION.to_owned();
    let digest = Sha256::digest(metadata.fingerprint);
    let identifier = Object::String(digest[..IDENTIFIER_BYTES].to_vec(), Hexadecimal);
    file.trailer.set("ID", vec![identifier.clone(), identifier]);
    let info = file.trailer.get(b"Info")?.as_reference()?;
    let info = file.get_dictionary_mut(info)?;
    let date = pdf_date(metadata.created_at);
    info.set("CreationDate", Object::string_literal(date.clone()));
    info.set("ModDate", Object::string_literal(date));
    for unused in [
        &b"GTS_PDFXVersion"[..],
        b"Identifier",
        b"Keywords",
        b"Trapped",
    ] {
        info.remove(unused);
    }
    file.catalog_mut()?
        .set("Lang", Object::string_literal("vi"));
    Ok(())
}

fn compress(file: &mut Document) {
    for object in file.objects.values_mut() {
        if let Object::Stream(stream) = object {
            let packed = compress_to_vec_zlib(&stream.content, DEFLATE_LEVEL);
            stream.set_content(packed);
            stream.dict.set("Filter", "FlateDecode");
        }
    }
}

/// `D:20261123091500+07'00'`.
fn pdf_date(at: DateTime) -> String {
    format!(
        "D:{:04}{:02}{:02}{:02}{:02}{:02}+07'00'",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

fn font_id(face: FaceId) -> FontId {
    FontId(face.postscript_name().replace('-', ""))
}

fn used_characters(sheets: &[Sheet]) -> BTreeMap<FaceId, BTreeSet<(char, u16)>> {
    let mut used: BTreeMap<FaceId, BTreeSet<(char, u16)>> = BTreeMap::new();
    let items = sheets.iter().flat_map(|sheet| &sheet.items);
    for item in items {
        if let Item::Text { line, .. } | Item::TurnedText { line, .. } = item {
            for run in &line.runs {
                let characters = used.entry(run.face).or_default();
                characters.extend(run.glyphs.iter().map(|glyph| (glyph.ch, glyph.id)));
            }
        }
    }
    used
}

/// The face cut down to `characters`, described the way printpdf needs it.
fn subset_font(id: FaceId, characters: &BTreeSet<(char, u16)>) -> Result<ParsedFont, PaperError> {
    let face = Library::get()?.face(id);
    let mut remapper = GlyphRemapper::new();
    let mut codepoint_to_glyph = BTreeMap::new();
    let mut glyph_widths = BTreeMap::new();
    let mut names = Sha256::new();
    for &(ch, glyph) in characters {
        let new = remapper.remap(glyph);
        codepoint_to_glyph.insert(u32::from(ch), new);
        // Advance widths are whole font units, well inside u16.
        glyph_widths.insert(new, face.advance_units(glyph) as u16);
        names.update(u32::from(ch).to_be_bytes());
    }
    let bytes = subset(face.bytes, &remapper).map_err(|why| PaperError::Resource {
        name: id.postscript_name(),
        why: why.to_string(),
    })?;
    let tag: String = names.finalize()[..SUBSET_TAG_LETTERS]
        .iter()
        .map(|byte| char::from(b'A' + byte % 26))
        .collect();
    let d = face.descriptor;
    Ok(ParsedFont {
        original_bytes: bytes,
        font_index: 0,
        font_name: Some(format!("{tag}+{}", id.postscript_name())),
        codepoint_to_glyph,
        glyph_widths,
        units_per_em: d.units_per_em,
        font_metrics: FontMetrics {
            ascent: d.ascent,
            descent: d.descent,
        },
        font_type: FontType::TrueType,
        pdf_font_metrics: PdfFontMetricsStub {
            units_per_em: d.units_per_em,
            x_min: d.bounds[0],
            y_min: d.bounds[1],
            x_max: d.bounds[2],
            y_max: d.bounds[3],
            caret_slope_rise: d.caret_slope.0,
            caret_slope_run: d.caret_slope.1,
            us_weight_class: d.weight_class,
        },
    })
}

fn page(sheet: &Sheet) -> PdfPage {
    let mut writer = PageWriter {
        height: sheet.height,
        ops: Vec::new(),
        ink: None,
    };
    for item in &sheet.items {
        writer.item(item);
    }
    let area = || Rect::from_wh(Pt(hundredth(sheet.width)), Pt(hundredth(sheet.height)));
    PdfPage {
        media_box: area(),
        trim_box: area(),
        crop_box: area(),
        ops: writer.ops,
    }
}

/// Coordinates carry two decimals: 1/7200 inch, finer than any printer.
fn hundredth(value: f32) -> f32 {
    (value * 100.0).round() / 100.0
}

struct PageWriter {
    height: f32,
    ops: Vec<Op>,
    ink: Option<Ink>,
}

impl PageWriter {
    fn item(&mut self, item: &Item) {
        match item {
            Item::Text { x, y, line, ink } => self.text(line, *ink, (*x, *y), (1.0, 0.0)),
            Item::TurnedText { x, y, line, ink } => {
                self.text(line, *ink, (*x, *y), (TURN_COS, TURN_SIN));
            }
            Item::Rule {
                x0,
                y0,
                x1,
                y1,
                width,
            } => {
                self.stroke(&[(*x0, *y0), (*x1, *y1)], *width, LineCapStyle::Butt, None);
            }
            Item::Leader { x0, x1, y } => {
                let points = [(*x0, *y), (*x1, *y)];
                let dash = LineDashPattern::new(0.0, &LEADER_DASH_PT);
                self.stroke(&points, LEADER_WIDTH_PT, LineCapStyle::Butt, Some(dash));
            }
            Item::Fill {
                x,
                y,
                width,
                height,
                ink,
            } => {
                self.fill_ink(*ink);
                let ring = self.ring(*x, *y, *width, *height);
                self.fill(vec![ring]);
            }
            Item::Qr {
                x,
                y,
                side,
                modules,
            } => self.qr(*x, *y, *side, modules),
            Item::Pen { points, width } => self.stroke(points, *width, LineCapStyle::Round, None),
        }
    }

    /// `direction` is the cosine and sine of the baseline's angle.
    fn text(&mut self, line: &Line, ink: Ink, at: (f32, f32), direction: (f32, f32)) {
        self.fill_ink(ink);
        self.ops.push(Op::StartTextSection);
        let (cos, sin) = direction;
        for run in &line.runs {
            let Some(first) = run.glyphs.first() else {
                continue;
            };
            let x = hundredth(at.0 + first.x * cos);
            let y = hundredth(self.height - at.1 + first.x * sin);
            let font = PdfFontHandle::External(font_id(run.face));
            self.ops.push(Op::SetFont {
                font,
                size: Pt(run.size),
            });
            self.ops.push(Op::SetTextMatrix {
                matrix: TextMatrix::Raw([cos, sin, -sin, cos, x, y]),
            });
            let text = run.glyphs.iter().map(|glyph| glyph.ch).collect();
            self.ops.push(Op::ShowText {
                items: vec![TextItem::Text(text)],
            });
        }
        self.ops.push(Op::EndTextSection);
    }

    fn stroke(
        &mut self,
        points: &[(f32, f32)],
        width: f32,
        cap: LineCapStyle,
        dash: Option<LineDashPattern>,
    ) {
        let points = points.iter().map(|&(x, y)| self.point(x, y)).collect();
        self.ops.push(Op::SaveGraphicsState);
        self.ops.push(Op::SetOutlineThickness {
            pt: Pt(hundredth(width)),
        });
        if cap == LineCapStyle::Round {
            self.ops.push(Op::SetLineCapStyle { cap });
            self.ops.push(Op::SetLineJoinStyle {
                join: LineJoinStyle::Round,
            });
        }
        if let Some(dash) = dash {
            self.ops.push(Op::SetLineDashPattern { dash });
        }
        self.ops.push(Op::DrawLine {
            line: PdfLine {
                points,
                is_closed: false,
            },
        });
        self.ops.push(Op::RestoreGraphicsState);
    }

    /// All modules in one path, so that no viewer shows seams between them.
    fn qr(&mut self, x: f32, y: f32, side: f32, modules: &QrModules) {
        let module = side / modules.outer_side() as f32;
        let quiet = QUIET_MODULES as f32 * module;
        let rings = modules
            .dark_runs()
            .map(|(column, row, length)| {
                let left = x + quiet + column as f32 * module;
                let top = y + quiet + row as f32 * module;
                self.ring(left, top, length as f32 * module, module)
            })
            .collect();
        self.fill_ink(Ink::Black);
        self.fill(rings);
    }

    fn fill(&mut self, rings: Vec<PolygonRing>) {
        self.ops.push(Op::DrawPolygon {
            polygon: Polygon {
                rings,
                mode: PaintMode::Fill,
                winding_order: WindingOrder::NonZero,
            },
        });
    }

    fn fill_ink(&mut self, ink: Ink) {
        if self.ink != Some(ink) {
            self.ink = Some(ink);
            let grey = Greyscale {
                percent: ink.level(),
                icc_profile: None,
            };
            self.ops.push(Op::SetFillColor {
                col: Color::Greyscale(grey),
            });
        }
    }

    fn ring(&self, x: f32, y: f32, width: f32, height: f32) -> PolygonRing {
        let corners = [
            (x, y),
            (x + width, y),
            (x + width, y + height),
            (x, y + height),
        ];
        PolygonRing {
            points: corners.into_iter().map(|(x, y)| self.point(x, y)).collect(),
        }
    }

    fn point(&self, x: f32, y: f32) -> LinePoint {
        let p = Point {
            x: Pt(hundredth(x)),
            y: Pt(hundredth(self.height - y)),
        };
        LinePoint { p, bezier: false }
    }
}
