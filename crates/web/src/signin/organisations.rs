//! Signing in by an organisation: on to its provider, and back.
//!
//! The way there begins with a form of this site, so that no other site begins it. It goes on from a page and not by a
//! redirect: browsers hold every redirect after a form against `form-action 'self'`. What the browser keeps meanwhile is
//! always new, so what somebody planted in it before counts for nothing.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse as _, Response};
use kernel::Refusal;
use oidc::Callback;

use super::{HOME, answer, enter, form, way_in};
use crate::Shared;
use crate::error::WebError;
use crate::form::Fields;
use crate::front::Front;
use crate::layout;
use crate::page::Page;
use crate::signed::Caller;
use crate::site::Site;
use crate::{back, language, words};

/// An organisation that one may sign in by.
pub(super) struct Organisation {
    pub name: String,
    pub words: String,
}

#[derive(Template)]
#[template(path = "signin/leaving.html")]
struct LeavingPage {
    page: Page,
    href: String,
}

/// Every organisation that one may sign in by.
pub(super) async fn offered(site: &Site, page: &Page) -> Result<Vec<Organisation>, Refusal> {
    let providers = site.oidc.providers().await?;
    let offer = |provider: oidc::Provider| Organisation {
        words: page
            .w
            .fill("signin.by_organisation", &[("title", &provider.title)]),
        name: provider.name,
    };
    Ok(providers.into_iter().map(offer).collect())
}

/// Where a provider sends people back to; it knows this address beforehand.
pub(crate) fn redirect_uri(front: &Front, headers: &HeaderMap, name: &str) -> String {
    format!("{}/signin/organisations/{name}/callback", front.origin(headers))
}

pub(super) async fn begin(
    State(site): State<Shared>,
    Path(name): Path<String>,
    mut page: Page,
    caller: Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, WebError> {
    site.front.within_limit(caller.address.as_deref())?;
    let typed = Fields::parse(&body);
    let back = way_in(&page, typed.get("back"));
    let redirect_uri = redirect_uri(&site.front, &headers, &name);
    match site.oidc.begin(&name, &redirect_uri, &back).await {
        Ok(begun) => {
            let cookie = site.front.kept_cookie(begun.browser.as_str(), begun.lives_s);
            // This address takes forms only; whoever changes the language here begins again.
            "/signin".clone_into(&mut page.path);
            let leaving = layout::html(&LeavingPage {
                href: begun.href,
                page,
            })?;
            Ok((AppendHeaders([(SET_COOKIE, cookie)]), leaving).into_response())
        }
        Err(refusal) if refusal.code == "oidc.provider_unavailable" => {
            refused(&site, page, &refusal, &back).await
        }
        Err(refusal) => Err(refusal.into()),
    }
}

pub(super) async fn finish(
    State(site): State<Shared>,
    Path(name): Path<String>,
    mut page: Page,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let browser = site.front.kept(&headers).unwrap_or_default();
    // Without what the browser kept nothing is looked at: others can send it here, and must not use its tries up.
    if !browser.is_empty() {
        site.front.within_limit(caller.address.as_deref())?;
    }
    let query = Fields::parse(page.query.as_bytes());
    let said = Callback {
        provider: &name,
        state: query.get("state"),
        code: query.get("code"),
        issuer: query.get("iss"),
        browser: &browser,
        redirect_uri: &redirect_uri(&site.front, &headers, &name),
        address: caller.address.as_deref(),
    };
    let finished = site.oidc.finish(&said).await;
    let back = finished.back.unwrap_or_default();
    let back = back::local(&back).unwrap_or_default();
    match finished.signed_in {
        Ok(signed_in) => {
            let cookie = enter(&site, &headers, &signed_in).await?;
            let cookies = AppendHeaders([(SET_COOKIE, cookie), (SET_COOKIE, site.front.no_kept_cookie())]);
            let home = page.href(HOME);
            let href = if back.is_empty() { home.as_str() } else { back };
            let headers = [
                (LOCATION, href.to_owned()),
                (CACHE_CONTROL, "no-store".to_owned()),
            ];
            Ok((StatusCode::SEE_OTHER, cookies, headers).into_response())
        }
        Err(refusal) => {
            // The provider sends everyone back to one address; where they came from tells their language.
            (page.lang, _) = language::of_path(back);
            page.w = words::WORDS.of(page.lang);
            refused(&site, page, &refusal, back).await
        }
    }
}

/// The sign-in page with the sentence, and an end to what the browser kept.
async fn refused(site: &Site, mut page: Page, refusal: &Refusal, back: &str) -> Result<Response, WebError> {
    if refusal.fault == kernel::Fault::Broken {
        return Err(refusal.clone().into());
    }
    "/signin".clone_into(&mut page.path);
    page.query.clear();
    let form = form(&page, &Fields::default());
    let said = (
        refusal.message(page.lang),
        refusal.advice(page.lang).unwrap_or_default(),
    );
    let response = layout::refused(answer(site, page, form, back, Some(said)).await)?;
    Ok((
        AppendHeaders([(SET_COOKIE, site.front.no_kept_cookie())]),
        response,
    )
        .into_response())
}
