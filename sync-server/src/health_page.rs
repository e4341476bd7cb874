//! The health page in Vietnamese: for the person who looks after the office's machines. A function from the
//! report to HTML; every piece of text that came from outside is escaped here.

use std::fmt::Write as _;

use jiff::civil::DateTime;
use motcua_ledger::keys::KeyHome;

use crate::connector::ProvinceState;
use crate::health::{DeviceHealth, Health};

/// Free space under which the page warns, in bytes.
const DISK_LOW_BYTES: u64 = 2 * 1024 * 1024 * 1024;
/// How many digits of the fingerprint stand in one group.
const GROUP_DIGITS: usize = 4;

/// The part of the page that only the hub's own machine sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnrolView {
    /// Seen from another machine.
    Elsewhere,
    /// No code is open.
    Closed,
    /// Wrong tries have closed the code.
    Locked,
    /// A code is open.
    Open {
        /// The six digits.
        code: String,
        /// Minutes it is still good for, rounded up.
        minutes: u64,
        /// What the QR carries and a person may paste.
        ticket: String,
    },
}

/// The page.
#[must_use]
pub fn page(health: &Health, enrol: &EnrolView) -> String {
    let mut out = String::with_capacity(8 * 1024);
    let office = health
        .office
        .as_deref()
        .unwrap_or("Chưa thiết lập văn phòng");
    out.push_str(HEAD);
    let _ = write!(
        out,
        "<h1>{}</h1><p>{} · {}</p>",
        escape(office),
        escape(&health.hub),
        escape(&health.scope)
    );
    warnings(&mut out, health);
    facts(&mut out, health);
    devices(&mut out, &health.devices);
    province(&mut out, health);
    enrolment(&mut out, health, enrol);
    out.push_str("</main></body></html>");
    out
}

const HEAD: &str = r#"<!doctype html><html lang="vi"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Tình trạng máy chủ văn phòng</title><style>
:root{color-scheme:light dark;--line:#8884}body{font:16px/1.5 "Be Vietnam Pro","Noto Sans",system-ui,sans-serif;margin:0}
main{max-width:64rem;margin:0 auto;padding:1.5rem}h1{margin:0;font-size:1.5rem}h2{font-size:1.1rem;margin:2rem 0 .5rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem .8rem .4rem 0;border-bottom:1px solid var(--line)}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}dl{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1.5rem;margin:1rem 0}
dt{opacity:.7}dd{margin:0}.warn{border-left:.3rem solid #c77700;padding:.5rem 1rem;margin:1rem 0}
.code{font-size:2.5rem;letter-spacing:.2em;font-weight:700}code{word-break:break-all}
button{font:inherit;padding:.5rem 1rem}
</style></head><body><main>"#;

fn warnings(out: &mut String, health: &Health) {
    if health
        .disk_free_bytes
        .is_some_and(|free| free < DISK_LOW_BYTES)
    {
        warn(
            out,
            "Ổ đĩa sắp đầy. Hồ sơ đã lưu vẫn an toàn; hãy dọn bớt chỗ trống trong ngày.",
        );
    }
    if health.forward.parked > 0 {
        warn(
            out,
            "Có hồ sơ mà hệ thống của tỉnh không nhận. Mở hồ sơ trên máy quầy để xem lý do và sửa.",
        );
    }
    if health.last_verified_backup_at.is_none() {
        warn(
            out,
            "Chưa có bản sao lưu nào được khôi phục thử. Dữ liệu đang chỉ nằm trên các máy của văn phòng.",
        );
    }
}

fn warn(out: &mut String, text: &str) {
    let _ = write!(out, r#"<p class="warn">{text}</p>"#);
}

fn facts(out: &mut String, health: &Health) {
    let key_home = match health.key_home {
        Some(KeyHome::Keyring) => "trong kho khóa của hệ điều hành",
        Some(KeyHome::File) => {
            "trong tệp niêm phong cạnh kho dữ liệu, không ở kho khóa của hệ điều hành"
        }
        None => "không rõ",
    };
    let backup = health
        .last_verified_backup_at
        .map_or_else(|| "chưa có".to_owned(), time);
    let rows = [
        ("Phiên bản", health.version.to_owned()),
        ("Giờ của máy này", time(health.now)),
        ("Chạy từ", time(health.started_at)),
        ("Sổ cái", format!("{} thao tác", thousands(health.head))),
        (
            "Đang nghe trực tiếp",
            format!("{} máy và bảng gọi số", health.live_lines),
        ),
        ("Khóa mã hóa", key_home.to_owned()),
        (
            "Đĩa còn trống",
            health
                .disk_free_bytes
                .map_or_else(|| "không rõ".to_owned(), gigabytes),
        ),
        ("Sao lưu đã khôi phục thử", backup),
    ];
    out.push_str("<dl>");
    for (name, value) in rows {
        let _ = write!(out, "<dt>{name}</dt><dd>{}</dd>", escape(&value));
    }
    out.push_str("</dl>");
}

fn devices(out: &mut String, devices: &[DeviceHealth]) {
    out.push_str("<h2>Các máy của văn phòng</h2>");
    if devices.is_empty() {
        out.push_str("<p>Chưa có máy nào được ghép.</p>");
        return;
    }
    out.push_str(
        "<table><thead><tr><th>Máy</th><th>Nghe lần cuối</th><th class=n>Đã nhận</th>\
         <th class=n>Chưa gửi</th><th class=n>Chưa đọc</th></tr></thead><tbody>",
    );
    let count = |value: Option<u64>| value.map_or_else(|| "không rõ".to_owned(), thousands);
    for device in devices {
        let state = if device.is_active { "" } else { " (đã gỡ)" };
        let _ = write!(
            out,
            "<tr><td>{}{state}</td><td>{}</td><td class=n>{}</td><td class=n>{}</td><td class=n>{}</td></tr>",
            escape(&device.name),
            time(device.last_seen_at),
            thousands(device.acked_dseq),
            count(device.unsent),
            count(device.behind),
        );
    }
    out.push_str("</tbody></table>");
}

fn province(out: &mut String, health: &Health) {
    let forward = &health.forward;
    let state = match &forward.province {
        ProvinceState::NotConfigured => "chưa khai báo hệ thống của tỉnh",
        ProvinceState::NotTried => "chưa gửi lần nào từ khi chạy",
        ProvinceState::Answers => "có trả lời",
        ProvinceState::Silent => "không trả lời; hồ sơ chờ và được gửi lại, không gửi trùng",
        ProvinceState::WrongCredentials => "từ chối tài khoản kết nối; cần quản trị tỉnh cấp lại",
    };
    let _ = write!(
        out,
        "<h2>Hệ thống của tỉnh</h2><p>Kết nối: {state}.</p><dl>"
    );
    let rows = [
        ("Chờ gửi", forward.queued),
        ("Đang gửi", forward.sending),
        ("Chưa rõ, đang tra cứu", forward.unknown),
        ("Tỉnh đã nhận", forward.confirmed),
        ("Cần người xử lý", forward.parked),
    ];
    for (name, value) in rows {
        let _ = write!(out, "<dt>{name}</dt><dd>{}</dd>", thousands(value));
    }
    out.push_str("</dl>");
}

fn enrolment(out: &mut String, health: &Health, enrol: &EnrolView) {
    out.push_str("<h2>Ghép máy mới</h2>");
    match enrol {
        EnrolView::Elsewhere => {
            out.push_str("<p>Mã ghép chỉ hiện khi mở trang này ngay trên máy chủ văn phòng.</p>");
            return;
        }
        EnrolView::Closed => out.push_str("<p>Chưa mở mã ghép.</p>"),
        EnrolView::Locked => {
            warn(
                out,
                "Mã ghép đã bị khóa vì nhập sai năm lần. Nếu không phải người của văn phòng nhập, hãy xem ai đang nối vào mạng.",
            );
        }
        EnrolView::Open {
            code,
            minutes,
            ticket,
        } => {
            let _ = write!(
                out,
                "<p class=code>{}</p><p>Còn hiệu lực khoảng {minutes} phút, dùng cho một máy.</p>\
                 <p>Chuỗi ghép để dán: <code>{}</code></p>",
                escape(code),
                escape(ticket),
            );
        }
    }
    let _ = write!(
        out,
        "<p>Vân tay chứng thư của văn phòng, so từng nhóm với máy mới:<br><code>{}</code></p>\
         <form method=post action=/health/enrol><button>Mở mã ghép mới</button></form>",
        groups(&health.ca_fingerprint),
    );
}

/// A fingerprint in groups that two people can read to each other.
#[must_use]
pub fn groups(fingerprint: &str) -> String {
    let digits: Vec<char> = fingerprint.chars().collect();
    let groups: Vec<String> = digits
        .chunks(GROUP_DIGITS)
        .map(|group| group.iter().collect())
        .collect();
    groups.join(" ")
}

fn time(at: DateTime) -> String {
    at.strftime("%H:%M:%S ngày %d/%m/%Y").to_string()
}

/// `1.234.567`, as numbers are written here.
fn thousands(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('.');
        }
        out.push(digit);
    }
    out
}

fn gigabytes(bytes: u64) -> String {
    const TENTHS_OF_GIB: u64 = 1024 * 1024 * 1024 / 10;
    let tenths = bytes / TENTHS_OF_GIB;
    format!("{},{} GB", thousands(tenths / 10), tenths % 10)
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use motcua_core::ids::DeviceId;

    use super::*;
    use crate::health::ForwardHealth;

    fn health() -> Health {
        let now = date(2026, 11, 23).at(9, 15, 0, 0);
        let device = DeviceHealth {
            id: DeviceId::derived("quầy 3"),
            name: "<script>alert('Máy quầy 3')</script>".into(),
            slot: 0,
            epoch: 1,
            is_active: true,
            last_seen_at: now,
            acked_dseq: 1_234,
            unsent: Some(0),
            behind: None,
        };
        Health {
            version: "0.1.0",
            role: "hub",
            hub: "Máy quầy 1".into(),
            machine: "m".into(),
            office: Some("Trung tâm Phục vụ hành chính công xã Bản Mây".into()),
            scope: "H56.6.17".into(),
            log_id: "l".into(),
            head: 1_234_567,
            now,
            started_at: now,
            devices: vec![device],
            live_lines: 2,
            key_home: Some(KeyHome::File),
            forward: ForwardHealth {
                parked: 1,
                ..ForwardHealth::default()
            },
            disk_free_bytes: Some(1_500_000_000),
            last_verified_backup_at: None,
            ca_fingerprint: "00112233".into(),
        }
    }

    #[test]
    fn the_page_says_what_is_wrong_and_what_to_do() {
        let page = page(&health(), &EnrolView::Closed);
        for words in [
            "sắp đầy",
            "không nhận",
            "chưa có",
            "1.234.567 thao tác",
            "không rõ",
            "tệp niêm phong",
        ] {
            assert!(page.contains(words), "{words}");
        }
    }

    #[test]
    fn a_machines_name_cannot_write_the_page() {
        let page = page(&health(), &EnrolView::Closed);
        assert!(!page.contains("<script>"));
        assert!(page.contains("&lt;script&gt;"));
    }

    #[test]
    fn the_code_shows_only_on_the_hubs_own_machine() {
        let open = EnrolView::Open {
            code: "123456".into(),
            minutes: 9,
            ticket: "T".into(),
        };
        assert!(page(&health(), &open).contains("123456"));
        let elsewhere = page(&health(), &EnrolView::Elsewhere);
        assert!(!elsewhere.contains("123456") && !elsewhere.contains("<form"));
    }

    #[test]
    fn numbers_are_written_as_people_here_write_them() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(1_000), "1.000");
        assert_eq!(gigabytes(1_610_612_736), "1,5 GB");
        assert_eq!(groups("00112233445"), "0011 2233 445");
    }
}
