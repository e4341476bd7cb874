//! An index over the words of many short texts, prepared once, asked at every key press.

/// One text that holds all words of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WordHit {
    /// The number of the text, in the order in which the texts were given.
    pub text: usize,
}

/// Words of numbered texts, sorted, so that a prefix is one range of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WordIndex {
    /// `(word, text)` in order of word, then text; no pair twice.
    entries: Vec<(String, usize)>,
}

impl WordIndex {
    /// Prepares the index. Each item is the list of words of one text (see [`super::words`]).
    pub fn new<'a>(texts: impl IntoIterator<Item = &'a [String]>) -> WordIndex {
        let mut entries: Vec<(String, usize)> = texts
            .into_iter()
            .enumerate()
            .flat_map(|(text, words)| words.iter().map(move |word| (word.clone(), text)))
            .collect();
        entries.sort();
        entries.dedup();
        WordIndex { entries }
    }

    /// Texts in which every word of the query begins some word, in the order of the texts.
    /// Nothing for an empty query.
    pub fn find(&self, query: &[String]) -> Vec<WordHit> {
        let mut ranges: Vec<&[(String, usize)]> = query.iter().map(|q| self.range(q)).collect();
        ranges.sort_by_key(|range| range.len());
        let Some((rarest, others)) = ranges.split_first() else {
            return Vec::new();
        };
        let mut texts = sorted_texts(rarest);
        for other in others {
            let also = sorted_texts(other);
            texts.retain(|text| also.binary_search(text).is_ok());
        }
        texts.into_iter().map(|text| WordHit { text }).collect()
    }

    fn range(&self, prefix: &str) -> &[(String, usize)] {
        let from = self
            .entries
            .partition_point(|(word, _)| word.as_str() < prefix);
        let count = self.entries[from..].partition_point(|(word, _)| word.starts_with(prefix));
        &self.entries[from..from + count]
    }
}

fn sorted_texts(range: &[(String, usize)]) -> Vec<usize> {
    let mut texts: Vec<usize> = range.iter().map(|(_, text)| *text).collect();
    texts.sort_unstable();
    texts.dedup();
    texts
}
