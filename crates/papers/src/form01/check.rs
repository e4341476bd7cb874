//! What a record must hold before it becomes a paper, and its texts as they are printed.

use crate::PaperError;
use crate::form01::{FeeLine, Office, PaperLine, Reception, RegisterEntry, Reprint, Signature};
use crate::text::{clean, clean_option};

/// The record with cleaned texts.
///
/// # Errors
/// [`PaperError::EmptyField`], [`PaperError::OutOfRange`] or [`PaperError::BadSignature`].
pub(crate) fn checked(given: &Reception) -> Result<Reception, PaperError> {
    let record = cleaned(given);
    let required = [
        ("office.name", &record.office.name),
        ("code", &record.code),
        ("qr_text", &record.qr_text),
        ("owner_name", &record.owner_name),
        ("procedure_name", &record.procedure_name),
        ("clerk_name", &record.clerk_name),
    ];
    for (field, text) in required {
        if text.is_empty() {
            return Err(PaperError::EmptyField { field });
        }
    }
    at_least_one("set_count", record.set_count)?;
    at_least_one("version", record.version)?;
    if let Some(reprint) = &record.reprint {
        at_least_one("reprint.number", reprint.number)?;
    }
    if let Some(signature) = &record.signature {
        check_signature(signature)?;
    }
    Ok(record)
}

fn at_least_one(field: &'static str, value: u32) -> Result<(), PaperError> {
    if value == 0 {
        return Err(PaperError::OutOfRange {
            field,
            value: 0,
            min: 1,
            max: u64::from(u32::MAX),
        });
    }
    Ok(())
}

fn check_signature(signature: &Signature) -> Result<(), PaperError> {
    let unit = 0.0..=1.0;
    let points = signature.strokes.iter().flat_map(|stroke| &stroke.points);
    let on_pad = points
        .clone()
        .all(|p| unit.contains(&p.x) && unit.contains(&p.y));
    let pressed = points
        .clone()
        .filter_map(|p| p.pressure)
        .all(|p| unit.contains(&p));
    let shaped = signature.aspect.is_finite() && signature.aspect > 0.0;
    if on_pad && pressed && shaped {
        Ok(())
    } else {
        Err(PaperError::BadSignature)
    }
}

fn cleaned(given: &Reception) -> Reception {
    Reception {
        office: Office {
            agency: clean(&given.office.agency),
            name: clean(&given.office.name),
            place: clean(&given.office.place),
            phone: clean_option(given.office.phone.as_ref()),
        },
        code: clean(&given.code),
        // The code's text goes into the QR code byte for byte; only its edges are trimmed.
        qr_text: given.qr_text.trim().to_owned(),
        receiver: clean(&given.receiver),
        owner_name: clean(&given.owner_name),
        submitter_name: clean_option(given.submitter_name.as_ref()),
        address: clean_option(given.address.as_ref()),
        phone: clean_option(given.phone.as_ref()),
        email: clean_option(given.email.as_ref()),
        id_number: clean_option(given.id_number.as_ref()),
        procedure_name: clean(&given.procedure_name),
        procedure_code: clean(&given.procedure_code),
        papers: given.papers.iter().map(cleaned_paper).collect(),
        set_count: given.set_count,
        limit_text: clean(&given.limit_text),
        received_at: given.received_at,
        due_at: given.due_at,
        due_note: clean_option(given.due_note.as_ref()),
        return_place: clean(&given.return_place),
        fees: given.fees.iter().map(cleaned_fee).collect(),
        register: given.register.as_ref().map(|entry| RegisterEntry {
            volume: clean(&entry.volume),
            sequence: entry.sequence,
        }),
        clerk_name: clean(&given.clerk_name),
        signature: given.signature.clone(),
        copies: given.copies,
        reprint: given.reprint.as_ref().map(|reprint| Reprint {
            number: reprint.number,
            at: reprint.at,
            by: clean(&reprint.by),
        }),
        practice: given.practice,
        version: given.version,
    }
}

fn cleaned_paper(line: &PaperLine) -> PaperLine {
    PaperLine {
        name: clean(&line.name),
        ..line.clone()
    }
}

fn cleaned_fee(line: &FeeLine) -> FeeLine {
    FeeLine {
        name: clean(&line.name),
        amount_vnd: line.amount_vnd,
        note: clean_option(line.note.as_ref()),
    }
}
