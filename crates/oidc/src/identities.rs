//! Who may come in by which provider: invited by an administrator, linked by the first sign-in, ended by an administrator.

use futures::FutureExt as _;
use kernel::{Actor, Done, Fault, Refusal};
use people::staff::{
    Means, NewSession, SignedIn, UserId, end_sessions, is_organisation_only, lift_organisation_only,
    open_session, set_organisation_only, user_by_id,
};
use serde_json::json;
use store::{Ctx, args};

use crate::desk::Oidc;
use crate::model::{IdentityId, Provider, ProviderId};
use crate::providers::record;
use crate::queries::opt_instant;
use crate::repo as sql;
use crate::requests::no_such;
use crate::rules::{INVITATION_LIFE, comparable};

/// An invitation to write down.
struct Invitation {
    user: UserId,
    provider: ProviderId,
    claim_print: String,
    sealed_claim: String,
}

/// Someone whom a provider vouched for, as they are kept here.
pub(crate) struct Known {
    pub provider: ProviderId,
    pub subject_print: String,
    /// By which an invitation would be found; none where the provider told no claim that counts.
    pub claim_print: Option<String>,
}

impl Oidc {
    /// Lets a user come in by a provider, which will tell `value` as the claim it was added with. Another value takes the
    /// place of one that nobody came by yet. `Already` says that the same invitation stands.
    ///
    /// # Errors
    /// `oidc.bad_value`, `oidc.no_such_provider`, `oidc.already_linked`, `oidc.claim_taken`, `staff.no_such_user`,
    /// `staff.user_disabled`; what the store gives.
    pub async fn invite(
        &self,
        actor: Actor,
        user: UserId,
        provider: &str,
        value: &str,
    ) -> Result<Done<IdentityId>, Refusal> {
        let provider = self.provider(provider).await?;
        let value = comparable(&provider.claim, value).ok_or_else(|| {
            let refusal = Refusal::new("oidc.bad_value", Fault::Refused).at("value");
            refusal.value(value).fact("claim", &provider.claim)
        })?;
        let found = user_by_id(&mut self.store.read().await?, user).await?;
        let found = found.ok_or_else(|| Refusal::new("staff.no_such_user", Fault::Missing).value(user))?;
        if found.disabled_at.is_some() {
            return Err(Refusal::new("staff.user_disabled", Fault::Refused).value(found.login));
        }
        let owner = provider.id.to_string();
        let invitation = Invitation {
            user,
            provider: provider.id,
            claim_print: self.claim_print(&provider, &value),
            sealed_claim: self
                .keyring
                .seal(value.as_bytes(), &owner, self.secrets.as_ref())?,
        };
        let invited = self.store.write(actor, move |ctx| {
            async move { invite(ctx, invitation).await }.boxed()
        });
        invited.await
    }

    /// Takes an invitation back, or unlinks whoever came by it and signs them out. `Already` says that it had ended.
    ///
    /// # Errors
    /// `oidc.last_way_in` where the user has no other way in; what the store gives.
    pub async fn unlink(
        &self,
        actor: Actor,
        user: UserId,
        identity: IdentityId,
    ) -> Result<Done<()>, Refusal> {
        let ended = self.store.write(actor, move |ctx| {
            async move {
                require_another_way_in(ctx, user, identity).await?;
                if !end(ctx, user, identity).await? {
                    return Ok(Done::Already(()));
                }
                Ok(Done::Now(()))
            }
            .boxed()
        });
        ended.await
    }

    /// Lets a user come in by their organisation only, or by other means too. Only someone who came in by a provider
    /// before can be bound to it.
    ///
    /// # Errors
    /// `oidc.no_way_in`, `staff.no_such_user`; what the store gives.
    pub async fn bind(&self, actor: Actor, user: UserId, only: bool) -> Result<Done<()>, Refusal> {
        let bound = self.store.write(actor, move |ctx| {
            async move {
                if !only {
                    return lift_organisation_only(ctx, user).await;
                }
                if ways_in_beside(ctx, user, None).await? == 0 {
                    return Err(Refusal::new("oidc.no_way_in", Fault::Refused));
                }
                set_organisation_only(ctx, user).await
            }
            .boxed()
        });
        bound.await
    }

    /// Whether a subject of a provider is somebody here.
    pub(crate) async fn is_linked(&self, provider: ProviderId, subject_print: &str) -> Result<bool, Refusal> {
        let mut reader = self.store.read().await?;
        let args = args![provider.as_uuid(), subject_print];
        Ok(reader.row(sql::IDENTITY_OF_SUBJECT, args).await?.is_some())
    }

    /// Opens a session for someone whom a provider vouched for, and links them where they were invited and come first.
    /// None where they may not come in.
    pub(crate) async fn enter(
        &self,
        known: Known,
        address: Option<&str>,
    ) -> Result<Option<SignedIn>, Refusal> {
        let (fresh, address) = (self.staff.fresh()?, address.map(str::to_owned));
        let entered = self.store.write(Actor::system(), move |ctx| {
            async move { enter(ctx, known, address.as_deref(), fresh).await }.boxed()
        });
        entered.await
    }

    /// What a value of a claim is found by.
    pub(crate) fn claim_print(&self, provider: &Provider, value: &str) -> String {
        // A provider whose claim was changed knows nobody by the old one.
        let owner = format!("{}:{}", provider.id, provider.claim);
        self.keyring.mark(&owner, value)
    }

    /// What a subject of an issuer is found by.
    pub(crate) fn subject_print(&self, issuer: &str, subject: &str) -> String {
        self.keyring.mark(issuer, subject)
    }
}

async fn invite(ctx: &mut Ctx, invitation: Invitation) -> Result<Done<IdentityId>, Refusal> {
    let Invitation { user, provider, .. } = invitation;
    let in_force = ctx.row(sql::PROVIDER_IN_FORCE, args![provider.as_uuid()]).await?;
    in_force.ok_or_else(|| no_such(&provider.to_string()))?;
    let now = ctx.now();
    let args = args![user.as_uuid(), provider.as_uuid()];
    if let Some(row) = ctx.row(sql::IDENTITY_OF_USER_AT, args).await? {
        let id: IdentityId = row.text("id")?.parse()?;
        if opt_instant(&row, "linked_at")?.is_some() {
            return Err(Refusal::new("oidc.already_linked", Fault::Refused).at("provider"));
        }
        if row.text("claim_print")? == invitation.claim_print && row.instant("expires_at")? > now {
            return Ok(Done::Already(id));
        }
        end(ctx, user, id).await?;
    }
    let args = args![provider.as_uuid(), &invitation.claim_print];
    if let Some(row) = ctx.row(sql::IDENTITY_OF_CLAIM, args).await? {
        let (id, other): (IdentityId, UserId) = (row.text("id")?.parse()?, row.text("user_id")?.parse()?);
        let stands = opt_instant(&row, "linked_at")?.is_some() || row.instant("expires_at")? > now;
        if stands {
            return Err(Refusal::new("oidc.claim_taken", Fault::Refused).at("value"));
        }
        end(ctx, other, id).await?;
    }
    let (id, by) = (IdentityId::next(ctx.ids()), ctx.actor().to_string());
    let expires_at = now.saturating_add(INVITATION_LIFE).unwrap_or(now);
    let row = args![
        id.as_uuid(),
        user.as_uuid(),
        provider.as_uuid(),
        invitation.claim_print,
        invitation.sealed_claim,
        now,
        by,
        expires_at,
    ];
    ctx.execute_one(sql::INSERT_IDENTITY, row).await?;
    let body = json!({ "user": user, "provider": provider, "identity": id });
    record(ctx, "oidc.invited", body).await?;
    Ok(Done::Now(id))
}

async fn enter(
    ctx: &mut Ctx,
    known: Known,
    address: Option<&str>,
    fresh: NewSession,
) -> Result<Option<SignedIn>, Refusal> {
    let provider = known.provider;
    let in_force = ctx.row(sql::PROVIDER_IN_FORCE, args![provider.as_uuid()]).await?;
    if in_force.is_none() {
        return Ok(None);
    }
    let now = ctx.now();
    let args = args![provider.as_uuid(), &known.subject_print];
    if let Some(row) = ctx.row(sql::IDENTITY_OF_SUBJECT, args).await? {
        let user = row.text("user_id")?.parse()?;
        return open_session(ctx, user, Means::Oidc, address, fresh).await;
    }
    let Some(claim_print) = known.claim_print else {
        return Ok(None);
    };
    let args = args![provider.as_uuid(), claim_print, now];
    let Some(row) = ctx.row(sql::INVITATION_OF_CLAIM, args).await? else {
        return Ok(None);
    };
    let (id, user): (IdentityId, UserId) = (row.text("id")?.parse()?, row.text("user_id")?.parse()?);
    let Some(signed_in) = open_session(ctx, user, Means::Oidc, address, fresh).await? else {
        return Ok(None);
    };
    ctx.execute_one(sql::LINK_IDENTITY, args![id.as_uuid(), known.subject_print, now])
        .await?;
    let body = json!({ "user": user, "provider": provider, "identity": id });
    record(ctx, "oidc.linked", body).await?;
    Ok(Some(signed_in))
}

/// Ends an identity, and the sessions of whoever came by it; whether it stood.
pub(crate) async fn end(ctx: &mut Ctx, user: UserId, identity: IdentityId) -> Result<bool, Refusal> {
    let (now, by) = (ctx.now(), ctx.actor().to_string());
    let args = args![identity.as_uuid(), user.as_uuid(), now, by];
    let Some(row) = ctx.row(sql::END_IDENTITY, args).await? else {
        return Ok(false);
    };
    if opt_instant(&row, "linked_at")?.is_some() {
        end_sessions(ctx, user).await?;
    }
    let body = json!({ "user": user, "identity": identity });
    record(ctx, "oidc.unlinked", body).await?;
    Ok(true)
}

/// In how many ways a user came in by providers, one left out.
async fn ways_in_beside(ctx: &mut Ctx, user: UserId, beside: Option<IdentityId>) -> Result<i64, Refusal> {
    let beside = beside.map_or_else(String::new, |id| id.to_string());
    let row = ctx
        .row(sql::WAYS_IN_BESIDE, args![user.as_uuid(), beside])
        .await?;
    row.map_or(Ok(0), |row| row.int("ways"))
}

/// A user whom only their organisation lets in keeps a way in without this one, or `oidc.last_way_in`.
pub(crate) async fn require_another_way_in(
    ctx: &mut Ctx,
    user: UserId,
    identity: IdentityId,
) -> Result<(), Refusal> {
    if is_organisation_only(ctx, user).await? && ways_in_beside(ctx, user, Some(identity)).await? == 0 {
        return Err(Refusal::new("oidc.last_way_in", Fault::Refused).value(user));
    }
    Ok(())
}
