//! What is seen of the fund: lists for people, the same as JSON for machines.

use jiff::civil::Date;
use kernel::{Clock as _, Lang, Period, Refusal, SystemClock, day_in_china};
use people::staff::{Action, PlaceFilter};
use serde::Serialize;
use store::Reader;

use super::{cli, day};
use crate::commands::user;
use crate::terminal::{either, say, say_json};
use crate::world::World;

pub(super) async fn run(world: &World, looked: cli::Fund) -> Result<(), Refusal> {
    match looked {
        cli::Fund::Pledges(seen) => {
            let (mut reader, on) = everywhere(world, &seen).await?;
            show(world, &fund::pledges(&mut reader, on).await?, pledge)
        }
        cli::Fund::Budget { year, seen } => budget(world, year.parse()?, &seen).await,
        cli::Fund::Projects(seen) => {
            let (mut reader, places) = at_places(world, &seen.by).await?;
            let mut projects = fund::projects(&mut reader, as_of(&seen)?).await?;
            projects.retain(|one| match one.place {
                Some(place) => places.covers(place),
                None => places == PlaceFilter::All,
            });
            show(world, &projects, project)
        }
        cli::Fund::Leverage(seen) => leverage(world, &seen).await,
        cli::Fund::Flow(seen) => {
            let (mut reader, on) = everywhere(world, &seen).await?;
            let edge =
                |one: &fund::FlowEdge, _| format!("{:<28} → {:<28} {:>20}", one.from, one.to, one.amount_fen);
            show(world, &fund::flow(&mut reader, on).await?, edge)
        }
        cli::Fund::Targets(seen) => {
            let (mut reader, on) = everywhere(world, &seen).await?;
            show(world, &fund::targets(&mut reader, on).await?, target)
        }
        cli::Fund::Pairings(by) => {
            let (mut reader, places) = at_places(world, &by).await?;
            show(world, &fund::pairings(&mut reader, &places).await?, pairing)
        }
        cli::Fund::Visits { period, by } => {
            let (mut reader, places) = at_places(world, &by).await?;
            let visits = fund::visits_seen(&mut reader, period.parse()?, &places).await?;
            show(world, &visits, visit)
        }
        cli::Fund::Timeline { period, by } => {
            let (mut reader, _) = at_places(world, &by).await?;
            let period: Period = period.parse()?;
            let events = fund::events(&mut reader, period.first_day(), period.last_day()).await?;
            show(world, &events, |one: &fund::EventLine, lang| {
                format!(
                    "{}  {}  {}  {}",
                    one.happened_on,
                    one.pillar,
                    one.place,
                    one.title.get(lang)
                )
            })
        }
        // What changes the fund is done before.
        _ => Ok(()),
    }
}

/// For what is about the whole country: a snapshot, and as of when it is asked.
async fn everywhere(world: &World, seen: &cli::Seen) -> Result<(Reader, Date), Refusal> {
    let viewer = user::viewer(world, &seen.by.actor).await?;
    viewer.require_everywhere(Action::ViewFund)?;
    Ok((world.store.read().await?, as_of(seen)?))
}

/// For what is at places: a snapshot, and the places that may be seen.
async fn at_places(world: &World, by: &cli::By) -> Result<(Reader, PlaceFilter), Refusal> {
    let viewer = user::viewer(world, &by.actor).await?;
    viewer.require(Action::ViewFund, None)?;
    Ok((world.store.read().await?, viewer.places(Action::ViewFund)))
}

fn as_of(seen: &cli::Seen) -> Result<Date, Refusal> {
    let today = day_in_china(SystemClock.now());
    seen.on.as_deref().map_or(Ok(today), day)
}

fn show<T: Serialize>(world: &World, all: &[T], line: impl Fn(&T, Lang) -> String) -> Result<(), Refusal> {
    if world.json {
        return say_json(&all);
    }
    if all.is_empty() {
        say(either(world.lang, "还没有。", "There is nothing yet."));
    }
    for one in all {
        say(line(one, world.lang));
    }
    Ok(())
}

async fn budget(world: &World, year: Period, seen: &cli::Seen) -> Result<(), Refusal> {
    let (mut reader, on) = everywhere(world, seen).await?;
    let pillars = fund::standing(&mut reader, year, on).await?;
    let versions = fund::budgets(&mut reader, year).await?;
    if world.json {
        return say_json(
            &serde_json::json!({ "year": year, "as_of": on, "pillars": pillars, "versions": versions }),
        );
    }
    say(either(
        world.lang,
        "板块  预算  支出  已放款未支出  已承诺  预计全年  结余（元）",
        "pillar  budget  spent  released  held  forecast  left (yuan)",
    ));
    for one in &pillars {
        say(format!(
            "{:<14} {:>18} {:>18} {:>18} {:>18} {:>18} {:>18}  {}",
            one.pillar,
            one.budget_fen,
            one.actual_fen,
            one.released_fen,
            one.held_fen,
            one.forecast_fen,
            one.left_fen,
            one.unit.get(world.lang)
        ));
    }
    for one in &versions {
        say(format!(
            "  v{} {}  {}  {}",
            one.version, one.key, one.state, one.reason
        ));
    }
    Ok(())
}

async fn leverage(world: &World, seen: &cli::Seen) -> Result<(), Refusal> {
    let (mut reader, on) = everywhere(world, seen).await?;
    let all = fund::cofinance(&mut reader, on).await?;
    if world.json {
        return say_json(&all);
    }
    let per_yuan = all.per_yuan_permille.map_or("—".to_owned(), |per| {
        format!("{}.{:03}", per / 1_000, per % 1_000)
    });
    for ((zh, en), said) in [
        (
            ("撬动资金（因果成立）", "mobilised"),
            all.mobilised_fen.to_string(),
        ),
        (
            ("其中归于本基金", "of it the fund's share"),
            all.attributed_fen.to_string(),
        ),
        (
            ("因果未证，不计", "not shown to be caused, not counted"),
            all.uncaused_fen.to_string(),
        ),
        (
            ("经营流水，另列，不相加", "turnover, apart, never added"),
            all.turnover_fen.to_string(),
        ),
        (("基金支出", "spent by the fund"), all.spent_fen.to_string()),
        (("每支出一元撬动（元）", "moved per yuan spent"), per_yuan),
    ] {
        say(format!("{said:>22}  {}", either(world.lang, zh, en)));
    }
    for one in &all.claims {
        let share = if one.causal {
            one.attributed_fen.to_string()
        } else {
            "—".to_owned()
        };
        say(format!(
            "  {:<20} {:<9} {:>20} → {share}",
            one.key,
            one.class.as_str(),
            one.amount_fen
        ));
    }
    Ok(())
}

fn pledge(one: &fund::PledgeStanding, lang: Lang) -> String {
    format!(
        "{}  {}  {} / {} / {}",
        one.key,
        one.donor.get(lang),
        one.total_fen,
        one.called_fen,
        one.received_fen
    )
}

fn project(one: &fund::ProjectStanding, lang: Lang) -> String {
    let mut said = format!(
        "{}  {}  {}  {} {}  {} {}  {} {}",
        one.key,
        one.pillar,
        one.title.get(lang),
        either(lang, "已承诺", "held"),
        one.held_fen,
        either(lang, "已放款未支出", "released"),
        one.released_fen,
        either(lang, "支出", "spent"),
        one.spent_fen
    );
    said.extend(one.milestones.iter().map(|milestone| {
        format!(
            "\n  {} {}  {}  {}  {}",
            milestone.number,
            milestone.due_on,
            milestone.amount_fen,
            milestone.state,
            milestone.title.get(lang)
        )
    }));
    said
}

fn target(one: &fund::TargetStanding, lang: Lang) -> String {
    let reached = one.reached.map_or("—".to_owned(), |value| value.to_string());
    format!(
        "{:<12} {}  {reached} / {} {}  {}",
        one.owner,
        one.title.get(lang),
        one.target,
        one.unit,
        one.due_on
    )
}

fn pairing(one: &fund::PairingStanding, lang: Lang) -> String {
    let place = one.place.map(|place| place.to_string()).unwrap_or_default();
    let mut said = format!("{}  {place}  {}  {}", one.key, one.unit.get(lang), one.signed_on);
    said.extend(one.duties.iter().map(|duty| {
        let title = duty.title.get(lang);
        format!("\n  {}  {}‰  {title}", duty.due_on, duty.done_permille)
    }));
    said
}

fn visit(one: &fund::VisitLine, lang: Lang) -> String {
    let place = one.place.map(|place| place.to_string()).unwrap_or_default();
    let photos = either(lang, "张照片", "photos");
    format!(
        "{}  {place}  {}  {} {photos}",
        one.visited_on, one.findings, one.photos
    )
}
