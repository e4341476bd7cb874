//! The TypeScript side of the border is generated, and current.

use std::path::PathBuf;

use motcua_app::ipc::commands_of;
use specta_typescript::Typescript;

/// Writes the file instead of comparing it.
const UPDATE_VARIABLE: &str = "UPDATE_BINDINGS";
const HEADER: &str = "// Generated from src-tauri/src/ipc by the test `bindings_are_current`; do not edit.\n\
                      // Written anew by: UPDATE_BINDINGS=1 cargo test -p motcua-app bindings\n";

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../ui/src/lib/host/bindings.ts")
}

#[test]
fn bindings_are_current() {
    let made = tempfile::tempdir().unwrap();
    let made = made.path().join("bindings.ts");
    let language = Typescript::default().header(HEADER);
    commands_of::<tauri::Wry>()
        .export(language, &made)
        .expect("every type can be written as TypeScript");
    let made = std::fs::read_to_string(made).unwrap();
    if std::env::var_os(UPDATE_VARIABLE).is_some() {
        std::fs::write(file(), &made).unwrap();
    }
    let kept = std::fs::read_to_string(file()).unwrap_or_default();
    assert!(
        kept == made,
        "ui/src/lib/host/bindings.ts is out of date: {UPDATE_VARIABLE}=1 cargo test -p motcua-app bindings"
    );
}
