//! Papers read by programs that know nothing of this one: poppler, ZBar, Tesseract.
//!
//! A missing reader is skipped on a developer's machine and a failure where `CI` is set.

mod common;

use std::path::Path;
use std::process::Command;

use common::{RECEPTIONS, reception, text_of, ticket};
use motcua_papers::form01::{PageSize, render_pdf, render_png};
use motcua_papers::slip;
use unicode_normalization::is_nfc;

/// Resolution at which a page is photographed by a telephone held over it.
const CAMERA_DPI: u32 = 150;

/// What `program` prints, or `None` where it may be missing.
fn run(program: &str, arguments: &[&str]) -> Option<String> {
    match Command::new(program).args(arguments).output() {
        Ok(output) => Some(String::from_utf8(output.stdout).expect("UTF-8")),
        Err(error) if std::env::var_os("CI").is_some() => panic!("{program}: {error}"),
        Err(error) => {
            println!("skipped, {program} does not run here: {error}");
            None
        }
    }
}

fn file(folder: &tempfile::TempDir, name: &str, bytes: &[u8]) -> String {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("written");
    path.to_str().expect("UTF-8 path").to_owned()
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn poppler_gives_back_the_vietnamese_text_in_nfc() {
    let folder = tempfile::tempdir().expect("folder");
    let record = reception("letters");
    let pdf = file(
        &folder,
        "letters.pdf",
        &render_pdf(&record, PageSize::A5).expect("form"),
    );
    let Some(text) = run("pdftotext", &["-layout", &pdf, "-"]) else {
        return;
    };
    assert!(is_nfc(&text));
    let text = words(&text);
    for expected in [
        "Nguyễn Thị Ngọc Ỷ, Đặng Ướt, ẶẪỘỮ",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Mã hồ sơ: H56.6.17-261123-0044",
        "Tờ khai đăng ký khai sinh 1 0 0",
        "5. Thời gian trả kết quả: 17 giờ 00 phút, ngày 25 tháng 11 năm 2026",
    ] {
        assert!(text.contains(expected), "{expected:?} not in\n{text}");
    }
}

#[test]
fn fonts_are_embedded_as_subsets_with_a_unicode_map() {
    let folder = tempfile::tempdir().expect("folder");
    let pdf = render_pdf(&reception("birth"), PageSize::A4).expect("form");
    let pdf = file(&folder, "birth.pdf", &pdf);
    let Some(text) = run("pdffonts", &[&pdf]) else {
        return;
    };
    let fonts: Vec<&str> = text.lines().skip(2).collect();
    assert_eq!(fonts.len(), 3, "{text}");
    for font in fonts {
        assert!(
            font.contains("+LiberationSerif") && font.contains("Identity-H"),
            "{font}"
        );
        assert!(words(font).contains("yes yes yes"), "{font}");
    }
}

#[test]
fn zbar_reads_the_code_of_every_paper() {
    let folder = tempfile::tempdir().expect("folder");
    for case in RECEPTIONS {
        let record = reception(case);
        let slip = slip::reception(&record)
            .expect("slip")
            .to_png()
            .expect("PNG");
        let form = render_png(&record, PageSize::A5, CAMERA_DPI)
            .expect("form")
            .remove(0);
        for (name, png) in [("slip.png", slip), ("form.png", form)] {
            let path = file(&folder, name, &png);
            let Some(text) = run("zbarimg", &["--quiet", "--raw", &path]) else {
                return;
            };
            assert_eq!(text.trim_end(), record.qr_text, "{case} {name}");
        }
    }
    let record = ticket("ticket-priority");
    let png = slip::ticket(&record)
        .expect("ticket")
        .to_png()
        .expect("PNG");
    let path = file(&folder, "ticket.png", &png);
    let Some(text) = run("zbarimg", &["--quiet", "--raw", &path]) else {
        return;
    };
    assert_eq!(Some(text.trim_end()), record.qr_text.as_deref());
}

#[test]
fn tesseract_reads_the_names_on_the_slip() {
    let folder = tempfile::tempdir().expect("folder");
    let table = [
        (
            "birth",
            [
                "Lò Thị Mẩy",
                "Vàng A Sử",
                "Nguyễn Thị Ngọc Ỷ",
                "HẸN TRẢ KẾT QUẢ",
            ],
        ),
        (
            "letters",
            [
                "Nguyễn Thị Ngọc Ỷ",
                "Đặng Ướt",
                "H56.6.17-261123-0044",
                "Xin giữ phiếu này",
            ],
        ),
    ];
    for (case, expected) in table {
        let slip = slip::reception(&reception(case))
            .expect("slip")
            .to_png()
            .expect("PNG");
        let path = file(&folder, &format!("{case}.png"), &slip);
        let Some(text) = run("tesseract", &[&path, "-", "-l", "vie", "--psm", "4"]) else {
            return;
        };
        let text = words(&text);
        for name in expected {
            assert!(text.contains(name), "{name:?} not read in\n{text}");
        }
    }
}

#[test]
fn our_own_reader_and_poppler_find_the_same_words() {
    let folder = tempfile::tempdir().expect("folder");
    let pdf = render_pdf(&reception("long"), PageSize::A5).expect("form");
    let path = file(&folder, "long.pdf", &pdf);
    let Some(poppler) = run("pdftotext", &[&path, "-"]) else {
        return;
    };
    let sorted = |text: &str| {
        let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        words.sort();
        words
    };
    assert_eq!(sorted(&text_of(&pdf).join("\n")), sorted(&poppler));
    assert!(Path::new(&path).exists());
}
