//! One user and the organisations they come in by: invited, unlinked, and whether there is another way in.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use kernel::{Done, Refusal};
use oidc::IdentityId;
use people::staff::{Action, User};

use super::state_words;
use crate::Shared;
use crate::account::minute;
use crate::error::WebError;
use crate::form::{Field, Fields, FormState};
use crate::layout;
use crate::page::Page;
use crate::signed::Signed;
use crate::site::Site;
use crate::users::{self, Shown};

/// What was typed into the invitation, and why it was refused.
pub(crate) type Refused = Option<(Fields, Refusal)>;

/// How a user is known at one organisation.
pub(crate) struct IdentityRow {
    pub id: String,
    pub title: String,
    pub masked: String,
    pub state: String,
    pub tone: &'static str,
    pub since: String,
    pub is_linked: bool,
}

/// An organisation that one may be invited by.
pub(crate) struct Choice {
    pub name: String,
    pub words: String,
    pub chosen: bool,
}

/// The part of a user's page on organisations.
pub(crate) struct Organisations {
    pub rows: Vec<IdentityRow>,
    /// Whether there is any to come in by.
    pub are_some: bool,
    /// Those by which they do not come in yet.
    pub choices: Vec<Choice>,
    pub form: FormState,
    /// Whether only their organisation lets them in.
    pub is_only: bool,
    /// Whether they came in by an organisation, and could be bound to it.
    pub may_bind: bool,
}

/// What a user's page says of organisations; what was refused is shown again.
pub(crate) async fn of_user(
    site: &Site,
    page: &Page,
    user: &User,
    refused: Refused,
) -> Result<Organisations, WebError> {
    let identities = site.oidc.identities_of(user.id).await?;
    let providers = site.oidc.providers().await?;
    let (typed, refusal) = refused.map_or_else(Default::default, |(typed, why)| (typed, Some(why)));
    let field = Field {
        name: "value",
        kind: "text",
        label: page.w.get("organisations.value").to_owned(),
        hint: page.w.get("organisations.value_hint").to_owned(),
        autocomplete: "off",
        ..Field::default()
    };
    let mut form = FormState::new(vec![field], &typed);
    if let Some(refusal) = refusal {
        form.refuse(&refusal, page.lang);
    }
    let rows = identities.iter().map(|identity| {
        let (state, tone) = state_words(identity.state, page);
        IdentityRow {
            id: identity.id.to_string(),
            title: identity.provider_title.clone(),
            masked: identity.masked.clone(),
            state,
            tone,
            since: minute(identity.linked_at.unwrap_or(identity.invited_at)),
            is_linked: identity.linked_at.is_some(),
        }
    });
    let rows: Vec<IdentityRow> = rows.collect();
    let are_some = !providers.is_empty();
    let is_new = |provider: &oidc::Provider| {
        let mut known = identities.iter().filter(|known| known.linked_at.is_some());
        !known.any(|known| known.provider == provider.id)
    };
    let choices = providers.into_iter().filter(is_new).map(|provider| Choice {
        words: format!("{} ({})", provider.title, provider.claim),
        chosen: typed.get("provider") == provider.name,
        name: provider.name,
    });
    Ok(Organisations {
        are_some,
        choices: choices.collect(),
        form,
        is_only: user.organisation_only_since.is_some(),
        may_bind: rows.iter().any(|row| row.is_linked),
        rows,
    })
}

pub(super) async fn invite(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
    body: Bytes,
) -> Result<Response, WebError> {
    let actor = signed.require(Action::ManageUsers, None)?;
    let user = users::found(&site, &id).await?;
    let typed = Fields::parse(&body);
    let (provider, value) = (typed.get("provider"), typed.get("value"));
    match site.oidc.invite(actor, user.id, provider, value).await {
        Ok(_) => Ok(back_to(&signed.page, &user)),
        Err(refusal) if refusal.fault == kernel::Fault::Refused => {
            let shown = Shown {
                invitation: Some((typed, refusal.at("value"))),
                ..Shown::default()
            };
            layout::refused(users::answer(&site, signed, &user, shown).await)
        }
        Err(refusal) => Err(refusal.into()),
    }
}

pub(super) async fn unlink(
    State(site): State<Shared>,
    Path((id, identity)): Path<(String, String)>,
    signed: Signed,
) -> Result<Response, WebError> {
    let actor = signed.require(Action::ManageUsers, None)?;
    let user = users::found(&site, &id).await?;
    let identity: IdentityId = identity.parse().map_err(|_| WebError::missing())?;
    let _ended: Done<()> = site.oidc.unlink(actor, user.id, identity).await?;
    Ok(back_to(&signed.page, &user))
}

pub(super) async fn bind(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
    only: bool,
) -> Result<Response, WebError> {
    let actor = signed.require(Action::ManageUsers, None)?;
    let user = users::found(&site, &id).await?;
    let _bound: Done<()> = site.oidc.bind(actor, user.id, only).await?;
    Ok(back_to(&signed.page, &user))
}

fn back_to(page: &Page, user: &User) -> Response {
    layout::see_other(users::path_of(page, user.id))
}
