//! `/reports`: the published reports as pages, their files, and how to check them.

mod files;
mod show;

use axum::Router;
use axum::routing::get;

use crate::Shared;

pub(crate) use files::show as file;

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/reports", get(show::index))
        .route("/reports/{period}", get(show::show))
        .route("/reports/{period}/check", get(show::check))
        .route("/reports/{period}/files/{name}", get(files::show))
}
