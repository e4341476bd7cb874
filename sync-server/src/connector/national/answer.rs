//! What an answer of the national services means. Everything that is not surely yes or surely no is unknown.

use reqwest::StatusCode;
use serde::Deserialize;
use serde_json::Value;

use super::compare::{Sameness, compare};
use crate::connector::gateway::{LookedUp, NotTaken, Sent};

/// The words by which a second new dossier of the same number is refused.
const EXISTS_WORDS: &str = "đã tồn tại";
/// The words of a failure that says nothing about the dossier.
const SYSTEM_ERROR_WORDS: &str = "lỗi hệ thống";
/// How much of a refusal's words is passed on, in characters.
const MESSAGE_CHARS_MAX: usize = 300;

#[derive(Debug, Deserialize)]
struct Body {
    error_code: i64,
    #[serde(default)]
    message: String,
    #[serde(default)]
    data: Option<Vec<Value>>,
}

/// What an answer to sending means.
pub(super) fn of_send(status: StatusCode, retry_after_ms: Option<u64>, body: &[u8]) -> Sent {
    let parsed = serde_json::from_slice::<Body>(body).ok();
    let words = parsed
        .as_ref()
        .map(|body| folded(&body.message))
        .unwrap_or_default();
    if !status.is_server_error() && words.contains(EXISTS_WORDS) {
        return Sent::Exists;
    }
    if let Some(why) = not_taken(status, retry_after_ms) {
        return Sent::NotTaken(why);
    }
    match (status, parsed) {
        (StatusCode::OK, Some(Body { error_code: 0, .. })) => Sent::Accepted { external_id: None },
        (StatusCode::OK, Some(_)) if words.contains(SYSTEM_ERROR_WORDS) => {
            Sent::Unknown("system_error")
        }
        (StatusCode::OK, Some(body)) => Sent::Refused {
            code: body.error_code.to_string(),
            message: cut(&body.message),
        },
        (StatusCode::OK, None) => Sent::Unknown("not_an_answer"),
        (status, parsed) if refuses(status) => {
            let message = parsed.map(|body| cut(&body.message)).unwrap_or_default();
            Sent::Refused {
                code: format!("http_{}", status.as_u16()),
                message,
            }
        }
        _ => Sent::Unknown("status"),
    }
}

/// What an answer to looking up means, given the request that it is about.
pub(super) fn of_look_up(
    status: StatusCode,
    retry_after_ms: Option<u64>,
    body: &[u8],
    request: &[u8],
) -> LookedUp {
    if let Some(why) = not_taken(status, retry_after_ms) {
        return LookedUp::NotTaken(why);
    }
    if status != StatusCode::OK {
        return LookedUp::Unknown("status");
    }
    match serde_json::from_slice::<Body>(body) {
        Ok(Body {
            error_code: 0,
            data: Some(found),
            ..
        }) => match found.first() {
            None => LookedUp::Absent,
            Some(found) => match compare(request, found) {
                Sameness::Same => LookedUp::Same { external_id: None },
                Sameness::Ours => LookedUp::Ours,
                Sameness::Other => LookedUp::Other,
            },
        },
        Ok(Body {
            error_code: 0,
            data: None,
            ..
        })
        | Err(_) => LookedUp::Unknown("not_an_answer"),
        Ok(body) if folded(&body.message).contains(SYSTEM_ERROR_WORDS) => {
            LookedUp::Unknown("system_error")
        }
        Ok(_) => LookedUp::NotOffered,
    }
}

/// Answers of a gateway in front of the services: the record was not looked at.
fn not_taken(status: StatusCode, retry_after_ms: Option<u64>) -> Option<NotTaken> {
    match status.as_u16() {
        401 => Some(NotTaken::WrongCredentials),
        429 => Some(NotTaken::Later { retry_after_ms }),
        301..=308 | 403 | 404 | 405 | 407 => Some(NotTaken::Misdirected {
            status: status.as_u16(),
        }),
        _ => None,
    }
}

/// Answers that say no to the record itself, for good.
fn refuses(status: StatusCode) -> bool {
    matches!(status.as_u16(), 400 | 409 | 413 | 415 | 422)
}

fn folded(message: &str) -> String {
    motcua_core::text::nfc(message).to_lowercase()
}

fn cut(message: &str) -> String {
    message.chars().take(MESSAGE_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(status: u16, body: &str) -> Sent {
        of_send(
            StatusCode::from_u16(status).unwrap(),
            Some(7_000),
            body.as_bytes(),
        )
    }

    fn refused(code: &str, message: &str) -> Sent {
        Sent::Refused {
            code: code.into(),
            message: message.into(),
        }
    }

    #[test]
    fn every_answer_of_a_service_is_yes_no_or_unknown() {
        let cases = [
            (
                r#"{"error_code":0,"message":"Thành công","data":[]}"#,
                Sent::Accepted { external_id: None },
            ),
            (r#"{"error_code":0}"#, Sent::Accepted { external_id: None }),
            (
                r#"{"error_code":1,"message":"Hồ sơ đã tồn tại"}"#,
                Sent::Exists,
            ),
            (
                r#"{"error_code":77,"message":"HỒ SƠ ĐÃ TỒN TẠI"}"#,
                Sent::Exists,
            ),
            (
                r#"{"error_code":3,"message":"MaTTHC: bắt buộc"}"#,
                refused("3", "MaTTHC: bắt buộc"),
            ),
            (
                r#"{"error_code":2,"message":"Hồ sơ không tồn tại"}"#,
                refused("2", "Hồ sơ không tồn tại"),
            ),
            (
                r#"{"error_code":-1,"message":"Lỗi hệ thống"}"#,
                Sent::Unknown("system_error"),
            ),
            (
                "<!doctype html><title>Bảo trì</title>",
                Sent::Unknown("not_an_answer"),
            ),
            (r#"{"error_code":0,"mess"#, Sent::Unknown("not_an_answer")),
            ("", Sent::Unknown("not_an_answer")),
        ];
        for (body, expected) in cases {
            assert_eq!(sent(200, body), expected, "{body}");
        }
    }

    #[test]
    fn every_status_is_yes_no_or_unknown() {
        let exists = r#"{"error_code":1,"message":"Hồ sơ đã tồn tại"}"#;
        let schema = r#"{"error_code":3,"message":"x"}"#;
        let misdirected = |status| Sent::NotTaken(NotTaken::Misdirected { status });
        let cases = [
            (409, exists, Sent::Exists),
            (400, "Sai định dạng", refused("http_400", "")),
            (422, schema, refused("http_422", "x")),
            (401, "", Sent::NotTaken(NotTaken::WrongCredentials)),
            (302, "", misdirected(302)),
            (404, "", misdirected(404)),
            (
                429,
                "",
                Sent::NotTaken(NotTaken::Later {
                    retry_after_ms: Some(7_000),
                }),
            ),
            (408, "", Sent::Unknown("status")),
            (500, "Lỗi hệ thống", Sent::Unknown("status")),
            (502, "", Sent::Unknown("status")),
            (503, exists, Sent::Unknown("status")),
        ];
        for (status, body, expected) in cases {
            assert_eq!(sent(status, body), expected, "{status} {body}");
        }
    }

    #[test]
    fn the_words_are_known_in_decomposed_letters_too() {
        let decomposed = "Hồ sơ đa\u{303} tồn tại"
            .replace('ồ', "o\u{302}\u{300}")
            .replace('ạ', "a\u{323}");
        let body = serde_json::json!({"error_code": 9, "message": decomposed}).to_string();
        assert_eq!(sent(200, &body), Sent::Exists);
    }

    #[test]
    fn every_look_up_is_found_absent_or_unknown() {
        let look = |status: u16, body: &str| {
            let request =
                r#"{"service":"DongBoHoSoMC","data":[{"MaHoSo":"X","ChuHoSo":"Lò Thị Mẩy"}]}"#;
            of_look_up(
                StatusCode::from_u16(status).unwrap(),
                None,
                body.as_bytes(),
                request.as_bytes(),
            )
        };
        let cases = [
            (200, r#"{"error_code":0,"data":[]}"#, LookedUp::Absent),
            (
                200,
                r#"{"error_code":0,"data":[{"MaHoSo":"X"}]}"#,
                LookedUp::Same { external_id: None },
            ),
            (
                200,
                r#"{"error_code":0,"data":[{"MaHoSo":"X","ChuHoSo":"Vàng A Páo"}]}"#,
                LookedUp::Other,
            ),
            (
                200,
                r#"{"error_code":4,"message":"Không có dịch vụ"}"#,
                LookedUp::NotOffered,
            ),
            (
                200,
                r#"{"error_code":-1,"message":"Lỗi hệ thống"}"#,
                LookedUp::Unknown("system_error"),
            ),
            (
                200,
                r#"{"error_code":0}"#,
                LookedUp::Unknown("not_an_answer"),
            ),
            (200, "<html>", LookedUp::Unknown("not_an_answer")),
            (500, "", LookedUp::Unknown("status")),
            (401, "", LookedUp::NotTaken(NotTaken::WrongCredentials)),
        ];
        for (status, body, expected) in cases {
            assert_eq!(look(status, body), expected, "{status} {body}");
        }
    }
}
