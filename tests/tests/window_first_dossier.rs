//! A clerk's first day in the real window, with everything behind it as processes of their own: the
//! first dossier through every room, the power that goes while a dossier is received, the network and
//! the province that go and come back.

use anyhow::{Context, Result, ensure};
use motcua_desk::practice::{CITIZENS, Citizen, PRACTICE_PIN};
use motcua_tests::counter::Counter;
use motcua_tests::fake_province::Mode;
use motcua_tests::office::HUB;
use motcua_tests::wait::until;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// What the citizen says, without marks, as a clerk would type it.
const PROCEDURE_SAID: &str = "khai sinh";

/// The hall window's title begins so.
const HALL_TITLE: &str = "Bảng gọi số";

/// What a slip says while only this machine has the dossier.
const ONE_COPY_NOTE: &str = "mới có một bản lưu";

/// All four have acknowledged.
const ALL_OK: [&str; 4] = ["ok", "ok", "ok", "ok"];

/// First run, practice office, first clerk at the first counter, first ticket; the hall sees it.
async fn begins_the_day(counter: &Counter) -> Result<()> {
    let clerk = counter.clerk()?;
    let session = clerk.session().clone();
    clerk.chooses_practice().await?;
    clerk.signs_in(PRACTICE_PIN).await?;
    let label = clerk.calls_next().await?;
    let desk = session.window().await?;
    clerk.opens_practice().await?;
    clerk.press_on("practice.hall").await?;
    session.switch_to_titled(HALL_TITLE).await?;
    session.wait_for_text(".call .number", &label).await?;
    session.switch_to(&desk).await?;
    clerk.closes_practice_if_open().await
}

/// A card at the reader, the procedure, a scan from the copier, the papers, a signature on the pad.
async fn fills_an_intake(counter: &Counter, citizen: &Citizen, scan: &str) -> Result<()> {
    let (clerk, bench) = (counter.clerk()?, counter.bench()?);
    bench.holds_card(citizen.qr).await?;
    clerk.session().wait_for("#intake-scroll").await?;
    clerk.sees_the_person(citizen.name).await?;
    clerk.sees("person.from_card").await?;
    clerk.chooses_procedure(PROCEDURE_SAID).await?;
    bench.scans(scan, 2).await?;
    clerk.attaches_the_newest_scan().await?;
    clerk.ticks_the_papers().await?;
    clerk.lets_the_citizen_sign().await?;
    clerk.closes_practice_if_open().await
}

/// The slip in the citizen's hand: one more than `papers_before`, with the dossier's code.
async fn slip_is_out(counter: &Counter, code: &str, papers_before: u64) -> Result<()> {
    let bench = counter.bench()?;
    ensure!(
        bench.papers().await? == papers_before + 1,
        "one slip, no more"
    );
    let read = bench.last_paper().await?.code().await?;
    ensure!(read.contains(code), "the slip of {code} says {read:?}");
    Ok(())
}

/// The dossiers of `codes` are at the province, each once, and so are those that practice began with.
async fn province_has_each_once(counter: &Counter, codes: &[String]) -> Result<()> {
    let province = counter.province()?;
    until(&format!("{codes:?} at the province"), || async {
        let created = province.created().await?;
        Ok(codes
            .iter()
            .all(|it| created.contains_key(it))
            .then_some(()))
    })
    .await?;
    let created = province.created().await?;
    ensure!(created.values().all(|times| *times == 1), "{created:?}");
    let dossiers = counter.dossiers().await?;
    ensure!(
        created.len() as u64 == dossiers,
        "{dossiers} dossiers here; at the province: {created:?}"
    );
    Ok(())
}

/// What the hub has numbered is complete: nothing waits, and the whole ledger is sound.
async fn everything_is_at_the_hub(counter: &Counter) -> Result<()> {
    until("nothing that waits for the hub", || async {
        let stats = counter.ledger("stats").await?;
        ensure!(stats["pending_ops"] == 0, "{stats}");
        Ok(Some(()))
    })
    .await?;
    ensure!(counter.ledger("verify").await?["wrong_count"] == 0);
    Ok(())
}

/// From the call to the paper and to the province, looking at everything on the way.
async fn first_dossier(counter: &Counter) -> Result<String> {
    let clerk = counter.clerk()?;
    begins_the_day(counter).await.context("the morning")?;
    fills_an_intake(counter, &CITIZENS[0], "KHAI-SINH.pdf").await?;
    let earlier = clerk.earlier_dossiers().await?;
    ensure!(earlier.len() == 2, "her earlier dossiers: {earlier:?}");
    let reasons = clerk.due_reasons().await?;
    ensure!(
        !reasons.is_empty() && reasons.iter().all(|it| !it.trim().is_empty()),
        "{reasons:?}"
    );
    let papers = counter.bench()?.papers().await?;
    let code = clerk.receives().await?;
    let lamps = clerk.sees_lamps(ALL_OK).await?;
    ensure!(
        lamps[1].words.contains("Máy quầy 2"),
        "who has the copy: {lamps:?}"
    );
    slip_is_out(counter, &code, papers).await?;
    clerk.looks_at_the_scan().await.context("the scan")?;
    province_has_each_once(counter, std::slice::from_ref(&code)).await?;
    Ok(code)
}

/// The hub dies, work goes on, the hub comes back: saved and printed at once, the rest arrives once.
async fn without_the_hub(counter: &mut Counter, codes: &mut Vec<String>) -> Result<()> {
    let clerk = counter.clerk()?;
    clerk.goes_back().await?;
    counter.office_mut().kill(HUB)?;
    fills_an_intake(counter, &CITIZENS[1], "KHONG-MANG.pdf").await?;
    let papers = counter.bench()?.papers().await?;
    let code = clerk.receives().await?;
    let lamps = clerk.sees_lamps(["ok", "waiting", "ok", "waiting"]).await;
    lamps.context("saved and printed with the network pulled")?;
    slip_is_out(counter, &code, papers).await?;
    let slip = counter.bench()?.last_paper().await?.words().await?;
    ensure!(slip.contains(ONE_COPY_NOTE), "the slip says: {slip}");
    counter.office_mut().restart(HUB).await?;
    clerk.sees_lamps(ALL_OK).await.context("the hub is back")?;
    codes.push(code);
    province_has_each_once(counter, codes).await
}

/// The province hangs, then refuses, then works again.
async fn without_the_province(counter: &Counter, codes: &mut Vec<String>) -> Result<()> {
    let (clerk, province) = (counter.clerk()?, counter.province()?);
    clerk.goes_back().await?;
    province.mode(Mode::Hanging).await?;
    fills_an_intake(counter, &CITIZENS[2], "TINH-TREO.pdf").await?;
    let code = clerk.receives().await?;
    let lamps = clerk.sees_lamps(["ok", "ok", "ok", "waiting"]).await;
    lamps.context("the province hangs")?;
    province.mode(Mode::Refusing).await?;
    ensure!(!province.created().await?.contains_key(&code));
    province.mode(Mode::Up).await?;
    clerk
        .sees_lamps(ALL_OK)
        .await
        .context("the province is up")?;
    codes.push(code);
    province_has_each_once(counter, codes).await
}

async fn first_day(counter: &mut Counter) -> Result<()> {
    let mut codes = vec![first_dossier(counter).await.context("the first dossier")?];
    let pulled = without_the_hub(counter, &mut codes).await;
    pulled.context("the network is pulled")?;
    let down = without_the_province(counter, &mut codes).await;
    down.context("the province is down")?;
    everything_is_at_the_hub(counter).await
}

#[tokio::test]
async fn the_first_dossier_passes_every_room_and_later_ones_outlive_the_lines() -> Result<()> {
    let mut counter = Counter::open().await?;
    match first_day(&mut counter).await {
        Ok(()) => counter.closes_window().await,
        Err(error) => Err(counter.explain("first-day", error).await),
    }
}

/// When the power goes, seen from the key that receives.
#[derive(Debug, Clone, Copy)]
enum Moment {
    /// So long after the key.
    After(Duration),
    /// As soon as the store on disk has changed.
    AtTheFirstWrite,
}

const MOMENTS: [Moment; 4] = [
    Moment::After(Duration::ZERO),
    Moment::After(Duration::from_millis(20)),
    Moment::AtTheFirstWrite,
    Moment::After(Duration::from_millis(250)),
];

/// When the store's journal was written last: every commit goes through it.
fn last_write(store: &Path) -> Option<SystemTime> {
    let journal = std::fs::metadata(store.join("ledger.db-wal")).ok()?;
    journal.modified().ok()
}

/// Presses the key and lets the power go at `moment`.
async fn power_goes_while_receiving(counter: &mut Counter, moment: Moment) -> Result<()> {
    let (clerk, processes) = (counter.clerk()?, counter.window_processes()?);
    ensure!(!processes.is_empty(), "the window runs");
    let store = counter.store();
    let before = last_write(&store);
    clerk.session().press("Control+Enter").await?;
    match moment {
        Moment::After(delay) => tokio::time::sleep(delay).await,
        Moment::AtTheFirstWrite => {
            let changed = || async { Ok((last_write(&store) != before).then_some(())) };
            until("a write to the store", changed).await?;
        }
    }
    counter.power_cut(&processes).await
}

/// After the restart: the draft as it was, or the dossier once. Returns the code of the dossier.
async fn is_there_whole(
    counter: &Counter,
    citizen: &Citizen,
    was: u64,
    known: &[String],
) -> Result<Option<String>> {
    let clerk = counter.clerk()?;
    clerk.sees("sign_in.lead").await?;
    let recovered = clerk.session().find_all(".recovered").await?.len();
    clerk.signs_in(PRACTICE_PIN).await?;
    let dossiers = counter.dossiers().await?;
    if dossiers == was {
        ensure!(recovered == 1, "the sign-in tells of the draft");
        clerk.session().wait_for("#intake-scroll").await?;
        clerk.sees_the_person(citizen.name).await?;
        clerk.sees_a_picture("section.sign img").await?;
        let scans = clerk.session().find_all("#intake-scroll td.scan .detach");
        ensure!(scans.await?.len() == 1, "the scan lies beside its paper");
        let missing = clerk.session().find_all(".actions .missing");
        ensure!(missing.await?.is_empty(), "nothing is missing");
        return Ok(None);
    }
    ensure!(
        dossiers == was + 1,
        "{was} dossiers before, {dossiers} after"
    );
    ensure!(
        recovered == 0,
        "a draft beside its dossier would be a second one"
    );
    let listed = until("the dossier in today's list", || async {
        let today = clerk.todays_dossiers().await?;
        Ok(today.into_iter().find(|it| !known.contains(it)))
    });
    listed.await.map(Some)
}

/// One dossier and one power cut. Returns the dossier's code.
async fn one_power_cut(
    counter: &mut Counter,
    citizen: &Citizen,
    moment: Moment,
    known: &[String],
) -> Result<String> {
    let bench = counter.bench()?;
    fills_an_intake(counter, citizen, "MAT-DIEN.pdf").await?;
    let (dossiers, papers) = (counter.dossiers().await?, bench.papers().await?);
    power_goes_while_receiving(counter, moment).await?;
    let verified = counter.ledger("verify").await.context("right after it")?;
    ensure!(verified["wrong_count"] == 0, "{verified}");
    counter.opens_window().await?;
    let kept = is_there_whole(counter, citizen, dossiers, known).await?;
    println!(
        "{moment:?}: {}",
        if kept.is_some() {
            "received"
        } else {
            "still a draft"
        }
    );
    let clerk = counter.clerk()?;
    let Some(code) = kept else {
        ensure!(bench.papers().await? == papers, "a draft has no slip");
        let code = clerk.receives().await?;
        clerk.sees_lamps(ALL_OK).await?;
        slip_is_out(counter, &code, papers).await?;
        return Ok(code);
    };
    clerk.opens_todays(&code).await?;
    slip_is_asked_for(counter, &code, papers).await?;
    Ok(code)
}

/// A slip whose fate nobody knows is asked about, never printed again by itself.
async fn slip_is_asked_for(counter: &Counter, code: &str, papers_before: u64) -> Result<()> {
    let (clerk, bench) = (counter.clerk()?, counter.bench()?);
    let session = clerk.session();
    let lamps = session.until("all lamps but the slip's", || async {
        let lamps = clerk.lamps().await?;
        let others = [&lamps[0], &lamps[1], &lamps[3]];
        ensure!(others.iter().all(|it| it.state == "ok"), "{lamps:?}");
        Ok(Some(lamps))
    });
    let printed = lamps.await?[2].state == "ok";
    let out = bench.papers().await? - papers_before;
    ensure!(out <= 1, "{out} slips for one key");
    if printed {
        return slip_is_out(counter, code, papers_before).await;
    }
    if !session.find_all(".doubt").await?.is_empty() {
        let answer = ["print.did_not_come_out", "print.came_out"][usize::from(out == 1)];
        clerk.press_on(answer).await?;
    }
    if out == 0 {
        session.wait_until_gone(".doubt").await?;
        clerk.press_on("dossier.print").await?;
    }
    clerk.sees_lamps(ALL_OK).await?;
    slip_is_out(counter, code, papers_before).await
}

async fn power_cuts(counter: &mut Counter) -> Result<()> {
    begins_the_day(counter).await.context("the morning")?;
    let mut codes = Vec::new();
    for (citizen, moment) in CITIZENS.iter().zip(MOMENTS) {
        let code = one_power_cut(counter, citizen, moment, &codes).await;
        codes.push(code.with_context(|| format!("power cut {moment:?}"))?);
        counter.clerk()?.goes_back().await?;
    }
    let mut distinct = codes.clone();
    distinct.sort();
    distinct.dedup();
    ensure!(
        distinct.len() == MOMENTS.len(),
        "each its own code: {codes:?}"
    );
    province_has_each_once(counter, &codes).await?;
    everything_is_at_the_hub(counter).await
}

#[tokio::test]
async fn a_power_cut_while_receiving_loses_nothing_and_doubles_nothing() -> Result<()> {
    let mut counter = Counter::open().await?;
    match power_cuts(&mut counter).await {
        Ok(()) => counter.closes_window().await,
        Err(error) => Err(counter.explain("power-cuts", error).await),
    }
}
