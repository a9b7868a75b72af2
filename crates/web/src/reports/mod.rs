//! `/reports`: the published reports as pages, their files, and how to check them.

pub(crate) mod files;
pub(crate) mod show;

use crate::routes::{Rooms, Who};

pub(crate) use files::show as file;

pub(crate) fn routes() -> Rooms {
    Rooms::new()
        .get("/reports", Who::Everyone, show::index)
        .get("/reports/{period}", Who::Everyone, show::show)
        .get("/reports/{period}/check", Who::Everyone, show::check)
        .get("/reports/{period}/files/{name}", Who::Everyone, files::show)
        .get(
            "/reports/{period}/versions/{number}",
            Who::Everyone,
            show::version,
        )
        .get(
            "/reports/{period}/versions/{number}/files/{name}",
            Who::Everyone,
            files::of_version,
        )
}
