//! One-time links: how a new user comes in before there is a password or a passkey, and how one who lost both does.

use futures::FutureExt;
use jiff::Timestamp;
use kernel::{Actor, Done, Fault, Refusal, Role, typed_id};
use store::{Ctx, args};

use super::audit::address_sha256;
use super::commands::{NewUser, add_user, grant, require_user};
use super::desk::Staff;
use super::events::{StaffEvent, record};
use super::model::{User, UserId};
use super::organisation_only::require_own_means;
use super::queries::user_by_id;
use super::repo::{access as sql, people};
use super::rules::{LINK_LIFE, after, require_password};
use super::secret::{Secret, sha256_hex};
use super::sessions::SignedIn;
use super::signing_in::set_password;

typed_id!(
    /// One link.
    LinkId
);

/// A link to hand over. It is shown once; the database keeps a hash.
#[derive(Clone, Debug)]
pub struct OneTimeLink {
    /// For whom.
    pub user: UserId,
    /// What is secret in it.
    pub secret: Secret,
    /// Until when it may be used.
    pub expires_at: Timestamp,
}

impl OneTimeLink {
    /// The path of the link on the web interface.
    pub fn path(&self) -> String {
        format!("/invitations/{}", self.secret.as_str())
    }
}

/// What a link that still stands leads to.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// For whom.
    pub user: User,
    /// Until when it may be used.
    pub expires_at: Timestamp,
}

impl Staff {
    /// At the very first start: adds someone who manages users, with a link. None when there is any user already.
    pub async fn first_admin(&self, new: NewUser) -> Result<Option<OneTimeLink>, Refusal> {
        let secret = self.draw()?;
        let made = self.store.write(Actor::system(), move |ctx| {
            async move {
                if ctx.row(people::ANY_USER, args![]).await?.is_some() {
                    return Ok(None);
                }
                let user = add_user(ctx, new).await?.into_inner();
                let _granted: Done<_> = grant(ctx, user, Role::Admin, None).await?;
                make_link(ctx, user, secret).await.map(Some)
            }
            .boxed()
        });
        made.await
    }

    /// Makes a link for a user; those made before lead nowhere from now on.
    pub async fn make_link(&self, actor: Actor, user: UserId) -> Result<OneTimeLink, Refusal> {
        let secret = self.draw()?;
        let made = self.store.write(actor, move |ctx| {
            async move { make_link(ctx, user, secret).await }.boxed()
        });
        made.await
    }

    /// Where a link leads, without using it. Refused with `staff.link_spent` when it was used, is too old, was
    /// replaced or never was.
    pub async fn open_link(&self, secret: &str) -> Result<Invitation, Refusal> {
        let mut reader = self.store.read().await?;
        let args = args![sha256_hex(secret), self.now()];
        let row = reader.row(sql::LINK_IN_FORCE, args).await?.ok_or_else(spent)?;
        let user = user_by_id(&mut reader, row.text("user_id")?.parse()?).await?;
        Ok(Invitation {
            user: user.ok_or_else(spent)?,
            expires_at: row.instant("expires_at")?,
        })
    }

    /// Uses a link to set a password, and signs its user in.
    pub async fn set_password_by_link(
        &self,
        secret: &str,
        password: &str,
        address: Option<&str>,
    ) -> Result<SignedIn, Refusal> {
        let invitation = self.open_link(secret).await?;
        require_password(password, invitation.user.login.as_str())?;
        let hash = self.hasher.hash(password, self.secrets.as_ref()).await?;
        let (sha256, fresh) = (sha256_hex(secret), self.fresh()?);
        let (actor, address) = (invitation.actor(), address.map(address_sha256));
        let set = self.store.write(actor, move |ctx| {
            async move {
                let user = use_link(ctx, &sha256).await?;
                set_password(ctx, user, hash, address, fresh).await
            }
            .boxed()
        });
        set.await
    }
}

impl Invitation {
    /// Whoever follows the link, in the role of the first grant.
    pub(super) fn actor(&self) -> Actor {
        let role = self
            .user
            .grants
            .first()
            .map_or(Role::Observer, |grant| grant.role);
        Actor::new(self.user.id.to_string(), role)
    }
}

async fn make_link(ctx: &mut Ctx, user: UserId, secret: Secret) -> Result<OneTimeLink, Refusal> {
    if require_user(ctx, user).await?.disabled_at.is_some() {
        return Err(Refusal::new("staff.user_disabled", Fault::Refused).value(user));
    }
    require_own_means(ctx, user).await?;
    let (now, by) = (ctx.now(), ctx.actor().to_string());
    let expires_at = after(now, LINK_LIFE);
    ctx.execute(sql::WITHDRAW_LINKS, args![user.as_uuid(), now])
        .await?;
    let id = LinkId::next(ctx.ids());
    let row = args![id.as_uuid(), user.as_uuid(), secret.sha256(), now, by, expires_at];
    ctx.execute_one(sql::INSERT_LINK, row).await?;
    record(ctx, user, StaffEvent::LinkMade).await?;
    Ok(OneTimeLink {
        user,
        secret,
        expires_at,
    })
}

/// Uses a link up and says whose it was. Two who follow it at once: one comes in.
pub(super) async fn use_link(ctx: &mut Ctx, sha256: &str) -> Result<UserId, Refusal> {
    let now = ctx.now();
    let row = ctx
        .row(sql::USE_LINK, args![sha256, now])
        .await?
        .ok_or_else(spent)?;
    let user = row.text("user_id")?.parse()?;
    if require_user(ctx, user).await?.disabled_at.is_some() {
        return Err(spent());
    }
    record(ctx, user, StaffEvent::LinkUsed).await?;
    Ok(user)
}

fn spent() -> Refusal {
    Refusal::new("staff.link_spent", Fault::Missing)
}
