//! Work in the field in a period: visits, without who went, and the timeline of what happened.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use fund::{EventLine, VisitLine};
use kernel::{Lang, Period, Refusal};
use people::staff::Action;

use super::record::{self, Way};
use super::{pillar_words, place_words, tabs};
use crate::Shared;
use crate::error::WebError;
use crate::layout::{self, Tab};
use crate::page::Page;
use crate::paging::page_after;
use crate::signed::Signed;
use crate::site::Site;

/// Visits on one page, the latest first.
const VISITS: usize = 25;

struct VisitView {
    day: String,
    place: String,
    findings: String,
    photos: String,
}

/// An event as `_components/_timeline.html` prints it.
struct Milestone {
    date: String,
    text: String,
    place: String,
}

#[derive(Template)]
#[template(path = "fund/field.html")]
struct FieldPage {
    page: Page,
    tabs: Vec<Tab>,
    ways: Vec<Way>,
    period: String,
    fault: String,
    count: String,
    visits: Vec<VisitView>,
    first_href: String,
    next_href: String,
    milestones: Vec<Milestone>,
}

pub(super) async fn show(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    signed.require(Action::ViewFund, None)?;
    let page = signed.page.clone();
    let asked: Result<Period, Refusal> = match page.param("period").as_str() {
        "" => Ok(site.programme.head.period),
        text => text.parse(),
    };
    let fault = asked.as_ref().err().map(|refusal| refusal.message(page.lang));
    let period = asked.unwrap_or(site.programme.head.period);
    let seen = signed.viewer.places(Action::ViewFund);
    let mut reader = site.store.read().await?;
    let visits = fund::visits_seen(&mut reader, period, &seen).await?;
    let events = fund::events(&mut reader, period.first_day(), period.last_day()).await?;
    drop(reader);
    let is_refused = fault.is_some();
    let count = report::numbers::grouped(i64::try_from(visits.len()).unwrap_or(i64::MAX));
    let latest = visits.into_iter().rev().collect();
    let paged = page_after(latest, &page.param("after"), VISITS, |visit| visit.key.clone());
    let mut response = layout::html(&FieldPage {
        tabs: tabs(&signed, "/staff/fund/field"),
        ways: record::ways(&signed, "/staff/fund/field"),
        period: period.to_string(),
        fault: fault.unwrap_or_default(),
        count: page.w.fill(
            "fund.visits_of",
            &[("n", &count), ("period", &period.title(page.lang))],
        ),
        visits: paged.rows.iter().map(|visit| view(&site, visit, &page)).collect(),
        first_href: if paged.is_first {
            String::new()
        } else {
            page.here_with("after", "")
        },
        next_href: paged
            .next
            .map_or_else(String::new, |after| page.here_with("after", &after)),
        milestones: events.iter().map(|event| happened(&site, event, &page)).collect(),
        page,
    })?;
    if is_refused {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

fn view(site: &Site, visit: &VisitLine, page: &Page) -> VisitView {
    VisitView {
        day: visit.visited_on.to_string(),
        place: place_words(site, visit.place, page),
        findings: visit.findings.clone(),
        photos: visit.photos.to_string(),
    }
}

fn happened(site: &Site, event: &EventLine, page: &Page) -> Milestone {
    let pillar = match event.pillar.as_str() {
        "fund" => page.w.get("nav.fund").to_owned(),
        pillar => pillar_words(site, pillar, page),
    };
    let place = match page.lang {
        Lang::Zh => event.place.as_str(),
        Lang::En => "",
    };
    Milestone {
        date: event.happened_on.to_string(),
        text: event.title.get(page.lang).to_owned(),
        // The place is told in Chinese only.
        place: [place, pillar.as_str()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" · "),
    }
}
