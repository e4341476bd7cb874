//! An office of two counters, a hub and a province, without a window: what one counter receives the
//! other one sees, and a hub that dies and comes back neither loses nor doubles anything.

use anyhow::{Context, Result, ensure};
use motcua_core::ids::ScopeId;
use motcua_core::intake::Change;
use motcua_core::office::Role;
use motcua_desk::practice::{CITIZENS, Citizen, PRACTICE_PIN};
use motcua_desk::{Desk, DeskConfig, ReceivedDossier};
use motcua_drivers::DeskDevices;
use motcua_ledger::exchange::EnrolTicket;
use motcua_ledger::{DeskStore, KeyPolicy, OpenDesk};
use motcua_tests::fake_province::{Addresses, Control};
use motcua_tests::office::{HUB, Office, PROVINCE};
use motcua_tests::process::Program;
use motcua_tests::wait::until;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The practice office's code.
const SCOPE: &str = "H56.6.17";

/// The practice office's store, below a desk's data.
const STORE: &str = "practice";

/// Birth registration.
const PROCEDURE: &str = "1.001193";

/// Keys lie beside the data: all people here are invented.
const KEYS: KeyPolicy = KeyPolicy {
    prefer_keyring: false,
};

/// A counter's PC.
struct Counter {
    desk: Desk,
    dir: PathBuf,
}

impl Counter {
    async fn open(dir: PathBuf, machine: &str) -> Result<Self> {
        let config = DeskConfig {
            dir: dir.clone(),
            devices: DeskDevices::default(),
            bench: None,
            keys: KEYS,
            machine: machine.to_owned(),
            machine_id: Some(machine.to_owned()),
            app: "0".to_owned(),
        };
        let desk = Desk::open(config, |_| ()).await?;
        Ok(Self { desk, dir })
    }

    /// The PC at which the practice office is founded.
    async fn first(dir: PathBuf) -> Result<Self> {
        let counter = Self::open(dir, "machine-1").await?;
        counter.desk.start_practice().await?;
        Ok(counter)
    }

    /// A PC that knows nothing yet but whose office it belongs to: the hub tells it the rest.
    async fn further(dir: PathBuf) -> Result<Self> {
        let empty = OpenDesk {
            dir: dir.join(STORE),
            keys: KEYS,
            machine: "machine-2".to_owned(),
        };
        drop(DeskStore::create(empty, &ScopeId(SCOPE.to_owned())).await?);
        Self::open(dir, "machine-2").await
    }

    async fn joins(&self, office: &Office) -> Result<()> {
        let said = office.said(HUB)?["ticket"].as_str().context("a ticket")?;
        let ticket: EnrolTicket = said.parse()?;
        self.desk.join_hub(&ticket).await?;
        Ok(())
    }

    /// The clerk who stands at place `clerk` in the list sits down at counter `number`.
    async fn signs_in(&self, clerk: usize, number: &str) -> Result<()> {
        let entry = until("the office's people", || async {
            let entry = self.desk.entry().await?;
            Ok((!entry.staff.is_empty()).then_some(entry))
        })
        .await?;
        let clerks = entry.staff.iter().filter(|it| it.0.role == Role::Clerk);
        let clerk = clerks.map(|it| it.0.id).nth(clerk).context("a clerk")?;
        let mut counters = entry.counters.iter();
        let counter = counters
            .find(|it| it.0.number == number)
            .context("a counter")?;
        self.desk.sign_in(clerk, PRACTICE_PIN, counter.0.id).await?;
        Ok(())
    }

    /// Everything up to the key that receives.
    async fn fills_an_intake(&self, citizen: &Citizen) -> Result<()> {
        self.desk.practice_card(citizen.qr).await?;
        until("a draft with the person", || async {
            let intake = self.desk.intake().await?;
            Ok(intake.filter(|it| it.draft.person.full_name.value == citizen.name))
        })
        .await?;
        let code = PROCEDURE.parse()?;
        let chosen = Change::Procedure(Some(code));
        let view = self.desk.change("procedure", chosen).await?;
        for paper in view.draft.papers.into_iter().filter(|it| it.required) {
            let ticked = Change::PaperChecked {
                key: paper.key,
                checked: true,
            };
            self.desk.change("paper", ticked).await?;
        }
        Ok(())
    }

    async fn receives(&self, citizen: &Citizen) -> Result<ReceivedDossier> {
        self.fills_an_intake(citizen).await?;
        Ok(self.desk.receive().await?)
    }

    /// The codes of the office's dossiers of today, as this counter knows them.
    fn codes(&self) -> Result<Vec<String>> {
        let hits = self.desk.search("")?;
        Ok(hits.into_iter().map(|it| it.row.code).collect())
    }

    /// Waits until the slips of `received` are out: what the printer says is an operation as well.
    async fn has_printed(&self, received: &[ReceivedDossier]) -> Result<()> {
        for one in received {
            until(&format!("the slip of {}", one.code), || async {
                let file = self.desk.dossier(one.dossier)?;
                Ok(file.dossier.is_printed().then_some(()))
            })
            .await?;
        }
        Ok(())
    }

    /// What `motcua ledger <verb>` says of the store.
    async fn ledger(&self, verb: &str) -> Result<Value> {
        let program = Program::ours("motcua")?.args(["ledger", verb, "--key-in-file", "--dir"]);
        let said = program.arg(self.dir.join(STORE)).output().await?;
        Ok(serde_json::from_str(&said)?)
    }

    /// Waits until the hub has everything, ends the desk and proves its ledger.
    async fn proves(&self) -> Result<()> {
        until("nothing that waits for the hub", || async {
            let stats = self.ledger("stats").await?;
            ensure!(stats["pending_ops"] == 0, "{stats}");
            Ok(Some(()))
        })
        .await?;
        self.desk.close().await;
        let said = self.ledger("verify").await?;
        ensure!(said["wrong_count"] == 0, "{said}");
        Ok(())
    }
}

/// Both counters know exactly the dossiers of `codes`, each once, and so does the province, besides
/// those that practice began with.
async fn all_know_each_once(
    counters: [&Counter; 2],
    province: &Control,
    codes: &[String],
) -> Result<()> {
    let wanted: BTreeSet<_> = codes.iter().cloned().collect();
    ensure!(wanted.len() == codes.len(), "one code for two: {codes:?}");
    for counter in counters {
        until(
            &format!("{codes:?} at {}", counter.dir.display()),
            || async {
                let known = counter.codes()?;
                let distinct: BTreeSet<_> = known.iter().cloned().collect();
                ensure!(known.len() == distinct.len(), "twice in {known:?}");
                ensure!(distinct == wanted, "it knows {known:?}");
                Ok(Some(()))
            },
        )
        .await?;
    }
    until(&format!("{codes:?} at the province"), || async {
        let created = province.created().await?;
        Ok(wanted
            .iter()
            .all(|it| created.contains_key(it))
            .then_some(()))
    })
    .await?;
    let created = province.created().await?;
    ensure!(created.values().all(|times| *times == 1), "{created:?}");
    Ok(())
}

/// The codes of what was received.
fn codes(received: [&[ReceivedDossier]; 2]) -> Vec<String> {
    let received = received.into_iter().flatten();
    received.map(|it| it.code.to_string()).collect()
}

/// Two counters that have joined the hub, with a clerk at each.
async fn two_counters(office: &mut Office, folder: &Path) -> Result<[Counter; 2]> {
    let first = Counter::first(folder.join("first")).await?;
    first.joins(office).await.context("the first counter")?;
    // Every start of the hub gives out one code. It has heard of the office before it starts again.
    until("the office at the hub", || async {
        let stats = first.ledger("stats").await?;
        Ok((stats["pending_ops"] == 0).then_some(()))
    })
    .await?;
    office.restart(HUB).await?;
    let second = Counter::further(folder.join("second")).await?;
    second.joins(office).await.context("the second counter")?;
    first.signs_in(0, "1").await?;
    second.signs_in(1, "2").await?;
    Ok([first, second])
}

async fn day(office: &mut Office, folder: &Path) -> Result<()> {
    let said: Addresses = serde_json::from_value(office.said(PROVINCE)?.clone())?;
    let province = Control::new(&said)?;
    let [first, second] = two_counters(office, folder).await?;
    let both = [&first, &second];

    let mut ours = vec![first.receives(&CITIZENS[0]).await?];
    let seen = all_know_each_once(both, &province, &codes([&ours, &[]])).await;
    seen.context("what one receives the other sees")?;

    office.kill(HUB)?;
    ours.push(first.receives(&CITIZENS[1]).await?);
    let mut theirs = vec![second.receives(&CITIZENS[2]).await?];
    office.restart(HUB).await?;
    let seen = all_know_each_once(both, &province, &codes([&ours, &theirs])).await;
    seen.context("the hub was away")?;

    first.fills_an_intake(&CITIZENS[3]).await?;
    second.fills_an_intake(&CITIZENS[0]).await?;
    let (one, other) = tokio::join!(first.desk.receive(), second.desk.receive());
    // What was just received is on its way at this moment.
    office.kill(HUB)?;
    ours.push(one?);
    theirs.push(other?);
    office.restart(HUB).await?;
    let seen = all_know_each_once(both, &province, &codes([&ours, &theirs])).await;
    seen.context("the hub died in mid-way")?;
    first.has_printed(&ours).await?;
    second.has_printed(&theirs).await?;
    first.proves().await?;
    second.proves().await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_counters_share_everything_once_through_a_hub_that_dies() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let parts = [PROVINCE, HUB];
    let mut office = Office::start(&parts, &folder.path().join("office"), &[]).await?;
    day(&mut office, folder.path()).await
}
