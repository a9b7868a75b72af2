//! `fishpond check`: is everything that was kept still what was kept?

use std::process::ExitCode;

use ::report::checks::{Checked, check_data};
use kernel::Refusal;
use serde_json::json;

use crate::terminal::{either, say, say_json};
use crate::world::World;

/// Runs it: exit 1 where anything was found.
///
/// # Errors
/// What kept it from looking.
pub async fn run(world: &World) -> Result<ExitCode, Refusal> {
    let Checked { facts, mut findings } = check_data(&world.store, &world.lake).await?;
    findings.extend(finance::payments::check(&world.store).await?);
    if world.json {
        let found: Vec<_> = findings.iter().map(Refusal::to_json).collect();
        say_json(&json!({ "facts": facts, "findings": found }))?;
    } else {
        for finding in &findings {
            say(format!(
                "✗ {} {} [{}]",
                finding.at.as_deref().unwrap_or_default(),
                finding.message(world.lang),
                finding.code
            ));
        }
        let summary = if findings.is_empty() {
            either(
                world.lang,
                "✓ 日志、文件、证据段、链、汇总、账簿、付款都完好",
                "✓ journal, documents, segments, chain, rollups, books and payments are sound",
            )
        } else {
            ""
        };
        if !summary.is_empty() {
            say(summary);
        }
    }
    Ok(if findings.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}
