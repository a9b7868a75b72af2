//! Metadata and keys of providers: fetched when they are needed, kept for an hour, and longer while a provider is away.
//!
//! One request at a time goes to a provider for them. A provider that failed is left alone for ten seconds, so that a slow
//! one makes one person wait and not everybody. A key that is not known is looked for once more in a set fetched anew, at
//! most once a minute: this is how a provider changes its keys, and no way to make us ask without end.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use kernel::{Fault, Refusal};
use outbound::{Answer, Request, send};
use tokio::sync::{Mutex as Turn, Semaphore, SemaphorePermit};

use crate::desk::Oidc;
use crate::failure::Failure;
use crate::jwk::{Algorithm, KeySet, PublicKey};
use crate::metadata::{Metadata, address};

/// What was fetched is good for so long.
const LIFE: SignedDuration = SignedDuration::from_hours(1);
/// While the provider is away it is used for so long.
const LIFE_WHILE_AWAY: SignedDuration = SignedDuration::from_hours(24);
/// After a failure the provider is left alone for so long.
const LEFT_ALONE: SignedDuration = SignedDuration::from_secs(10);
/// Keys are fetched for the sake of one that is not known no more often than this.
const KEYS_REFETCH_EVERY: SignedDuration = SignedDuration::from_mins(1);
/// So many codes are exchanged with one provider at once.
const EXCHANGES_MAX: usize = 8;

/// A provider has so long for an answer.
pub(crate) const ANSWER: Duration = Duration::from_secs(5);
/// No document of a provider is longer, in bytes.
pub(crate) const ANSWER_BYTES_MAX: usize = 256 << 10;
/// Who asks.
pub(crate) const AGENT: &str = "Fishpond-Sign-In/1";

/// What is known of providers, by their issuers.
#[derive(Default)]
pub(crate) struct Cache(Mutex<HashMap<String, Arc<Slot>>>);

/// What is known of one provider.
struct Slot {
    known: Turn<Known>,
    exchanges: Semaphore,
}

#[derive(Default)]
struct Known {
    metadata: Held<Metadata>,
    keys: Held<KeySet>,
}

/// Something that was fetched.
struct Held<T> {
    value: Option<(Arc<T>, Timestamp)>,
    failed_at: Option<Timestamp>,
}

impl<T> Default for Held<T> {
    fn default() -> Self {
        Self {
            value: None,
            failed_at: None,
        }
    }
}

impl<T> Held<T> {
    fn younger_than(&self, life: SignedDuration, now: Timestamp) -> Option<Arc<T>> {
        let (value, at) = self.value.as_ref()?;
        (now.duration_since(*at) < life).then(|| Arc::clone(value))
    }

    /// What is held, fetched first where it is too old.
    async fn get(
        &mut self,
        life: SignedDuration,
        now: Timestamp,
        provider: &str,
        fetch: impl Future<Output = Result<T, Failure>>,
    ) -> Result<Arc<T>, Failure> {
        if let Some(value) = self.younger_than(life, now) {
            return Ok(value);
        }
        let is_left_alone = self
            .failed_at
            .is_some_and(|at| now.duration_since(at) < LEFT_ALONE);
        let failure = if is_left_alone {
            Failure::Unavailable("cache", "it failed a moment ago".to_owned())
        } else {
            match fetch.await {
                Ok(value) => {
                    let value = Arc::new(value);
                    (self.value, self.failed_at) = (Some((Arc::clone(&value), now)), None);
                    return Ok(value);
                }
                Err(failure) => {
                    self.failed_at = Some(now);
                    failure
                }
            }
        };
        let old = self.younger_than(LIFE_WHILE_AWAY, now);
        old.map_or(Err(failure), |old| {
            tracing::warn!(provider, "a provider is away; what was fetched earlier is used");
            Ok(old)
        })
    }
}

impl Cache {
    fn slot(&self, issuer: &str) -> Arc<Slot> {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = slots.entry(issuer.to_owned()).or_insert_with(|| {
            Arc::new(Slot {
                known: Turn::default(),
                exchanges: Semaphore::new(EXCHANGES_MAX),
            })
        });
        Arc::clone(slot)
    }
}

/// A provider while a sign-in is under way: what is known of it, and one of its turns.
pub(crate) struct Asked(Arc<Slot>);

impl Asked {
    /// One of the exchanges that may go on at once.
    pub(crate) fn turn(&self) -> Result<SemaphorePermit<'_>, Failure> {
        let turn = self.0.exchanges.try_acquire();
        turn.map_err(|_| Failure::Unavailable("turn", "too many exchanges at once".to_owned()))
    }
}

impl Oidc {
    pub(crate) fn asked(&self, issuer: &str) -> Asked {
        Asked(self.cache.slot(issuer))
    }

    /// A provider's metadata.
    pub(crate) async fn metadata(&self, issuer: &str) -> Result<Arc<Metadata>, Failure> {
        let slot = self.cache.slot(issuer);
        let mut known = slot.known.lock().await;
        let fetch = self.fetch_metadata(issuer);
        known.metadata.get(LIFE, self.now(), issuer, fetch).await
    }

    /// The key that a token names.
    pub(crate) async fn key(
        &self,
        issuer: &str,
        metadata: &Metadata,
        kid: Option<&str>,
        algorithm: Algorithm,
    ) -> Result<PublicKey, Failure> {
        let slot = self.cache.slot(issuer);
        let mut known = slot.known.lock().await;
        for life in [LIFE, KEYS_REFETCH_EVERY] {
            let fetch = self.fetch_keys(&metadata.jwks);
            let keys = known.keys.get(life, self.now(), issuer, fetch).await?;
            if let Some(key) = keys.find(kid, algorithm) {
                return Ok(key.clone());
            }
        }
        Err(Failure::Refused("kid"))
    }

    /// Whether a provider could let anybody in, asked before it is added; else `oidc.provider_unusable`, saying why.
    pub(crate) async fn probe(&self, issuer: &str) -> Result<(), Refusal> {
        let looked_at = async {
            let metadata = self.fetch_metadata(issuer).await?;
            self.fetch_keys(&metadata.jwks).await
        };
        match looked_at.await {
            Ok(_) => Ok(()),
            Err(Failure::Broken(refusal)) => Err(refusal),
            Err(Failure::Refused(cause)) => Err(unusable(issuer, "", cause)),
            Err(Failure::Unavailable(asked, cause)) => Err(unusable(issuer, asked, &cause)),
        }
    }

    async fn fetch_metadata(&self, issuer: &str) -> Result<Metadata, Failure> {
        let bytes = self.fetch("metadata", &address(issuer)).await?;
        let read = Metadata::read(&bytes, issuer, self.reach);
        read.map_err(|rule| Failure::Unavailable("metadata", rule.to_owned()))
    }

    async fn fetch_keys(&self, address: &str) -> Result<KeySet, Failure> {
        let bytes = self.fetch("keys", address).await?;
        KeySet::read(&bytes).ok_or_else(|| Failure::Unavailable("keys", "no set of keys".to_owned()))
    }

    async fn fetch(&self, asked: &'static str, url: &str) -> Result<Vec<u8>, Failure> {
        let headers = vec![("accept", "application/json".to_owned())];
        let answer = self.ask(asked, url, headers, None).await?;
        if answer.is_success() {
            Ok(answer.body)
        } else {
            Err(Failure::Unavailable(asked, answer.status.to_string()))
        }
    }

    /// One request to a provider, bounded in time and size.
    pub(crate) async fn ask(
        &self,
        asked: &'static str,
        url: &str,
        headers: Vec<(&'static str, String)>,
        body: Option<Vec<u8>>,
    ) -> Result<Answer, Failure> {
        let request = Request {
            url,
            agent: AGENT,
            headers,
            body,
            wait: ANSWER,
            answer_bytes_max: Some(ANSWER_BYTES_MAX),
        };
        let answer = send(request, self.reach).await;
        answer.map_err(|unreached| Failure::unreached(asked, unreached))
    }
}

fn unusable(issuer: &str, asked: &str, cause: &str) -> Refusal {
    let refusal = Refusal::new("oidc.provider_unusable", Fault::Refused).at("issuer");
    refusal.value(issuer).fact("asked", asked).fact("cause", cause)
}
