//! One hold: what is reserved, and the forms that post it or give it up.
//!
//! A hold of a payment or of a milestone ends with it, so it has no forms here.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use books::{Act, HoldNo, HoldState, KeptHold, PostHold};
use kernel::{Done, Refusal};
use people::staff::Action;
use store::Reader;

use super::entry::{Related, owner_of};
use super::holds::state_words;
use super::{LegView, entry_href, leg_views, made_href, needed_day, take};
use crate::Shared;
use crate::desk::{Names, instant};
use crate::error::WebError;
use crate::form::{Field, Fields, FormState};
use crate::layout::{self, Crumb};
use crate::page::Page;
use crate::signed::Signed;
use crate::site::Site;

#[derive(Template)]
#[template(path = "books/hold.html")]
struct HoldPage {
    page: Page,
    crumbs: Vec<Crumb>,
    title: String,
    state: String,
    tone: &'static str,
    memo: String,
    legs: Vec<LegView>,
    related: Vec<Related>,
    facts: Vec<(String, String, bool)>,
    /// The form that posts it, where that may be done here.
    form: Option<FormState>,
    /// Whether a payment or a milestone decides what becomes of it.
    of_other: bool,
    base: String,
}

pub(super) async fn show(
    State(site): State<Shared>,
    Path(no): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    signed.require(Action::ViewBooks, None)?;
    let today = site.clock.today().to_string();
    let hold = find(&site, &no).await?;
    answer(
        &site,
        &signed,
        &hold,
        &Fields::of(&[("effective_on", &today)]),
        None,
    )
    .await
}

async fn find(site: &Site, no: &str) -> Result<KeptHold, WebError> {
    let no: HoldNo = no.parse().map_err(|_| WebError::missing())?;
    Ok(books::hold_by_no(&mut site.store.read().await?, no).await?)
}

/// Posts a hold in whole. It is posted once, so the key of the entry is made from the number.
pub(super) async fn post(
    State(site): State<Shared>,
    Path(no): Path<String>,
    signed: Signed,
    body: Bytes,
) -> Result<Response, WebError> {
    let (hold, typed) = (find(&site, &no).await?, Fields::parse(&body));
    let taken = match needed_day(typed.get("effective_on"), "effective_on") {
        Ok(effective_on) => {
            let wanted = PostHold {
                hold: hold.key.clone(),
                key: format!("hold:{}", hold.no),
                effective_on,
                memo: hold.memo.clone(),
                legs: None,
            };
            take(&site, &signed, Act::PostHold(wanted)).await?
        }
        Err(refusal) => Err(refusal),
    };
    match taken {
        Ok(done) => Ok(layout::see_other(made_href(&signed.page, done.into_inner()))),
        Err(refusal) => layout::refused(answer(&site, &signed, &hold, &typed, Some(refusal)).await),
    }
}

/// Gives a hold up.
pub(super) async fn release(
    State(site): State<Shared>,
    Path(no): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    let hold = find(&site, &no).await?;
    let taken = take(&site, &signed, Act::VoidHold(hold.key)).await?;
    let made = taken.map(Done::into_inner)?;
    Ok(layout::see_other(made_href(&signed.page, made)))
}

async fn answer(
    site: &Site,
    signed: &Signed,
    hold: &KeptHold,
    typed: &Fields,
    refusal: Option<Refusal>,
) -> Result<Response, WebError> {
    let (page, names) = (signed.page.clone(), Names::of(site).await?);
    let (state, tone) = state_words(hold.state, &page);
    let of_other = is_of_other(&hold.key);
    let mut reader = site.store.read().await?;
    let legs = leg_views(&mut reader, &hold.legs, &page).await?;
    let related = related(&mut reader, hold, signed).await?;
    drop(reader);
    let is_open = hold.state == HoldState::Held && signed.viewer.may(Action::KeepBooks, None);
    let mut form = FormState::new(fields(&page), typed);
    if let Some(refusal) = &refusal {
        form.refuse(refusal, page.lang);
    }
    let title = page.w.fill("books.hold_of", &[("no", &hold.no.to_string())]);
    let base = page.href(&format!("/staff/books/holds/{}", hold.no));
    layout::html(&HoldPage {
        crumbs: vec![
            Crumb::new(page.href("/staff/books"), page.w.get("nav.books")),
            Crumb::new(page.href("/staff/books/holds"), page.w.get("books.holds")),
            Crumb::new(base.clone(), title.clone()),
        ],
        title,
        state,
        tone,
        memo: hold.memo.clone(),
        legs,
        related,
        facts: facts(hold, &names, &page),
        form: (is_open && !of_other).then_some(form),
        of_other: is_open && of_other,
        base,
        page,
    })
}

/// Whether a hold belongs to a payment or to a milestone of the fund.
fn is_of_other(key: &str) -> bool {
    key.starts_with("fund:") || finance::payments::line_of_key(key).is_some()
}

fn fields(page: &Page) -> Vec<Field> {
    vec![Field {
        name: "effective_on",
        kind: "date",
        label: page.w.get("books.effective_on").to_owned(),
        ..Field::default()
    }]
}

async fn related(reader: &mut Reader, hold: &KeptHold, signed: &Signed) -> Result<Vec<Related>, Refusal> {
    let page = &signed.page;
    let posted = hold.entry.map(|no| Related {
        what: page.w.get("books.posted_by").to_owned(),
        href: entry_href(page, no),
        name: page.w.fill("books.entry_of", &[("no", &no.to_string())]),
    });
    let owner = owner_of(reader, &hold.key, signed).await?;
    Ok(posted.into_iter().chain(owner).collect())
}

fn facts(hold: &KeptHold, names: &Names, page: &Page) -> Vec<(String, String, bool)> {
    let one = |key: &str, value: String, is_hash| (page.w.get(key).to_owned(), value, is_hash);
    let mut facts = vec![
        one("books.held_at", instant(hold.held_at), false),
        one("books.held_by", names.get(&hold.held_by), false),
    ];
    if let Some(at) = hold.expires_at {
        facts.push(one("books.expires_at", instant(at), false));
    }
    facts.push(one("books.key", hold.key.clone(), true));
    facts
}
