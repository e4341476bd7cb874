//! Taking in rough lines.

use proptest::prelude::*;

use super::*;
use crate::calendar::{LimitUnit, TimeLimit};
use crate::money::Vnd;
use import::{ImportReport, Oddity, Open, RejectReason};

const FROM: Date = date(2026, 7, 1);

/// A line as the source writes it, with this list of limits.
fn line(code: &str, limits: &str) -> String {
    format!(
        r#"{{"code":"{code}","name":"Thủ tục mẫu {code}","level":"Cấp xã","field":"Hộ tịch","decision":"1/QĐ","subjects":"Công dân Việt Nam, Tổ chức (không bao gồm doanh nghiệp, HTX)","limits":[{limits}],"papers":[{{"name":"Tờ khai","originals":1,"copies":0}}],"results":[{{"name":"Giấy khai sinh","code":"KQ.G15.000031"}}]}}"#
    )
}

fn limit(channel: &str, limit: &str, unit: &str, fee: &str) -> String {
    format!(r#"{{"channel":"{channel}","limit":{limit},"unit":{unit},"fee_text":"{fee}"}}"#)
}

fn read(text: &str) -> ImportReport {
    import::read(text, FROM)
}

fn terms(limits: &str) -> Vec<LimitTerm> {
    let report = read(&line("1.000001", limits));
    assert_eq!(report.rejected, []);
    report.accepted[0]
        .limits
        .iter()
        .map(|row| row.term.clone())
        .collect()
}

#[test]
fn a_clean_line_becomes_a_procedure() {
    let report = read(&line(
        "1.000001",
        &limit("direct", "3.0", "\"working_day\"", "Miễn phí"),
    ));
    assert_eq!(
        (
            report.rows,
            report.needs_decision.len(),
            report.remarks.len()
        ),
        (1, 0, 0)
    );
    let procedure = &report.accepted[0];
    assert_eq!(procedure.name, "Thủ tục mẫu 1.000001");
    assert_eq!(
        (procedure.effective_from, procedure.levels.as_slice()),
        (FROM, &[Level::Commune][..])
    );
    let three = TimeLimit::new(3, LimitUnit::WorkingDay).unwrap();
    assert_eq!(procedure.limits[0].term, LimitTerm::Limit(three));
    assert_eq!(procedure.papers[0].originals, 1);
    assert_eq!(procedure.fees[0].amount, FeeAmount::Free);
    assert!(
        catalogue(report.accepted.clone())
            .in_force(&code("1.000001"), TODAY)
            .is_ok()
    );
}

#[test]
fn units_are_read_and_never_guessed() {
    let of = |number: &str, unit: &str| terms(&limit("direct", number, unit, "")).remove(0);
    let decided = |n, unit| LimitTerm::Limit(TimeLimit::new(n, unit).unwrap());
    let unclear = |text: &str| LimitTerm::Unclear(text.to_owned());
    for (number, unit, expected) in [
        ("3", "\"working_day\"", decided(3, LimitUnit::WorkingDay)),
        ("3.0", "\"day\"", decided(3, LimitUnit::Day)),
        ("8.00", "\"hour\"", decided(8, LimitUnit::Hour)),
        ("2", "\"month\"", decided(2, LimitUnit::Month)),
        ("3", "\"Ngày làm việc\"", decided(3, LimitUnit::WorkingDay)),
        ("1.0", "null", LimitTerm::UnitMissing(1)),
        ("1.0", "\"\"", LimitTerm::UnitMissing(1)),
        ("null", "null", LimitTerm::NotStated),
        ("null", "\"day\"", LimitTerm::NotStated),
        ("0.0", "null", unclear("0.0")),
        ("0.5", "\"working_day\"", unclear("0.5 working_day")),
        ("-3", "\"day\"", unclear("-3 day")),
        ("3", "\"fortnight\"", unclear("3 fortnight")),
        ("9000", "\"day\"", unclear("9000 day")),
        ("99999999999", "\"day\"", unclear("99999999999 day")),
        ("1e3", "\"day\"", unclear("1000.0 day")),
    ] {
        let found = of(number, unit);
        if number == "1e3" {
            assert!(matches!(found, LimitTerm::Limit(_) | LimitTerm::Unclear(_)));
        } else {
            assert_eq!(found, expected, "{number} {unit}");
        }
    }
}

#[test]
fn what_a_person_must_decide_is_listed_with_its_line() {
    let text = [
        line("1.000001", &limit("direct", "3.0", "\"day\"", "")),
        line(
            "1.000002",
            &[
                limit("direct", "1.0", "null", ""),
                limit("online", "1.0", "null", ""),
            ]
            .join(","),
        ),
        String::new(),
        line(
            "1.000003",
            &[
                limit("direct", "null", "null", ""),
                limit("post", "0.0", "null", ""),
            ]
            .join(","),
        ),
    ]
    .join("\n");
    let report = read(&text);
    let open: Vec<(usize, &str, &[Open])> = report
        .needs_decision
        .iter()
        .map(|n| (n.line, n.code.as_str(), n.what.as_slice()))
        .collect();
    assert_eq!(
        open,
        [
            (2, "1.000002", &[Open::MissingUnit][..]),
            (4, "1.000003", &[Open::MissingLimit, Open::UnclearLimit][..]),
        ]
    );
    assert_eq!((report.rows, report.accepted.len()), (3, 3));
    let json = serde_json::to_value(&report.needs_decision[0]).unwrap();
    let expected = serde_json::json!({
        "line": 2, "code": "1.000002", "name": "Thủ tục mẫu 1.000002", "what": ["missing_unit"]
    });
    assert_eq!(json, expected);
}

#[test]
fn lines_that_are_no_procedure_are_rejected_with_the_reason() {
    let good = line("1.000001", "");
    let text = [
        good.as_str(),
        "{",
        "[]",
        r#"{"code":"1.000009"}"#,
        r#"{"code":"abc","name":"x"}"#,
        r#"{"code":"1.000008","name":"  "}"#,
        good.as_str(),
        "",
        r#"{"code":"1.000002","name":"Chỉ có tên"}"#,
    ]
    .join("\r\n");
    let report = read(&format!("\u{FEFF}{text}"));
    assert_eq!(
        (report.rows, report.accepted.len(), report.rejected.len()),
        (8, 2, 6)
    );
    let lines: Vec<usize> = report.rejected.iter().map(|r| r.line).collect();
    assert_eq!(lines, [2, 3, 4, 5, 6, 7]);
    assert_eq!(
        report.rejected[3].why,
        RejectReason::BadCode {
            found: "abc".to_owned()
        }
    );
    assert_eq!(report.rejected[4].why, RejectReason::NoName);
    assert_eq!(
        report.rejected[5].why,
        RejectReason::Twice {
            code: code("1.000001"),
            first_line: 1
        }
    );
    let json = serde_json::to_value(&report.rejected[5]).unwrap();
    let expected = serde_json::json!({
        "line": 7, "why": {"reason": "twice", "code": "1.000001", "first_line": 1}
    });
    assert_eq!(json, expected);
    let long = read(&format!("{{{}", " ".repeat(import::MAX_LINE_BYTES)));
    assert!(matches!(long.rejected[0].why, RejectReason::TooLong { .. }));
}

#[test]
fn roughness_is_kept_and_remarked() {
    let rough = r#"{"code":"1.000001","name":"Cấp giấy phép (công trình không theo tuyến:","level":"Cấp xã, Cấp huyện","field":"X","decision":null,"subjects":null,"limits":[{"channel":"fax","limit":3,"unit":"day","fee_text":null}],"papers":[{"name":"Đơn theo Mẫu số 03","originals":20251,"copies":1}],"results":[{"name":"Giấy phép","code":"KQ.G01.000065P"},{"name":"hiếu từ chối","code":"KQ.G01.000067"}]}"#;
    let report = read(rough);
    let what: Vec<&Oddity> = report.remarks.iter().map(|remark| &remark.what).collect();
    assert_eq!(
        what,
        [
            &Oddity::NameCut,
            &Oddity::CountImplausible {
                paper: 0,
                count: 20_251
            },
            &Oddity::ResultCodeOdd { result: 0 },
            &Oddity::UnknownLevel,
            &Oddity::UnknownChannel,
        ]
    );
    let procedure = &report.accepted[0];
    assert_eq!(
        procedure.name,
        "Cấp giấy phép (công trình không theo tuyến:"
    );
    assert_eq!(procedure.papers[0].originals, 20_251);
    assert_eq!(procedure.results[0].code, "KQ.G01.000065P");
    assert_eq!(procedure.limits[0].channel, Channel::Direct);
}

#[test]
fn names_are_brought_to_one_form_but_not_shortened() {
    use unicode_normalization::UnicodeNormalization;
    let name = "Công bố Danh mục\\nvà Quy trình nội bộ  thủ tục hành chính";
    let text = format!(r#"{{"code":"1.000001","name":"{name}"}}"#)
        .nfd()
        .collect::<String>();
    let report = read(&text);
    assert_eq!(
        report.accepted[0].name,
        "Công bố Danh mục và Quy trình nội bộ thủ tục hành chính"
    );
    let what: Vec<&Oddity> = report.remarks.iter().map(|remark| &remark.what).collect();
    assert_eq!(
        what,
        [
            &Oddity::NotNfc,
            &Oddity::NoPapers,
            &Oddity::NoResults,
            &Oddity::NoChannels
        ]
    );
}

#[test]
fn the_same_name_under_two_codes_is_remarked() {
    let one = r#"{"code":"1.000001","name":"Hỗ trợ phát triển sản xuất cộng đồng."}"#;
    let report = read(&format!("{one}\n{}", one.replace("1.000001", "1.000002")));
    let same = report
        .remarks
        .iter()
        .find(|r| matches!(r.what, Oddity::SameName { .. }))
        .unwrap();
    assert_eq!(
        (same.line, &same.what),
        (2, &Oddity::SameName { first_line: 1 })
    );
    assert_eq!(report.accepted.len(), 2);
}

#[test]
fn several_rows_of_a_channel_are_cases_without_a_name() {
    let rows = [
        limit("direct", "5.0", "\"working_day\"", "Miễn phí- Cảng vụ"),
        limit("direct", "2.0", "\"day\"", "Không có thông tin- Chi cục"),
        limit("online", "5.0", "\"working_day\"", "Miễn phí"),
    ];
    let report = read(&line("1.000001", &rows.join(",")));
    let procedure = &report.accepted[0];
    let cases: Vec<(&str, &str)> = procedure
        .cases
        .iter()
        .map(|c| (c.id.0.as_str(), c.name.as_str()))
        .collect();
    assert_eq!(cases, [("th1", "Trường hợp 1"), ("th2", "Trường hợp 2")]);
    let notes: Vec<&str> = procedure
        .limits
        .iter()
        .map(|row| row.note.as_str())
        .collect();
    assert_eq!(notes, ["- Cảng vụ", "- Chi cục", ""]);
    assert_eq!(procedure.limits[2].case, None);
    assert!(procedure.term(Channel::Direct, Some(&case("th2"))).is_ok());
    assert!(procedure.term(Channel::Online, Some(&case("th2"))).is_ok());
}

#[test]
fn amounts_are_read_only_where_they_are_beyond_doubt() {
    for (text, expected) in [
        ("Miễn phí", FeeAmount::Free),
        ("Miễn phí(Không)", FeeAmount::Free),
        ("Miễn phí(Không quy định.)", FeeAmount::Free),
        ("Không có thông tin", FeeAmount::NotStated),
        ("Không có thông tin8,000 VNĐ", FeeAmount::Fixed(Vnd(8_000))),
        (
            "70,000 VNĐ(70.000 đồng/Giấy chứng nhận)",
            FeeAmount::Fixed(Vnd(70_000)),
        ),
        (
            "10,000 Việt Nam Đồng(Trường hợp trực tuyến)",
            FeeAmount::Fixed(Vnd(10_000)),
        ),
        (
            "Không có thông tin10,000 Việt Nam Đồng(/trường hợp)",
            FeeAmount::Fixed(Vnd(10_000)),
        ),
        // By the page: the number is not what is owed.
        (
            "Không có thông tin2,000 Việt Nam Đồng(/trang)",
            FeeAmount::AsText,
        ),
        ("Không có thông tin10 USD(/bản)", FeeAmount::AsText),
        ("5 Việt Nam Đồng", FeeAmount::AsText),
        (
            "Miễn phí(Mức lệ phí cụ thể do Hội đồng nhân dân tỉnh quyết định)",
            FeeAmount::SetByCouncil,
        ),
        (
            "Không có thông tin150,000 Việt Nam Đồng(- Mức lệ phí cụ thể do Hội đồng nhân dân tỉnh quyết định)",
            FeeAmount::SetByCouncil,
        ),
        (
            "Miễn phí(Theo quy định của Luật phí và lệ phí)",
            FeeAmount::AsText,
        ),
        ("Miễn phí(Thông tư số 60/2023/TT-BTC)", FeeAmount::AsText),
        // What follows is about time, not money.
        ("Không có thông tin07 ngày làm việc", FeeAmount::NotStated),
        (
            "Miễn phí04 ngày làm việc, kể từ ngày nhận đủ hồ sơ",
            FeeAmount::Free,
        ),
        ("Miễn phí(Không)- Trường hợp là nhà ở", FeeAmount::Free),
        ("Miễn phí- Nộp phí khi nhận kết quả", FeeAmount::AsText),
        // The words contradict the figure, or add to it.
        (
            "5,000 Việt Nam Đồng(trực tuyến thu 7.000 đồng/lần)",
            FeeAmount::AsText,
        ),
        (
            "2,000 Việt Nam Đồng(2.000 đồng/trang; từ trang thứ 3 thu 1.000 đồng)",
            FeeAmount::AsText,
        ),
        (
            "10,000 Việt Nam Đồng(10.000 đồng/người/lần)",
            FeeAmount::AsText,
        ),
        (")Miễn phí((", FeeAmount::AsText),
    ] {
        let report = read(&line("1.000001", &limit("direct", "1.0", "\"day\"", text)));
        let fee = &report.accepted[0].fees[0];
        assert_eq!(fee.amount, expected, "{text}");
        assert_eq!(fee.text, text, "the words of the source are always kept");
    }
}

#[test]
fn equal_fees_of_all_channels_are_one_fee() {
    let same = [
        limit("direct", "1.0", "\"day\"", "Miễn phí"),
        limit("online", "1.0", "\"day\"", "Miễn phí"),
    ];
    let report = read(&line("1.000001", &same.join(",")));
    let fees = &report.accepted[0].fees;
    assert_eq!((fees.len(), fees[0].channel), (1, None));
    let differ = [
        limit(
            "direct",
            "1.0",
            "\"day\"",
            "20,000 Việt Nam Đồng(Trực tiếp)",
        ),
        limit(
            "online",
            "1.0",
            "\"day\"",
            "10,000 Việt Nam Đồng(Trực tuyến)",
        ),
    ];
    let report = read(&line("1.000001", &differ.join(",")));
    let fees: Vec<_> = report.accepted[0]
        .fees
        .iter()
        .map(|f| (f.channel, f.amount.clone()))
        .collect();
    assert_eq!(
        fees,
        [
            (Some(Channel::Direct), FeeAmount::Fixed(Vnd(20_000))),
            (Some(Channel::Online), FeeAmount::Fixed(Vnd(10_000))),
        ]
    );
}

proptest! {
    #[test]
    fn no_row_is_ever_lost(lines in prop::collection::vec(prop_oneof![
        Just(String::new()),
        "[ \\t]{1,4}",
        "\\PC{0,40}",
        "1\\.00000[0-9]".prop_map(|code| line(&code, "")),
        "[0-9]\\.[0-9]{6}".prop_map(|code| line(&code, &limit("direct", "1.0", "null", ""))),
    ], 0..20)) {
        let text = lines.join("\n");
        let report = read(&text);
        let rows = text.lines().filter(|line| !line.trim().is_empty()).count();
        prop_assert_eq!(report.rows, rows);
        prop_assert_eq!(report.accepted.len() + report.rejected.len(), rows);
        prop_assert!(Catalogue::new("t".to_owned(), report.accepted).is_ok());
    }
}
