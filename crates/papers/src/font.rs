//! The embedded typefaces and what layout needs to know of them: which glyph a character has, how
//! wide it is, and its outline.
//!
//! Liberation Serif has the metrics of Times New Roman, which the forms are designed for; Noto Sans
//! carries the receipt-printer slips. Both hold every Vietnamese letter ready-made, so a text in
//! NFC needs no shaping: one character, one glyph. Letters written with a combining mark (some
//! names of the Central Highlands) are drawn by the mark's own zero-width glyph over the letter.
//!
//! Deliberately not here: kerning and ligatures. The forms are set as typed documents, and a
//! ligature would cost the searchability of the PDF.

use std::sync::OnceLock;

use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::outline::OutlineGlyphCollection;
use skrifa::raw::TableProvider;
use skrifa::{FontRef, GlyphId, MetadataProvider, charmap::Charmap};

use crate::PaperError;

/// One embedded face. The order is the order of fonts in a PDF.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum FaceId {
    SerifRegular,
    SerifBold,
    SerifItalic,
    SerifBoldItalic,
    SansRegular,
    SansBold,
}

impl FaceId {
    pub(crate) const ALL: [Self; 6] = [
        Self::SerifRegular,
        Self::SerifBold,
        Self::SerifItalic,
        Self::SerifBoldItalic,
        Self::SansRegular,
        Self::SansBold,
    ];

    /// PostScript name, as the PDF names the font.
    pub(crate) const fn postscript_name(self) -> &'static str {
        match self {
            Self::SerifRegular => "LiberationSerif",
            Self::SerifBold => "LiberationSerif-Bold",
            Self::SerifItalic => "LiberationSerif-Italic",
            Self::SerifBoldItalic => "LiberationSerif-BoldItalic",
            Self::SansRegular => "NotoSans-Regular",
            Self::SansBold => "NotoSans-Bold",
        }
    }

    const fn bytes(self) -> &'static [u8] {
        match self {
            Self::SerifRegular => {
                include_bytes!("../fonts/liberation-serif/LiberationSerif-Regular.ttf")
            }
            Self::SerifBold => include_bytes!("../fonts/liberation-serif/LiberationSerif-Bold.ttf"),
            Self::SerifItalic => {
                include_bytes!("../fonts/liberation-serif/LiberationSerif-Italic.ttf")
            }
            Self::SerifBoldItalic => {
                include_bytes!("../fonts/liberation-serif/LiberationSerif-BoldItalic.ttf")
            }
            Self::SansRegular => include_bytes!("../fonts/noto-sans/NotoSans-Regular.ttf"),
            Self::SansBold => include_bytes!("../fonts/noto-sans/NotoSans-Bold.ttf"),
        }
    }

    /// The face asked for a character this one does not have.
    const fn fallback(self) -> Option<Self> {
        match self {
            Self::SerifRegular | Self::SerifItalic => Some(Self::SansRegular),
            Self::SerifBold | Self::SerifBoldItalic => Some(Self::SansBold),
            Self::SansRegular => Some(Self::SerifRegular),
            Self::SansBold => Some(Self::SerifBold),
        }
    }
}

/// A parsed face.
pub(crate) struct Face {
    pub(crate) bytes: &'static [u8],
    pub(crate) outlines: OutlineGlyphCollection<'static>,
    pub(crate) descriptor: Descriptor,
    charmap: Charmap<'static>,
    units: GlyphMetrics<'static>,
}

/// Figures of a face that a PDF font descriptor repeats, in font units.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Descriptor {
    pub(crate) units_per_em: u16,
    pub(crate) ascent: i16,
    pub(crate) descent: i16,
    pub(crate) bounds: [i16; 4],
    pub(crate) caret_slope: (i16, i16),
    pub(crate) weight_class: u16,
}

impl Face {
    fn parse(id: FaceId) -> Result<Self, PaperError> {
        let bytes = id.bytes();
        let damaged = |error: &dyn std::fmt::Display| PaperError::Resource {
            name: id.postscript_name(),
            why: error.to_string(),
        };
        let font = FontRef::new(bytes).map_err(|e| damaged(&e))?;
        let head = font.head().map_err(|e| damaged(&e))?;
        let hhea = font.hhea().map_err(|e| damaged(&e))?;
        let descriptor = Descriptor {
            units_per_em: head.units_per_em(),
            ascent: hhea.ascender().to_i16(),
            descent: hhea.descender().to_i16(),
            bounds: [head.x_min(), head.y_min(), head.x_max(), head.y_max()],
            caret_slope: (hhea.caret_slope_rise(), hhea.caret_slope_run()),
            weight_class: font.os2().map_or(0, |os2| os2.us_weight_class()),
        };
        Ok(Self {
            bytes,
            outlines: font.outline_glyphs(),
            descriptor,
            charmap: font.charmap(),
            units: font.glyph_metrics(Size::unscaled(), LocationRef::default()),
        })
    }

    /// Glyph of a character, if this face draws it.
    pub(crate) fn glyph(&self, ch: char) -> Option<u16> {
        let id = self.charmap.map(ch)?;
        u16::try_from(id.to_u32()).ok().filter(|&id| id != 0)
    }

    /// Advance width in font units.
    pub(crate) fn advance_units(&self, glyph: u16) -> f32 {
        self.units
            .advance_width(GlyphId::from(glyph))
            .unwrap_or(0.0)
    }

    /// Advance width at `size` (points or dots), unrounded.
    pub(crate) fn advance(&self, glyph: u16, size: f32) -> f32 {
        self.advance_units(glyph) * size / f32::from(self.descriptor.units_per_em)
    }
}

/// All faces, parsed once for the life of the program.
pub(crate) struct Library {
    faces: Vec<Face>,
}

impl Library {
    /// The embedded faces.
    ///
    /// # Errors
    /// [`PaperError::Resource`] when a font in the program file is damaged.
    pub(crate) fn get() -> Result<&'static Self, PaperError> {
        static LIBRARY: OnceLock<Result<Library, PaperError>> = OnceLock::new();
        LIBRARY
            .get_or_init(Self::load)
            .as_ref()
            .map_err(PaperError::clone)
    }

    fn load() -> Result<Self, PaperError> {
        let faces = FaceId::ALL
            .into_iter()
            .map(Face::parse)
            .collect::<Result<_, _>>()?;
        Ok(Self { faces })
    }

    pub(crate) fn face(&self, id: FaceId) -> &Face {
        // `load` keeps one face per id, in the order of the enum.
        &self.faces[id as usize]
    }

    /// The face and glyph that draw `ch` when `wanted` is asked for.
    ///
    /// # Errors
    /// [`PaperError::MissingGlyph`] when neither the face nor its fallback has the character.
    pub(crate) fn find(&self, wanted: FaceId, ch: char) -> Result<(FaceId, u16), PaperError> {
        let mut candidate = Some(wanted);
        for _ in 0..2 {
            let Some(id) = candidate else { break };
            if let Some(glyph) = self.face(id).glyph(ch) {
                return Ok((id, glyph));
            }
            candidate = id.fallback();
        }
        Err(PaperError::MissingGlyph { character: ch })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The 67 small letters with marks that are not in ASCII, in the order of the alphabet and the
    /// five tones.
    const MARKED: &str = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ";

    #[test]
    fn every_face_draws_every_vietnamese_letter() {
        let library = Library::get().expect("fonts");
        assert_eq!(MARKED.chars().count(), 67);
        let letters: String = ('a'..='z').collect::<String>() + MARKED;
        let all = letters.clone() + &letters.to_uppercase() + "0123456789.,:;/()-–…“”₫%+@";
        for id in FaceId::ALL {
            for ch in all.chars() {
                let glyph = library.face(id).glyph(ch);
                assert!(glyph.is_some(), "{id:?} has no {ch:?} U+{:04X}", ch as u32);
            }
        }
    }

    #[test]
    fn serif_has_the_widths_of_times_new_roman() {
        // Advance widths of Times New Roman at 1000 units an em, regular and bold.
        let times = [
            ('A', 722, 722),
            ('n', 500, 556),
            ('0', 500, 500),
            ('i', 278, 278),
        ];
        let library = Library::get().expect("fonts");
        for (ch, regular, bold) in times {
            for (id, expected) in [(FaceId::SerifRegular, regular), (FaceId::SerifBold, bold)] {
                let face = library.face(id);
                let width = face.advance(face.glyph(ch).expect("glyph"), 1000.0);
                assert!(
                    (width - expected as f32).abs() < 1.0,
                    "{id:?} {ch}: {width}"
                );
            }
        }
    }

    #[test]
    fn figures_of_the_slip_face_have_one_width() {
        let library = Library::get().expect("fonts");
        let face = library.face(FaceId::SansBold);
        let widths: Vec<f32> = ('0'..='9')
            .map(|ch| face.advance_units(face.glyph(ch).expect("digit")))
            .collect();
        assert!(widths.iter().all(|w| *w == widths[0]), "{widths:?}");
    }

    #[test]
    fn a_missing_letter_is_named_and_a_rare_one_falls_back() {
        let library = Library::get().expect("fonts");
        assert_eq!(
            library.find(FaceId::SerifRegular, '😀'),
            Err(PaperError::MissingGlyph { character: '😀' })
        );
        assert!(library.find(FaceId::SerifBold, 'ĕ').is_ok());
    }
}
