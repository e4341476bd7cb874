//! Two single-byte code pages, backwards: from the character that a PC showed to the byte that it
//! was sent. Only for undoing wrong readings; nothing is ever stored in a code page.

/// What Windows-1252 makes of the bytes 0x80–0x9F; a blank where it makes a control character.
const HIGH_1252: [char; 32] = [
    '€', ' ', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', ' ', 'Ž', ' ', ' ', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', ' ', 'ž', 'Ÿ',
];

/// Where Windows-1258 (Vietnamese) differs from Windows-1252.
const DIFFERENT_1258: [(char, u8); 16] = [
    ('Ă', 0xC3),
    ('\u{0300}', 0xCC),
    ('Đ', 0xD0),
    ('\u{0309}', 0xD2),
    ('Ơ', 0xD5),
    ('Ư', 0xDD),
    ('\u{0303}', 0xDE),
    ('ă', 0xE3),
    ('\u{0301}', 0xEC),
    ('đ', 0xF0),
    ('\u{0323}', 0xF2),
    ('ơ', 0xF5),
    ('ư', 0xFD),
    ('₫', 0xFE),
    ('\u{0340}', 0xCC),
    ('\u{0341}', 0xEC),
];

/// The byte that Windows-1252 shows as this character.
pub(super) fn windows_1252(c: char) -> Option<u8> {
    const FIRST_HIGH: u8 = 0x80;
    if let Ok(byte) = u8::try_from(u32::from(c)) {
        return Some(byte);
    }
    let place = HIGH_1252.iter().position(|high| *high == c)?;
    u8::try_from(place).ok().map(|place| FIRST_HIGH + place)
}

/// The byte that Windows-1258 shows as this character.
pub(super) fn windows_1258(c: char) -> Option<u8> {
    let own = DIFFERENT_1258
        .iter()
        .find(|(shown, _)| *shown == c)
        .map(|(_, byte)| *byte);
    let replaced = |byte: &u8| DIFFERENT_1258.iter().any(|(_, taken)| taken == byte);
    own.or_else(|| windows_1252(c).filter(|byte| !replaced(byte)))
}
