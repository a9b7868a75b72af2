//! `fishpond fund`: the fund, from the command line.

mod reading;

use std::path::Path;
use std::process::ExitCode;

use fund::{ACTS_MAX, Act, AtMilestone, Fund, Met, Reasoned};
use jiff::civil::Date;
use kernel::{Actor, Done, Fault, Period, Refusal};
use lake::SealedTable;
use people::staff::{Action, Viewer};
use serde_json::json;

use super::lines::{Lines, take_all};
use super::user;
use crate::cli::fund as cli;
use crate::terminal::{either, say, say_json};
use crate::world::World;

/// What stands in advice.
const EXAMPLE: &str = r#"{"call": {"pledge": "main", "tranche": 1, "on": "2018-01-15"}}"#;
/// The largest document, in bytes.
const DOCUMENT_BYTES_MAX: u64 = 20 << 20;

/// Runs it.
///
/// # Errors
/// What the command is refused for.
pub async fn run(world: &World, command: cli::Fund) -> Result<ExitCode, Refusal> {
    match command {
        cli::Fund::Take { file, by } => take(world, &file, &by).await?,
        cli::Fund::Document { file, by } => {
            let viewer = user::viewer(world, &by.actor).await?;
            viewer.require(Action::ReportField, None)?;
            let sha256 = keep(world, &file).await?;
            if world.json {
                say_json(&json!({ "sha256": sha256 }))?;
            } else {
                say(&sha256);
            }
        }
        cli::Fund::Commit(at) => one(world, &at.by, Act::Commit(milestone(&at)?)).await?,
        cli::Fund::Release(at) => one(world, &at.by, Act::Release(milestone(&at)?)).await?,
        cli::Fund::Meet { at, document } => {
            let AtMilestone {
                project,
                milestone,
                on,
            } = milestone(&at)?;
            let viewer = user::viewer(world, &at.by.actor).await?;
            viewer.require(Action::ReportField, None)?;
            let document = keep(world, &document).await?;
            let met = Met {
                project,
                milestone,
                on,
                document,
            };
            one(world, &at.by, Act::Meet(met)).await?;
        }
        cli::Fund::Approve(said) => one(world, &said.by, Act::ApproveBudget(reasoned(&said)?)).await?,
        cli::Fund::Decline(said) => one(world, &said.by, Act::DeclineBudget(reasoned(&said)?)).await?,
        cli::Fund::Seal { period, by } => {
            let actor = user::viewer(world, &by.actor)
                .await?
                .require_everywhere(Action::KeepFund)?;
            let sealed = seal(world, actor, period.parse()?).await?;
            tell_seals(world, &sealed)?;
        }
        looked => reading::run(world, looked).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Seals the journal tables of a period. The same rows again change nothing.
///
/// # Errors
/// What the store and the lake give.
pub async fn seal(world: &World, actor: Actor, period: Period) -> Result<Done<Vec<SealedTable>>, Refusal> {
    let mut reader = world.store.read().await?;
    let mut rows = fund::journal_rows(&mut reader, period).await?;
    rows.extend(::registry::journal_rows(&mut reader, period).await?);
    drop(reader);
    world.lake.seal(actor, period, rows).await
}

fn tell_seals(world: &World, sealed: &Done<Vec<SealedTable>>) -> Result<(), Refusal> {
    let now = sealed.is_now();
    if world.json {
        let table =
            |one: &SealedTable| json!({ "table": one.table.name, "sha256": one.sha256, "rows": one.rows });
        let tables: Vec<_> = sealed.value().iter().map(table).collect();
        return say_json(&json!({ "done": if now { "now" } else { "already" }, "tables": tables }));
    }
    for one in sealed.value() {
        say(format!("{:<20} {:>8}  {}", one.table.name, one.rows, one.sha256));
    }
    say(if now {
        either(world.lang, "✓ 已封存", "✓ sealed")
    } else {
        either(
            world.lang,
            "✓ 与已封存的一致，没有改动",
            "✓ the same as sealed; nothing changed",
        )
    });
    Ok(())
}

/// Takes one act and says whether it was done now.
async fn one(world: &World, by: &cli::By, act: Act) -> Result<(), Refusal> {
    let viewer = user::viewer(world, &by.actor).await?;
    let actor = fund::require(&mut world.store.read().await?, &viewer, &act).await?;
    let name = act.name();
    let done = Fund::new(world.store.clone()).take(actor, act).await?;
    if world.json {
        return say_json(&json!({ "act": name, "done": if done.is_now() { "now" } else { "already" } }));
    }
    say(if done.is_now() {
        either(world.lang, "✓ 已记录", "✓ done")
    } else {
        either(
            world.lang,
            "✓ 此前已记录，没有改动",
            "✓ done before; nothing changed",
        )
    });
    Ok(())
}

async fn take(world: &World, file: &Path, by: &cli::By) -> Result<(), Refusal> {
    let viewer = user::viewer(world, &by.actor).await?;
    let desk = Fund::new(world.store.clone());
    let lines = Lines::open(file, ("fund.bad_act", EXAMPLE))?;
    let take = async |acts: Vec<Act>| {
        let actor = may_all(world, &viewer, &acts).await?;
        desk.take_all(actor, acts).await
    };
    take_all(world, lines, ACTS_MAX, take).await
}

/// Who does the acts of a batch, if they may do each of them where it is done. A place that an act of the same batch is to
/// make is not known yet, so what is about a new project is sent after it, in a batch of its own or by a fund of the country.
async fn may_all(world: &World, viewer: &Viewer, acts: &[Act]) -> Result<Actor, Refusal> {
    let mut reader = world.store.read().await?;
    let mut actor = None;
    for (act, number) in acts.iter().zip(1_usize..) {
        let may = match viewer.require_everywhere(act.action()) {
            Ok(actor) => Ok(actor),
            Err(_) => fund::require(&mut reader, viewer, act).await,
        };
        let may = may.map_err(|refusal| refusal.at(number))?;
        actor.get_or_insert(may);
    }
    actor.ok_or_else(|| Refusal::new("staff.denied", Fault::Denied))
}

/// Keeps a file as a document; answers its SHA-256.
async fn keep(world: &World, file: &Path) -> Result<String, Refusal> {
    let unreadable = |error: std::io::Error| {
        let refusal = Refusal::new("app.file_unreadable", Fault::Refused);
        refusal.at(file.display()).fact("cause", error)
    };
    let size = std::fs::metadata(file).map_err(unreadable)?.len();
    if size > DOCUMENT_BYTES_MAX {
        let refusal = Refusal::new("app.file_too_large", Fault::Refused);
        return Err(refusal
            .at(file.display())
            .value(size)
            .fact("max", DOCUMENT_BYTES_MAX));
    }
    world.store.documents().put_file(file).await
}

fn milestone(at: &cli::AtMilestone) -> Result<AtMilestone, Refusal> {
    Ok(AtMilestone {
        project: at.project.clone(),
        milestone: at.milestone,
        on: day(&at.on)?,
    })
}

fn reasoned(said: &cli::Decide) -> Result<Reasoned, Refusal> {
    Ok(Reasoned {
        key: said.key.clone(),
        on: day(&said.on)?,
        reason: said.reason.clone(),
    })
}

fn day(text: &str) -> Result<Date, Refusal> {
    text.parse()
        .map_err(|_| Refusal::new("app.bad_day", Fault::Refused).value(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_in_the_advice_is_an_act() {
        assert!(matches!(serde_json::from_str(EXAMPLE).unwrap(), Act::Call(_)));
    }
}
