//! Finding as a clerk types.

use super::*;
use crate::text::{WordMatch, fold};

fn codes(catalogue: &Catalogue, query: &str) -> Vec<String> {
    catalogue
        .find(query, TODAY)
        .iter()
        .map(|found| found.procedure.code.to_string())
        .collect()
}

#[test]
fn a_birth_is_found_however_it_is_typed() {
    let catalogue = Catalogue::practice();
    for query in [
        "1.001193",
        "001193",
        "1193",
        "khai sinh",
        "Khai Sinh",
        "khai sính",
        "đăng ký khai sinh",
        "dang ky khai sinh",
        "kha si",
        "khai sinh ",
        "Đăng ký khai sinh".to_uppercase().as_str(),
        "khai s",
        "lam giay khai sinh",
        "thủ tục đăng ký khai sinh",
    ] {
        let found = codes(&catalogue, query);
        assert_eq!(
            found.first().map(String::as_str),
            Some("1.001193"),
            "{query}: {found:?}"
        );
    }
}

#[test]
fn decomposed_and_composed_questions_have_the_same_answers() {
    use unicode_normalization::UnicodeNormalization;
    let catalogue = Catalogue::practice();
    let decomposed: String = "chứng thực chữ ký".nfd().collect();
    assert_eq!(
        codes(&catalogue, &decomposed),
        codes(&catalogue, "chứng thực chữ ký")
    );
    assert_eq!(codes(&catalogue, &decomposed)[0], "2.000884");
}

#[test]
fn better_answers_come_first() {
    let catalogue = Catalogue::practice();
    let ranks = |query: &str| {
        catalogue
            .find(query, TODAY)
            .iter()
            .map(|f| f.rank)
            .collect::<Vec<_>>()
    };
    assert_eq!(ranks("1.001193"), [Rank::Code]);
    assert!(ranks("1.00").iter().all(|rank| *rank == Rank::PartOfCode));
    assert_eq!(ranks("đăng ký khai sinh")[0], Rank::Name(WordMatch::Prefix));
    let all = catalogue.find("khai", TODAY);
    assert!(all.len() > 5);
    assert!(
        all.windows(2)
            .all(|p| (p[0].standing, p[0].rank) <= (p[1].standing, p[1].rank))
    );
    // Other words for it: "sổ đỏ" stands in no name.
    assert_eq!(codes(&catalogue, "so do")[..2], ["1.012796", "1.013978"]);
    assert!(matches!(ranks("so do")[0], Rank::Around(_)));
}

#[test]
fn marks_that_were_typed_are_preferred() {
    let both = catalogue(vec![
        procedure("1.000001", "Lưu trữ hồ sơ", ""),
        procedure("1.000002", "Lưu trú qua đêm", ""),
    ]);
    assert_eq!(codes(&both, "luu tru"), ["1.000001", "1.000002"]);
    assert_eq!(codes(&both, "lưu trú"), ["1.000002", "1.000001"]);
    assert_eq!(codes(&both, "lưu trữ"), ["1.000001", "1.000002"]);
}

#[test]
fn what_is_not_in_force_comes_last_and_says_so() {
    let catalogue = Catalogue::practice();
    let standings: Vec<Standing> = catalogue
        .find("hộ tịch", TODAY)
        .iter()
        .map(|f| f.standing)
        .collect();
    assert!(standings.windows(2).all(|pair| pair[0] <= pair[1]));
    assert_eq!(standings.last(), Some(&Standing::NotYet));
    let gone = catalogue.find("sổ hộ khẩu", TODAY);
    assert_eq!(
        (gone[0].procedure.code.as_str(), gone[0].standing),
        ("9.999002", Standing::NoLonger)
    );
    let coming = catalogue.find("9.999001", date(2027, 3, 1));
    assert_eq!(coming[0].standing, Standing::InForce);
}

#[test]
fn of_several_editions_one_answers() {
    let v1 = procedure(
        "1.000001",
        "Cũ",
        r#""effective_from":"2026-01-01","effective_to":"2026-12-31""#,
    );
    let v2 = procedure(
        "1.000001",
        "Cũ",
        r#""effective_from":"2027-01-01","effective_to":"2027-06-30""#,
    );
    let v3 = procedure("1.000001", "Cũ", r#""effective_from":"2027-07-01""#);
    let all = catalogue(vec![
        v1,
        Procedure { version: 2, ..v2 },
        Procedure { version: 3, ..v3 },
    ]);
    let version = |day| {
        all.find("cu", day)
            .iter()
            .map(|f| (f.procedure.version, f.standing))
            .collect::<Vec<_>>()
    };
    assert_eq!(version(date(2025, 1, 1)), [(1, Standing::NotYet)]);
    assert_eq!(version(date(2026, 5, 1)), [(1, Standing::InForce)]);
    assert_eq!(version(date(2027, 5, 1)), [(2, Standing::InForce)]);
    assert_eq!(version(date(2028, 5, 1)), [(3, Standing::InForce)]);
    let ended = catalogue(all.procedures()[..2].to_vec());
    let last = ended.find("cu", date(2028, 1, 1));
    assert_eq!(
        (last[0].procedure.version, last[0].standing),
        (2, Standing::NoLonger)
    );
}

#[test]
fn questions_without_an_answer_have_none() {
    let catalogue = Catalogue::practice();
    for query in [
        "",
        "   ",
        "---",
        "xyz",
        "khai sinh máy bay",
        "8.888888",
        "\u{FFFD}",
        &"a".repeat(10_000),
    ] {
        assert_eq!(codes(&catalogue, query), [""; 0], "{query:.20}");
    }
    assert!(codes(&catalogue, "1").len() <= MAX_FOUND);
}

#[test]
fn every_procedure_is_found_by_its_name_without_marks_and_by_its_code() {
    let catalogue = Catalogue::practice();
    for procedure in catalogue.procedures() {
        let code = procedure.code.as_str();
        assert_eq!(codes(&catalogue, code), [code]);
        let by_name = codes(&catalogue, &fold(&procedure.name));
        assert!(by_name.contains(&code.to_owned()), "{}", procedure.name);
    }
}
