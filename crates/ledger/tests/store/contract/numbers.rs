//! Numbers, slices, and the bytes of scans.

use std::thread;

use motcua_core::ids::Hash;
use motcua_core::numbers::{COUNTER_SLOTS, Series};
use motcua_ledger::hub::HubStore;
use uuid::Uuid;

use crate::kit::*;

pub(crate) fn a_number_is_given_once_for_each_key(hub: &impl HubStore) {
    let series = Series::Dossier;
    let take = |key: &str| hub.take_number(&series, DAY, 1..=3, key).unwrap();
    assert_eq!(
        (take("a"), take("b"), take("a"), take("c"), take("d")),
        (Some(1), Some(2), Some(1), Some(3), None)
    );
    let other_day = DAY.tomorrow().unwrap();
    assert_eq!(
        hub.take_number(&series, other_day, 1..=3, "a").unwrap(),
        Some(1)
    );
    let tickets = Series::Ticket {
        letter: "A".to_owned(),
    };
    assert_eq!(hub.take_number(&tickets, DAY, 1..=3, "a").unwrap(), Some(1));
    let mut together: Vec<u32> = thread::scope(|scope| {
        let ask = |i: u32| {
            hub.take_number(&tickets, other_day, 1..=599, &i.to_string())
                .unwrap()
                .unwrap()
        };
        let asked: Vec<_> = (0..16).map(|i| scope.spawn(move || ask(i))).collect();
        asked
            .into_iter()
            .map(|handle| handle.join().unwrap())
            .collect()
    });
    together.sort_unstable();
    assert_eq!(together, (1..=16).collect::<Vec<u32>>());
}

pub(crate) fn numbers_in_the_log_are_never_given_again(hub: &impl HubStore) {
    let mut hand = Hand::at("quầy 1", hub);
    hand.push(
        hub,
        &[
            (entity("a"), reception(5, "Mùa A Pó")),
            (entity("A007"), ticket("A", 7)),
        ],
    );
    assert_eq!(
        hub.take_number(&Series::Dossier, DAY, 1..=4999, "x")
            .unwrap(),
        Some(6)
    );
    let tickets = Series::Ticket {
        letter: "A".to_owned(),
    };
    assert_eq!(
        hub.take_number(&tickets, DAY, 1..=599, "x").unwrap(),
        Some(8)
    );
}

pub(crate) fn slots_are_the_lowest_free_ones_and_end(hub: &impl HubStore) {
    for slot in 0..COUNTER_SLOTS {
        let hand = Hand::new(&format!("quầy {slot}"));
        let device = hub
            .enrol(hand.device(), "quầy", hand.public_key(), NOW_MS)
            .unwrap()
            .unwrap();
        assert_eq!((device.slot, device.epoch, device.active), (slot, 1, true));
    }
    let one_too_many = Hand::new("quầy 30");
    assert_eq!(
        hub.enrol(
            one_too_many.device(),
            "quầy",
            one_too_many.public_key(),
            NOW_MS
        )
        .unwrap(),
        None
    );
    let known = Hand::new("quầy 4");
    let again = hub
        .enrol(known.device(), "quầy mới", known.public_key(), NOW_MS)
        .unwrap()
        .unwrap();
    assert_eq!((again.slot, again.name.as_str()), (4, "quầy mới"));
    let other_key = Hand::new("kẻ mạo danh");
    assert!(
        hub.enrol(known.device(), "quầy", other_key.public_key(), NOW_MS)
            .is_err()
    );
}

pub(crate) fn a_restored_device_gets_a_new_slice(hub: &impl HubStore) {
    let hand = Hand::at("quầy 1", hub);
    Hand::at("quầy 2", hub);
    let raised = hub.raise_epoch(hand.device()).unwrap();
    assert_eq!((raised.epoch, raised.slot), (2, 2));
    Hand::at("quầy 3", hub);
    let slots: Vec<u16> = hub
        .devices()
        .unwrap()
        .iter()
        .map(|(device, ..)| device.slot)
        .collect();
    assert_eq!(slots, [1, 2, 3], "the old slice rests");
}

pub(crate) fn a_blob_grows_piece_by_piece(hub: &impl HubStore) {
    let bytes: Vec<u8> = (0..100_000_u32).flat_map(u32::to_be_bytes).collect();
    let (name, size) = (Hash::of(&bytes), bytes.len() as u64);
    assert_eq!(hub.blob(name).unwrap(), None);
    assert_eq!(hub.blob_read(name).unwrap(), None);
    let first = hub.blob_append(name, size, 0, &bytes[..150_000]).unwrap();
    assert_eq!((first.have, first.complete), (150_000, false));
    assert_eq!(hub.blob(name).unwrap(), Some(first));
    assert_eq!(hub.blob_read(name).unwrap(), None, "a part is not the blob");
    assert!(
        hub.blob_append(name, size, 150_000, &bytes[150_000..])
            .unwrap()
            .complete
    );
    assert_eq!(hub.blob_read(name).unwrap().unwrap(), bytes);
    let lie = Hash::of(b"something else");
    let thrown = hub.blob_append(lie, size, 0, &bytes).unwrap();
    assert_eq!(
        (thrown.have, thrown.complete, hub.blob(lie).unwrap()),
        (0, false, None)
    );
    assert_ne!(hub.scope().unwrap().1, Uuid::nil());
}
