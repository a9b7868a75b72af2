//! A new entry, typed by hand: the day, what it is for, and two or more legs.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use books::{Act, Leg, NewEntry};
use kernel::Refusal;
use people::staff::Action;

use super::leg_rows::{self, LegRow};
use super::{either, made_href, needed_day, take};
use crate::Shared;
use crate::error::WebError;
use crate::form::{Field, Fields, FormState};
use crate::layout::{self, Crumb};
use crate::page::Page;
use crate::signed::Signed;
use crate::site::Site;

/// So many accounts are offered while one is typed.
const OFFERED: i64 = 300;

struct Offer {
    code: String,
    name: String,
}

#[derive(Template)]
#[template(path = "books/new.html")]
struct NewPage {
    page: Page,
    crumbs: Vec<Crumb>,
    form: FormState,
    rows: Vec<LegRow>,
    offers: Vec<Offer>,
    key: String,
}

impl NewPage {
    /// Whether anything is wrong with the form or a row.
    fn is_refused(&self) -> bool {
        !self.form.is_good() || self.rows.iter().any(|row| row.error.is_some())
    }
}

pub(super) async fn new(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    signed.require(Action::KeepBooks, None)?;
    let today = site.clock.today().to_string();
    let typed = Fields::of(&[("effective_on", &today)]);
    let form = FormState::new(fields(&signed.page), &typed);
    answer(
        &site,
        &signed,
        &new_key(&site),
        form,
        leg_rows::rows(&typed, false),
    )
    .await
}

/// What makes this form one entry, however often it is sent.
fn new_key(site: &Site) -> String {
    format!("web:{}", site.ids.next())
}

/// Posts an entry, or gives the form more rows.
pub(super) async fn create(
    State(site): State<Shared>,
    signed: Signed,
    body: Bytes,
) -> Result<Response, WebError> {
    signed.require(Action::KeepBooks, None)?;
    let (typed, lang) = (Fields::parse(&body), signed.page.lang);
    let more = !typed.get("more").is_empty();
    let mut form = FormState::new(fields(&signed.page), &typed);
    let mut rows = leg_rows::rows(&typed, more);
    let mut key = typed.get("key").to_owned();
    if more {
        return answer(&site, &signed, &key, form, rows).await;
    }
    let legs = leg_rows::legs(&mut rows, lang);
    match entry(&typed, legs.unwrap_or_default()) {
        Err(refusal) => form.refuse(&refusal, lang),
        Ok(new) if rows.iter().all(|row| row.error.is_none()) => {
            match take(&site, &signed, Act::Post(new)).await? {
                Ok(done) => return Ok(layout::see_other(made_href(&signed.page, done.into_inner()))),
                Err(refusal) => {
                    if refusal.code == "books.key_reused" {
                        // Something else was posted by this form before; what stands in it now is a new entry.
                        key = new_key(&site);
                    }
                    if !leg_rows::refuse(&mut rows, &refusal, lang) {
                        form.refuse(&refusal, lang);
                    }
                }
            }
        }
        Ok(_) => {}
    }
    layout::refused(answer(&site, &signed, &key, form, rows).await)
}

fn entry(typed: &Fields, legs: Vec<Leg>) -> Result<NewEntry, Refusal> {
    Ok(NewEntry {
        key: typed.get("key").to_owned(),
        effective_on: needed_day(typed.get("effective_on"), "effective_on")?,
        memo: typed.get("memo").trim().to_owned(),
        evidence: Vec::new(),
        legs,
    })
}

fn fields(page: &Page) -> Vec<Field> {
    vec![
        Field {
            name: "effective_on",
            kind: "date",
            label: page.w.get("books.effective_on").to_owned(),
            ..Field::default()
        },
        Field {
            name: "memo",
            kind: "text",
            label: page.w.get("books.memo").to_owned(),
            hint: page.w.get("books.memo_hint").to_owned(),
            autocomplete: "off",
            ..Field::default()
        },
    ]
}

async fn answer(
    site: &Site,
    signed: &Signed,
    key: &str,
    form: FormState,
    rows: Vec<LegRow>,
) -> Result<Response, WebError> {
    let page = signed.page.clone();
    let accounts = books::accounts_page(&mut site.store.read().await?, None, OFFERED).await?;
    let open = accounts.into_iter().filter(|account| account.closed_at.is_none());
    layout::html(&NewPage {
        crumbs: vec![
            Crumb::new(page.href("/staff/books"), page.w.get("nav.books")),
            Crumb::new(page.href("/staff/books/entries"), page.w.get("books.entries")),
            Crumb::new(
                page.href("/staff/books/entries/new"),
                page.w.get("books.new_entry"),
            ),
        ],
        offers: open
            .map(|account| Offer {
                name: either(page.lang, &account.name_zh, &account.name_en),
                code: account.code.to_string(),
            })
            .collect(),
        key: key.to_owned(),
        form,
        rows,
        page,
    })
}
