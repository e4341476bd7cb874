//! Papers as the desk and the citizen meet them: what must stand on them, what must never.

mod common;

use common::{RECEPTIONS, reception, text_of, ticket};
use motcua_papers::PaperError;
use motcua_papers::form01::{
    CopiesState, PageSize, PaperLine, PenPoint, Reception, Reprint, Signature, Stroke, render_pdf,
    render_png,
};
use motcua_papers::slip::{self, SLIP_WIDTH_DOTS};
use unicode_normalization::UnicodeNormalization;

/// Largest form the desk accepts.
const FORM_LIMIT_BYTES: usize = 60_000;
const SIZES: [PageSize; 2] = [PageSize::A5, PageSize::A4];

fn text(record: &Reception, size: PageSize) -> String {
    squeeze(&text_of(&render_pdf(record, size).expect("form")).join("\n"))
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn an_ordinary_birth_registration_fits_one_page_of_either_size() {
    for case in [
        "birth",
        "empty",
        "reprint",
        "practice",
        "single-copy",
        "letters",
    ] {
        for size in SIZES {
            let pages = text_of(&render_pdf(&reception(case), size).expect("form"));
            assert_eq!(pages.len(), 1, "{case} {size:?}");
        }
    }
}

#[test]
fn every_form_is_small_enough_to_be_kept_and_sent() {
    for case in RECEPTIONS {
        for size in SIZES {
            let bytes = render_pdf(&reception(case), size).expect("form").len();
            assert!(bytes <= FORM_LIMIT_BYTES, "{case} {size:?}: {bytes}");
        }
    }
}

#[test]
fn long_names_wrap_and_lose_nothing() {
    let record = reception("long");
    for size in SIZES {
        let text = text(&record, size);
        for paper in &record.papers {
            assert!(
                text.contains(&paper.name),
                "{:?} {size:?}\n{text}",
                paper.name
            );
        }
        for whole in [
            &record.owner_name,
            &record.procedure_name,
            &record.return_place,
        ] {
            assert!(text.contains(whole.as_str()), "{whole}");
        }
    }
}

#[test]
fn a_long_list_repeats_its_heading_and_says_where_it_belongs() {
    let record = reception("long");
    let pages = text_of(&render_pdf(&record, PageSize::A5).expect("form"));
    assert_eq!(pages.len(), 2);
    for (index, page) in pages.iter().enumerate() {
        assert!(page.contains("Thành phần hồ sơ"), "{page}");
        assert!(page.contains(&format!("Trang {}/2", index + 1)), "{page}");
    }
    let head = format!("Mã hồ sơ: {} (tiếp theo)", record.code);
    assert!(squeeze(&pages[1]).starts_with(&head), "{}", pages[1]);
}

#[test]
fn the_appointment_stands_with_its_reason() {
    let text = text(&reception("birth"), PageSize::A5);
    assert!(text.contains("5. Thời gian trả kết quả: 17 giờ 00 phút, ngày 25 tháng 11 năm 2026"));
    assert!(text.contains("(không tính thứ Ba 24/11/2026: ngày Văn hóa Việt Nam)"));
}

#[test]
fn only_the_only_copy_says_so() {
    const NOTE: &str = "Phiếu này mới có một bản lưu";
    let mut record = reception("birth");
    assert!(!text(&record, PageSize::A5).contains(NOTE));
    let two = slip::reception(&record).expect("slip");
    record.copies = CopiesState::OneCopy;
    for size in SIZES {
        assert!(text(&record, size).contains(NOTE));
    }
    assert!(slip::reception(&record).expect("slip").rows > two.rows);
}

#[test]
fn a_reprint_names_its_number_its_hour_and_its_hand() {
    let mut record = reception("birth");
    assert!(!text(&record, PageSize::A5).contains("IN LẠI"));
    let at = "2026-11-24T14:05:00".parse().expect("moment");
    record.reprint = Some(Reprint {
        number: 3,
        at,
        by: "Đặng Ướt".to_owned(),
    });
    let text = text(&record, PageSize::A5);
    assert!(
        text.contains("BẢN IN LẠI lần 3 – 14:05 24/11/2026 – người in: Đặng Ướt"),
        "{text}"
    );
}

#[test]
fn a_corrected_slip_replaces_the_earlier_ones() {
    let text = text(&reception("reprint"), PageSize::A4);
    assert!(
        text.contains("PHIÊN BẢN 2 – thay thế các bản đã cấp trước"),
        "{text}"
    );
}

#[test]
fn practice_marks_every_page() {
    let mut record = reception("long");
    record.practice = true;
    for page in text_of(&render_pdf(&record, PageSize::A5).expect("form")) {
        assert!(page.contains("TẬP HUẤN"), "{page}");
    }
    let real = slip::reception(&reception("birth")).expect("slip");
    let practice = slip::reception(&reception("practice")).expect("slip");
    let black = |slip: &slip::Slip| slip.bits.iter().map(|byte| byte.count_ones()).sum::<u32>();
    assert!(black(&practice) > black(&real) + 10 * SLIP_WIDTH_DOTS);
}

#[test]
fn what_is_not_known_is_left_to_write_on() {
    let text = text(&reception("empty"), PageSize::A5);
    for label in [
        "Địa chỉ:",
        "Số điện thoại:",
        "Email:",
        "Số CMND/Thẻ căn cước/Hộ chiếu:",
    ] {
        assert!(text.contains(label), "{label}");
    }
    for word in ["None", "null", "Người nộp:", "Quyển số"] {
        assert!(!text.contains(word), "{word}");
    }
    assert!(text.contains("5. Thời gian trả kết quả: không hẹn ngày trả kết quả"));
    assert!(text.contains("Không có giấy tờ kèm theo"));
    assert!(text.contains("Phí, lệ phí: không thu"));
}

#[test]
fn fees_are_added_up_and_exemptions_named() {
    let text = text(&reception("long"), PageSize::A4);
    let expected = "Phí thẩm định hồ sơ 150.000 đồng; Lệ phí cấp giấy chứng nhận 0 đồng (miễn: hộ \
                    nghèo); Cước bưu chính 32.500 đồng; tổng cộng 182.500 đồng";
    assert!(text.contains(expected), "{text}");
}

#[test]
fn the_same_record_gives_the_same_bytes() {
    for case in RECEPTIONS {
        let record = reception(case);
        let json = serde_json::to_string(&record).expect("JSON");
        let copy: Reception = serde_json::from_str(&json).expect("record");
        assert_eq!(
            render_pdf(&record, PageSize::A5),
            render_pdf(&copy, PageSize::A5),
            "{case}"
        );
        assert_eq!(slip::reception(&record), slip::reception(&copy), "{case}");
    }
}

#[test]
fn a_name_typed_in_pieces_prints_as_the_same_paper() {
    let record = reception("birth");
    let mut pieces = record.clone();
    pieces.owner_name = record.owner_name.nfd().collect();
    pieces.procedure_name = format!(" {}\u{200b}\n", record.procedure_name);
    assert_ne!(pieces.owner_name, record.owner_name);
    assert_eq!(
        render_pdf(&pieces, PageSize::A5),
        render_pdf(&record, PageSize::A5)
    );
    assert_eq!(slip::reception(&pieces), slip::reception(&record));
}

#[test]
fn another_record_is_another_file() {
    let record = reception("birth");
    let mut other = record.clone();
    other.register.as_mut().expect("register").sequence += 1;
    assert_ne!(
        render_pdf(&record, PageSize::A5),
        render_pdf(&other, PageSize::A5)
    );
}

#[test]
fn a_record_that_would_be_a_false_paper_is_refused() {
    let with = |change: fn(&mut Reception)| {
        let mut record = reception("birth");
        change(&mut record);
        let form = render_pdf(&record, PageSize::A5).map(|_| ());
        assert_eq!(
            form,
            slip::reception(&record).map(|_| ()),
            "form and slip agree"
        );
        form
    };
    let empty = |field| Err(PaperError::EmptyField { field });
    let zero = |field| {
        Err(PaperError::OutOfRange {
            field,
            value: 0,
            min: 1,
            max: u64::from(u32::MAX),
        })
    };
    assert_eq!(
        with(|r| r.owner_name = " \u{200b}".to_owned()),
        empty("owner_name")
    );
    assert_eq!(with(|r| r.code.clear()), empty("code"));
    assert_eq!(with(|r| r.clerk_name.clear()), empty("clerk_name"));
    assert_eq!(with(|r| r.set_count = 0), zero("set_count"));
    assert_eq!(with(|r| r.version = 0), zero("version"));
    assert_eq!(
        with(|r| r.owner_name = "Lò Thị 😀".to_owned()),
        Err(PaperError::MissingGlyph { character: '😀' })
    );
    assert_eq!(
        with(|r| r.qr_text = "x".repeat(500)),
        Err(PaperError::QrTooLong {
            len_bytes: 500,
            max_bytes: 412
        })
    );
    let date = jiff::civil::date(2017, 3, 1);
    assert_eq!(
        with(|r| r.received_at = "2017-03-01T08:00:00".parse().expect("moment")),
        Err(PaperError::NoTemplate { form: "01", date })
    );
}

#[test]
fn ink_that_left_the_pad_is_refused() {
    let stroke = |x: f32, pressure| Stroke {
        points: vec![PenPoint {
            x,
            y: 0.5,
            pressure,
        }],
    };
    let table = [
        (2.5, stroke(1.2, None)),
        (2.5, stroke(f32::NAN, None)),
        (2.5, stroke(0.5, Some(7.0))),
        (0.0, stroke(0.5, None)),
        (f32::INFINITY, stroke(0.5, None)),
    ];
    for (aspect, stroke) in table {
        let mut record = reception("birth");
        record.signature = Some(Signature {
            aspect,
            strokes: vec![stroke],
        });
        assert_eq!(
            render_pdf(&record, PageSize::A5),
            Err(PaperError::BadSignature)
        );
    }
}

#[test]
fn a_dot_is_a_signature_too() {
    let mut record = reception("empty");
    let blank = render_pdf(&record, PageSize::A5).expect("form");
    let dot = Stroke {
        points: vec![PenPoint {
            x: 0.5,
            y: 0.5,
            pressure: Some(0.9),
        }],
    };
    record.signature = Some(Signature {
        aspect: 2.0,
        strokes: vec![dot],
    });
    assert_ne!(render_pdf(&record, PageSize::A5).expect("form"), blank);
    render_png(&record, PageSize::A5, 72).expect("preview");
}

#[test]
fn a_name_longer_than_a_page_goes_on_overleaf() {
    let mut record = reception("birth");
    let name = "giấy tờ liên quan đến ".repeat(120).trim_end().to_owned();
    record.papers = vec![PaperLine {
        name: name.clone(),
        originals: 1,
        certified: 0,
        copies: 0,
    }];
    let pages = text_of(&render_pdf(&record, PageSize::A5).expect("form"));
    assert!(pages.len() > 1);
    let words = |text: &str| text.matches("quan").count();
    assert_eq!(
        pages.iter().map(|page| words(page)).sum::<usize>(),
        words(&name)
    );
}

#[test]
fn an_office_name_longer_than_a_page_is_refused_not_cut() {
    let mut record = reception("birth");
    record.office.name = "Trung tâm Phục vụ hành chính công ".repeat(60);
    let refused = Err(PaperError::DoesNotFit { field: "office" });
    assert_eq!(render_pdf(&record, PageSize::A5), refused);
    slip::reception(&record).expect("a roll has no page");
}

#[test]
fn previews_keep_to_sensible_resolutions() {
    let record = reception("birth");
    for dpi in [0, 35, 601] {
        let refused = render_png(&record, PageSize::A5, dpi);
        assert!(
            matches!(refused, Err(PaperError::OutOfRange { field: "dpi", .. })),
            "{dpi}"
        );
    }
    let pages = render_png(&record, PageSize::A4, 100).expect("preview");
    let (width, height, _) = common::dots(&pages[0]);
    assert_eq!((width, height), (827, 1169));
}

#[test]
fn a_slip_is_as_wide_as_the_printer_and_its_bits_are_whole_rows() {
    for case in RECEPTIONS {
        let slip = slip::reception(&reception(case)).expect("slip");
        assert_eq!(slip.width_dots, SLIP_WIDTH_DOTS);
        assert_eq!(slip.bits.len(), slip.rows as usize * slip.row_bytes());
        let (width, height, dots) = common::dots(&slip.to_png().expect("PNG"));
        assert_eq!((width, height), (slip.width_dots, slip.rows));
        let first_black = dots
            .iter()
            .position(|&dot| dot == 0)
            .expect("something printed");
        let byte = slip.bits[first_black / 8];
        assert_eq!(
            byte.leading_zeros() as usize,
            first_black % 8,
            "1 is black, left bit first"
        );
    }
}

#[test]
fn a_ticket_tells_how_many_are_ahead_only_when_it_is_known() {
    let known = ticket("ticket");
    let mut unknown = known.clone();
    unknown.people_ahead = None;
    unknown.wait_minutes = None;
    let rows = |ticket| slip::ticket(ticket).expect("ticket").rows;
    assert!(rows(&unknown) < rows(&known));
    let mut next = known.clone();
    next.people_ahead = Some(0);
    assert_ne!(slip::ticket(&next), slip::ticket(&known));
}

#[test]
fn a_ticket_without_number_or_with_a_backward_wait_is_refused() {
    let mut record = ticket("ticket");
    record.number = "  ".to_owned();
    assert_eq!(
        slip::ticket(&record),
        Err(PaperError::EmptyField { field: "number" })
    );
    let mut record = ticket("ticket");
    record.wait_minutes = Some((20, 5));
    assert!(matches!(
        slip::ticket(&record),
        Err(PaperError::OutOfRange { value: 5, .. })
    ));
}
