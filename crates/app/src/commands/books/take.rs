//! What a file says is done, one JSON object a line, some thousand lines a transaction.

use std::path::Path;

use books::{ACTS_MAX, Act, Made};
use kernel::{Actor, Done, Refusal};

use super::keeper;
use crate::cli::books::Keeper;
use crate::commands::lines::{Lines, Tally, at_line};
use crate::world::World;

/// What stands in advice.
const EXAMPLE: &str = r#"{"post": {"key": "gift-1", "effective_on": "2018-06-30", "legs": [{"account": "assets:fund:cash", "amount_fen": 100}, {"account": "equity:pledge", "amount_fen": -100}]}}"#;

pub(super) async fn run(world: &World, file: &Path, by: &Keeper) -> Result<(), Refusal> {
    let actor = keeper(world, by).await?;
    let mut lines = Lines::open(file, ("books.bad_act", EXAMPLE))?;
    let mut tally = Tally::default();
    loop {
        let batch = lines.batch(ACTS_MAX)?;
        if batch.is_empty() {
            break;
        }
        tally.add(&take(world, &actor, batch, &lines.name).await?);
    }
    tally.say(world)
}

/// Takes acts, and says at which line one breaks a rule.
async fn take(
    world: &World,
    actor: &Actor,
    batch: Vec<(u64, Act)>,
    name: &str,
) -> Result<Vec<Done<Made>>, Refusal> {
    let (numbers, acts): (Vec<u64>, Vec<Act>) = batch.into_iter().unzip();
    let taken = world.store.write(actor.clone(), move |ctx| {
        Box::pin(async move { books::take_all(ctx, acts).await })
    });
    taken
        .await
        .map_err(|refusal: Refusal| at_line(refusal, name, &numbers))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_in_the_advice_is_an_act() {
        assert!(matches!(serde_json::from_str(EXAMPLE).unwrap(), Act::Post(_)));
    }
}
