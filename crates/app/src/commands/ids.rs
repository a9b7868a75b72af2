//! `fishpond ids check`: numbers of residents and credit codes in a file, without a data folder. Nothing is kept, and no
//! number is printed whole.

use std::io::Read;
use std::process::ExitCode;

use jiff::civil::Date;
use kernel::{Clock as _, CreditCode, Lang, Refusal, ResidentId, SystemClock};
use people::places::Places;
use serde_json::{Value, json};
use targeting::table::Table;

use super::lines;
use crate::cli::Settings;
use crate::cli::targeting::{IdKind, Ids, IdsCheck};
use crate::terminal::{say, say_json};
use crate::world;

/// Wrong numbers that are listed; the rest are counted.
const LISTED: usize = 1_000;

/// What was found in a file.
#[derive(Default)]
struct Found {
    right: u64,
    empty: u64,
    wrong: u64,
    listed: Vec<Refusal>,
}

/// Runs it.
///
/// # Errors
/// What the file is refused for.
pub fn run(settings: &Settings, command: Ids) -> Result<ExitCode, Refusal> {
    let Ids::Check(wanted) = command;
    let (name, source) = lines::source(&wanted.file)?;
    let found = check(source, &name, &wanted, SystemClock.today())?;
    if settings.json {
        let listed: Vec<Value> = found.listed.iter().map(Refusal::to_json).collect();
        say_json(
            &json!({ "right": found.right, "wrong": found.wrong, "empty": found.empty, "listed": listed }),
        )?;
    } else {
        print(&found, world::lang(settings));
    }
    Ok(if found.wrong == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

fn check(source: impl Read, name: &str, wanted: &IdsCheck, today: Date) -> Result<Found, Refusal> {
    let mut table = Table::open(source, name)?;
    let column = table.column(&wanted.column)?;
    let mut found = Found::default();
    while let Some(row) = table.next_row()? {
        let text = row.text(&column);
        if text.is_empty() {
            found.empty += 1;
            continue;
        }
        match judged(text, wanted, today) {
            Ok(()) => found.right += 1,
            Err(refusal) => {
                found.wrong += 1;
                if found.listed.len() < LISTED {
                    found.listed.push(refusal.at(row.place(&column)));
                }
            }
        }
    }
    Ok(found)
}

fn judged(text: &str, wanted: &IdsCheck, today: Date) -> Result<(), Refusal> {
    if wanted.kind == IdKind::CreditCode {
        return CreditCode::parse(text).map(drop);
    }
    let id = ResidentId::parse(text, today)?;
    if wanted.strict {
        Places::national().require_division_at_birth(&id)?;
    }
    Ok(())
}

fn print(found: &Found, lang: Lang) {
    for refusal in &found.listed {
        say(format!("✗ {} [{}]", refusal.message(lang), refusal.code));
    }
    let Found {
        right, wrong, empty, ..
    } = found;
    say(match lang {
        Lang::Zh => format!("正确 {right} 个，有误 {wrong} 个，空 {empty} 个"),
        Lang::En => format!("{right} right, {wrong} wrong, {empty} empty"),
    });
}
