//! A clerk's first dossier through the commands of the window.

use motcua_desk::practice::PRACTICE_PIN;
use serde_json::{Value, json};

use crate::stage::Stage;

/// A page as a scanner would send it: one white pixel is enough for a picture.
const PAGE_PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0,
    1, 0, 0, 0, 1, 8, 0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 10, b'I', b'D', b'A', b'T',
    0x78, 0x9c, 0x63, 0xf8, 0x0f, 0, 1, 1, 1, 0, 0x1b, 0xb6, 0xee, 0x56, 0, 0, 0, 0, b'I', b'E',
    b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

/// The field of most visitors in the practice office.
const CIVIL_STATUS: &str = "Hộ tịch, chứng thực";

/// The practice office with its first clerk at the counter.
fn at_the_counter() -> Stage {
    let stage = Stage::first_run();
    let entry = stage.done("start_practice", json!({}));
    assert_eq!(entry["stage"], "signed_out");
    assert_eq!(entry["practice"], true);
    let counters = entry["counters"].as_array().unwrap();
    let serves = |counter: &&Value| {
        counter["fieldNames"]
            .as_array()
            .unwrap()
            .contains(&json!(CIVIL_STATUS))
    };
    let counter = counters.iter().find(serves).unwrap();
    let staff = &entry["staff"][0]["id"];
    let signed_in = stage.done(
        "sign_in",
        json!({ "staffId": staff, "pin": PRACTICE_PIN, "counterId": counter["id"] }),
    );
    assert_eq!(signed_in["stage"], "signed_in");
    assert_eq!(signed_in["session"]["counterNumber"], counter["number"]);
    stage
}

fn patch(stage: &Stage, patch: &Value) -> Value {
    stage.done("intake_patch", json!({ "patch": patch }))
}

/// A draft with everything that its receipt needs.
fn ready_to_receive(stage: &Stage) -> Value {
    stage.done("sim_card", json!({ "personIndex": 0 }));
    stage.hears("card");
    let found = stage.done("search_procedures", json!({ "query": "khai sinh" }));
    let code = found[0]["code"].clone();
    let mut intake = patch(stage, &json!({ "kind": "procedure", "code": code }));
    let papers = intake["papers"].as_array().unwrap().clone();
    for paper in papers.iter().filter(|paper| paper["required"] == true) {
        let check = json!({ "kind": "paper_checked", "paperId": paper["id"], "checked": true });
        intake = patch(stage, &check);
    }
    if intake["fee"]["state"] == "undecided" {
        intake = patch(stage, &json!({ "kind": "fee_amount", "amount": 8000 }));
    }
    assert_eq!(intake["problems"], json!([]), "the draft is complete");
    intake
}

#[test]
fn a_fresh_machine_offers_its_first_run() {
    let stage = Stage::first_run();
    let entry = stage.done("app_state", json!({}));
    assert_eq!(entry["stage"], "first_run");
    assert_eq!(entry["office"], Value::Null);
    let options = stage.done("setup_options", json!({}));
    assert!(options["catalogues"][0]["procedures"].as_u64().unwrap() >= 25);
    assert_eq!(options["fields"].as_array().unwrap().len(), 4);
}

#[test]
fn a_new_office_says_everything_that_is_wrong_and_then_opens() {
    let stage = Stage::first_run();
    let options = stage.done("setup_options", json!({}));
    let mut draft = json!({
        "name": "", "orgCode": "56", "agencyLine": "UBND xã Bản Mây", "province": "tỉnh Sơn Vân",
        "address": "", "phone": "", "hours": options["hours"], "counters": [],
        "staff": [{ "name": "Vì Văn Ổn", "role": "clerk", "pin": "26" }],
        "catalogueId": options["catalogues"][0]["id"],
    });
    let refused = stage
        .ask("create_office", json!({ "draft": draft }))
        .unwrap_err();
    assert_eq!(refused["code"], "invalid_input");
    let fields: Vec<&str> = refused["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["field"].as_str().unwrap())
        .collect();
    for field in ["name", "orgCode", "counters", "staff.0.pin", "staff"] {
        assert!(fields.contains(&field), "{field} in {fields:?}");
    }

    draft["name"] = json!("Trung tâm Phục vụ hành chính công xã Bản Mây");
    draft["orgCode"] = json!("H56.6.17");
    draft["counters"] = json!([{ "name": "Hộ tịch", "fieldIds": [options["fields"][0]["id"]] }]);
    draft["staff"] = json!([{ "name": "Vì Văn Ổn", "role": "admin", "pin": "2609" }]);
    let entry = stage.done("create_office", json!({ "draft": draft }));
    assert_eq!(entry["stage"], "signed_out");
    assert_eq!(entry["practice"], false);
    assert_eq!(entry["office"]["orgCode"], "H56.6.17");
    assert_eq!(
        stage.ask("practice", json!({})).unwrap_err()["code"],
        "practice_only"
    );
}

#[test]
fn a_wrong_pin_says_how_many_tries_are_left_and_the_counter_is_remembered() {
    let stage = at_the_counter();
    stage.done("sign_out", json!({}));
    let entry = stage.done("app_state", json!({}));
    let (staff, counter) = (
        &entry["staff"][0]["id"],
        &entry["staff"][0]["lastCounterId"],
    );
    assert!(
        counter.is_string(),
        "the counter of the last time is offered"
    );
    let wrong = json!({ "staffId": staff, "pin": "0000", "counterId": counter });
    let refused = stage.ask("sign_in", wrong).unwrap_err();
    assert_eq!(refused, json!({ "code": "wrong_pin", "triesLeft": 4 }));
}

#[test]
fn nothing_of_a_desk_is_shown_before_somebody_signs_in() {
    let stage = Stage::first_run();
    stage.done("start_practice", json!({}));
    for command in ["desk", "intake_start", "intake"] {
        assert_eq!(
            stage.ask(command, json!({})).unwrap_err()["code"],
            "not_signed_in",
            "{command}"
        );
    }
    let search = stage
        .ask("search", json!({ "query": "Nguyễn" }))
        .unwrap_err();
    assert_eq!(search["code"], "not_signed_in");
}

#[test]
fn a_called_number_reaches_the_hall_and_is_served() {
    let stage = at_the_counter();
    let called = stage.done("call_next", json!({}));
    let label = called["ticket"]["label"].as_str().unwrap().to_owned();
    assert_eq!(called["ticket"]["state"], "called");
    assert_eq!(
        called["can"],
        json!({ "callNext": false, "callAgain": true, "noShow": true, "finish": true })
    );

    let announced = stage.hears("announce");
    assert_eq!(
        (&announced["label"], &announced["counterNumber"]),
        (&json!(label), &called["counter"]["number"])
    );
    let hall = stage.ask_from_hall("hall", json!({})).unwrap();
    assert_eq!(hall["calls"][0]["label"], json!(label));

    stage.done("intake_start", json!({}));
    let serving = stage.done("desk", json!({}));
    assert_eq!(serving["ticket"]["state"], "serving");
    assert_eq!(
        stage.ask("call_next", json!({})).unwrap_err()["code"],
        "counter_busy"
    );
    assert_eq!(
        stage.done("finish_ticket", json!({}))["ticket"],
        Value::Null
    );
}

#[test]
fn a_card_fills_the_person_and_one_change_can_be_taken_back() {
    let stage = at_the_counter();
    stage.done("sim_card", json!({ "personIndex": 0 }));
    stage.hears("card");
    let intake = stage.done("intake", json!({}));
    assert_eq!(intake["person"]["fullName"]["source"], "card");
    assert_eq!(intake["person"]["bornOn"]["value"], "1994-09-02");
    assert_eq!(intake["person"]["gender"]["value"], "female");

    let phone = json!({ "kind": "person", "field": "phone", "value": "0912345678" });
    let changed = patch(&stage, &phone);
    assert_eq!(changed["person"]["phone"]["value"], "0912345678");
    assert_eq!(changed["undo"]["kind"], "person");
    let back = stage.done("intake_undo", json!({}));
    assert_eq!(back["person"]["phone"]["value"], "");
}

#[test]
fn a_card_that_is_no_card_is_refused_with_what_it_is() {
    let stage = at_the_counter();
    for (text, code) in [
        ("https://example.com", "card_unreadable"),
        ("1|2|3", "card_incomplete"),
    ] {
        let refused = stage.ask("card_text", json!({ "text": text })).unwrap_err();
        assert_eq!(refused["code"], code, "{text}");
    }
}

#[test]
fn a_dropped_page_is_put_beside_its_paper_and_a_wrong_file_is_named() {
    let stage = at_the_counter();
    let refused = stage.drop_file("r%E1%BB%97ng.pdf", b"").unwrap_err();
    assert_eq!(
        refused,
        json!({ "code": "scan_empty", "fileName": "rỗng.pdf" })
    );

    ready_to_receive(&stage);
    let scan = stage
        .drop_file("ch%E1%BB%A9ng%20sinh.png", PAGE_PNG)
        .unwrap();
    assert_eq!(
        (&scan["state"], &scan["fileName"]),
        (&json!("ready"), &json!("chứng sinh.png"))
    );
    let intake = stage.done(
        "attach_scan",
        json!({ "paperId": "p1", "scanId": scan["id"] }),
    );
    let attached = &intake["papers"][0]["scans"][0];
    assert_eq!(attached["id"], scan["id"]);
    let url = stage.done("scan_page_url", json!({ "scanId": scan["id"], "page": 1 }));
    assert!(
        url.as_str()
            .unwrap()
            .ends_with(&format!("/scan/{}/1", scan["id"].as_str().unwrap()))
    );
}

#[test]
fn a_dossier_is_received_saved_and_found_again() {
    let stage = at_the_counter();
    stage.done("call_next", json!({}));
    ready_to_receive(&stage);
    stage.done("sign_begin", json!({ "via": "canvas" }));
    let point = |x: f64, y: f64| json!({ "x": x, "y": y, "pressure": 0.5, "tMs": 12.5 });
    let stroke = json!({ "points": [point(0.1, 0.2), point(0.4, 0.6), point(0.8, 0.3)] });
    let signed = stage.done("sign_submit", json!({ "strokes": [stroke] }));
    assert_eq!(signed["signature"]["state"], "signed");
    assert!(
        signed["signature"]["imageId"]
            .as_str()
            .unwrap()
            .starts_with("ink-")
    );

    let received = stage.done("receive", json!({}));
    assert!(
        received["code"].as_str().unwrap().starts_with("H56.6.17-"),
        "{received}"
    );
    assert_eq!(stage.done("intake", json!({})), Value::Null);

    let id = json!({ "dossierId": received["dossierId"] });
    let dossier = stage.done("dossier", id.clone());
    assert_eq!(dossier["lamps"][0]["state"], "ok", "saved on this machine");
    assert_ne!(
        dossier["lamps"][3]["state"], "ok",
        "the province has said nothing"
    );
    assert_eq!(dossier["provisional"], true);
    let kinds: Vec<&Value> = dossier["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| &e["kind"])
        .collect();
    assert!(
        kinds.contains(&&json!("received")) && kinds.contains(&&json!("signed")),
        "{kinds:?}"
    );

    let found = stage.done("search", json!({ "query": received["code"] }));
    assert_eq!(found["hits"][0]["dossierId"], received["dossierId"]);

    let printed = stage.until("dossier", &id, |dossier| {
        dossier["lamps"][2]["state"] == "ok"
    });
    assert_eq!(printed["prints"][0]["state"], "confirmed");
    let reprint = json!({ "dossierId": received["dossierId"], "reason": "other", "words": "" });
    assert_eq!(
        stage.ask("reprint_slip", reprint).unwrap_err()["code"],
        "reprint_reason_missing"
    );
}

#[test]
fn practice_has_a_second_machine_and_a_cable_to_pull() {
    let stage = at_the_counter();
    let link = |up: bool| stage.done("sim_network", json!({ "link": "hub", "up": up }));
    let second = |state: &'static str| {
        stage.until("status", &json!({}), move |status| {
            status["lamps"][1]["state"] == state
        })
    };
    let status = second("ok");
    assert_eq!(status["lamps"][1]["where"], "Máy thứ hai (mô phỏng)");
    link(false);
    stage.done("call_next", json!({}));
    let status = second("waiting");
    assert_eq!(status["lamps"][1]["reason"], "link_down");
    link(true);
    second("ok");
}

#[test]
fn what_this_machine_likes_is_kept_beside_its_data() {
    let stage = Stage::first_run();
    let dark = json!({ "theme": "dark", "scalePercent": 125, "language": "vi" });
    stage.done("set_appearance", json!({ "appearance": dark }));
    assert_eq!(stage.done("app_state", json!({}))["appearance"], dark);
    assert!(stage.folder().join("preferences.json").is_file());
}

#[test]
fn a_change_that_is_none_is_refused_and_changes_nothing() {
    let stage = at_the_counter();
    stage.done("intake_start", json!({}));
    let before = stage.done("intake", json!({}));
    let unknown = json!({ "patch": { "kind": "procedure", "code": "khai sinh" } });
    assert_eq!(
        stage.ask("intake_patch", unknown).unwrap_err()["code"],
        "procedure_unknown"
    );
    let nonsense = json!({ "patch": { "kind": "teleport" } });
    assert!(stage.ask("intake_patch", nonsense).is_err());
    assert_eq!(stage.done("intake", json!({})), before);
}
