//! Files of JSON lines: each line one thing to do, read a batch at a time, refused by its line.

use std::fs::File;
use std::io::{BufRead, BufReader, Read as _};
use std::path::Path;

use kernel::{Done, Fault, Lang, Refusal};
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::terminal::{say, say_json};
use crate::world::World;

/// The longest line, in bytes: an entry of a thousand legs with room to spare.
const LINE_MAX: u64 = 1 << 20;

/// A file of JSON lines; the name `-` reads standard input.
pub(super) struct Lines {
    name: String,
    reader: Box<dyn BufRead + Send>,
    line: u64,
    /// What a line that cannot be read is refused with, and what it should look like.
    bad: (&'static str, &'static str),
}

impl Lines {
    pub(super) fn open(file: &Path, bad: (&'static str, &'static str)) -> Result<Self, Refusal> {
        let (name, reader) = source(file)?;
        Ok(Self {
            name,
            reader,
            line: 0,
            bad,
        })
    }

    /// The next things with their lines, at most so many; none at the end.
    fn batch<T: DeserializeOwned>(&mut self, most: usize) -> Result<Vec<(u64, T)>, Refusal> {
        let mut batch = Vec::new();
        let mut text = Vec::new();
        while batch.len() < most {
            text.clear();
            let read = self.reader.by_ref().take(LINE_MAX).read_until(b'\n', &mut text);
            if read.map_err(|error| unreadable(&self.name, &error))? == 0 {
                break;
            }
            self.line += 1;
            if text.trim_ascii().is_empty() {
                continue;
            }
            let (code, example) = self.bad;
            let read = serde_json::from_slice(&text).map_err(|error| {
                Refusal::new(code, Fault::Refused)
                    .at(located(&self.name, self.line, None))
                    .fact("cause", error)
                    .fact("example", example)
            })?;
            batch.push((self.line, read));
        }
        Ok(batch)
    }
}

/// Does what the lines of a file say, so many at a time, and says how much was done now and before. A batch is refused by the
/// line of the thing that `take` named by its number in it.
pub(super) async fn take_all<A: DeserializeOwned, T>(
    world: &World,
    mut lines: Lines,
    most: usize,
    take: impl AsyncFn(Vec<A>) -> Result<Vec<Done<T>>, Refusal>,
) -> Result<(), Refusal> {
    let mut tally = Tally::default();
    loop {
        let (numbers, acts): (Vec<u64>, Vec<A>) = lines.batch(most)?.into_iter().unzip();
        if acts.is_empty() {
            return tally.say(world);
        }
        let taken = take(acts).await;
        tally.add(&taken.map_err(|refusal| at_line(refusal, &lines.name, &numbers))?);
    }
}

/// A file to read, with its name; the name `-` reads standard input.
pub(super) fn source(file: &Path) -> Result<(String, Box<dyn BufRead + Send>), Refusal> {
    let name = file.display().to_string();
    if name == "-" {
        return Ok((name, Box::new(BufReader::new(std::io::stdin()))));
    }
    let opened = File::open(file).map_err(|error| unreadable(&name, &error))?;
    Ok((name, Box::new(BufReader::new(opened))))
}

/// How much of a file was done now, and how much before.
#[derive(Default)]
struct Tally {
    now: u64,
    already: u64,
}

impl Tally {
    fn add<T>(&mut self, done: &[Done<T>]) {
        for one in done {
            let sum = if one.is_now() {
                &mut self.now
            } else {
                &mut self.already
            };
            *sum += 1;
        }
    }

    fn say(&self, world: &World) -> Result<(), Refusal> {
        let Self { now, already } = self;
        if world.json {
            return say_json(&json!({ "now": now, "already": already }));
        }
        say(match world.lang {
            Lang::Zh => format!("已记 {now} 条，此前已有 {already} 条"),
            Lang::En => format!("{now} done now, {already} done before"),
        });
        Ok(())
    }
}

/// A refusal that names the thing of a batch by its number from 1 (`3.field`), now named by its line of the file.
fn at_line(refusal: Refusal, name: &str, numbers: &[u64]) -> Refusal {
    let at = refusal.at.clone().unwrap_or_default();
    let (place, field) = at
        .split_once('.')
        .map_or((at.as_str(), None), |(place, field)| (place, Some(field)));
    let place = place.parse::<usize>().ok().and_then(|place| place.checked_sub(1));
    match place.and_then(|place| numbers.get(place)) {
        Some(line) => refusal.at(located(name, *line, field)),
        None => refusal,
    }
}

pub(super) fn located(name: &str, line: u64, field: Option<&str>) -> String {
    match field {
        Some(field) => format!("{name}:{line}:{field}"),
        None => format!("{name}:{line}"),
    }
}

/// A file that cannot be opened or read.
pub(super) fn unreadable(name: &str, error: &std::io::Error) -> Refusal {
    Refusal::new("app.file_unreadable", Fault::Refused)
        .at(name)
        .fact("cause", error)
}
