use jiff::civil::date;
use proptest::prelude::*;

use super::*;

fn reads(text: &str) -> DossierCode {
    text.parse()
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn stops(text: &str, at: usize, expected: Expected) {
    let error = text.parse::<DossierCode>().expect_err(text);
    assert_eq!((error.at, error.expected), (at, expected), "{text}");
    assert_eq!(error.found, text.chars().nth(at), "{text}");
}

#[test]
fn a_slip_of_today_and_a_slip_of_five_years_ago_are_both_read() {
    let now = reads("H56.6.17-261123-0042");
    assert_eq!(now.unit().as_str(), "H56.6.17");
    assert_eq!(now.unit().level_one(), "H56");
    assert_eq!(now.received_on(), date(2026, 11, 23));
    assert_eq!(now.sequence().number(), 42);

    let then = reads("000.17.22.H56-210531-0001");
    assert!(matches!(then.unit(), UnitCode::Legacy(_)));
    assert_eq!(then.unit().level_one(), "H56");
    assert_eq!(then.received_on(), date(2021, 5, 31));
}

#[test]
fn codes_seen_on_real_slips_print_back_as_they_were() {
    for text in [
        "000.00.06.H56-231027-0361",
        "000.00.16.G04-220405-0008",
        "H55.242-250702-0013",
        "H56.6.17-250701-0001",
        "H56-250701-12345",
        "H56-250701-00042",
        "G15.2A.0B-240229-0001",
    ] {
        assert_eq!(reads(text).to_string(), text);
    }
}

#[test]
fn the_error_points_at_the_letter() {
    use Expected::*;
    stops("", 0, LevelOneLetter);
    stops("Z56.6.17-261123-0042", 0, LevelOneLetter);
    stops("h56.6.17-261123-0042", 0, LevelOneLetter);
    stops("H5", 2, Digit);
    stops("H5O.6.17-261123-0042", 2, Digit);
    stops("H56..17-261123-0042", 4, DigitOrCapital);
    stops("H56.6.17.-261123-0042", 9, DigitOrCapital);
    stops("H56.6.đ-261123-0042", 6, DigitOrCapital);
    stops("H56.6.17/261123-0042", 8, Hyphen);
    stops("H56.6.17-261133-0042", 9, RealDate);
    stops("H56.6.17-250229-0042", 9, RealDate);
    stops("H56.6.17-2611-0042", 13, Digit);
    stops("H56.6.17-261123-042", 19, Digit);
    stops("H56.6.17-261123-0000", 16, SequenceFromOne);
    stops("H56.6.17-261123-123456", 21, End);
    stops("H56.6.17-261123-0042 ", 20, End);
    stops("00.17.22.H56-210531-0001", 2, Digit);
    stops("000.17.22.6.H56-210531-0001", 10, LevelOneLetter);
}

#[test]
fn an_error_reads_like_a_sentence_and_has_a_stable_code() {
    let error = "H56.6.17-261133-0042".parse::<DossierCode>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "a real date as YYMMDD expected at character 10, found '2'"
    );
    assert_eq!(error.expected.code(), "real_date");
    let short = "H56".parse::<DossierCode>().unwrap_err();
    assert_eq!(
        short.to_string(),
        "'-' expected at character 4, found the end"
    );
}

#[test]
fn organisation_codes_are_at_most_35_characters() {
    let longest = format!("H56.{}", "A".repeat(31));
    assert_eq!(longest.len(), OrgCode::MAX_CHARS);
    assert!(longest.parse::<OrgCode>().is_ok());
    let error = format!("{longest}B").parse::<OrgCode>().unwrap_err();
    assert_eq!((error.at, error.expected), (35, Expected::ShorterOrgCode));
}

#[test]
fn a_commune_belongs_to_its_province_but_not_to_a_namesake() {
    let province: OrgCode = "H56".parse().unwrap();
    let district: OrgCode = "H56.6".parse().unwrap();
    let commune: OrgCode = "H56.6.17".parse().unwrap();
    let other: OrgCode = "H56.61".parse().unwrap();
    assert!(province.contains(&commune) && district.contains(&commune));
    assert!(!district.contains(&other));
    assert_eq!(commune.parent(), Some(district));
    assert_eq!(province.parent(), None);
    assert_eq!(commune.groups().collect::<Vec<_>>(), ["H56", "6", "17"]);
}

#[test]
fn issuing_pads_to_four_and_grows_to_five_digits() {
    let unit: OrgCode = "H56.6.17".parse().unwrap();
    let issue = |n| {
        DossierCode::issue(unit.clone(), date(2026, 11, 23), DailySequence::new(n)?)
            .map(|code| code.to_string())
    };
    assert_eq!(issue(7).as_deref(), Some("H56.6.17-261123-0007"));
    assert_eq!(issue(9_999).as_deref(), Some("H56.6.17-261123-9999"));
    assert_eq!(issue(10_000).as_deref(), Some("H56.6.17-261123-10000"));
    assert_eq!(issue(0), None);
    assert_eq!(issue(100_000), None);
    let one = DailySequence::new(1).unwrap();
    assert_eq!(
        DossierCode::issue(unit.clone(), date(1999, 12, 31), one),
        None
    );
    assert_eq!(DossierCode::issue(unit, date(2100, 1, 1), one), None);
}

#[test]
fn typed_codes_forgive_blanks_case_and_dashes_but_nothing_else() {
    let typed = DossierCode::from_typed(" h56.6.17 – 261123–0042\n").unwrap();
    assert_eq!(typed, reads("H56.6.17-261123-0042"));
    assert!(DossierCode::from_typed("H56,6,17-261123-0042").is_err());
}

#[test]
fn a_screen_can_show_the_three_parts_apart() {
    assert_eq!(
        reads("H56.6.17-261123-0042").grouped(),
        ["H56.6.17", "261123", "0042"]
    );
}

#[test]
fn results_are_numbered_from_one() {
    let code: ResultCode = "H56.6.17-261123-0042-KQ(2)".parse().unwrap();
    assert_eq!(
        (code.number(), code.dossier()),
        (2, &reads("H56.6.17-261123-0042"))
    );
    assert_eq!(code.to_string(), "H56.6.17-261123-0042-KQ(2)");
    let fails = |text: &str| text.parse::<ResultCode>().unwrap_err().expected;
    assert_eq!(
        fails("H56.6.17-261123-0042-KQ(0)"),
        Expected::SequenceFromOne
    );
    assert_eq!(
        fails("H56.6.17-261123-0042-KQ(02)"),
        Expected::SequenceFromOne
    );
    assert_eq!(
        fails("H56.6.17-261123-0042-KQ(70000)"),
        Expected::SequenceFromOne
    );
    assert_eq!(fails("H56.6.17-261123-0042-KQ2"), Expected::ResultMark);
    assert_eq!(fails("H56.6.17-261123-0042-KQ(2"), Expected::ClosingBracket);
    assert_eq!(ResultCode::new(reads("H56-261123-0042"), 0), None);
}

#[test]
fn codes_are_stored_as_plain_strings() {
    let code = reads("H56.6.17-261123-0042");
    let json = serde_json::to_string(&code).unwrap();
    assert_eq!(json, r#""H56.6.17-261123-0042""#);
    assert_eq!(serde_json::from_str::<DossierCode>(&json).unwrap(), code);
    assert!(serde_json::from_str::<OrgCode>(r#""h56""#).is_err());
}

fn any_code() -> impl Strategy<Value = String> {
    let unit = prop_oneof![
        "[A-Y][0-9]{2}(\\.[0-9A-Z]{1,4}){0,4}",
        "[0-9]{3}\\.[0-9]{2}\\.[0-9]{2}\\.[A-Y][0-9]{2}",
    ];
    (
        unit,
        0u8..100,
        1u8..=12,
        1u8..=28,
        "000[1-9]|[1-9][0-9]{3,4}|0[0-9]{3}[1-9]",
    )
        .prop_map(|(unit, y, m, d, n)| format!("{unit}-{y:02}{m:02}{d:02}-{n}"))
}

proptest! {
    #[test]
    fn printing_what_was_read_gives_the_same_text(text in any_code()) {
        prop_assert_eq!(reads(&text).to_string(), text);
    }

    #[test]
    fn one_wrong_character_is_never_the_same_dossier(
        text in any_code(),
        place in any::<prop::sample::Index>(),
        other in prop_oneof![
            prop::char::range('!', '~'),
            prop::sample::select(vec!['O', 'l', ' ', 'Đ', '–', '０', '\u{200B}']),
        ],
    ) {
        let mut chars: Vec<char> = text.chars().collect();
        let at = place.index(chars.len());
        prop_assume!(chars[at] != other);
        chars[at] = other;
        let mutated: String = chars.into_iter().collect();
        if let Ok(read) = mutated.parse::<DossierCode>() {
            prop_assert_ne!(read, reads(&text));
        }
    }

    #[test]
    fn any_text_is_read_or_refused_with_a_place_inside_it(text in "\\PC{0,60}") {
        if let Err(error) = text.parse::<DossierCode>() {
            prop_assert!(error.at <= text.chars().count());
        }
        let _ = text.parse::<ResultCode>();
        let _ = DossierCode::from_typed(&text);
    }
}
