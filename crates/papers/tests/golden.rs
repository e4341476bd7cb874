//! Golden papers: the same record gives the same bytes, and nobody changes a form by accident.
//!
//! For each record of `tests/cases`: digest, size and text of the PDF file, the pages at 100 dpi,
//! the dots of the slip. `UPDATE_GOLDEN=1` renews them.

mod common;

use std::fmt::Write;

use common::{RECEPTIONS, TICKETS, check_png, check_text, reception, text_of, ticket};
use motcua_papers::form01::{PageSize, render_pdf, render_png};
use motcua_papers::slip;
use sha2::{Digest, Sha256};

const PREVIEW_DPI: u32 = 100;

fn check_form(case: &str, size: PageSize, suffix: &str) {
    let record = reception(case);
    let pdf = render_pdf(&record, size).expect("a form");
    let pages = text_of(&pdf);
    let mut report = String::new();
    writeln!(report, "sha256 {}", hex::encode(Sha256::digest(&pdf))).expect("string");
    writeln!(report, "bytes {}", pdf.len()).expect("string");
    writeln!(report, "pages {}", pages.len()).expect("string");
    for (index, page) in pages.iter().enumerate() {
        writeln!(report, "\n== page {}\n{page}", index + 1).expect("string");
    }
    check_text(&format!("{case}-{suffix}.txt"), &report);
    for (index, png) in render_png(&record, size, PREVIEW_DPI)
        .expect("pages")
        .iter()
        .enumerate()
    {
        check_png(&format!("{case}-{suffix}-{}.png", index + 1), png);
    }
}

#[test]
fn forms_on_a5() {
    for case in RECEPTIONS {
        check_form(case, PageSize::A5, "a5");
    }
}

#[test]
fn forms_on_a4() {
    for case in ["birth", "long"] {
        check_form(case, PageSize::A4, "a4");
    }
}

#[test]
fn reception_slips() {
    for case in RECEPTIONS {
        let slip = slip::reception(&reception(case)).expect("a slip");
        check_png(
            &format!("{case}-slip.png"),
            &slip.to_png().expect("a PNG file"),
        );
    }
}

#[test]
fn queue_tickets() {
    for case in TICKETS {
        let slip = slip::ticket(&ticket(case)).expect("a ticket");
        check_png(&format!("{case}.png"), &slip.to_png().expect("a PNG file"));
    }
}
