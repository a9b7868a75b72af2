//! The binary `fishpond`: reads what was typed, opens the data folder, runs one command, answers with an exit code.

mod cli;
mod commands;
mod config;
mod first_start;
mod logging;
mod memory;
mod serve;
mod terminal;
mod world;

use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _};

use cli::{Cli, Command};
use config::Config;
use kernel::Refusal;

fn main() -> ExitCode {
    memory::keep_for_a_while();
    let matches = Cli::command().get_matches();
    let mut cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    let config = Config::load(&matches, &mut cli.settings);
    let (lang, json) = (world::lang(&cli.settings), cli.settings.json);
    match config.and_then(|config| start(cli, &config)) {
        Ok(code) => code,
        Err(refusal) => terminal::refuse(&refusal, lang, json),
    }
}

fn start(cli: Cli, config: &Config) -> Result<ExitCode, Refusal> {
    let usual = match cli.command {
        Some(Command::Serve(_)) => "info",
        _ => "warn",
    };
    logging::start(&cli.settings, usual)?;
    let runtime = tokio::runtime::Runtime::new().map_err(|error| Refusal::broken("app.runtime", &error))?;
    runtime.block_on(commands::run(cli, config))
}
