//! The practice catalogue that ships with the product.

use super::store::Catalogue;

const PRACTICE: &str = include_str!("../../../../data/practice-catalogue.json");

impl Catalogue {
    /// Common procedures of a commune, for practice and for a first day; an office imports its own.
    ///
    /// # Panics
    /// Never in a build whose tests pass: the embedded file is part of the program text.
    pub fn practice() -> Catalogue {
        Catalogue::from_json(PRACTICE).expect("the embedded catalogue is valid")
    }
}
