//! The list of webhooks, and making one.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use kernel::Refusal;
use people::staff::Action;
use webhooks::{EVENTS, NewSubscription};

use super::{path_of, show, state_words};
use crate::Shared;
use crate::error::WebError;
use crate::form::{Field, Fields, FormState};
use crate::layout;
use crate::page::Page;
use crate::signed::Signed;
use crate::site::Site;

struct Row {
    href: String,
    url: String,
    events: String,
    state: String,
    tone: &'static str,
}

struct EventChoice {
    name: &'static str,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "hooks/index.html")]
struct IndexPage {
    page: Page,
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
    for subscription in site.webhooks.subscriptions().await? {
        let (state, tone) = state_words(subscription.state, &page);
        rows.push(Row {
            href: path_of(&page, subscription.id),
            url: subscription.url,
            events: subscription.events.join(", "),
            state,
            tone,
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
        chosen: typed.all("events").any(|typed| typed == name),
    };
    layout::html(&IndexPage {
        rows,
        form,
        events: EVENTS.map(choice).into(),
        events_fault,
        page,
    })
}
