//! What is done to users and their grants, in the caller's transaction.

use kernel::{Done, Fault, PlaceCode, Refusal, Role};
use store::{Ctx, args};

use super::events::{StaffEvent, record};
use super::model::{GrantId, Login, User, UserId};
use super::queries::{by_id_in, by_login_in};
use super::repo::people as sql;
use super::rules::{require_name, require_place};
use super::sessions::end_sessions;

/// A user to add.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// What is typed to sign in.
    pub login: Login,
    /// What pages call them.
    pub display_name: String,
}

/// Adds a user, who may sign in once a link was followed. `Already` says that the login is taken, by this user.
pub async fn add_user(ctx: &mut Ctx, new: NewUser) -> Result<Done<UserId>, Refusal> {
    let name = require_name(&new.display_name)?;
    if let Some(user) = by_login_in(ctx, &new.login).await? {
        return Ok(Done::Already(user.id));
    }
    let id = UserId::next(ctx.ids());
    let (now, by) = (ctx.now(), ctx.actor().to_string());
    let (login, folded) = (new.login.as_str(), new.login.folded());
    ctx.execute_one(
        sql::INSERT_USER,
        args![id.as_uuid(), login, folded, name, now, by],
    )
    .await?;
    record(ctx, id, StaffEvent::UserAdded).await?;
    Ok(Done::Now(id))
}

/// Gives a role, at a place or in the whole country, to someone else. Ends the user's sessions: new rights begin with a
/// new token.
pub async fn grant(
    ctx: &mut Ctx,
    user: UserId,
    role: Role,
    place: Option<PlaceCode>,
) -> Result<Done<GrantId>, Refusal> {
    let place = require_place(role, place)?;
    require_user(ctx, user).await?;
    require_other(ctx, user)?;
    if let Some(before) = in_force(ctx, user, role, place).await? {
        return Ok(Done::Already(before));
    }
    let id = GrantId::next(ctx.ids());
    let (now, by) = (ctx.now(), ctx.actor().to_string());
    let row = args![id.as_uuid(), user.as_uuid(), role.as_str(), place, now, by];
    ctx.execute_one(sql::INSERT_GRANT, row).await?;
    end_sessions(ctx, user).await?;
    record(ctx, user, StaffEvent::RoleGranted { role, place }).await?;
    Ok(Done::Now(id))
}

/// Takes a role back from someone else, and ends the user's sessions. `Already` says that it is not held.
pub async fn revoke(
    ctx: &mut Ctx,
    user: UserId,
    role: Role,
    place: Option<PlaceCode>,
) -> Result<Done<()>, Refusal> {
    require_user(ctx, user).await?;
    require_other(ctx, user)?;
    let place = require_place(role, place).unwrap_or(place);
    let Some(held) = in_force(ctx, user, role, place).await? else {
        return Ok(Done::Already(()));
    };
    if role == Role::Admin {
        require_another_admin(ctx, user).await?;
    }
    let (now, by) = (ctx.now(), ctx.actor().to_string());
    ctx.execute_one(sql::REVOKE_GRANT, args![held.as_uuid(), now, by])
        .await?;
    end_sessions(ctx, user).await?;
    record(ctx, user, StaffEvent::RoleRevoked { role, place }).await?;
    Ok(Done::Now(()))
}

/// Shuts a user out: no sign-in, no session, no key works from now on.
pub async fn disable(ctx: &mut Ctx, user: UserId) -> Result<Done<()>, Refusal> {
    if require_user(ctx, user).await?.disabled_at.is_some() {
        return Ok(Done::Already(()));
    }
    if in_force(ctx, user, Role::Admin, None).await?.is_some() {
        require_another_admin(ctx, user).await?;
    }
    let (now, by) = (ctx.now(), ctx.actor().to_string());
    ctx.execute_one(sql::DISABLE_USER, args![user.as_uuid(), now, by])
        .await?;
    end_sessions(ctx, user).await?;
    record(ctx, user, StaffEvent::UserDisabled).await?;
    Ok(Done::Now(()))
}

/// Lets a user in again.
pub async fn enable(ctx: &mut Ctx, user: UserId) -> Result<Done<()>, Refusal> {
    if require_user(ctx, user).await?.disabled_at.is_none() {
        return Ok(Done::Already(()));
    }
    ctx.execute_one(sql::ENABLE_USER, args![user.as_uuid()]).await?;
    record(ctx, user, StaffEvent::UserEnabled).await?;
    Ok(Done::Now(()))
}

/// Changes what pages call a user.
pub async fn rename(ctx: &mut Ctx, user: UserId, display_name: &str) -> Result<Done<()>, Refusal> {
    let name = require_name(display_name)?;
    if require_user(ctx, user).await?.display_name == name {
        return Ok(Done::Already(()));
    }
    ctx.execute_one(sql::RENAME_USER, args![user.as_uuid(), name])
        .await?;
    record(ctx, user, StaffEvent::UserRenamed).await?;
    Ok(Done::Now(()))
}

/// The user, or `staff.no_such_user`.
pub(super) async fn require_user(ctx: &mut Ctx, user: UserId) -> Result<User, Refusal> {
    by_id_in(ctx, user)
        .await?
        .ok_or_else(|| Refusal::new("staff.no_such_user", Fault::Missing).value(user))
}

/// Nobody changes their own roles, or `staff.own_roles`: whoever manages users could review and publish otherwise. The
/// command line, where whoever owns the machine is nobody of the users, may.
fn require_other(ctx: &Ctx, user: UserId) -> Result<(), Refusal> {
    if ctx.actor().id == user.to_string() {
        return Err(Refusal::new("staff.own_roles", Fault::Refused));
    }
    Ok(())
}

async fn in_force(
    ctx: &mut Ctx,
    user: UserId,
    role: Role,
    place: Option<PlaceCode>,
) -> Result<Option<GrantId>, Refusal> {
    let row = ctx
        .row(sql::GRANT_IN_FORCE, args![user.as_uuid(), role.as_str(), place])
        .await?;
    row.map(|row| row.text("id")?.parse()).transpose()
}

/// Somebody else can still manage users, or `staff.last_admin`.
async fn require_another_admin(ctx: &mut Ctx, user: UserId) -> Result<(), Refusal> {
    match ctx.row(sql::OTHER_ADMINS, args![user.as_uuid()]).await? {
        Some(_) => Ok(()),
        None => Err(Refusal::new("staff.last_admin", Fault::Refused)),
    }
}
