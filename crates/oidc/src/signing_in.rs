//! The end of a sign-in: a provider sent somebody back, and they are let in or not.
//!
//! What comes back is first held against what this browser began; what it did not begin is refused without being counted,
//! because any other site can send a browser here. Then the try is counted on the address, before the provider is asked,
//! and on the person as the provider knows them, before it is looked up who they are. A provider that does not do its part
//! is nobody's failed try.

use kernel::Refusal;
use people::staff::{CountedTry, SignedIn};

use crate::desk::Oidc;
use crate::exchange::{Exchanged, Grant};
use crate::failure::Failure;
use crate::identities::Known;
use crate::metadata::Metadata;
use crate::model::Provider;
use crate::queries::Kept;
use crate::requests::{Taken, nonce, verifier};
use crate::rules::claim_in;

/// The longest code and state that are looked at, in bytes.
const TEXT_BYTES_MAX: usize = 4096;

/// What a provider sent back, as it arrived.
#[derive(Clone, Copy, Debug)]
pub struct Callback<'a> {
    /// The provider whose address it arrived at, by name.
    pub provider: &'a str,
    /// The state.
    pub state: &'a str,
    /// The code; empty where the provider says that there is none.
    pub code: &'a str,
    /// Who the provider says it is (RFC 9207); empty where it says nothing.
    pub issuer: &'a str,
    /// What the browser kept; empty where it kept nothing.
    pub browser: &'a str,
    /// Where the provider was to send the person: the address it arrived at.
    pub redirect_uri: &'a str,
    /// From which address the person comes.
    pub address: Option<&'a str>,
}

/// What came of a sign-in.
#[derive(Debug)]
pub struct Finished {
    /// Where the person wanted to go; none where this browser began no such sign-in.
    pub back: Option<String>,
    /// Who came in, or `oidc.sign_in_failed` whatever the reason, or `oidc.provider_unavailable`.
    pub signed_in: Result<SignedIn, Refusal>,
}

impl Oidc {
    /// Finishes a sign-in.
    pub async fn finish(&self, said: &Callback<'_>) -> Finished {
        let (back, outcome) = match self.taken(said).await {
            Ok(taken) => (Some(taken.back.clone()), self.let_in(said, &taken).await),
            Err(failure) => (None, Err(failure)),
        };
        let signed_in = outcome.map_err(|failure| {
            failure.log(said.provider);
            failure.into_refusal()
        });
        Finished { back, signed_in }
    }

    /// The request that this browser began, taken away.
    async fn taken(&self, said: &Callback<'_>) -> Result<Taken, Failure> {
        let is_short = [said.state, said.code, said.issuer, said.browser]
            .iter()
            .all(|text| text.len() <= TEXT_BYTES_MAX);
        if !is_short || said.state.is_empty() || said.browser.is_empty() {
            return Err(Failure::Refused("state"));
        }
        let taken = self.take_request(said.state, said.browser).await?;
        taken.ok_or(Failure::Refused("state"))
    }

    async fn let_in(&self, said: &Callback<'_>, taken: &Taken) -> Result<SignedIn, Failure> {
        let mut counted = vec![self.staff.count_try_from(said.address).await?];
        let let_in = self.look_at(said, taken, &mut counted).await;
        for try_ in counted {
            match &let_in {
                Err(Failure::Refused(_)) => self.staff.leave_try(None, try_).await?,
                _ => self.staff.take_try_back(try_).await?,
            }
        }
        if !matches!(let_in, Err(Failure::Unavailable(..) | Failure::Broken(_))) {
            let user = let_in.as_ref().ok().map(|signed_in| signed_in.user);
            let provider = Some(taken.provider.to_string());
            self.staff.note_sign_in(user, provider, said.address).await;
        }
        let_in
    }

    async fn look_at(
        &self,
        said: &Callback<'_>,
        taken: &Taken,
        counted: &mut Vec<CountedTry>,
    ) -> Result<SignedIn, Failure> {
        require_open(counted)?;
        let kept = self.kept(said.provider).await?;
        let Kept {
            provider,
            sealed_secret,
        } = kept.ok_or(Failure::Refused("provider"))?;
        taken.require(&provider)?;
        let metadata = self.metadata(&provider.issuer).await?;
        require_own_answer(said, &provider, &metadata)?;
        let asked = self.asked(&provider.issuer);
        let turn = asked.turn()?;
        let secret = self.open_secret(&sealed_secret, &provider.issuer)?;
        let code = Grant {
            code: said.code,
            verifier: &verifier(said.browser, said.state),
            nonce: &nonce(said.browser, said.state),
            redirect_uri: said.redirect_uri,
        };
        let exchanged = self.exchange(&provider, &metadata, &secret, &code).await?;
        let subject_print = self.subject_print(&provider.issuer, &exchanged.vouched.subject);
        counted.push(self.staff.count_try_of(&subject_print).await?);
        require_open(counted)?;
        let claim = if self.is_linked(provider.id, &subject_print).await? {
            None
        } else {
            self.claim(&provider, &metadata, &exchanged).await?
        };
        drop(turn);
        let known = Known {
            provider: provider.id,
            subject_print,
            claim_print: claim.map(|value| self.claim_print(&provider, &value)),
        };
        let entered = self.enter(known, said.address).await?;
        entered.ok_or(Failure::Refused("invitation"))
    }

    /// The claim by which someone could have been invited, from the ID token or, where that does not say, from what else
    /// the provider tells. It is looked for before anybody looks whether they were.
    async fn claim(
        &self,
        provider: &Provider,
        metadata: &Metadata,
        exchanged: &Exchanged,
    ) -> Result<Option<String>, Failure> {
        let told = &exchanged.vouched.claims;
        if told.contains_key(&provider.claim) {
            return Ok(claim_in(told, &provider.claim));
        }
        let more = self.more_claims(metadata, exchanged).await?;
        Ok(claim_in(&more, &provider.claim))
    }

    fn open_secret(&self, sealed: &str, issuer: &str) -> Result<String, Failure> {
        let secret = self.keyring.open(sealed, issuer)?;
        String::from_utf8(secret)
            .map_err(|error| Failure::Broken(Refusal::broken("store.secret_unreadable", &error)))
    }
}

/// No lock stands, and nothing came too soon.
fn require_open(counted: &[CountedTry]) -> Result<(), Failure> {
    if counted.iter().all(CountedTry::is_open) {
        Ok(())
    } else {
        Err(Failure::Refused("locked"))
    }
}

/// The answer is one of this provider (RFC 9207), and brings a code.
fn require_own_answer(said: &Callback<'_>, provider: &Provider, metadata: &Metadata) -> Result<(), Failure> {
    let is_named = !said.issuer.is_empty();
    if (is_named || metadata.names_itself) && said.issuer != provider.issuer {
        return Err(Failure::Refused("answer_issuer"));
    }
    if said.code.is_empty() {
        return Err(Failure::Refused("no_code"));
    }
    Ok(())
}
