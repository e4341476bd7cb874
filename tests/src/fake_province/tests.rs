//! The province as a connector meets it, over real sockets.

use super::*;
use crate::http;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::{Duration, Instant};

const CODE: &str = "H56.6.17-261123-0042";
const OTHER_CODE: &str = "H56.6.17-261123-0043";

pub(super) fn dossier(code: &str) -> Value {
    json!({
        "MaHoSo": code,
        "MaTTHC": "1.001193",
        "TenTTHC": "Đăng ký khai sinh",
        "KenhThucHien": 1,
        "ChuHoSo": "Nguyễn Thị Ngọc Ỷ",
        "LoaiDoiTuong": 1,
        "TrichYeuHoSo": "Đăng ký khai sinh cho con",
        "NgayTiepNhan": "20261123091500",
        "NgayHenTra": "20261127170000",
        "TrangThaiHoSo": 2,
        "DonViXuLy": "Ủy ban nhân dân xã Bình Minh",
        "TaiLieuNop": [],
    })
}

pub(super) fn progress(code: &str) -> Value {
    json!({
        "MaHoSo": code,
        "NguoiXuLy": "Đặng Văn Ướt",
        "ThoiDiemXuLy": "20261123100000",
        "NoiDungXuLy": "Chuyển xử lý",
        "TrangThai": 4,
    })
}

struct Caller {
    province: FakeProvince,
    control: Control,
    http: reqwest::Client,
    token: String,
}

impl Caller {
    async fn at(options: Options) -> Self {
        let province = FakeProvince::start(options).await.unwrap();
        let control = province.control().unwrap();
        let http = http::client().unwrap();
        let mut caller = Self {
            province,
            control,
            http,
            token: String::new(),
        };
        caller.log_in().await;
        caller
    }

    async fn log_in(&mut self) {
        let Addresses {
            url,
            client_id,
            client_secret,
            ..
        } = self.province.addresses();
        let asked = json!({"client_id": client_id, "client_secret": client_secret});
        let answer: Value = http::post(&self.http, &format!("{url}{TOKEN_PATH}"), &asked)
            .await
            .unwrap();
        self.token = answer["access_token"].as_str().unwrap().to_owned();
    }

    fn request(&self, service: &str, is_updating: &str, data: &Value) -> reqwest::RequestBuilder {
        let body = json!({"service": service, "isUpdating": is_updating, "data": data});
        let url = format!("{}{SERVICE_PATH}", self.province.addresses().url);
        self.http.post(url).bearer_auth(&self.token).json(&body)
    }

    async fn call(&self, service: &str, is_updating: &str, data: &Value) -> anyhow::Result<Value> {
        http::json(self.request(service, is_updating, data)).await
    }

    async fn send(&self, code: &str) -> anyhow::Result<Value> {
        self.call(SERVICE_DOSSIER, "False", &json!([dossier(code)]))
            .await
    }

    async fn look_up(&self, code: &str) -> Vec<Value> {
        let answer = self
            .call(SERVICE_LOOKUP, "", &json!([{"MaHoSo": code}]))
            .await
            .unwrap();
        answer["data"].as_array().unwrap().clone()
    }

    async fn created(&self) -> usize {
        self.control
            .created()
            .await
            .unwrap()
            .get(CODE)
            .copied()
            .unwrap_or_default()
    }

    async fn counted(&self, what: &str) -> u64 {
        self.control
            .counters()
            .await
            .unwrap()
            .get(what)
            .copied()
            .unwrap_or_default()
    }
}

async fn caller() -> Caller {
    Caller::at(Options::default()).await
}

#[tokio::test]
async fn a_dossier_is_taken_once_updated_and_followed() {
    let caller = caller().await;
    assert_eq!(caller.send(CODE).await.unwrap()["error_code"], 0);

    let again = caller.send(CODE).await.unwrap();
    assert_eq!(again["error_code"], ERROR_EXISTS);
    assert!(
        again["message"].as_str().unwrap().contains("đã tồn tại"),
        "{again}"
    );

    let update = caller
        .call(SERVICE_DOSSIER, "True", &json!([dossier(CODE)]))
        .await
        .unwrap();
    assert_eq!(update["error_code"], 0);
    let step = caller
        .call(SERVICE_PROGRESS, "False", &json!([progress(CODE)]))
        .await
        .unwrap();
    assert_eq!(step["error_code"], 0);

    let acts: Vec<_> = caller
        .control
        .ledger()
        .await
        .unwrap()
        .iter()
        .map(|it| it.act)
        .collect();
    assert_eq!(acts, [Act::Created, Act::Updated, Act::Progress]);
    assert_eq!(caller.look_up(CODE).await[0]["TrangThaiHoSo"], 4);
    assert_eq!(caller.counted("accepted").await, 3);
}

#[tokio::test]
async fn what_the_province_does_not_know_it_neither_updates_nor_follows_nor_finds() {
    let caller = caller().await;
    let update = caller
        .call(SERVICE_DOSSIER, "True", &json!([dossier(CODE)]))
        .await
        .unwrap();
    assert_eq!(update["error_code"], ERROR_NOT_FOUND);
    let step = caller
        .call(SERVICE_PROGRESS, "False", &json!([progress(CODE)]))
        .await
        .unwrap();
    assert_eq!(step["error_code"], ERROR_NOT_FOUND);
    assert_eq!(caller.look_up(CODE).await, [Value::Null; 0]);
    let unknown = caller
        .call("LayThuTuc", "False", &json!([{}]))
        .await
        .unwrap();
    assert_eq!(unknown["error_code"], ERROR_SERVICE);
}

#[tokio::test]
async fn one_bad_record_among_good_ones_is_named_and_the_good_ones_stay() {
    let caller = caller().await;
    let mut bad = dossier(OTHER_CODE);
    bad["NgayTiepNhan"] = json!("23/11/2026");
    let answer = caller
        .call(SERVICE_DOSSIER, "False", &json!([dossier(CODE), bad]))
        .await
        .unwrap();
    assert_eq!(answer["error_code"], ERROR_SCHEMA);
    assert!(
        answer["message"].as_str().unwrap().contains("NgayTiepNhan"),
        "{answer}"
    );
    assert_eq!(answer["data"][0]["error_code"], 0);
    assert_eq!(caller.control.created().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_call_carries_one_to_ten_records() {
    let caller = caller().await;
    let batch = |count: usize| -> Value {
        (0..count)
            .map(|it| dossier(&format!("H56.6.17-261123-{it:04}")))
            .collect()
    };
    for (count, error) in [
        (0, ERROR_TOO_MANY),
        (RECORDS_MAX + 1, ERROR_TOO_MANY),
        (RECORDS_MAX, 0),
    ] {
        let answer = caller
            .call(SERVICE_DOSSIER, "False", &batch(count))
            .await
            .unwrap();
        assert_eq!(answer["error_code"], error, "{count} records");
    }
    assert_eq!(caller.control.created().await.unwrap().len(), RECORDS_MAX);
}

#[tokio::test]
async fn nobody_gets_in_with_a_wrong_secret_or_a_token_that_has_run_out() {
    let mut caller = caller().await;
    let url = format!("{}{TOKEN_PATH}", caller.province.addresses().url);
    let wrong = json!({"client_id": "trung-tam-thu-nghiem", "client_secret": "sai"});
    let refused = http::post::<Value>(&caller.http, &url, &wrong)
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("401"), "{refused}");

    caller.control.expire_tokens().await.unwrap();
    let refused = caller.send(CODE).await.unwrap_err();
    assert!(refused.to_string().contains("401"), "{refused}");
    assert_eq!(caller.created().await, 0);

    caller.log_in().await;
    assert_eq!(caller.send(CODE).await.unwrap()["error_code"], 0);
    assert_eq!(caller.counted("token_issued").await, 2);
}

#[tokio::test]
async fn a_token_of_no_seconds_is_never_good() {
    let caller = Caller::at(Options {
        token_seconds: 0,
        ..Options::default()
    })
    .await;
    assert!(
        caller
            .send(CODE)
            .await
            .unwrap_err()
            .to_string()
            .contains("401")
    );
}

/// Each hard case: what the caller sees and whether the province has the dossier afterwards.
#[tokio::test]
async fn every_fault_shows_what_it_should_and_keeps_what_it_should() {
    let cases = [
        (Fault::accepted_but(Answer::Status(500)), "500", 1),
        (Fault::not_accepted(Answer::Status(500)), "500", 0),
        (Fault::not_accepted(Answer::Status(429)), "429", 0),
        (Fault::accepted_but(Answer::ProxyPage), "another shape", 1),
        (Fault::not_accepted(Answer::ProxyPage), "another shape", 0),
        (
            Fault::accepted_but(Answer::HalfBody),
            "reading the answer",
            1,
        ),
        (Fault::accepted_but(Answer::Reset), "sending the request", 1),
        (Fault::not_accepted(Answer::Reset), "sending the request", 0),
        (Fault::not_accepted(Answer::Unauthorised), "401", 0),
    ];
    for (fault, seen, created) in cases {
        let mut caller = caller().await;
        caller
            .control
            .fault(Some(SERVICE_DOSSIER), Some(1), fault.clone())
            .await
            .unwrap();
        let error = format!("{:#}", caller.send(CODE).await.unwrap_err());
        assert!(error.contains(seen), "{fault:?}: {error}");
        assert_eq!(caller.created().await, created, "{fault:?}");

        caller.log_in().await;
        let next = caller.send(CODE).await.unwrap();
        assert_eq!(next["error_code"] == 0, created == 0, "{fault:?}: {next}");
        assert_eq!(caller.created().await, 1, "{fault:?}");
    }
}

#[tokio::test]
async fn answers_that_lie_are_told_by_look_up() {
    let caller = caller().await;
    let faults = [
        (Fault::accepted_but(Answer::AlreadyExists), ERROR_EXISTS, 1),
        (Fault::not_accepted(Answer::SchemaRefusal), ERROR_SCHEMA, 0),
        (Fault::not_accepted(Answer::Normal), 0, 0),
    ];
    for (number, (fault, seen, found)) in faults.into_iter().enumerate() {
        let code = format!("H56.6.17-261123-{number:04}");
        caller
            .control
            .fault(Some(SERVICE_DOSSIER), Some(1), fault.clone())
            .await
            .unwrap();
        assert_eq!(
            caller.send(&code).await.unwrap()["error_code"],
            seen,
            "{fault:?}"
        );
        assert_eq!(caller.look_up(&code).await.len(), found, "{fault:?}");
    }
}

#[tokio::test]
async fn a_slow_province_accepts_late_even_when_the_caller_has_gone() {
    let caller = caller().await;
    let delay = Duration::from_millis(300);
    caller
        .control
        .fault(None, Some(2), Fault::slow(delay))
        .await
        .unwrap();
    let started = Instant::now();
    assert_eq!(caller.send(CODE).await.unwrap()["error_code"], 0);
    assert!(started.elapsed() >= delay);

    let impatient = caller
        .request(SERVICE_DOSSIER, "True", &json!([dossier(CODE)]))
        .timeout(Duration::from_millis(50))
        .send()
        .await;
    assert!(impatient.unwrap_err().is_timeout());
}

#[tokio::test]
async fn a_call_that_is_never_answered_may_have_been_accepted() {
    let caller = caller().await;
    caller
        .control
        .fault(None, Some(1), Fault::accepted_but(Answer::Never))
        .await
        .unwrap();
    let request = caller.request(SERVICE_DOSSIER, "False", &json!([dossier(CODE)]));
    let error = request
        .timeout(Duration::from_secs(2))
        .send()
        .await
        .unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert_eq!(caller.created().await, 1);
}

#[tokio::test]
async fn down_refuses_hanging_is_silent_and_up_is_up_at_the_same_address() {
    let caller = caller().await;
    caller.send(OTHER_CODE).await.unwrap();
    for round in 0..3 {
        caller.control.mode(Mode::Refusing).await.unwrap();
        let request = caller.request(SERVICE_DOSSIER, "False", &json!([dossier(CODE)]));
        let error = request.send().await.unwrap_err();
        assert!(
            error.is_connect() || error.is_request(),
            "round {round}: {error:?}"
        );
        let fresh = http::client()
            .unwrap()
            .get(&caller.province.addresses().url);
        assert!(
            fresh.send().await.unwrap_err().is_connect(),
            "round {round}"
        );

        caller.control.mode(Mode::Hanging).await.unwrap();
        let request = caller.request(SERVICE_DOSSIER, "False", &json!([dossier(CODE)]));
        let error = request
            .timeout(Duration::from_millis(300))
            .send()
            .await
            .unwrap_err();
        assert!(error.is_timeout(), "round {round}: {error:?}");

        caller.control.mode(Mode::Up).await.unwrap();
    }
    assert_eq!(caller.created().await, 0);
    assert_eq!(caller.send(CODE).await.unwrap()["error_code"], 0);
    assert_eq!(caller.counted("hung").await, 3);
}

#[tokio::test]
async fn a_caller_that_hung_is_cut_when_the_province_comes_back() {
    let caller = caller().await;
    caller.control.mode(Mode::Hanging).await.unwrap();
    let waiting = tokio::spawn(
        caller
            .request(SERVICE_DOSSIER, "False", &json!([dossier(CODE)]))
            .send(),
    );
    crate::wait::until("a hung call", || async {
        Ok((caller.counted("hung").await == 1).then_some(()))
    })
    .await
    .unwrap();
    caller.control.mode(Mode::Up).await.unwrap();
    assert!(waiting.await.unwrap().is_err());
    assert_eq!(caller.created().await, 0);
}

#[tokio::test]
async fn provinces_differ_in_what_protects_against_a_second_send() {
    let caller = caller().await;
    let careless = Policy {
        duplicate_check: false,
        lookup: false,
        ..Policy::default()
    };
    caller.control.policy(&careless).await.unwrap();
    caller.send(CODE).await.unwrap();
    caller.send(CODE).await.unwrap();
    assert_eq!(
        caller.created().await,
        2,
        "a careless province doubles a blind resend"
    );
    let look_up = caller
        .call(SERVICE_LOOKUP, "", &json!([{"MaHoSo": CODE}]))
        .await
        .unwrap();
    assert_eq!(look_up["error_code"], ERROR_SERVICE);

    let keyed = Policy {
        honours_idempotency_key: true,
        ..careless
    };
    caller.control.policy(&keyed).await.unwrap();
    for _ in 0..3 {
        let request = caller.request(SERVICE_DOSSIER, "False", &json!([dossier(OTHER_CODE)]));
        let answer: Value = http::json(request.header("Idempotency-Key", "7f3a"))
            .await
            .unwrap();
        assert_eq!(answer["error_code"], 0);
    }
    assert_eq!(caller.control.created().await.unwrap()[OTHER_CODE], 1);
    assert_eq!(caller.counted("repeated_key").await, 2);
}

#[tokio::test]
async fn a_lagging_look_up_does_not_see_what_was_just_accepted() {
    let caller = caller().await;
    let lagging = Policy {
        lookup_lag_milliseconds: 3_600_000,
        ..Policy::default()
    };
    caller.control.policy(&lagging).await.unwrap();
    caller.send(CODE).await.unwrap();
    assert_eq!(caller.look_up(CODE).await.len(), 0);
    caller.control.policy(&Policy::default()).await.unwrap();
    assert_eq!(caller.look_up(CODE).await.len(), 1);
}

#[tokio::test]
async fn the_ledger_outlives_the_province() {
    let dir = tempfile::tempdir().unwrap();
    let options = || Options {
        ledger: Some(dir.path().join("province.jsonl")),
        ..Options::default()
    };
    let first = Caller::at(options()).await;
    first.send(CODE).await.unwrap();
    let before = first.control.ledger().await.unwrap();
    drop(first);

    let second = Caller::at(options()).await;
    assert_eq!(second.control.ledger().await.unwrap(), before);
    assert_eq!(second.send(CODE).await.unwrap()["error_code"], ERROR_EXISTS);
    second.send(OTHER_CODE).await.unwrap();
    let sequences: Vec<_> = second
        .control
        .ledger()
        .await
        .unwrap()
        .iter()
        .map(|it| it.sequence)
        .collect();
    assert_eq!(sequences, [1, 2]);
}

#[tokio::test]
async fn a_ledger_that_cannot_be_read_is_no_empty_ledger() {
    let dir = tempfile::tempdir().unwrap();
    let path: PathBuf = dir.path().join("province.jsonl");
    std::fs::write(&path, "hồ sơ\n").unwrap();
    let options = Options {
        ledger: Some(path),
        ..Options::default()
    };
    let error = format!("{:#}", FakeProvince::start(options).await.unwrap_err());
    assert!(error.contains("line 1"), "{error}");
}
