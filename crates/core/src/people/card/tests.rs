use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::*;

const CCCD: &str =
    "001098012345|012345678|NGUYỄN VĂN MẪU|01011998|Nam|Số 10 phố Ví Dụ, Hà Nội|01012023";

fn read(text: &str) -> CardRead {
    parse_qr(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn refused(text: &str) -> &'static str {
    parse_qr(text).expect_err(text).code()
}

/// `name:letters_lost sex:missing`
fn doubts(card: &CardRead) -> String {
    let doubt = |w: &CardWarning| {
        let text = |value: serde_json::Value| value.as_str().unwrap().to_owned();
        let field = text(serde_json::to_value(w.field).unwrap());
        format!("{field}:{}", text(serde_json::to_value(w.code).unwrap()))
    };
    card.warnings
        .iter()
        .map(doubt)
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn a_card_of_2021_fills_the_form() {
    let card = read(CCCD);
    assert_eq!(card.number.reveal(), "001098012345");
    assert_eq!(card.old_id.as_ref().unwrap().reveal(), "012345678");
    assert_eq!(card.name.as_ref().unwrap().as_str(), "NGUYỄN VĂN MẪU");
    assert_eq!(card.born_on, Some(BirthDate::Day(date(1998, 1, 1))));
    assert_eq!(card.sex, Some(Sex::Male));
    assert_eq!(card.residence.as_deref(), Some("Số 10 phố Ví Dụ, Hà Nội"));
    assert_eq!(card.issued_on, Some(date(2023, 1, 1)));
    assert_eq!(card.kind(), Some(CardKind::Cccd));
    assert_eq!(doubts(&card), "");
}

#[test]
fn a_card_without_an_old_number_has_an_empty_field() {
    let card = read("038190012345||LÊ THỊ MẪU|02031990|Nữ|Thôn 3, xã Mẫu, Thanh Hóa|05062022");
    assert_eq!(card.old_id, None);
    assert_eq!(card.sex, Some(Sex::Female));
    assert_eq!(doubts(&card), "");
}

#[test]
fn a_card_of_2024_names_the_parents_of_a_child() {
    let card = read(
        "038315012345||LÊ MINH MẪU|02032015|Nam|Xã Mẫu, Thanh Hóa|05082024||LÊ VĂN CHA|TRẦN THỊ MẸ|",
    );
    assert_eq!(card.father.as_ref().unwrap().as_str(), "LÊ VĂN CHA");
    assert_eq!(card.mother.as_ref().unwrap().as_str(), "TRẦN THỊ MẸ");
    assert_eq!(
        (card.kind(), card.field_count),
        (Some(CardKind::CanCuoc), 11)
    );
    assert_eq!(card.kind().unwrap().issuer(), "Bộ Công an");
    assert_eq!(doubts(&card), "number:number_sex_differs");
    let with_unknown =
        read("038215012345||LÊ MINH MẪU|02032015|Nam|Xã Mẫu|05082024|038215000001|A|B|x");
    assert_eq!(
        with_unknown.other,
        [(7, "038215000001".to_owned()), (10, "x".to_owned())]
    );
}

#[test]
fn a_left_out_second_field_is_recognised_by_its_content() {
    let six = read("001098012345|NGUYỄN VĂN MẪU|01011998|Nam|Số 10 phố Ví Dụ|01012023");
    assert_eq!(six.field_count, 6);
    assert_eq!(six.name.as_ref().unwrap().as_str(), "NGUYỄN VĂN MẪU");
    assert_eq!(six.issued_on, Some(date(2023, 1, 1)));
    assert_eq!((six.old_id.as_ref(), doubts(&six).as_str()), (None, ""));
    // Six fields because the end was cut off: another thing.
    let cut = read("001098012345|012345678|NGUYỄN VĂN MẪU|01011998|Nam|Số 10 phố Ví Dụ");
    assert_eq!(cut.name.as_ref().unwrap().as_str(), "NGUYỄN VĂN MẪU");
    assert_eq!(doubts(&cut), "issued_on:missing");
}

#[test]
fn what_readers_add_around_the_text_is_dropped() {
    let plain = read(CCCD);
    for wrapped in [
        format!("\u{FEFF}{CCCD}\r\n"),
        format!("]Q1{CCCD}\r"),
        format!("\u{2}{CCCD}\u{3}"),
        format!("  {CCCD}  "),
        CCCD.replace('|', " | "),
    ] {
        assert_eq!(read(&wrapped), plain, "{wrapped:?}");
    }
}

#[test]
fn a_decomposed_text_is_the_same_card() {
    let nfd: String = CCCD.nfd().collect();
    assert_ne!(nfd, CCCD);
    assert_eq!(read(&nfd), read(CCCD));
}

#[test]
fn a_reader_in_the_wrong_mode_is_reported_and_undone_where_that_is_certain() {
    let latin1: String = CCCD.bytes().map(char::from).collect();
    let card = read(&latin1);
    assert_eq!(card.name.as_ref().unwrap().as_str(), "NGUYỄN VĂN MẪU");
    assert_eq!(card.residence.as_deref(), Some("Số 10 phố Ví Dụ, Hà Nội"));
    assert_eq!(doubts(&card), "whole:misread_repaired");
}

#[test]
fn lost_letters_are_left_out_and_not_guessed() {
    let card = read(&CCCD.replace('Ễ', "\u{FFFD}"));
    assert_eq!(
        (card.name.as_ref(), doubts(&card).as_str()),
        (None, "name:letters_lost")
    );
    assert_eq!(
        card.number.reveal(),
        "001098012345",
        "the rest of the card is still filled in"
    );
    let question_marks = read(&CCCD.replace(['Ễ', 'Ẫ'], "?"));
    assert_eq!(doubts(&question_marks), "name:letters_lost");
    let half = read(&CCCD.replace("NGUYỄN", "NGUYá»„N"));
    assert_eq!(
        (half.name.as_ref(), doubts(&half).as_str()),
        (None, "name:misread")
    );
    let bytes = parse_qr_bytes(b"001098012345||NGUY\xC3N A|01011998|Nam|X|01012023").unwrap();
    assert_eq!(doubts(&bytes), "name:letters_lost");
}

#[test]
fn each_field_is_judged_alone() {
    for (text, expected) in [
        (
            "001098012345|12AB|MẪU A|01011998|Nam|X|01012023",
            "old_id:malformed",
        ),
        ("001098012345|||01011998|Nam|X|01012023", "name:missing"),
        (
            "001098012345||MẪU 2|01011998|Nam|X|01012023",
            "name:digits_in_name",
        ),
        (
            "001098012345||MẪU A|31021998|Nam|X|01012023",
            "born_on:no_such_date",
        ),
        (
            "001098012345||MẪU A|1/1/1998|Nam|X|01012023",
            "born_on:malformed",
        ),
        ("001098012345||MẪU A||Nam|X|01012023", "born_on:missing"),
        ("001098012345||MẪU A|01011998|M|X|01012023", "sex:malformed"),
        (
            "001098012345||MẪU A|01011998|Nam||01012023",
            "residence:missing",
        ),
        (
            "001098012345||MẪU A|01011998|Nam|X|32012023",
            "issued_on:no_such_date",
        ),
        (
            "001098012345||MẪU A|01011998|Nam|X|00002023",
            "issued_on:no_such_date",
        ),
        (
            "001098012345||MẪU A|01011998|Nam|X|01011990",
            "issued_on:issued_before_birth",
        ),
        (
            "001098012345||MẪU A|01011998|Nữ|X|01012023",
            "number:number_sex_differs",
        ),
        (
            "001098012345||MẪU A|01011989|Nam|X|01012023",
            "number:number_year_differs",
        ),
        (
            "003098012345||MẪU A|01011998|Nam|X|01012023",
            "number:number_unknown_place",
        ),
        (
            "001098012345||||||",
            "name:missing born_on:missing sex:missing residence:missing issued_on:missing",
        ),
    ] {
        assert_eq!(doubts(&read(text)), expected, "{text}");
    }
    let only_year = read("001098012345||MẪU A|00001998|Nam|X|01012023");
    assert_eq!(
        (only_year.born_on, doubts(&only_year).as_str()),
        (Some(BirthDate::Year(1998)), "")
    );
}

#[test]
fn what_is_no_card_is_named() {
    for (text, code) in [
        ("", "empty"),
        ("\u{FEFF}\r\n", "empty"),
        ("https://example.vn/tra-cuu?x=1|2|3|4|5|6|7", "web_address"),
        ("HTTP://EXAMPLE.VN", "web_address"),
        ("00020101021138570010A00000072701270006970403", "payment"),
        ("H56.6.17-261123-0042", "dossier"),
        ("172345678", "old_number"),
        (
            "172345678||NGUYỄN VĂN MẪU|01011960|Nam|X|01012005",
            "old_number",
        ),
        ("001098012345NGUYỄN VĂN MẪU01011998Nam", "separators_lost"),
        ("001098012345", "too_few_fields"),
        ("001098012345|012345678|NGUYỄN VĂN MẪU", "too_few_fields"),
        ("a|b", "too_few_fields"),
        ("001098012345|||||||||||", "too_many_fields"),
        (
            "00109801234X||MẪU A|01011998|Nam|X|01012023",
            "no_personal_number",
        ),
        ("||MẪU A|01011998|Nam|X|01012023", "no_personal_number"),
        ("xin chào|b|c|d|e|f|g", "no_personal_number"),
    ] {
        assert_eq!(refused(text), code, "{text}");
    }
    assert_eq!(refused(&"x".repeat(MAX_QR_BYTES + 1)), "too_long");
    let slip = parse_qr("H56.6.17-261123-0042").unwrap_err();
    assert_eq!(
        slip,
        CardError::Dossier("H56.6.17-261123-0042".parse().unwrap())
    );
}

#[test]
fn a_log_line_of_a_card_holds_no_person() {
    let line = format!("{:?}", read(CCCD));
    assert!(line.contains("0010****2345"), "{line}");
    for secret in ["001098012345", "012345678", "NGUYỄN", "phố Ví Dụ", "1998"] {
        assert!(!line.contains(secret), "{line}");
    }
}

fn any_card() -> impl Strategy<Value = String> {
    let text = "[A-ZĐÂÊÔƠƯẠẤẾỘỮÝ]{1,6}( [A-ZĐÂÊÔƠƯẠẤẾỘỮÝ]{1,6}){0,3}";
    let date = "(0[1-9]|[12][0-9]|3[019])(0[0-9]|1[0-3])(19[0-9]{2}|20[0-2][0-9])";
    let fields = (
        "[0-9]{12}",
        "([0-9]{9})?",
        text,
        date,
        "Nam|Nữ|Khác|x",
        text,
        date,
        prop::collection::vec("[A-ZĐÂ ]{0,8}", 0..4),
    );
    fields.prop_map(|(number, old, name, born, sex, residence, issued, more)| {
        let mut fields = vec![number, old, name, born, sex, residence, issued];
        fields.extend(more);
        fields.join("|")
    })
}

proptest! {
    #[test]
    fn no_bytes_are_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = parse_qr_bytes(&bytes);
    }

    #[test]
    fn no_text_with_separators_is_too_strange(text in "([0-9]{12}|[0-9]{9}|)(\\|\\PC{0,12}){0,12}") {
        let _ = parse_qr(&text);
    }

    #[test]
    fn decomposed_and_composed_are_one_card(text in any_card()) {
        let decomposed: String = text.nfd().collect();
        let composed: String = text.nfc().collect();
        prop_assert_eq!(parse_qr(&decomposed), parse_qr(&composed));
        prop_assert!(parse_qr(&text).is_ok());
    }

    #[test]
    fn a_missing_field_always_has_a_warning(text in any_card()) {
        let card = read(&text);
        let warned = |field| card.warnings.iter().any(|w| w.field == field);
        prop_assert!(card.name.is_some() || warned(CardField::Name));
        prop_assert!(card.born_on.is_some() || warned(CardField::BornOn));
        prop_assert!(card.sex.is_some() || warned(CardField::Sex));
        prop_assert!(card.residence.is_some() || warned(CardField::Residence));
        prop_assert!(card.issued_on.is_some() || warned(CardField::IssuedOn));
        let logged = format!("{card:?}");
        prop_assert!(!logged.contains(card.number.reveal()));
    }
}
