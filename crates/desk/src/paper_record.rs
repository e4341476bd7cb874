//! From a dossier to the record that papers are made from. The record holds everything that is printed, so that
//! the same dossier gives the same bytes for ever.

use jiff::civil::DateTime;
use motcua_core::calendar::NoteKind;
use motcua_core::dossier::{Delivery, Dossier, DueRecord, PaperReceived};
use motcua_core::office::OfficeSet;
use motcua_drivers::Signature as PadSignature;
use motcua_papers::form01::{
    CopiesState, FeeLine, Office, PaperLine, PenPoint, Reception, Reprint, Signature, Stroke,
};

/// What a paper says beyond the dossier itself.
#[derive(Clone, Debug)]
pub struct Edition {
    /// Whether the dossier and its scans are on a second machine.
    pub second_copy: bool,
    /// The copy: 1 is the original, 2 and up are marked.
    pub copy: u16,
    /// When and by whom a reprint was asked for.
    pub reprint: Option<(DateTime, String)>,
}

impl Edition {
    /// The first paper.
    #[must_use]
    pub fn original(second_copy: bool) -> Self {
        Self {
            second_copy,
            copy: 1,
            reprint: None,
        }
    }
}

/// The record of a dossier's reception.
#[must_use]
pub fn reception(
    dossier: &Dossier,
    office: &OfficeSet,
    signature: Option<&PadSignature>,
    edition: &Edition,
) -> Reception {
    let received = &dossier.received;
    let owner = &received.owner;
    Reception {
        office: Office {
            agency: office.agency.clone(),
            name: office.name.clone(),
            place: office.place.clone(),
            phone: filled(&office.phone),
        },
        code: received.code.to_string(),
        qr_text: received.code.to_string(),
        receiver: office.name.clone(),
        owner_name: owner.full_name.clone(),
        submitter_name: received.submitter.as_ref().map(|s| s.full_name.clone()),
        address: filled(&owner.address),
        phone: filled(&owner.phone),
        email: filled(&owner.email),
        id_number: owner.id_number.clone(),
        procedure_name: procedure_name(dossier),
        procedure_code: received.procedure.code.to_string(),
        papers: received.papers.iter().map(paper).collect(),
        set_count: u32::from(received.set_count),
        limit_text: received
            .due
            .as_ref()
            .map_or_else(String::new, |due| due.limit_text.clone()),
        received_at: received.received_at,
        due_at: received.due.as_ref().map(|due| due.at),
        due_note: received.due.as_ref().and_then(due_note),
        return_place: return_place(&received.delivery, office),
        fees: received
            .fees
            .iter()
            .filter(|f| is_printed(f))
            .map(fee)
            .collect(),
        register: None,
        clerk_name: received.officer.name.clone(),
        signature: signature.map(ink),
        copies: if edition.second_copy {
            CopiesState::SecondCopy
        } else {
            CopiesState::OneCopy
        },
        reprint: edition.reprint.as_ref().map(|(at, by)| Reprint {
            number: u32::from(edition.copy.saturating_sub(1)),
            at: *at,
            by: by.clone(),
        }),
        practice: received.practice,
        version: 1,
    }
}

fn filled(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|t| !t.is_empty())
}

fn procedure_name(dossier: &Dossier) -> String {
    let procedure = &dossier.received.procedure;
    match &procedure.case_name {
        Some(case) => format!("{} – {case}", procedure.name),
        None => procedure.name.clone(),
    }
}

fn paper(paper: &PaperReceived) -> PaperLine {
    let name = if paper.presented_only {
        format!("{} (xuất trình)", paper.name)
    } else {
        paper.name.clone()
    };
    PaperLine {
        name,
        originals: u32::from(paper.originals),
        certified: u32::from(paper.certified),
        copies: u32::from(paper.copies),
    }
}

fn fee(line: &motcua_core::dossier::FeeLine) -> FeeLine {
    FeeLine {
        name: line.name.clone(),
        amount_vnd: line.amount_vnd,
        note: line.exemption.clone(),
    }
}

/// What costs nothing is only printed where somebody was freed of it.
fn is_printed(line: &motcua_core::dossier::FeeLine) -> bool {
    line.amount_vnd > 0 || line.exemption.is_some()
}

/// The days that were passed over, shortly, for the foot of the slip. Weekends explain themselves.
fn due_note(due: &DueRecord) -> Option<String> {
    let told: Vec<String> = due
        .explanation
        .iter()
        .filter(|note| note.kind.is_skipped() && note.kind != NoteKind::Weekend)
        .map(|note| {
            let why = note.why.trim_end_matches('.');
            match note.kind {
                NoteKind::AfterHours => why.to_owned(),
                _ => format!(
                    "không tính {:02}/{:02}: {why}",
                    note.date.day(),
                    note.date.month()
                ),
            }
        })
        .collect();
    (!told.is_empty()).then(|| told.join("; "))
}

fn return_place(delivery: &Delivery, office: &OfficeSet) -> String {
    match delivery {
        Delivery::Counter => office.name.clone(),
        Delivery::Post { address } => format!("Qua bưu chính công ích, tới: {address}"),
        Delivery::Online => "Trực tuyến, Kho dữ liệu điện tử của tổ chức, cá nhân".to_owned(),
    }
}

/// Pads measure in their own units; papers want 0 to 1.
fn ink(signature: &PadSignature) -> Signature {
    let (width, height) = (
        signature.area.width.max(1.0),
        signature.area.height.max(1.0),
    );
    let point = |p: &motcua_drivers::protocols::pad::StrokePoint| PenPoint {
        x: (p.x / width).clamp(0.0, 1.0),
        y: (p.y / height).clamp(0.0, 1.0),
        pressure: p.pressure,
    };
    let stroke = |s: &motcua_drivers::Stroke| Stroke {
        points: s.points.iter().map(point).collect(),
    };
    Signature {
        aspect: width / height,
        strokes: signature.strokes.iter().map(stroke).collect(),
    }
}
