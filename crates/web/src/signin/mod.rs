//! `/signin`, `/signout` and `/invitations/{secret}`: how people come in, and how they leave.
//!
//! Every try that does not lead in gets the same answer. A session is always a new one: what a browser showed before
//! it signed in counts for nothing afterwards, and a session that was open in it is ended.

mod invitations;
mod organisations;
mod passkey;

pub(crate) use organisations::redirect_uri;
pub(crate) use passkey::Sent;

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use kernel::Done;
use organisations::Organisation;
use people::staff::SignedIn;

use crate::Shared;
use crate::back;
use crate::error::WebError;
use crate::form::{Field, Fields, FormState};
use crate::layout;
use crate::page::Page;
use crate::routes::{Rooms, Who};
use crate::signed::Caller;
use crate::site::Site;

/// Where one is led who did not ask for a page.
const HOME: &str = "/account";

pub(crate) fn routes() -> Rooms {
    Rooms::new()
        .get("/signin", Who::Everyone, show)
        .post("/signin", Who::Everyone, create)
        .post("/signin/passkey/options", Who::Everyone, passkey::options)
        .post("/signin/passkey", Who::Everyone, passkey::create)
        .post(
            "/signin/organisations/{name}",
            Who::Everyone,
            organisations::begin,
        )
        .get(
            "/signin/organisations/{name}/callback",
            Who::Everyone,
            organisations::finish,
        )
        .post("/signout", Who::Everyone, delete)
        .get("/invitations/{secret}", Who::Everyone, invitations::show)
        .post("/invitations/{secret}", Who::Everyone, invitations::create)
        .post(
            "/invitations/{secret}/passkey/options",
            Who::Everyone,
            passkey::options_by_link,
        )
        .post(
            "/invitations/{secret}/passkey",
            Who::Everyone,
            passkey::create_by_link,
        )
}

#[derive(Template)]
#[template(path = "signin/show.html")]
struct ShowPage {
    page: Page,
    form: FormState,
    back: String,
    rp: String,
    organisations: Vec<Organisation>,
    /// Why an organisation's sign-in came to nothing, and what to do.
    refused: Option<(String, String)>,
}

async fn show(State(site): State<Shared>, page: Page) -> Result<Response, WebError> {
    let back = page.param("back");
    let form = form(&page, &Fields::default());
    answer(&site, page, form, &back, None).await
}

async fn create(
    State(site): State<Shared>,
    page: Page,
    caller: Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, WebError> {
    site.front.within_limit(caller.address.as_deref())?;
    let typed = Fields::parse(&body);
    let (login, password) = (typed.get("login"), typed.get("password"));
    let address = caller.address.as_deref();
    match site.staff.sign_in(login, password, address).await {
        Ok(signed_in) => {
            let href = way_in(&page, typed.get("back"));
            let cookie = enter(&site, &headers, &signed_in).await?;
            Ok((StatusCode::SEE_OTHER, [(SET_COOKIE, cookie), (LOCATION, href)]).into_response())
        }
        Err(refusal) if refusal.code == "staff.sign_in_failed" => {
            let mut form = form(&page, &typed);
            form.refuse(&refusal, page.lang);
            layout::refused(answer(&site, page, form, typed.get("back"), None).await)
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// Ends the session, where there is one; never refused to whoever has a session or none.
async fn delete(State(site): State<Shared>, page: Page, caller: Caller) -> Result<Response, WebError> {
    if let Some(token) = &caller.token {
        let _ended: Done<()> = site.staff.sign_out(token).await?;
    }
    let gone = [(SET_COOKIE, site.front.no_cookie()), (LOCATION, page.href("/"))];
    Ok((StatusCode::SEE_OTHER, gone).into_response())
}

/// The cookie of a new session; the session that was open in this browser ends.
async fn enter(site: &Site, headers: &HeaderMap, signed_in: &SignedIn) -> Result<String, WebError> {
    if let Some(old) = site.front.token(headers) {
        let _ended: Done<()> = site.staff.sign_out(&old).await?;
    }
    Ok(site.front.cookie(signed_in.token.as_str()))
}

/// Where one goes after signing in: the page that was asked for, where it is one of this site.
fn way_in(page: &Page, wanted: &str) -> String {
    let wanted = back::local(wanted).filter(|path| !path.contains("/signin"));
    wanted.map_or_else(|| page.href(HOME), str::to_owned)
}

fn form(page: &Page, typed: &Fields) -> FormState {
    let field = |name, kind, label: &str, autocomplete| Field {
        name,
        kind,
        label: page.w.get(label).to_owned(),
        autocomplete,
        ..Field::default()
    };
    let fields = vec![
        field("login", "text", "signin.login", "username"),
        field("password", "password", "signin.password", "current-password"),
    ];
    FormState::new(fields, typed)
}

async fn answer(
    site: &Site,
    page: Page,
    form: FormState,
    back: &str,
    refused: Option<(String, String)>,
) -> Result<Response, WebError> {
    layout::html(&ShowPage {
        refused,
        organisations: organisations::offered(site, &page).await?,
        form,
        back: back::local(back).unwrap_or_default().to_owned(),
        rp: site.front.relying_party().id.clone(),
        page,
    })
}
