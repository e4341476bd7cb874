//! The calendar that ships with the product.

use super::days::Calendar;

const VIETNAM_2023_2026: &str = include_str!("../../../../data/calendar-vn-2023-2026.json");

impl Calendar {
    /// State bodies of Vietnam, 2023 to 2026. A newer edition is imported, not compiled in.
    ///
    /// # Panics
    /// Never in a build whose tests pass: the embedded file is part of the program text.
    pub fn vietnam() -> Calendar {
        Calendar::from_json(VIETNAM_2023_2026).expect("the embedded calendar is valid")
    }
}
