//! The device's chain and its signature: what continues it, and what a hub must refuse.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on stops where it is"
)]

use ed25519_dalek::SigningKey;
use motcua_core::dossier::NoteAdded;
use motcua_core::event::Event;
use motcua_core::ids::{BootId, DeviceId, EntityId, ScopeId, SessionId, StaffId};
use motcua_core::op::{
    self, Chain, ChainError, ClockReading, OP_BYTES_MAX, OpError, Place, SealedOp, Stamp,
};

fn next(chain: &Chain, text: &str) -> SealedOp {
    let place = Place {
        id: chain.next_id(),
        prev: chain.head,
        scope: ScopeId("H56.6.17".into()),
        base: 0,
    };
    let boot = BootId(DeviceId::derived("boot").0);
    let stamp = Stamp {
        actor: StaffId::derived("mai"),
        session: SessionId::derived("sáng"),
        clock: ClockReading {
            wall_ms: 1,
            off_ms: None,
            mono_ms: 1,
            boot,
        },
    };
    let at = jiff::civil::date(2026, 11, 23).at(9, 0, 0, 0);
    let event = Event::DossierNoted(NoteAdded {
        text: text.into(),
        at,
    });
    SealedOp::seal(place, stamp, EntityId::derived("hồ sơ"), &event).unwrap()
}

#[test]
fn a_chain_takes_its_next_link_and_nothing_else() {
    let chain = Chain::new(DeviceId::derived("máy 1"), 1);
    let first = next(&chain, "một");
    let chain = chain.accept(&first).unwrap();
    let second = next(&chain, "hai");
    let third = next(&chain.accept(&second).unwrap(), "ba");

    assert_eq!(
        chain.accept(&third),
        Err(ChainError::Gap { have: 1, got: 3 })
    );
    assert_eq!(chain.accept(&first), Err(ChainError::Forked { dseq: 1 }));
    let stranger = next(&Chain::new(DeviceId::derived("máy 2"), 1), "một");
    assert_eq!(chain.accept(&stranger), Err(ChainError::Foreign));
    assert!(chain.accept(&second).and_then(|c| c.accept(&third)).is_ok());
}

#[test]
fn a_number_used_again_with_other_words_is_a_fork() {
    let start = Chain::new(DeviceId::derived("máy 1"), 1);
    let chain = start.accept(&next(&start, "một")).unwrap();
    let other = start.accept(&next(&start, "khác")).unwrap();
    assert_eq!(
        chain.accept(&next(&other, "hai")),
        Err(ChainError::Forked { dseq: 2 })
    );
}

#[test]
fn a_signature_holds_for_its_device_and_its_words_only() {
    let key = SigningKey::from_bytes(&[7; 32]);
    let chain = Chain::new(DeviceId::derived("máy 1"), 1);
    let (one, two) = (next(&chain, "một"), next(&chain, "hai"));
    let signature = op::sign(&key, one.hash);
    assert!(op::verify(&key.verifying_key(), one.hash, &signature));
    assert!(!op::verify(&key.verifying_key(), two.hash, &signature));
    let stranger = SigningKey::from_bytes(&[8; 32]);
    assert!(!op::verify(&stranger.verifying_key(), one.hash, &signature));
}

#[test]
fn a_newer_envelope_is_refused_and_a_huge_one_too() {
    let chain = Chain::new(DeviceId::derived("máy 1"), 1);
    let text = String::from_utf8(next(&chain, "một").bytes).unwrap();
    let newer = text.replacen("\"v\":1", "\"v\":2", 1).into_bytes();
    assert!(matches!(
        SealedOp::open(newer),
        Err(OpError::NewerFormat(2))
    ));
    let huge = vec![b' '; OP_BYTES_MAX + 1];
    assert!(matches!(
        SealedOp::open(huge),
        Err(OpError::TooLarge { .. })
    ));
}

#[test]
fn a_kind_of_a_newer_program_passes_through_unchanged() {
    let chain = Chain::new(DeviceId::derived("máy 1"), 1);
    let text = String::from_utf8(next(&chain, "một").bytes).unwrap();
    let future = text
        .replacen("dossier.note", "dossier.future", 1)
        .into_bytes();
    let opened = SealedOp::open(future.clone()).unwrap();
    assert!(opened.event().is_none());
    assert_eq!(opened.bytes, future);
}
