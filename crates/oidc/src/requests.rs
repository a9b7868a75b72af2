//! A sign-in under way: what is drawn when it begins, and taken once when the provider sends the person back.
//!
//! The browser keeps one secret in a cookie, which no page can read. Nonce and code verifier are made from it and the
//! state, so the database needs neither: whoever reads it, or sees the addresses, can finish nobody's sign-in.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures::FutureExt as _;
use kernel::{Actor, Fault, Refusal};
use people::staff::Secret;
use ring::digest::{SHA256, digest};
use ring::hmac::{self, HMAC_SHA256};
use store::args;

use crate::desk::Oidc;
use crate::failure::Failure;
use crate::model::{Provider, ProviderId};
use crate::repo as sql;
use crate::rules::REQUEST_LIFE;

/// A sign-in that began.
#[derive(Clone, Debug)]
pub struct Begun {
    /// Where the person goes on: to the provider.
    pub href: String,
    /// What their browser keeps until they come back.
    pub browser: Secret,
    /// For so many seconds.
    pub lives_s: i64,
}

/// A request that was taken.
pub(crate) struct Taken {
    pub provider: ProviderId,
    /// Where the person wanted to go.
    pub back: String,
    is_in_time: bool,
}

impl Taken {
    /// The request is one of this provider and did not wait too long; else the rule.
    pub(crate) fn require(&self, provider: &Provider) -> Result<(), Failure> {
        if self.provider != provider.id {
            return Err(Failure::Refused("provider"));
        }
        if !self.is_in_time {
            return Err(Failure::Refused("late"));
        }
        Ok(())
    }
}

/// What only the browser and we can make of a state.
pub(crate) fn derived(browser: &str, what: &str, state: &str) -> String {
    let key = hmac::Key::new(HMAC_SHA256, browser.as_bytes());
    let text = format!("{what}:{state}");
    URL_SAFE_NO_PAD.encode(hmac::sign(&key, text.as_bytes()))
}

/// The nonce of a request, which the ID token brings back.
pub(crate) fn nonce(browser: &str, state: &str) -> String {
    derived(browser, "nonce", state)
}

/// The code verifier of a request (RFC 7636), without which the code is worth nothing.
pub(crate) fn verifier(browser: &str, state: &str) -> String {
    derived(browser, "verifier", state)
}

fn sha256_hex(text: &str) -> String {
    hex::encode(digest(&SHA256, text.as_bytes()))
}

impl Oidc {
    /// Begins a sign-in at a provider, which sends the person back to `redirect_uri`; `back` is where they wanted to go,
    /// a path of this site.
    ///
    /// # Errors
    /// `oidc.no_such_provider`, `oidc.provider_unavailable`; what the store gives.
    pub async fn begin(&self, provider: &str, redirect_uri: &str, back: &str) -> Result<Begun, Refusal> {
        let provider = self
            .kept(provider)
            .await?
            .ok_or_else(|| no_such(provider))?
            .provider;
        let metadata = self.metadata(&provider.issuer).await.map_err(|failure| {
            failure.log(&provider.name);
            failure.into_refusal()
        })?;
        let (state, browser) = (self.draw()?, self.draw()?);
        let (state, secret) = (state.as_str(), browser.as_str());
        self.put_request(
            provider.id,
            sha256_hex(state),
            sha256_hex(secret),
            back.to_owned(),
        )
        .await?;
        let challenge = digest(&SHA256, verifier(secret, state).as_bytes());
        let mut href = metadata.authorization.clone();
        href.query_pairs_mut().extend_pairs([
            ("response_type", "code"),
            ("client_id", &provider.client_id),
            ("redirect_uri", redirect_uri),
            ("scope", &provider.scope),
            ("state", state),
            ("nonce", &nonce(secret, state)),
            ("code_challenge", &URL_SAFE_NO_PAD.encode(challenge)),
            ("code_challenge_method", "S256"),
        ]);
        Ok(Begun {
            href: href.into(),
            browser,
            lives_s: REQUEST_LIFE.as_secs(),
        })
    }

    async fn put_request(
        &self,
        provider: ProviderId,
        state_sha256: String,
        browser_sha256: String,
        back: String,
    ) -> Result<(), Refusal> {
        let put = self.store.write(Actor::system(), move |ctx| {
            async move {
                let now = ctx.now();
                ctx.execute(sql::SWEEP_REQUESTS, args![now]).await?;
                let expires_at = now.saturating_add(REQUEST_LIFE).unwrap_or(now);
                let row = args![state_sha256, browser_sha256, provider.as_uuid(), back, expires_at];
                ctx.execute_one(sql::INSERT_REQUEST, row).await
            }
            .boxed()
        });
        put.await
    }

    /// Takes a request away, in a command of its own, so that it is gone whatever becomes of the answer. None where there
    /// is none of this state in this browser.
    pub(crate) async fn take_request(&self, state: &str, browser: &str) -> Result<Option<Taken>, Refusal> {
        let (state, browser) = (sha256_hex(state), sha256_hex(browser));
        let taken = self.store.write(Actor::system(), move |ctx| {
            async move {
                let row = ctx.row(sql::TAKE_REQUEST, args![state, browser]).await?;
                let Some(row) = row else { return Ok(None) };
                Ok::<_, Refusal>(Some(Taken {
                    provider: row.text("provider_id")?.parse()?,
                    back: row.text("back")?,
                    is_in_time: row.instant("expires_at")? > ctx.now(),
                }))
            }
            .boxed()
        });
        taken.await
    }
}

/// There is no provider of this name.
pub(crate) fn no_such(name: &str) -> Refusal {
    Refusal::new("oidc.no_such_provider", Fault::Missing).value(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_derived_differs_by_browser_state_and_use_and_may_be_a_verifier() {
        let verifier_ = verifier("b", "s");
        assert_eq!(verifier_, verifier("b", "s"));
        for other in [verifier("c", "s"), verifier("b", "t"), nonce("b", "s")] {
            assert_ne!(verifier_, other);
        }
        // RFC 7636 4.1: 43 to 128 letters of those that need no escaping.
        assert_eq!(verifier_.len(), 43);
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-._~".contains(letter);
        assert!(verifier_.chars().all(is_plain));
    }
}
