use std::io::Cursor;

use super::*;

fn store() -> (tempfile::TempDir, BlobStore) {
    let dir = tempfile::tempdir().unwrap();
    let store = BlobStore::open(dir.path(), &key()).unwrap();
    (dir, store)
}

fn key() -> StoreKey {
    StoreKey::from_bytes([3; 32])
}

fn scan(len: usize) -> Vec<u8> {
    (0..len)
        .map(|i| u8::try_from(i * 7 % 251).unwrap())
        .collect()
}

#[test]
fn a_scan_comes_back_as_it_was_whatever_its_length() {
    let (_dir, store) = store();
    let edge = seal::CHUNK_BYTES;
    for len in [1, 15, edge - 1, edge, edge + 1, 2 * edge, 3 * edge + 17] {
        let bytes = scan(len);
        let stored = store.put(bytes.as_slice()).unwrap();
        assert_eq!((stored.sha256, stored.size), (Hash::of(&bytes), len as u64));
        assert_eq!(store.read(stored.sha256).unwrap().unwrap(), bytes, "{len}");
        assert_eq!(store.size(stored.sha256).unwrap(), Some(len as u64));
    }
}

#[test]
fn a_piece_of_a_scan_is_that_piece() {
    let (_dir, store) = store();
    let bytes = scan(3 * seal::CHUNK_BYTES + 17);
    let sha256 = store.put(bytes.as_slice()).unwrap().sha256;
    for (offset, len) in [
        (0, 10),
        (seal::CHUNK_BYTES - 3, 6),
        (100, 2 * seal::CHUNK_BYTES),
        (bytes.len() - 4, 99),
    ] {
        let piece = store
            .read_range(sha256, offset as u64, len)
            .unwrap()
            .unwrap();
        assert_eq!(
            piece,
            bytes[offset..(offset + len).min(bytes.len())],
            "{offset} {len}"
        );
    }
    assert!(
        store
            .read_range(sha256, bytes.len() as u64, 5)
            .unwrap()
            .unwrap()
            .is_empty()
    );
}

#[test]
fn the_same_scan_twice_is_kept_once() {
    let (_dir, store) = store();
    assert!(store.put(scan(100).as_slice()).unwrap().new);
    assert!(!store.put(scan(100).as_slice()).unwrap().new);
}

#[test]
fn an_empty_file_and_one_beyond_the_limit_are_refused_and_leave_nothing() {
    let (dir, store) = store();
    assert!(matches!(store.put(io::empty()), Err(BlobError::Empty)));
    let endless = io::repeat(9).take(BLOB_BYTES_MAX + 1);
    assert!(matches!(store.put(endless), Err(BlobError::TooLarge)));
    assert_eq!(
        fs::read_dir(dir.path().join(FOLDER).join(UNFINISHED))
            .unwrap()
            .count(),
        0
    );
}

#[test]
fn nothing_of_the_scan_is_readable_on_the_disk() {
    let (_dir, store) = store();
    let bytes = b"NGUYEN THI MAU 001099012345".repeat(10);
    let sha256 = store.put(bytes.as_slice()).unwrap().sha256;
    let sealed = fs::read(store.path(sha256)).unwrap();
    assert!(!sealed.windows(10).any(|window| window == &bytes[..10]));
}

#[test]
fn a_flipped_bit_a_cut_and_a_swap_are_noticed() {
    let (_dir, store) = store();
    let bytes = scan(2 * seal::CHUNK_BYTES);
    let sha256 = store.put(bytes.as_slice()).unwrap().sha256;
    let path = store.path(sha256);
    let sealed = fs::read(&path).unwrap();

    let mut flipped = sealed.clone();
    flipped[5000] ^= 1;
    fs::write(&path, flipped).unwrap();
    assert!(matches!(store.read(sha256), Err(BlobError::Damaged(name)) if name == sha256));

    fs::write(&path, &sealed[..sealed.len() - seal::CHUNK_BYTES - 16]).unwrap();
    assert!(matches!(store.read(sha256), Err(BlobError::Damaged(_))));

    let other = store.put(scan(99).as_slice()).unwrap().sha256;
    fs::copy(store.path(other), &path).unwrap();
    assert!(matches!(store.verify(sha256), Err(BlobError::Damaged(_))));
    assert!(store.verify(other).unwrap());
}

#[test]
fn another_stores_key_opens_nothing() {
    let (dir, store) = store();
    let sha256 = store.put(scan(99).as_slice()).unwrap().sha256;
    let other = BlobStore::open(dir.path(), &StoreKey::from_bytes([4; 32])).unwrap();
    assert!(matches!(other.read(sha256), Err(BlobError::Damaged(_))));
}

#[test]
fn an_upload_goes_on_after_a_restart_and_ignores_what_it_has() {
    let (dir, store) = store();
    let bytes = scan(200_000);
    let (sha256, size) = (Hash::of(&bytes), bytes.len() as u64);
    assert_eq!(store.state(sha256).unwrap(), None);
    assert_eq!(
        store
            .append(sha256, size, 0, &bytes[..80_000])
            .unwrap()
            .have,
        80_000
    );
    assert_eq!(
        store
            .append(sha256, size, 90_000, &bytes[90_000..])
            .unwrap()
            .have,
        80_000
    );

    let store = BlobStore::open(dir.path(), &key()).unwrap();
    assert_eq!(
        store.state(sha256).unwrap(),
        Some(BlobState {
            have: 80_000,
            size,
            complete: false
        })
    );
    let state = store
        .append(sha256, size, 40_000, &bytes[40_000..])
        .unwrap();
    assert_eq!(
        state,
        BlobState {
            have: size,
            size,
            complete: true
        }
    );
    assert_eq!(store.read(sha256).unwrap().unwrap(), bytes);
    assert_eq!(store.append(sha256, size, 0, &bytes).unwrap(), state);
}

#[test]
fn a_piece_torn_by_a_crash_is_asked_for_again() {
    let (_dir, store) = store();
    let bytes = scan(50_000);
    let (sha256, size) = (Hash::of(&bytes), bytes.len() as u64);
    store.append(sha256, size, 0, &bytes[..20_000]).unwrap();
    store
        .append(sha256, size, 20_000, &bytes[20_000..40_000])
        .unwrap();
    let file = fs::OpenOptions::new()
        .write(true)
        .open(store.root.join(PARTIAL).join(sha256.to_string()))
        .unwrap();
    file.set_len(file.metadata().unwrap().len() - 10).unwrap();
    assert_eq!(store.state(sha256).unwrap().unwrap().have, 20_000);
    assert!(
        store
            .append(sha256, size, 20_000, &bytes[20_000..])
            .unwrap()
            .complete
    );
    assert_eq!(store.read(sha256).unwrap().unwrap(), bytes);
}

#[test]
fn bytes_that_are_not_those_of_the_name_are_thrown_away() {
    let (_dir, store) = store();
    let (bytes, other) = (scan(5_000), scan(5_001));
    let sha256 = Hash::of(&bytes);
    let state = store.append(sha256, 5_001, 0, &other).unwrap();
    assert_eq!(
        state,
        BlobState {
            have: 0,
            size: 5_001,
            complete: false
        }
    );
    assert_eq!(store.state(sha256).unwrap(), None);
    assert!(store.append(sha256, 5_000, 0, &bytes).unwrap().complete);
}

#[test]
fn more_bytes_than_announced_are_refused() {
    let (_dir, store) = store();
    let bytes = scan(5_000);
    assert!(matches!(
        store.append(Hash::of(&bytes), 4_000, 0, &bytes),
        Err(BlobError::Overrun)
    ));
    assert!(matches!(
        store.append(Hash::of(&bytes), 0, 0, &[]),
        Err(BlobError::Empty)
    ));
    assert!(matches!(
        store.append(Hash::of(&bytes), u64::MAX, 0, &bytes),
        Err(BlobError::TooLarge)
    ));
}

#[test]
fn a_stream_that_breaks_in_the_middle_keeps_nothing() {
    struct Breaks;
    impl Read for Breaks {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::new(io::ErrorKind::StorageFull, "full"))
        }
    }
    let (dir, store) = store();
    let source = Cursor::new(scan(70_000)).chain(Breaks);
    assert_eq!(store.put(source).unwrap_err().code(), "disk_full");
    assert_eq!(
        fs::read_dir(dir.path().join(FOLDER).join(UNFINISHED))
            .unwrap()
            .count(),
        0
    );
}
