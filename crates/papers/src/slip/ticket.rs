//! The queue ticket: one large number, how many are ahead, and a kind word.

use crate::PaperError;
use crate::display::Sheet;
use crate::slip::model::TicketSlip;
use crate::slip::tape::{BODY_DOTS, HEAD_DOTS, SMALL_DOTS, Tape};
use crate::template::TicketLabels;
use crate::text::{NBSP, Style, Typesetter, WholeDots};
use crate::words;

/// Size of the number, in dots an em: capitals 14 mm high, read at arm's length without glasses.
const NUMBER_DOTS: f32 = 160.0;

/// Sets a checked ticket.
pub(super) fn sheet(ticket: &TicketSlip, labels: &TicketLabels) -> Result<Sheet, PaperError> {
    let mut tape = Tape::new(Typesetter::new(&WholeDots)?);
    let body = Style::sans(BODY_DOTS);
    tape.gap(8.0);
    if ticket.practice {
        tape.banner(&format!("{} – {}", labels.practice, labels.practice_note))?;
        tape.gap(6.0);
    }
    tape.centred(&ticket.office_name, body.bold())?;
    tape.rule();
    tape.centred(&labels.number, body)?;
    tape.headline(&ticket.number, NUMBER_DOTS)?;
    tape.centred(&ticket.field, Style::sans(HEAD_DOTS).bold())?;
    if let Some(counters) = &ticket.counters {
        tape.centred(&format!("{}: {counters}", labels.counters), body)?;
    }
    if let Some(reason) = &ticket.priority_reason {
        tape.gap(8.0);
        tape.banner(&format!("{}: {reason}", labels.priority))?;
    }
    if ticket.people_ahead.is_some() || ticket.wait_minutes.is_some() {
        tape.rule();
    }
    if let Some(ahead) = ticket.people_ahead {
        tape.centred(&ahead_words(ahead, labels), Style::sans(HEAD_DOTS).bold())?;
    }
    if let Some((shortest, longest)) = ticket.wait_minutes {
        tape.centred(&wait_words(shortest, longest, labels), body)?;
    }
    tape.rule();
    if let Some(text) = &ticket.qr_text {
        tape.qr(text)?;
        tape.centred(&labels.follow, Style::sans(SMALL_DOTS))?;
        tape.gap(8.0);
    }
    tape.centred(&labels.closing, body)?;
    tape.centred(&labels.thanks, body.bold())?;
    let taken = format!("{} {}", labels.taken, words::moment_short(ticket.taken_at));
    tape.centred(&taken, Style::sans(SMALL_DOTS))?;
    tape.gap(8.0);
    Ok(tape.finish())
}

fn ahead_words(ahead: u32, labels: &TicketLabels) -> String {
    match ahead {
        0 => labels.next.clone(),
        n => labels.ahead.replace("{n}", &n.to_string()),
    }
}

fn wait_words(shortest: u32, longest: u32, labels: &TicketLabels) -> String {
    let pattern = if shortest == longest {
        &labels.wait_one
    } else {
        &labels.wait
    };
    pattern
        .replace("{low}", &shortest.to_string())
        .replace("{high}", &longest.to_string())
        .replace(" phút", &format!("{NBSP}phút"))
}
