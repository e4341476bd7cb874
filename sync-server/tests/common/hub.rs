//! A hub on a free port, over a real store.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use motcua_core::ids::ScopeId;
use motcua_core::op::SealedOp;
use motcua_core::state::Decision;
use motcua_ledger::exchange::EnrolTicket;
use motcua_ledger::hub::HubStore;
use motcua_ledger::{KeyPolicy, OpenHub, SqliteHub};
use motcua_sync_server::{Hub, HubConfig, HubHandle, Province};
use tempfile::TempDir;

use super::words::ORG;

pub const LOOPBACK: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

pub struct TestHub {
    pub handle: HubHandle,
    pub store: Arc<SqliteHub>,
    dir: Dir,
}

/// A folder of its own, or one that is there.
enum Dir {
    Own(TempDir),
    Given(PathBuf),
}

impl Dir {
    fn path(&self) -> &Path {
        match self {
            Self::Own(dir) => dir.path(),
            Self::Given(path) => path,
        }
    }
}

pub fn config(dir: &Path, listen: SocketAddr, province: Option<Province>) -> HubConfig {
    HubConfig {
        dir: dir.to_owned(),
        scope: ScopeId(ORG.to_owned()),
        keys: KeyPolicy {
            prefer_keyring: false,
        },
        listen,
        plain_loopback: Some(LOOPBACK),
        name: "Máy chủ Bản Mây".to_owned(),
        machine: "machine-hub".to_owned(),
        hall_dir: None,
        province,
    }
}

impl TestHub {
    pub async fn start() -> Self {
        Self::with_province(None).await
    }

    pub async fn with_province(province: Option<Province>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self::open(Dir::Own(dir), LOOPBACK, province).await
    }

    /// The hub of a folder that is there, at an address.
    pub async fn at(dir: &Path, listen: SocketAddr) -> Self {
        Self::open(Dir::Given(dir.to_owned()), listen, None).await
    }

    async fn open(dir: Dir, listen: SocketAddr, province: Option<Province>) -> Self {
        let config = config(dir.path(), listen, province);
        let open = OpenHub {
            dir: config.dir.clone(),
            keys: config.keys,
            scope: config.scope.clone(),
            name: config.name.clone(),
        };
        let opened = tokio::task::spawn_blocking(move || SqliteHub::open(open))
            .await
            .unwrap()
            .unwrap();
        let store = Arc::new(opened.store);
        let home = Some(opened.key_home);
        let handle = Hub::start_over(Arc::clone(&store) as Arc<dyn HubStore>, home, config)
            .await
            .unwrap();
        Self { handle, store, dir }
    }

    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    pub fn url(&self) -> String {
        format!("https://{}", self.handle.addr())
    }

    pub fn plain_url(&self) -> String {
        format!("http://{}", self.handle.plain_addr().unwrap())
    }

    pub fn ticket(&self) -> EnrolTicket {
        self.handle.enrol_code().unwrap()
    }

    /// The whole log.
    pub fn log(&self) -> Vec<(SealedOp, Decision)> {
        log(&*self.store)
    }

    /// Stops it and starts it again at the same address.
    pub async fn restart(self) -> Self {
        self.restart_with(None).await
    }

    pub async fn restart_with(self, province: Option<Province>) -> Self {
        let Self { handle, store, dir } = self;
        let addr = handle.addr();
        handle.shutdown().await;
        drop(store);
        Self::open(dir, addr, province).await
    }
}

/// The whole log of a store, in order, without a hole.
pub fn log(store: &dyn HubStore) -> Vec<(SealedOp, Decision)> {
    let mut log = Vec::new();
    loop {
        let page = store.page(log.len() as u64, 1_000, usize::MAX).unwrap();
        if page.lines.is_empty() {
            assert_eq!(page.head, log.len() as u64);
            return log;
        }
        for line in page.lines {
            assert_eq!(line.seq, log.len() as u64 + 1, "a hole in the log");
            log.push((line.op, line.decision));
        }
    }
}
