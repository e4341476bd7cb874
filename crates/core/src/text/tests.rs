use proptest::prelude::*;

use super::*;

fn list(text: &str) -> Vec<String> {
    words(text)
}

#[test]
fn two_ways_of_writing_one_name_are_stored_as_one() {
    let decomposed = "Nguye\u{302}\u{303}n Thi\u{323} A\u{301}nh";
    assert_eq!(nfc(decomposed), "Nguyễn Thị Ánh");
    assert_eq!(nfc("Nguyễn Thị Ánh"), "Nguyễn Thị Ánh");
}

#[test]
fn every_vietnamese_letter_folds_to_plain_latin() {
    for (marked, plain) in [
        ("àáảãạăằắẳẵặâầấẩẫậ", "aaaaaaaaaaaaaaaaa"),
        ("èéẻẽẹêềếểễệ", "eeeeeeeeeee"),
        ("ìíỉĩị", "iiiii"),
        ("òóỏõọôồốổỗộơờớởỡợ", "ooooooooooooooooo"),
        ("ùúủũụưừứửữự", "uuuuuuuuuuu"),
        ("ỳýỷỹỵ", "yyyyy"),
        ("đĐ", "dd"),
        ("ĐĂNG KÝ KHAI SINH", "dang ky khai sinh"),
        ("  Thị   trấn\tĐắk Đoa\u{A0}", "thi tran dak doa"),
        ("H'Mông", "h'mong"),
        ("Ngô\u{200E} Văn\u{FEFF} A", "ngo van a"),
    ] {
        assert_eq!(fold(marked), plain);
    }
}

#[test]
fn tidying_keeps_what_was_typed() {
    assert_eq!(tidy("  NGUYỄN   văn  A\u{200B} "), "NGUYỄN văn A");
    assert_eq!(tidy("\u{FEFF}"), "");
}

#[test]
fn words_are_split_at_everything_that_is_no_letter() {
    assert_eq!(
        list("Cấp Giấy phép (nhà ở riêng lẻ); 02 bộ"),
        ["cap", "giay", "phep", "nha", "o", "rieng", "le", "02", "bo"]
    );
    assert_eq!(list(" -- "), [""; 0]);
}

#[test]
fn a_better_answer_stands_before_a_worse_one() {
    use WordMatch::*;
    for (query, text, expected) in [
        ("khai sinh", "Khai sinh", Some(Prefix)),
        ("khai s", "Khai sinh quá hạn", Some(Prefix)),
        ("khai sinh", "Đăng ký khai sinh", Some(Phrase)),
        ("dang sinh", "Đăng ký khai sinh", Some(InOrder)),
        ("sinh khai", "Đăng ký khai sinh", Some(AnyOrder)),
        ("khai tu", "Đăng ký khai sinh", None),
        ("hai", "Đăng ký khai sinh", None),
        ("", "Đăng ký khai sinh", Some(Prefix)),
        // The last word may be unfinished; the others stand as they are in a phrase.
        ("kha sinh", "Khai sinh", Some(InOrder)),
    ] {
        assert_eq!(
            match_words(&list(query), &list(text)),
            expected,
            "{query} / {text}"
        );
    }
    assert!(Prefix < Phrase && Phrase < InOrder && InOrder < AnyOrder);
}

#[test]
fn a_text_that_a_reader_damaged_is_spotted() {
    assert!(has_replacement("NGUY\u{FFFD}N VĂN A"));
    assert!(!has_replacement("NGUYỄN VĂN A"));
    for damaged in [
        "NGUYá»„N VÄ‚N A",
        "TRáº¦N THá»Š B",
        "Ä\u{90}Ã\u{A0} Náºµng",
        "số Ä‘á»‹nh danh",
    ] {
        assert!(looks_misread(damaged), "{damaged}");
    }
    for sound in [
        "NGUYỄN VĂN A",
        "Đà Nẵng",
        "à la carte",
        "Ælfric",
        "«Ân»",
        "",
        "abc",
    ] {
        assert!(!looks_misread(sound), "{sound}");
    }
}

#[test]
fn misreadings_of_both_code_pages_are_undone() {
    assert_eq!(
        repair_misread("TRáº¦N THá»Š Báº¢O").as_deref(),
        Some("TRẦN THỊ BẢO")
    );
    // On a PC set to Vietnamese, À (C3 80) shows as Ă€.
    assert_eq!(repair_misread("Ă€").as_deref(), Some("À"));
    // Latin-1 shows the second byte as a control character.
    assert_eq!(repair_misread("Ä\u{90}").as_deref(), Some("Đ"));
    for sound in [
        "NGUYỄN VĂN A",
        "NGUYEN VAN A",
        "",
        "é",
        "Ngô VÄ‚N A\u{FFFD}",
    ] {
        assert_eq!(repair_misread(sound), None, "{sound}");
    }
}

#[test]
fn the_index_finds_what_the_comparison_finds() {
    let texts = [
        "Đăng ký khai sinh",
        "Đăng ký khai tử",
        "Đăng ký lại khai sinh",
        "Chứng thực chữ ký",
    ];
    let all: Vec<Vec<String>> = texts.iter().map(|text| words(text)).collect();
    let index = WordIndex::new(all.iter().map(Vec::as_slice));
    let found = |query: &str| {
        index
            .find(&words(query))
            .into_iter()
            .map(|h| h.text)
            .collect::<Vec<_>>()
    };
    assert_eq!(found("khai"), [0, 1, 2]);
    assert_eq!(found("kh si"), [0, 2]);
    assert_eq!(found("ky ch"), [3]);
    assert_eq!(found("khai xuat"), [0; 0]);
    assert_eq!(found(""), [0; 0]);
}

proptest! {
    #[test]
    fn folding_is_the_same_for_every_form_of_a_text(text in "[a-zàáảãạăằắẳẵặâầấẩẫậđêềếểễệôồốổỗộơờớởỡợưừứửữựA-ZĐÂÊÔƠƯ0-9 ]{0,30}") {
        let decomposed: String = text.nfd().collect();
        prop_assert_eq!(fold(&decomposed), fold(&text));
        prop_assert_eq!(fold(&text.to_uppercase()), fold(&text));
        prop_assert_eq!(nfc(&decomposed), nfc(&text));
        prop_assert!(fold(&text).is_ascii());
    }

    #[test]
    fn folding_and_tidying_twice_is_once(text in any::<String>()) {
        prop_assert_eq!(fold(&fold(&text)), fold(&text));
        prop_assert_eq!(tidy(&tidy(&text)), tidy(&text));
    }

    #[test]
    fn a_damaged_text_is_repaired_to_what_it_was(text in "[A-Z ]{0,8}[ẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸĐĂƠƯ]{1,3}[A-Z ]{0,8}") {
        let latin1: String = text.bytes().map(char::from).collect();
        prop_assert_eq!(repair_misread(&latin1), Some(text.clone()));
        prop_assert_eq!(repair_misread(&text), None);
    }

    #[test]
    fn index_and_comparison_agree(
        texts in prop::collection::vec("[abc]{1,3}( [abc]{1,3}){0,4}", 1..12),
        query in "[abc]{1,2}( [abc]{1,2}){0,2}",
    ) {
        let all: Vec<Vec<String>> = texts.iter().map(|text| words(text)).collect();
        let index = WordIndex::new(all.iter().map(Vec::as_slice));
        let query = words(&query);
        let found: Vec<usize> = index.find(&query).into_iter().map(|hit| hit.text).collect();
        let expected: Vec<usize> =
            (0..all.len()).filter(|at| match_words(&query, &all[*at]).is_some()).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn no_text_is_too_strange(text in any::<String>()) {
        let _ = (nfc(&text), fold(&text), words(&text), looks_misread(&text), repair_misread(&text));
    }
}
