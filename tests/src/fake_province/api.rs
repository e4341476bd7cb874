//! The API that a connector sees: a token, and one path for all services.

use super::faults::{Answer, Fault};
use super::gate::{ConnectionId, Mode};
use super::ledger::{Accepted, Act};
use super::schema;
use super::server::{Shared, State as Province};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_stream::StreamExt;

/// Where a token is had: `POST {"client_id", "client_secret"}`.
pub const TOKEN_PATH: &str = "/token";
/// Where every service is called.
pub const SERVICE_PATH: &str = "/services";

/// Sends a dossier, new or again.
pub const SERVICE_DOSSIER: &str = "DongBoHoSoMC";
/// Reports a step of a dossier's progress.
pub const SERVICE_PROGRESS: &str = "CapNhatTienDoHoSoMC";
/// Looks a dossier up by `MaHoSo`.
pub const SERVICE_LOOKUP: &str = "TraCuuHoSo";

/// How many records one call may carry.
pub const RECORDS_MAX: usize = 10;

/// `error_code`: a new dossier whose code is already known.
pub const ERROR_EXISTS: i64 = 1;
/// `error_code`: an update or progress of a dossier that is not known.
pub const ERROR_NOT_FOUND: i64 = 2;
/// `error_code`: a field is missing or has the wrong form.
pub const ERROR_SCHEMA: i64 = 3;
/// `error_code`: no such service.
pub const ERROR_SERVICE: i64 = 4;
/// `error_code`: more records than one call may carry, or none.
pub const ERROR_TOO_MANY: i64 = 5;

const SUCCESS: &str = "Thành công";
const EXISTS: &str = "Hồ sơ đã tồn tại";

pub(super) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route(TOKEN_PATH, post(token))
        .route(SERVICE_PATH, post(service))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&shared),
            hang_when_told,
        ))
        .with_state(shared)
}

/// With nobody behind the door a request waits; what was waiting is cut when somebody comes back.
async fn hang_when_told(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(connection): ConnectInfo<ConnectionId>,
    request: Request,
    next: Next,
) -> Response {
    if shared.door.mode() == Mode::Hanging {
        shared.state().count("hung");
        shared.door.until_not_hanging().await;
        return cut(&shared, connection).await;
    }
    next.run(request).await
}

#[derive(Debug, Deserialize)]
struct Credentials {
    client_id: String,
    client_secret: String,
}

async fn token(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let Ok(asked) = serde_json::from_slice::<Credentials>(&body) else {
        return plain(StatusCode::BAD_REQUEST, "Sai định dạng");
    };
    let Credentials {
        client_id,
        client_secret,
    } = asked;
    if client_id != shared.options.client_id || client_secret != shared.options.client_secret {
        shared.state().count("token_refused");
        return plain(StatusCode::UNAUTHORIZED, "Sai tài khoản hoặc mật khẩu");
    }
    let token = uuid::Uuid::new_v4().simple().to_string();
    let seconds = shared.options.token_seconds;
    let mut state = shared.state();
    state
        .tokens
        .insert(token.clone(), Instant::now() + Duration::from_secs(seconds));
    state.count("token_issued");
    let answer = json!({"access_token": token, "token_type": "Bearer", "expires_in": seconds});
    axum::Json(answer).into_response()
}

#[derive(Debug, Deserialize)]
struct Call {
    service: String,
    #[serde(rename = "isUpdating", default)]
    is_updating: String,
    data: Vec<Value>,
}

async fn service(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(connection): ConnectInfo<ConnectionId>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let key = headers
        .get("idempotency-key")
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    let (call, fault) = {
        let mut state = shared.state();
        if !is_authorised(&state, &headers) {
            state.count("unauthorised");
            return plain(
                StatusCode::UNAUTHORIZED,
                "Token không hợp lệ hoặc đã hết hạn",
            );
        }
        let Ok(call) = serde_json::from_slice::<Call>(&body) else {
            state.count("malformed");
            return plain(StatusCode::BAD_REQUEST, "Sai định dạng");
        };
        state.count(format!("called_{}", call.service));
        let fault = state.rules.take(&call.service);
        if fault.is_some() {
            state.count("faults");
        }
        (call, fault)
    };
    let fault = fault.unwrap_or_else(|| Fault::accepted_but(Answer::Normal));
    tokio::time::sleep(Duration::from_millis(fault.delay_milliseconds)).await;
    let honest = if fault.accepts {
        perform(&mut shared.state(), &call, key.as_deref())
    } else {
        answer(0, SUCCESS, &[])
    };
    present(&shared, connection, fault.answer, honest).await
}

fn is_authorised(state: &Province, headers: &HeaderMap) -> bool {
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    token
        .and_then(|token| state.tokens.get(token))
        .is_some_and(|until| *until > Instant::now())
}

/// Carries a call out; the honest answer to it.
fn perform(state: &mut Province, call: &Call, key: Option<&str>) -> Value {
    if call.data.is_empty() || call.data.len() > RECORDS_MAX {
        return answer(
            ERROR_TOO_MANY,
            &format!("data: từ 1 đến {RECORDS_MAX} bản ghi"),
            &[],
        );
    }
    if call.service == SERVICE_LOOKUP && state.policy.lookup {
        return look_up(state, &call.data);
    }
    if call.service != SERVICE_DOSSIER && call.service != SERVICE_PROGRESS {
        return answer(
            ERROR_SERVICE,
            &format!("Không có dịch vụ {}", call.service),
            &[],
        );
    }
    if let Some(key) =
        key.filter(|key| state.policy.honours_idempotency_key && state.ledger.has_key(key))
    {
        state.count("repeated_key");
        return answer(0, SUCCESS, &[json!({"IdempotencyKey": key})]);
    }
    let results: Vec<Value> = call
        .data
        .iter()
        .map(|it| record(state, call, key, it))
        .collect();
    let worst = results
        .iter()
        .find(|result| result["error_code"] != 0)
        .unwrap_or(&results[0]);
    let (code, message) = (worst["error_code"].as_i64(), worst["message"].as_str());
    answer(
        code.unwrap_or_default(),
        message.unwrap_or_default(),
        &results,
    )
}

/// Accepts or refuses one record of a call.
fn record(state: &mut Province, call: &Call, key: Option<&str>, record: &Value) -> Value {
    let code = record["MaHoSo"].as_str().unwrap_or_default().to_owned();
    match judge(state, call, record, &code) {
        Err((error, message)) => {
            state.count(format!("refused_{error}"));
            json!({"MaHoSo": code, "error_code": error, "message": message})
        }
        Ok(act) => {
            let accepted = Accepted {
                service: call.service.clone(),
                code: code.clone(),
                act,
                idempotency_key: key.map(str::to_owned),
                record: record.clone(),
            };
            if let Err(error) = state.ledger.accept(accepted) {
                // A province that cannot write must not say yes; its operator sees why.
                eprintln!("{error:#}");
                return json!({"MaHoSo": code, "error_code": -1, "message": "Lỗi hệ thống"});
            }
            state.count("accepted");
            json!({"MaHoSo": code, "error_code": 0, "message": SUCCESS})
        }
    }
}

fn judge(state: &Province, call: &Call, record: &Value, code: &str) -> Result<Act, (i64, String)> {
    let is_progress = call.service == SERVICE_PROGRESS;
    let problems = match is_progress {
        true => schema::progress_problems(record),
        false => schema::dossier_problems(record),
    };
    if !problems.is_empty() {
        return Err((ERROR_SCHEMA, problems.join("; ")));
    }
    let is_known = state.ledger.knows(code);
    let not_found = || Err((ERROR_NOT_FOUND, "Hồ sơ không tồn tại".to_owned()));
    match (is_progress, call.is_updating.as_str()) {
        (true, _) if is_known => Ok(Act::Progress),
        (true, _) => not_found(),
        (false, "True") if is_known => Ok(Act::Updated),
        (false, "True") => not_found(),
        (false, "False") if is_known && state.policy.duplicate_check => {
            Err((ERROR_EXISTS, EXISTS.to_owned()))
        }
        (false, "False") => Ok(Act::Created),
        (false, _) => Err((
            ERROR_SCHEMA,
            "isUpdating: \"True\" hoặc \"False\"".to_owned(),
        )),
    }
}

fn look_up(state: &Province, data: &[Value]) -> Value {
    let lag = Duration::from_millis(state.policy.lookup_lag_milliseconds);
    let until = jiff::Timestamp::now()
        .checked_sub(lag)
        .unwrap_or(jiff::Timestamp::MIN);
    let found: Vec<Value> = data
        .iter()
        .filter_map(|asked| state.ledger.dossier(asked["MaHoSo"].as_str()?, until))
        .collect();
    answer(0, SUCCESS, &found)
}

fn answer(code: i64, message: &str, data: &[Value]) -> Value {
    json!({"error_code": code, "message": message, "data": data})
}

/// Shows the caller what the fault wants it to see.
async fn present(
    shared: &Shared,
    connection: ConnectionId,
    wanted: Answer,
    honest: Value,
) -> Response {
    match wanted {
        Answer::Normal => axum::Json(honest).into_response(),
        Answer::Status(status) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            plain(status, "Lỗi hệ thống")
        }
        Answer::ProxyPage => axum::response::Html(
            "<!doctype html><title>Bảo trì</title><p>Hệ thống đang bảo trì, vui lòng quay lại sau.",
        )
        .into_response(),
        Answer::HalfBody => half(&honest.to_string()),
        Answer::Reset => cut(shared, connection).await,
        Answer::SchemaRefusal => {
            let message = "TruongMoi: bắt buộc";
            axum::Json(answer(ERROR_SCHEMA, message, &[])).into_response()
        }
        Answer::Unauthorised => {
            shared.state().tokens.clear();
            plain(
                StatusCode::UNAUTHORIZED,
                "Token không hợp lệ hoặc đã hết hạn",
            )
        }
        Answer::AlreadyExists => axum::Json(answer(ERROR_EXISTS, EXISTS, &[])).into_response(),
        Answer::Never => std::future::pending().await,
    }
}

/// Promises the whole text and breaks off after half of it.
fn half(text: &str) -> Response {
    let first = Bytes::copy_from_slice(&text.as_bytes()[..text.len() / 2]);
    let broken = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    let pieces = tokio_stream::iter([Ok(first), Err(broken)]).then(|piece| async {
        // The server sends what it has only when the next piece is not there at once.
        tokio::task::yield_now().await;
        piece
    });
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_LENGTH, text.len().to_string()),
    ];
    (headers, Body::from_stream(pieces)).into_response()
}

/// Breaks the connection; never returns, since nobody is left to read an answer.
async fn cut(shared: &Shared, connection: ConnectionId) -> Response {
    shared.door.cut(connection);
    std::future::pending().await
}

fn plain(status: StatusCode, text: &'static str) -> Response {
    (status, text).into_response()
}
