//! What the tests of the exchange share: a device that writes, and pages of a log of it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use motcua_core::dossier::NoteAdded;
use motcua_core::event::Event;
use motcua_core::ids::{BootId, DeviceId, EntityId, Hash, ScopeId, SessionId, StaffId};
use motcua_core::op::{Chain, ClockReading, Place, SealedOp, Stamp};
use motcua_core::state::Decision;
use uuid::Uuid;

use super::wire::{PageLine, PageResponse};
use crate::hub::chain_step;

/// The log of the tests.
pub(super) const LOG: Uuid = Uuid::from_u128(0x4d43);

/// A device with its chain.
pub(super) struct Writer {
    chain: Chain,
}

impl Writer {
    pub(super) fn new(name: &str) -> Self {
        let chain = Chain::new(DeviceId::derived(name), 1);
        Self { chain }
    }

    pub(super) fn scope(&self) -> ScopeId {
        ScopeId("H56.6.17".to_owned())
    }

    /// The next remarks on one dossier.
    pub(super) fn notes(&mut self, count: u64) -> Vec<SealedOp> {
        (0..count).map(|_| self.note()).collect()
    }

    fn note(&mut self) -> SealedOp {
        let id = self.chain.next_id();
        let at = jiff::civil::date(2026, 11, 23).at(9, 15, 0, 0);
        let event = Event::DossierNoted(NoteAdded {
            text: format!("Ghi chú {}", id.dseq),
            at,
        });
        let place = Place {
            id,
            prev: self.chain.head,
            scope: self.scope(),
            base: 0,
        };
        let clock = ClockReading {
            wall_ms: 0,
            off_ms: None,
            mono_ms: 0,
            boot: BootId::derived("boot"),
        };
        let stamp = Stamp {
            actor: StaffId::derived("Lò Thị Mẩy"),
            session: SessionId::derived("s"),
            clock,
        };
        let op = SealedOp::seal(place, stamp, EntityId::derived("hồ sơ"), &event).unwrap();
        self.chain = self.chain.accept(&op).unwrap();
        op
    }
}

/// The page of at most `limit` lines after `after` of the log that consists of `ops`, all applied.
pub(super) fn page_of(ops: &[SealedOp], after: usize, limit: usize) -> PageResponse {
    let mut chain = Hash::ZERO;
    let mut lines = Vec::new();
    for (index, op) in ops.iter().enumerate().take(after.saturating_add(limit)) {
        let seq = index as u64 + 1;
        chain = chain_step(chain, seq, op.hash, &Decision::Applied);
        if index >= after {
            let op = BASE64.encode(&op.bytes);
            lines.push(PageLine {
                seq,
                op,
                decision: Decision::Applied,
                signature: None,
            });
        }
    }
    let next = (after + lines.len()) as u64;
    let head = ops.len() as u64;
    PageResponse {
        log_id: LOG,
        ops: lines,
        next,
        more: next < head,
        head,
        chain,
    }
}
