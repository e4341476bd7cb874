//! Invented citizens with the text of their cards, ordinary ones first, then those that teach something.
//!
//! No one of them exists: the numbers follow the rule of the personal number with invented digits.

/// What is particular about a practice card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quirk {
    /// Nothing.
    Ordinary,
    /// The old nine-digit number in the first field.
    OldNumber,
    /// The reader is in the wrong mode and letters are lost.
    Garbled,
    /// Letters and marks come apart (NFD), as some readers send them.
    Decomposed,
    /// A card of 2024 with more fields.
    NewCard,
    /// Another code altogether.
    NotACard,
}

/// A citizen of the practice office.
#[derive(Clone, Copy, Debug)]
pub struct Citizen {
    /// As the practice panel lists them.
    pub name: &'static str,
    /// `dd/mm/yyyy`, for the panel.
    pub born_on: &'static str,
    /// What is particular.
    pub quirk: Quirk,
    /// What the reader sends.
    pub qr: &'static str,
}

/// Everybody who can walk in.
pub const CITIZENS: &[Citizen] = &[
    Citizen {
        name: "Nguyễn Thị Ngọc Ỷ",
        born_on: "02/09/1994",
        quirk: Quirk::Ordinary,
        qr: "038194012345|172345678|Nguyễn Thị Ngọc Ỷ|02091994|Nữ|Bản Nà Cốc, xã Bản Mây, tỉnh Sơn Vân|15042022",
    },
    Citizen {
        name: "Lò Văn Ún",
        born_on: "17/03/1961",
        quirk: Quirk::Ordinary,
        qr: "014061004512|050123456|Lò Văn Ún|17031961|Nam|Bản Huổi Lè, xã Bản Mây, tỉnh Sơn Vân|09112021",
    },
    Citizen {
        name: "Đặng Thị Ướt",
        born_on: "25/12/1988",
        quirk: Quirk::Ordinary,
        qr: "038188007821||Đặng Thị Ướt|25121988|Nữ|Tổ 4, xã Bản Mây, tỉnh Sơn Vân|30062023",
    },
    Citizen {
        name: "Giàng A Sùng",
        born_on: "01/01/1999",
        quirk: Quirk::Ordinary,
        qr: "012099003377||Giàng A Sùng|01011999|Nam|Bản Pá Khôm, xã Bản Mây, tỉnh Sơn Vân|21082022",
    },
    Citizen {
        name: "Tôn Nữ Thị Hồng Nhung Quỳnh Anh",
        born_on: "08/08/2001",
        quirk: Quirk::Ordinary,
        qr: "046301009900||Tôn Nữ Thị Hồng Nhung Quỳnh Anh|08082001|Nữ|Số 126 đường Trần Quý Khoáng kéo dài, tổ dân phố Hữu Nghị, xã Bản Mây, tỉnh Sơn Vân|12012024",
    },
    Citizen {
        name: "Vàng Thị Mỷ",
        born_on: "14/05/2011",
        quirk: Quirk::NewCard,
        qr: "011311002468||Vàng Thị Mỷ|14052011|Nữ|Bản Tìa Dình, xã Bản Mây, tỉnh Sơn Vân|05092025||Vàng A Páo|Thào Thị Dợ",
    },
    Citizen {
        name: "Hà Thị Ên (chữ rời dấu)",
        born_on: "30/04/1975",
        quirk: Quirk::Decomposed,
        qr: "038175001122|171200300|Ha\u{300} Thi\u{323} E\u{302}n|30041975|Nu\u{31b}\u{303}|Ba\u{309}n Na\u{300} Co\u{302}\u{301}c, xa\u{303} Ba\u{309}n Ma\u{302}y|18022022",
    },
    Citizen {
        name: "Thẻ đọc sai chế độ",
        born_on: "11/11/1983",
        quirk: Quirk::Garbled,
        qr: "038083005566||Nguy\u{fffd}n V\u{fffd}n \u{fffd}n|11111983|Nam|B\u{fffd}n N\u{fffd} C\u{fffd}c|03032022",
    },
    Citizen {
        name: "Chứng minh nhân dân 9 số",
        born_on: "20/10/1958",
        quirk: Quirk::OldNumber,
        qr: "172345678|Phạm Văn Cổ|20101958|Nam|Bản Nà Cốc, xã Bản Mây|01012005",
    },
    Citizen {
        name: "Mã khác, không phải thẻ",
        born_on: "",
        quirk: Quirk::NotACard,
        qr: "https://vidu.example/tra-cuu?ma=123",
    },
];

#[cfg(test)]
mod tests {
    use motcua_core::people::card;

    use super::*;

    #[test]
    fn every_ordinary_card_reads_without_a_doubt_and_the_others_teach() {
        for citizen in CITIZENS {
            let read = card::parse_qr(citizen.qr);
            match citizen.quirk {
                Quirk::Ordinary | Quirk::NewCard | Quirk::Decomposed => {
                    let read = read.unwrap_or_else(|e| panic!("{}: {e}", citizen.name));
                    assert!(
                        read.warnings.is_empty(),
                        "{}: {:?}",
                        citizen.name,
                        read.warnings
                    );
                }
                Quirk::Garbled => assert!(!read.unwrap().warnings.is_empty()),
                Quirk::OldNumber | Quirk::NotACard => assert!(read.is_err(), "{}", citizen.name),
            }
        }
    }
}
