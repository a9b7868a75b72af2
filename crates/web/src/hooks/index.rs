//! The list of webhooks, and making one.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use kernel::Refusal;
use people::staff::Action;
use webhooks::{EVENTS, NewSubscription};

use super::{event_words, events_words, path_of, show, state_words};
use crate::Shared;
use crate::desk::instant;
use crate::error::WebError;
use crate::form::{Field, Fields, FormState};
use crate::layout;
use crate::page::Page;
use crate::signed::Signed;
use crate::site::Site;
use crate::sorting::{Column, Head, Sorting};

const MADE: Column = Column::falling("made");
const ADDRESS: Column = Column::rising("address");
const STATE: Column = Column::falling("state");

struct Row {
    href: String,
    url: String,
    events: String,
    state: String,
    tone: &'static str,
    made: String,
}

struct EventChoice {
    name: &'static str,
    title: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "hooks/index.html")]
struct IndexPage {
    page: Page,
    heads: Vec<Head>,
    rows: Vec<Row>,
    form: FormState,
    events: Vec<EventChoice>,
    events_fault: String,
}

pub(super) async fn show(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    answer(&site, signed, &Fields::default(), None).await
}

/// Makes a webhook and shows its secret, this once.
pub(super) async fn create(
    State(site): State<Shared>,
    signed: Signed,
    body: Bytes,
) -> Result<Response, WebError> {
    let actor = signed.require(Action::ManageWebhooks, None)?;
    let typed = Fields::parse(&body);
    let new = NewSubscription {
        url: typed.get("url").to_owned(),
        events: typed.all("events").map(str::to_owned).collect(),
    };
    match site.webhooks.subscribe(actor, new).await {
        Ok(made) => show::answer(&site, signed, made.id, Some(made.secret)).await,
        Err(refusal) => layout::refused(answer(&site, signed, &typed, Some(refusal)).await),
    }
}

async fn answer(
    site: &Site,
    signed: Signed,
    typed: &Fields,
    refusal: Option<Refusal>,
) -> Result<Response, WebError> {
    let page = signed.page;
    let mut rows = Vec::new();
    let sorting = Sorting::asked(&page, MADE, &[ADDRESS, STATE]);
    let mut subscriptions = site.webhooks.subscriptions().await?;
    subscriptions.sort_by(|a, b| {
        let rising = match sorting.column {
            ADDRESS => a.url.cmp(&b.url),
            STATE => a.state.cmp(&b.state),
            _ => a.made_at.cmp(&b.made_at),
        };
        sorting.turn(rising).then_with(|| a.id.cmp(&b.id))
    });
    for subscription in subscriptions {
        let (state, tone) = state_words(subscription.state, &page);
        rows.push(Row {
            href: path_of(&page, subscription.id),
            url: subscription.url,
            events: events_words(&subscription.events, &page),
            state,
            tone,
            made: instant(subscription.made_at),
        });
    }
    let field = Field {
        name: "url",
        kind: "url",
        label: page.w.get("webhooks.url").to_owned(),
        hint: page.w.get("webhooks.url_hint").to_owned(),
        autocomplete: "off",
        ..Field::default()
    };
    let mut form = FormState::new(vec![field], typed);
    let mut events_fault = String::new();
    match refusal {
        Some(refusal) if refusal.at.as_deref() == Some("events") => {
            events_fault = refusal.message(page.lang);
        }
        Some(refusal) => form.refuse(&refusal, page.lang),
        None => {}
    }
    let choice = |name: &'static str| EventChoice {
        name,
        title: event_words(name, &page),
        chosen: typed.all("events").any(|typed| typed == name),
    };
    layout::html(&IndexPage {
        heads: vec![
            sorting.head(&page, ADDRESS, page.w.get("webhooks.url"), ""),
            Head::plain(page.w.get("webhooks.events"), ""),
            sorting.head(&page, STATE, page.w.get("webhooks.state"), ""),
            sorting.head(&page, MADE, page.w.get("webhooks.made_at"), ""),
        ],
        rows,
        form,
        events: EVENTS.map(choice).into(),
        events_fault,
        page,
    })
}
