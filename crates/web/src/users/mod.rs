//! `/staff/users`: who may sign in, and what they may do.

mod change;
mod list;
mod one;

pub(crate) use one::{Shown, answer, found};

use change::Access;
use people::staff::{Action, UserId};

use crate::error::WebError;
use crate::page::Page;
use crate::routes::{Rooms, Who};

const MANAGE: Who = Who::May(Action::ManageUsers);

pub(crate) fn routes() -> Rooms {
    Rooms::new()
        .get("/staff/users", MANAGE, list::show)
        .post("/staff/users", MANAGE, list::create)
        .get("/staff/users/{id}", MANAGE, one::show)
        .post("/staff/users/{id}/grants", MANAGE, change::grant)
        .post(
            "/staff/users/{id}/grants/{grant}/revocation",
            MANAGE,
            change::revoke,
        )
        .post("/staff/users/{id}/disablement", MANAGE, |site, id, signed| {
            change::access(site, id, signed, Access::Shut)
        })
        .post("/staff/users/{id}/enablement", MANAGE, |site, id, signed| {
            change::access(site, id, signed, Access::Open)
        })
        .post("/staff/users/{id}/link", MANAGE, change::link)
}

/// The path of a user's page.
pub(crate) fn path_of(page: &Page, user: UserId) -> String {
    page.href(&format!("/staff/users/{user}"))
}

/// The user an address names.
fn user_in(id: &str) -> Result<UserId, WebError> {
    id.parse().map_err(|_| WebError::missing())
}
