//! Adding a passkey, by someone who is signed in or by a one-time link.

use futures::FutureExt;
use kernel::{Actor, Fault, Refusal};
use serde_json::{Value, json};
use store::{Ctx, args};

use super::super::audit::address_sha256;
use super::super::desk::Staff;
use super::super::events::{StaffEvent, record};
use super::super::links::use_link;
use super::super::model::{User, UserId};
use super::super::organisation_only::require_own_means;
use super::super::queries::user_by_id;
use super::super::repo::keys as sql;
use super::super::rules::require_name;
use super::super::secret::{sha256_hex, to_base64};
use super::super::sessions::{Means, SignedIn, end_sessions, open};
use super::cose::{ALGORITHMS, PublicKey};
use super::response::{AuthenticatorData, ClientData, Created, authenticator_data_in, bytes, read};
use super::{PasskeyId, RelyingParty};

/// A passkey whose making was checked.
struct Checked {
    name: String,
    credential_id: String,
    public_key: String,
    sign_count: i64,
    is_backed_up: bool,
}

impl Staff {
    /// What `navigator.credentials.create` is to be asked for, for a user who is signed in.
    pub async fn begin_passkey(&self, rp: &RelyingParty, user: UserId) -> Result<Value, Refusal> {
        let found = user_by_id(&mut self.store.read().await?, user).await?;
        let found = found.ok_or_else(|| Refusal::new("staff.no_such_user", Fault::Missing).value(user))?;
        if found.organisation_only_since.is_some() {
            return Err(Refusal::new("staff.organisation_only", Fault::Refused));
        }
        self.creation_options(rp, &found).await
    }

    /// Adds a passkey for a user who is signed in, from the browser's answer.
    pub async fn add_passkey(
        &self,
        rp: &RelyingParty,
        actor: Actor,
        user: UserId,
        name: &str,
        answer: &str,
    ) -> Result<PasskeyId, Refusal> {
        let checked = self.check_created(rp, user, name, answer).await?;
        let added = self.store.write(actor, move |ctx| {
            async move { insert(ctx, user, checked).await }.boxed()
        });
        added.await
    }

    /// What `navigator.credentials.create` is to be asked for, for whoever follows a one-time link.
    pub async fn begin_passkey_by_link(&self, rp: &RelyingParty, secret: &str) -> Result<Value, Refusal> {
        let invitation = self.open_link(secret).await?;
        self.creation_options(rp, &invitation.user).await
    }

    /// Uses a link to add a passkey, and signs its user in.
    pub async fn add_passkey_by_link(
        &self,
        rp: &RelyingParty,
        secret: &str,
        name: &str,
        answer: &str,
        address: Option<&str>,
    ) -> Result<SignedIn, Refusal> {
        let invitation = self.open_link(secret).await?;
        let checked = self.check_created(rp, invitation.user.id, name, answer).await?;
        let (sha256, fresh) = (sha256_hex(secret), self.fresh()?);
        let (actor, address) = (invitation.actor(), address.map(address_sha256));
        let added = self.store.write(actor, move |ctx| {
            async move {
                let user = use_link(ctx, &sha256).await?;
                insert(ctx, user, checked).await?;
                end_sessions(ctx, user).await?;
                open(ctx, user, Means::Passkey, address, fresh).await
            }
            .boxed()
        });
        added.await
    }

    async fn creation_options(&self, rp: &RelyingParty, user: &User) -> Result<Value, Refusal> {
        let mut reader = self.store.read().await?;
        let rows = reader
            .rows(sql::PASSKEYS_OF_USER, args![user.id.as_uuid()])
            .await?;
        drop(reader);
        let known = rows.iter().map(|row| row.text("credential_id"));
        let known: Vec<String> = known.collect::<Result<_, _>>()?;
        let known: Vec<Value> = known
            .iter()
            .map(|id| json!({ "type": "public-key", "id": id }))
            .collect();
        let algorithms: Vec<Value> = ALGORITHMS
            .iter()
            .map(|algorithm| json!({ "type": "public-key", "alg": algorithm }))
            .collect();
        let challenge = self.challenge(Some(user.id)).await?;
        Ok(json!({
            "rp": { "id": rp.id, "name": rp.name },
            "user": {
                "id": to_base64(user.id.as_uuid().as_bytes()),
                "name": user.login.as_str(),
                "displayName": user.display_name,
            },
            "challenge": challenge.as_str(),
            "pubKeyCredParams": algorithms,
            "timeout": 300_000,
            "excludeCredentials": known,
            "authenticatorSelection": {
                "residentKey": "required",
                "requireResidentKey": true,
                "userVerification": "required",
            },
            "attestation": "none",
        }))
    }

    async fn check_created(
        &self,
        rp: &RelyingParty,
        user: UserId,
        name: &str,
        answer: &str,
    ) -> Result<Checked, Refusal> {
        let name = require_name(name)?;
        let created: Created = read(answer)?;
        let client_data = ClientData::read(&bytes(&created.response.client_data)?)?;
        self.take_challenge(&client_data.challenge, Some(user)).await?;
        client_data.require(rp, "webauthn.create")?;
        let data = authenticator_data_in(&bytes(&created.response.attestation_object)?)?;
        let data = AuthenticatorData::read(rp, &data)?;
        let credential = data.credential()?;
        // Read here to refuse a kind of key that could never sign in.
        PublicKey::from_cose(credential.public_key)?;
        Ok(Checked {
            name,
            credential_id: to_base64(credential.id),
            public_key: to_base64(credential.public_key),
            sign_count: i64::from(data.sign_count),
            is_backed_up: data.is_backed_up,
        })
    }
}

async fn insert(ctx: &mut Ctx, user: UserId, checked: Checked) -> Result<PasskeyId, Refusal> {
    require_own_means(ctx, user).await?;
    let known = ctx
        .row(sql::CREDENTIAL_KNOWN, args![&checked.credential_id])
        .await?;
    if known.is_some() {
        return Err(Refusal::new("staff.passkey_known", Fault::Refused));
    }
    let id = PasskeyId::next(ctx.ids());
    let now = ctx.now();
    let row = args![
        id.as_uuid(),
        user.as_uuid(),
        checked.credential_id,
        checked.name,
        checked.public_key,
        checked.sign_count,
        checked.is_backed_up,
        now,
    ];
    ctx.execute_one(sql::INSERT_PASSKEY, row).await?;
    let passkey = id.to_string();
    record(ctx, user, StaffEvent::PasskeyAdded { passkey }).await?;
    Ok(id)
}
