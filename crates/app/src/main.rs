//! The binary `fishpond`: reads what was typed, opens the data folder, runs one command, answers with an exit code.

mod cli;
mod commands;
mod first_start;
mod serve;
mod terminal;
mod world;

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::Parser;

use cli::Cli;

/// Columns come and go by the megabyte while files are read and written: this allocator keeps their memory, where the
/// system's hands it back and asks for it again, page by page.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_max_level(tracing::Level::WARN)
        .init();
    let (lang, json) = (world::lang(&cli.settings), cli.settings.json);
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return terminal::refuse(&kernel::Refusal::broken("app.runtime", &error), lang, json),
    };
    match runtime.block_on(commands::run(cli)) {
        Ok(code) => code,
        Err(refusal) => terminal::refuse(&refusal, lang, json),
    }
}
