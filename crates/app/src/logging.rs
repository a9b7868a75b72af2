//! The log on standard error: a line for people or a JSON object, filtered by level and part of the program.
//!
//! What goes in: what broke, and one line a request with number, method, route, status, duration and bytes. What never
//! goes in: addresses as they were asked for (they may hold a search, a name or a one-time link), cookies, tokens, bodies.

use std::io::IsTerminal as _;

use kernel::{Fault, Refusal};
use tracing_subscriber::EnvFilter;

use crate::cli::{LogForm, Settings};

/// Starts it; `usual` is the level where none was named.
///
/// # Errors
/// `app.bad_log_level`, naming what is not understood.
pub fn start(settings: &Settings, usual: &str) -> Result<(), Refusal> {
    let wanted = settings.log_level.as_deref().unwrap_or(usual);
    let filter = EnvFilter::try_new(wanted).map_err(|error| {
        Refusal::new("app.bad_log_level", Fault::Refused)
            .value(wanted)
            .fact("cause", error)
    })?;
    let log = tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(filter);
    match settings.log {
        LogForm::Text => log.with_ansi(std::io::stderr().is_terminal()).init(),
        LogForm::Json => log.json().flatten_event(true).init(),
    }
    Ok(())
}
