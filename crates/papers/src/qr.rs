//! The QR code of a paper: modules only, no drawing.

use qrcode::{Color, EcLevel, QrCode};

use crate::PaperError;

/// Widest code a paper carries, in modules a side (version 15): printed on the A5 form a module is
/// then still 0.27 mm, which hand scanners and telephones read.
const MAX_MODULES: usize = 77;
/// Bytes a version-15 code holds at error-correction level M.
const MAX_TEXT_BYTES: usize = 412;
/// Quiet zone around the code, in modules, as the standard asks.
pub(crate) const QUIET_MODULES: usize = 4;

/// A square of modules, without its quiet zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct QrModules {
    side: usize,
    dark: Vec<bool>,
}

impl QrModules {
    /// Encodes `text` at level M.
    ///
    /// # Errors
    /// [`PaperError::QrTooLong`] beyond what the size on paper can carry.
    pub(crate) fn encode(text: &str) -> Result<Self, PaperError> {
        let too_long = || PaperError::QrTooLong {
            len_bytes: text.len(),
            max_bytes: MAX_TEXT_BYTES,
        };
        let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M)
            .map_err(|_| too_long())?;
        if code.width() > MAX_MODULES {
            return Err(too_long());
        }
        let side = code.width();
        let dark = code
            .into_colors()
            .into_iter()
            .map(|color| color == Color::Dark)
            .collect();
        Ok(Self { side, dark })
    }

    /// Modules a side with the quiet zone on both.
    pub(crate) const fn outer_side(&self) -> usize {
        self.side + 2 * QUIET_MODULES
    }

    /// Horizontal runs of dark modules: (column, row, length).
    pub(crate) fn dark_runs(&self) -> impl Iterator<Item = (usize, usize, usize)> + '_ {
        self.dark
            .chunks(self.side)
            .enumerate()
            .flat_map(|(row, modules)| {
                let mut runs = Vec::new();
                let mut start = None;
                for (column, dark) in modules.iter().chain(std::iter::once(&false)).enumerate() {
                    match (start, dark) {
                        (None, true) => start = Some(column),
                        (Some(first), false) => {
                            runs.push((first, row, column - first));
                            start = None;
                        }
                        _ => {}
                    }
                }
                runs
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dossier_code_fits_a_small_square() {
        let code = QrModules::encode("H56.6.17-261123-0042").expect("short");
        assert!(code.side <= 29, "{}", code.side);
        let dark: usize = code.dark_runs().map(|(_, _, length)| length).sum();
        assert_eq!(dark, code.dark.iter().filter(|dark| **dark).count());
    }

    #[test]
    fn a_text_longer_than_the_paper_can_carry_is_refused_with_the_limit() {
        let text = "x".repeat(MAX_TEXT_BYTES);
        assert_eq!(QrModules::encode(&text).expect("fits").side, MAX_MODULES);
        let text = "x".repeat(MAX_TEXT_BYTES + 1);
        assert_eq!(
            QrModules::encode(&text),
            Err(PaperError::QrTooLong {
                len_bytes: 413,
                max_bytes: 412
            })
        );
    }
}
