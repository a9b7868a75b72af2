//! The table of routes: every address stands in it once with its method and who may use it, and what the table says is
//! held before the handler runs.
//!
//! The router is built from the table, so a route that is not in it does not exist. A handler that touches one place
//! still asks [`Signed::require`](crate::Signed::require) with that place: the table knows the action only.

use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use people::staff::Action;

use crate::Shared;
use crate::signed::Signed;

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Anyone.
    Everyone,
    /// Whoever is signed in.
    SignedIn,
    /// Whoever may do this, at some place at least.
    May(Action),
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path without its language; `{name}` stands for what varies.
    pub path: &'static str,
    /// Who may use it.
    pub who: Who,
}

/// The routes of a module, with their table.
#[derive(Default)]
pub(crate) struct Rooms {
    router: Router<Shared>,
    table: Vec<Route>,
}

impl Rooms {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A page.
    pub(crate) fn get<H, T>(self, path: &'static str, who: Who, handler: H) -> Self
    where
        H: Handler<T, Shared>,
        T: 'static,
    {
        self.at(Method::GET, path, who, on(MethodFilter::GET, handler))
    }

    /// A form or a command.
    pub(crate) fn post<H, T>(self, path: &'static str, who: Who, handler: H) -> Self
    where
        H: Handler<T, Shared>,
        T: 'static,
    {
        self.at(Method::POST, path, who, on(MethodFilter::POST, handler))
    }

    /// A route with layers of its own, such as another limit of its body. `room` answers `method` only.
    pub(crate) fn at(
        mut self,
        method: Method,
        path: &'static str,
        who: Who,
        room: MethodRouter<Shared>,
    ) -> Self {
        let guarded = if who == Who::Everyone {
            room
        } else {
            room.layer(middleware::from_fn(move |request: Request, next: Next| {
                guard(who, request, next)
            }))
        };
        self.router = self.router.route(path, guarded);
        self.table.push(Route { method, path, who });
        self
    }

    pub(crate) fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.table.extend(other.table);
        self
    }

    pub(crate) fn into_router(self) -> Router<Shared> {
        self.router
    }

    pub(crate) fn into_table(self) -> Vec<Route> {
        self.table
    }
}

/// Holds what the table says.
async fn guard(who: Who, request: Request, next: Next) -> Response {
    let signed = Signed::of(request.extensions(), request.method());
    let allowed = signed.and_then(|signed| match who {
        Who::Everyone | Who::SignedIn => Ok(()),
        Who::May(action) => signed.require(action, None).map(drop),
    });
    match allowed {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

/// Whether a path takes forms of people who are not signed in, which have no secret of a session to bring back.
pub(crate) fn is_open(path: &str) -> bool {
    path == "/preferences"
        || path == "/signin"
        || path.starts_with("/signin/")
        || path.starts_with("/invitations/")
}
