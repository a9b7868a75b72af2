//! What sign-in by organisations works with, behind one handle.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use kernel::{Clock, Refusal, SecretSource};
use outbound::Reach;
use people::staff::{Secret, Staff};
use store::{Keyring, Store};

use crate::cache::Cache;

/// Sign-in by organisations. The other files of this crate add what it does.
pub struct Oidc {
    pub(crate) store: Store,
    pub(crate) staff: Staff,
    pub(crate) keyring: Keyring,
    pub(crate) reach: Reach,
    pub(crate) cache: Cache,
    pub(crate) secrets: Arc<dyn SecretSource>,
    clock: Arc<dyn Clock>,
}

impl Oidc {
    /// Sign-in by the providers of a store, to the desk of its staff.
    pub fn new(
        staff: Staff,
        store: Store,
        clock: Arc<dyn Clock>,
        secrets: Arc<dyn SecretSource>,
        keyring: Keyring,
        reach: Reach,
    ) -> Self {
        Self {
            store,
            staff,
            keyring,
            reach,
            cache: Cache::default(),
            secrets,
            clock,
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// 256 bits that nobody can guess, as 43 letters that may stand in an address.
    pub(crate) fn draw(&self) -> Result<Secret, Refusal> {
        let mut bytes = [0_u8; 32];
        self.secrets.fill(&mut bytes)?;
        Ok(Secret::kept(URL_SAFE_NO_PAD.encode(bytes)))
    }
}
