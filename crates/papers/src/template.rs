//! Templates: the words, sizes and legal basis of a paper, as data with a date from which they hold.
//!
//! A new circular is a new file here and one line in [`FORM01_FILES`]; a paper of last year still
//! renders with the template of last year, because the choice goes by the date of the record.

use std::sync::OnceLock;

use jiff::civil::Date;
use serde::Deserialize;

use crate::PaperError;

/// Templates of form 01, oldest first: file name and content.
const FORM01_FILES: [(&str, &str); 2] = [
    (
        "form01-2018.json",
        include_str!("../templates/form01-2018.json"),
    ),
    (
        "form01-2025.json",
        include_str!("../templates/form01-2025.json"),
    ),
];
/// The queue ticket is no legal form and has no date.
const TICKET_FILE: (&str, &str) = (
    "ticket-2026.json",
    include_str!("../templates/ticket-2026.json"),
);

/// The embedded templates.
#[derive(Debug)]
pub struct Templates {
    form01: Vec<Form01Template>,
    pub(crate) ticket: TicketLabels,
}

impl Templates {
    /// The templates in the program file, read once.
    ///
    /// # Errors
    /// [`PaperError::Resource`] when a template is damaged.
    pub fn get() -> Result<&'static Self, PaperError> {
        static TEMPLATES: OnceLock<Result<Templates, PaperError>> = OnceLock::new();
        TEMPLATES
            .get_or_init(Self::load)
            .as_ref()
            .map_err(PaperError::clone)
    }

    /// The template of form 01 in force on `date`.
    ///
    /// # Errors
    /// [`PaperError::NoTemplate`] before the first circular.
    pub fn for_date(&self, date: Date) -> Result<&Form01Template, PaperError> {
        self.form01
            .iter()
            .rev()
            .find(|template| template.effective_from <= date)
            .ok_or(PaperError::NoTemplate { form: "01", date })
    }

    fn load() -> Result<Self, PaperError> {
        let form01 = FORM01_FILES
            .into_iter()
            .map(|(name, text)| parse(name, text))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            form01,
            ticket: parse(TICKET_FILE.0, TICKET_FILE.1)?,
        })
    }
}

fn parse<T: for<'de> Deserialize<'de>>(name: &'static str, text: &str) -> Result<T, PaperError> {
    serde_json::from_str(text).map_err(|error| PaperError::Resource {
        name,
        why: error.to_string(),
    })
}

/// One edition of form 01.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form01Template {
    id: String,
    form: String,
    effective_from: Date,
    legal_basis: String,
    layout_note: String,
    pub(crate) pages: PageSpecs,
    pub(crate) labels: Labels,
    pub(crate) slip: SlipLabels,
}

impl Form01Template {
    /// Stable name of the edition, such as `form01-2025`; a dossier keeps it beside its slip.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Number of the form in its circular.
    #[must_use]
    pub fn form(&self) -> &str {
        &self.form
    }

    /// First day on which this edition is used.
    #[must_use]
    pub const fn effective_from(&self) -> Date {
        self.effective_from
    }

    /// Form number, annex and circular, as printed in the footer.
    #[must_use]
    pub fn legal_basis(&self) -> &str {
        &self.legal_basis
    }

    /// Where the layout comes from and what is uncertain about it.
    #[must_use]
    pub fn layout_note(&self) -> &str {
        &self.layout_note
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PageSpecs {
    pub(crate) a5: PageSpec,
    pub(crate) a4: PageSpec,
}

/// Measures of one page size, in points.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PageSpec {
    pub(crate) width_pt: f32,
    pub(crate) height_pt: f32,
    pub(crate) margin_left_pt: f32,
    pub(crate) margin_right_pt: f32,
    pub(crate) margin_top_pt: f32,
    pub(crate) margin_bottom_pt: f32,
    /// Distance of baselines; everything stands on multiples of half of it.
    pub(crate) baseline_pt: f32,
    pub(crate) body_pt: f32,
    pub(crate) table_pt: f32,
    pub(crate) table_head_pt: f32,
    pub(crate) small_pt: f32,
    pub(crate) heading_pt: f32,
    pub(crate) motto_pt: f32,
    pub(crate) title_pt: f32,
    pub(crate) code_pt: f32,
    /// Part of the width that the agency's side of the heading takes.
    pub(crate) heading_left_share: f32,
    /// Side of the QR code with its quiet zone.
    pub(crate) qr_side_pt: f32,
    /// Widths of the number column and the three count columns.
    pub(crate) table_columns_pt: [f32; 4],
    /// Lines left free for a signature.
    pub(crate) signature_lines: usize,
    /// The same when a page can be saved by it.
    pub(crate) signature_lines_tight: usize,
}

/// Declares a struct of texts read from a template file.
macro_rules! labels {
    ($(#[$doc:meta])* $name:ident { $($field:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $name {
            $(pub(crate) $field: String,)+
        }
    };
}

labels! {
    /// Words of form 01.
    Labels {
        nation, motto, title, code, receiver, owner, submitter, address, phone, email, id_number,
        request, procedure_code, papers, column_number, column_paper, column_count,
        column_originals, column_certified, column_copies, no_papers, sets, sets_unit, limit,
        received, due, no_due, return_place, fees, no_fees, fee_total, register,
        register_sequence, submitter_signature, clerk_signature, signature_hint, two_copies,
        questions, one_copy, reprint, reprint_by, version, version_note, practice, practice_note,
        continued, page,
    }
}

labels! {
    /// Words of the 80 mm slip that differ from the form.
    SlipLabels {
        procedure, papers, originals, certified, copies, sets, limit, received, due, no_due,
        return_place, clerk, keep,
    }
}

labels! {
    /// Words of the queue ticket.
    TicketLabels {
        number, counters, ahead, next, wait, wait_one, priority, taken, follow, closing,
        thanks, practice, practice_note,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_edition_goes_by_the_date_of_the_record() {
        let templates = Templates::get().expect("templates");
        let table = [
            (date(2025, 9, 14), "form01-2018"),
            (date(2025, 9, 15), "form01-2025"),
            (date(2031, 1, 1), "form01-2025"),
        ];
        for (day, id) in table {
            let template = templates.for_date(day).expect("in force");
            assert_eq!(template.id(), id);
            assert_eq!(template.form(), "01");
            assert!(template.effective_from() <= day);
        }
    }

    #[test]
    fn before_the_first_circular_there_is_no_form() {
        let templates = Templates::get().expect("templates");
        let day = date(2017, 5, 1);
        assert_eq!(
            templates.for_date(day).map(Form01Template::id),
            Err(PaperError::NoTemplate {
                form: "01",
                date: day
            })
        );
    }

    #[test]
    fn editions_are_listed_oldest_first_and_say_where_they_come_from() {
        let templates = Templates::get().expect("templates");
        assert!(
            templates
                .form01
                .is_sorted_by_key(Form01Template::effective_from)
        );
        for template in &templates.form01 {
            assert!(template.legal_basis().starts_with("Mẫu số 01"));
            assert!(!template.layout_note().is_empty());
        }
    }
}
