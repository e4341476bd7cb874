//! From the domain's words to the screens' words, and back for what a screen asks.
//!
//! Owns nothing but translation: every function here is pure and total. Where the domain knows more than
//! a screen shows, the narrower word is chosen here and the reason stands beside it.

mod changes;
mod dossier;
mod due;
mod error;
mod events;
mod fees;
mod history;
mod intake;
mod life;
mod office;
mod people;
mod practice;
mod queue;
mod scans;
mod setup;
mod signing;
mod status;
mod words;

pub use changes::change_of;
pub use dossier::{Around, dossier_view, search_view};
pub use error::{ApiResult, internal};
pub use events::events_of;
pub use intake::{intake_view, procedure_hit, received};
pub use office::app_state;
pub use practice::{breakage, breakages, practice_view};
pub use queue::{Serving, desk_view, hall_view, issued, priority_of};
pub use scans::{PictureId, picture_id, scan_item};
pub use setup::{imported_choice, new_office, setup_options};
pub(super) use signing::via_of;
pub use signing::{sign_request, signature_svg, strokes_of};
pub use status::{device_detail, status_view};
pub use words::{counter_number, parse_id};
