//! `POST /preferences`: the theme, kept in a cookie; then back to where one was.

use axum::body::Bytes;
use axum::http::StatusCode;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::response::IntoResponse;

use crate::back;
use crate::form::Fields;
use crate::page::Page;
use crate::routes::{Rooms, Who};
use crate::theme::Theme;

pub(crate) fn routes() -> Rooms {
    Rooms::new().post("/preferences", Who::Everyone, create)
}

async fn create(page: Page, body: Bytes) -> impl IntoResponse {
    let fields = Fields::parse(&body);
    let theme = Theme::parse(fields.get("theme")).unwrap_or_default();
    let back = back::local(fields.get("back")).map_or_else(|| page.href("/"), str::to_owned);
    (
        StatusCode::SEE_OTHER,
        [(SET_COOKIE, theme.cookie()), (LOCATION, back)],
    )
}
