//! `/users`: who may sign in, and what they may do.

use futures::future::BoxFuture;
use kernel::{Done, Fault, PlaceCode, Refusal, Role};
use people::staff::{self, GrantId, NewUser, User, UserId};
use serde_json::json;
use store::Ctx;

use super::call::{Call, Outcome, made, ok, to_json};
use super::paging::{Window, next_link};
use crate::site::Site;

pub(super) async fn index(call: Call) -> Outcome {
    let window = Window::of(&call)?;
    let users = staff::users(&mut call.site.store.read().await?).await?;
    let wanted = call.query("q").unwrap_or_default().to_lowercase();
    let fits = |user: &User| {
        user.login.folded().contains(&wanted) || user.display_name.to_lowercase().contains(&wanted)
    };
    let users: Vec<User> = users.into_iter().filter(fits).collect();
    let (users, next) = window.cut(users, |user| user.id.to_string())?;
    ok(json!({ "items": to_json(&users)?, "next": next_link(&call, next.as_ref()) }))
}

pub(super) async fn show(call: Call) -> Outcome {
    ok(to_json(&find(&call.site, call.parsed("user")?).await?)?)
}

async fn find(site: &Site, id: UserId) -> Result<User, Refusal> {
    let found = staff::user_by_id(&mut site.store.read().await?, id).await?;
    found.ok_or_else(|| Refusal::new("staff.no_such_user", Fault::Missing).value(id))
}

pub(super) async fn create(call: Call) -> Outcome {
    let new = NewUser {
        login: call
            .text("login")
            .parse()
            .map_err(|refusal| Refusal::at(refusal, "login"))?,
        display_name: call.text("display_name").to_owned(),
    };
    let added: Result<Done<UserId>, Refusal> = call
        .site
        .store
        .write(call.actor()?, move |ctx| Box::pin(staff::add_user(ctx, new)))
        .await;
    let added = added?;
    made(added.is_now(), to_json(&find(&call.site, *added.value()).await?)?)
}

pub(super) async fn grant(call: Call) -> Outcome {
    let user: UserId = call.parsed("user")?;
    let role: Role = call.text("role").parse()?;
    let place: Option<PlaceCode> = match call.text("place") {
        "" => None,
        code => Some(code.parse()?),
    };
    let granted: Result<Done<GrantId>, Refusal> = call
        .site
        .store
        .write(call.actor()?, move |ctx| {
            Box::pin(staff::grant(ctx, user, role, place))
        })
        .await;
    made(granted?.is_now(), to_json(&find(&call.site, user).await?)?)
}

/// Takes a grant back; one that was taken back before is not there any more, which is what was wanted.
pub(super) async fn revoke(call: Call) -> Outcome {
    let (id, grant): (UserId, GrantId) = (call.parsed("user")?, call.parsed("grant")?);
    let user = find(&call.site, id).await?;
    let held = user.grants.iter().find(|held| held.id == grant);
    let Some(&staff::Grant { role, place, .. }) = held else {
        return ok(to_json(&user)?);
    };
    command(call, move |ctx| Box::pin(staff::revoke(ctx, id, role, place))).await
}

pub(super) async fn disable(call: Call) -> Outcome {
    let user: UserId = call.parsed("user")?;
    command(call, move |ctx| Box::pin(staff::disable(ctx, user))).await
}

pub(super) async fn enable(call: Call) -> Outcome {
    let user: UserId = call.parsed("user")?;
    command(call, move |ctx| Box::pin(staff::enable(ctx, user))).await
}

/// A command on the user of the path; answers what became of them.
async fn command(
    call: Call,
    body: impl for<'c> FnOnce(&'c mut Ctx) -> BoxFuture<'c, Result<Done<()>, Refusal>> + Send + 'static,
) -> Outcome {
    let user: UserId = call.parsed("user")?;
    let _now_or_already: Done<()> = call.site.store.write(call.actor()?, body).await?;
    ok(to_json(&find(&call.site, user).await?)?)
}

/// A new one-time link, which is shown this once.
pub(super) async fn link(call: Call) -> Outcome {
    let user: UserId = call.parsed("user")?;
    let link = call.site.staff.make_link(call.actor()?, user).await?;
    let answer = json!({ "user": user, "path": link.path(), "expires_at": link.expires_at });
    made(true, answer)
}
