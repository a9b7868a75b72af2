//! Who calls, what they may do, and whether their request has the shape of the table; in that order.
//!
//! Only an API key is looked at: a session's cookie, which a browser sends by itself, opens nothing here. An endpoint
//! that is not public reads or writes what belongs to no single place, so it asks for the right in the whole country.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use kernel::{Actor, Fault, Refusal};
use people::staff::{AuditEntry, Outcome, Viewer};

use super::params::{self, Param, Place, bad};
use super::problem::ApiError;
use super::table::Endpoint;
use crate::page::Page;
use crate::site::Site;

/// Who stands behind the key of a request; nobody where it has none.
///
/// # Errors
/// `api.bad_key`; what the store gave.
pub(super) async fn viewer(site: &Site, headers: &HeaderMap) -> Result<Viewer, ApiError> {
    let Some(given) = headers.get(AUTHORIZATION) else {
        return Ok(Viewer::nobody());
    };
    let given = given.to_str().unwrap_or_default();
    let (scheme, key) = given.split_once(' ').unwrap_or((given, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(ApiError::bad_key());
    }
    let viewer = site.staff.viewer_by_key(key.trim()).await?;
    if viewer.is_somebody() {
        Ok(viewer)
    } else {
        Err(ApiError::bad_key())
    }
}

/// Lets a caller through, and notes it.
///
/// # Errors
/// `staff.sign_in_required`, `staff.denied`.
pub(super) async fn admit(
    site: &Site,
    page: &Page,
    viewer: &Viewer,
    endpoint: &Endpoint,
) -> Result<Option<Actor>, Refusal> {
    let Some(action) = endpoint.needs else {
        return Ok(viewer.actor());
    };
    let admitted = viewer.require_everywhere(action);
    let outcome = match admitted {
        Ok(_) => Outcome::Allowed,
        Err(_) => Outcome::Denied,
    };
    if viewer.is_somebody() {
        let entry = AuditEntry {
            user: viewer.user,
            action: action.as_str(),
            subject: Some(endpoint.id.to_owned()),
            place: None,
            outcome,
            request_id: Some(page.request_id.clone()),
            address: None,
        };
        site.staff.note(entry).await;
    }
    admitted.map(Some)
}

/// Refuses what the table does not know.
///
/// # Errors
/// `api.unknown_parameter`, `api.bad_parameter`, `api.missing_parameter`.
pub(super) fn require_shape(
    endpoint: &Endpoint,
    in_path: &[(String, String)],
    in_query: &[(String, String)],
    headers: &HeaderMap,
) -> Result<(), Refusal> {
    for (name, value) in in_path {
        if let Some(param) = named(endpoint, Place::Path, name) {
            param.check(value)?;
        }
    }
    let mut seen: Vec<&str> = Vec::new();
    for (name, value) in in_query {
        let Some(param) = named(endpoint, Place::Query, name) else {
            return Err(Refusal::new("api.unknown_parameter", Fault::Refused).at(name.escape_debug()));
        };
        param.check(value)?;
        if seen.contains(&param.name) {
            return Err(bad(param.name, value));
        }
        seen.push(param.name);
    }
    for param in endpoint
        .params
        .iter()
        .filter(|param| param.required && param.place == Place::Query)
    {
        if !seen.contains(&param.name) {
            return Err(Refusal::new("api.missing_parameter", Fault::Refused).at(param.name));
        }
    }
    for param in endpoint
        .params
        .iter()
        .filter(|param| param.place == Place::Header)
    {
        if let Some(value) = headers.get(param.name) {
            param.check(value.to_str().map_err(|_| bad(param.name, "?"))?)?;
        }
    }
    Ok(())
}

fn named<'a>(endpoint: &'a Endpoint, place: Place, name: &str) -> Option<&'a Param> {
    let lang = (place == Place::Query && name == params::LANG.name).then_some(&params::LANG);
    let own = endpoint.params.iter();
    own.chain(lang)
        .find(|param| param.place == place && param.name == name)
}
