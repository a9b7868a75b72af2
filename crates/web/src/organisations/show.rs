//! One provider: how it is set up, and who comes in by it.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::{path_of, state_words};
use crate::Shared;
use crate::account::minute;
use crate::error::WebError;
use crate::layout::{self, Crumb};
use crate::page::Page;
use crate::paging::page_after;
use crate::signed::Signed;
use crate::signin::redirect_uri;

/// So many people on a page.
const PAGE: usize = 50;

struct Row {
    href: String,
    name: String,
    masked: String,
    state: String,
    tone: &'static str,
    since: String,
}

#[derive(Template)]
#[template(path = "organisations/show.html")]
struct ShowPage {
    page: Page,
    crumbs: Vec<Crumb>,
    title: String,
    facts: Vec<(String, String, bool)>,
    rows: Vec<Row>,
    first_href: String,
    next_href: String,
}

pub(super) async fn show(
    State(site): State<Shared>,
    Path(name): Path<String>,
    signed: Signed,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let page = signed.page;
    let provider = site.oidc.provider(&name).await?;
    let people = site.oidc.people_at(provider.id).await?;
    let paged = page_after(people, &page.param("after"), PAGE, |person| {
        person.identity.id.to_string()
    });
    let fact = |key: &str, value: String| (page.w.get(key).to_owned(), value, false);
    // An address breaks wherever the page ends.
    let address = |key: &str, value: String| (page.w.get(key).to_owned(), value, true);
    let rows = paged.rows.iter().map(|person| {
        let identity = &person.identity;
        let (state, tone) = state_words(identity.state, &page);
        Row {
            href: page.href(&format!("/staff/users/{}", identity.user)),
            name: person.display_name.clone(),
            masked: identity.masked.clone(),
            state,
            tone,
            since: minute(identity.linked_at.unwrap_or(identity.invited_at)),
        }
    });
    layout::html(&ShowPage {
        crumbs: vec![
            Crumb::new(page.href("/staff/organisations"), page.w.get("nav.organisations")),
            Crumb::new(path_of(&page, &name), provider.title.as_str()),
        ],
        facts: vec![
            address("organisations.issuer", provider.issuer),
            address("organisations.client_id", provider.client_id),
            address(
                "organisations.callback",
                redirect_uri(&site.front, &headers, &name),
            ),
            fact("organisations.scope", provider.scope),
            fact("organisations.claim", provider.claim),
            fact("organisations.added", minute(provider.added_at)),
        ],
        title: provider.title,
        rows: rows.collect(),
        first_href: if paged.is_first {
            String::new()
        } else {
            page.here_with("after", "")
        },
        next_href: paged
            .next
            .map_or_else(String::new, |after| page.here_with("after", &after)),
        page,
    })
}
