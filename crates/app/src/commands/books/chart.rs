//! Accounts that are listed, opened and closed; periods that are closed.

use books::{Account, NewAccount};
use kernel::Refusal;

use super::{keeper, tell};
use crate::cli::books::Keeper;
use crate::terminal::{either, say, say_json};
use crate::world::{self, World};

pub(super) async fn list(
    world: &World,
    owner: Option<&str>,
    after: Option<&str>,
    limit: i64,
) -> Result<(), Refusal> {
    let owner = owner.map(str::parse).transpose()?;
    let after = after.map(str::parse).transpose()?;
    let mut reader = world.store.read().await?;
    let accounts = match &owner {
        Some(owner) => books::accounts_of(&mut reader, owner, after.as_ref(), limit).await?,
        None => books::accounts_page(&mut reader, after.as_ref(), limit).await?,
    };
    if world.json {
        return say_json(&accounts);
    }
    for account in &accounts {
        say(line(world, account));
    }
    Ok(())
}

fn line(world: &World, account: &Account) -> String {
    let closed = if account.closed_at.is_some() {
        either(world.lang, "  已关闭", "  closed")
    } else {
        ""
    };
    format!(
        "{:<44} {:>20} {} {:>16}  {}{closed}",
        account.code,
        account.balance,
        either(world.lang, "预留", "held"),
        account.held,
        either(world.lang, &account.name_zh, &account.name_en),
    )
}

pub(super) async fn open(world: &World, new: NewAccount, by: &Keeper) -> Result<(), Refusal> {
    let code = new.code.clone();
    let actor = keeper(world, by).await?;
    let done = world.store.write(actor, move |ctx| {
        Box::pin(async move { books::open_account(ctx, new).await })
    });
    let words = (format!("科目 {code} 已开立"), format!("account {code} is open"));
    tell(world, "account", &code, done.await?, (&words.0, &words.1))
}

pub(super) async fn close(world: &World, code: &str, by: &Keeper) -> Result<(), Refusal> {
    let code: books::AccountCode = code.parse()?;
    let (actor, closing) = (keeper(world, by).await?, code.clone());
    let done = world.store.write(actor, move |ctx| {
        Box::pin(async move { books::close_account(ctx, &closing).await })
    });
    let words = (format!("科目 {code} 已关闭"), format!("account {code} is closed"));
    tell(world, "account", &code, done.await?, (&words.0, &words.1))
}

pub(super) async fn close_period(world: &World, period: &str, by: &Keeper) -> Result<(), Refusal> {
    let period = world::period(period)?;
    let actor = keeper(world, by).await?;
    let done = world.store.write(actor, move |ctx| {
        Box::pin(async move { books::close_period(ctx, period).await })
    });
    let done: kernel::Done<books::ClosedPeriod> = done.await?;
    let closed = done.value().clone();
    let words = (
        format!(
            "{period} 已结账：{} 张凭证，封存值 {}",
            closed.entries, closed.seal_sha256
        ),
        format!(
            "{period} is closed: {} entries, seal {}",
            closed.entries, closed.seal_sha256
        ),
    );
    tell(world, "closed", &closed, done.map(|_| ()), (&words.0, &words.1))
}
