//! Opening a desk's store for a command, without devices and without a person.

use std::path::PathBuf;

use anyhow::Context;
use motcua_desk::{Desk, DeskConfig, DeskError};
use motcua_drivers::DeskDevices;
use motcua_ledger::keys::KeyPolicy;
use serde_json::json;

use crate::output::Outcome;

/// Which store, and what to do where there is none.
#[derive(clap::Args)]
pub(crate) struct StoreArgs {
    /// Thư mục dữ liệu của quầy
    #[arg(long)]
    dir: PathBuf,
    /// Chưa có văn phòng thì mở văn phòng tập huấn
    #[arg(long)]
    practice: bool,
    /// Khóa kho để trong tệp niêm phong bên cạnh, không dùng kho khóa của hệ điều hành
    #[arg(long)]
    key_in_file: bool,
}

impl StoreArgs {
    /// A store that must be there.
    pub(crate) fn existing(dir: PathBuf, key_in_file: bool) -> Self {
        Self {
            dir,
            practice: false,
            key_in_file,
        }
    }
}

/// Runs an async piece of work on a desk that is opened for it and closed after it.
pub(crate) fn with_desk(
    args: &StoreArgs,
    work: impl AsyncFnOnce(Desk) -> anyhow::Result<Outcome>,
) -> anyhow::Result<Outcome> {
    let runtime = tokio::runtime::Runtime::new().context("tokio")?;
    runtime.block_on(async {
        let config = DeskConfig {
            dir: args.dir.clone(),
            devices: DeskDevices::default(),
            bench: None,
            keys: KeyPolicy {
                prefer_keyring: !args.key_in_file,
            },
            machine: "motcua (dòng lệnh)".to_owned(),
            machine_id: None,
            app: env!("CARGO_PKG_VERSION").to_owned(),
        };
        let desk = Desk::open(config, |_| {}).await.context("mở kho")?;
        if args.practice && desk.entry().await?.office.is_none() {
            desk.start_practice()
                .await
                .context("mở văn phòng tập huấn")?;
        }
        let outcome = match desk.sign_in_script() {
            Ok(()) => work(desk.clone()).await,
            Err(error) => refused(error),
        };
        desk.close().await;
        outcome
    })
}

/// A refusal of the desk is an answer; a failure of the machine is not.
pub(crate) fn refused(error: DeskError) -> anyhow::Result<Outcome> {
    match error {
        DeskError::Refused(refusal) => {
            let message = refusal.to_string();
            let mut value = serde_json::to_value(&refusal)?;
            let code = value["code"].as_str().unwrap_or("refused").to_owned();
            value["legal_basis"] = json!(refusal.legal_basis());
            Ok(Outcome::refused(&code, &message, value))
        }
        DeskError::Card(error) => Ok(Outcome::refused(
            error.code(),
            &error.to_string(),
            json!({}),
        )),
        DeskError::InvalidInput { problems } => Ok(Outcome::refused(
            "invalid_input",
            "the input cannot be taken",
            json!({ "problems": problems }),
        )),
        other => Err(other.into()),
    }
}
