//! What a file says is done, one JSON object a line, some thousand lines a transaction.

use std::path::Path;

use books::{ACTS_MAX, Act, Made};
use kernel::{Actor, Done, Refusal};
use serde_json::json;

use super::keeper;
use crate::cli::books::Keeper;
use crate::commands::lines::{Lines, at_line};
use crate::terminal::{say, say_json};
use crate::world::World;

/// What stands in advice.
const EXAMPLE: &str = r#"{"post": {"key": "gift-1", "effective_on": "2018-06-30", "legs": [{"account": "assets:fund:cash", "amount_fen": 100}, {"account": "equity:pledge", "amount_fen": -100}]}}"#;

pub(super) async fn run(world: &World, file: &Path, by: &Keeper) -> Result<(), Refusal> {
    let actor = keeper(world, by).await?;
    let mut lines = Lines::open(file, ("books.bad_act", EXAMPLE))?;
    let (mut now, mut already) = (0_u64, 0_u64);
    loop {
        let batch = lines.batch(ACTS_MAX)?;
        if batch.is_empty() {
            break;
        }
        for done in take(world, &actor, batch, &lines.name).await? {
            if done.is_now() {
                now += 1;
            } else {
                already += 1;
            }
        }
    }
    if world.json {
        return say_json(&json!({ "now": now, "already": already }));
    }
    say(match world.lang {
        kernel::Lang::Zh => format!("已记 {now} 条，此前已有 {already} 条"),
        kernel::Lang::En => format!("{now} done now, {already} done before"),
    });
    Ok(())
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
