//! The periods that were opened, and the form that opens one.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::{Done, Period, Refusal};
use people::staff::Action;
use report::periods::{self, PeriodReport};

use super::{path_of, state_words};
use crate::Shared;
use crate::desk;
use crate::error::WebError;
use crate::form::{Field, Fields, FormState};
use crate::layout;
use crate::page::Page;
use crate::signed::Signed;
use crate::site::Site;
use crate::sorting::{Column, Head, Sorting};

const PERIOD: Column = Column::falling("period");
const CHANGED: Column = Column::falling("changed");

struct Entry {
    href: String,
    title: String,
    version: i64,
    state: String,
    tone: &'static str,
    changed: String,
}

#[derive(Template)]
#[template(path = "periods/index.html")]
struct IndexPage {
    page: Page,
    heads: Vec<Head>,
    entries: Vec<Entry>,
    may_open: bool,
    form: FormState,
}

pub(super) async fn index(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    signed.require(Action::ViewPreparing, None)?;
    let opened = periods::list(&site.store).await?;
    let last = opened
        .iter()
        .map(|report| report.period)
        .max_by_key(|period| period.first_day());
    let next = last.map_or(site.programme.head.period, Period::next);
    let typed = Fields::of(&[("period", &next.to_string())]);
    let form = FormState::new(fields(&signed.page), &typed);
    layout::html(&view(&site, &signed, form).await?)
}

fn fields(page: &Page) -> Vec<Field> {
    vec![Field {
        name: "period",
        kind: "text",
        label: page.w.get("periods.period").to_owned(),
        hint: page.w.get("periods.period_hint").to_owned(),
        ..Field::default()
    }]
}

async fn view(site: &Site, signed: &Signed, form: FormState) -> Result<IndexPage, WebError> {
    let page = signed.page.clone();
    let entry = |report: &PeriodReport| {
        let (key, tone) = state_words(&report.state);
        Entry {
            href: page.href(&path_of(report.period)),
            title: report.period.title(page.lang),
            version: report.version,
            state: page.w.get(key).to_owned(),
            tone,
            changed: desk::instant(report.changed_at),
        }
    };
    let sorting = Sorting::asked(&page, PERIOD, &[CHANGED]);
    let mut listed = periods::list(&site.store).await?;
    listed.sort_by(|a, b| {
        sorting.turn(match sorting.column {
            CHANGED => a.changed_at.cmp(&b.changed_at),
            _ => a.period.first_day().cmp(&b.period.first_day()),
        })
    });
    Ok(IndexPage {
        heads: vec![
            sorting.head(&page, PERIOD, page.w.get("periods.period"), ""),
            Head::plain(page.w.get("periods.state"), ""),
            Head::plain(page.w.get("periods.number"), "n"),
            sorting.head(&page, CHANGED, page.w.get("periods.changed"), ""),
        ],
        entries: listed.iter().map(entry).collect(),
        may_open: signed.viewer.may(Action::OpenPeriod, None),
        form,
        page,
    })
}

/// Opens a period.
pub(super) async fn open(
    State(site): State<Shared>,
    signed: Signed,
    body: Bytes,
) -> Result<Response, WebError> {
    let actor = signed.require(Action::OpenPeriod, None)?;
    let typed = Fields::parse(&body);
    let period: Period = match typed.get("period").trim().parse() {
        Ok(period) => period,
        Err(refusal) => {
            let refusal: Refusal = refusal;
            let mut form = FormState::new(fields(&signed.page), &typed);
            form.refuse(&refusal.at("period"), signed.page.lang);
            let mut response = layout::html(&view(&site, &signed, form).await?)?;
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(response);
        }
    };
    let opened: Result<Done<()>, Refusal> = site
        .store
        .write(actor, move |ctx| {
            Box::pin(async move { periods::open_period(ctx, period).await })
        })
        .await;
    let _now_or_already = opened?;
    Ok(layout::see_other(signed.page.href(&path_of(period))))
}
