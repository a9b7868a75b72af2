//! `/notices`: the notices (公示) that stand today, for everyone; and those of one village as a sheet to be pinned on a wall. No
//! number, no full name.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use kernel::{PlaceCode, PlaceLevel};
use registry::NoticeLine;

use super::{found, registry, village_words, word};
use crate::Shared;
use crate::error::WebError;
use crate::layout::{self, Crumb};
use crate::page::Page;

/// The most notices of the page.
const NOTICES: i64 = 500;

struct NoticeView {
    place: String,
    sheet: String,
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

/// One notice on a sheet: households of one kind, put up on one day.
struct PartView {
    title: String,
    said: String,
    days: String,
    households: Vec<(String, i64)>,
    count: usize,
}

#[derive(Template)]
#[template(path = "registry/sheet.html")]
struct SheetPage {
    page: Page,
    crumbs: Vec<Crumb>,
    village: String,
    parts: Vec<PartView>,
}

pub(super) fn sheet_path(village: PlaceCode) -> String {
    format!("/notices/{village}")
}

/// Not kept: a notice ends with its day.
pub(super) async fn show(State(site): State<Shared>, page: Page) -> Result<Response, WebError> {
    let notices = found(registry(&site)?.notices(site.clock.today(), None, NOTICES).await)?;
    let view = |one: &NoticeLine| NoticeView {
        place: village_words(&site, one.place, &page),
        sheet: page.href(&sheet_path(one.place)),
        kind: word(&page, "case_kind", one.kind),
        head: one.head.clone(),
        members: one.members,
        number: one.number,
        until: one.until.to_string(),
    };
    let notices = notices.iter().map(view).collect();
    layout::html(&NoticesPage { page, notices })
}

/// The notices of a village, a part each for what was put up together.
pub(super) async fn sheet(
    State(site): State<Shared>,
    Path(village): Path<String>,
    page: Page,
) -> Result<Response, WebError> {
    let village: PlaceCode = village.parse().map_err(|_| WebError::missing())?;
    if village.level() != PlaceLevel::Village {
        return Err(WebError::missing());
    }
    let notices = found(
        registry(&site)?
            .notices(site.clock.today(), Some(village), NOTICES)
            .await,
    )?;
    let mut parts: BTreeMap<_, Vec<&NoticeLine>> = BTreeMap::new();
    for one in &notices {
        let part = (one.kind.as_str(), one.number, one.since, one.until);
        parts.entry(part).or_default().push(one);
    }
    let title = page.w.get("registry.sheet").to_owned();
    layout::html(&SheetPage {
        crumbs: vec![
            Crumb::new(page.href("/notices"), page.w.get("registry.notices")),
            Crumb::new(page.here(), title),
        ],
        village: village_words(&site, village, &page),
        parts: parts.values().filter_map(|lines| part(lines, &page)).collect(),
        page,
    })
}

fn part(lines: &[&NoticeLine], page: &Page) -> Option<PartView> {
    let first = lines.first()?;
    let (since, until, number) = (
        first.since.to_string(),
        first.until.to_string(),
        first.number.to_string(),
    );
    let kind = word(page, "case_kind", first.kind);
    Some(PartView {
        title: page
            .w
            .fill("registry.sheet_part", &[("kind", &kind), ("number", &number)]),
        said: word(page, "sheet_says", first.kind),
        days: page
            .w
            .fill("registry.sheet_days", &[("since", &since), ("until", &until)]),
        households: lines.iter().map(|one| (one.head.clone(), one.members)).collect(),
        count: lines.len(),
    })
}
