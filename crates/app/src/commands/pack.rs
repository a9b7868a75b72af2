//! `fishpond pack`: everything a stranger needs to recompute the report, and the check of it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use kernel::{Lang, Refusal};
use lake::figures::FigureTables;
use report::numbers;
use report::pack::{self, PackInput, PackSegment, PackSummary, VerifyReport};
use report::{HalfYearReport, ReportKey};

use crate::cli::Settings;
use crate::terminal::{either, say, say_json};
use crate::world::{self, World};

/// Writes a pack.
///
/// # Errors
/// An unknown period, or what could not be read or written.
pub async fn build(world: &World, period: &str, out: &Path) -> Result<ExitCode, Refusal> {
    let (report, key) = super::report::make(world, world::period(period)?).await?;
    let summary = write(world, &report, &key, out).await?;
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

/// Packs a report with the evidence it names.
async fn write(
    world: &World,
    report: &HalfYearReport,
    key: &ReportKey,
    out: &Path,
) -> Result<PackSummary, Refusal> {
    let mut segments = world.lake.segments().await?;
    segments.truncate(report.evidence.segments.len());
    let segments: Vec<PackSegment> = segments.into_iter().map(PackSegment::from).collect();
    let tables = FigureTables::of(&world.programme, world.places, world.lake.product_titles().await?)?;
    let folder = world::programme_folder(&world.data);
    let input = PackInput {
        report,
        segments: &segments,
        tables: &tables,
        programme_dir: &folder,
    };
    pack::build(out, input, key)
}

/// The pack of a report that was written to `folder`, made where it is missing; none where the lake no longer has the
/// evidence that the report names.
///
/// # Errors
/// What could not be read or written.
pub async fn of_report(world: &World, folder: &Path) -> Result<Option<PathBuf>, Refusal> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let packs = world.data.join("packs");
    let out = packs.join(format!("{name}.tar"));
    if out.exists() {
        return Ok(Some(out));
    }
    let published = web::Published::from_folder(folder, 1, None)?;
    let named = published
        .report
        .evidence
        .segments
        .iter()
        .map(|segment| &segment.sha256);
    let kept = world.lake.segments().await?;
    let is_kept = named.eq(kept
        .iter()
        .take(published.report.evidence.segments.len())
        .map(|segment| &segment.manifest.sha256));
    if !is_kept {
        return Ok(None);
    }
    world::make_folder(&packs)?;
    let key = ReportKey::open_or_make(&world.data)?;
    write(world, &published.report, &key, &out).await?;
    Ok(Some(out))
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
