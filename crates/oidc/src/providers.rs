//! Adding, changing and removing providers.

use futures::FutureExt as _;
use kernel::{Actor, Done, Fault, Refusal};
use people::staff::UserId;
use serde_json::{Value, json};
use store::{Ctx, Fact, args};

use crate::desk::Oidc;
use crate::identities::{end, require_another_way_in};
use crate::model::{IdentityId, NewProvider, ProviderId};
use crate::repo as sql;
use crate::requests::no_such;
use crate::rules::{require_claim, require_client_text, require_issuer, require_name, require_title};

/// A provider that was checked, with its secret still open.
struct Checked {
    name: String,
    title: String,
    issuer: String,
    client_id: String,
    secret: String,
    claim: String,
    scope: String,
}

impl Oidc {
    /// Adds a provider; the same name with the same issuer again changes it, and who is linked stays linked. `Already`
    /// says that nothing was different. Its metadata and keys are fetched first: one that cannot work is not added.
    ///
    /// # Errors
    /// `oidc.bad_name`, `oidc.bad_title`, `oidc.bad_issuer`, `oidc.bad_client_id`, `oidc.bad_secret`, `oidc.bad_claim`,
    /// `oidc.bad_scope`, `oidc.provider_unusable`, `oidc.name_taken`, `oidc.issuer_taken`; what the store gives.
    pub async fn add(&self, actor: Actor, new: NewProvider) -> Result<Done<ProviderId>, Refusal> {
        let checked = self.check(&new)?;
        self.probe(&checked.issuer).await?;
        // Sealed for the issuer: a row whose issuer was changed by another hand opens nothing.
        let sealed = self
            .keyring
            .seal(checked.secret.as_bytes(), &checked.issuer, self.secrets.as_ref())?;
        let keyring = self.keyring.clone();
        let added = self.store.write(actor, move |ctx| {
            async move {
                let rows = args![&checked.name, &checked.issuer];
                let before = ctx.rows(sql::PROVIDER_OF_NAME_OR_ISSUER, rows).await?;
                for row in &before {
                    let (name, issuer) = (row.text("name")?, row.text("issuer")?);
                    if issuer != checked.issuer {
                        return Err(taken("oidc.name_taken", "name", &name).fact("issuer", issuer));
                    }
                    if name != checked.name {
                        return Err(taken("oidc.issuer_taken", "issuer", &issuer).fact("name", name));
                    }
                }
                let Some(row) = before.first() else {
                    return insert(ctx, &checked, sealed).await.map(Done::Now);
                };
                let id: ProviderId = row.text("id")?.parse()?;
                let same = row.text("title")? == checked.title
                    && row.text("client_id")? == checked.client_id
                    && row.text("scope")? == checked.scope
                    && row.text("claim")? == checked.claim
                    && keyring
                        .open(&row.text("sealed_secret")?, &checked.issuer)
                        .is_ok_and(|secret| secret == checked.secret.as_bytes());
                if same {
                    return Ok(Done::Already(id));
                }
                change(ctx, id, &checked, sealed).await?;
                Ok(Done::Now(id))
            }
            .boxed()
        });
        added.await
    }

    fn check(&self, new: &NewProvider) -> Result<Checked, Refusal> {
        require_name(&new.name)?;
        let (claim, scope) = require_claim(&new.claim, new.scope.as_deref())?;
        Ok(Checked {
            name: new.name.clone(),
            title: require_title(&new.title)?,
            issuer: require_issuer(&new.issuer, self.reach)?,
            client_id: require_client_text(&new.client_id, "oidc.bad_client_id", "client_id")?.to_owned(),
            secret: require_client_text(&new.client_secret, "oidc.bad_secret", "client_secret")?.to_owned(),
            claim,
            scope,
        })
    }

    /// Removes a provider: nobody comes in by it any more, and whoever did is signed out.
    ///
    /// # Errors
    /// `oidc.no_such_provider`; `oidc.last_way_in` where somebody has no other; what the store gives.
    pub async fn remove(&self, actor: Actor, name: &str) -> Result<Done<()>, Refusal> {
        let provider = self.kept(name).await?.ok_or_else(|| no_such(name))?.provider.id;
        let removed = self.store.write(actor, move |ctx| {
            async move {
                let (now, by) = (ctx.now(), ctx.actor().to_string());
                let people = ctx
                    .rows(sql::IDENTITIES_AT_PROVIDER, args![provider.as_uuid()])
                    .await?;
                for row in &people {
                    let (id, user): (IdentityId, UserId) =
                        (row.text("id")?.parse()?, row.text("user_id")?.parse()?);
                    require_another_way_in(ctx, user, id).await?;
                    end(ctx, user, id).await?;
                }
                let args = args![provider.as_uuid(), now, by];
                if ctx.execute(sql::REMOVE_PROVIDER, args).await? == 0 {
                    return Ok(Done::Already(()));
                }
                record(ctx, "oidc.provider_removed", json!({ "provider": provider })).await?;
                Ok(Done::Now(()))
            }
            .boxed()
        });
        removed.await
    }
}

async fn insert(ctx: &mut Ctx, new: &Checked, sealed: String) -> Result<ProviderId, Refusal> {
    let id = ProviderId::next(ctx.ids());
    let (now, by) = (ctx.now(), ctx.actor().to_string());
    let row = args![
        id.as_uuid(),
        &new.name,
        &new.title,
        &new.issuer,
        &new.client_id,
        sealed,
        &new.scope,
        &new.claim,
        now,
        by,
    ];
    ctx.execute_one(sql::INSERT_PROVIDER, row).await?;
    let body = json!({ "provider": id, "name": new.name, "issuer": new.issuer, "claim": new.claim });
    record(ctx, "oidc.provider_added", body).await?;
    Ok(id)
}

async fn change(ctx: &mut Ctx, id: ProviderId, new: &Checked, sealed: String) -> Result<(), Refusal> {
    let row = args![
        id.as_uuid(),
        &new.title,
        &new.client_id,
        sealed,
        &new.scope,
        &new.claim
    ];
    ctx.execute_one(sql::CHANGE_PROVIDER, row).await?;
    let body = json!({ "provider": id, "name": new.name, "claim": new.claim });
    record(ctx, "oidc.provider_changed", body).await
}

fn taken(code: &'static str, field: &'static str, value: &str) -> Refusal {
    Refusal::new(code, Fault::Refused).at(field).value(value)
}

/// Appends a fact to the journal; it names people and providers by id, never by a claim or a subject.
pub(crate) async fn record(ctx: &mut Ctx, kind: &'static str, body: Value) -> Result<(), Refusal> {
    let fact = Fact {
        kind,
        place: None,
        amount: None,
        evidence: Vec::new(),
        body,
    };
    ctx.record(fact).await.map(drop)
}
