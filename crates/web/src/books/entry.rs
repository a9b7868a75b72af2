//! One entry: its legs, what it is for, the fact that tells of it, and the form that takes it back.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use books::{Act, EntryNo, PostedEntry, Reversal};
use kernel::{Fault, Refusal};
use people::staff::Action;
use store::{Evidence, Reader, RecordedFact};

use super::{LegView, entry_href, leg_views, made_href, needed_day, reason, take};
use crate::Shared;
use crate::desk::{Names, instant};
use crate::error::WebError;
use crate::form::{Field, Fields, FormState};
use crate::fund::project_path;
use crate::layout::{self, Crumb};
use crate::page::Page;
use crate::payments::line_path;
use crate::signed::Signed;
use crate::site::Site;

/// Something that belongs to an entry and has a page: what it is, where, and its name.
pub(super) struct Related {
    pub what: String,
    pub href: String,
    pub name: String,
}

#[derive(Template)]
#[template(path = "books/entry.html")]
struct EntryPage {
    page: Page,
    crumbs: Vec<Crumb>,
    title: String,
    memo: String,
    legs: Vec<LegView>,
    related: Vec<Related>,
    facts: Vec<(String, String, bool)>,
    /// The form that takes it back, where that may be done here and was not done yet.
    form: Option<FormState>,
    action: String,
}

pub(super) async fn show(
    State(site): State<Shared>,
    Path(no): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    signed.require(Action::ViewBooks, None)?;
    let today = site.clock.today().to_string();
    answer(
        &site,
        &signed,
        entry_no(&no)?,
        &Fields::of(&[("effective_on", &today)]),
        None,
    )
    .await
}

fn entry_no(text: &str) -> Result<EntryNo, WebError> {
    text.parse().map_err(|_| WebError::missing())
}

/// Takes an entry back. There is one reversal of an entry, so its key is made from the number: sent twice, it is one.
pub(super) async fn reverse(
    State(site): State<Shared>,
    Path(no): Path<String>,
    signed: Signed,
    body: Bytes,
) -> Result<Response, WebError> {
    let (no, typed) = (entry_no(&no)?, Fields::parse(&body));
    let taken = match reversal(no, &typed) {
        Ok(reversal) => take(&site, &signed, Act::Reverse(reversal)).await?,
        Err(refusal) => Err(refusal),
    };
    match taken {
        Ok(done) => Ok(layout::see_other(made_href(&signed.page, done.into_inner()))),
        Err(refusal) if refusal.fault == Fault::Missing => Err(refusal.into()),
        Err(refusal) => layout::refused(answer(&site, &signed, no, &typed, Some(refusal)).await),
    }
}

fn reversal(no: EntryNo, typed: &Fields) -> Result<Reversal, Refusal> {
    Ok(Reversal {
        entry: no,
        key: format!("reversal:{no}"),
        effective_on: needed_day(typed.get("effective_on"), "effective_on")?,
        memo: reason(typed.get("reason"))?,
    })
}

async fn answer(
    site: &Site,
    signed: &Signed,
    no: EntryNo,
    typed: &Fields,
    refusal: Option<Refusal>,
) -> Result<Response, WebError> {
    let mut reader = site.store.read().await?;
    let entry = books::entry(&mut reader, no).await?;
    let reversal = books::reversal_of(&mut reader, no).await?;
    let fact = reader.fact(&entry.fact_id).await?;
    let legs = leg_views(&mut reader, &entry.legs, &signed.page).await?;
    let related = related(&mut reader, &entry, reversal, signed).await?;
    drop(reader);
    let (page, names) = (signed.page.clone(), Names::of(site).await?);
    let may_reverse =
        signed.viewer.may(Action::KeepBooks, None) && reversal.is_none() && entry.reverses.is_none();
    let mut form = FormState::new(fields(&page), typed);
    if let Some(refusal) = refusal {
        form.refuse(&at_field(refusal), page.lang);
    }
    let title = page.w.fill("books.entry_of", &[("no", &no.to_string())]);
    layout::html(&EntryPage {
        crumbs: vec![
            Crumb::new(page.href("/staff/books"), page.w.get("nav.books")),
            Crumb::new(page.href("/staff/books/entries"), page.w.get("books.entries")),
            Crumb::new(entry_href(&page, no), title.clone()),
        ],
        title,
        memo: entry.memo.clone(),
        legs,
        related,
        facts: facts(&entry, fact.as_ref(), &names, &page),
        form: may_reverse.then_some(form),
        action: format!("{}/reversal", entry_href(&page, no)),
        page,
    })
}

/// A refusal about the day of a reversal does not say so where it is one about another entry.
fn at_field(refusal: Refusal) -> Refusal {
    match refusal.code {
        "books.reversal_before_entry" => refusal.at("effective_on"),
        "books.bad_memo" => refusal.at("reason"),
        _ => refusal,
    }
}

fn fields(page: &Page) -> Vec<Field> {
    vec![
        Field {
            name: "effective_on",
            kind: "date",
            label: page.w.get("books.effective_on").to_owned(),
            hint: page.w.get("books.reversal_day_hint").to_owned(),
            ..Field::default()
        },
        Field {
            name: "reason",
            kind: "text",
            label: page.w.get("books.reason").to_owned(),
            hint: page.w.get("books.memo_hint").to_owned(),
            autocomplete: "off",
            ..Field::default()
        },
    ]
}

async fn related(
    reader: &mut Reader,
    entry: &PostedEntry,
    reversal: Option<EntryNo>,
    signed: &Signed,
) -> Result<Vec<Related>, Refusal> {
    let page = &signed.page;
    let to_entry = |key: &str, no: EntryNo| Related {
        what: page.w.get(key).to_owned(),
        href: entry_href(page, no),
        name: page.w.fill("books.entry_of", &[("no", &no.to_string())]),
    };
    let mut related: Vec<Related> = entry
        .reverses
        .map(|no| to_entry("books.reverses", no))
        .into_iter()
        .collect();
    related.extend(reversal.map(|no| to_entry("books.reversed_by", no)));
    related.extend(entry.hold.map(|no| Related {
        what: page.w.get("books.posts_hold").to_owned(),
        href: page.href(&format!("/staff/books/holds/{no}")),
        name: page.w.fill("books.hold_of", &[("no", &no.to_string())]),
    }));
    related.extend(owner_of(reader, &entry.key, signed).await?);
    Ok(related)
}

/// The payment or the project that a key of the books belongs to, for whoever sees it.
pub(super) async fn owner_of(
    reader: &mut Reader,
    key: &str,
    signed: &Signed,
) -> Result<Option<Related>, Refusal> {
    let page = &signed.page;
    let sees = |action| signed.viewer.may(action, None);
    let line = finance::payments::line_of_key(key).filter(|_| sees(Action::ViewPayments));
    // `fund:PROJECT:MILESTONE`; keys of pledges have another word in its place.
    let project = key.strip_prefix("fund:").and_then(|rest| rest.split(':').next());
    let project = project
        .filter(|_| sees(Action::ViewFund))
        .filter(|word| !["call", "receive"].contains(word));
    let (path, name) = match (line, project) {
        (Some(line), _) => (line_path(line), page.w.get("books.a_payment").to_owned()),
        (None, Some(project)) => {
            let titles = fund::project_titles(reader).await?;
            let title = titles.get(project).map(|title| title.get(page.lang));
            (project_path(project), title.unwrap_or(project).to_owned())
        }
        (None, None) => return Ok(None),
    };
    Ok(Some(Related {
        what: page.w.get("books.of").to_owned(),
        href: page.href(&path),
        name,
    }))
}

fn facts(
    entry: &PostedEntry,
    fact: Option<&RecordedFact>,
    names: &Names,
    page: &Page,
) -> Vec<(String, String, bool)> {
    let one = |key: &str, value: String, is_hash| (page.w.get(key).to_owned(), value, is_hash);
    let mut facts = vec![
        one("books.effective_on", entry.effective_on.to_string(), false),
        one("books.recorded_at", instant(entry.recorded_at), false),
        one("books.recorded_by", names.get(&entry.recorded_by), false),
    ];
    for evidence in &entry.evidence {
        facts.push(one("books.evidence", evidence_words(evidence), true));
    }
    facts.push(one("books.key", entry.key.clone(), true));
    if let Some(fact) = fact {
        let said = [("seq", fact.seq.to_string()), ("kind", fact.kind.clone())];
        let said = said.each_ref().map(|(name, value)| (*name, value.as_str()));
        facts.push(one("books.fact", page.w.fill("books.fact_of", &said), false));
        facts.push(one("books.fact_hash", fact.hash.clone(), true));
    }
    facts.push(one("books.entry_hash", entry.sha256.clone(), true));
    facts
}

/// What proves it: a hash, and the name or the row where there is one.
fn evidence_words(evidence: &Evidence) -> String {
    match evidence {
        Evidence::Document { sha256 } => sha256.clone(),
        Evidence::File { name, sha256 } => format!("{name} {sha256}"),
        Evidence::Row { sha256, line } => format!("{sha256}:{line}"),
    }
}
