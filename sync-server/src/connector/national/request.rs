//! The bytes of a request: made once, kept, and the same for every attempt.

use motcua_core::dossier::{DossierStatus, Stepped};
use motcua_core::event::Event;
use serde_json::{Value, json};

use super::mapping::{Mapping, moment};
use super::record;
use crate::connector::gateway::News;

/// Sends a dossier, new or again.
pub(super) const SERVICE_DOSSIER: &str = "DongBoHoSoMC";
/// Reports a step of a dossier's progress.
pub(super) const SERVICE_PROGRESS: &str = "CapNhatTienDoHoSoMC";
/// Looks a dossier up by its code.
pub(super) const SERVICE_LOOKUP: &str = "TraCuuHoSo";

/// The request for a piece of news; none when the province need not hear of it.
pub(super) fn prepare(mapping: &Mapping, news: News<'_>) -> Option<Vec<u8>> {
    let body = match news.event {
        Event::DossierReceived(_) => call(SERVICE_DOSSIER, "False", &mapping.record(news)),
        Event::DossierCorrected(_) | Event::DossierAttached(_) => {
            call(SERVICE_DOSSIER, "True", &mapping.record(news))
        }
        Event::DossierStepped(step) => call(SERVICE_PROGRESS, "False", &progress(step, news)),
        _ => return None,
    };
    Some(bytes(&body))
}

/// The same record as a change of what the province has; progress is already one.
pub(super) fn as_update(request: &[u8]) -> Vec<u8> {
    match serde_json::from_slice::<Value>(request) {
        Ok(mut body) if body["service"] == SERVICE_DOSSIER => {
            body["isUpdating"] = json!("True");
            bytes(&body)
        }
        _ => request.to_vec(),
    }
}

/// The question for what a request was about.
pub(super) fn look_up(request: &[u8]) -> Option<Vec<u8>> {
    let body: Value = serde_json::from_slice(request).ok()?;
    let code = record(&body)["MaHoSo"].as_str()?;
    Some(bytes(&call(
        SERVICE_LOOKUP,
        "False",
        &json!({ "MaHoSo": code }),
    )))
}

fn call(service: &str, is_updating: &str, record: &Value) -> Value {
    json!({ "service": service, "isUpdating": is_updating, "data": [record] })
}

fn bytes(body: &Value) -> Vec<u8> {
    body.to_string().into_bytes()
}

fn progress(step: &Stepped, news: News<'_>) -> Value {
    let person = news.office.and_then(|office| office.staff.get(&news.actor));
    let content = if step.reason.trim().is_empty() {
        status_name(step.to)
    } else {
        step.reason.as_str()
    };
    json!({
        "MaHoSo": news.dossier.received.code.to_string(),
        "NguoiXuLy": person.map_or(news.dossier.received.officer.name.as_str(), |person| person.name.as_str()),
        "ThoiDiemXuLy": moment(step.at),
        "PhongBanXuLy": news.office.map(|office| office.profile.name.clone()).unwrap_or_default(),
        "NoiDungXuLy": content,
        "TrangThai": step.to.national_code(),
    })
}

/// The national name of a status.
fn status_name(status: DossierStatus) -> &'static str {
    match status {
        DossierStatus::Registered => "Mới đăng ký",
        DossierStatus::Received => "Được tiếp nhận",
        DossierStatus::Refused => "Không được tiếp nhận",
        DossierStatus::Processing => "Đang xử lý",
        DossierStatus::AwaitingSupplement => "Yêu cầu bổ sung giấy tờ",
        DossierStatus::AwaitingPayment => "Yêu cầu thực hiện nghĩa vụ tài chính",
        DossierStatus::Withdrawn => "Công dân yêu cầu rút hồ sơ",
        DossierStatus::Stopped => "Dừng xử lý",
        DossierStatus::Completed => "Đã xử lý xong",
        DossierStatus::Returned => "Đã trả kết quả",
    }
}
