//! `/notices`: the notices (公示) that stand today, for everyone. No number, no full name.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use registry::NoticeLine;

use super::{found, registry, village_words, word};
use crate::Shared;
use crate::error::WebError;
use crate::layout;
use crate::page::Page;

/// The most notices of the page.
const NOTICES: i64 = 500;

struct NoticeView {
    place: String,
    kind: String,
    head: String,
    members: i64,
    number: u8,
    until: String,
}

#[derive(Template)]
#[template(path = "registry/notices.html")]
struct NoticesPage {
    page: Page,
    notices: Vec<NoticeView>,
}

/// Not kept: a notice ends with its day.
pub(super) async fn show(State(site): State<Shared>, page: Page) -> Result<Response, WebError> {
    let notices = found(registry(&site)?.notices(site.clock.today(), NOTICES).await)?;
    let view = |one: &NoticeLine| NoticeView {
        place: village_words(&site, one.place, &page),
        kind: word(&page, "case_kind", one.kind),
        head: one.head.clone(),
        members: one.members,
        number: one.number,
        until: one.until.to_string(),
    };
    let notices = notices.iter().map(view).collect();
    layout::html(&NoticesPage { page, notices })
}
