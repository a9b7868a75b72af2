//! `fishpond figures`: values, breakdowns, traces and audits.

use std::process::ExitCode;

use kernel::{Lang, PlaceCode, Refusal};
use lake::figures::{AuditOutcome, BreakdownRow, Dimension, FigureEngine, FigureView, TraceRow, audit};
use report::numbers;
use report::words::WORDS;
use serde_json::{Value, json};

use crate::cli::{By, FigureList, FigureShow, Figures};
use crate::terminal::{either, say, say_json};
use crate::world::{self, World};

/// Rows a trace shows.
const TRACE_ROWS: usize = 50;
/// Parts a breakdown shows on a terminal; JSON has all.
const PARTS_SHOWN: usize = 40;

/// Runs it.
///
/// # Errors
/// An unknown figure or period, or what a query gave.
pub async fn run(world: &World, command: Figures) -> Result<ExitCode, Refusal> {
    match command {
        Figures::List(wanted) => list(world, &wanted).await,
        Figures::Show(wanted) => show(world, wanted).await,
    }
}

async fn list(world: &World, wanted: &FigureList) -> Result<ExitCode, Refusal> {
    let period = world::period(&wanted.period.period)?;
    let tables = world.figure_tables()?;
    let rollups = FigureEngine::over_rollups(&world.lake, &tables, period).await?;
    let lines = if wanted.audit {
        Some(FigureEngine::over_lines(&world.lake, &tables, period).await?)
    } else {
        None
    };
    let (mut views, mut differing) = (Vec::new(), 0);
    for figure in &world.programme.figures {
        let view = lines.as_ref().unwrap_or(&rollups).view(figure).await?;
        if lines.is_some() && view.value != rollups.value(figure).await? {
            differing += 1;
        }
        views.push(view);
    }
    if world.json {
        say_json(&views)?;
    } else {
        say(simulated_notice(world));
        for view in &views {
            say(format!(
                "{:<28} {:>24}  {}",
                view.id,
                spoken(view.value, &view.unit, world.lang),
                view.title.get(world.lang)
            ));
        }
        if lines.is_some() {
            say(audit_verdict(differing == 0, world.lang));
        }
    }
    Ok(if differing == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

fn audit_verdict(equal: bool, lang: Lang) -> &'static str {
    if equal {
        either(lang, "✓ 逐行重算与汇总一致", "✓ recomputed from the lines: equal")
    } else {
        either(
            lang,
            "✗ 逐行重算与汇总不一致",
            "✗ recomputed from the lines: DIFFERENT",
        )
    }
}

/// The programme's note that its evidence is made up, where it is.
#[must_use]
pub fn simulated_notice(world: &World) -> &str {
    if world.programme.head.simulated {
        world.programme.head.note.get(world.lang)
    } else {
        ""
    }
}

/// A value as its reader says it.
#[must_use]
pub fn spoken(value: Option<i64>, unit: &str, lang: Lang) -> String {
    let Some(value) = value else {
        return "—".to_owned();
    };
    let said = numbers::say(value, unit, lang);
    format!("{} {}", said.number, WORDS.of(lang).get(&said.unit_key))
}

async fn show(world: &World, wanted: FigureShow) -> Result<ExitCode, Refusal> {
    let (figure, period) = (
        world.programme.figure(&wanted.id)?,
        world::period(&wanted.period.period)?,
    );
    let place = wanted.place.as_deref().map(str::parse::<PlaceCode>).transpose()?;
    let tables = world.figure_tables()?;
    let engine = FigureEngine::over_rollups(&world.lake, &tables, period).await?;
    let view = engine.view(figure).await?;
    let parts = match wanted.by {
        Some(by) => Some(engine.breakdown(figure, dimension(by)).await?),
        None => None,
    };
    let trace = if wanted.trace {
        Some(engine.trace(figure, place, TRACE_ROWS).await?)
    } else {
        None
    };
    let audited = if wanted.audit {
        let lines = FigureEngine::over_lines(&world.lake, &tables, period).await?;
        Some(audit(figure, &engine, &lines).await?)
    } else {
        None
    };
    if world.json {
        say_json(&as_json(
            &view,
            parts.as_deref(),
            trace.as_deref(),
            audited.as_ref(),
        ))?;
    } else {
        print(world, &view, parts.as_deref(), trace.as_deref(), audited.as_ref());
    }
    let sound = audited.is_none_or(|outcome| outcome.equal);
    Ok(if sound {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

fn dimension(by: By) -> Dimension {
    match by {
        By::Place => Dimension::Place,
        By::Channel => Dimension::Channel,
        By::Product => Dimension::Product,
        By::Month => Dimension::Month,
        By::Pillar => Dimension::Pillar,
    }
}

fn as_json(
    view: &FigureView,
    parts: Option<&[BreakdownRow]>,
    trace: Option<&[TraceRow]>,
    audited: Option<&AuditOutcome>,
) -> Value {
    let parts = parts.map(|parts| {
        let part = |part: &BreakdownRow| json!({ "key": part.key, "title": part.title, "value": part.value, "lines": part.lines });
        parts.iter().map(part).collect::<Vec<_>>()
    });
    let trace = trace.map(|rows| {
        let row = |row: &TraceRow| {
            json!({
                "place": row.place, "segment": row.segment_sha256, "file": row.file_name, "file_sha256": row.file_sha256,
                "lines": row.lines, "value": row.value, "first_source_lines": row.first_source_lines,
            })
        };
        rows.iter().map(row).collect::<Vec<_>>()
    });
    json!({ "figure": view, "by": parts, "trace": trace, "audit": audited })
}

fn print(
    world: &World,
    view: &FigureView,
    parts: Option<&[BreakdownRow]>,
    trace: Option<&[TraceRow]>,
    audited: Option<&AuditOutcome>,
) {
    let lang = world.lang;
    say(simulated_notice(world));
    say(format!(
        "{} · {} · {}",
        view.title.get(lang),
        view.period.title(lang),
        spoken(view.value, &view.unit, lang)
    ));
    say(view.note.get(lang));
    if let Some(previous) = &view.previous {
        say(format!(
            "{} {}",
            previous.period.title(lang),
            spoken(Some(previous.value), &view.unit, lang)
        ));
    }
    print_parts(view, parts.unwrap_or_default(), lang);
    print_trace(world, view, trace.unwrap_or_default());
    if let Some(outcome) = audited {
        let (rollup, lines) = (
            spoken(outcome.rollup, &view.unit, lang),
            spoken(outcome.lines, &view.unit, lang),
        );
        say(format!(
            "{}  {rollup} | {lines}",
            audit_verdict(outcome.equal, lang)
        ));
    }
    say(format!("SQL: {}", view.sql.trim()));
}

fn print_parts(view: &FigureView, parts: &[BreakdownRow], lang: Lang) {
    for part in parts.iter().take(PARTS_SHOWN) {
        say(format!(
            "  {:<8} {:>24}  {}",
            part.key,
            spoken(Some(part.value), &view.unit, lang),
            part.title.get(lang)
        ));
    }
    let more = parts.len().saturating_sub(PARTS_SHOWN);
    if more > 0 {
        say(format!(
            "  … {more} {}",
            either(lang, "项未列出，--json 可看全部", "more; --json has all")
        ));
    }
}

fn print_trace(world: &World, view: &FigureView, trace: &[TraceRow]) {
    let lang = world.lang;
    for row in trace {
        let name = world
            .places
            .get(row.place)
            .map(|place| place.title().get(lang).to_owned())
            .unwrap_or_default();
        let lines: Vec<String> = row.first_source_lines.iter().map(ToString::to_string).collect();
        say(format!(
            "  {} {name}  {}  {} {}",
            row.place,
            spoken(Some(row.value), &view.unit, lang),
            row.lines,
            either(lang, "行", "lines")
        ));
        say(format!(
            "    segments/{}.parquet ← {} (SHA-256 {})",
            row.segment_sha256, row.file_name, row.file_sha256
        ));
        say(format!(
            "    {} {} …",
            either(lang, "文件行号", "lines of the file"),
            lines.join(", ")
        ));
    }
}
