//! `fishpond registry take | import | search | repeats | pairs | show`: what is written down of households and persons.

use std::path::Path;

use ::people::staff::{Action, PlaceFilter};
use ::registry::{ACTS_MAX, Act, FoundPerson, HouseholdId, HouseholdPage, Verdict};
use kernel::{Clock as _, Lang, Refusal, SystemClock, day_in_china};

use super::{desk, import};
use crate::cli::Registry;
use crate::cli::fund::By;
use crate::commands::lines::{Lines, take_all};
use crate::commands::user;
use crate::terminal::{either, say, say_json};
use crate::world::World;

/// What stands in advice.
const EXAMPLE: &str = r#"{"leave": {"person": "01890a5d-ac96-774b-bcce-b302099a8057", "on": "2018-03-01", "reason": "married"}}"#;

pub(super) async fn run(world: &World, command: Registry) -> Result<(), Refusal> {
    match command {
        Registry::Take { file, by } => take(world, &file, &by).await,
        Registry::Import { file, layout, by } => import::run(world, &file, &layout, &by).await,
        Registry::Search { text, by } => search(world, &text, &by).await,
        Registry::Repeats { by } => repeats(world, &by).await,
        Registry::Pairs { by } => pairs(world, &by).await,
        Registry::Show { household, by } => show(world, &household, &by).await,
        // What needs no data folder is done before.
        Registry::Link(_) | Registry::Simulate(_) => Ok(()),
    }
}

async fn take(world: &World, file: &Path, by: &By) -> Result<(), Refusal> {
    let viewer = user::viewer(world, &by.actor).await?;
    let desk = desk(world)?;
    let lines = Lines::open(file, ("registry.bad_act", EXAMPLE))?;
    let take = async |acts: Vec<Act>| {
        let actor = ::registry::require_all(&mut world.store.read().await?, &viewer, &acts).await?;
        desk.take_all(actor, acts).await
    };
    take_all(world, lines, ACTS_MAX, take).await
}

/// The places whose households someone may see.
pub(crate) async fn seen_by(world: &World, by: &By) -> Result<PlaceFilter, Refusal> {
    let viewer = user::viewer(world, &by.actor).await?;
    viewer.require(Action::ViewRegistry, None)?;
    Ok(viewer.places(Action::ViewRegistry))
}

async fn search(world: &World, text: &str, by: &By) -> Result<(), Refusal> {
    let seen = seen_by(world, by).await?;
    let found = desk(world)?.search(&seen, text).await?;
    if world.json {
        return say_json(&found);
    }
    if found.is_empty() {
        say(either(world.lang, "没有找到。", "Nobody was found."));
    }
    for one in &found {
        say(person_line(one));
    }
    Ok(())
}

fn person_line(one: &FoundPerson) -> String {
    let number = one.who.resident_id.as_deref().unwrap_or("-");
    format!(
        "{}  {:<6} {number:<18}  {}  {}  {}",
        one.person, one.who.name, one.place, one.status, one.household
    )
}

/// Whoever asks has to be allowed to decide pairs in the whole country, because people move.
async fn repeats(world: &World, by: &By) -> Result<(), Refusal> {
    let viewer = user::viewer(world, &by.actor).await?;
    let actor = viewer.require_everywhere(Action::ReviewCases)?;
    let found = desk(world)?.find_repeats(actor).await?;
    if world.json {
        return say_json(&found);
    }
    let (persons, pairs) = (found.persons, found.pairs);
    say(match world.lang {
        Lang::Zh => format!("比对 {persons} 人，{pairs} 对可能是同一人"),
        Lang::En => format!("{persons} persons compared, {pairs} pairs may be one person"),
    });
    Ok(())
}

async fn pairs(world: &World, by: &By) -> Result<(), Refusal> {
    let seen = seen_by(world, by).await?;
    let pairs = desk(world)?.open_pairs(&seen).await?;
    if world.json {
        return say_json(&pairs);
    }
    if pairs.is_empty() {
        say(either(
            world.lang,
            "没有待核实的重复。",
            "No repeats wait to be decided.",
        ));
    }
    for pair in &pairs {
        for side in &pair.sides {
            let (name, place) = match &side.seen {
                Some(seen) => (seen.who.name.as_str(), seen.place.to_string()),
                None => ("-", String::new()),
            };
            say(format!("{}  {name:<6} {place}", side.person));
        }
        let parts = pair.parts.iter().filter(|part| part.level != "missing");
        let parts: Vec<String> = parts
            .map(|part| format!("{} {}", part.field, part.level))
            .collect();
        say(format!("  {} ppm  {}", pair.ppm, parts.join(", ")));
    }
    Ok(())
}

async fn show(world: &World, household: &str, by: &By) -> Result<(), Refusal> {
    let seen = seen_by(world, by).await?;
    let id: HouseholdId = household.parse()?;
    let today = day_in_china(SystemClock.now());
    let page = desk(world)?.household(&seen, id, today).await?;
    if world.json {
        return say_json(&page);
    }
    tell(world.lang, &page);
    Ok(())
}

fn tell(lang: Lang, page: &HouseholdPage) {
    let causes: Vec<&str> = page.state.causes.iter().map(|cause| cause.as_str()).collect();
    say(format!(
        "{}  {}  {}  {}",
        page.id,
        page.place,
        page.state.status,
        causes.join(", ")
    ));
    for member in &page.members {
        let relation = member.facts.relation.map_or("-", |relation| relation.as_str());
        let birth = member
            .facts
            .birth_on
            .map(|day| day.to_string())
            .unwrap_or_default();
        let number = member.who.resident_id.as_deref().unwrap_or("-");
        say(format!(
            "  {}  {:<6} {relation:<12} {birth:<10} {number}",
            member.person, member.who.name
        ));
    }
    for income in &page.incomes {
        let per_head = income.per_head_fen.map(|fen| fen.to_string()).unwrap_or_default();
        let words = either(lang, "人均", "a head");
        say(format!(
            "  {}  {:>14}  {words} {per_head:>12}",
            income.year, income.net_fen
        ));
    }
    if let Some(verdict) = &page.verdict {
        say(either(lang, "按今天的规则：", "By the rules of today:"));
        reasons(lang, verdict);
    }
    for case in &page.cases {
        say(format!(
            "  {}  {}  {}  {}",
            case.id, case.kind, case.state, case.changed_on
        ));
    }
}

/// What the rules say and why.
pub(crate) fn reasons(lang: Lang, verdict: &Verdict) {
    let word = |holds: Option<bool>| match holds {
        Some(true) => either(lang, "符合", "holds"),
        Some(false) => either(lang, "不符合", "does not hold"),
        None => either(lang, "不清楚", "not known"),
    };
    say(format!(
        "  {}  {} {}",
        word(verdict.holds),
        verdict.rules,
        verdict.kind
    ));
    for reason in &verdict.reasons {
        let measured = reason
            .measured
            .map_or("-".to_owned(), |measured| measured.to_string());
        let (condition, limit) = (&reason.condition, reason.limit);
        say(format!(
            "    {condition:<22} {measured:>12} / {limit:<12} {}",
            word(reason.holds)
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_in_the_advice_is_an_act() {
        assert!(matches!(serde_json::from_str(EXAMPLE).unwrap(), Act::Leave(_)));
    }
}
