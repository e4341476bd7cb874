//! A font cut down to the glyphs of one document, without its grid-fitting instructions.
//!
//! The subsetter keeps the instructions, which are half of such a small font and serve only
//! low-resolution screens; printers never run them. Taking them out keeps the form under its
//! 60 KB. Format: OpenType specification, tables `glyf`, `loca`, `head`.

use subsetter::GlyphRemapper;

/// Bytes before the table records of a font file.
const HEADER_BYTES: usize = 12;
/// Bytes of one table record.
const RECORD_BYTES: usize = 16;
/// Bytes of a glyph before its outline: contour count and bounding box.
const GLYPH_HEADER_BYTES: usize = 10;
/// Place of `indexToLocFormat` in `head`.
const LOCA_FORMAT_AT: usize = 50;
/// Tables that only instructions use.
const INSTRUCTION_TABLES: [&[u8; 4]; 3] = [b"cvt ", b"fpgm", b"prep"];

/// Flags of a part of a composite glyph.
const WORDS: u16 = 0x0001;
const ONE_SCALE: u16 = 0x0008;
const MORE_PARTS: u16 = 0x0020;
const TWO_SCALES: u16 = 0x0040;
const MATRIX: u16 = 0x0080;
const INSTRUCTIONS: u16 = 0x0100;

/// A font that cannot be cut down: a damaged program file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SubsetError {
    /// The subsetter does not take it.
    #[error("{0}")]
    Font(#[from] subsetter::Error),
    /// Its tables are not laid out as the specification says.
    #[error("unexpected table layout")]
    Layout,
}

/// Cuts `font` down to the glyphs of `remapper`, instructions removed.
///
/// # Errors
/// [`SubsetError`].
pub(crate) fn subset(font: &[u8], remapper: &GlyphRemapper) -> Result<Vec<u8>, SubsetError> {
    let small = subsetter::subset(font, 0, remapper)?;
    without_instructions(&small).ok_or(SubsetError::Layout)
}

fn without_instructions(font: &[u8]) -> Option<Vec<u8>> {
    let mut tables = read_tables(font)?;
    let head = find(&tables, b"head")?;
    let long_loca = u16_at(&head, LOCA_FORMAT_AT)? != 0;
    let offsets = read_loca(&find(&tables, b"loca")?, long_loca)?;
    let glyf = find(&tables, b"glyf")?;
    let mut outlines = Vec::with_capacity(glyf.len());
    let mut starts = vec![0_u32];
    for pair in offsets.windows(2) {
        outlines.extend(bare_glyph(glyf.get(pair[0]..pair[1])?)?);
        outlines.resize(outlines.len().next_multiple_of(4), 0);
        starts.push(u32::try_from(outlines.len()).ok()?);
    }
    let mut loca: Vec<u8> = starts
        .iter()
        .flat_map(|start| start.to_be_bytes())
        .collect();
    let mut head = head;
    head.get_mut(LOCA_FORMAT_AT..LOCA_FORMAT_AT + 2)?
        .copy_from_slice(&1_u16.to_be_bytes());
    tables.retain(|(tag, _)| !INSTRUCTION_TABLES.contains(&tag));
    for (tag, data) in &mut tables {
        match &*tag {
            b"glyf" => *data = std::mem::take(&mut outlines),
            b"loca" => *data = std::mem::take(&mut loca),
            b"head" => *data = std::mem::take(&mut head),
            _ => {}
        }
    }
    write_tables(font.get(..4)?, &tables)
}

type Table = ([u8; 4], Vec<u8>);

fn read_tables(font: &[u8]) -> Option<Vec<Table>> {
    let count = usize::from(u16_at(font, 4)?);
    (0..count)
        .map(|index| {
            let record = HEADER_BYTES + index * RECORD_BYTES;
            let tag = font.get(record..record + 4)?.try_into().ok()?;
            let start = u32_at(font, record + 8)?;
            let length = u32_at(font, record + 12)?;
            Some((tag, font.get(start..start.checked_add(length)?)?.to_vec()))
        })
        .collect()
}

fn find(tables: &[Table], wanted: &[u8; 4]) -> Option<Vec<u8>> {
    tables
        .iter()
        .find(|(tag, _)| tag == wanted)
        .map(|(_, data)| data.clone())
}

fn read_loca(loca: &[u8], long: bool) -> Option<Vec<usize>> {
    if long {
        (0..loca.len() / 4)
            .map(|index| u32_at(loca, index * 4))
            .collect()
    } else {
        (0..loca.len() / 2)
            .map(|index| u16_at(loca, index * 2).map(|half| usize::from(half) * 2))
            .collect()
    }
}

/// The glyph with an empty instruction list.
fn bare_glyph(glyph: &[u8]) -> Option<Vec<u8>> {
    if glyph.is_empty() {
        return Some(Vec::new());
    }
    let contours = u16_at(glyph, 0)?.cast_signed();
    match usize::try_from(contours) {
        Ok(contours) => bare_outline(glyph, contours),
        Err(_) => bare_composite(glyph),
    }
}

fn bare_outline(glyph: &[u8], contours: usize) -> Option<Vec<u8>> {
    let length_at = GLYPH_HEADER_BYTES + contours * 2;
    let length = usize::from(u16_at(glyph, length_at)?);
    let mut bare = glyph.get(..length_at)?.to_vec();
    bare.extend([0, 0]);
    bare.extend(glyph.get(length_at + 2 + length..)?);
    Some(bare)
}

fn bare_composite(glyph: &[u8]) -> Option<Vec<u8>> {
    let mut bare = glyph.to_vec();
    let mut at = GLYPH_HEADER_BYTES;
    loop {
        let flags = u16_at(glyph, at)?;
        bare.get_mut(at..at + 2)?
            .copy_from_slice(&(flags & !INSTRUCTIONS).to_be_bytes());
        let placement = if flags & WORDS == 0 { 2 } else { 4 };
        let scale = match flags & (ONE_SCALE | TWO_SCALES | MATRIX) {
            ONE_SCALE => 2,
            TWO_SCALES => 4,
            MATRIX => 8,
            _ => 0,
        };
        at += 4 + placement + scale;
        if flags & MORE_PARTS == 0 {
            bare.truncate(at);
            return Some(bare);
        }
    }
}

fn write_tables(version: &[u8], tables: &[Table]) -> Option<Vec<u8>> {
    let count = u16::try_from(tables.len()).ok()?;
    let log2 = count.checked_ilog2()?;
    let search = 16_u16 << log2;
    let mut font = version.to_vec();
    for value in [
        count,
        search,
        u16::try_from(log2).ok()?,
        count * 16 - search,
    ] {
        font.extend(value.to_be_bytes());
    }
    let mut offset = HEADER_BYTES + tables.len() * RECORD_BYTES;
    let mut body = Vec::new();
    for (tag, data) in tables {
        font.extend(tag);
        font.extend(checksum(data).to_be_bytes());
        font.extend(u32::try_from(offset).ok()?.to_be_bytes());
        font.extend(u32::try_from(data.len()).ok()?.to_be_bytes());
        body.extend(data);
        body.resize(body.len().next_multiple_of(4), 0);
        offset = HEADER_BYTES + tables.len() * RECORD_BYTES + body.len();
    }
    font.extend(body);
    Some(font)
}

/// Sum of the table's big-endian words, the last one padded with zeros.
fn checksum(data: &[u8]) -> u32 {
    data.chunks(4).fold(0, |sum: u32, word| {
        let mut padded = [0; 4];
        padded[..word.len()].copy_from_slice(word);
        sum.wrapping_add(u32::from_be_bytes(padded))
    })
}

fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(data.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(data: &[u8], at: usize) -> Option<usize> {
    let value = u32::from_be_bytes(data.get(at..at + 4)?.try_into().ok()?);
    usize::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use skrifa::instance::{LocationRef, Size};
    use skrifa::outline::DrawSettings;
    use skrifa::outline::pen::SvgPen;
    use skrifa::{FontRef, GlyphId, MetadataProvider};

    use super::*;
    use crate::font::{FaceId, Library};

    fn drawing(font: &FontRef<'_>, glyph: u16) -> String {
        let mut pen = SvgPen::new();
        let settings = DrawSettings::unhinted(Size::new(1000.0), LocationRef::default());
        let outline = font
            .outline_glyphs()
            .get(GlyphId::from(glyph))
            .expect("outline");
        outline.draw(settings, &mut pen).expect("drawn");
        pen.to_string()
    }

    #[test]
    fn letters_keep_their_shape_and_lose_their_instructions() {
        for id in FaceId::ALL {
            let face = Library::get().expect("fonts").face(id);
            let mut remapper = GlyphRemapper::new();
            let letters: Vec<(u16, u16)> = "Nguyễn Ỷ ẶẪỘỮ đ 0,"
                .chars()
                .filter_map(|ch| face.glyph(ch))
                .map(|glyph| (glyph, remapper.remap(glyph)))
                .collect();
            let small = subset(face.bytes, &remapper).expect("subset");
            let whole = FontRef::new(face.bytes).expect("whole font");
            let part = FontRef::new(&small).expect("subset font");
            for (old, new) in letters {
                assert_eq!(
                    drawing(&whole, old),
                    drawing(&part, new),
                    "{id:?} glyph {old}"
                );
            }
            let tables = read_tables(&small).expect("tables");
            assert!(
                INSTRUCTION_TABLES
                    .iter()
                    .all(|tag| find(&tables, tag).is_none())
            );
            let kept = subsetter::subset(face.bytes, 0, &remapper).expect("with instructions");
            assert!(
                small.len() < kept.len(),
                "{} of {}",
                small.len(),
                kept.len()
            );
        }
    }

    #[test]
    fn a_cut_off_font_is_refused() {
        assert_eq!(without_instructions(&[0, 1, 0, 0, 0, 9]), None);
        assert!(subset(b"no font", &GlyphRemapper::new()).is_err());
    }
}
