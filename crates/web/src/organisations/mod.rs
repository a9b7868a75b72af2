//! `/staff/organisations`: by which organisations people sign in, and who of them may.
//!
//! Providers are added by `fishpond oidc`, on the machine, because a secret comes with them; here they are looked at. Who
//! may come in by one is decided on the page of a user.

mod index;
mod person;
mod show;

pub(crate) use person::{Organisations, Refused, of_user};

use oidc::IdentityState;
use people::staff::Action;

use crate::page::Page;
use crate::routes::{Rooms, Who};

const MANAGE: Who = Who::May(Action::ManageUsers);

pub(crate) fn routes() -> Rooms {
    Rooms::new()
        .get("/staff/organisations", MANAGE, index::show)
        .get("/staff/organisations/{name}", MANAGE, show::show)
        .post("/staff/users/{id}/identities", MANAGE, person::invite)
        .post(
            "/staff/users/{id}/identities/{identity}/removal",
            MANAGE,
            person::unlink,
        )
        .post(
            "/staff/users/{id}/organisation-only",
            MANAGE,
            |site, id, signed| person::bind(site, id, signed, true),
        )
        .post(
            "/staff/users/{id}/organisation-only/removal",
            MANAGE,
            |site, id, signed| person::bind(site, id, signed, false),
        )
}

fn path_of(page: &Page, name: &str) -> String {
    page.href(&format!("/staff/organisations/{name}"))
}

/// The words of a state and its tone.
fn state_words(state: IdentityState, page: &Page) -> (String, &'static str) {
    let (key, tone) = match state {
        IdentityState::Linked => ("organisations.linked", "good"),
        IdentityState::Invited => ("organisations.invited", "open"),
        IdentityState::Expired => ("organisations.expired", "bad"),
    };
    (page.w.get(key).to_owned(), tone)
}
