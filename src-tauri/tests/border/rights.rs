//! One list of commands, and what each window may ask of it.

use std::collections::BTreeSet;
use std::path::Path;

use motcua_app::ipc::commands_of;
use motcua_app::windows::{HALL, MAIN};
use serde_json::Value;

use crate::stage::Stage;

fn listed() -> BTreeSet<String> {
    let list = include_str!("../../commands.list");
    let names = list
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    names.map(str::to_owned).collect()
}

/// The registered commands, by the names that the generated TypeScript calls.
fn registered() -> BTreeSet<String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bindings.ts");
    commands_of::<tauri::Wry>()
        .export(specta_typescript::Typescript::default(), &file)
        .unwrap();
    let text = std::fs::read_to_string(file).unwrap();
    let calls = text.split("__TAURI_INVOKE(\"").skip(1);
    calls
        .filter_map(|rest| rest.split('"').next())
        .map(str::to_owned)
        .collect()
}

fn allowed(window: &str) -> BTreeSet<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("capabilities")
        .join(format!("{window}.json"));
    let capability: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    assert_eq!(
        capability["windows"],
        serde_json::json!([window]),
        "one file for each window"
    );
    let permissions = capability["permissions"].as_array().unwrap();
    let name = |permission: &Value| permission.as_str().unwrap().to_owned();
    permissions.iter().map(name).collect()
}

fn permission(command: &str) -> String {
    format!("allow-{}", command.replace('_', "-"))
}

#[test]
fn the_list_the_program_and_the_desk_s_rights_name_the_same_commands() {
    assert_eq!(registered(), listed());
    let permissions: BTreeSet<String> =
        listed().iter().map(|command| permission(command)).collect();
    assert_eq!(allowed(MAIN), permissions);
}

#[test]
fn the_hall_window_may_see_the_hall_answer_a_call_and_listen() {
    let expected = ["allow-announce-done", "allow-hall", "allow-subscribe"];
    assert_eq!(
        allowed(HALL),
        expected.into_iter().map(str::to_owned).collect()
    );
}

#[test]
fn the_hall_window_is_refused_everything_else_by_the_running_program() {
    let stage = Stage::empty();
    for command in listed() {
        let may = allowed(HALL).contains(&permission(&command));
        let refused = stage.refused_by_rights(HALL, &command);
        assert_eq!(refused, !may, "{command} from the hall window");
    }
}

#[test]
fn no_window_may_listen_to_events_or_touch_windows_of_the_system() {
    let stage = Stage::empty();
    for command in [
        "plugin:event|listen",
        "plugin:window|close",
        "plugin:webview|create_webview_window",
    ] {
        for window in [MAIN, HALL] {
            assert!(
                stage.refused_by_rights(window, command),
                "{command} from {window}"
            );
        }
    }
}
