//! The list of providers.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::path_of;
use crate::Shared;
use crate::error::WebError;
use crate::layout;
use crate::page::Page;
use crate::signed::Signed;

struct Row {
    href: String,
    title: String,
    issuer: String,
    linked: i64,
    invited: i64,
}

#[derive(Template)]
#[template(path = "organisations/index.html")]
struct IndexPage {
    page: Page,
    rows: Vec<Row>,
}

pub(super) async fn show(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    let page = signed.page;
    let rows = site.oidc.providers().await?.into_iter().map(|provider| Row {
        href: path_of(&page, &provider.name),
        title: provider.title,
        issuer: provider.issuer,
        linked: provider.linked,
        invited: provider.invited,
    });
    let rows = rows.collect();
    layout::html(&IndexPage { page, rows })
}
