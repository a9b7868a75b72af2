//! `fishpond oidc`: by which organisations people sign in. Whoever can open the data folder may give these commands.

use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;

use kernel::{Actor, Done, Fault, Refusal};
use oidc::{NewProvider, Provider};
use serde_json::json;

use super::user::find;
use crate::cli::{Oidc as Command, OidcAdd};
use crate::config::Service;
use crate::serve::site;
use crate::terminal::{either, say, say_json};
use crate::world::World;

/// A client secret is never longer, in bytes.
const SECRET_BYTES_MAX: u64 = 4096;

/// Runs it.
///
/// # Errors
/// `oidc.*`, `staff.*`; `oidc.secret_file`.
pub async fn run(world: &World, service: &Service, command: Command) -> Result<ExitCode, Refusal> {
    let desk = site::oidc(world, &site::staff(world), service.oidc_private)?;
    match command {
        Command::Add(wanted) => {
            let new = new_provider(&wanted)?;
            let done = desk.add(Actor::system(), new).await?;
            tell(world, &wanted.name, done.is_now(), "已登记", "is set up")?;
            if !world.json {
                let path = format!("/signin/organisations/{}/callback", wanted.name);
                let next = either(
                    world.lang,
                    "  → 请单位登记这个回调地址（接在网站地址之后）：",
                    "  → the organisation registers this callback address, after that of the site: ",
                );
                say(format!("{next}{path}"));
            }
        }
        Command::List => list(world, &desk.providers().await?)?,
        Command::Remove { name } => {
            let done: Done<()> = desk.remove(Actor::system(), &name).await?;
            tell(world, &name, done.is_now(), "已移除", "removed")?;
        }
        Command::Invite { login, name, value } => {
            let user = find(world, &login).await?.id;
            let done = desk.invite(Actor::system(), user, &name, &value).await?;
            tell(world, &login, done.is_now(), "已邀请", "invited")?;
        }
        Command::Only { login, lift } => {
            let user = find(world, &login).await?.id;
            let done = desk.bind(Actor::system(), user, !lift).await?;
            let (zh, en) = if lift {
                ("可用口令和通行密钥登录", "comes in by password and passkey too")
            } else {
                ("只由单位登录", "comes in by the organisation only")
            };
            tell(world, &login, done.is_now(), zh, en)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn new_provider(wanted: &OidcAdd) -> Result<NewProvider, Refusal> {
    Ok(NewProvider {
        name: wanted.name.clone(),
        title: wanted.title.clone(),
        issuer: wanted.issuer.clone(),
        client_id: wanted.client_id.clone(),
        client_secret: secret(&wanted.secret_file)?,
        claim: wanted.claim.clone(),
        scope: wanted.scope.clone(),
    })
}

/// The secret in a file or on standard input: on the command line everybody on the machine could read it.
fn secret(path: &Path) -> Result<String, Refusal> {
    let mut text = String::new();
    let read = if path == Path::new("-") {
        std::io::stdin().take(SECRET_BYTES_MAX).read_to_string(&mut text)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(SECRET_BYTES_MAX).read_to_string(&mut text))
    };
    read.map_err(|error| {
        Refusal::new("oidc.secret_file", Fault::Refused)
            .at(path.display())
            .fact("cause", error)
    })?;
    Ok(text)
}

fn list(world: &World, providers: &[Provider]) -> Result<(), Refusal> {
    if world.json {
        return say_json(&providers);
    }
    if providers.is_empty() {
        say(either(
            world.lang,
            "还没有登记可以用来登录的单位。",
            "There is no organisation to sign in by yet.",
        ));
    }
    let (linked, invited) = (
        either(world.lang, "已关联", "linked"),
        either(world.lang, "已邀请", "invited"),
    );
    for provider in providers {
        say(format!(
            "{}  {}  {}  {}  {linked} {}  {invited} {}",
            provider.name, provider.title, provider.issuer, provider.claim, provider.linked, provider.invited
        ));
    }
    Ok(())
}

/// Says what was done, or that it had been done before.
fn tell(world: &World, name: &str, is_now: bool, zh: &str, en: &str) -> Result<(), Refusal> {
    if world.json {
        return say_json(&json!({ "name": name, "changed": is_now }));
    }
    let before = if is_now {
        ""
    } else {
        either(world.lang, "（此前已如此）", " (it was so before)")
    };
    say(format!("✓ {name} {}{before}", either(world.lang, zh, en)));
    Ok(())
}
