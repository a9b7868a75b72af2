//! The commands, one file each.

mod books;
mod check;
mod config;
mod dci;
mod demo;
mod doctor;
mod figures;
mod forms;
mod fund;
mod ids;
mod keeping;
mod keys;
mod lines;
mod oidc;
mod pack;
pub mod payments;
mod period;
mod places;
mod poverty;
mod programme;
mod recognition;
pub mod registry;
pub(crate) mod report;
mod sales;
mod simulate;
mod targeting;
mod user;
mod welcome;

use std::process::ExitCode;

use kernel::Refusal;

use crate::cli::{Cli, Command};
use crate::config::Config;
use crate::world::World;

/// Runs what was typed.
///
/// # Errors
/// Why it was not done.
pub async fn run(cli: Cli, config: &Config) -> Result<ExitCode, Refusal> {
    let settings = cli.settings;
    let Some(command) = cli.command else {
        return Ok(welcome::run(&settings));
    };
    match command {
        Command::Targeting(command) => targeting::run(&settings, command),
        Command::Poverty(command) => poverty::run(&settings, command),
        Command::Forms(command) => forms::run(&settings, command),
        Command::Ids(command) => ids::run(&settings, command),
        Command::Places(command) => places::run(&settings, command),
        Command::Pack(crate::cli::Pack::Verify { file }) => pack::verify(&settings, &file).await,
        Command::Programme(crate::cli::Programme::Check { dir }) => Ok(programme::check(&settings, dir)),
        Command::Registry(command) => registry::run(&settings, command).await,
        Command::Simulate(wanted) => simulate::run(&settings, &wanted),
        Command::Restore { dir } => keeping::restore(&settings, &dir).await,
        Command::Demo(demo) => demo::run(&settings, demo).await,
        Command::Config(_) => config::run(&settings, config),
        Command::Doctor(_) => doctor::run(&settings, config).await,
        Command::Serve(_) => {
            crate::serve::serve(&config.service, World::open(&settings).await?).await?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Sales(command) => sales::run(&World::open(&settings).await?, command).await,
        Command::Figures(command) => figures::run(&World::open(&settings).await?, command).await,
        Command::Report(command) => report::run(&World::open(&settings).await?, command).await,
        Command::Period(command) => period::run(&World::open(&settings).await?, command).await,
        Command::Pack(crate::cli::Pack::Build { period, out }) => {
            pack::build(&World::open(&settings).await?, &period, &out).await
        }
        Command::Oidc(command) => oidc::run(&World::open(&settings).await?, &config.service, command).await,
        Command::Dci(command) => dci::run(&World::open(&settings).await?, &config.service, command).await,
        Command::User(command) => user::run(&World::open(&settings).await?, command).await,
        Command::Books(command) => books::run(&World::open(&settings).await?, command).await,
        Command::Payments(command) => payments::run(&World::open(&settings).await?, command).await,
        Command::Fund(command) => fund::run(&World::open(&settings).await?, command).await,
        Command::Recognition(command) => recognition::run(&World::open(&settings).await?, command).await,
        Command::Check => check::run(&World::open(&settings).await?).await,
        Command::Keys(command) => keys::run(&World::open(&settings).await?, &command).await,
        Command::Backup { dir } => keeping::backup(&World::open(&settings).await?, &dir).await,
    }
}
