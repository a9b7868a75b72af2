//! One webhook: what it is told, its messages with their tries, a test, and its end.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use kernel::{Done, catalogue};
use people::staff::Action;
use webhooks::{Delivery, DeliveryState, SubscriptionId, SubscriptionState};

use super::{event_words, events_words, path_of, state_words};
use crate::Shared;
use crate::desk::{Names, instant};
use crate::error::WebError;
use crate::layout::{self, Crumb};
use crate::page::Page;
use crate::signed::Signed;
use crate::site::Site;

/// Messages on the page.
const ROWS: i64 = 50;

struct Row {
    event: String,
    code: String,
    id: String,
    made: String,
    state: String,
    tone: &'static str,
    tries: Vec<String>,
}

#[derive(Template)]
#[template(path = "hooks/show.html")]
struct ShowPage {
    page: Page,
    crumbs: Vec<Crumb>,
    path: String,
    url: String,
    facts: Vec<(String, String, bool)>,
    secret: Option<String>,
    disabled: bool,
    rows: Vec<Row>,
    first_href: String,
    next_href: String,
}

pub(super) async fn show(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    answer(&site, signed, id_in(&id)?, None).await
}

fn id_in(id: &str) -> Result<SubscriptionId, WebError> {
    id.parse().map_err(|_| WebError::missing())
}

/// Sends a message that says nothing happened.
pub(super) async fn test(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    let (actor, id) = (signed.require(Action::ManageWebhooks, None)?, id_in(&id)?);
    site.webhooks.test(actor, id).await?;
    Ok(layout::see_other(path_of(&signed.page, id)))
}

pub(super) async fn enable(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    let (actor, id) = (signed.require(Action::ManageWebhooks, None)?, id_in(&id)?);
    let _now_or_already: Done<()> = site.webhooks.enable(actor, id).await?;
    Ok(layout::see_other(path_of(&signed.page, id)))
}

pub(super) async fn remove(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    let (actor, id) = (signed.require(Action::ManageWebhooks, None)?, id_in(&id)?);
    let _now_or_already: Done<()> = site.webhooks.remove(actor, id).await?;
    Ok(layout::see_other(signed.page.href("/staff/webhooks")))
}

pub(super) async fn answer(
    site: &Site,
    signed: Signed,
    id: SubscriptionId,
    secret: Option<String>,
) -> Result<Response, WebError> {
    let page = signed.page;
    let subscription = site.webhooks.subscription(id).await?;
    let before = page.param("after").parse().ok();
    let mut deliveries = site.webhooks.deliveries(id, before, ROWS + 1).await?;
    let shown = usize::try_from(ROWS).unwrap_or_default();
    let is_last = deliveries.len() <= shown;
    deliveries.truncate(shown);
    let (names, here) = (Names::of(site).await?, path_of(&page, id));
    let next = deliveries.last().filter(|_| !is_last);
    let fact = |key: &str, value: String| (page.w.get(key).to_owned(), value, false);
    let mut facts = vec![
        fact("webhooks.state", state_words(subscription.state, &page).0),
        fact("webhooks.events", events_words(&subscription.events, &page)),
        fact("webhooks.made_by", names.get(&subscription.made_by)),
        fact("webhooks.made_at", instant(subscription.made_at)),
    ];
    facts.extend(
        subscription
            .failing_since
            .map(|since| fact("webhooks.failing_since", instant(since))),
    );
    layout::html(&ShowPage {
        crumbs: vec![
            Crumb::new(page.href("/staff/webhooks"), page.w.get("nav.webhooks")),
            Crumb::new(here.clone(), subscription.url.as_str()),
        ],
        next_href: next.map_or_else(String::new, |last| format!("{here}?after={}", last.id)),
        first_href: before.map_or_else(String::new, |_: webhooks::DeliveryId| here.clone()),
        path: here,
        url: subscription.url,
        facts,
        secret,
        disabled: subscription.state == SubscriptionState::Disabled,
        rows: deliveries.iter().map(|delivery| row(delivery, &page)).collect(),
        page,
    })
}

fn row(delivery: &Delivery, page: &Page) -> Row {
    let (state, tone) = match delivery.state {
        DeliveryState::Waiting => ("webhooks.waiting", "open"),
        DeliveryState::Delivered => ("webhooks.delivered", "good"),
        DeliveryState::Failed => ("webhooks.failed", "bad"),
    };
    let tried = |attempt: &webhooks::Attempt| {
        let status = attempt
            .status
            .map(|status| format!(" {status}"))
            .unwrap_or_default();
        let said = attempt
            .error_code
            .as_deref()
            .map(|code| catalogue::say(code, page.lang));
        let said = said.map_or_else(String::new, |said| format!(" {said}"));
        format!(
            "{}{status} · {} ms{said}",
            instant(attempt.tried_at),
            attempt.took_ms
        )
    };
    Row {
        event: event_words(&delivery.event, page),
        code: delivery.event.clone(),
        id: delivery.message_id.clone(),
        made: instant(delivery.made_at),
        state: page.w.get(state).to_owned(),
        tone,
        tries: delivery.attempts.iter().map(tried).collect(),
    }
}
