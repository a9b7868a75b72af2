//! What can be done to the books inside a command: acts, one or many, and accounts that are opened and closed.

use kernel::{Actor, Done, Fault, Money, Refusal};
use serde_json::json;
use store::{Ctx, Row, args};

use crate::chart::{AccountCode, NewAccount};
use crate::keep::{Part, keep, record};
use crate::load;
use crate::model::{Act, EntryNo, HoldNo, Made, NewEntry, NewHold, PostHold, Reversal};
use crate::repo as sql;
use crate::rules::{self, Sums};
use crate::sheet::{Sheet, Taken};

/// The most acts of one command.
pub const ACTS_MAX: usize = 8_190;
/// The most legs of all acts of one command.
pub const COMMAND_LEGS_MAX: usize = 65_520;
/// The longest name of an account, in characters.
const NAME_CHARS: usize = 80;

/// Takes acts in their order, all of them or none. A refusal says at which act, counted from 1.
///
/// # Errors
/// `books.too_many_acts`, `books.too_many_legs_at_once`; the rules of [`crate::Books`]; what the store gives.
pub async fn take_all(ctx: &mut Ctx, acts: Vec<Act>) -> Result<Vec<Done<Made>>, Refusal> {
    let mut sheet = sheet_for(ctx, &acts.iter().collect::<Vec<_>>()).await?;
    let due = Part::between(Actor::system(), Taken::default(), sheet.taken());
    let (before, mut made) = (sheet.taken(), Vec::with_capacity(acts.len()));
    for (act, number) in acts.into_iter().zip(1_usize..) {
        made.push(sheet.take(act).map_err(|refusal| refusal.under(number))?);
    }
    let own = Part::between(ctx.actor().clone(), before, sheet.taken());
    keep(ctx, &sheet, vec![due, own]).await?;
    Ok(made)
}

/// Takes acts in their order, each on its own: one that is refused leaves nothing, and those after it go on.
///
/// # Errors
/// `books.too_many_acts`, `books.too_many_legs_at_once`; what the store gives. What a rule refuses stands among the answers.
pub async fn take_each(ctx: &mut Ctx, acts: Vec<Act>) -> Result<Vec<Result<Done<Made>, Refusal>>, Refusal> {
    let actor = ctx.actor().clone();
    let mut answers = take_of_many(ctx, vec![(actor, acts)]).await?;
    Ok(answers.pop().unwrap_or_default())
}

/// What became of each act of one actor.
pub(crate) type Answers = Vec<Result<Done<Made>, Refusal>>;

/// As [`take_each`], for acts of several actors on one sheet; each actor's facts and entries name that actor.
pub(crate) async fn take_of_many(
    ctx: &mut Ctx,
    groups: Vec<(Actor, Vec<Act>)>,
) -> Result<Vec<Answers>, Refusal> {
    let acts: Vec<&Act> = groups.iter().flat_map(|(_, acts)| acts).collect();
    let (mut sheet, mut answers) = (sheet_for(ctx, &acts).await?, Vec::new());
    // What came due was given up by nobody of them.
    let mut parts = vec![Part::between(Actor::system(), Taken::default(), sheet.taken())];
    for (actor, acts) in groups {
        let before = sheet.taken();
        answers.push(acts.into_iter().map(|act| sheet.take(act)).collect());
        parts.push(Part::between(actor, before, sheet.taken()));
    }
    keep(ctx, &sheet, parts).await?;
    Ok(answers)
}

/// The sheet for so many acts as one command may have.
async fn sheet_for(ctx: &mut Ctx, acts: &[&Act]) -> Result<Sheet, Refusal> {
    if acts.len() > ACTS_MAX {
        return Err(Refusal::new("books.too_many_acts", Fault::Refused)
            .value(acts.len())
            .fact("most", ACTS_MAX));
    }
    // An act with more legs than an entry may have is refused by its own rule.
    let legs = acts.iter().map(|act| act.legs().len().min(rules::LEGS + 1));
    let legs = legs.sum::<usize>();
    if legs > COMMAND_LEGS_MAX {
        return Err(Refusal::new("books.too_many_legs_at_once", Fault::Refused)
            .value(legs)
            .fact("most", COMMAND_LEGS_MAX));
    }
    load::sheet_for(ctx, acts).await
}

/// Posts an entry.
///
/// # Errors
/// The rules of [`crate::Books`]; what the store gives.
pub async fn post(ctx: &mut Ctx, new: NewEntry) -> Result<Done<EntryNo>, Refusal> {
    entry(take(ctx, Act::Post(new)).await?)
}

/// Reserves money.
///
/// # Errors
/// As [`post`].
pub async fn hold(ctx: &mut Ctx, new: NewHold) -> Result<Done<HoldNo>, Refusal> {
    held(take(ctx, Act::Hold(new)).await?)
}

/// Posts what was reserved, in whole or in part.
///
/// # Errors
/// As [`post`].
pub async fn post_hold(ctx: &mut Ctx, wanted: PostHold) -> Result<Done<EntryNo>, Refusal> {
    entry(take(ctx, Act::PostHold(wanted)).await?)
}

/// Gives up what was reserved under a key.
///
/// # Errors
/// As [`post`].
pub async fn void_hold(ctx: &mut Ctx, key: &str) -> Result<Done<HoldNo>, Refusal> {
    held(take(ctx, Act::VoidHold(key.to_owned())).await?)
}

/// Takes an entry back.
///
/// # Errors
/// As [`post`].
pub async fn reverse(ctx: &mut Ctx, wanted: Reversal) -> Result<Done<EntryNo>, Refusal> {
    entry(take(ctx, Act::Reverse(wanted)).await?)
}

/// Takes one act.
///
/// # Errors
/// As [`take_each`], and what a rule refuses.
pub async fn take(ctx: &mut Ctx, act: Act) -> Result<Done<Made>, Refusal> {
    let outcome = take_each(ctx, vec![act]).await?.pop();
    outcome.unwrap_or_else(|| Err(mixed_up()))
}

pub(crate) fn entry(made: Done<Made>) -> Result<Done<EntryNo>, Refusal> {
    match *made.value() {
        Made::Entry(no) => Ok(made.map(|_| no)),
        Made::Hold(_) => Err(mixed_up()),
    }
}

fn held(made: Done<Made>) -> Result<Done<HoldNo>, Refusal> {
    match *made.value() {
        Made::Hold(no) => Ok(made.map(|_| no)),
        Made::Entry(_) => Err(mixed_up()),
    }
}

/// An act answered what another kind of act makes: a bug of ours.
fn mixed_up() -> Refusal {
    Refusal::new("books.mixed_up", Fault::Broken)
}

/// Opens an account. The same again is `Already`.
///
/// # Errors
/// `books.bad_account_name`, `books.account_differs`, `books.account_closed`; what the store gives.
pub async fn open_account(ctx: &mut Ctx, new: NewAccount) -> Result<Done<()>, Refusal> {
    require_name("name_zh", &new.name_zh)?;
    require_name("name_en", &new.name_en)?;
    if let Some(row) = ctx.row(sql::ACCOUNT, args![&new.code]).await? {
        return same_account(&row, &new);
    }
    let last = ctx.row(sql::LAST_ACCOUNT, args![]).await?;
    let no = last.map_or(Ok(0), |row| row.int("last"))? + 1;
    let row = args![
        no,
        &new.code,
        new.owner.kind.as_str(),
        &new.owner.id,
        &new.name_zh,
        &new.name_en,
        new.floor,
        ctx.now(),
        ctx.actor().to_string(),
    ];
    ctx.execute_one(sql::INSERT_ACCOUNT, row).await?;
    sql::KEEP_BALANCES
        .execute(ctx, args![no, 0_i64, 0_i64, 0_i64, 0_i64])
        .await?;
    let body = json!({ "account": new.code, "owner": new.owner, "floor": new.floor });
    record(ctx, "books.account_opened", None, body).await?;
    Ok(Done::Now(()))
}

fn same_account(row: &Row, new: &NewAccount) -> Result<Done<()>, Refusal> {
    let differs = |field: &'static str| {
        Err(Refusal::new("books.account_differs", Fault::Refused)
            .at(field)
            .value(&new.code))
    };
    if row.text("owner_kind")? != new.owner.kind.as_str() || row.text("owner_id")? != new.owner.id {
        return differs("owner");
    }
    if row.text("name_zh")? != new.name_zh || row.text("name_en")? != new.name_en {
        return differs("name");
    }
    if (row.int("floor")? == 1) != new.floor {
        return differs("floor");
    }
    if row.opt_int("closed_at")?.is_some() {
        return Err(Refusal::new("books.account_closed", Fault::Refused).value(&new.code));
    }
    Ok(Done::Already(()))
}

/// Closes an account that is empty and for which nothing is held; nothing is posted to it any more.
///
/// # Errors
/// `books.no_such_account`, `books.account_not_empty`; what the store gives.
pub async fn close_account(ctx: &mut Ctx, code: &AccountCode) -> Result<Done<()>, Refusal> {
    let row = sql::ACCOUNTS_BY_CODE.rows(ctx, args![code]).await?.pop();
    let none = || Refusal::new("books.no_such_account", Fault::Missing).value(code);
    let row = row.ok_or_else(none)?;
    if row.opt_int("closed_at")?.is_some() {
        return Ok(Done::Already(()));
    }
    let sums: Sums = load::sums(&row)?;
    let (balance, held) = (
        sums.balance(code.kind()),
        i128::from(sums.held_debit) + i128::from(sums.held_credit),
    );
    if balance != 0 || held != 0 {
        return Err(Refusal::new("books.account_not_empty", Fault::Refused)
            .value(code)
            .fact("balance", Money::from_fen(balance))
            .fact("held", Money::from_fen(i64::try_from(held).unwrap_or(i64::MAX))));
    }
    let args = args![row.int("no")?, ctx.now(), ctx.actor().to_string()];
    ctx.execute_one(sql::CLOSE_ACCOUNT, args).await?;
    record(ctx, "books.account_closed", None, json!({ "account": code })).await?;
    Ok(Done::Now(()))
}

fn require_name(field: &'static str, name: &str) -> Result<(), Refusal> {
    let is_name = (1..=NAME_CHARS).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if is_name {
        return Ok(());
    }
    Err(Refusal::new("books.bad_account_name", Fault::Refused)
        .at(field)
        .value(name)
        .fact("most", NAME_CHARS))
}
