//! `fishpond registry`: households and persons, and who is written down twice.

mod import;
mod link;
mod people;
mod person_row;
mod reading;
mod writing;

use std::process::ExitCode;
use std::sync::Arc;

use ::people::places::Places;
use ::registry::Registry;
use ::simulate::{Register, simulate_register};
use kernel::{Lang, Refusal, SystemSecrets};
use store::Keyring;

pub(super) use self::people::{reasons, seen_by};
use crate::cli::{self, RegistrySimulate, Settings};
use crate::terminal::{say, say_json};
use crate::world::{self, World};

/// Runs it; linking and simulating work without a data folder.
///
/// # Errors
/// What the command is refused for.
pub async fn run(settings: &Settings, command: cli::Registry) -> Result<ExitCode, Refusal> {
    match command {
        cli::Registry::Link(wanted) => link::run(settings, &wanted),
        cli::Registry::Simulate(wanted) => simulate(settings, &wanted),
        kept => {
            self::people::run(&World::open(settings).await?, kept).await?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Where the registry is kept, by the rules of the programme.
///
/// # Errors
/// `programme.no_recognition`; what the key of secrets gave.
pub fn desk(world: &World) -> Result<Registry, Refusal> {
    let keyring = Keyring::open_or_make(&world.data, &SystemSecrets)?;
    let rules = Arc::new(world.programme.rule_book()?.clone());
    Ok(Registry::new(
        world.store.clone(),
        keyring,
        Arc::new(SystemSecrets),
        rules,
    ))
}

fn simulate(settings: &Settings, wanted: &RegistrySimulate) -> Result<ExitCode, Refusal> {
    let register = Register {
        seed: wanted.seed,
        persons: wanted.persons,
        repeats: wanted.repeats,
    };
    world::make_folder(&wanted.out)?;
    let made = simulate_register(&register, Places::national(), &wanted.out)?;
    if settings.json {
        say_json(&made)?;
    } else {
        let (records, pairs, out) = (made.records, made.pairs, wanted.out.display());
        say(match world::lang(settings) {
            Lang::Zh => format!("模拟数据：{records} 条记录，{pairs} 对是同一人，在 {out}"),
            Lang::En => format!("simulated: {records} records, {pairs} pairs of one person, in {out}"),
        });
    }
    Ok(ExitCode::SUCCESS)
}
