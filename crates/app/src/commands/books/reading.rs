//! Entries, holds, statements, trial balances, closed periods and journals, printed or written.

use std::io::BufWriter;
use std::path::Path;

use books::{AsOf, JournalForm, Leg};
use kernel::{Fault, Lang, Money, Refusal};

use super::{day, instant, told_file, write_file};
use crate::cli::books as cli;
use crate::cli::books::Form;
use crate::terminal::{either, say, say_json};
use crate::world::World;

pub(super) async fn entry(world: &World, no: &str) -> Result<(), Refusal> {
    let mut reader = world.store.read().await?;
    let entry = books::entry(&mut reader, no.parse()?).await?;
    if world.json {
        return say_json(&entry);
    }
    say(format!(
        "{}  {}  {}  {}",
        entry.no, entry.effective_on, entry.key, entry.memo
    ));
    say_legs(world, &entry.legs);
    Ok(())
}

pub(super) async fn hold(world: &World, key: &str) -> Result<(), Refusal> {
    let mut reader = world.store.read().await?;
    let found = books::hold_by_key(&mut reader, key).await?;
    let none = || Refusal::new("books.no_such_hold", Fault::Missing).value(key);
    let hold = found.ok_or_else(none)?;
    if world.json {
        return say_json(&hold);
    }
    say(format!(
        "{}  {}  {}  {}",
        hold.no,
        hold.key,
        hold.state.as_str(),
        hold.memo
    ));
    say_legs(world, &hold.legs);
    Ok(())
}

fn say_legs(world: &World, legs: &[Leg]) {
    for leg in legs {
        let side = if leg.amount >= Money::ZERO {
            either(world.lang, "借", "debit ")
        } else {
            either(world.lang, "贷", "credit")
        };
        let amount = leg.amount.to_string();
        say(format!(
            "  {side} {:<44} {:>20}",
            leg.account,
            amount.trim_start_matches('-')
        ));
    }
}

pub(super) async fn statement(world: &World, wanted: &cli::Statement) -> Result<(), Refusal> {
    let days = (day(&wanted.from)?, day(&wanted.through)?);
    let mut reader = world.store.read().await?;
    let statements = match (&wanted.code, &wanted.owner) {
        (Some(code), _) => vec![books::statement(&mut reader, &code.parse()?, days, wanted.lines).await?],
        (None, owner) => {
            let owner = owner.as_deref().unwrap_or_default().parse()?;
            books::statements_of(&mut reader, &owner, days, wanted.lines).await?
        }
    };
    if let Some(file) = &wanted.xlsx {
        return write_file(world, file, &books::statement_workbook(&statements, world.lang)?);
    }
    if world.json {
        return say_json(&statements);
    }
    for statement in &statements {
        say_statement(world, statement);
    }
    Ok(())
}

fn say_statement(world: &World, statement: &books::Statement) {
    let name = either(world.lang, &statement.name_zh, &statement.name_en);
    say(format!("{}  {name}  {}", statement.code, statement.owner));
    let opening = either(world.lang, "期初余额", "opening balance");
    say(format!(
        "  {}  {opening} {:>20}",
        statement.from, statement.opening
    ));
    for line in &statement.lines {
        say(format!(
            "  {}  {:>8} {:>20} {:>20}  {}",
            line.effective_on, line.entry, line.amount, line.balance, line.memo
        ));
    }
    if statement.cut {
        let more = either(
            world.lang,
            "  ……还有更多的行（--lines）",
            "  … there are more lines (--lines)",
        );
        say(more);
    }
    let closing = either(world.lang, "期末余额", "closing balance");
    say(format!(
        "  {}  {closing} {:>20}",
        statement.through, statement.closing
    ));
}

pub(super) async fn trial_balance(world: &World, wanted: &cli::TrialBalance) -> Result<(), Refusal> {
    let as_of = AsOf {
        effective: wanted.on.as_deref().map(day).transpose()?,
        recorded: wanted.known.as_deref().map(instant).transpose()?,
    };
    let mut reader = world.store.read().await?;
    let trial = books::trial_balance(&mut reader, as_of).await?;
    if let Some(file) = &wanted.xlsx {
        return write_file(world, file, &books::trial_balance_workbook(&trial, world.lang)?);
    }
    if world.json {
        return say_json(&trial);
    }
    let row = |name: &str, debit: Money, credit: Money| format!("{name:<44} {debit:>20} {credit:>20}");
    let head = match world.lang {
        Lang::Zh => ("科目", "借方余额", "贷方余额"),
        Lang::En => ("account", "debit balance", "credit balance"),
    };
    say(format!("{:<44} {:>20} {:>20}", head.0, head.1, head.2));
    for line in &trial.lines {
        say(row(line.code.as_str(), line.debit_balance, line.credit_balance));
    }
    let total = either(world.lang, "合计", "total");
    say(row(total, trial.debit_balance, trial.credit_balance));
    Ok(())
}

pub(super) async fn periods(world: &World) -> Result<(), Refusal> {
    let mut reader = world.store.read().await?;
    let closed = books::closed_periods(&mut reader).await?;
    if world.json {
        return say_json(&closed);
    }
    for period in closed {
        say(format!(
            "{}  {:>9}  {}  {}",
            period.period, period.entries, period.seal_sha256, period.closed_by
        ));
    }
    Ok(())
}

pub(super) async fn export(world: &World, form: Form, out: &Path) -> Result<(), Refusal> {
    let form = match form {
        Form::Hledger => JournalForm::Hledger,
        Form::Beancount => JournalForm::Beancount,
    };
    let failed = |error: std::io::Error| {
        Refusal::new("app.file_unwritable", Fault::Refused)
            .at(out.display())
            .fact("cause", error)
    };
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty());
    let beside = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).map_err(failed)?;
    let mut writer = BufWriter::new(beside);
    let mut reader = world.store.read().await?;
    books::write_journal(&mut reader, form, &mut writer).await?;
    let beside = writer.into_inner().map_err(|error| failed(error.into_error()))?;
    beside.persist(out).map_err(|error| failed(error.error))?;
    told_file(world, out)
}
