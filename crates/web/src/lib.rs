//! The pages: what a visitor's browser gets, public for now.
//!
//! ```text
//! request -> door      language from the path, theme from the cookie, a reference number; kept pages answered here
//!         -> a module  home, figures, reports, places, styleguide: routes, then pages, then one askama view each
//!         -> door      a refusal becomes a page or problem JSON; compression, ETag, headers
//! ```
//! A handler takes its [`Page`] and gives a view or a [`WebError`]; no rule and no SQL stands here. Everything works
//! without script. Deliberately absent: sessions and forms that change state (they come with sign-in), a template
//! that computes.

mod assets;
mod cache;
mod caller;
mod door;
mod error;
mod evidence;
mod figures;
mod form;
mod headers;
mod home;
mod language;
mod layout;
mod page;
mod paging;
mod places;
mod preferences;
mod reports;
mod site;
mod styleguide;
pub mod testing;
mod theme;
mod words;

pub use caller::{Caller, Route};
pub use error::WebError;
pub use evidence::Evidence;
pub use form::{Field, Fields, FormState};
pub use page::{Page, Visitor};
pub use paging::{Paged, page_after};
pub use site::{DownloadFile, Published, Site};
pub use theme::Theme;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;

/// What every handler is given beside its [`Page`].
pub(crate) type Shared = Arc<Site>;

/// So much of a form is read, in bytes.
const FORM_BYTES_MAX: usize = 64 << 10;

/// The whole site as one router.
pub fn router(site: Site) -> Router {
    let site = Arc::new(site);
    let rooms = Router::new()
        .merge(home::routes())
        .merge(figures::routes())
        .merge(reports::routes())
        .merge(places::routes())
        .merge(styleguide::routes())
        .merge(preferences::routes())
        .merge(assets::routes())
        .route("/healthz", get(|| async { "ok\n" }))
        .fallback(|| async { WebError::missing() })
        .method_not_allowed_fallback(|| async { WebError::method_not_allowed() })
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(tower_http::catch_panic::CatchPanicLayer::new())
        .layer(axum::middleware::from_fn(caller::name_route))
        .with_state(Arc::clone(&site));
    door::before(site, rooms)
}
