//! The layout of the form holds to its grid and its margins, whatever a record says.

use proptest::prelude::*;

use super::compose::sheets;
use super::{CopiesState, Office, PaperLine, Reception};
use crate::display::Item;
use crate::flow::LINE_UNITS;
use crate::template::{Form01Template, PageSpec, Templates};

/// Layout arithmetic slack, in points.
const SLACK_PT: f32 = 0.05;
/// Longest name of a person or an office tried here.
const SHORT_NAME_LETTERS: usize = 180;

fn record(words: &[String], papers: usize) -> Reception {
    let take = |count: usize| -> String {
        words
            .iter()
            .cycle()
            .take(count)
            .cloned()
            .collect::<Vec<_>>()
            .join(" ")
    };
    // Headings and signatures are never divided, so these names stay within a page.
    let short = |count: usize| {
        take(count)
            .chars()
            .take(SHORT_NAME_LETTERS)
            .collect::<String>()
    };
    let papers = (0..papers)
        .map(|index| PaperLine {
            name: take(1 + index * 7 % 40),
            originals: index as u32,
            certified: 0,
            copies: 120,
        })
        .collect();
    Reception {
        office: Office {
            agency: short(5),
            name: short(9),
            place: short(3),
            phone: Some("0200 3800 017".to_owned()),
        },
        code: "H56.6.17-261123-0042".to_owned(),
        qr_text: "H56.6.17-261123-0042".to_owned(),
        receiver: take(12),
        owner_name: short(8),
        submitter_name: Some(short(4)),
        address: Some(take(30)),
        phone: Some("0900 000 142".to_owned()),
        email: Some(take(2).replace(' ', "@")),
        id_number: None,
        procedure_name: take(40),
        procedure_code: "1.001193".to_owned(),
        papers,
        set_count: 1,
        limit_text: take(4),
        received_at: jiff::civil::date(2026, 11, 23).at(9, 15, 0, 0),
        due_at: Some(jiff::civil::date(2026, 11, 25).at(17, 0, 0, 0)),
        due_note: Some(take(25)),
        return_place: take(20),
        fees: Vec::new(),
        register: None,
        clerk_name: short(6),
        signature: None,
        copies: CopiesState::OneCopy,
        reprint: None,
        practice: false,
        version: 1,
    }
}

fn specs(template: &Form01Template) -> [&PageSpec; 2] {
    [&template.pages.a5, &template.pages.a4]
}

fn template() -> &'static Form01Template {
    let day = jiff::civil::date(2026, 11, 23);
    Templates::get()
        .and_then(|all| all.for_date(day))
        .expect("template")
}

#[test]
fn lines_stand_on_the_baseline_grid() {
    let words = ["Bản", "Mây", "Ặng", "Ộ"].map(str::to_owned);
    for spec in specs(template()) {
        let sheets = sheets(&record(&words, 3), template(), spec).expect("form");
        let unit = spec.baseline_pt / LINE_UNITS as f32;
        let body = sheets
            .iter()
            .flat_map(|sheet| &sheet.items)
            .filter_map(|item| match item {
                Item::Text { y, line, .. } => {
                    let size = line.runs.iter().map(|run| run.size).fold(0.0, f32::max);
                    ([spec.body_pt, spec.table_pt].contains(&size)).then_some(*y)
                }
                _ => None,
            });
        let mut count = 0;
        for y in body {
            let steps = (y - spec.margin_top_pt - 0.8 * spec.baseline_pt) / unit;
            assert!(
                (steps - steps.round()).abs() < 0.01,
                "{y} is {steps} half lines down"
            );
            count += 1;
        }
        assert!(count > 20, "{count} lines");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever is written in a record, nothing leaves the margins.
    #[test]
    fn nothing_is_set_outside_the_margins(
        words in proptest::collection::vec("[a-zđàáảẫộữỷA-ZĐẶẪỘỮ.,/-]{1,60}", 1..12),
        papers in 0_usize..40,
    ) {
        let record = record(&words, papers);
        for spec in specs(template()) {
            let left = spec.margin_left_pt - SLACK_PT;
            let right = spec.width_pt - spec.margin_right_pt + SLACK_PT;
            for sheet in sheets(&record, template(), spec).expect("form") {
                for item in &sheet.items {
                    if let Item::Text { x, y, line, .. } = item {
                        prop_assert!(*x >= left && x + line.width <= right, "{line:?}");
                        prop_assert!(*y > 0.0 && *y <= spec.height_pt - spec.margin_bottom_pt);
                    }
                }
            }
        }
    }
}
