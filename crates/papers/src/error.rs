//! Why a paper could not be made. Every variant is about the record, never about the machine:
//! trying again with the same record gives the same error.

/// A paper that cannot be made from this record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PaperError {
    /// A field the form must carry is empty. Printing the form without it would be a false paper.
    #[error("the field `{field}` is empty")]
    EmptyField {
        /// Name of the field as in the record.
        field: &'static str,
    },
    /// A letter that none of the embedded fonts can draw. It is refused rather than replaced: a
    /// name with a box in it is another name.
    #[error("no font has the character {character:?} (U+{:04X})", *character as u32)]
    MissingGlyph {
        /// The character as it stands in the record after normalisation to NFC.
        character: char,
    },
    /// No template of this form is in force on the date of the record.
    #[error("no template of form {form} is in force on {date}")]
    NoTemplate {
        /// Form number, such as `01`.
        form: &'static str,
        /// Date of the record.
        date: jiff::civil::Date,
    },
    /// The text of the QR code is longer than a code of the printable size can hold.
    #[error("the QR text has {len_bytes} bytes, the code on this paper holds {max_bytes}")]
    QrTooLong {
        /// Length of the text.
        len_bytes: usize,
        /// Longest text this paper's code can carry.
        max_bytes: usize,
    },
    /// A number outside what the paper can show, such as a preview resolution of 0.
    #[error("`{field}` is {value}, allowed {min} to {max}")]
    OutOfRange {
        /// Name of the field or argument.
        field: &'static str,
        /// What was given.
        value: u64,
        /// Smallest allowed value.
        min: u64,
        /// Largest allowed value.
        max: u64,
    },
    /// A pen coordinate of a signature that is not a finite number between 0 and 1, or an aspect
    /// that is not positive.
    #[error("the signature holds a coordinate outside 0 to 1")]
    BadSignature,
    /// A heading or a signature block taller than a page.
    #[error("the content of `{field}` does not fit a page")]
    DoesNotFit {
        /// Which part of the paper.
        field: &'static str,
    },
    /// An embedded font or template is damaged. Tests read every one of them, so this is a
    /// damaged program file.
    #[error("embedded resource `{name}` is damaged: {why}")]
    Resource {
        /// File name of the resource.
        name: &'static str,
        /// What is wrong with it.
        why: String,
    },
}

impl PaperError {
    /// Stable code of the error, for the message catalogue of the screens.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::EmptyField { .. } => "paper_empty_field",
            Self::MissingGlyph { .. } => "paper_missing_glyph",
            Self::NoTemplate { .. } => "paper_no_template",
            Self::QrTooLong { .. } => "paper_qr_too_long",
            Self::OutOfRange { .. } => "paper_out_of_range",
            Self::BadSignature => "paper_bad_signature",
            Self::DoesNotFit { .. } => "paper_does_not_fit",
            Self::Resource { .. } => "paper_damaged_resource",
        }
    }
}
