//! `fishpond pack`: everything a stranger needs to recompute the report, and the check of it.

use std::path::Path;
use std::process::ExitCode;

use kernel::{Clock, Lang, Refusal, SystemClock};
use report::numbers;
use report::pack::{self, VerifyReport};

use super::report::Materials;
use crate::cli::Settings;
use crate::terminal::{either, say, say_json};
use crate::world::{self, World};

/// Writes a pack.
///
/// # Errors
/// An unknown period, or what could not be read or written.
pub async fn build(world: &World, period: &str, out: &Path) -> Result<ExitCode, Refusal> {
    let materials = Materials::of(world)?;
    let sources = materials.sources(world);
    let report = sources.report(world::period(period)?, SystemClock.now()).await?;
    let summary = sources.pack(&report, out).await?;
    if world.json {
        say_json(&summary)?;
    } else {
        say(match world.lang {
            Lang::Zh => format!(
                "证据包：{}（{} 个文件，{} 字节，签名公钥 {}）",
                out.display(),
                summary.files,
                summary.bytes,
                summary.signer
            ),
            Lang::En => format!(
                "evidence pack: {} ({} files, {} bytes, signer {})",
                out.display(),
                summary.files,
                summary.bytes,
                summary.signer
            ),
        });
    }
    Ok(ExitCode::SUCCESS)
}

/// Verifies a pack, without a data folder: exit 1 where anything does not hold.
///
/// # Errors
/// Where the file cannot be read, or there is no room to unpack it.
pub async fn verify(settings: &Settings, file: &Path) -> Result<ExitCode, Refusal> {
    let report = pack::verify(file, &std::env::temp_dir()).await?;
    if settings.json {
        say_json(&report)?;
    } else {
        print(&report, world::lang(settings));
    }
    Ok(if report.ok {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

fn print(report: &VerifyReport, lang: Lang) {
    for figure in &report.figures {
        let mark = if figure.equal { "✓" } else { "✗" };
        say(format!(
            "{mark} {:<28} {}",
            figure.id,
            figure.value.map_or_else(|| "—".to_owned(), numbers::grouped)
        ));
    }
    for fault in &report.faults {
        say(format!("✗ {}", fault.message(lang)));
    }
    let verdict = if report.ok {
        either(
            lang,
            "✓ 证据包完好，每个数都由订单行重算得出",
            "✓ the pack is whole, and every figure was recomputed from its lines",
        )
    } else {
        either(lang, "✗ 证据包不可信", "✗ the pack cannot be trusted")
    };
    say(format!(
        "{verdict} · {} · {} · {}",
        report.programme, report.period, report.signer
    ));
}
