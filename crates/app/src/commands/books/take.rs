//! What a file says is done, one JSON object a line, some thousand lines a transaction.

use std::fs::File;
use std::io::{BufRead, BufReader, Read as _};
use std::path::Path;

use books::{ACTS_MAX, Act, COMMAND_LEGS_MAX, Made};
use kernel::{Actor, Done, Fault, Refusal};
use serde_json::json;

use super::keeper;
use crate::cli::books::Keeper;
use crate::terminal::{say, say_json};
use crate::world::World;

/// The longest line, in bytes: an entry of a thousand legs with room to spare.
const LINE_MAX: u64 = 1 << 20;
/// An act has a thousand legs at most; one that has more is refused by its line.
const LEGS_SPARE: usize = 1_001;
/// What stands in advice.
const EXAMPLE: &str = r#"{"post": {"key": "gift-1", "effective_on": "2018-06-30", "legs": [{"account": "assets:fund:cash", "amount_fen": 100}, {"account": "equity:pledge", "amount_fen": -100}]}}"#;

pub(super) async fn run(world: &World, file: &Path, by: &Keeper) -> Result<(), Refusal> {
    let actor = keeper(world, by).await?;
    let mut lines = Lines::open(file)?;
    let (mut now, mut already) = (0_u64, 0_u64);
    loop {
        let batch = lines.batch()?;
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
    taken.await.map_err(|refusal: Refusal| {
        let at = refusal.at.clone().unwrap_or_default();
        let (place, field) = at
            .split_once('.')
            .map_or((at.as_str(), None), |(p, f)| (p, Some(f)));
        let place = place.parse::<usize>().ok().and_then(|place| place.checked_sub(1));
        match place.and_then(|place| numbers.get(place)) {
            Some(line) => refusal.at(located(name, *line, field)),
            None => refusal,
        }
    })
}

fn located(name: &str, line: u64, field: Option<&str>) -> String {
    match field {
        Some(field) => format!("{name}:{line}:{field}"),
        None => format!("{name}:{line}"),
    }
}

/// The lines of a file, each an act.
struct Lines {
    name: String,
    reader: Box<dyn BufRead + Send>,
    line: u64,
}

impl Lines {
    fn open(file: &Path) -> Result<Self, Refusal> {
        let name = file.display().to_string();
        let reader: Box<dyn BufRead + Send> = if name == "-" {
            Box::new(BufReader::new(std::io::stdin()))
        } else {
            Box::new(BufReader::new(
                File::open(file).map_err(|error| unreadable(&name, &error))?,
            ))
        };
        Ok(Self {
            name,
            reader,
            line: 0,
        })
    }

    /// The next acts with their lines; none at the end.
    fn batch(&mut self) -> Result<Vec<(u64, Act)>, Refusal> {
        let mut batch = Vec::new();
        let (mut text, mut legs) = (Vec::new(), 0);
        while batch.len() < ACTS_MAX && legs + LEGS_SPARE < COMMAND_LEGS_MAX {
            text.clear();
            let read = self.reader.by_ref().take(LINE_MAX).read_until(b'\n', &mut text);
            if read.map_err(|error| unreadable(&self.name, &error))? == 0 {
                break;
            }
            self.line += 1;
            if text.trim_ascii().is_empty() {
                continue;
            }
            let act: Act = serde_json::from_slice(&text).map_err(|error| {
                Refusal::new("books.bad_act", Fault::Refused)
                    .at(located(&self.name, self.line, None))
                    .fact("cause", error)
                    .fact("example", EXAMPLE)
            })?;
            legs += act.legs().len().min(LEGS_SPARE);
            batch.push((self.line, act));
        }
        Ok(batch)
    }
}

fn unreadable(name: &str, error: &std::io::Error) -> Refusal {
    Refusal::new("app.file_unreadable", Fault::Refused)
        .at(name)
        .fact("cause", error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_in_the_advice_is_an_act() {
        assert!(matches!(serde_json::from_str(EXAMPLE).unwrap(), Act::Post(_)));
    }
}
