//! The form from top to bottom: heading, title, items 1 to 6, register, notes, signatures.

use crate::PaperError;
use crate::display::{Ink, Item, Sheet, TURN_COS, TURN_SIN};
use crate::flow::{self, Block, Frame, LINE_UNITS};
use crate::form01::fields::{Column, centred_item};
use crate::form01::{CopiesState, Reception, signatures, table};
use crate::qr::{QUIET_MODULES, QrModules};
use crate::template::{Form01Template, Labels, PageSpec};
use crate::text::{Linear, Span, Style, Typesetter};
use crate::{wording, words};

/// Thickness of the rules of the heading, in points.
const HEADING_RULE_PT: f32 = 0.6;
/// Distance of the rules of the heading below their baseline, as a part of the baseline step.
const HEADING_RULE_DROP_SHARE: f32 = 0.38;
/// Length of the rule under the agency, as a part of its text.
const AGENCY_RULE_SHARE: f32 = 0.4;
/// Space between the two sides of the heading, in points.
const HEADING_GAP_PT: f32 = 8.0;
/// Part of the width for the owner's name beside the submitter's.
const OWNER_SHARE: f32 = 0.6;
/// Part of the width for the telephone number beside the e-mail address.
const PHONE_SHARE: f32 = 0.45;
/// Part of the page's height that the practice watermark covers.
const WATERMARK_SHARE: f32 = 0.62;
/// Height of capitals, as a part of the size.
const CAP_HEIGHT_SHARE: f32 = 0.66;

/// Lays out the whole form on pages of `spec`.
///
/// A form that just runs over is set again with less room for signatures; when that does not save
/// a page, the roomy version stands.
pub(super) fn sheets(
    record: &Reception,
    template: &Form01Template,
    spec: &PageSpec,
) -> Result<Vec<Sheet>, PaperError> {
    let roomy = sheets_with(record, template, spec, spec.signature_lines)?;
    if roomy.len() == 1 {
        return Ok(roomy);
    }
    let tight = sheets_with(record, template, spec, spec.signature_lines_tight)?;
    Ok(if tight.len() < roomy.len() {
        tight
    } else {
        roomy
    })
}

fn sheets_with(
    record: &Reception,
    template: &Form01Template,
    spec: &PageSpec,
    signature_lines: usize,
) -> Result<Vec<Sheet>, PaperError> {
    let labels = &template.labels;
    let setter = Typesetter::new(&Linear)?;
    let mut column = Column::new(spec, &setter);
    heading(&mut column, record, labels)?;
    title(&mut column, record, labels)?;
    person(&mut column, record, labels)?;
    papers(&mut column, record, labels)?;
    items(&mut column, record, labels)?;
    foot(&mut column, record, labels, signature_lines)?;

    let unit = spec.baseline_pt / LINE_UNITS as f32;
    let usable = spec.height_pt - spec.margin_top_pt - spec.margin_bottom_pt - spec.baseline_pt;
    let frame = Frame {
        width: spec.width_pt,
        height: spec.height_pt,
        top: spec.margin_top_pt,
        unit,
        capacity_units: (usable / unit).floor() as usize,
        continuation: continuation(&column, record, labels)?,
    };
    let parts = std::mem::take(&mut column.parts);
    let mut sheets = flow::paginate(parts, &frame)?;
    finish_pages(&mut sheets, &column, record, template)?;
    Ok(sheets)
}

/// Left the agency, right the national heading with the date.
fn heading(column: &mut Column<'_>, record: &Reception, labels: &Labels) -> Result<(), PaperError> {
    let spec = column.spec;
    let plain = Style::serif(spec.heading_pt);
    let motto_style = Style::serif(spec.motto_pt).bold();
    let left_width = column.width() * spec.heading_left_share;
    let left_middle = column.left() + left_width / 2.0;
    let right_middle = (column.left() + left_width + HEADING_GAP_PT + column.right()) / 2.0;
    let drop = spec.baseline_pt * HEADING_RULE_DROP_SHARE;
    let mut items = Vec::new();

    let mut row = 0;
    let mut last_width = 0.0;
    let agency = [
        (&record.office.agency, plain),
        (&record.office.name, plain.bold()),
    ];
    for (text, style) in agency {
        let spans = [Span::new(text.to_uppercase(), style)];
        for line in column.setter.wrap_even(&spans, left_width)? {
            last_width = line.width;
            items.push(centred_item(line, left_middle, column.baseline(row)));
            row += 1;
        }
    }
    let y = column.baseline(row - 1) + drop;
    items.push(centred_rule(left_middle, last_width * AGENCY_RULE_SHARE, y));

    let nation = column
        .setter
        .line(&[Span::new(&labels.nation, plain.bold())])?;
    let motto = column
        .setter
        .line(&[Span::new(&labels.motto, motto_style)])?;
    items.push(centred_rule(
        right_middle,
        motto.width,
        column.baseline(1) + drop,
    ));
    items.push(centred_item(nation, right_middle, column.baseline(0)));
    items.push(centred_item(motto, right_middle, column.baseline(1)));
    let date = words::date_words(record.received_at.date());
    let place = &record.office.place;
    let date = if place.is_empty() {
        date
    } else {
        format!("{place}, {date}")
    };
    let date_style = Style::serif(spec.motto_pt).italic();
    let right_width = column.width() - left_width - HEADING_GAP_PT;
    let dates = column
        .setter
        .wrap_even(&[Span::new(date, date_style)], right_width)?;
    let date_row = 3;
    let rows = row.max(date_row + dates.len());
    for (index, line) in dates.into_iter().enumerate() {
        items.push(centred_item(
            line,
            right_middle,
            column.baseline(date_row + index),
        ));
    }
    column.push(Block::new(rows * LINE_UNITS, items).about("office").kept());
    Ok(())
}

fn centred_rule(middle: f32, length: f32, y: f32) -> Item {
    Item::Rule {
        x0: middle - length / 2.0,
        y0: y,
        x1: middle + length / 2.0,
        y1: y,
        width: HEADING_RULE_PT,
    }
}

/// The name of the form and the marks that say what kind of copy this is.
fn title(column: &mut Column<'_>, record: &Reception, labels: &Labels) -> Result<(), PaperError> {
    column.gap(LINE_UNITS);
    column.centred(&labels.title, Style::serif(column.spec.title_pt).bold())?;
    for mark in wording::marks(record, labels) {
        column.centred(&mark, Style::serif(column.spec.table_pt).bold())?;
    }
    column.gap(1);
    Ok(())
}

/// Code, receiver, the people and the request, with the QR code at their right.
fn person(column: &mut Column<'_>, record: &Reception, labels: &Labels) -> Result<(), PaperError> {
    add_qr(column, record)?;
    let body = column.body();
    let code_style = Style::serif(column.spec.code_pt).bold();
    column.field(&labels.code, Some(&record.code), code_style)?;
    column.field(&labels.receiver, Some(&record.receiver), body)?;
    let owner = (
        labels.owner.as_str(),
        Some(record.owner_name.as_str()),
        body.bold(),
    );
    match record.submitter_name.as_deref() {
        None => column.field(owner.0, owner.1, owner.2)?,
        submitter => {
            column.field_pair([owner, (&labels.submitter, submitter, body)], OWNER_SHARE)?;
        }
    }
    column.field(&labels.address, record.address.as_deref(), body)?;
    column.field_pair(
        [
            (&labels.phone, record.phone.as_deref(), body),
            (&labels.email, record.email.as_deref(), body),
        ],
        PHONE_SHARE,
    )?;
    column.field(&labels.id_number, record.id_number.as_deref(), body)?;
    let request = wording::request(record, labels);
    column.field(&labels.request, Some(&request), body)
}

/// The code at the right margin: its dark modules end on the margin, its quiet zone outside.
fn add_qr(column: &mut Column<'_>, record: &Reception) -> Result<(), PaperError> {
    let modules = QrModules::encode(&record.qr_text)?;
    let side = column.spec.qr_side_pt;
    let quiet = side * QUIET_MODULES as f32 / modules.outer_side() as f32;
    let caps = column.spec.code_pt * CAP_HEIGHT_SHARE;
    let x = column.right() - side + quiet;
    let y = column.baseline(0) - caps - quiet;
    column.inset(side - quiet, y + side);
    column.push(
        Block::new(
            0,
            vec![Item::Qr {
                x,
                y,
                side,
                modules,
            }],
        )
        .kept(),
    );
    Ok(())
}

fn papers(column: &mut Column<'_>, record: &Reception, labels: &Labels) -> Result<(), PaperError> {
    let style = column.body();
    let line = column.setter.line(&[Span::new(&labels.papers, style)])?;
    let y = column.baseline(0);
    let item = Item::Text {
        x: column.left(),
        y,
        line,
        ink: Ink::Black,
    };
    column.push(Block::new(LINE_UNITS, vec![item]).kept());
    table::add(column, &record.papers, labels)
}

/// Items 2 to 6, fees and register.
fn items(column: &mut Column<'_>, record: &Reception, labels: &Labels) -> Result<(), PaperError> {
    let body = column.body();
    let sets = format!("{} ({})", words::count(record.set_count), labels.sets_unit);
    column.field(&labels.sets, Some(&sets), body)?;
    column.field(&labels.limit, Some(&record.limit_text), body)?;
    let received = words::moment_words(record.received_at);
    column.field(&labels.received, Some(&received), body)?;
    let due = record.due_at.map(words::moment_words);
    let style = if due.is_some() { body.bold() } else { body };
    column.field(
        &labels.due,
        Some(due.as_deref().unwrap_or(&labels.no_due)),
        style,
    )?;
    if let Some(note) = &record.due_note {
        let style = Style::serif(column.spec.table_pt).italic();
        column.note(&[Span::new(format!("({note})"), style)])?;
    }
    column.field(&labels.return_place, Some(&record.return_place), body)?;
    column.keep_rest_together();
    column.field(
        &labels.fees,
        Some(&wording::fees(&record.fees, labels)),
        body,
    )?;
    if let Some(entry) = &record.register {
        column.paragraph(&[Span::new(wording::register(entry, labels), body)])?;
    }
    Ok(())
}

/// The note on the only copy, the signatures, and what the citizen does with the paper.
fn foot(
    column: &mut Column<'_>,
    record: &Reception,
    labels: &Labels,
    signature_lines: usize,
) -> Result<(), PaperError> {
    let small = Style::serif(column.spec.table_pt);
    if record.copies == CopiesState::OneCopy {
        column.paragraph(&[Span::new(&labels.one_copy, small.bold())])?;
    }
    column.gap(1);
    signatures::add(column, record, labels, signature_lines)?;
    column.gap(1);
    let style = Style::serif(column.spec.table_pt - 1.0).italic();
    column.centred(&labels.two_copies, style)
}

/// Line at the top of later pages.
fn continuation(
    column: &Column<'_>,
    record: &Reception,
    labels: &Labels,
) -> Result<Block, PaperError> {
    let body = column.body();
    let spans = [
        Span::new(format!("{}: ", labels.code), body),
        Span::new(&record.code, body.bold()),
        Span::new(format!(" ({})", labels.continued), body.italic()),
    ];
    let line = column.setter.line(&spans)?;
    let y = column.baseline(0);
    let item = Item::Text {
        x: column.left(),
        y,
        line,
        ink: Ink::Black,
    };
    Ok(Block::new(2 * LINE_UNITS, vec![item]))
}

/// Footers, which need the number of pages, and the watermark, which lies under everything.
fn finish_pages(
    sheets: &mut [Sheet],
    column: &Column<'_>,
    record: &Reception,
    template: &Form01Template,
) -> Result<(), PaperError> {
    let spec = column.spec;
    let labels = &template.labels;
    let count = sheets.len();
    let style = Style::serif(spec.small_pt);
    let y = spec.height_pt - spec.margin_bottom_pt;
    for (index, sheet) in sheets.iter_mut().enumerate() {
        let basis = column
            .setter
            .line(&[Span::new(template.legal_basis(), style)])?;
        let mut right = format!("{} {}/{count}", labels.page, index + 1);
        if let Some(phone) = &record.office.phone {
            right = format!("{}: {phone} – {right}", labels.questions);
        }
        let right = column.setter.line(&[Span::new(right, style)])?;
        let right_x = column.right() - right.width;
        sheet.items.push(Item::Text {
            x: column.left(),
            y,
            line: basis,
            ink: Ink::Black,
        });
        sheet.items.push(Item::Text {
            x: right_x,
            y,
            line: right,
            ink: Ink::Black,
        });
        if record.practice {
            let mark = watermark(column, &labels.practice)?;
            sheet.items.insert(0, mark);
        }
    }
    Ok(())
}

fn watermark(column: &Column<'_>, text: &str) -> Result<Item, PaperError> {
    let spec = column.spec;
    let probe = column
        .setter
        .line(&[Span::new(text, Style::serif(1.0).bold())])?;
    let size = (spec.height_pt * WATERMARK_SHARE / probe.width).floor();
    let line = column
        .setter
        .line(&[Span::new(text, Style::serif(size).bold())])?;
    let (along, across) = (line.width / 2.0, size * CAP_HEIGHT_SHARE / 2.0);
    let x = spec.width_pt / 2.0 - along * TURN_COS + across * TURN_SIN;
    let y = spec.height_pt / 2.0 + along * TURN_SIN + across * TURN_COS;
    Ok(Item::TurnedText {
        x,
        y,
        line,
        ink: Ink::Pale,
    })
}
