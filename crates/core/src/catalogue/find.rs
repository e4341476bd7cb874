//! Finding a procedure as a clerk types: by code, by the last digits of a code, by words with or
//! without marks.

use jiff::civil::Date;

use super::procedure::Procedure;
use super::store::Catalogue;
use crate::text::{WordIndex, WordMatch, match_words, nfc, words};

/// Most answers to one question; nobody reads further.
pub const MAX_FOUND: usize = 50;
/// Longest question that is looked at, in characters.
const MAX_QUERY_CHARS: usize = 200;

/// How good an answer is; a smaller value is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// The code itself.
    Code,
    /// The beginning of the code, or its last digits.
    PartOfCode,
    /// Words of the name; see [`WordMatch`].
    Name(WordMatch),
    /// Words of the name together with sector and other words for it.
    Around(WordMatch),
}

/// Whether an answer can be used on the day of the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// In force.
    InForce,
    /// Comes into force later.
    NotYet,
    /// No longer in force.
    NoLonger,
}

/// One answer.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// The procedure: of several editions the one in force, else the one nearest to it.
    pub procedure: &'a Procedure,
    /// How good the answer is.
    pub rank: Rank,
    /// Whether it can be used.
    pub standing: Standing,
}

/// Words of every edition, prepared once.
#[derive(Clone, Debug)]
pub(super) struct FindIndex {
    entries: Vec<Entry>,
    index: WordIndex,
}

#[derive(Clone, Debug)]
struct Entry {
    /// Folded words of the name without the opening "thủ tục".
    name: Vec<String>,
    /// Lower-case name with its marks, to prefer what was typed with marks.
    marked: String,
    /// All folded words: name, sector, keywords.
    all: Vec<String>,
}

impl FindIndex {
    pub(super) fn new(procedures: &[Procedure]) -> FindIndex {
        let entries: Vec<Entry> = procedures.iter().map(Entry::of).collect();
        let index = WordIndex::new(entries.iter().map(|entry| entry.all.as_slice()));
        FindIndex { entries, index }
    }
}

impl Entry {
    fn of(procedure: &Procedure) -> Entry {
        let all_of_name = words(&procedure.name);
        let mut all = all_of_name.clone();
        all.extend(words(&procedure.sector));
        all.extend(procedure.keywords.iter().flat_map(|keyword| words(keyword)));
        let name = without_opening(all_of_name);
        Entry {
            name,
            marked: nfc(&procedure.name).to_lowercase(),
            all,
        }
    }

    fn rank(&self, query: &[String]) -> Option<Rank> {
        match_words(query, &self.name)
            .map(Rank::Name)
            .or_else(|| match_words(query, &self.all).map(Rank::Around))
    }
}

/// What orders the answers: usable ones first, then the better rank, then marks as typed, then the
/// shorter name, then the code.
type Order<'a> = (Standing, Rank, bool, usize, &'a str);

impl Catalogue {
    /// Procedures that answer what has been typed so far, best first, at most [`MAX_FOUND`], one
    /// edition of each. A question without letters and digits has no answers.
    pub fn find(&self, query: &str, day: Date) -> Vec<Found<'_>> {
        let query: String = query.chars().take(MAX_QUERY_CHARS).collect();
        let query = query.trim();
        let query_words = without_opening(words(query));
        if query_words.is_empty() {
            return Vec::new();
        }
        let mut answers = if looks_like_code(query) {
            self.by_code(query)
        } else {
            Vec::new()
        };
        if answers.is_empty() {
            answers = self.by_words(&query_words);
        }
        let marked = nfc(query).to_lowercase();
        let mut found: Vec<(Order<'_>, Found<'_>)> = self
            .one_edition_each(answers, day)
            .into_iter()
            .map(|(at, found)| (self.order(at, &marked, found), found))
            .collect();
        found.sort_by_key(|(order, _)| *order);
        found.truncate(MAX_FOUND);
        found.into_iter().map(|(_, found)| found).collect()
    }

    fn by_code(&self, query: &str) -> Vec<(usize, Rank)> {
        let rank = |code: &str| {
            if code == query {
                Some(Rank::Code)
            } else {
                (code.starts_with(query) || code.ends_with(query)).then_some(Rank::PartOfCode)
            }
        };
        let ranked = |(at, procedure): (usize, &Procedure)| {
            let whole = rank(procedure.code.as_str());
            Some((at, whole.or_else(|| rank(procedure.code.national()))?))
        };
        self.procedures()
            .iter()
            .enumerate()
            .filter_map(ranked)
            .collect()
    }

    fn by_words(&self, query: &[String]) -> Vec<(usize, Rank)> {
        let hits = self.index.index.find(query).into_iter();
        hits.filter_map(|hit| Some((hit.text, self.index.entries[hit.text].rank(query)?)))
            .collect()
    }

    /// Of several editions of a code, the one in force, else the one nearest to the day. Answers
    /// come in the order of the catalogue, so editions of a code stand together.
    fn one_edition_each(&self, answers: Vec<(usize, Rank)>, day: Date) -> Vec<(usize, Found<'_>)> {
        let mut kept: Vec<(usize, Found<'_>)> = Vec::new();
        for (at, rank) in answers {
            let procedure = &self.procedures()[at];
            let found = Found {
                procedure,
                rank,
                standing: standing(procedure, day),
            };
            match kept.last_mut() {
                Some(slot) if slot.1.procedure.code == procedure.code => {
                    if better_edition(&found, &slot.1) {
                        *slot = (at, found);
                    }
                }
                _ => kept.push((at, found)),
            }
        }
        kept
    }

    fn order<'a>(&'a self, at: usize, marked: &str, found: Found<'a>) -> Order<'a> {
        let name = &found.procedure.name;
        let other_marks = !self.index.entries[at].marked.contains(marked);
        (
            found.standing,
            found.rank,
            other_marks,
            name.len(),
            found.procedure.code.as_str(),
        )
    }
}

/// Words without the opening "thủ tục" that some names and some clerks put first, unless there is
/// nothing else.
fn without_opening(words: Vec<String>) -> Vec<String> {
    match words.as_slice() {
        [first, second, rest @ ..] if first == "thu" && second == "tuc" && !rest.is_empty() => {
            rest.to_vec()
        }
        _ => words,
    }
}

fn standing(procedure: &Procedure, day: Date) -> Standing {
    if procedure.is_in_force(day) {
        Standing::InForce
    } else if procedure.effective_from > day {
        Standing::NotYet
    } else {
        Standing::NoLonger
    }
}

/// In force before not yet before no longer; of those to come the earliest, of those gone the last.
fn better_edition(new: &Found<'_>, old: &Found<'_>) -> bool {
    let later = new.procedure.effective_from > old.procedure.effective_from;
    match new.standing.cmp(&old.standing) {
        std::cmp::Ordering::Less => true,
        std::cmp::Ordering::Greater => false,
        std::cmp::Ordering::Equal => later == (new.standing == Standing::NoLonger),
    }
}

/// Digits and full stops with at least one of each, or a run of digits, perhaps with a province's
/// addition.
fn looks_like_code(query: &str) -> bool {
    query.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && query
            .chars()
            .all(|c| c.is_ascii_digit() || c == '.' || c.is_ascii_uppercase())
}
