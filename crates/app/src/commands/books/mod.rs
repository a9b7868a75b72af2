//! `fishpond books`: accounts, entries, holds, statements, periods.

mod acts;
mod chart;
mod reading;
mod take;

use std::path::Path;
use std::process::ExitCode;

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{Actor, Done, Fault, Lang, Refusal};
use people::staff::Action;
use serde::Serialize;
use serde_json::json;

use super::user;
use crate::cli::books::{Accounts, Books, Keeper};
use crate::terminal::{either, say, say_json};
use crate::world::{self, World};

/// Runs it.
///
/// # Errors
/// What the command is refused for.
pub async fn run(world: &World, command: Books) -> Result<ExitCode, Refusal> {
    match command {
        Books::Accounts(Accounts::List { owner, after, limit }) => {
            chart::list(world, owner.as_deref(), after.as_deref(), limit).await?;
        }
        Books::Accounts(Accounts::Open {
            code,
            owner,
            zh,
            en,
            floor,
            keeper,
        }) => {
            let new = books::NewAccount {
                code: code.parse()?,
                owner: owner.parse()?,
                name_zh: zh,
                name_en: en,
                floor,
            };
            chart::open(world, new, &keeper).await?;
        }
        Books::Accounts(Accounts::Close { code, keeper }) => chart::close(world, &code, &keeper).await?,
        Books::Post(wanted) => acts::post(world, wanted).await?,
        Books::Take { file, keeper } => take::run(world, &file, &keeper).await?,
        Books::Hold(command) => acts::hold(world, command).await?,
        Books::Reverse { entry, key, about } => acts::reverse(world, &entry, key, about).await?,
        Books::Entry { no } => reading::entry(world, &no).await?,
        Books::Statement(wanted) => reading::statement(world, &wanted).await?,
        Books::TrialBalance(wanted) => reading::trial_balance(world, &wanted).await?,
        Books::Close { period, keeper } => chart::close_period(world, &period, &keeper).await?,
        Books::Periods => reading::periods(world).await?,
        Books::Export { form, out } => reading::export(world, form, &out).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Who keeps the books, if they may.
async fn keeper(world: &World, keeper: &Keeper) -> Result<Actor, Refusal> {
    let viewer = user::viewer(world, &keeper.actor).await?;
    viewer.require_everywhere(Action::KeepBooks)
}

fn tell(
    world: &World,
    name: &str,
    what: &impl Serialize,
    done: Done<()>,
    words: (&str, &str),
) -> Result<(), Refusal> {
    if world.json {
        let done = if done.is_now() { "now" } else { "already" };
        return say_json(&json!({ name: what, "done": done }));
    }
    let before = if done.is_now() {
        ""
    } else {
        either(world.lang, "（此前已做过）", " (done before)")
    };
    let (zh, en) = words;
    let text = match world.lang {
        Lang::Zh => zh,
        Lang::En => en,
    };
    say(format!("{text}{before}"));
    Ok(())
}

fn day(text: &str) -> Result<Date, Refusal> {
    text.parse()
        .map_err(|_| Refusal::new("app.bad_day", Fault::Refused).value(text))
}

fn instant(text: &str) -> Result<Timestamp, Refusal> {
    text.parse()
        .map_err(|_| Refusal::new("app.bad_instant", Fault::Refused).value(text))
}

/// Writes a file whole: beside its place, then renamed.
fn write_file(world: &World, file: &Path, bytes: &[u8]) -> Result<(), Refusal> {
    let failed = |error: std::io::Error| {
        Refusal::new("app.file_unwritable", Fault::Refused)
            .at(file.display())
            .fact("cause", error)
    };
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    world::make_folder(folder)?;
    let mut beside = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    std::io::Write::write_all(&mut beside, bytes).map_err(failed)?;
    beside.persist(file).map_err(|error| failed(error.error))?;
    told_file(world, file)
}

fn told_file(world: &World, file: &Path) -> Result<(), Refusal> {
    if world.json {
        return say_json(&json!({ "file": file }));
    }
    say(format!(
        "{} {}",
        either(world.lang, "已写出", "wrote"),
        file.display()
    ));
    Ok(())
}
