//! `fishpond programme check`.

use std::path::PathBuf;
use std::process::ExitCode;

use ::programme::Programme;

use crate::cli::Settings;
use crate::terminal::{either, say};
use crate::world;

/// Says what is wrong in a programme folder: exit 1 where anything is.
pub fn check(settings: &Settings, dir: Option<PathBuf>) -> ExitCode {
    let (dir, lang) = (
        dir.unwrap_or_else(|| world::programme_folder(&settings.data)),
        world::lang(settings),
    );
    match Programme::open(&dir) {
        Ok(programme) => {
            let (layouts, figures) = (programme.layouts.len(), programme.figures.len());
            say(format!(
                "✓ {} · {layouts} {} · {figures} {}",
                dir.display(),
                either(lang, "个渠道格式", "layouts"),
                either(lang, "个指标", "figures")
            ));
            ExitCode::SUCCESS
        }
        Err(findings) => {
            for finding in &findings {
                say(format!("✗ {} [{}]", finding.text.get(lang), finding.code));
            }
            ExitCode::from(1)
        }
    }
}
