//! What the listening side and the pages tell each other about a request: who called, and which route it was.

use std::net::IpAddr;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;

/// Who called; the listening side puts it into the request's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The reader's address: of the connection, or as a trusted proxy gives it.
    pub address: IpAddr,
    /// Whether the reader came by HTTPS.
    pub secure: bool,
}

/// The template of the route that answered, such as `/figures/{id}`; in the extensions of an answer. It is what logs and
/// metrics may know of an address.
#[derive(Clone, Debug)]
pub struct RouteName(MatchedPath);

impl RouteName {
    /// The template.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// Puts the route into the answer.
pub(crate) async fn name_route(route: Option<MatchedPath>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if let Some(route) = route {
        response.extensions_mut().insert(RouteName(route));
    }
    response
}
