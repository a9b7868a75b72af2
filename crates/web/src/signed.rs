//! Who stands before a request, for handlers that need someone: nobody is sent to sign in.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Extensions, Method};
use kernel::{Actor, PlaceCode};
use people::staff::{Action, AuditEntry, Outcome, UserId, Viewer};

use crate::error::WebError;
use crate::page::Page;

/// Whoever makes a request, as the door found them. In every request, nobody too.
#[derive(Clone)]
pub(crate) struct Caller {
    pub viewer: Viewer,
    /// By what the session is known; none for an API key.
    pub token: Option<String>,
    /// From where, as far as it is known.
    pub address: Option<String>,
}

/// Someone who is signed in, with the page they look at. As a parameter of a handler it turns nobody away: a page
/// leads to `/signin` and back, a machine gets 401.
#[derive(Clone, Debug)]
pub struct Signed {
    /// The page.
    pub page: Page,
    /// Who looks at it and what they may do.
    pub viewer: Viewer,
    /// Their id.
    pub user: UserId,
    /// From where, as far as it is known.
    pub address: Option<String>,
}

impl Signed {
    /// Whoever a request was found to come from, or the answer that leads them to sign in.
    pub(crate) fn of(extensions: &Extensions, method: &Method) -> Result<Self, WebError> {
        let (page, caller) = extensions
            .get::<Page>()
            .zip(extensions.get::<Caller>())
            .ok_or_else(WebError::no_page)?;
        match caller.viewer.user {
            Some(user) => Ok(Self {
                page: page.clone(),
                viewer: caller.viewer.clone(),
                user,
                address: caller.address.clone(),
            }),
            None => Err(to_sign_in(page, method)),
        }
    }

    /// Refuses what they may not do, with 403; the door writes that into the audit log. Answers who gives the command.
    pub fn require(&self, action: Action, place: Option<PlaceCode>) -> Result<Actor, WebError> {
        let refused = |refusal| WebError::from(refusal).denied(self.entry(action, place));
        self.viewer.require(action, place).map_err(refused)
    }

    /// The same for what they must be allowed to do in the whole country, not only at their own places.
    pub fn require_everywhere(&self, action: Action) -> Result<Actor, WebError> {
        let refused = |refusal| WebError::from(refusal).denied(self.entry(action, None));
        self.viewer.require_everywhere(action).map_err(refused)
    }

    /// The same for what is done at a place, or in the whole country where there is none.
    pub fn require_at(&self, action: Action, place: Option<PlaceCode>) -> Result<Actor, WebError> {
        match place {
            Some(place) => self.require(action, Some(place)),
            None => self.require_everywhere(action),
        }
    }

    /// Whether [`Signed::require_at`] lets them.
    #[must_use]
    pub fn may_at(&self, action: Action, place: Option<PlaceCode>) -> bool {
        match place {
            Some(place) => self.viewer.may(action, Some(place)),
            None => self.viewer.may_everywhere(action),
        }
    }

    /// The same for what they may not even know to exist: 404, as if it did not.
    pub fn require_or_missing(&self, action: Action, place: Option<PlaceCode>) -> Result<Actor, WebError> {
        let missing = |_| WebError::missing().denied(self.entry(action, place));
        self.viewer.require(action, place).map_err(missing)
    }

    /// Who gives commands that need no grant, such as those on one's own account.
    pub fn actor(&self) -> Result<Actor, WebError> {
        self.viewer.actor().ok_or_else(WebError::no_page)
    }

    fn entry(&self, action: Action, place: Option<PlaceCode>) -> AuditEntry {
        AuditEntry {
            user: Some(self.user),
            action: action.as_str(),
            subject: None,
            place,
            outcome: Outcome::Denied,
            request_id: Some(self.page.request_id.clone()),
            address: self.address.clone(),
        }
    }
}

/// The way to the sign-in page, and from there back to a page that was asked for.
fn to_sign_in(page: &Page, method: &Method) -> WebError {
    let href = page.href("/signin");
    if !matches!(*method, Method::GET | Method::HEAD) {
        return WebError::sign_in(href);
    }
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("back", &page.here());
    WebError::sign_in(format!("{href}?{}", query.finish()))
}

impl<S: Sync> FromRequestParts<S> for Signed {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, WebError> {
        Self::of(&parts.extensions, &parts.method)
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, WebError> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(WebError::no_page)
    }
}
