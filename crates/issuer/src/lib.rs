//! A small OpenID provider for tests: discovery, keys, authorization, tokens and userinfo over HTTP on this machine, with
//! keys of its own, and all the ways to do it wrong that a relying party must withstand ([`Twist`]).
//!
//! It runs on a thread of its own until it is dropped, so that tests with and without a runtime can use it. Who signs in is
//! said beforehand ([`Issuer::person`]); with [`Issuer::asks_first`] a page with a button asks, for a browser to press.
//! Deliberately absent: passwords, consent, sessions. It is the other side of a wire and uses nothing of the product.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a helper of tests fails the test by panicking"
)]

mod codes;
mod serve;
mod sign;
mod state;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Map, Value, json};
use tokio::sync::oneshot;

pub use sign::Algorithm;
use state::State;
pub use state::{Asked, Twist};

/// What the provider knows its one client by.
pub const CLIENT_ID: &str = "fishpond";
/// What only the two know; with letters that need care in a header.
pub const CLIENT_SECRET: &str = "s3cret:with+odd/letters%";

/// A running provider.
pub struct Issuer {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    stop: Option<oneshot::Sender<()>>,
}

/// What the provider sends the browser back with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SentBack {
    /// The whole address.
    pub href: String,
    /// The state as it came.
    pub state: String,
    /// The code.
    pub code: String,
    /// Who the provider says it is; empty where it says nothing.
    pub issuer: String,
}

impl Issuer {
    /// A provider on a free port of this machine, which signs with RS256 and knows Lan of Li County.
    #[must_use]
    pub fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("a socket of this machine");
        let address = listener.local_addr().expect("it listens");
        let state = Arc::new(Mutex::new(State::new(format!("http://{address}"))));
        let (stop, stopped) = oneshot::channel();
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime
                .expect("a runtime")
                .block_on(serve::serve(listener, shared, stopped));
        });
        let issuer = Self {
            address,
            state,
            stop: Some(stop),
        };
        issuer.person(
            "subject-of-lan",
            json!({ "email": "lan@li.example", "email_verified": true, "employee_number": "6212" }),
        );
        issuer
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Its issuer identifier.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on this person signs in, of whom these claims are told.
    pub fn person(&self, subject: &str, claims: Value) {
        let mut state = self.state();
        subject.clone_into(&mut state.subject);
        state.claims = match claims {
            Value::Object(map) => map,
            _ => Map::new(),
        };
    }

    /// Tells the claims of the person at userinfo only, as the standard has it for the code flow.
    pub fn tells_at_userinfo_only(&self) {
        self.state().at_userinfo_only = true;
    }

    /// Signs in this way from now on.
    pub fn signs_with(&self, algorithm: Algorithm) {
        self.state().algorithm = algorithm;
    }

    /// Takes client name and secret as fields of the form, and not in a header.
    pub fn takes_secrets_in_forms(&self) {
        self.state().secrets_in_forms = true;
    }

    /// Does this wrong from now on; none does everything right.
    pub fn twist(&self, twist: Option<Twist>) {
        self.state().twist = twist;
    }

    /// The time of its clock, in seconds since 1970; else that of the machine.
    pub fn clock(&self, second: i64) {
        self.state().now = Some(second);
    }

    /// Changes its keys: what it signs from now on carries another name of a key.
    pub fn changes_keys(&self) {
        self.state().keys += 1;
    }

    /// Shows a page with a button before it sends anyone back.
    pub fn asks_first(&self) {
        self.state().asks_first = true;
    }

    /// How often it was asked for what.
    #[must_use]
    pub fn asked(&self) -> Asked {
        self.state().asked
    }

    /// Signs the person in at an address of the authorization endpoint, as their browser would.
    ///
    /// # Panics
    /// The request is not one that a relying party may make.
    #[must_use]
    pub fn sign_in(&self, href: &str) -> SentBack {
        let (_, query) = href.split_once('?').expect("a query");
        let sent = codes::authorize(&mut self.state(), query);
        sent.expect("a request that a provider may answer")
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // It may have ended already.
            let _ = stop.send(());
        }
    }
}
