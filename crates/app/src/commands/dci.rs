//! `fishpond dci`: who may ask the registry by messages. Whoever can open the data folder may give these commands.

use std::process::ExitCode;

use exchange::{Exchange, NewPartner, Partner};
use kernel::{Actor, Refusal};
use people::staff::Scope;
use serde_json::json;

use crate::cli::{Dci as Command, DciPartner, DciPartnerAdd};
use crate::config::Service;
use crate::serve::site;
use crate::terminal::{either, say, say_json};
use crate::world::World;

/// Runs it.
///
/// # Errors
/// `dci.*`, `webhooks.*`, `programme.no_recognition`.
pub async fn run(world: &World, service: &Service, command: Command) -> Result<ExitCode, Refusal> {
    let desk = site::exchange(world)?;
    match command {
        Command::Key => key(world, &desk)?,
        Command::Partner(DciPartner::Add(wanted)) => {
            let name = wanted.sender_id.clone();
            let webhooks = site::webhooks(world, service.webhooks_private)?;
            desk.add_partner(&webhooks, Actor::system(), new_partner(wanted)?)
                .await?;
            tell(world, &name, true, ("已登记", "is registered"))?;
        }
        Command::Partner(DciPartner::List) => list(world, &desk.partners().await?)?,
        Command::Partner(DciPartner::Remove { sender_id }) => {
            let webhooks = site::webhooks(world, service.webhooks_private)?;
            let done = desk
                .remove_partner(&webhooks, Actor::system(), &sender_id)
                .await?;
            tell(world, &sender_id, done.is_now(), ("已移除", "is removed"))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn new_partner(wanted: DciPartnerAdd) -> Result<NewPartner, Refusal> {
    let mut rights = vec![Scope::ReadRegistry];
    rights.extend(wanted.reveal.then_some(Scope::RevealPersons));
    let place = wanted.place.map(|code| code.parse()).transpose();
    let purpose = wanted.purpose.map(|purpose| purpose.parse()).transpose();
    Ok(NewPartner {
        sender_id: wanted.sender_id,
        receiver_id: wanted.receiver_id,
        public_key: wanted.public_key,
        rights,
        place: place.map_err(|refusal: Refusal| refusal.at("place"))?,
        purpose: purpose.map_err(|refusal: Refusal| refusal.at("purpose"))?,
        callback: wanted.callback,
    })
}

fn key(world: &World, desk: &Exchange) -> Result<(), Refusal> {
    let (public_key, key_id) = desk.public_key();
    if world.json {
        return say_json(&json!({ "public_key": public_key, "key_id": key_id, "algorithm": "ed25519" }));
    }
    say(format!("ed25519  {key_id}  {public_key}"));
    Ok(())
}

fn list(world: &World, partners: &[Partner]) -> Result<(), Refusal> {
    if world.json {
        return say_json(&partners);
    }
    if partners.is_empty() {
        say(either(
            world.lang,
            "还没有登记数据交换的对方。",
            "There is no partner yet.",
        ));
    }
    for partner in partners {
        let rights: Vec<&str> = partner.rights.iter().map(|right| right.as_str()).collect();
        let place = partner.place.map_or_else(
            || either(world.lang, "全国", "country").to_owned(),
            |place| place.to_string(),
        );
        let purpose = partner.purpose.map_or_else(
            || either(world.lang, "依法", "by law").to_owned(),
            |purpose| purpose.to_string(),
        );
        let callback = partner.callback.as_deref().unwrap_or("–");
        say(format!(
            "{}  {}  {place}  {purpose}  {}  {callback}",
            partner.sender_id,
            partner.receiver_id,
            rights.join(" ")
        ));
    }
    Ok(())
}

/// Says what was done, or that it had been done before.
fn tell(world: &World, name: &str, is_now: bool, (zh, en): (&str, &str)) -> Result<(), Refusal> {
    if world.json {
        return say_json(&json!({ "partner": name, "changed": is_now }));
    }
    let before = if is_now {
        ""
    } else {
        either(world.lang, "（此前已如此）", " (it was so before)")
    };
    say(format!("✓ {name} {}{before}", either(world.lang, zh, en)));
    Ok(())
}
