//! `/staff/webhooks`: which other systems are told what happens, and whether the messages came.

mod index;
mod show;

use kernel::Lang;
use people::staff::Action;

use crate::page::Page;
use crate::routes::{Rooms, Who};

const MANAGE: Who = Who::May(Action::ManageWebhooks);

pub(crate) fn routes() -> Rooms {
    Rooms::new()
        .get("/staff/webhooks", MANAGE, index::show)
        .post("/staff/webhooks", MANAGE, index::create)
        .get("/staff/webhooks/{id}", MANAGE, show::show)
        .post("/staff/webhooks/{id}/test", MANAGE, show::test)
        .post("/staff/webhooks/{id}/enablement", MANAGE, show::enable)
        .post("/staff/webhooks/{id}/removal", MANAGE, show::remove)
}

/// The words of a state and its tone.
fn state_words(state: webhooks::SubscriptionState, page: &Page) -> (String, &'static str) {
    let (key, tone) = match state {
        webhooks::SubscriptionState::Active => ("webhooks.active", "good"),
        webhooks::SubscriptionState::Failing => ("webhooks.failing", "open"),
        webhooks::SubscriptionState::Disabled => ("webhooks.disabled", "bad"),
    };
    (page.w.get(key).to_owned(), tone)
}

/// What people call an event.
fn event_words(event: &str, page: &Page) -> String {
    let key = format!("event.{}", event.replace('.', "_"));
    page.w.get(&key).to_owned()
}

/// The same of several.
fn events_words(events: &[String], page: &Page) -> String {
    let words: Vec<String> = events.iter().map(|event| event_words(event, page)).collect();
    words.join(if page.lang == Lang::Zh { "、" } else { ", " })
}

fn path_of(page: &Page, id: webhooks::SubscriptionId) -> String {
    page.href(&format!("/staff/webhooks/{id}"))
}
