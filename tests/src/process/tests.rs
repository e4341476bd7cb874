//! Real programs started, asked, killed.

use super::*;
use crate::wait::until;

fn shell(script: &str) -> Program {
    Program::at("sh").args(["-c", script])
}

fn is_alive(id: &str) -> bool {
    // A process that is dead but not yet reaped by its new parent counts as dead.
    std::fs::read_to_string(format!("/proc/{id}/stat")).is_ok_and(|stat| {
        !stat
            .rsplit_once(')')
            .is_some_and(|(_, rest)| rest.starts_with(" Z"))
    })
}

#[tokio::test]
async fn the_first_json_line_is_the_handshake_and_noise_before_it_is_kept() {
    let mut running = shell(r#"echo starting; echo '{"port":7}'; echo '{"port":8}'; sleep 60"#)
        .start()
        .unwrap();
    assert_eq!(running.ready().await.unwrap()["port"], 7);
    assert!(running.has_printed("starting"));
}

#[tokio::test]
async fn a_program_that_dies_early_shows_its_last_words() {
    let mut running = shell("echo cannot open the ledger >&2; exit 3")
        .start()
        .unwrap();
    let message = running.ready().await.unwrap_err().to_string();
    assert!(message.contains("cannot open the ledger"), "{message}");
}

#[tokio::test]
async fn dropping_a_program_ends_its_grandchildren_too() {
    let mut running = shell(r#"sleep 600 & echo "{\"grandchild\":$!}"; wait"#)
        .start()
        .unwrap();
    let grandchild = running.ready().await.unwrap()["grandchild"].to_string();
    assert!(is_alive(&grandchild));
    drop(running);
    until("the grandchild's end", || {
        let dead = !is_alive(&grandchild);
        async move { Ok(dead.then_some(())) }
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_program_that_ends_on_request_reports_its_own_code() {
    let mut running = shell(r#"trap 'exit 5' TERM; echo '{}'; while :; do sleep 0.05; done"#)
        .start()
        .unwrap();
    running.ready().await.unwrap();
    assert_eq!(running.stop().await.unwrap().code(), Some(5));
}

#[tokio::test]
async fn a_program_of_another_parent_is_found_by_group_and_executable() {
    let script = r#"sleep 600 & echo "{\"child\":$!}"; wait"#;
    let mut running = shell(script).start().unwrap();
    let child = running.ready().await.unwrap()["child"].as_u64().unwrap();
    // Between fork and exec the child still is a shell.
    let exe = until("the child to become sleep", || async {
        let exe = std::fs::read_link(format!("/proc/{child}/exe"))?;
        Ok(exe.ends_with("sleep").then_some(exe))
    });
    let exe = exe.await.unwrap();
    let found = members_running(running.id(), &exe).unwrap();
    assert_eq!(found, [u32::try_from(child).unwrap()]);
    kill_process(found[0]).unwrap();
    assert!(
        members_running(std::process::id(), &exe)
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_failing_program_reports_what_it_wrote_to_stderr() {
    let message = shell("echo no such ward >&2; exit 1")
        .output()
        .await
        .unwrap_err()
        .to_string();
    assert!(message.contains("no such ward"), "{message}");
    assert_eq!(
        shell("echo xã Bình Minh").output().await.unwrap(),
        "xã Bình Minh\n"
    );
}
