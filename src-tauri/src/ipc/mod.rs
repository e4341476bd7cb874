//! The border between the screens and the program.
//!
//! Owns the shapes that cross it, the list of commands, and the conversion from the domain's words. It
//! decides nothing: a command converts, asks the desk once, and converts the answer.

pub mod caller;
pub mod commands;
pub mod convert;
pub mod dto;
pub mod error;
pub mod event;

use tauri::Runtime;
use tauri_specta::{Builder, collect_commands};

use commands::{
    dossier, hall, intake, machine, office, practice, queue, scans, session, signature,
};

/// Every command of `commands.list`, with its types.
#[must_use]
pub fn commands_of<R: Runtime>() -> Builder<R> {
    Builder::new()
        .commands(collect_commands![
            session::app_state,
            office::start_practice,
            office::setup_options,
            office::preview_catalogue,
            office::create_office,
            session::sign_in,
            session::sign_out,
            session::lock,
            session::unlock,
            session::set_appearance,
            queue::desk,
            queue::call_next,
            queue::call_again,
            queue::no_show,
            queue::call_number,
            queue::finish_ticket,
            queue::issue_ticket,
            queue::open_hall,
            intake::intake,
            intake::intake_start,
            intake::intake_patch,
            intake::intake_undo,
            intake::intake_discard,
            intake::card_text,
            intake::search_procedures,
            intake::receive,
            scans::scan_inbox,
            scans::attach_scan,
            scans::detach_scan,
            scans::add_scan_file,
            scans::discard_scan,
            scans::scan_page_url,
            scans::image_url,
            signature::sign_begin,
            signature::sign_clear,
            signature::sign_cancel,
            signature::sign_submit,
            dossier::dossier,
            dossier::search,
            dossier::print_slip,
            dossier::reprint_slip,
            dossier::print_outcome,
            dossier::form_pdf,
            machine::status,
            machine::devices,
            machine::device_test,
            machine::device_retry,
            practice::practice,
            practice::sim_card,
            practice::sim_card_text,
            practice::sim_scan,
            practice::sim_ticket,
            practice::sim_sign,
            practice::sim_fault,
            practice::sim_network,
            hall::hall,
            hall::announce_done,
            hall::subscribe,
        ])
        // Input and output have one shape each; a type that was read and written differently would be two.
        .disable_serde_phases()
        // Money in đồng, sizes in bytes and call numbers stay far below 2^53, where numbers of a page end.
        .dangerously_cast_bigints_to_number()
}
