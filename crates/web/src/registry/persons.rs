//! One member in full: shown to who may, and given out to the member; it stands in the audit log before.

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use kernel::Refusal;
use people::staff::Action;
use registry::{PersonId, Personal};

use super::household::{answer, of};
use super::{found, note_reveal, registry, word};
use crate::Shared;
use crate::error::WebError;
use crate::page::Page;
use crate::signed::Signed;

/// Who a member is, in full; it stands in the audit log before it is shown.
pub(super) async fn reveal(
    State(site): State<Shared>,
    Path((id, person)): Path<(String, String)>,
    signed: Signed,
) -> Result<Response, WebError> {
    let household = of(&site, &signed, &id).await?;
    let person: PersonId = person.parse().map_err(|_| WebError::missing())?;
    signed.require(Action::RevealPersons, Some(household.place))?;
    let is_member = household.members.iter().any(|member| member.person == person);
    if !is_member {
        return Err(WebError::missing());
    }
    note_reveal(&site, &signed, person.to_string(), household.place).await?;
    let seen = signed.viewer.places(Action::RevealPersons);
    let personal = found(registry(&site)?.reveal(&seen, person).await)?;
    let shown = full(&personal, &signed.page);
    answer(&site, &signed, &household, shown, None).await
}

/// Everything that is kept of a member, for them to take along; it stands in the audit log before it is given.
pub(super) async fn copy(
    State(site): State<Shared>,
    Path((id, person)): Path<(String, String)>,
    signed: Signed,
) -> Result<Response, WebError> {
    let household = of(&site, &signed, &id).await?;
    let person: PersonId = person.parse().map_err(|_| WebError::missing())?;
    signed.require(Action::RevealPersons, Some(household.place))?;
    if !household.members.iter().any(|member| member.person == person) {
        return Err(WebError::missing());
    }
    note_reveal(&site, &signed, person.to_string(), household.place).await?;
    let seen = signed.viewer.places(Action::RevealPersons);
    let own = found(registry(&site)?.own_data(&seen, person).await)?;
    let json = serde_json::to_vec_pretty(&own).map_err(|error| Refusal::broken("store.bad_json", &error))?;
    let saved = format!("attachment; filename=\"{person}.json\"");
    Ok((
        [(CONTENT_TYPE, "application/json"), (CONTENT_DISPOSITION, &saved)],
        json,
    )
        .into_response())
}

fn full(personal: &Personal, page: &Page) -> Vec<(String, String)> {
    let said = personal.said();
    said.map(|(field, value)| (word(page, "personal", field), value.to_owned()))
        .collect()
}
