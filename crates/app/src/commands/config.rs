//! `fishpond config`: each setting, its value, and where it came from.

use std::process::ExitCode;

use kernel::{Lang, Refusal};
use serde_json::json;

use crate::cli::Settings;
use crate::config::{Config, Setting, Source};
use crate::terminal::{either, say, say_json};
use crate::world;

/// Shows it.
///
/// # Errors
/// `app.json`.
pub fn run(settings: &Settings, config: &Config) -> Result<ExitCode, Refusal> {
    let lang = world::lang(settings);
    if settings.json {
        say_json(&json!({ "file": config.file, "settings": config.shown }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let none = either(lang, "（未设置）", "(not set)");
    for setting in &config.shown {
        say(format!(
            "{:<16} {:<32} {}",
            setting.name,
            setting.value.as_deref().unwrap_or(none),
            origin(setting, config, lang)
        ));
    }
    Ok(ExitCode::SUCCESS)
}

fn origin(setting: &Setting, config: &Config, lang: Lang) -> String {
    match setting.source {
        Source::Flag => format!("--{}", setting.name.replace('_', "-")),
        Source::Variable => format!("FISHPOND_{}", setting.name.to_uppercase()),
        Source::File => config
            .file
            .as_deref()
            .map(|path| path.display().to_string())
            .unwrap_or_default(),
        Source::Default => either(lang, "默认", "default").to_owned(),
    }
}
