//! The pages: what a visitor's browser gets, and what staff get who are signed in.
//!
//! ```text
//! request -> door      language from the path, theme and session from cookies, a reference number; a form of another
//!                      site is refused; kept pages answered here
//!         -> routes    one table of all addresses with who may use each
//!         -> a module  home, figures, reports, places, styleguide …: routes, then pages, then one askama view each
//!         -> api       the same as JSON, from one table of endpoints
//!         -> dci       messages of partners, by the interface of the DCI
//!         -> openrosa  forms for phones, as XML
//!         -> door      a refusal becomes a page or problem JSON; compression, ETag, headers
//! ```
//! A handler takes its [`Page`] and gives a view or a [`WebError`]; no rule and no SQL stands here. Everything works
//! without script but passkeys and filling in forms without a network (`outbox`). Deliberately absent: a template that computes.

mod account;
mod api;
mod assets;
mod audit;
mod back;
mod books;
mod cache;
mod caller;
mod checks;
mod csrf;
mod dci;
mod desk;
mod door;
mod error;
mod evidence;
mod figures;
mod files;
mod form;
mod front;
mod fund;
mod headers;
mod home;
mod hooks;
mod intake;
mod jobs;
mod language;
mod layout;
mod multipart;
mod openrosa;
mod organisations;
mod outbox;
mod page;
mod paging;
mod payments;
mod periods;
mod places;
mod preferences;
mod preparing;
mod registry;
mod reports;
mod routes;
mod shelf;
mod signed;
mod signin;
mod site;
mod sorting;
mod styleguide;
pub mod testing;
mod theme;
mod tries;
mod users;
mod words;
mod workshop;

pub use caller::{Caller, RouteName};
pub use error::WebError;
pub use evidence::Evidence;
pub use form::{Field, Fields, FormState};
pub use front::Front;
pub use page::{Page, Visitor};
pub use paging::{Paged, page_after};
pub use routes::{Route, Who};
pub use shelf::{DownloadFile, Published, Shelf, Shelved, Shown};
pub use signed::Signed;
pub use site::Site;
pub use theme::Theme;
pub use workshop::{MoreFiles, Workshop, work};

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use routes::Rooms;

/// What every handler is given beside its [`Page`].
pub(crate) type Shared = Arc<Site>;

/// So much of a form is read, in bytes.
const FORM_BYTES_MAX: usize = 64 << 10;

/// The whole site as one router.
pub fn router(site: impl Into<Arc<Site>>) -> Router {
    let site: Arc<Site> = site.into();
    let rooms = rooms()
        .into_router()
        .merge(api::routes())
        .merge(dci::routes())
        .merge(openrosa::routes(&site))
        .fallback(|| async { WebError::missing() })
        .method_not_allowed_fallback(|| async { WebError::method_not_allowed() })
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(tower_http::catch_panic::CatchPanicLayer::new())
        .layer(axum::middleware::from_fn(caller::name_route))
        .with_state(Arc::clone(&site));
    door::before(site, rooms)
}

/// Every route with who may use it.
pub fn table() -> Vec<Route> {
    rooms().into_table()
}

/// Every endpoint of the API with who may use it.
pub fn api_table() -> Vec<Route> {
    api::table()
}

/// Every address of the exchange with partners.
pub fn dci_table() -> Vec<Route> {
    dci::table()
}

/// Every route of OpenRosa with who may use it.
pub fn openrosa_table() -> Vec<Route> {
    openrosa::table()
}

fn rooms() -> Rooms {
    Rooms::new()
        .merge(home::routes())
        .merge(figures::routes())
        .merge(reports::routes())
        .merge(places::routes())
        .merge(styleguide::routes())
        .merge(preferences::routes())
        .merge(signin::routes())
        .merge(account::routes())
        .merge(users::routes())
        .merge(organisations::routes())
        .merge(audit::routes())
        .merge(assets::routes())
        .merge(intake::routes())
        .merge(periods::routes())
        .merge(preparing::routes())
        .merge(jobs::routes())
        .merge(checks::routes())
        .merge(hooks::routes())
        .merge(books::routes())
        .merge(payments::routes())
        .merge(fund::routes())
        .merge(registry::routes())
        .get("/healthz", Who::Everyone, || async { "ok\n" })
}
