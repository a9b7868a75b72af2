//! `/account`: one's own name, password, sessions, passkeys and API keys.

mod keys;
mod passkeys;
mod view;

pub(crate) use view::{grant_view, minute};

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::response::{IntoResponse as _, Response};
use kernel::Done;
use people::staff::{self, Action, SessionId};

use self::view::Shown;
use crate::Shared;
use crate::error::WebError;
use crate::form::Fields;
use crate::layout;
use crate::page::Page;
use crate::routes::{Rooms, Who};
use crate::signed::Signed;

const OWN: Who = Who::May(Action::ViewOwnAccount);
const KEYS: Who = Who::May(Action::ManageApiKeys);

pub(crate) fn routes() -> Rooms {
    Rooms::new()
        .get("/account", OWN, show)
        .post("/account/name", OWN, rename)
        .post("/account/password", OWN, change_password)
        .post("/account/sessions/end", OWN, end_sessions)
        .post("/account/sessions/{id}/end", OWN, end_session)
        .post("/account/passkeys/options", OWN, passkeys::options)
        .post("/account/passkeys", OWN, passkeys::create)
        .post("/account/passkeys/{id}/removal", OWN, passkeys::delete)
        .post("/account/keys", KEYS, keys::create)
        .post("/account/keys/{id}/revocation", KEYS, keys::delete)
}

async fn show(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    view::answer(&site, signed, Shown::default()).await
}

async fn rename(State(site): State<Shared>, signed: Signed, body: Bytes) -> Result<Response, WebError> {
    let (typed, actor, user) = (Fields::parse(&body), signed.actor()?, signed.user);
    let name = typed.get("display_name").to_owned();
    let renamed = site.store.write(actor, move |ctx| {
        Box::pin(async move { staff::rename(ctx, user, &name).await })
    });
    match renamed.await {
        Ok(_) => Ok(back_to(&signed.page)),
        Err(refusal) => {
            let shown = Shown {
                name: Some((typed, refusal.at("display_name"))),
                ..Shown::default()
            };
            layout::refused(view::answer(&site, signed, shown).await)
        }
    }
}

async fn change_password(
    State(site): State<Shared>,
    signed: Signed,
    body: Bytes,
) -> Result<Response, WebError> {
    site.front.within_limit(signed.address.as_deref())?;
    let typed = Fields::parse(&body);
    let (old, new) = (typed.get("old_password"), typed.get("new_password"));
    let address = signed.address.as_deref();
    match site.staff.change_password(signed.user, old, new, address).await {
        Ok(signed_in) => {
            let cookie = site.front.cookie(signed_in.token.as_str());
            let home = signed.page.href("/account");
            Ok((StatusCode::SEE_OTHER, [(SET_COOKIE, cookie), (LOCATION, home)]).into_response())
        }
        Err(refusal) => {
            let at = match refusal.code {
                "staff.sign_in_failed" => "old_password",
                code if code.starts_with("staff.password_") => "new_password",
                _ => return Err(refusal.into()),
            };
            let shown = Shown {
                password: Some((typed, refusal.at(at))),
                ..Shown::default()
            };
            layout::refused(view::answer(&site, signed, shown).await)
        }
    }
}

async fn end_session(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    let session: SessionId = id.parse().map_err(|_| WebError::missing())?;
    let ended = site.staff.end_session(signed.actor()?, signed.user, session);
    let _ended: Done<()> = ended.await?;
    Ok(back_to(&signed.page))
}

/// Ends every session, this one too: whoever asks fears that somebody else is in.
async fn end_sessions(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    let _ended: Done<()> = site.staff.end_sessions(signed.actor()?, signed.user).await?;
    let gone = [
        (SET_COOKIE, site.front.no_cookie()),
        (LOCATION, signed.page.href("/signin")),
    ];
    Ok((StatusCode::SEE_OTHER, gone).into_response())
}

fn back_to(page: &Page) -> Response {
    layout::see_other(page.href("/account"))
}
