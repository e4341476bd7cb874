//! Vietnamese without marks, for displays that have only ASCII.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Takes the marks off; what still is not printable ASCII becomes `?`, control characters a space.
#[must_use]
pub fn fold(text: &str) -> String {
    text.nfd()
        .filter(|c| !is_combining_mark(*c))
        .map(|c| match c {
            'đ' => 'd',
            'Đ' => 'D',
            '–' | '—' | '‑' => '-',
            '“' | '”' => '"',
            '‘' | '’' => '\'',
            c if c.is_control() || c.is_whitespace() => ' ',
            c if c.is_ascii() => c,
            _ => '?',
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_vietnamese_letter_keeps_its_base() {
        let letters = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ";
        let folded = fold(letters);
        assert_eq!(
            folded,
            "aaaaaaaaaaaaaaaaaeeeeeeeeeeeiiiiiooooooooooooooooouuuuuuuuuuuyyyyyd"
        );
        assert_eq!(fold(&letters.to_uppercase()), folded.to_uppercase());
    }

    #[test]
    fn decomposed_text_folds_the_same() {
        let nfd: String = "Đặng Văn Ữ".nfd().collect();
        assert_eq!(fold(&nfd), "Dang Van U");
    }

    #[test]
    fn what_cannot_be_shown_is_a_question_mark() {
        assert_eq!(fold("số №7\t→"), "so ?7 ?");
    }
}
