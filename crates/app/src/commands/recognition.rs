//! `fishpond recognition`: yearly runs, cases, and decisions made again.

use std::process::ExitCode;

use ::people::staff::Action;
use ::registry::{CaseId, CasePage, Replay, RunPage};
use kernel::Refusal;
use serde_json::json;

use super::registry::{desk, reasons, seen_by};
use super::user;
use crate::cli::Recognition;
use crate::cli::fund::By;
use crate::terminal::{either, say, say_json};
use crate::world::World;

/// Runs it.
///
/// # Errors
/// What the command is refused for.
pub async fn run(world: &World, command: Recognition) -> Result<ExitCode, Refusal> {
    match command {
        Recognition::Screen { run, by } => screen(world, &run, &by).await?,
        Recognition::Run { run, by } => show_run(world, &run, &by).await?,
        Recognition::Case { case, by } => show_case(world, &case, &by).await?,
        Recognition::Replay { case: Some(case), .. } => return replay(world, &case).await,
        Recognition::Replay { case: None, .. } => return replay_all(world).await,
    }
    Ok(ExitCode::SUCCESS)
}

async fn screen(world: &World, run: &str, by: &By) -> Result<(), Refusal> {
    let viewer = user::viewer(world, &by.actor).await?;
    let seen = viewer.places(Action::DecideCases);
    let place = ::registry::run_line(&mut world.store.read().await?, &seen, run)
        .await?
        .place;
    let actor = viewer.require(Action::DecideCases, Some(place))?;
    let screened = desk(world)?.screen(actor, run).await?;
    if world.json {
        return say_json(&screened);
    }
    let (zh, en) = (
        "户已筛查，其中符合",
        "households screened, of which for so many the rules hold:",
    );
    say(format!(
        "{} {} {}",
        screened.households,
        either(world.lang, zh, en),
        screened.holds
    ));
    say(format!(
        "{} {}",
        screened.unknown,
        either(world.lang, "户情况不清", "of which too little is known")
    ));
    Ok(())
}

async fn show_run(world: &World, run: &str, by: &By) -> Result<(), Refusal> {
    let seen = seen_by(world, by).await?;
    let page = ::registry::run_page(&mut world.store.read().await?, &seen, run).await?;
    if world.json {
        return say_json(&page);
    }
    let RunPage {
        run,
        steps,
        holds,
        does_not_hold,
        unknown,
        without_case,
        cases,
    } = page;
    say(format!(
        "{}  {}  {}  {} – {}",
        run.key, run.kind, run.place, run.opened_on, run.due_on
    ));
    say(format!("  {} {} {}", run.rules, run.year, run.line_fen));
    for (step, due) in steps {
        say(format!("  {step:<14} {due}"));
    }
    for (count, zh, en) in [
        (holds, "户符合", "the rules hold"),
        (does_not_hold, "户不符合", "they do not"),
        (unknown, "户不清楚", "not known"),
        (without_case, "户符合而未申请", "they hold, and nobody applied"),
    ] {
        say(format!("{count:>9}  {}", either(world.lang, zh, en)));
    }
    for (state, count) in cases {
        say(format!("{count:>9}  {state}"));
    }
    Ok(())
}

async fn show_case(world: &World, case: &str, by: &By) -> Result<(), Refusal> {
    let seen = seen_by(world, by).await?;
    let id: CaseId = case.parse()?;
    let page = ::registry::case_page(&mut world.store.read().await?, &seen, id).await?;
    if world.json {
        return say_json(&page);
    }
    let CasePage {
        case,
        steps,
        objections,
        verdict,
    } = page;
    say(format!(
        "{}  {}  {}  {}  {}",
        case.id, case.kind, case.state, case.place, case.household
    ));
    for step in steps {
        say(format!("  {}  {:<10} {}", step.on, step.act, step.by));
    }
    for one in objections {
        let answer = one
            .answer
            .unwrap_or_else(|| either(world.lang, "待答复", "waits").to_owned());
        say(format!("  {}  {}  {} → {answer}", one.on, one.seeks, one.text));
    }
    if let Some(verdict) = &verdict {
        reasons(world.lang, verdict);
    }
    Ok(())
}

/// Ends with a failure where the answer is another one than then.
async fn replay(world: &World, case: &str) -> Result<ExitCode, Refusal> {
    let replay = desk(world)?.replay(case.parse()?).await?;
    if world.json {
        say_json(&json!({ "agrees": replay.agrees(), "replay": replay }))?;
    } else {
        reasons(world.lang, &replay.again);
        say(if replay.agrees() {
            either(world.lang, "✓ 与当时的结论一致", "✓ the same as then")
        } else {
            either(world.lang, "✗ 与当时的结论不同", "✗ not the same as then")
        });
    }
    Ok(if replay.agrees() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn replay_all(world: &World) -> Result<ExitCode, Refusal> {
    let (mut decisions, mut differ) = (0_u64, Vec::new());
    let seen = |replay: Replay| {
        decisions += 1;
        if !replay.agrees() {
            differ.push(replay.case);
        }
        Ok(())
    };
    desk(world)?.replay_all(seen).await?;
    if world.json {
        say_json(&json!({ "decisions": decisions, "differ": differ }))?;
    } else {
        let words = either(
            world.lang,
            "项决定已复核，不同的",
            "decisions made again, different",
        );
        say(format!("{decisions} {words} {}", differ.len()));
        for case in &differ {
            say(case.to_string());
        }
    }
    Ok(if differ.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
