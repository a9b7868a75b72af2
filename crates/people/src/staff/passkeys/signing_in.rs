//! Signing in by passkey: the authenticator knows whose key it is, so nothing is typed.

use futures::FutureExt;
use kernel::{Actor, Refusal};
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};
use store::{Ctx, args};

use super::super::audit::address_sha256;
use super::super::desk::Staff;
use super::super::events::{StaffEvent, record};
use super::super::model::UserId;
use super::super::repo::keys as sql;
use super::super::secret::to_base64;
use super::super::sessions::{Means, NewSession, SignedIn, open};
use super::cose::PublicKey;
use super::response::{Asserted, AuthenticatorData, ClientData, bytes, read};
use super::{RelyingParty, refused};

/// An answer whose signature fits a key that is kept here.
struct Proved {
    credential_id: String,
    sign_count: i64,
    is_backed_up: bool,
}

impl Staff {
    /// What `navigator.credentials.get` is to be asked for.
    pub async fn begin_passkey_sign_in(&self, rp: &RelyingParty) -> Result<Value, Refusal> {
        let challenge = self.challenge(None).await?;
        Ok(json!({
            "challenge": challenge.as_str(),
            "timeout": 300_000,
            "rpId": rp.id,
            "allowCredentials": [],
            "userVerification": "required",
        }))
    }

    /// Signs someone in from the browser's answer. Refused with `staff.passkey_refused`, which names the broken rule.
    pub async fn sign_in_with_passkey(
        &self,
        rp: &RelyingParty,
        answer: &str,
        address: Option<&str>,
    ) -> Result<SignedIn, Refusal> {
        let signed_in = self.assert(rp, answer, address).await;
        let user = signed_in.as_ref().ok().map(|done| done.user);
        self.note_sign_in(user, None, address).await;
        signed_in
    }

    async fn assert(
        &self,
        rp: &RelyingParty,
        answer: &str,
        address: Option<&str>,
    ) -> Result<SignedIn, Refusal> {
        let asserted: Asserted = read(answer)?;
        let client_data = bytes(&asserted.response.client_data)?;
        let said = ClientData::read(&client_data)?;
        self.take_challenge(&said.challenge, None).await?;
        said.require(rp, "webauthn.get")?;
        let authenticator_data = bytes(&asserted.response.authenticator_data)?;
        let data = AuthenticatorData::read(rp, &authenticator_data)?;
        let credential_id = to_base64(&bytes(&asserted.raw_id)?);
        let mut reader = self.store.read().await?;
        let kept = reader
            .row(sql::PASSKEY_BY_CREDENTIAL, args![&credential_id])
            .await?;
        drop(reader);
        let kept = kept.ok_or_else(|| refused("credential"))?;
        let user: UserId = kept.text("user_id")?.parse()?;
        if let Some(handle) = &asserted.response.user_handle
            && bytes(handle)? != user.as_uuid().as_bytes()
        {
            return Err(refused("user_handle"));
        }
        let public_key = PublicKey::from_cose(&bytes(&kept.text("public_key")?)?)?;
        let signed = [&authenticator_data, digest(&SHA256, &client_data).as_ref()].concat();
        if !public_key.signed(&signed, &bytes(&asserted.response.signature)?) {
            return Err(refused("signature"));
        }
        let proved = Proved {
            credential_id,
            sign_count: i64::from(data.sign_count),
            is_backed_up: data.is_backed_up,
        };
        let (fresh, address) = (self.fresh()?, address.map(address_sha256));
        let entered = self.store.write(Actor::system(), move |ctx| {
            async move { enter(ctx, proved, address, fresh).await }.boxed()
        });
        // What was noted of the counter must stay, so the command succeeds and the refusal is made here.
        entered.await?.ok_or_else(|| refused("counter"))
    }
}

/// Opens a session, unless the counter went back: then another holds a copy of the key, and nobody comes in by it.
async fn enter(
    ctx: &mut Ctx,
    proved: Proved,
    address_sha256: Option<String>,
    fresh: NewSession,
) -> Result<Option<SignedIn>, Refusal> {
    let kept = ctx
        .row(sql::PASSKEY_BY_CREDENTIAL, args![&proved.credential_id])
        .await?;
    let kept = kept.ok_or_else(|| refused("credential"))?;
    let (passkey, user): (String, UserId) = (kept.text("id")?, kept.text("user_id")?.parse()?);
    let before = kept.int("sign_count")?;
    if (before > 0 || proved.sign_count > 0) && proved.sign_count <= before {
        record(ctx, user, StaffEvent::PasskeyCounterWentBack { passkey }).await?;
        return Ok(None);
    }
    let now = ctx.now();
    let row = args![passkey, proved.sign_count, proved.is_backed_up, now];
    ctx.execute_one(sql::PASSKEY_USED, row).await?;
    open(ctx, user, Means::Passkey, address_sha256, fresh)
        .await
        .map(Some)
}
