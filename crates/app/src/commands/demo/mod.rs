//! `fishpond demo`: the main job from end to end.

mod story;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ::report::periods::{self, PeriodState, ReviewDraft, Verdict};
use ::simulate::{Simulation, simulate};
use kernel::{Actor, Lang, Period, Refusal, Role};
use lake::figures::FigureEngine;
use programme::PublishedFigure;
use serde_json::json;

use super::{figures, period, report, sales};
use crate::cli::{Demo, Settings};
use crate::config::Service;
use crate::serve;
use crate::terminal::{either, progress_bar, say, say_json};
use crate::world::World;

/// What the ids of the demo's made-up persons begin with.
const SIMULATED: &str = "simulated-";

/// Runs it.
///
/// # Errors
/// What any step is refused for.
pub async fn run(settings: &Settings, demo: Demo) -> Result<ExitCode, Refusal> {
    let world = World::open(settings).await?;
    if world.lake.imports().await?.is_empty() {
        fill(&world, &demo).await?;
    }
    if !world
        .lake
        .seals()
        .await?
        .contains_key(&world.programme.head.period)
    {
        story::record(&world, demo.seed).await?;
    }
    if demo.check {
        return check(&world).await;
    }
    let period = world.programme.head.period;
    let folder = report_folder(&world.data, period);
    report::write(&world, period, &folder).await?;
    publish(&world, period).await?;
    tell(&world, &folder)?;
    if demo.no_serve {
        return Ok(ExitCode::SUCCESS);
    }
    serve::serve(&Service::on(demo.address), world).await?;
    Ok(ExitCode::SUCCESS)
}

/// A folder of its own for each report, so that an earlier one is never written over.
fn report_folder(data: &Path, period: Period) -> PathBuf {
    let reports = data.join("reports");
    let free = |number: &u32| !reports.join(format!("{period}-{number}")).exists();
    let number = (1..u32::MAX).find(free).unwrap_or(u32::MAX);
    reports.join(format!("{period}-{number}"))
}

/// Publishes the report of the demo as version 1, by persons who are made up and named so; once.
async fn publish(world: &World, of: Period) -> Result<(), Refusal> {
    if periods::version(&world.store, of, 1).await?.is_some() {
        return Ok(());
    }
    let person = |name: &str| Actor::new(format!("{SIMULATED}{name}"), Role::Fund);
    period::open(world, person("author"), of).await?.into_inner();
    let state = periods::by_period(&world.store, of)
        .await?
        .map(|history| history.report.state);
    // A demo that was interrupted goes on with the draft it had submitted.
    let draft = if let Some(PeriodState::InReview { draft, .. }) = state {
        draft.id
    } else {
        let kept = period::make(world, of).await?;
        let submitted = period::submit(world, person("author"), of, kept).await?;
        submitted.into_inner()
    };
    for name in ["reviewer-1", "reviewer-2"] {
        let said = ReviewDraft {
            period: of,
            draft,
            verdict: Verdict::Approved,
        };
        period::review(world, person(name), said).await?.into_inner();
    }
    period::publish(world, person("author"), of, draft)
        .await?
        .into_inner();
    Ok(())
}

/// Simulates the order files of all channels and imports them, in the order in which they would have come.
async fn fill(world: &World, demo: &Demo) -> Result<(), Refusal> {
    let folder = world.data.join("simulated");
    let bar = progress_bar(either(world.lang, "模拟订单", "simulating orders").to_owned());
    let simulation = Simulation {
        seed: demo.seed,
        lines: demo.lines,
        clean: false,
    };
    let simulated = simulate(
        &simulation,
        &world.programme,
        world.places,
        &folder,
        &mut |done, total| {
            bar.set_length(total);
            bar.set_position(done);
        },
    )?;
    bar.finish_and_clear();
    for file in &simulated.files {
        let imported = sales::import(
            world,
            &sales::Sender::owner(),
            &file.layout,
            &folder.join(&file.file),
        )
        .await?;
        if !world.json {
            let import = &imported.import;
            say(match world.lang {
                Lang::Zh => format!(
                    "导入 {}：接收 {}，拒收 {}，重复 {}",
                    file.file, import.accepted, import.rejected, import.duplicates
                ),
                Lang::En => format!(
                    "imported {}: {} accepted, {} rejected, {} duplicates",
                    file.file, import.accepted, import.rejected, import.duplicates
                ),
            });
        }
    }
    Ok(())
}

fn tell(world: &World, folder: &Path) -> Result<(), Refusal> {
    if world.json {
        return say_json(&json!({ "report": folder }));
    }
    say(figures::simulated_notice(world));
    say(format!(
        "{} {}",
        either(world.lang, "半年报在", "the report is in"),
        folder.display()
    ));
    if !cfg!(feature = "pdf") {
        say(report::no_pdf(world.lang));
    }
    Ok(())
}

/// One published figure, held against the evidence.
struct Held<'a> {
    published: &'a PublishedFigure,
    unit: String,
    value: Option<i64>,
    holds: Option<bool>,
}

async fn check(world: &World) -> Result<ExitCode, Refusal> {
    let engine =
        FigureEngine::over_rollups(&world.lake, &world.figure_tables()?, world.programme.head.period).await?;
    let mut held = Vec::new();
    for published in &world.programme.published {
        held.push(match world.programme.figure_for(published) {
            Some(figure) => {
                let value = engine.value(figure).await?;
                Held {
                    published,
                    unit: figure.unit.clone(),
                    value,
                    holds: Some(value.is_some_and(|value| published.holds(value))),
                }
            }
            None => Held {
                published,
                unit: String::new(),
                value: None,
                holds: None,
            },
        });
    }
    if world.json {
        say_json(&held.iter().map(as_json).collect::<Vec<_>>())?;
    } else {
        print(world, &held);
    }
    let all_hold = held.iter().all(|held| held.holds != Some(false));
    Ok(if all_hold {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

fn as_json(held: &Held<'_>) -> serde_json::Value {
    let published = held.published;
    let state = match held.holds {
        Some(true) => "holds",
        Some(false) => "does_not_hold",
        None => "not_yet_defined",
    };
    json!({
        "id": published.id, "relation": published.relation.sign(), "published": published.value.to_string(), "unit": published.unit,
        "value": held.value, "value_unit": held.unit, "state": state,
    })
}

fn print(world: &World, held: &[Held<'_>]) {
    let lang = world.lang;
    say(figures::simulated_notice(world));
    for one in held {
        let published = one.published;
        let (sign, verdict) = match one.holds {
            Some(true) => ("✓", either(lang, "成立", "holds")),
            Some(false) => ("✗", either(lang, "不成立", "does not hold")),
            None => ("·", either(lang, "尚未定义", "not yet defined")),
        };
        let said = format!(
            "{} {} {}",
            published.relation.sign(),
            published.value,
            published.unit
        );
        let value = if one.holds.is_some() {
            figures::spoken(one.value, &one.unit, lang)
        } else {
            String::new()
        };
        say(format!(
            "{sign} {:<32} {said:<28} {value:<24} {verdict}  {}",
            published.id,
            published.name.get(lang)
        ));
    }
    let count = |wanted: Option<bool>| held.iter().filter(|one| one.holds == wanted).count();
    let (agree, differ, open) = (count(Some(true)), count(Some(false)), count(None));
    say(match lang {
        Lang::Zh => format!(
            "{} 个公布的数：{agree} 个成立，{differ} 个不成立，{open} 个尚未定义",
            held.len()
        ),
        Lang::En => format!(
            "{} published figures: {agree} hold, {differ} do not, {open} are not yet defined",
            held.len()
        ),
    });
}
