//! The one list of everything that can be said in the log: kind, version, body.
//!
//! A kind that is not in the list passes through: it is stored and forwarded as it came. When a body changes
//! its meaning its version is raised here and the older one is lifted in [`Event::decode`].

use serde_json::value::RawValue;

use crate::dossier::{
    Attached, Corrected, NoteAdded, ProvinceAnswered, Received, SlipPrinted, Stepped,
};
use crate::office::{CataloguePublished, CounterSet, FieldSet, OfficeSet, StaffSet};
use crate::queue::{TicketCalled, TicketFinished, TicketIssued, TicketMissed, TicketReturned};

/// Which fold an event belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// A dossier.
    Dossier,
    /// A queue ticket.
    Ticket,
    /// The office.
    Office,
}

macro_rules! events {
    ($( $(#[$doc:meta])* $variant:ident($body:ty) = $family:ident $kind:literal v $kver:literal; )*) => {
        /// What an operation says.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Event { $( $(#[$doc])* $variant($body), )* }

        impl Event {
            /// Every kind with the version that this program writes.
            pub const KINDS: &'static [(&'static str, u16)] = &[ $( ($kind, $kver), )* ];

            /// Its kind in the log.
            #[must_use]
            pub fn kind(&self) -> &'static str {
                match self { $( Self::$variant(_) => $kind, )* }
            }

            /// The version of its body.
            #[must_use]
            pub fn kver(&self) -> u16 {
                match self { $( Self::$variant(_) => $kver, )* }
            }

            /// The fold it belongs to.
            #[must_use]
            pub fn family(&self) -> Family {
                match self { $( Self::$variant(_) => Family::$family, )* }
            }

            /// Its body as it is written.
            ///
            /// # Errors
            /// Only when the body cannot be written as JSON, which none of the listed ones does.
            pub fn encode_body(&self) -> Result<Box<RawValue>, serde_json::Error> {
                match self { $( Self::$variant(body) => serde_json::value::to_raw_value(body), )* }
            }

            /// The meaning of a body, or none where the kind, the version or the body is not known here.
            #[must_use]
            pub fn decode(kind: &str, kver: u16, body: &RawValue) -> Option<Self> {
                match (kind, kver) {
                    $( ($kind, $kver) => serde_json::from_str(body.get()).ok().map(Self::$variant), )*
                    _ => None,
                }
            }
        }
    };
}

events! {
    /// The dossier was taken in.
    DossierReceived(Box<Received>) = Dossier "dossier.receive" v 1;
    /// One more scan.
    DossierAttached(Attached) = Dossier "dossier.attach" v 1;
    /// A remark.
    DossierNoted(NoteAdded) = Dossier "dossier.note" v 1;
    /// From one national status to the next.
    DossierStepped(Stepped) = Dossier "dossier.step" v 1;
    /// Plain fields were corrected.
    DossierCorrected(Corrected) = Dossier "dossier.correct" v 1;
    /// What became of a slip.
    SlipPrinted(SlipPrinted) = Dossier "slip.print" v 1;
    /// What the province said.
    ProvinceAnswered(ProvinceAnswered) = Dossier "province.answer" v 1;
    /// A number was given out.
    TicketIssued(TicketIssued) = Ticket "ticket.issue" v 1;
    /// A number was called to a counter, or called again.
    TicketCalled(TicketCalled) = Ticket "ticket.call" v 1;
    /// Nobody came.
    TicketMissed(TicketMissed) = Ticket "ticket.miss" v 1;
    /// Back into the queue.
    TicketReturned(TicketReturned) = Ticket "ticket.return" v 1;
    /// The person was served.
    TicketFinished(TicketFinished) = Ticket "ticket.finish" v 1;
    /// Name, hours and rules of the office.
    OfficeSet(Box<OfficeSet>) = Office "office.set" v 1;
    /// A queue field and the sectors it serves.
    FieldSet(FieldSet) = Office "office.field" v 1;
    /// A counter and the fields it serves.
    CounterSet(CounterSet) = Office "office.counter" v 1;
    /// A person, their role and PIN.
    StaffSet(StaffSet) = Office "office.staff" v 1;
    /// A catalogue takes effect.
    CataloguePublished(CataloguePublished) = Office "office.catalogue" v 1;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_kind_or_version_is_left_to_a_newer_program() {
        let body = RawValue::from_string("{\"x\":1}".to_owned()).unwrap();
        assert_eq!(Event::decode("dossier.teleport", 1, &body), None);
        assert_eq!(Event::decode("dossier.note", 99, &body), None);
    }

    #[test]
    fn no_kind_is_listed_twice() {
        let mut kinds: Vec<&str> = Event::KINDS.iter().map(|(kind, _)| *kind).collect();
        kinds.sort_unstable();
        let all = kinds.len();
        kinds.dedup();
        assert_eq!(all, kinds.len());
    }
}
