//! The desk of payments: what its commands need besides the store, behind one handle.

use std::sync::Arc;

use kernel::{Actor, IdSource, PlaceCode, Refusal, SecretSource};
use people::staff::{Action, Viewer};
use store::{Keyring, Store};

/// Where payments are made. The other files of this module add what it does.
pub struct Payments {
    pub(super) store: Store,
    pub(super) keyring: Keyring,
    pub(super) secrets: Arc<dyn SecretSource>,
    pub(super) ids: Arc<dyn IdSource>,
}

impl Payments {
    /// The payments of a store.
    pub fn new(
        store: Store,
        keyring: Keyring,
        secrets: Arc<dyn SecretSource>,
        ids: Arc<dyn IdSource>,
    ) -> Self {
        Self {
            store,
            keyring,
            secrets,
            ids,
        }
    }

    /// Seals a text for its owner.
    pub(super) fn seal(&self, text: &str, owner: &str) -> Result<String, Refusal> {
        self.keyring.seal(text.as_bytes(), owner, self.secrets.as_ref())
    }

    /// Opens what was sealed for an owner.
    pub(super) fn unseal(&self, sealed: &str, owner: &str) -> Result<String, Refusal> {
        let bytes = self.keyring.open(sealed, owner)?;
        String::from_utf8(bytes).map_err(|error| Refusal::broken("store.secret_unreadable", &error))
    }

    /// The mark by which an account is found again.
    pub(super) fn account_mark(&self, number: &str) -> String {
        self.keyring.mark("account", number)
    }
}

/// Who does something with payments of a place, or, where there is none, of the whole country.
///
/// # Errors
/// `staff.sign_in_required`, `staff.denied`.
pub fn require(viewer: &Viewer, action: Action, place: Option<PlaceCode>) -> Result<Actor, Refusal> {
    match place {
        Some(place) => viewer.require(action, Some(place)),
        None => viewer.require_everywhere(action),
    }
}
