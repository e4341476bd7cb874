//! The contract of the two writing services, checked field by field.
//!
//! Field names and value ranges: the national synchronisation services of the one-stop software
//! (`DongBoHoSoMC`, `CapNhatTienDoHoSoMC`). Only what a province surely refuses is refused here;
//! the optional lists are checked for being lists.

use jiff::civil::DateTime;
use serde_json::{Map, Value};

/// The national format of every date with time.
const DATE_FORMAT: &str = "%Y%m%d%H%M%S";

/// Longest `TrichYeuHoSo` (summary of a dossier), in characters.
const SUMMARY_CHARS_MAX: usize = 1_000;

/// How a value must look.
#[derive(Debug, Clone, Copy)]
enum Shape {
    /// Any text.
    Text,
    /// Text of at most so many characters.
    TextMax(usize),
    /// A procedure code: one digit, a point, six digits.
    Procedure,
    /// A whole number in a range, as a number or as digits.
    Number(i64, i64),
    /// `yyyyMMddHHmmss`, a moment that exists.
    Moment,
    /// A list of records.
    List,
}

#[derive(Debug, Clone, Copy)]
enum Need {
    Required,
    Optional,
}

type Field = (&'static str, Need, Shape);

use Need::{Optional, Required};

const DOSSIER: &[Field] = &[
    ("MaHoSo", Required, Shape::TextMax(50)),
    ("MaTTHC", Required, Shape::Procedure),
    ("TenTTHC", Required, Shape::Text),
    ("MaLinhVuc", Optional, Shape::Text),
    ("TenLinhVuc", Optional, Shape::Text),
    ("KenhThucHien", Required, Shape::Number(1, 3)),
    ("ChuHoSo", Required, Shape::Text),
    ("LoaiDoiTuong", Required, Shape::Number(1, 4)),
    ("TrichYeuHoSo", Optional, Shape::TextMax(SUMMARY_CHARS_MAX)),
    ("NgayTiepNhan", Required, Shape::Moment),
    ("NgayHenTra", Optional, Shape::Moment),
    ("TrangThaiHoSo", Required, Shape::Number(1, 10)),
    ("NgayTra", Optional, Shape::Moment),
    ("NgayKetThucXuLy", Optional, Shape::Moment),
    ("NgayTuChoi", Optional, Shape::Moment),
    ("NgayNopHoSo", Optional, Shape::Moment),
    ("DonViXuLy", Required, Shape::Text),
    ("HoSoCoThanhPhanSoHoa", Optional, Shape::Number(0, 1)),
    ("TaiKhoanDuocXacThucVoiVNeID", Optional, Shape::Number(0, 1)),
    ("DuocThanhToanTrucTuyen", Optional, Shape::Number(0, 1)),
    ("DinhDanhCHS", Optional, Shape::List),
    ("DSKetNoiCSDL", Optional, Shape::List),
    ("TaiLieuNop", Optional, Shape::List),
    ("DanhSachLePhi", Optional, Shape::List),
    ("DanhSachTepDinhKemKhac", Optional, Shape::List),
    ("DanhSachHoSoBoSung", Optional, Shape::List),
    ("DanhSachGiayToKetQua", Optional, Shape::List),
];

const PROGRESS: &[Field] = &[
    ("MaHoSo", Required, Shape::TextMax(50)),
    ("NguoiXuLy", Required, Shape::Text),
    ("ChucDanh", Optional, Shape::Text),
    ("ThoiDiemXuLy", Required, Shape::Moment),
    ("PhongBanXuLy", Optional, Shape::Text),
    ("NoiDungXuLy", Required, Shape::Text),
    ("TrangThai", Required, Shape::Number(1, 10)),
    ("NgayBatDau", Optional, Shape::Moment),
    ("NgayKetThucTheoQuyDinh", Optional, Shape::Moment),
];

/// What is wrong with a dossier, one sentence a field; empty when it may be accepted.
pub(super) fn dossier_problems(record: &Value) -> Vec<String> {
    problems(record, DOSSIER)
}

/// What is wrong with a progress report.
pub(super) fn progress_problems(record: &Value) -> Vec<String> {
    problems(record, PROGRESS)
}

fn problems(record: &Value, fields: &[Field]) -> Vec<String> {
    let Some(record) = record.as_object() else {
        return vec!["Bản ghi không phải là một đối tượng".to_owned()];
    };
    fields
        .iter()
        .filter_map(|field| problem(record, field))
        .collect()
}

fn problem(record: &Map<String, Value>, (name, need, shape): &Field) -> Option<String> {
    let value = record.get(*name).unwrap_or(&Value::Null);
    let is_empty = value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
    match (need, is_empty) {
        (Required, true) => Some(format!("{name}: bắt buộc")),
        (Optional, true) => None,
        (_, false) => (!fits(value, *shape)).then(|| format!("{name}: sai định dạng ({value})")),
    }
}

fn fits(value: &Value, shape: Shape) -> bool {
    let text = value.as_str();
    match shape {
        Shape::Text => text.is_some(),
        Shape::TextMax(max) => text.is_some_and(|text| text.chars().count() <= max),
        Shape::Procedure => text.is_some_and(is_procedure_code),
        Shape::Number(min, max) => number(value).is_some_and(|it| (min..=max).contains(&it)),
        Shape::Moment => text.is_some_and(is_moment),
        Shape::List => value.is_array(),
    }
}

fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

fn is_procedure_code(text: &str) -> bool {
    let digits = |part: &str, count: usize| {
        part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    text.split_once('.')
        .is_some_and(|(group, rest)| digits(group, 1) && digits(rest, 6))
}

fn is_moment(text: &str) -> bool {
    text.len() == 14
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && DateTime::strptime(DATE_FORMAT, text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake_province::tests::{dossier, progress};
    use serde_json::json;

    #[test]
    fn a_complete_dossier_and_its_progress_are_accepted() {
        assert_eq!(dossier_problems(&dossier("H56.6.17-261123-0042")), [""; 0]);
        assert_eq!(
            progress_problems(&progress("H56.6.17-261123-0042")),
            [""; 0]
        );
    }

    #[test]
    fn each_wrong_field_is_named() {
        let cases = [
            ("MaHoSo", json!("")),
            ("MaHoSo", json!(null)),
            ("MaTTHC", json!("1.1193")),
            ("MaTTHC", json!("khai sinh")),
            ("KenhThucHien", json!(4)),
            ("KenhThucHien", json!("trực tiếp")),
            ("LoaiDoiTuong", json!(0)),
            ("NgayTiepNhan", json!("2026-11-23T09:15:00")),
            ("NgayTiepNhan", json!("20261123")),
            ("NgayTiepNhan", json!("20260231091500")),
            ("NgayHenTra", json!("20261123246000")),
            ("TrangThaiHoSo", json!("11")),
            ("TrichYeuHoSo", json!("ộ".repeat(SUMMARY_CHARS_MAX + 1))),
            ("TaiLieuNop", json!("tờ khai")),
        ];
        for (field, wrong) in cases {
            let mut record = dossier("H56.6.17-261123-0042");
            record[field] = wrong.clone();
            let problems = dossier_problems(&record);
            assert_eq!(problems.len(), 1, "{field} = {wrong}: {problems:?}");
            assert!(
                problems[0].starts_with(field),
                "{field} = {wrong}: {problems:?}"
            );
        }
    }

    #[test]
    fn numbers_may_come_as_digits_and_the_longest_summary_fits() {
        let mut record = dossier("H56.6.17-261123-0042");
        record["KenhThucHien"] = json!("1");
        record["TrichYeuHoSo"] = json!("ộ".repeat(SUMMARY_CHARS_MAX));
        assert_eq!(dossier_problems(&record), [""; 0]);
    }

    #[test]
    fn something_that_is_no_record_is_refused() {
        assert_eq!(dossier_problems(&json!("hồ sơ")).len(), 1);
    }
}
