//! All procedures of an office, every edition, and the question what is in force.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::code::ProcedureCode;
use super::find::FindIndex;
use super::procedure::Procedure;

/// Most editions of procedures one catalogue holds; the national list has about 6,000 procedures.
pub const MAX_PROCEDURES: usize = 20_000;

/// Procedures with their editions. Immutable: a new edition is a new catalogue with another
/// version.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "CatalogueFile", into = "CatalogueFile")]
pub struct Catalogue {
    version: String,
    /// In order of code, then version.
    procedures: Vec<Procedure>,
    by_code: BTreeMap<ProcedureCode, Range<usize>>,
    pub(super) index: FindIndex,
}

/// A catalogue cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// Not the JSON of a catalogue.
    #[error("not a catalogue: {0}")]
    Json(#[from] serde_json::Error),
    /// Two procedures with the same code and version.
    #[error("{code} version {version} occurs twice")]
    Twice {
        /// The code.
        code: ProcedureCode,
        /// The version.
        version: u32,
    },
    /// Two editions are in force on the same day.
    #[error("versions {first} and {second} of {code} are in force at the same time")]
    Overlap {
        /// The code.
        code: ProcedureCode,
        /// The earlier version.
        first: u32,
        /// The later version.
        second: u32,
    },
    /// In force until a day before it comes into force.
    #[error("{0} ends before it begins")]
    Backwards(ProcedureCode),
    /// A row, paper or fee names a case that the procedure does not have.
    #[error("{code} has no case {case:?}")]
    UnknownCase {
        /// The code.
        code: ProcedureCode,
        /// The case that was named.
        case: String,
    },
    /// More than [`MAX_PROCEDURES`].
    #[error("a catalogue holds at most {MAX_PROCEDURES} editions")]
    TooMany,
}

/// A procedure cannot be taken under on that day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "code")]
pub enum NotInForce {
    /// It comes into force later.
    #[error("not in force before {from}")]
    NotYet {
        /// First day in force.
        from: Date,
    },
    /// It is no longer in force.
    #[error("in force until {to}")]
    NoLonger {
        /// Last day in force.
        to: Date,
        /// What takes its place.
        replaced_by: Option<ProcedureCode>,
    },
    /// The catalogue does not have it.
    #[error("not in the catalogue")]
    Unknown,
}

impl Catalogue {
    /// A catalogue of these editions.
    ///
    /// # Errors
    /// When editions contradict each other or themselves.
    pub fn new(version: String, procedures: Vec<Procedure>) -> Result<Catalogue, CatalogueError> {
        if procedures.len() > MAX_PROCEDURES {
            return Err(CatalogueError::TooMany);
        }
        let mut procedures = procedures;
        procedures.sort_by(|a, b| (&a.code, a.version).cmp(&(&b.code, b.version)));
        procedures.iter().try_for_each(check)?;
        check_editions(&procedures)?;
        let index = FindIndex::new(&procedures);
        let by_code = ranges(&procedures);
        Ok(Catalogue {
            version,
            procedures,
            by_code,
            index,
        })
    }

    /// Reads a catalogue from its JSON form (see `data/README.md`).
    ///
    /// # Errors
    /// When it is not JSON of that form or contradicts itself.
    pub fn from_json(text: &str) -> Result<Catalogue, CatalogueError> {
        serde_json::from_str::<CatalogueFile>(text)?.try_into()
    }

    /// Name of this edition of the catalogue.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Every edition, in order of code and version.
    pub fn procedures(&self) -> &[Procedure] {
        &self.procedures
    }

    /// Every edition of one procedure, oldest version first.
    pub fn editions(&self, code: &ProcedureCode) -> &[Procedure] {
        self.by_code
            .get(code)
            .map_or(&[], |range| &self.procedures[range.clone()])
    }

    /// One edition: what a dossier taken under it looks up.
    pub fn edition(&self, code: &ProcedureCode, version: u32) -> Option<&Procedure> {
        self.editions(code)
            .iter()
            .find(|procedure| procedure.version == version)
    }

    /// The edition in force on a day.
    ///
    /// # Errors
    /// When none is: not yet, no longer, or not in the catalogue.
    pub fn in_force(&self, code: &ProcedureCode, day: Date) -> Result<&Procedure, NotInForce> {
        let editions = self.editions(code);
        if let Some(procedure) = editions.iter().find(|p| p.is_in_force(day)) {
            return Ok(procedure);
        }
        let next = editions
            .iter()
            .map(|p| p.effective_from)
            .filter(|from| *from > day)
            .min();
        if let Some(from) = next {
            return Err(NotInForce::NotYet { from });
        }
        let ended = editions.iter().filter_map(|p| Some((p.effective_to?, p)));
        let last = ended.max_by_key(|(to, _)| *to);
        last.map_or(Err(NotInForce::Unknown), |(to, procedure)| {
            Err(NotInForce::NoLonger {
                to,
                replaced_by: procedure.replaced_by.clone(),
            })
        })
    }
}

fn check(procedure: &Procedure) -> Result<(), CatalogueError> {
    if procedure
        .effective_to
        .is_some_and(|to| to < procedure.effective_from)
    {
        return Err(CatalogueError::Backwards(procedure.code.clone()));
    }
    let named = procedure.limits.iter().filter_map(|row| row.case.as_ref());
    let named = named.chain(procedure.fees.iter().filter_map(|fee| fee.case.as_ref()));
    let mut named = named.chain(procedure.papers.iter().flat_map(|paper| &paper.cases));
    match named.find(|case| procedure.case(case).is_none()) {
        Some(case) => {
            let (code, case) = (procedure.code.clone(), case.to_string());
            Err(CatalogueError::UnknownCase { code, case })
        }
        None => Ok(()),
    }
}

/// Editions of one code, in order of version, follow each other in time without a common day.
fn check_editions(sorted: &[Procedure]) -> Result<(), CatalogueError> {
    for pair in sorted.windows(2) {
        let (a, b) = (&pair[0], &pair[1]);
        if a.code != b.code {
            continue;
        }
        let code = a.code.clone();
        if a.version == b.version {
            return Err(CatalogueError::Twice {
                code,
                version: a.version,
            });
        }
        if a.effective_to.is_none_or(|to| to >= b.effective_from) {
            return Err(CatalogueError::Overlap {
                code,
                first: a.version,
                second: b.version,
            });
        }
    }
    Ok(())
}

fn ranges(sorted: &[Procedure]) -> BTreeMap<ProcedureCode, Range<usize>> {
    let mut ranges: BTreeMap<ProcedureCode, Range<usize>> = BTreeMap::new();
    for (at, procedure) in sorted.iter().enumerate() {
        ranges
            .entry(procedure.code.clone())
            .and_modify(|r| r.end = at + 1)
            .or_insert(at..at + 1);
    }
    ranges
}

#[derive(Serialize, Deserialize)]
struct CatalogueFile {
    version: String,
    procedures: Vec<Procedure>,
}

impl TryFrom<CatalogueFile> for Catalogue {
    type Error = CatalogueError;

    fn try_from(file: CatalogueFile) -> Result<Catalogue, CatalogueError> {
        Catalogue::new(file.version, file.procedures)
    }
}

impl From<Catalogue> for CatalogueFile {
    fn from(catalogue: Catalogue) -> CatalogueFile {
        CatalogueFile {
            version: catalogue.version,
            procedures: catalogue.procedures,
        }
    }
}
