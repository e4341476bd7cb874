use jiff::civil::date;
use proptest::prelude::*;

use super::*;

fn number(text: &str) -> PersonalNumber {
    text.parse().unwrap()
}

#[test]
fn a_personal_number_says_place_sex_and_year() {
    for (text, place, sex, year) in [
        ("001098012345", "Hà Nội", Sex::Male, 1998),
        ("038190012345", "Thanh Hóa", Sex::Female, 1990),
        ("079205012345", "Thành phố Hồ Chí Minh", Sex::Male, 2005),
        ("096310012345", "Cà Mau", Sex::Female, 2010),
        ("024985000001", "Bắc Giang", Sex::Female, 2385),
    ] {
        let number = number(text);
        assert_eq!(
            number.registered_in(),
            RegistrationPlace::Province(place),
            "{text}"
        );
        assert_eq!((number.sex(), number.birth_year()), (sex, year), "{text}");
    }
    assert_eq!(
        number("003090012345").registered_in(),
        RegistrationPlace::Unknown
    );
    assert_eq!(
        number("000090012345").registered_in(),
        RegistrationPlace::Unknown
    );
    assert_eq!(
        number("295090012345").registered_in(),
        RegistrationPlace::Abroad
    );
}

#[test]
fn what_does_not_fit_is_a_warning_and_never_a_refusal() {
    let warnings = |text: &str, sex, year| number(text).warnings_against(sex, year);
    assert_eq!(warnings("038090012345", Some(Sex::Male), Some(1990)), []);
    assert_eq!(warnings("038090012345", None, None), []);
    assert_eq!(warnings("038090012345", Some(Sex::Other), Some(1990)), []);
    assert_eq!(
        warnings("038090012345", Some(Sex::Female), Some(1990)),
        [NumberWarning::SexDiffers]
    );
    assert_eq!(
        warnings("038090012345", Some(Sex::Male), Some(2090)),
        [NumberWarning::YearDiffers]
    );
    assert_eq!(
        warnings("003090012345", Some(Sex::Female), Some(1991)),
        [
            NumberWarning::UnknownPlace,
            NumberWarning::SexDiffers,
            NumberWarning::YearDiffers
        ]
    );
}

#[test]
fn numbers_of_the_wrong_form_say_what_is_wrong() {
    let error = |text: &str| text.parse::<PersonalNumber>().unwrap_err();
    assert_eq!(error("172345678"), NumberError::OldCard);
    assert_eq!(error("03809001234"), NumberError::Length { found: 11 });
    assert_eq!(error("0380900123456"), NumberError::Length { found: 13 });
    assert_eq!(error(""), NumberError::Length { found: 0 });
    assert_eq!(error("03809001234O"), NumberError::NotADigit { at: 11 });
    assert_eq!(error("٠٣٨٠٩٠٠١٢٣٤٥"), NumberError::NotADigit { at: 0 });
    assert_eq!(number("038 090 012 345"), number("038090012345"));
    assert_eq!(number(" 038.090.012-345 "), number("038090012345"));
}

#[test]
fn an_old_number_is_a_reference_with_a_remark() {
    let old: OldId = "172 345 678".parse().unwrap();
    assert_eq!(
        (old.reveal(), old.masked().as_str()),
        ("172345678", "******678")
    );
    assert_eq!(old.remark(), OldIdRemark::InvalidSince2025);
    assert!(
        "038090012345".parse::<OldId>().is_ok(),
        "the CMND of 2012–2016 had twelve digits"
    );
    for wrong in ["12345678", "1234567890", "17234567X", ""] {
        assert_eq!(wrong.parse::<OldId>(), Err(OldIdError::Form), "{wrong}");
    }
}

#[test]
fn dates_of_birth_are_as_precise_as_they_are_known() {
    let full = BirthDate::Day(date(1990, 2, 1));
    for (text, expected) in [
        ("01021990", full),
        ("01/02/1990", full),
        ("1/2/1990", full),
        ("1-2-1990", full),
        ("01.02.1990", full),
        (" 1 / 2 / 1990 ", full),
        ("1990-02-01", full),
        ("02/1990", BirthDate::Month(1990, 2)),
        ("1990-02", BirthDate::Month(1990, 2)),
        ("00021990", BirthDate::Month(1990, 2)),
        ("1990", BirthDate::Year(1990)),
        ("00001990", BirthDate::Year(1990)),
        ("29/02/2024", BirthDate::Day(date(2024, 2, 29))),
    ] {
        assert_eq!(text.parse(), Ok(expected), "{text}");
    }
    assert_eq!(full.to_string(), "01/02/1990");
    assert_eq!(BirthDate::Month(1990, 2).to_string(), "02/1990");
    assert_eq!(BirthDate::Year(1990).to_string(), "1990");
}

#[test]
fn what_is_no_date_of_birth_is_refused_with_the_reason() {
    for (text, expected) in [
        ("1/2/90", BirthDateError::TwoDigitYear),
        ("010290", BirthDateError::TwoDigitYear),
        ("29/02/2023", BirthDateError::NoSuchDay),
        ("31021990", BirthDateError::NoSuchDay),
        ("01/13/1990", BirthDateError::NoSuchDay),
        ("13/1990", BirthDateError::NoSuchDay),
        ("01/02/1849", BirthDateError::Year(1849)),
        ("01/02/3000", BirthDateError::Year(3000)),
        ("", BirthDateError::Form),
        ("hôm qua", BirthDateError::Form),
        ("1/2/3/1990", BirthDateError::Form),
        ("001/02/1990", BirthDateError::Form),
        ("+1/02/1990", BirthDateError::Form),
        ("1990-1-1-1", BirthDateError::Form),
        ("١/٢/١٩٩٠", BirthDateError::Form),
    ] {
        assert_eq!(text.parse::<BirthDate>(), Err(expected), "{text}");
    }
}

#[test]
fn a_person_is_not_born_after_today() {
    let today = date(2026, 11, 24);
    let born = |text: &str| text.parse::<BirthDate>().unwrap().is_on_or_before(today);
    assert!(born("24/11/2026") && born("11/2026") && born("2026"));
    assert!(!born("25/11/2026") && !born("12/2026") && !born("2027"));
}

#[test]
fn names_are_kept_as_typed_and_searched_without_marks() {
    let name: PersonName = "  Hồ Thị  Kim-Ngân ".parse().unwrap();
    assert_eq!(name.as_str(), "Hồ Thị Kim-Ngân");
    assert_eq!(name.folded(), "ho thi kim-ngan");
    assert_eq!(
        (name.family(), name.given(), name.letter_count()),
        ("Hồ", "Kim-Ngân", 12)
    );
    let nfd: PersonName = "Ho\u{302}\u{300} Thi\u{323} Kim-Nga\u{302}n"
        .parse()
        .unwrap();
    assert_eq!(nfd, name);
    let single: PersonName = "Ksor".parse().unwrap();
    assert_eq!((single.family(), single.given()), ("Ksor", "Ksor"));
}

#[test]
fn what_is_no_name_is_refused() {
    let error = |text: &str| text.parse::<PersonName>().unwrap_err();
    assert_eq!(error(" \t"), NameError::Empty);
    assert_eq!(error("12345"), NameError::NoLetter);
    assert_eq!(error("NGUY\u{FFFD}N"), NameError::Garbled { at: 4 });
    assert_eq!(error("A\u{7}B"), NameError::Control { at: 1 });
    assert_eq!(error(&"A".repeat(151)), NameError::TooLong { found: 151 });
}

#[test]
fn phone_numbers_are_kept_in_one_form() {
    for (typed, digits) in [
        ("0912345678", "0912345678"),
        ("0912 345 678", "0912345678"),
        ("+84 912.345.678", "0912345678"),
        ("84912345678", "0912345678"),
        ("(024) 3825-1234", "02438251234"),
    ] {
        assert_eq!(typed.parse::<Phone>().unwrap().digits(), digits, "{typed}");
    }
    let error = |text: &str| text.parse::<Phone>().unwrap_err();
    assert_eq!(error("091234567"), PhoneError::Length { found: 9 });
    assert_eq!(error("0112345678"), PhoneError::Prefix);
    assert_eq!(error("1912345678"), PhoneError::Prefix);
    assert_eq!(error("0912x45678"), PhoneError::NotADigit { at: 4 });
    let phone: Phone = "0912345678".parse().unwrap();
    assert_eq!(
        (phone.to_string(), format!("{phone:?}")),
        ("0912 345 678".to_owned(), "Phone(…678)".to_owned())
    );
}

#[test]
fn sex_is_read_with_and_without_marks() {
    for (text, sex) in [
        ("Nam", Sex::Male),
        ("NỮ", Sex::Female),
        ("nu", Sex::Female),
        ("khác", Sex::Other),
    ] {
        assert_eq!(Sex::parse(text), Some(sex));
    }
    assert_eq!(Sex::parse("Nu\u{31B}\u{303}"), Some(Sex::Female));
    assert_eq!(Sex::parse(""), None);
}

#[test]
fn facts_are_stored_as_plain_strings() {
    let stored = |value: &dyn erased::Json| value.json();
    assert_eq!(stored(&number("038090012345")), r#""038090012345""#);
    assert_eq!(
        stored(&"02/1990".parse::<BirthDate>().unwrap()),
        r#""1990-02""#
    );
    assert_eq!(stored(&Sex::Female), r#""female""#);
    assert_eq!(
        stored(&"Hồ Văn A".parse::<PersonName>().unwrap()),
        r#""Hồ Văn A""#
    );
    assert!(serde_json::from_str::<PersonalNumber>(r#""123""#).is_err());
}

mod erased {
    /// Lets one closure store values of several types.
    pub(super) trait Json {
        fn json(&self) -> String;
    }

    impl<T: serde::Serialize> Json for T {
        fn json(&self) -> String {
            serde_json::to_string(self).unwrap()
        }
    }
}

proptest! {
    #[test]
    fn a_number_is_never_printed_whole(digits in "[0-9]{12}") {
        let number = number(&digits);
        for printed in [number.to_string(), format!("{number:?}"), format!("{number:#?}"), number.masked()] {
            prop_assert!(!printed.contains(&digits));
            prop_assert!(!printed.contains(&digits[4..8]) || digits[..4].contains(&digits[4..8]) || digits[8..].contains(&digits[4..8]));
        }
        let json = serde_json::to_string(&number).unwrap();
        prop_assert_eq!(serde_json::from_str::<PersonalNumber>(&json).unwrap(), number);
    }

    #[test]
    fn stored_dates_of_birth_are_read_back(
        year in 1850i16..2200,
        (month, day) in prop_oneof![Just((0i8, 0i8)), (1i8..=12, 0i8..=28)],
    ) {
        let text = format!("{day:02}{month:02}{year:04}");
        let birth: BirthDate = text.parse().unwrap();
        prop_assert_eq!(birth.iso().parse::<BirthDate>(), Ok(birth));
        prop_assert_eq!(birth.to_string().parse::<BirthDate>(), Ok(birth));
        prop_assert_eq!(birth.year(), year);
    }

    #[test]
    fn no_text_is_too_strange(text in any::<String>()) {
        let _ = (text.parse::<PersonalNumber>(), text.parse::<OldId>(), text.parse::<BirthDate>());
        let _ = (text.parse::<PersonName>(), text.parse::<Phone>(), Sex::parse(&text));
    }
}
