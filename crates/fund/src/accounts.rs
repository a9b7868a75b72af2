//! The accounts of the fund in the books.

use books::{AccountCode, NewAccount};
use kernel::Refusal;
use store::Ctx;

use crate::model::{NewPledge, NewProject};

/// The most characters that the books take for the name of an account.
const NAME_CHARS_MAX: usize = 80;
/// The money at the bank; never below zero.
pub(crate) const BANK: &str = "assets:fund:bank";
/// What the pledges brought in.
pub(crate) const INCOME: &str = "income:fund:pledges";

/// What of a tranche was called and is not received yet; never below zero, so no more is received than was called.
pub(crate) fn owed(pledge: &str, tranche: u32) -> Result<AccountCode, Refusal> {
    format!("assets:pledge:{pledge}-{tranche}").parse()
}

/// What was released to a project and is not spent yet; never below zero, so no more is spent than was released.
pub(crate) fn purse(project: &str) -> Result<AccountCode, Refusal> {
    format!("assets:project:{project}").parse()
}

/// What a project spent.
pub(crate) fn spent(project: &str) -> Result<AccountCode, Refusal> {
    format!("expenses:project:{project}").parse()
}

/// Opens the accounts of a pledge and those that all pledges share.
pub(crate) async fn open_for_pledge(ctx: &mut Ctx, new: &NewPledge) -> Result<(), Refusal> {
    open(
        ctx,
        BANK.parse()?,
        "fund:1",
        ("基金银行存款", "Fund at the bank"),
        true,
    )
    .await?;
    open(
        ctx,
        INCOME.parse()?,
        "fund:1",
        ("承诺到款收入", "Income from pledges"),
        false,
    )
    .await?;
    for (number, _) in (1..).zip(&new.tranches) {
        let zh = named(&new.donor.zh, &format!(" 第 {number} 期承诺款（应收）"));
        let en = named(&new.donor.en, &format!(": tranche {number}, called"));
        open(ctx, owed(&new.key, number)?, "fund:1", (&zh, &en), true).await?;
    }
    Ok(())
}

/// Opens the accounts of a project, which are called after it.
pub(crate) async fn open_for_project(ctx: &mut Ctx, new: &NewProject) -> Result<(), Refusal> {
    let (owner, title) = (format!("project:{}", new.key), &new.title);
    let (zh, en) = (
        named(&title.zh, "：已放款未支出"),
        named(&title.en, ": released, unspent"),
    );
    open(ctx, purse(&new.key)?, &owner, (&zh, &en), true).await?;
    let (zh, en) = (named(&title.zh, "：支出"), named(&title.en, ": spent"));
    open(ctx, spent(&new.key)?, &owner, (&zh, &en), false).await
}

/// A title with what the account keeps of it; a long title is cut, for a name has less room.
fn named(title: &str, what: &str) -> String {
    let room = NAME_CHARS_MAX.saturating_sub(what.chars().count());
    let title: String = title.chars().take(room).collect();
    format!("{}{what}", title.trim_end())
}

async fn open(
    ctx: &mut Ctx,
    code: AccountCode,
    owner: &str,
    (zh, en): (&str, &str),
    floor: bool,
) -> Result<(), Refusal> {
    let new = NewAccount {
        code,
        owner: owner.parse()?,
        name_zh: zh.to_owned(),
        name_en: en.to_owned(),
        floor,
    };
    books::open_account(ctx, new).await.map(drop)
}
