//! Whether what the province has is what was sent.

use serde_json::Value;

use super::record;
use super::request::SERVICE_PROGRESS;

/// Fields that make a dossier ours.
const IDENTITY: [&str; 4] = ["MaHoSo", "MaTTHC", "ChuHoSo", "NgayTiepNhan"];
/// Fields that the province moves by itself: a difference there says nothing.
const MOVED_BY_PROVINCE: [&str; 4] = ["TrangThaiHoSo", "NgayTra", "NgayKetThucXuLy", "ThongTinTra"];

/// How alike they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sameness {
    /// As it was sent.
    Same,
    /// The same dossier with other content.
    Ours,
    /// Another dossier.
    Other,
}

/// Compares the request with what was found. Fields that the province does not give back are no difference;
/// the number must be there.
pub(super) fn compare(request: &[u8], found: &Value) -> Sameness {
    let Ok(request) = serde_json::from_slice::<Value>(request) else {
        return Sameness::Other;
    };
    let sent = record(&request);
    if text(&found["MaHoSo"]).is_none() {
        return Sameness::Other;
    }
    if request["service"] == SERVICE_PROGRESS {
        let is_ours = !differs(sent, found, "MaHoSo");
        let has_stepped = text(&found["TrangThaiHoSo"]) == text(&sent["TrangThai"]);
        return match (is_ours, has_stepped) {
            (false, _) => Sameness::Other,
            (true, true) => Sameness::Same,
            (true, false) => Sameness::Ours,
        };
    }
    if IDENTITY.iter().any(|field| differs(sent, found, field)) {
        return Sameness::Other;
    }
    let fields = sent
        .as_object()
        .into_iter()
        .flat_map(|fields| fields.keys());
    let has_changed = fields
        .filter(|field| !MOVED_BY_PROVINCE.contains(&field.as_str()))
        .any(|field| differs(sent, found, field));
    if has_changed {
        Sameness::Ours
    } else {
        Sameness::Same
    }
}

/// Whether both say something and not the same.
fn differs(sent: &Value, found: &Value, field: &str) -> bool {
    match (text(&sent[field]), text(&found[field])) {
        (Some(sent), Some(found)) => sent != found,
        _ => false,
    }
}

/// A plain value as text, so that `1` and `"1"` are the same; none for lists and for nothing.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => Some(motcua_core::text::nfc(text.trim())),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(is) => Some(is.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn dossier(found: &Value) -> Sameness {
        let request = json!({"service": "DongBoHoSoMC", "isUpdating": "False", "data": [{
            "MaHoSo": "H56.6.17-261123-0042", "MaTTHC": "1.001193", "ChuHoSo": "Lò Thị Mẩy",
            "NgayTiepNhan": "20261123091500", "KenhThucHien": 1, "TrangThaiHoSo": 2, "SoDienThoai": "0912",
        }]});
        compare(request.to_string().as_bytes(), found)
    }

    #[test]
    fn the_same_dossier_is_known_by_what_both_say() {
        let found =
            json!({"MaHoSo": "H56.6.17-261123-0042", "ChuHoSo": "Lò Thị Mẩy", "KenhThucHien": "1"});
        assert_eq!(
            dossier(&found),
            Sameness::Same,
            "fewer fields, a number as text"
        );
        let found = json!({"MaHoSo": "H56.6.17-261123-0042", "TrangThaiHoSo": 4});
        assert_eq!(
            dossier(&found),
            Sameness::Same,
            "the province has begun to work on it"
        );
    }

    #[test]
    fn older_content_of_ours_and_somebody_elses_dossier_are_told_apart() {
        let found = json!({"MaHoSo": "H56.6.17-261123-0042", "SoDienThoai": "0999"});
        assert_eq!(dossier(&found), Sameness::Ours);
        let found = json!({"MaHoSo": "H56.6.17-261123-0042", "ChuHoSo": "Vàng A Páo"});
        assert_eq!(dossier(&found), Sameness::Other);
        assert_eq!(
            dossier(&json!({"ChuHoSo": "Lò Thị Mẩy"})),
            Sameness::Other,
            "no number at all"
        );
        assert_eq!(dossier(&json!("hồ sơ")), Sameness::Other);
    }

    #[test]
    fn a_step_is_there_when_the_status_is() {
        let request =
            json!({"service": SERVICE_PROGRESS, "data": [{"MaHoSo": "X", "TrangThai": 4}]})
                .to_string();
        let look = |status: u8| {
            compare(
                request.as_bytes(),
                &json!({"MaHoSo": "X", "TrangThaiHoSo": status}),
            )
        };
        assert_eq!(look(4), Sameness::Same);
        assert_eq!(look(2), Sameness::Ours);
    }
}
