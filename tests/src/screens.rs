//! The screens over their in-browser stand-in, for trying the steps of a clerk without the rest of
//! the house: same pages, same engine, invented answers.

use crate::process::Program;
use crate::workspace;
use anyhow::{Context, Result};
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Media types of what a build of the screens holds.
const MEDIA_TYPES: [(&str, &str); 6] = [
    ("html", "text/html; charset=utf-8"),
    ("js", "text/javascript"),
    ("css", "text/css"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("woff2", "font/woff2"),
];

/// A server of the screens on loopback; dropping it ends it.
#[derive(Debug)]
pub struct Screens {
    url: String,
    task: JoinHandle<()>,
}

impl Screens {
    /// Builds the screens over their stand-in and serves them.
    ///
    /// # Errors
    /// When they do not build.
    pub async fn with_stand_in() -> Result<Self> {
        let folder = workspace::target().join("screens-stand-in");
        let build = [
            "run",
            "--silent",
            "build",
            "--",
            "--mode",
            "fake",
            "--emptyOutDir",
            "--outDir",
        ];
        let npm = Program::at("npm")
            .args(["--prefix", "ui"])
            .args(build)
            .arg(&folder);
        npm.in_folder(workspace::root())
            .output()
            .await
            .context("building the screens")?;
        Self::serve(folder).await
    }

    async fn serve(folder: PathBuf) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .context("a free port")?;
        let url = format!("http://{}", listener.local_addr()?);
        let router = Router::new().fallback(file).with_state(Arc::new(folder));
        let task = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { url, task })
    }

    /// Where the screens are, without a trailing slash.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Screens {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn file(State(folder): State<Arc<PathBuf>>, uri: Uri) -> Response {
    let name = uri.path().trim_start_matches('/');
    let name = if name.is_empty() { "index.html" } else { name };
    let media_type = MEDIA_TYPES
        .iter()
        .find(|(ending, _)| Path::new(name).extension().is_some_and(|it| it == *ending));
    match (media_type, tokio::fs::read(folder.join(name)).await) {
        (Some((_, media_type)), Ok(bytes)) if !name.contains("..") => {
            ([(header::CONTENT_TYPE, *media_type)], bytes).into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}
