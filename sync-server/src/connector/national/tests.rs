//! The record of a dossier, field by field, as the province reads it.

use std::collections::BTreeMap;

use jiff::civil::date;
use motcua_core::dossier::{Dossier, DossierStatus, Received, Stepped};
use motcua_core::event::Event;
use motcua_core::ids::{BootId, DeviceId, EntityId, Hash, ScopeId, SessionId, StaffId};
use motcua_core::op::{ClockReading, OpId, Place, SealedOp, Stamp};
use motcua_core::state::{Decision, Entry};
use serde_json::{Value, json};

use super::mapping::Mapping;
use super::request::{as_update, look_up, prepare};
use crate::connector::gateway::News;

fn received() -> Event {
    let received: Received = serde_json::from_value(json!({
        "code": "H56.6.17-261123-0042",
        "procedure": {
            "code": "1.001193", "name": "Thủ tục đăng ký khai sinh", "sector": "Hộ tịch",
            "catalogue": "2026-11", "edition": 1,
        },
        "channel": "direct",
        "owner": {"full_name": "Lò Thị Mẩy", "id_number": "011198000321", "phone": "0912345678"},
        "papers": [{
            "key": "to-khai", "name": "Tờ khai đăng ký khai sinh",
            "originals": 1, "certified": 0, "copies": 2,
            "scans": [{"sha256": Hash::of(b"scan"), "size": 4, "mime": "application/pdf"}],
        }],
        "set_count": 1,
        "fees": [{"name": "Lệ phí", "kind": "fee", "amount_vnd": 5000, "quantity": 1}],
        "delivery": {"kind": "counter"},
        "received_at": "2026-11-23T09:15:00",
        "due": {
            "at": "2026-11-27T17:00:00", "limit_text": "03 ngày làm việc", "explanation": [],
            "calendar_version": "2026", "legal_basis": "",
        },
        "officer": {"id": StaffId::derived("cán bộ"), "name": "Vàng A Páo"},
        "counter": "3",
    }))
    .unwrap();
    Event::DossierReceived(Box::new(received))
}

fn dossier() -> Dossier {
    let event = received();
    let id = OpId {
        device: DeviceId::derived("quầy 3"),
        epoch: 1,
        dseq: 1,
    };
    let place = Place {
        id,
        prev: Hash::ZERO,
        scope: ScopeId("H56.6.17".into()),
        base: 0,
    };
    let clock = ClockReading {
        wall_ms: 0,
        off_ms: None,
        mono_ms: 0,
        boot: BootId::derived("b"),
    };
    let stamp = Stamp {
        actor: StaffId::derived("cán bộ"),
        session: SessionId::derived("s"),
        clock,
    };
    let op = SealedOp::seal(place, stamp, EntityId::derived("hồ sơ"), &event).unwrap();
    let entry = Entry {
        seq: Some(1),
        op: &op.op,
        event: &event,
    };
    Dossier::fold(None, entry, &Decision::Applied).unwrap()
}

fn sent(event: &Event) -> Value {
    let dossier = dossier();
    let news = News {
        dossier: &dossier,
        event,
        actor: StaffId::derived("cán bộ"),
        office: None,
    };
    let bytes = prepare(&Mapping::shipped().unwrap(), news).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

#[test]
fn the_shipped_mapping_covers_the_national_record() {
    let names: BTreeMap<String, usize> =
        Mapping::shipped()
            .unwrap()
            .fields
            .into_iter()
            .fold(BTreeMap::new(), |mut names, field| {
                *names.entry(field.name).or_default() += 1;
                names
            });
    assert!(
        names.len() >= 20 && names.values().all(|count| *count == 1),
        "{names:?}"
    );
}

#[test]
fn a_reception_is_a_new_record_with_every_field_the_province_needs() {
    let body = sent(&received());
    assert_eq!(
        (&body["service"], &body["isUpdating"]),
        (&json!("DongBoHoSoMC"), &json!("False"))
    );
    let record = &body["data"][0];
    let expected = json!({
        "MaHoSo": "H56.6.17-261123-0042",
        "MaTTHC": "1.001193",
        "TenTTHC": "Thủ tục đăng ký khai sinh",
        "TenLinhVuc": "Hộ tịch",
        "KenhThucHien": 1,
        "ChuHoSo": "Lò Thị Mẩy",
        "LoaiDoiTuong": 1,
        "SoGiayToChuHoSo": "011198000321",
        "SoDienThoai": "0912345678",
        "TrichYeuHoSo": "Thủ tục đăng ký khai sinh, Lò Thị Mẩy",
        "NgayNopHoSo": "20261123091500",
        "NgayTiepNhan": "20261123091500",
        "NgayHenTra": "20261127170000",
        "TrangThaiHoSo": 2,
        "DonViXuLy": "",
        "HoSoCoThanhPhanSoHoa": 1,
        "TaiLieuNop": [{
            "TepDinhKemId": Hash::of(b"scan").to_string(),
            "TenTepDinhKem": "Tờ khai đăng ký khai sinh",
            "IsDeleted": "False",
            "MaThanhPhanHoSo": "to-khai",
            "DuocSoHoa": 1,
        }],
        "DanhSachLePhi": [{"TenPhiLePhi": "Lệ phí", "Gia": 5000, "LoaiPhiLePhi": 2}],
        "DanhSachTepDinhKemKhac": [{"TenGiayTo": "Tờ khai đăng ký khai sinh", "SoLuong": 3}],
    });
    assert_eq!(*record, expected);
}

#[test]
fn a_step_is_reported_with_who_when_and_the_national_code() {
    let at = date(2026, 11, 24).at(8, 0, 0, 0);
    let step = Stepped {
        from: DossierStatus::Received,
        to: DossierStatus::Processing,
        reason: String::new(),
        at,
    };
    let body = sent(&Event::DossierStepped(step));
    assert_eq!(body["service"], "CapNhatTienDoHoSoMC");
    let record = &body["data"][0];
    assert_eq!(record["TrangThai"], 4);
    assert_eq!(record["ThoiDiemXuLy"], "20261124080000");
    assert_eq!(record["NoiDungXuLy"], "Đang xử lý");
    assert_eq!(record["NguoiXuLy"], "Vàng A Páo");
}

#[test]
fn a_change_keeps_everything_but_its_mark_and_a_question_asks_for_the_code_only() {
    let request = sent(&received()).to_string().into_bytes();
    let update: Value = serde_json::from_slice(&as_update(&request)).unwrap();
    assert_eq!(update["isUpdating"], "True");
    let question: Value = serde_json::from_slice(&look_up(&request).unwrap()).unwrap();
    assert_eq!(question["service"], "TraCuuHoSo");
    assert_eq!(
        question["data"],
        json!([{"MaHoSo": "H56.6.17-261123-0042"}])
    );
    assert_eq!(look_up(b"<html>"), None);
}

#[test]
fn a_provinces_own_mapping_is_a_file() {
    let mapping = Mapping::parse(
        "[[field]]\nname = \"Ma\"\nsource = \"code\"\n[[field]]\nname = \"Kenh\"\nsource = { constant = \"MC\" }",
    )
    .unwrap();
    let dossier = dossier();
    let event = received();
    let news = News {
        dossier: &dossier,
        event: &event,
        actor: StaffId::derived("x"),
        office: None,
    };
    assert_eq!(
        mapping.record(news),
        json!({"Ma": "H56.6.17-261123-0042", "Kenh": "MC"})
    );
    let error = Mapping::parse("[[field]]\nname = \"Ma\"\nsource = \"moon\"").unwrap_err();
    assert!(error.to_string().contains("moon"), "{error}");
}
