//! `fishpond user`: who may sign in. Whoever can open the data folder may give these commands.

use std::process::ExitCode;
use std::sync::Arc;

use kernel::{Actor, Done, Fault, Lang, PlaceCode, Refusal, Role, SystemClock, SystemSecrets};
use people::staff::{self, Login, NewUser, Staff, User, UserId, Viewer};
use serde_json::json;

use crate::cli::{User as Command, UserAdd, UserRole};
use crate::terminal::{either, say, say_json};
use crate::world::World;

/// Runs it.
///
/// # Errors
/// `staff.*`; `kernel.bad_role` and `kernel.bad_place_code` for what was typed.
pub async fn run(world: &World, command: Command) -> Result<ExitCode, Refusal> {
    match command {
        Command::Add(wanted) => add(world, wanted).await?,
        Command::Role(wanted) => role(world, &wanted).await?,
        Command::Disable { login } => {
            let user = find(world, &login).await?.id;
            let done = world.store.write(Actor::system(), move |ctx| {
                Box::pin(async move { staff::disable(ctx, user).await })
            });
            tell(world, &login, &done.await?, "已停用", "disabled")?;
        }
        Command::Enable { login } => {
            let user = find(world, &login).await?.id;
            let done = world.store.write(Actor::system(), move |ctx| {
                Box::pin(async move { staff::enable(ctx, user).await })
            });
            tell(world, &login, &done.await?, "已启用", "enabled")?;
        }
        Command::List => list(world).await?,
        Command::Link { login } => link(world, &login).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn add(world: &World, wanted: UserAdd) -> Result<(), Refusal> {
    let role = wanted.role.as_deref().map(str::parse::<Role>).transpose()?;
    let place = wanted.place.as_deref().map(str::parse::<PlaceCode>).transpose()?;
    let new = NewUser {
        login: wanted.login.parse()?,
        display_name: wanted.name,
    };
    let done = world.store.write(Actor::system(), move |ctx| {
        Box::pin(async move {
            let added = staff::add_user(ctx, new).await?;
            if let Some(role) = role {
                let user: UserId = *added.value();
                let _granted: Done<_> = staff::grant(ctx, user, role, place).await?;
            }
            Ok::<_, Refusal>(added)
        })
    });
    tell(world, &wanted.login, &done.await?, "已添加", "added")?;
    if !world.json {
        let next = either(
            world.lang,
            "  → 用 fishpond user link 生成一次性登录链接",
            "  → make a one-time link with fishpond user link",
        );
        say(next);
    }
    Ok(())
}

async fn role(world: &World, wanted: &UserRole) -> Result<(), Refusal> {
    let role: Role = wanted.role.parse()?;
    let place = wanted.place.as_deref().map(str::parse::<PlaceCode>).transpose()?;
    let user = find(world, &wanted.login).await?.id;
    if wanted.revoke {
        let done = world.store.write(Actor::system(), move |ctx| {
            Box::pin(async move { staff::revoke(ctx, user, role, place).await })
        });
        return tell(world, &wanted.login, &done.await?, "已撤销角色", "role revoked");
    }
    let done = world.store.write(Actor::system(), move |ctx| {
        Box::pin(async move { staff::grant(ctx, user, role, place).await })
    });
    tell(world, &wanted.login, &done.await?, "已授予角色", "role granted")
}

async fn list(world: &World) -> Result<(), Refusal> {
    let users = staff::users(&mut world.store.read().await?).await?;
    if world.json {
        return say_json(&users);
    }
    if users.is_empty() {
        say(either(world.lang, "还没有用户。", "There are no users yet."));
    }
    for user in &users {
        say(line(user, world.lang));
    }
    Ok(())
}

fn line(user: &User, lang: Lang) -> String {
    let whole = either(lang, "全国", "whole country");
    let grants: Vec<String> = user
        .grants
        .iter()
        .map(|grant| {
            let place = grant
                .place
                .map_or_else(|| whole.to_owned(), |place| place.to_string());
            format!("{} @ {place}", grant.role)
        })
        .collect();
    let state = match user.disabled_at {
        Some(_) => either(lang, "（已停用）", " (disabled)"),
        None => "",
    };
    format!(
        "{}  {}{state}  {}",
        user.login,
        user.display_name,
        grants.join(", ")
    )
}

async fn link(world: &World, login: &str) -> Result<(), Refusal> {
    let user = find(world, login).await?.id;
    let desk = Staff::new(
        world.store.clone(),
        Arc::new(SystemClock),
        Arc::new(SystemSecrets),
    );
    let link = desk.make_link(Actor::system(), user).await?;
    if world.json {
        return say_json(&json!({
            "login": login,
            "path": link.path(),
            "expires_at": link.expires_at.to_string(),
        }));
    }
    say(link.path());
    say(format!(
        "  {} {}",
        either(
            world.lang,
            "接在网站地址之后打开；只能用一次，有效期至",
            "open it after the address of the site; it works once, until"
        ),
        link.expires_at
    ));
    Ok(())
}

/// The user of a login.
///
/// # Errors
/// `staff.bad_login`, `staff.no_such_user`; what the store gives.
pub async fn find(world: &World, login: &str) -> Result<User, Refusal> {
    let wanted: Login = login.parse()?;
    let found = staff::user_by_login(&mut world.store.read().await?, &wanted).await?;
    found.ok_or_else(|| Refusal::new("staff.no_such_user", Fault::Missing).value(login))
}

/// Whoever runs a command owns the machine, so who they say they are is believed. They are a user who may do the same on the
/// web, and the journal names them by the same id: one person never counts as two.
///
/// # Errors
/// As [`find`]; `staff.user_disabled`.
pub async fn viewer(world: &World, login: &str) -> Result<Viewer, Refusal> {
    let user = find(world, login).await?;
    if user.disabled_at.is_some() {
        return Err(Refusal::new("staff.user_disabled", Fault::Refused).value(login));
    }
    Ok(Viewer::of(user))
}

/// Says what was done, or that it had been done before.
fn tell<T>(world: &World, login: &str, done: &Done<T>, zh: &str, en: &str) -> Result<(), Refusal> {
    if world.json {
        return say_json(&json!({ "login": login, "changed": done.is_now() }));
    }
    let before = if done.is_now() {
        ""
    } else {
        either(world.lang, "（此前已如此）", " (it was so before)")
    };
    say(format!("✓ {login} {}{before}", either(world.lang, zh, en)));
    Ok(())
}
