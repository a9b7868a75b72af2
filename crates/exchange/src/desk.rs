//! What the exchange works with.

use std::sync::Arc;

use dci::SigningKey;
use jiff::Timestamp;
use kernel::{Clock, Fault, IdSource, Refusal, SecretSource};
use people::staff::Staff;
use registry::Registry;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{Keyring, SealedColumn, Store};

use crate::repo as sql;

/// A signature of ours stands for so long, in seconds.
const SIGNED_FOR: i64 = 60 * 60;

/// The exchange of a store.
pub struct Exchange {
    pub(crate) store: Store,
    pub(crate) registry: Registry,
    pub(crate) staff: Staff,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdSource>,
    pub(crate) sealer: Sealer,
    key: SigningKey,
}

/// Seals what names persons for the message it belongs to.
#[derive(Clone)]
pub(crate) struct Sealer {
    keyring: Keyring,
    secrets: Arc<dyn SecretSource>,
}

/// What is kept of a message that was answered, or is to be: sealed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// Where it goes; none where it was answered at once.
    pub url: Option<String>,
    pub header: Value,
    pub message: Value,
}

impl Exchange {
    /// The exchange of a registry. It signs with a key made from the one beside the database, so that a backup holds it.
    ///
    /// # Errors
    /// `dci.no_key`.
    pub fn new(
        (store, registry, staff): (Store, Registry, Staff),
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdSource>,
        keyring: Keyring,
        secrets: Arc<dyn SecretSource>,
    ) -> Result<Self, Refusal> {
        let seed = keyring.mark("dci-signing-key", "1");
        let key = dci::public_key(&seed).and_then(|seed| SigningKey::of(&seed));
        let key = key.ok_or_else(|| Refusal::new("dci.no_key", Fault::Broken))?;
        Ok(Self {
            store,
            registry,
            staff,
            clock,
            ids,
            sealer: Sealer { keyring, secrets },
            key,
        })
    }

    /// The public key that partners check our messages with, in base64, and by what it is told from others.
    #[must_use]
    pub fn public_key(&self) -> (String, String) {
        (self.key.public(), self.key.id())
    }

    /// An envelope in our name, signed now.
    pub(crate) fn signed(&self, as_whom: &str, header: &Value, message: &Value) -> Value {
        let now = self.clock.now().as_second();
        let signature = self.key.sign(as_whom, header, message, (now, SIGNED_FOR));
        serde_json::json!({ "signature": signature.to_string(), "header": header, "message": message })
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

impl Sealer {
    pub(crate) fn seal(&self, id: &str, kept: &Kept) -> Result<String, Refusal> {
        let json = serde_json::to_vec(kept).map_err(|error| Refusal::broken("store.bad_json", &error))?;
        self.keyring.seal(&json, &owner(id), self.secrets.as_ref())
    }

    pub(crate) fn open(&self, id: &str, sealed: &str) -> Result<Kept, Refusal> {
        let json = self.keyring.open(sealed, &owner(id))?;
        serde_json::from_slice(&json).map_err(|error| Refusal::broken("store.secret_unreadable", &error))
    }

    /// By what the same message is known when it comes again, without what it says.
    pub(crate) fn mark(&self, text: &str) -> String {
        self.keyring.mark("dci-message", text)
    }
}

/// What of the exchange is sealed under the key of the data folder.
pub const SEALED: [SealedColumn; 2] = [
    SealedColumn {
        name: "dci_messages.sealed_request",
        page: sql::SEALED_REQUESTS,
        put: sql::PUT_REQUESTS,
        owner,
    },
    SealedColumn {
        name: "dci_messages.sealed_answer",
        page: sql::SEALED_ANSWERS,
        put: sql::PUT_ANSWERS,
        owner,
    },
];

fn owner(id: &str) -> String {
    format!("dci-message:{id}")
}

/// A value as JSON.
pub(crate) fn to_json(value: &impl Serialize) -> Result<Value, Refusal> {
    serde_json::to_value(value).map_err(|error| Refusal::broken("store.bad_json", &error))
}
