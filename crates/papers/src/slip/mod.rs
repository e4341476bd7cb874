//! 80 mm slips: the reception slip and the queue ticket.

mod model;

pub use model::{SLIP_WIDTH_DOTS, Slip, TicketSlip};
