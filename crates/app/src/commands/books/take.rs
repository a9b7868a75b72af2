//! What a file says is done, one JSON object a line, some thousand lines a transaction.

use std::path::Path;

use books::{ACTS_MAX, Act};
use kernel::Refusal;

use super::keeper;
use crate::cli::books::Keeper;
use crate::commands::lines::{Lines, take_all};
use crate::world::World;

/// What stands in advice.
const EXAMPLE: &str = r#"{"post": {"key": "gift-1", "effective_on": "2018-06-30", "legs": [{"account": "assets:fund:cash", "amount_fen": 100}, {"account": "equity:pledge", "amount_fen": -100}]}}"#;

pub(super) async fn run(world: &World, file: &Path, by: &Keeper) -> Result<(), Refusal> {
    let actor = keeper(world, by).await?;
    let lines = Lines::open(file, ("books.bad_act", EXAMPLE))?;
    let take = async |acts: Vec<Act>| {
        let taken = world.store.write(actor.clone(), move |ctx| {
            Box::pin(async move { books::take_all(ctx, acts).await })
        });
        taken.await
    };
    take_all(world, lines, ACTS_MAX, take).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_in_the_advice_is_an_act() {
        assert!(matches!(serde_json::from_str(EXAMPLE).unwrap(), Act::Post(_)));
    }
}
