//! `/staff/audit`: who saw or did what, and who was turned away.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use people::staff::{self, Action, AuditFilter, AuditRecord, Outcome, UserId};

use crate::Shared;
use crate::account::minute;
use crate::desk::Names;
use crate::error::WebError;
use crate::layout;
use crate::page::Page;
use crate::routes::{Rooms, Who};
use crate::signed::Signed;
use crate::site::Site;
use crate::sorting::{Column, Head, Sorting};

/// So many rows on a page.
const PAGE: i64 = 50;
const WHEN: Column = Column::falling("when");
/// What the log names beside the actions.
const SIGN_IN: &str = "sign_in";

pub(crate) fn routes() -> Rooms {
    Rooms::new().get("/staff/audit", Who::May(Action::ViewAudit), show)
}

struct Row {
    at: String,
    action: String,
    user: String,
    user_href: String,
    place: String,
    outcome: &'static str,
    allowed: bool,
}

struct Choice {
    name: &'static str,
    title: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "audit/show.html")]
struct ShowPage {
    page: Page,
    user: String,
    fault: String,
    actions: Vec<Choice>,
    heads: Vec<Head>,
    rows: Vec<Row>,
    first_href: String,
    next_href: String,
}

async fn show(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    let page = signed.page;
    let (user, action) = (page.param("user"), page.param("action"));
    let wanted = wanted(&site, &user).await?;
    let fault = match wanted {
        Wanted::Nobody => page.w.fill("audit.bad_user", &[("value", &user)]),
        _ => String::new(),
    };
    let sorting = Sorting::asked(&page, WHEN, &[]);
    let after: Option<i64> = page.param("after").parse().ok();
    let mut records = Vec::new();
    if !matches!(wanted, Wanted::Nobody) {
        // What is no action of the list is no filter.
        let action = action_names().find(|name| *name == action).map(str::to_owned);
        let filter = AuditFilter {
            user: wanted.user(),
            action,
            direction: sorting.direction(),
        };
        // What this very page noted stands on the next one.
        site.staff.flush().await;
        records = AuditRecord::page(&mut site.store.read().await?, &filter, after, PAGE).await?;
    }
    let is_full = i64::try_from(records.len()).is_ok_and(|rows| rows == PAGE);
    let last = records
        .last()
        .filter(|_| is_full)
        .map(|last| last.seq.to_string());
    let first_href = after.map_or_else(String::new, |_| page.here_with("after", ""));
    let names = Names::of(&site).await?;
    layout::html(&ShowPage {
        actions: action_names()
            .map(|name| Choice {
                name,
                title: title_of(&page, name),
                chosen: name == action,
            })
            .collect(),
        rows: records.iter().map(|record| row(&page, &names, record)).collect(),
        heads: vec![
            sorting.head(&page, WHEN, page.w.get("audit.when"), ""),
            Head::plain(page.w.get("audit.action"), ""),
            Head::plain(page.w.get("audit.who"), ""),
            Head::plain(page.w.get("audit.place"), ""),
            Head::plain(page.w.get("audit.outcome"), ""),
        ],
        first_href,
        next_href: last.map_or_else(String::new, |last| page.here_with("after", &last)),
        fault,
        user,
        page,
    })
}

/// Whose rows are asked for.
#[derive(Clone, Copy)]
enum Wanted {
    All,
    Of(UserId),
    /// What was typed names no user.
    Nobody,
}

impl Wanted {
    fn user(self) -> Option<UserId> {
        match self {
            Self::Of(user) => Some(user),
            Self::All | Self::Nobody => None,
        }
    }
}

/// Whoever a login or an id names.
async fn wanted(site: &Site, typed: &str) -> Result<Wanted, WebError> {
    if typed.is_empty() {
        return Ok(Wanted::All);
    }
    if let Ok(user) = typed.parse() {
        return Ok(Wanted::Of(user));
    }
    let Ok(login) = typed.parse() else {
        return Ok(Wanted::Nobody);
    };
    let user = staff::user_by_login(&mut site.store.read().await?, &login).await?;
    Ok(user.map_or(Wanted::Nobody, |user| Wanted::Of(user.id)))
}

fn action_names() -> impl Iterator<Item = &'static str> {
    [SIGN_IN]
        .into_iter()
        .chain(Action::ALL.into_iter().map(Action::as_str))
}

/// What people call an action.
fn title_of(page: &Page, name: &str) -> String {
    page.w.get(&format!("action.{name}")).to_owned()
}

/// The partner of the exchange who asked, where it was one: the subject begins with its name.
fn partner(record: &AuditRecord) -> Option<String> {
    let subject = record.subject.as_deref()?;
    let name = subject.split(' ').next()?;
    name.starts_with("dci:").then(|| name.to_owned())
}

fn row(page: &Page, names: &Names, record: &AuditRecord) -> Row {
    let allowed = record.outcome == Outcome::Allowed;
    Row {
        at: minute(record.at),
        action: title_of(page, &record.action),
        user: record.user.map_or_else(
            || partner(record).unwrap_or_else(|| page.w.get("audit.nobody").to_owned()),
            |user| names.get(&user.to_string()),
        ),
        user_href: record
            .user
            .map_or_else(String::new, |user| page.href(&format!("/staff/users/{user}"))),
        place: record.place.map_or_else(String::new, |place| place.to_string()),
        outcome: if allowed {
            "outcome.allowed"
        } else {
            "outcome.denied"
        },
        allowed,
    }
}
