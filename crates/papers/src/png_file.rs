//! PNG files of sheets: grey previews of pages, 1-bit images of slips.

use png::{BitDepth, ColorType, Compression, Encoder, PixelDimensions, Unit};

use crate::PaperError;

/// Millimetres in an inch times metres in a millimetre, for the resolution in the file.
const INCHES_PER_METRE: f32 = 39.370_08;

/// Writes `rows` of `depth` as a grey PNG with its resolution.
pub(crate) fn encode(
    (width, height): (u32, u32),
    depth: BitDepth,
    rows: &[u8],
    dpi: f32,
) -> Result<Vec<u8>, PaperError> {
    let damaged = |error: png::EncodingError| PaperError::Resource {
        name: "png",
        why: error.to_string(),
    };
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, width, height);
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(depth);
    encoder.set_compression(Compression::Balanced);
    let per_metre = (dpi * INCHES_PER_METRE).round() as u32;
    encoder.set_pixel_dims(Some(PixelDimensions {
        xppu: per_metre,
        yppu: per_metre,
        unit: Unit::Meter,
    }));
    let mut writer = encoder.write_header().map_err(damaged)?;
    writer.write_image_data(rows).map_err(damaged)?;
    writer.finish().map_err(damaged)?;
    Ok(bytes)
}
