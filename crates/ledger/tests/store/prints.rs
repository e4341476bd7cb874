//! Papers as a state machine: at most once for each time somebody asks.

use motcua_core::ids::PrintJobId;
use motcua_ledger::{DeskStore, NewPrintJob, PrintJobState, PrintKind, StoreError};
use uuid::Uuid;

use crate::kit::*;

fn ask(desk: &DeskStore, id: PrintJobId, copy: u16) {
    let job = NewPrintJob {
        id,
        entity: Some(entity("a")),
        kind: PrintKind::Slip,
        copy,
        reason: String::new(),
        at: now(),
    };
    desk.act_blocking(stamp(), move |tx| tx.queue_print(job))
        .unwrap();
}

fn job(n: u128) -> PrintJobId {
    PrintJobId(Uuid::from_u128(n))
}

async fn set(desk: &DeskStore, id: PrintJobId, to: PrintJobState) -> Result<bool, StoreError> {
    desk.set_print_state(id, to, String::new()).await
}

#[tokio::test]
async fn a_paper_that_was_on_its_way_when_the_power_went_is_asked_of_the_clerk() {
    let dir = folder();
    {
        let desk = open_desk(dir.path()).store;
        ask(&desk, job(1), 1);
        ask(&desk, job(2), 1);
        assert!(set(&desk, job(1), PrintJobState::Sending).await.unwrap());
        assert!(!desk.print_job(job(2)).unwrap().unwrap().of_earlier_start);
    }
    let desk = open_desk(dir.path()).store;
    let open = desk.open_print_jobs().unwrap();
    let states: Vec<(PrintJobState, bool)> =
        open.iter().map(|j| (j.state, j.of_earlier_start)).collect();
    assert_eq!(
        states,
        [
            (PrintJobState::Unknown, true),
            (PrintJobState::Queued, true)
        ]
    );
    assert_eq!(desk.pulse().unwrap().prints_unknown, 1);

    assert!(set(&desk, job(1), PrintJobState::Confirmed).await.unwrap());
    let again = set(&desk, job(1), PrintJobState::Sending).await;
    assert!(matches!(again, Err(StoreError::PrintStep { .. })));
    assert_eq!(desk.print_jobs_of(entity("a")).unwrap().len(), 2);
}

#[tokio::test]
async fn the_same_job_asked_for_twice_is_one_paper() {
    let (_dir, desk) = desk();
    ask(&desk, job(1), 1);
    set(&desk, job(1), PrintJobState::Sending).await.unwrap();
    ask(&desk, job(1), 1);
    assert_eq!(
        desk.print_job(job(1)).unwrap().unwrap().state,
        PrintJobState::Sending
    );
    assert!(
        !set(&desk, job(9), PrintJobState::Sending).await.unwrap(),
        "nobody asked for it"
    );
}

#[tokio::test]
async fn a_detail_stays_until_there_is_a_newer_one() {
    let (_dir, desk) = desk();
    ask(&desk, job(1), 1);
    set(&desk, job(1), PrintJobState::Sending).await.unwrap();
    desk.set_print_state(job(1), PrintJobState::Unknown, "hết giấy".to_owned())
        .await
        .unwrap();
    set(&desk, job(1), PrintJobState::Failed).await.unwrap();
    let known = desk.print_job(job(1)).unwrap().unwrap();
    assert_eq!(
        (known.detail.as_str(), known.state.is_open()),
        ("hết giấy", false)
    );
}
