//! What people and machines see: text, JSON, progress, errors.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use kernel::{Lang, Refusal};
use serde::Serialize;

/// Prints a line; a reader that has gone away (a closed pipe) is no error.
pub fn say(text: impl AsRef<str>) {
    let _gone = writeln!(std::io::stdout().lock(), "{}", text.as_ref());
}

/// Prints a value as JSON on one line.
///
/// # Errors
/// `app.json` where the value cannot be written as JSON.
pub fn say_json(value: &impl Serialize) -> Result<(), Refusal> {
    say(serde_json::to_string(value).map_err(|error| Refusal::broken("app.json", &error))?);
    Ok(())
}

/// One of two texts.
#[must_use]
pub fn either<'a>(lang: Lang, zh: &'a str, en: &'a str) -> &'a str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// Says why not: what, where, which value, what to do; the inner cause of our own faults goes to the log.
#[must_use]
pub fn refuse(refusal: &Refusal, lang: Lang, json: bool) -> ExitCode {
    let mut err = std::io::stderr().lock();
    if json {
        let _gone = writeln!(err, "{}", refusal.to_json());
    } else {
        let message = refusal.message(lang);
        let place = refusal.at.as_deref().filter(|at| !message.contains(at));
        let place = place.map(|at| format!("{at}: ")).unwrap_or_default();
        let _gone = writeln!(err, "{place}{message} [{}]", refusal.code);
        if let Some(advice) = refusal.advice(lang) {
            let _gone = writeln!(err, "  → {advice}");
        }
    }
    if let Some(context) = refusal.context() {
        tracing::error!(code = refusal.code, context, "broken");
    }
    ExitCode::from(refusal.fault.exit_code())
}

/// A bar of bytes on a terminal, nothing in a pipe.
#[must_use]
pub fn progress_bar(what: String) -> ProgressBar {
    bar(what, "{msg} {wide_bar} {bytes}/{total_bytes} {eta}")
}

/// A bar of steps on a terminal, nothing in a pipe.
#[must_use]
pub fn step_bar(what: String) -> ProgressBar {
    bar(what, "{msg} {wide_bar} {pos}/{len}")
}

fn bar(what: String, template: &str) -> ProgressBar {
    let target = if std::io::stderr().is_terminal() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let bar = ProgressBar::with_draw_target(None, target).with_message(what);
    let style = ProgressStyle::with_template(template);
    style.map_or(bar.clone(), |style| bar.with_style(style))
}
