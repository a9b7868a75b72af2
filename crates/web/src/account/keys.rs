//! One's own API keys.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use kernel::{Done, Refusal};
use people::staff::{Action, ApiKeyId, NewApiKey, Scope};

use super::view::{self, Shown};
use crate::Shared;
use crate::error::WebError;
use crate::form::Fields;
use crate::layout;
use crate::signed::Signed;

/// Makes a key and shows it, this once.
pub(super) async fn create(
    State(site): State<Shared>,
    signed: Signed,
    body: Bytes,
) -> Result<Response, WebError> {
    let actor = signed.require(Action::ManageApiKeys, None)?;
    let typed = Fields::parse(&body);
    let made = match wanted(&typed, &signed) {
        Ok(new) => site.staff.make_api_key(actor, new).await.map_err(placed),
        Err(refusal) => Err(refusal),
    };
    match made {
        Ok(made) => {
            let shown = Shown {
                made: Some(made.secret.as_str().to_owned()),
                ..Shown::default()
            };
            view::answer(&site, signed, shown).await
        }
        Err(refusal) => {
            let shown = Shown {
                key: Some((typed, refusal)),
                ..Shown::default()
            };
            layout::refused(view::answer(&site, signed, shown).await)
        }
    }
}

pub(super) async fn delete(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    let actor = signed.require(Action::ManageApiKeys, None)?;
    let key: ApiKeyId = id.parse().map_err(|_| WebError::missing())?;
    let _revoked: Done<()> = site.staff.revoke_api_key(actor, signed.user, key).await?;
    Ok(super::back_to(&signed.page))
}

fn wanted(typed: &Fields, signed: &Signed) -> Result<NewApiKey, Refusal> {
    let scopes = typed.all("scopes").map(str::parse::<Scope>);
    Ok(NewApiKey {
        user: signed.user,
        name: typed.get("key_name").to_owned(),
        scopes: scopes
            .collect::<Result<_, _>>()
            .map_err(|refusal| refusal.at("scopes"))?,
        // What is no number is no lifetime either.
        days: typed.get("key_days").trim().parse().unwrap_or_default(),
    })
}

/// A refusal at the field it speaks of.
fn placed(refusal: Refusal) -> Refusal {
    match refusal.code {
        "staff.bad_name" => refusal.at("key_name"),
        "staff.bad_lifetime" => refusal.at("key_days"),
        "staff.bad_scope" => refusal.at("scopes"),
        _ => refusal,
    }
}
