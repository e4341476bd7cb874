//! The hub's paths as somebody meets them who does not keep to the rules.

#![allow(clippy::unwrap_used)]

mod common;

use common::desk::TestDesk;
use common::hub::TestHub;
use ed25519_dalek::SigningKey;
use motcua_core::ids::{DeviceId, Hash};
use motcua_ledger::exchange::auth::hello_proof;
use motcua_ledger::exchange::enrol;
use motcua_ledger::exchange::wire::{BLOB_BYTES_MAX, HelloResponse};
use motcua_sync_server::limits::{BODY_BYTES_MAX, CHUNK_BODY_BYTES_MAX, PUSH_BODY_BYTES_MAX};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

struct Caller {
    hub: TestHub,
    http: Client,
    device: DeviceId,
    key: SigningKey,
    token: String,
}

impl Caller {
    /// A machine that has joined and said hello by hand.
    async fn joined() -> Self {
        let hub = TestHub::start().await;
        let key = SigningKey::from_bytes(&[3; 32]);
        let device = DeviceId::derived("máy thử");
        enrol(&hub.ticket(), device, &key, "máy thử").await.unwrap();
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = Client::builder().no_proxy().build().unwrap();
        let mut caller = Self {
            hub,
            http,
            device,
            key,
            token: String::new(),
        };
        caller.token = caller.hello(1, 1, Hash::ZERO).await.unwrap().token;
        caller
    }

    fn call(&self, method: Method, path: &str) -> RequestBuilder {
        self.http
            .request(method, format!("{}{path}", self.hub.plain_url()))
    }

    fn signed_in(&self, method: Method, path: &str) -> RequestBuilder {
        self.call(method, path).bearer_auth(&self.token)
    }

    async fn nonce(&self) -> String {
        let challenge = self
            .call(Method::POST, "/v1/challenge")
            .send()
            .await
            .unwrap();
        challenge.json::<Value>().await.unwrap()["nonce"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    async fn hello(
        &self,
        epoch: u32,
        next_dseq: u64,
        chain: Hash,
    ) -> Result<HelloResponse, String> {
        let nonce = self.nonce().await;
        let proof = hex::encode(hello_proof(&self.key, self.device, &nonce));
        self.hello_with(&nonce, &proof, epoch, next_dseq, chain)
            .await
    }

    async fn hello_with(
        &self,
        nonce: &str,
        proof: &str,
        epoch: u32,
        next_dseq: u64,
        chain: Hash,
    ) -> Result<HelloResponse, String> {
        let body = json!({
            "device": self.device, "epoch": epoch, "next_dseq": next_dseq, "chain": chain,
            "app": "test", "nonce": nonce, "signature": proof,
        });
        let answer = self
            .call(Method::POST, "/v1/hello")
            .json(&body)
            .send()
            .await
            .unwrap();
        match answer.status() {
            StatusCode::OK => Ok(answer.json().await.unwrap()),
            _ => Err(answer.json::<Value>().await.unwrap()["code"]
                .as_str()
                .unwrap()
                .to_owned()),
        }
    }
}

/// The status and the code of a refusal; its detail never reaches people.
async fn refusal(call: RequestBuilder) -> (u16, String) {
    let answer = call.send().await.unwrap();
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.unwrap_or_default();
    (status, body["code"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn whoever_has_no_token_gets_nothing_but_the_hall() {
    let caller = Caller::joined().await;
    let closed = [
        (Method::POST, "/v1/push"),
        (Method::GET, "/v1/scopes/H56.6.17/ops"),
        (Method::POST, "/v1/numbers"),
        (Method::POST, "/v1/uploads"),
        (Method::GET, "/v1/blobs/00"),
    ];
    for (method, path) in closed {
        let expected = (401, "session_ended".to_owned());
        assert_eq!(
            refusal(caller.call(method.clone(), path)).await,
            expected,
            "{path}"
        );
        assert_eq!(
            refusal(caller.call(method, path).bearer_auth("x")).await,
            expected,
            "{path}"
        );
    }
    assert_eq!(
        refusal(caller.call(Method::GET, "/v1/live").bearer_auth("x"))
            .await
            .0,
        401
    );
    for path in [
        "/v1/hall",
        "/v1/live",
        "/v1/identity",
        "/health",
        "/health.json",
    ] {
        let answer = caller.call(Method::GET, path).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    }
}

#[tokio::test]
async fn what_does_not_fit_is_refused_by_name() {
    let caller = Caller::joined().await;
    let post = |path: &str, body: &str| caller.signed_in(Method::POST, path).body(body.to_owned());
    let get = |path: &str| caller.signed_in(Method::GET, path);
    let many: Vec<&str> = vec!["e30="; 501];
    let push = |ops: Value| {
        json!({"epoch": 1, "from_dseq": 1, "ops": ops, "signature": "00".repeat(64)}).to_string()
    };
    let zero = Hash::ZERO;
    let cases = [
        (post("/v1/push", "<html>"), 400, "malformed"),
        (post("/v1/push", &push(json!([]))), 400, "malformed"),
        (post("/v1/push", &push(json!(["%%%"]))), 400, "malformed"),
        (post("/v1/push", &push(json!(["e30="]))), 400, "malformed"),
        (post("/v1/push", &push(json!(many))), 413, "too_large"),
        (get("/v1/scopes/H56.6.18/ops"), 404, "other_scope"),
        (get("/v1/scopes/H56.6.17/ops?after=x"), 400, "malformed"),
        (
            get("/v1/scopes/H56.6.17/ops?log_id=00000000-0000-4000-8000-000000000000"),
            410,
            "log_changed",
        ),
        (
            post("/v1/numbers", r#"{"series":"dossier","day":"2026-11-23"}"#),
            400,
            "malformed",
        ),
        (
            post(
                "/v1/uploads",
                &json!({"sha256": zero, "size": BLOB_BYTES_MAX + 1}).to_string(),
            ),
            413,
            "too_large",
        ),
        (get("/v1/blobs/khai-sinh"), 400, "malformed"),
        (get(&format!("/v1/blobs/{zero}")), 404, "not_found"),
        (
            caller.signed_in(Method::PATCH, &format!("/v1/uploads/{zero}")),
            400,
            "malformed",
        ),
        (get("/v2/anything"), 404, "not_found"),
    ];
    for (call, status, code) in cases {
        let shown = format!("{call:?}");
        assert_eq!(refusal(call).await, (status, code.to_owned()), "{shown}");
    }
}

#[tokio::test]
async fn bodies_beyond_their_limit_are_not_read() {
    let caller = Caller::joined().await;
    let zero = Hash::ZERO;
    let cases = [
        (Method::POST, "/v1/hello".to_owned(), BODY_BYTES_MAX),
        (Method::POST, "/v1/enroll".to_owned(), BODY_BYTES_MAX),
        (Method::POST, "/v1/push".to_owned(), PUSH_BODY_BYTES_MAX),
        (
            Method::PATCH,
            format!("/v1/uploads/{zero}"),
            CHUNK_BODY_BYTES_MAX,
        ),
    ];
    for (method, path, limit) in cases {
        let call = caller.signed_in(method, &path).body(vec![b'x'; limit + 1]);
        assert_eq!(refusal(call).await, (413, "too_large".to_owned()), "{path}");
    }
}

#[tokio::test]
async fn a_nonce_and_a_signature_work_once_and_for_one_machine() {
    let caller = Caller::joined().await;
    let nonce = caller.nonce().await;
    let proof = hex::encode(hello_proof(&caller.key, caller.device, &nonce));
    caller
        .hello_with(&nonce, &proof, 1, 1, Hash::ZERO)
        .await
        .unwrap();
    let again = caller
        .hello_with(&nonce, &proof, 1, 1, Hash::ZERO)
        .await
        .unwrap_err();
    assert_eq!(again, "nonce_unknown");

    let stranger = SigningKey::from_bytes(&[4; 32]);
    let nonce = caller.nonce().await;
    let forged = hex::encode(hello_proof(&stranger, caller.device, &nonce));
    let refused = caller
        .hello_with(&nonce, &forged, 1, 1, Hash::ZERO)
        .await
        .unwrap_err();
    assert_eq!(refused, "bad_signature");
}

#[tokio::test]
async fn a_machine_that_went_back_gets_one_new_epoch_however_often_it_asks() {
    let caller = Caller::joined().await;
    let ahead = caller.hello(1, 3, Hash::of(b"2")).await.unwrap();
    assert_eq!(
        (ahead.epoch, ahead.acked_dseq),
        (1, 0),
        "what it wrote alone is still to come"
    );
    let beside = caller.hello(1, 1, Hash::of(b"x")).await.unwrap();
    assert_eq!(beside.epoch, 2);
    let again = caller.hello(1, 1, Hash::of(b"x")).await.unwrap();
    assert_eq!(again.epoch, 2, "the first answer was lost");
    let there = caller.hello(2, 1, Hash::ZERO).await.unwrap();
    assert_eq!((there.epoch, there.slot), (2, again.slot));
}

#[tokio::test]
async fn a_scan_whose_bytes_do_not_match_its_name_is_not_kept() {
    let caller = Caller::joined().await;
    let (good, bad) = (vec![7_u8; 1_000], vec![8_u8; 1_000]);
    let name = Hash::of(&good);
    let patch = |bytes: &[u8], offset: u64| {
        caller
            .signed_in(Method::PATCH, &format!("/v1/uploads/{name}"))
            .header("upload-offset", offset)
            .header("upload-length", 1_000)
            .body(bytes.to_vec())
    };
    assert_eq!(
        refusal(patch(&bad, 0)).await,
        (422, "blob_mismatch".to_owned())
    );
    let beyond = patch(&good, 1).send().await.unwrap();
    assert_eq!(beyond.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let half = patch(&good[..400], 0).send().await.unwrap();
    assert_eq!(
        half.json::<Value>().await.unwrap(),
        json!({"offset": 400, "complete": false})
    );
    let wrong = patch(&good[300..], 300).send().await.unwrap();
    assert_eq!(
        (wrong.status(), &wrong.headers()["upload-offset"]),
        (StatusCode::CONFLICT, &"400".parse().unwrap())
    );
    let stands = caller
        .signed_in(Method::HEAD, &format!("/v1/uploads/{name}"))
        .send()
        .await
        .unwrap();
    assert_eq!(stands.headers()["upload-offset"], "400");
    let whole = patch(&good[400..], 400).send().await.unwrap();
    assert_eq!(
        whole.json::<Value>().await.unwrap(),
        json!({"offset": 1_000, "complete": true})
    );

    let path = format!("/v1/blobs/{name}");
    let range = caller
        .signed_in(Method::GET, &path)
        .header("range", "bytes=990-")
        .send()
        .await
        .unwrap();
    assert_eq!(range.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(range.headers()["content-range"], "bytes 990-999/1000");
    assert_eq!(range.bytes().await.unwrap().len(), 10);
    let beyond = caller
        .signed_in(Method::GET, &path)
        .header("range", "bytes=1000-")
        .send()
        .await
        .unwrap();
    assert_eq!(beyond.status(), StatusCode::RANGE_NOT_SATISFIABLE);
    let head = caller.signed_in(Method::HEAD, &path).send().await.unwrap();
    assert_eq!(
        (head.status(), &head.headers()["content-length"]),
        (StatusCode::OK, &"1000".parse().unwrap())
    );
}

#[tokio::test]
async fn the_hall_page_is_served_from_its_folder_and_nothing_beside_it() {
    let dir = tempfile::tempdir().unwrap();
    let ui = dir.path().join("ui");
    std::fs::create_dir_all(ui.join("assets")).unwrap();
    std::fs::write(ui.join("hall.html"), "<title>Bảng gọi số</title>").unwrap();
    std::fs::write(ui.join("assets/hall.js"), "1").unwrap();
    std::fs::write(dir.path().join("secret"), "bí mật").unwrap();
    let mut config = common::hub::config(&dir.path().join("hub"), common::hub::LOOPBACK, None);
    config.hall_dir = Some(ui);
    let hub = motcua_sync_server::Hub::start(config).await.unwrap();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = Client::builder().no_proxy().build().unwrap();
    let base = format!("http://{}", hub.plain_addr().unwrap());
    let get = async |path: &str| {
        let answer = http.get(format!("{base}{path}")).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    assert_eq!(
        get("/hall/").await,
        (200, "<title>Bảng gọi số</title>".to_owned())
    );
    assert_eq!(
        get("/hall").await.1,
        "<title>Bảng gọi số</title>",
        "after a redirect"
    );
    assert_eq!(get("/hall/assets/hall.js").await, (200, "1".to_owned()));
    for path in [
        "/hall/assets/",
        "/hall/nothing.js",
        "/hall/..%2Fsecret",
        "/hall/%2e%2e/secret",
    ] {
        let (status, body) = get(path).await;
        assert!(
            status == 404 && !body.contains("bí mật"),
            "{path}: {status} {body}"
        );
    }
    hub.shutdown().await;
}

#[tokio::test]
async fn plain_http_is_never_offered_beyond_this_machine() {
    let dir = tempfile::tempdir().unwrap();
    let mut config = common::hub::config(dir.path(), common::hub::LOOPBACK, None);
    config.plain_loopback = Some("0.0.0.0:0".parse().unwrap());
    let refused = motcua_sync_server::Hub::start(config).await.err().unwrap();
    assert!(
        refused.to_string().contains("this machine only"),
        "{refused}"
    );
}

#[tokio::test]
async fn many_counters_at_once_are_all_served() {
    let hub = TestHub::start().await;
    let mut desks = Vec::new();
    for number in 0..12_u32 {
        let desk = TestDesk::join(&format!("máy quầy {number}"), &hub.ticket()).await;
        desks.push((number, desk));
    }
    for (number, desk) in &desks {
        desk.receive(7000 + number * 100).await;
    }
    for (_, desk) in &desks {
        desk.until_sent().await;
        desk.until_status("the live line", |s| s.is_live).await;
    }
    assert_eq!(hub.log().len(), 12);
    assert_eq!(hub.handle.health().await.unwrap().live_lines, 12);
}

#[tokio::test]
async fn a_hub_that_is_dropped_lets_go_of_its_store_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let config = || common::hub::config(dir.path(), common::hub::LOOPBACK, None);
    let hub = motcua_sync_server::Hub::start(config()).await.unwrap();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = Client::builder().no_proxy().build().unwrap();
    let base = format!("http://{}", hub.plain_addr().unwrap());
    let _listening = http.get(format!("{base}/v1/live")).send().await.unwrap();
    let _idle = http.get(format!("{base}/v1/hall")).send().await.unwrap();
    drop(hub);
    let again = common::until("the store to be free", || async {
        motcua_sync_server::Hub::start(config()).await.ok()
    });
    again.await.shutdown().await;
}
