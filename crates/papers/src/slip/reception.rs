//! Form 01 on 80 mm paper: what a citizen needs in the pocket.

use crate::PaperError;
use crate::display::Sheet;
use crate::form01::{CopiesState, PaperLine, Reception};
use crate::slip::tape::{BODY_DOTS, HEAD_DOTS, LARGE_DOTS, SMALL_DOTS, Tape};
use crate::template::{Form01Template, SlipLabels};
use crate::text::{NBSP, Span, Style, Typesetter, WholeDots};
use crate::wording;
use crate::words;

/// Sets the slip of a checked record.
pub(super) fn sheet(record: &Reception, template: &Form01Template) -> Result<Sheet, PaperError> {
    let labels = &template.labels;
    let slip = &template.slip;
    let mut tape = Tape::new(Typesetter::new(&WholeDots)?);
    let body = Style::sans(BODY_DOTS);
    tape.gap(8.0);
    if record.practice {
        tape.banner(&format!("{} – {}", labels.practice, labels.practice_note))?;
    }
    tape.centred(&record.office.agency, Style::sans(SMALL_DOTS))?;
    tape.centred(&record.office.name, body.bold())?;
    tape.rule();
    tape.centred(&labels.title, Style::sans(HEAD_DOTS).bold())?;
    for mark in wording::marks(record, labels)
        .iter()
        .skip(usize::from(record.practice))
    {
        tape.centred(mark, body.bold())?;
    }
    tape.qr(&record.qr_text)?;
    tape.headline(&record.code, LARGE_DOTS)?;
    tape.rule();
    tape.field(&labels.owner, Some(&record.owner_name))?;
    tape.field(&labels.submitter, record.submitter_name.as_deref())?;
    tape.field(&slip.procedure, Some(&wording::request(record, labels)))?;
    papers(&mut tape, record, slip)?;
    tape.field(&slip.limit, Some(&record.limit_text))?;
    tape.field(
        &slip.received,
        Some(&words::moment_short(record.received_at)),
    )?;
    due(&mut tape, record, slip)?;
    tape.field(&slip.return_place, Some(&record.return_place))?;
    tape.field(&labels.fees, Some(&wording::fees(&record.fees, labels)))?;
    if let Some(entry) = &record.register {
        tape.paragraph(&[Span::new(wording::register(entry, labels), body)])?;
    }
    tape.field(&slip.clerk, Some(&record.clerk_name))?;
    tape.field(&labels.questions, record.office.phone.as_deref())?;
    if record.copies == CopiesState::OneCopy {
        tape.gap(10.0);
        tape.banner(&labels.one_copy)?;
    }
    tape.rule();
    tape.centred(&slip.keep, body)?;
    tape.centred(template.legal_basis(), Style::sans(SMALL_DOTS))?;
    tape.gap(8.0);
    Ok(tape.finish())
}

/// The papers, each with its counts in words; a count of nothing is left out.
fn papers(tape: &mut Tape<'_>, record: &Reception, slip: &SlipLabels) -> Result<(), PaperError> {
    let style = Style::sans(BODY_DOTS);
    let sets = format!("{}: {}", slip.sets, words::count(record.set_count));
    tape.paragraph(&[Span::new(sets, style)])?;
    if record.papers.is_empty() {
        return Ok(());
    }
    tape.paragraph(&[Span::new(format!("{}:", slip.papers), style)])?;
    for (index, paper) in record.papers.iter().enumerate() {
        let counts = counts(paper, slip);
        let name = format!("{}.{NBSP}{}", index + 1, paper.name);
        let text = if counts.is_empty() {
            name
        } else {
            format!("{name} – {counts}")
        };
        tape.paragraph(&[Span::new(text, style)])?;
    }
    Ok(())
}

fn counts(paper: &PaperLine, slip: &SlipLabels) -> String {
    [
        (paper.originals, &slip.originals),
        (paper.certified, &slip.certified),
        (paper.copies, &slip.copies),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, kind)| format!("{count}{NBSP}{kind}"))
    .collect::<Vec<_>>()
    .join(", ")
}

/// The appointment: the largest words on the slip, with the day of the week and the reason.
fn due(tape: &mut Tape<'_>, record: &Reception, slip: &SlipLabels) -> Result<(), PaperError> {
    tape.rule();
    let Some(due) = record.due_at else {
        tape.centred(&slip.no_due, Style::sans(HEAD_DOTS).bold())?;
        tape.rule();
        return Ok(());
    };
    tape.centred(&slip.due, Style::sans(BODY_DOTS))?;
    let day = due.date();
    let text = format!("{} {}", words::weekday(day), words::date_short(day));
    tape.headline(&text, LARGE_DOTS)?;
    tape.centred(&words::time_words(due), Style::sans(HEAD_DOTS).bold())?;
    if let Some(note) = &record.due_note {
        tape.centred(&format!("({note})"), Style::sans(SMALL_DOTS))?;
    }
    tape.rule();
    Ok(())
}
