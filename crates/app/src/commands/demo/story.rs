//! The demo's fund and registry: simulated acts, done through the same commands as anyone's, and sealed for figures.

use ::registry::ACTS_MAX;
use ::simulate::{FundStory, Hand, NOTE, Spending, fund_story, registry_story};
use books::{Leg, NewEntry};
use fund::Fund;
use kernel::{Actor, Money, Refusal, Role};
use lake::figures::FigureEngine;

use super::SIMULATED;
use crate::commands::fund::seal;
use crate::commands::registry;
use crate::world::World;

/// The figure of what was sold, which stands beside what was mobilised and is never added.
const SALES: &str = "sales.poverty_counties";

/// Records the stories of the fund and the registry; what an interrupted demo did already changes nothing.
///
/// # Errors
/// What an act is refused for.
pub(super) async fn record(world: &World, seed: u64) -> Result<(), Refusal> {
    let period = world.programme.head.period;
    let document = world.store.documents().put(NOTE.to_vec()).await?;
    let engine = FigureEngine::over_rollups(&world.lake, &world.figure_tables()?, period).await?;
    let sold = engine.value(world.programme.figure(SALES)?).await?;
    let turnover = Money::from_fen(sold.unwrap_or_default());
    let FundStory { acts, spending } = fund_story(seed, &world.programme, world.places, &document, turnover)?;
    let desk = Fund::new(world.store.clone());
    for (hand, acts) in acts {
        desk.take_all(person(hand), acts).await?;
    }
    spend(world, &spending).await?;
    let people = registry::desk(world)?;
    let county = Actor::new(format!("{SIMULATED}county"), Role::County);
    for acts in registry_story(seed, &document)?.chunks(ACTS_MAX) {
        people.take_all(county.clone(), acts.to_vec()).await?;
    }
    seal(world, person(Hand::Keeper), period).await.map(drop)
}

fn person(hand: Hand) -> Actor {
    let (name, role) = match hand {
        Hand::Keeper => ("author", Role::Fund),
        Hand::Approver => ("reviewer-1", Role::Fund),
        Hand::Finance => ("finance", Role::Finance),
    };
    Actor::new(format!("{SIMULATED}{name}"), role)
}

/// Spends out of the purses of projects.
async fn spend(world: &World, spending: &[Spending]) -> Result<(), Refusal> {
    let mut acts = Vec::new();
    for one in spending {
        acts.push(books::Act::Post(NewEntry {
            key: format!("{SIMULATED}spending:{}:{}", one.project, one.on),
            effective_on: one.on,
            memo: format!("simulated {}", one.project),
            evidence: Vec::new(),
            legs: vec![
                Leg::debit(format!("expenses:project:{}", one.project).parse()?, one.amount),
                Leg::credit(format!("assets:project:{}", one.project).parse()?, one.amount)?,
            ],
        }));
    }
    let spent = world.store.write(person(Hand::Finance), move |ctx| {
        Box::pin(async move { books::take_all(ctx, acts).await })
    });
    spent.await.map(drop)
}
