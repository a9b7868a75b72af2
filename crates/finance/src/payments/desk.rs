//! The desk of payments: what its commands need besides the store, behind one handle.

use std::sync::Arc;

use kernel::{Actor, IdSource, PlaceCode, Refusal, SecretSource};
use people::staff::{Action, Viewer};
use store::{Keyring, SealedColumn, Store};

use super::repo as sql;
use super::rules::{account_owner, payee_owner, payer_owner, unseal};

/// Where payments are made. The other files of this module add what it does.
pub struct Payments {
    pub(super) store: Store,
    pub(super) keyring: Keyring,
    pub(super) secrets: Arc<dyn SecretSource>,
    pub(super) ids: Arc<dyn IdSource>,
}

/// What of payments is sealed under the key of the data folder.
pub const SEALED: [SealedColumn; 3] = [
    SealedColumn {
        name: "payment_batches.payer_sealed",
        page: sql::SEALED_PAYERS,
        put: sql::PUT_PAYERS,
        owner: |id| payer_owner(id),
    },
    SealedColumn {
        name: "payment_lines.payee_sealed",
        page: sql::SEALED_PAYEES,
        put: sql::PUT_PAYEES,
        owner: |id| payee_owner(id),
    },
    SealedColumn {
        name: "payment_lines.account_sealed",
        page: sql::SEALED_ACCOUNTS,
        put: sql::PUT_ACCOUNTS,
        owner: |id| account_owner(id),
    },
];

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
        unseal(&self.keyring, sealed, owner)
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
