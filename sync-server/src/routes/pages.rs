//! `GET /hall/`: the built page of the hall display, from a folder.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request};
use axum::http::uri::PathAndQuery;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use tower::ServiceExt as _;
use tower_http::services::{ServeDir, ServeFile};

use crate::app::App;
use crate::error::ApiError;

/// The display's page within the built user interface.
const HALL_PAGE: &str = "hall.html";

/// Adds the pages, if they are installed.
pub(super) fn with_hall(router: Router<Arc<App>>, dir: Option<PathBuf>) -> Router<Arc<App>> {
    let Some(dir) = dir else { return router };
    let page = ServeFile::new(dir.join(HALL_PAGE));
    let files = ServeDir::new(dir).append_index_html_on_directories(false);
    router
        .route("/hall", get(async || Redirect::permanent("/hall/")))
        .route_service("/hall/", page)
        .route(
            "/hall/{*path}",
            get(async |Path(path), request| file(files, path, request).await),
        )
}

/// A file of the folder; its path is taken without `/hall`.
async fn file(files: ServeDir, path: String, mut request: Request) -> Response {
    let Ok(path) = PathAndQuery::try_from(format!("/{path}")) else {
        return ApiError::NotFound.into_response();
    };
    *request.uri_mut() = path.into();
    match files.oneshot(request).await {
        Ok(answer) => answer.map(Body::new),
        Err(never) => match never {},
    }
}
