//! Users who come in by their organisation only: no password, no passkey and no one-time link of theirs leads in while
//! this stands. What they had is kept and works again when it is lifted.
//!
//! Whether an organisation can let them in at all is for whoever sets this to know.

use kernel::{Done, Fault, Refusal};
use store::{Ctx, args};

use super::commands::require_user;
use super::events::{StaffEvent, record};
use super::model::UserId;
use super::repo::{access, people as sql};
use super::sessions::end_sessions;

/// Lets a user come in by their organisation only. Ends their sessions and withdraws their links.
pub async fn set_organisation_only(ctx: &mut Ctx, user: UserId) -> Result<Done<()>, Refusal> {
    if is_organisation_only(ctx, user).await? {
        return Ok(Done::Already(()));
    }
    let (id, now, by) = (ctx.new_id(), ctx.now(), ctx.actor().to_string());
    ctx.execute_one(sql::SET_ORGANISATION_ONLY, args![id, user.as_uuid(), now, by])
        .await?;
    ctx.execute(access::WITHDRAW_LINKS, args![user.as_uuid(), now])
        .await?;
    end_sessions(ctx, user).await?;
    record(ctx, user, StaffEvent::OrganisationOnlySet).await?;
    Ok(Done::Now(()))
}

/// Lets a user come in by other means again. `Already` says that they might anyway.
pub async fn lift_organisation_only(ctx: &mut Ctx, user: UserId) -> Result<Done<()>, Refusal> {
    require_user(ctx, user).await?;
    let (now, by) = (ctx.now(), ctx.actor().to_string());
    if ctx
        .execute(sql::LIFT_ORGANISATION_ONLY, args![user.as_uuid(), now, by])
        .await?
        == 0
    {
        return Ok(Done::Already(()));
    }
    record(ctx, user, StaffEvent::OrganisationOnlyLifted).await?;
    Ok(Done::Now(()))
}

/// Whether only their organisation lets a user in.
pub async fn is_organisation_only(ctx: &mut Ctx, user: UserId) -> Result<bool, Refusal> {
    Ok(require_user(ctx, user).await?.organisation_only_since.is_some())
}

/// A user may have a password, a passkey and a link, or `staff.organisation_only`.
pub(super) async fn require_own_means(ctx: &mut Ctx, user: UserId) -> Result<(), Refusal> {
    if is_organisation_only(ctx, user).await? {
        return Err(Refusal::new("staff.organisation_only", Fault::Refused));
    }
    Ok(())
}
