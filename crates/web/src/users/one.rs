//! One user: grants, whether they may sign in, and a link for them.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use kernel::{Refusal, Role};
use people::staff::{self, OneTimeLink, User};

use super::{path_of, user_in};
use crate::Shared;
use crate::account::{grant_view, minute};
use crate::error::WebError;
use crate::form::{Field, Fields, FormState};
use crate::layout::{self, Crumb};
use crate::organisations::{self, Organisations};
use crate::page::Page;
use crate::signed::Signed;
use crate::site::Site;

/// What the page shows beside the user.
#[derive(Default)]
pub(crate) struct Shown {
    /// What was typed to give a role, and why it was refused.
    pub refused: Option<(Fields, Refusal)>,
    /// What was typed to invite them by an organisation, and why it was refused.
    pub invitation: organisations::Refused,
    /// A link that was made.
    pub link: Option<OneTimeLink>,
}

struct GrantRow {
    id: String,
    role: String,
    place: String,
    granted: String,
}

struct RoleChoice {
    name: &'static str,
    title: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "users/show.html")]
struct ShowPage {
    page: Page,
    crumbs: Vec<Crumb>,
    path: String,
    name: String,
    facts: Vec<(String, String, bool)>,
    disabled: bool,
    /// Whether they look at themselves, whose roles others change.
    own: bool,
    grants: Vec<GrantRow>,
    roles: Vec<RoleChoice>,
    form: FormState,
    link: Option<(String, String)>,
    organisations: Organisations,
}

pub(super) async fn show(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    let user = found(&site, &id).await?;
    answer(&site, signed, &user, Shown::default()).await
}

/// The user of an address, or 404.
pub(crate) async fn found(site: &Site, id: &str) -> Result<User, WebError> {
    let user = staff::user_by_id(&mut site.store.read().await?, user_in(id)?).await?;
    user.ok_or_else(WebError::missing)
}

pub(crate) async fn answer(
    site: &Site,
    signed: Signed,
    user: &User,
    shown: Shown,
) -> Result<Response, WebError> {
    let page = signed.page;
    let organisations = organisations::of_user(site, &page, user, shown.invitation).await?;
    let fact = |key: &str, value: String| (page.w.get(key).to_owned(), value, false);
    let state = if user.disabled_at.is_some() {
        "users.disabled"
    } else {
        "users.active"
    };
    let (typed, refusal) = match shown.refused {
        Some((typed, refusal)) => (typed, Some(refusal)),
        None => (Fields::default(), None),
    };
    let mut form = place_form(&page, &typed);
    if let Some(refusal) = refusal {
        form.refuse(&refusal, page.lang);
    }
    let link = shown.link.map(|link| {
        let until = [("until", minute(link.expires_at))];
        let words = page.w.fill("users.link_made", &[("until", &until[0].1)]);
        (words, site.front.here(&link.path()))
    });
    layout::html(&ShowPage {
        crumbs: vec![
            Crumb::new(page.href("/staff/users"), page.w.get("nav.users")),
            Crumb::new(path_of(&page, user.id), user.display_name.as_str()),
        ],
        path: path_of(&page, user.id),
        name: user.display_name.clone(),
        facts: vec![
            fact("users.login", user.login.to_string()),
            fact("users.state", page.w.get(state).to_owned()),
            fact("users.since", minute(user.added_at)),
        ],
        disabled: user.disabled_at.is_some(),
        own: user.id == signed.user,
        grants: user
            .grants
            .iter()
            .map(|grant| grant_row(site, &page, grant))
            .collect(),
        roles: roles(&page, typed.get("role")),
        form,
        link,
        organisations,
        page,
    })
}

fn grant_row(site: &Site, page: &Page, grant: &staff::Grant) -> GrantRow {
    let (role, place) = grant_view(site, page, grant);
    GrantRow {
        id: grant.id.to_string(),
        role,
        place,
        granted: minute(grant.granted_at),
    }
}

fn roles(page: &Page, chosen: &str) -> Vec<RoleChoice> {
    let given = Role::ALL.into_iter().filter(|role| *role != Role::System);
    given
        .map(|role| RoleChoice {
            name: role.as_str(),
            title: page.w.get(&format!("role.{role}")).to_owned(),
            chosen: role.as_str() == chosen,
        })
        .collect()
}

fn place_form(page: &Page, typed: &Fields) -> FormState {
    let field = Field {
        name: "place",
        kind: "text",
        label: page.w.get("users.place").to_owned(),
        hint: page.w.get("users.place_hint").to_owned(),
        autocomplete: "off",
        ..Field::default()
    };
    FormState::new(vec![field], typed)
}
