//! The account as a page.

use askama::Template;
use axum::response::Response;
use jiff::Timestamp;
use kernel::{Lang, Refusal};
use people::staff::{self, Action, ApiKey, Grant, Passkey, Scope, Session, SessionId};

use crate::error::WebError;
use crate::form::{Field, Fields, FormState};
use crate::layout;
use crate::page::Page;
use crate::signed::Signed;
use crate::site::Site;

/// What was typed into one of the forms, and why it was refused.
type Refused = Option<(Fields, Refusal)>;

/// What the page shows beside what is kept.
#[derive(Default)]
pub(super) struct Shown {
    pub name: Refused,
    pub password: Refused,
    pub key: Refused,
    /// The secret of a key that was made.
    pub made: Option<String>,
}

struct SessionView {
    id: String,
    means: String,
    began: String,
    seen: String,
    expires: String,
    here: bool,
}

struct PasskeyView {
    id: String,
    name: String,
    added: String,
    used: String,
}

struct KeyView {
    id: String,
    name: String,
    scopes: String,
    expires: String,
    used: String,
    revoked: bool,
}

struct ScopeView {
    name: &'static str,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "account/show.html")]
struct ShowPage {
    page: Page,
    rp: String,
    login: String,
    roles: Vec<(String, String)>,
    name: Option<FormState>,
    password: Option<FormState>,
    key: Option<FormState>,
    scopes: Vec<ScopeView>,
    scopes_fault: String,
    made: Option<String>,
    sessions: Vec<SessionView>,
    passkeys: Vec<PasskeyView>,
    keys: Vec<KeyView>,
    /// Whether a password and passkeys of their own let them in too.
    own_means: bool,
}

pub(super) async fn answer(site: &Site, signed: Signed, shown: Shown) -> Result<Response, WebError> {
    let (page, user) = (&signed.page, signed.user);
    let sessions = site.staff.sessions_of(user).await?;
    let passkeys = site.staff.passkeys_of(user).await?;
    let keys = site.staff.api_keys_of(user).await?;
    let found = staff::user_by_id(&mut site.store.read().await?, user).await?;
    let may_keys = signed.viewer.may(Action::ManageApiKeys, None);
    let named = || Fields::of(&[("display_name", &signed.viewer.display_name)]);
    let view = ShowPage {
        rp: site.front.relying_party().id.clone(),
        login: page.w.fill("account.lead", &[("login", &signed.viewer.login)]),
        roles: signed
            .viewer
            .grants
            .iter()
            .map(|grant| grant_view(site, page, grant))
            .collect(),
        name: Some(form(page, NAME, shown.name, named)),
        password: Some(form(page, PASSWORD, shown.password, Fields::default)),
        scopes: Scope::ALL
            .iter()
            .map(|scope| ScopeView {
                name: scope.as_str(),
                chosen: shown
                    .key
                    .iter()
                    .any(|(typed, _)| typed.all("scopes").any(|typed| typed == scope.as_str())),
            })
            .collect(),
        scopes_fault: scopes_fault(page, &shown.key),
        key: may_keys.then(|| form(page, KEY, shown.key, || Fields::of(&[("key_days", "90")]))),
        made: shown.made,
        own_means: found.is_none_or(|user| user.organisation_only_since.is_none()),
        sessions: sessions
            .iter()
            .map(|session| session_view(page, session, signed.viewer.session))
            .collect(),
        passkeys: passkeys.iter().map(|one| passkey_view(page, one)).collect(),
        keys: keys.iter().map(|key| key_view(page, key)).collect(),
        page: signed.page,
    };
    layout::html(&view)
}

/// Name, kind, words, words of the hint, and what the browser may fill in.
type Asked = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const NAME: &[Asked] = &[("display_name", "text", "account.name", "", "name")];
const PASSWORD: &[Asked] = &[
    (
        "old_password",
        "password",
        "account.old_password",
        "",
        "current-password",
    ),
    (
        "new_password",
        "password",
        "account.new_password",
        "account.password_hint",
        "new-password",
    ),
];
const KEY: &[Asked] = &[
    ("key_name", "text", "account.key_name", "", "off"),
    (
        "key_days",
        "number",
        "account.key_days",
        "account.key_days_hint",
        "off",
    ),
];

fn form(page: &Page, asked: &[Asked], refused: Refused, fresh: impl FnOnce() -> Fields) -> FormState {
    let fields = asked.iter().map(|(name, kind, label, hint, autocomplete)| Field {
        autocomplete,
        ..Field::asked(page, name, kind, (label, hint))
    });
    let (typed, refusal) = refused.map_or_else(|| (fresh(), None), |(typed, why)| (typed, Some(why)));
    let mut form = FormState::new(fields.collect(), &typed);
    if let Some(refusal) = refusal {
        form.refuse(&refusal, page.lang);
    }
    form
}

/// The sentence at the scopes, which are no field of the form's list.
fn scopes_fault(page: &Page, refused: &Refused) -> String {
    let at_scopes = refused
        .iter()
        .find(|(_, refusal)| refusal.at.as_deref() == Some("scopes"));
    at_scopes.map_or_else(String::new, |(_, refusal)| {
        let mut unnamed = refusal.clone();
        unnamed.at = None;
        unnamed.message(page.lang)
    })
}

/// The role and the place of a grant, in words.
pub(crate) fn grant_view(site: &Site, page: &Page, grant: &Grant) -> (String, String) {
    let role = page.w.get(&format!("role.{}", grant.role)).to_owned();
    let place = grant.place.map_or_else(
        || page.w.get("account.whole_country").to_owned(),
        |code| match site.places.get(code) {
            Some(place) if page.lang == Lang::Zh => format!("{} {code}", site.places.full_name(place)),
            Some(place) => format!("{} {code}", place.name_en()),
            None => code.to_string(),
        },
    );
    (role, place)
}

/// An instant as people in China read it, to the minute.
pub(crate) fn minute(instant: Timestamp) -> String {
    let there = jiff::tz::Offset::constant(8).to_datetime(instant);
    there.strftime("%Y-%m-%d %H:%M").to_string()
}

fn session_view(page: &Page, session: &Session, here: Option<SessionId>) -> SessionView {
    SessionView {
        id: session.id.to_string(),
        means: page.w.get(&format!("means.{}", session.means)).to_owned(),
        began: minute(session.began_at),
        seen: minute(session.seen_at),
        expires: minute(session.expires_at),
        here: Some(session.id) == here,
    }
}

fn passkey_view(page: &Page, passkey: &Passkey) -> PasskeyView {
    PasskeyView {
        id: passkey.id.to_string(),
        name: passkey.name.clone(),
        added: minute(passkey.added_at),
        used: passkey
            .used_at
            .map_or_else(|| page.w.get("account.never").to_owned(), minute),
    }
}

fn key_view(page: &Page, key: &ApiKey) -> KeyView {
    KeyView {
        id: key.id.to_string(),
        name: key.name.clone(),
        scopes: key.scopes.join(", "),
        expires: minute(key.expires_at),
        used: key
            .last_used_on
            .clone()
            .unwrap_or_else(|| page.w.get("account.never").to_owned()),
        revoked: key.revoked_at.is_some(),
    }
}
