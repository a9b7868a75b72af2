//! `/invitations/{secret}`: a one-time link, by which someone sets a password or adds a passkey and is signed in.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};

use super::{HOME, enter};
use crate::Shared;
use crate::error::WebError;
use crate::form::{Field, Fields, FormState};
use crate::layout;
use crate::page::Page;
use crate::signed::Caller;
use crate::site::Site;

#[derive(Template)]
#[template(path = "signin/invitation.html")]
struct InvitationPage {
    page: Page,
    greeting: String,
    form: FormState,
    rp: String,
}

pub(super) async fn show(
    State(site): State<Shared>,
    Path(secret): Path<String>,
    page: Page,
) -> Result<Response, WebError> {
    answer(&site, &secret, page, None).await
}

pub(super) async fn create(
    State(site): State<Shared>,
    Path(secret): Path<String>,
    page: Page,
    caller: Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, WebError> {
    site.front.within_limit(caller.address.as_deref())?;
    let typed = Fields::parse(&body);
    let address = caller.address.as_deref();
    let set = site
        .staff
        .set_password_by_link(&secret, typed.get("new_password"), address)
        .await;
    match set {
        Ok(signed_in) => {
            let cookie = enter(&site, &headers, &signed_in).await?;
            let home = page.href(HOME);
            Ok((StatusCode::SEE_OTHER, [(SET_COOKIE, cookie), (LOCATION, home)]).into_response())
        }
        Err(refusal) if refusal.code.starts_with("staff.password_") => {
            layout::refused(answer(&site, &secret, page, Some(refusal.at("new_password"))).await)
        }
        Err(refusal) => Err(refusal.into()),
    }
}

async fn answer(
    site: &Site,
    secret: &str,
    page: Page,
    refusal: Option<kernel::Refusal>,
) -> Result<Response, WebError> {
    let invitation = site.staff.open_link(secret).await?;
    let field = Field {
        name: "new_password",
        kind: "password",
        label: page.w.get("account.new_password").to_owned(),
        hint: page.w.get("account.password_hint").to_owned(),
        autocomplete: "new-password",
        ..Field::default()
    };
    let mut form = FormState::new(vec![field], &Fields::default());
    if let Some(refusal) = refusal {
        form.refuse(&refusal, page.lang);
    }
    let user = &invitation.user;
    let names = [
        ("name", user.display_name.as_str()),
        ("login", user.login.as_str()),
    ];
    layout::html(&InvitationPage {
        greeting: page.w.fill("invitation.lead", &names),
        form,
        rp: site.front.relying_party().id.clone(),
        page,
    })
}
