//! The search box over one office's dossiers.

use motcua_core::event::Event;
use motcua_ledger::{DeskStore, Matched};

use crate::kit::*;

fn office_with_dossiers() -> (tempfile::TempDir, DeskStore) {
    let (dir, desk) = desk();
    let people = [
        (42, "Trần Thị Đào", "001099012345", "0912345678"),
        (43, "Nguyễn Văn Ổn", "001199000042", "0987654321"),
        (142, "Lò Thị Mẩy", "011088000001", "0912000042"),
    ];
    for (number, name, id_number, phone) in people {
        let mut received = received_on(DAY, number, name, id_number);
        received.owner.phone = phone.to_owned();
        record(
            &desk,
            entity(name),
            Event::DossierReceived(Box::new(received)),
        )
        .unwrap();
    }
    let mut by_other = received_on(DAY, 99, "Giàng A Páo", "011200000009");
    by_other.submitter = Some(party("Sùng Thị Mỷ", "011200000010"));
    record(
        &desk,
        entity("Giàng A Páo"),
        Event::DossierReceived(Box::new(by_other)),
    )
    .unwrap();
    (dir, desk)
}

#[test]
fn one_box_finds_a_dossier_by_whatever_the_citizen_has() {
    let (_dir, desk) = office_with_dossiers();
    let cases: &[(&str, &[&str])] = &[
        ("H56.6.17-261123-0042", &["Trần Thị Đào"]),
        ("h56.6.17-261123-0042", &["Trần Thị Đào"]),
        ("0042", &["Trần Thị Đào"]),
        ("42", &["Trần Thị Đào"]),
        ("261123-0142", &["Lò Thị Mẩy"]),
        ("001099012345", &["Trần Thị Đào"]),
        ("001199", &["Nguyễn Văn Ổn"]),
        ("0912 000", &["Lò Thị Mẩy"]),
        ("tran thi", &["Trần Thị Đào"]),
        ("Trần", &["Trần Thị Đào"]),
        ("dao", &["Trần Thị Đào"]),
        ("đào trần", &["Trần Thị Đào"]),
        ("thi", &["Giàng A Páo", "Lò Thị Mẩy", "Trần Thị Đào"]),
        ("on", &["Nguyễn Văn Ổn"]),
        ("sung my", &["Giàng A Páo"]),
        ("Tra\u{302}\u{300}n Thi\u{323}", &["Trần Thị Đào"]),
        ("TRẦN  THỊ", &["Trần Thị Đào"]),
        ("không có ai", &[]),
        ("", &[]),
        ("\"'*%", &[]),
    ];
    for (typed, expected) in cases {
        let found = desk.search(typed, 20).unwrap();
        let owners: Vec<&str> = found.iter().map(|hit| hit.row.owner.as_str()).collect();
        assert_eq!(owners, *expected, "{typed:?}");
    }
    let all = desk.search("H56.6.17-2611", 20).unwrap();
    assert_eq!(all.len(), 4);
    assert_eq!(desk.search("H56.6.17-2611", 2).unwrap().len(), 2);
}

#[test]
fn the_code_goes_before_its_last_digits_and_those_before_a_phone() {
    let (_dir, desk) = office_with_dossiers();
    let by_code = desk.search("H56.6.17-261123-0042", 20).unwrap();
    assert_eq!(by_code[0].matched, Matched::Code);
    let mut received = received_on(DAY, 1234, "Vàng Thị Chở", "011088000077");
    received.owner.phone = "0042999999".to_owned();
    record(
        &desk,
        entity("Chở"),
        Event::DossierReceived(Box::new(received)),
    )
    .unwrap();
    let matched: Vec<Matched> = desk
        .search("0042", 20)
        .unwrap()
        .iter()
        .map(|hit| hit.matched)
        .collect();
    assert_eq!(matched, [Matched::Digits, Matched::Phone]);
}

#[test]
fn a_corrected_name_is_found_and_the_old_one_is_not() {
    let (_dir, desk) = office_with_dossiers();
    let corrected = motcua_core::dossier::Corrected {
        fields: [("owner.full_name".to_owned(), "Trần Thị Điệp".to_owned())].into(),
        reason: "theo căn cước".to_owned(),
        at: now(),
    };
    record(
        &desk,
        entity("Trần Thị Đào"),
        Event::DossierCorrected(corrected),
    )
    .unwrap();
    assert_eq!(desk.search("tran thi diep", 20).unwrap().len(), 1);
    assert_eq!(desk.search("tran thi dao", 20).unwrap().len(), 0);
}

#[test]
fn earlier_dossiers_of_a_person_come_newest_first() {
    let (_dir, desk) = desk();
    for number in [1, 2, 3] {
        let event = Event::DossierReceived(Box::new(received_on(
            DAY,
            number,
            "Mùa A Pó",
            "011088000001",
        )));
        record(&desk, entity(&number.to_string()), event).unwrap();
    }
    let earlier = desk.earlier_dossiers_of("011088000001", 2).unwrap();
    let numbers: Vec<u32> = earlier
        .iter()
        .map(|d| d.received.code.sequence().number())
        .collect();
    assert_eq!(numbers, [3, 2]);
    assert_eq!(desk.dossiers_on(DAY, 10).unwrap().len(), 3);
    assert_eq!(
        desk.dossiers_on(DAY.yesterday().unwrap(), 10)
            .unwrap()
            .len(),
        0
    );
}

#[test]
fn no_list_shows_a_name_in_a_log() {
    let (_dir, desk) = office_with_dossiers();
    let shown = format!("{:?}", desk.search("tran", 20).unwrap());
    assert!(
        shown.contains("H56.6.17-261123-0042") && !shown.contains("Trần"),
        "{shown}"
    );
}
