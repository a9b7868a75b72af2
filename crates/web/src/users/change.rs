//! What is done to one user.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use kernel::{Done, PlaceCode, Refusal, Role};
use people::places::Places;
use people::staff::{self, Action};

use super::one::{self, Shown};
use super::path_of;
use crate::Shared;
use crate::error::WebError;
use crate::form::Fields;
use crate::layout;
use crate::signed::Signed;

pub(super) async fn grant(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
    body: Bytes,
) -> Result<Response, WebError> {
    let actor = signed.require(Action::ManageUsers, None)?;
    let user = one::found(&site, &id).await?;
    let typed = Fields::parse(&body);
    let granted = match wanted(&typed, site.places) {
        Ok((role, place)) => {
            let id = user.id;
            let granted = site.store.write(actor, move |ctx| {
                Box::pin(async move { staff::grant(ctx, id, role, place).await })
            });
            granted.await
        }
        Err(refusal) => Err(refusal),
    };
    match granted {
        Ok(_) => Ok(layout::see_other(path_of(&signed.page, user.id))),
        Err(refusal) => {
            let shown = Shown {
                refused: Some((typed, refusal.at("place"))),
                ..Shown::default()
            };
            layout::refused(one::answer(&site, signed, &user, shown).await)
        }
    }
}

/// A role and, where one was typed, a place: its code, or a name that means one place.
fn wanted(typed: &Fields, places: &Places) -> Result<(Role, Option<PlaceCode>), Refusal> {
    let role = typed.get("role").parse()?;
    let place = match typed.get("place").trim() {
        "" => None,
        code if code.bytes().all(|byte| byte.is_ascii_digit()) => Some(code.parse()?),
        name => Some(places.by_full_name(name)?),
    };
    Ok((role, place))
}

pub(super) async fn revoke(
    State(site): State<Shared>,
    Path((id, grant)): Path<(String, String)>,
    signed: Signed,
) -> Result<Response, WebError> {
    let actor = signed.require(Action::ManageUsers, None)?;
    let user = one::found(&site, &id).await?;
    let held = user.grants.iter().find(|held| held.id.to_string() == grant);
    if let Some(held) = held {
        let (id, role, place) = (user.id, held.role, held.place);
        let revoked = site.store.write(actor, move |ctx| {
            Box::pin(async move { staff::revoke(ctx, id, role, place).await })
        });
        let _revoked: Done<()> = revoked.await?;
    }
    Ok(layout::see_other(path_of(&signed.page, user.id)))
}

/// Whether a user may come in.
#[derive(Clone, Copy)]
pub(super) enum Access {
    Open,
    Shut,
}

/// Lets a user in again, or shuts them out.
pub(super) async fn access(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
    wanted: Access,
) -> Result<Response, WebError> {
    let actor = signed.require(Action::ManageUsers, None)?;
    let user = one::found(&site, &id).await?.id;
    let changed = site.store.write(actor, move |ctx| {
        Box::pin(async move {
            match wanted {
                Access::Open => staff::enable(ctx, user).await,
                Access::Shut => staff::disable(ctx, user).await,
            }
        })
    });
    let _changed: Done<()> = changed.await?;
    Ok(layout::see_other(path_of(&signed.page, user)))
}

/// Makes a link and shows it, this once.
pub(super) async fn link(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    let actor = signed.require(Action::ManageUsers, None)?;
    let user = one::found(&site, &id).await?;
    let shown = Shown {
        link: Some(site.staff.make_link(actor, user.id).await?),
        ..Shown::default()
    };
    one::answer(&site, signed, &user, shown).await
}
