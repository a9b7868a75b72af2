//! The list of users, and adding one.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use kernel::Refusal;
use people::staff::{self, Action, NewUser, User, UserId};

use super::path_of;
use crate::Shared;
use crate::account::grant_view;
use crate::desk::instant;
use crate::error::WebError;
use crate::form::{Field, Fields, FormState};
use crate::layout;
use crate::page::Page;
use crate::paging::page_after;
use crate::signed::Signed;
use crate::site::Site;
use crate::sorting::{Column, Head, Sorting};

/// So many users on a page.
const PAGE: usize = 50;
const LOGIN: Column = Column::rising("login");
const ADDED: Column = Column::falling("added");
const STATE: Column = Column::falling("state");

struct Row {
    href: String,
    name: String,
    login: String,
    roles: String,
    disabled: bool,
    added: String,
}

#[derive(Template)]
#[template(path = "users/index.html")]
struct IndexPage {
    page: Page,
    q: String,
    heads: Vec<Head>,
    rows: Vec<Row>,
    first_href: String,
    next_href: String,
    form: FormState,
}

pub(super) async fn show(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    answer(&site, signed, &Fields::default(), None).await
}

pub(super) async fn create(
    State(site): State<Shared>,
    signed: Signed,
    body: Bytes,
) -> Result<Response, WebError> {
    let typed = Fields::parse(&body);
    match add(&site, &signed, &typed).await? {
        Ok(user) => Ok(layout::see_other(path_of(&signed.page, user))),
        Err(refusal) => layout::refused(answer(&site, signed, &typed, Some(refusal)).await),
    }
}

/// Adds a user; what was typed wrong is refused at its field.
async fn add(site: &Site, signed: &Signed, typed: &Fields) -> Result<Result<UserId, Refusal>, WebError> {
    let actor = signed.require(Action::ManageUsers, None)?;
    let login = match typed.get("login").parse() {
        Ok(login) => login,
        Err(refusal) => return Ok(Err(Refusal::at(refusal, "login"))),
    };
    let new = NewUser {
        login,
        display_name: typed.get("display_name").to_owned(),
    };
    let added = site.store.write(actor, move |ctx| {
        Box::pin(async move { staff::add_user(ctx, new).await })
    });
    match added.await {
        Ok(done) => Ok(Ok(done.into_inner())),
        Err(refusal) if refusal.code == "staff.bad_name" => Ok(Err(refusal.at("display_name"))),
        Err(refusal) => Err(refusal.into()),
    }
}

async fn answer(
    site: &Site,
    signed: Signed,
    typed: &Fields,
    refusal: Option<Refusal>,
) -> Result<Response, WebError> {
    let page = signed.page;
    let users = staff::users(&mut site.store.read().await?).await?;
    let q = page.param("q");
    let wanted = q.to_lowercase();
    let fits = |user: &User| {
        let name = user.display_name.to_lowercase();
        user.login.folded().contains(&wanted) || name.contains(&wanted)
    };
    let mut users: Vec<User> = users.into_iter().filter(fits).collect();
    let sorting = Sorting::asked(&page, LOGIN, &[ADDED, STATE]);
    // Where two are alike, logins decide, so that a page begins where the one before ended.
    users.sort_by(|a, b| {
        let rising = match sorting.column {
            ADDED => a.added_at.cmp(&b.added_at),
            STATE => a.disabled_at.is_some().cmp(&b.disabled_at.is_some()),
            _ => a.login.folded().cmp(b.login.folded()),
        };
        sorting
            .turn(rising)
            .then_with(|| a.login.folded().cmp(b.login.folded()))
    });
    let paged = page_after(users, &page.param("after"), PAGE, |user| user.login.to_string());
    let mut form = form(&page, typed);
    if let Some(refusal) = refusal {
        form.refuse(&refusal, page.lang);
    }
    let first_href = if paged.is_first {
        String::new()
    } else {
        page.here_with("after", "")
    };
    layout::html(&IndexPage {
        rows: paged.rows.iter().map(|user| row(site, &page, user)).collect(),
        first_href,
        next_href: paged
            .next
            .map_or_else(String::new, |after| page.here_with("after", &after)),
        heads: vec![
            sorting.head(&page, LOGIN, page.w.get("users.name"), ""),
            Head::plain(page.w.get("users.roles"), ""),
            sorting.head(&page, STATE, page.w.get("users.state"), ""),
            sorting.head(&page, ADDED, page.w.get("users.since"), ""),
        ],
        q,
        form,
        page,
    })
}

fn form(page: &Page, typed: &Fields) -> FormState {
    let field = |name, label: &str, hint: String| Field {
        name,
        kind: "text",
        label: page.w.get(label).to_owned(),
        hint,
        autocomplete: "off",
        ..Field::default()
    };
    let hint = page.w.get("users.login_hint").to_owned();
    let fields = vec![
        field("login", "users.login", hint),
        field("display_name", "account.name", String::new()),
    ];
    FormState::new(fields, typed)
}

fn row(site: &Site, page: &Page, user: &User) -> Row {
    let roles: Vec<String> = user
        .grants
        .iter()
        .map(|grant| grant_view(site, page, grant))
        .map(|(role, place)| format!("{role} · {place}"))
        .collect();
    Row {
        href: path_of(page, user.id),
        name: user.display_name.clone(),
        login: user.login.to_string(),
        roles: roles.join("; "),
        disabled: user.disabled_at.is_some(),
        added: instant(user.added_at),
    }
}
