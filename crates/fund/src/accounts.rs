//! The accounts of the fund in the books.

use books::{AccountCode, NewAccount};
use kernel::Refusal;
use store::Ctx;

use crate::model::{NewPledge, NewProject};

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
        let (zh, en) = (
            format!("应收承诺款 {} 第 {number} 期", new.key),
            format!("Pledge {} tranche {number}, called", new.key),
        );
        open(ctx, owed(&new.key, number)?, "fund:1", (&zh, &en), true).await?;
    }
    Ok(())
}

/// Opens the accounts of a project.
pub(crate) async fn open_for_project(ctx: &mut Ctx, new: &NewProject) -> Result<(), Refusal> {
    let (owner, key) = (format!("project:{}", new.key), &new.key);
    open(
        ctx,
        purse(key)?,
        &owner,
        (
            &format!("项目 {key} 已放款未支出"),
            &format!("Project {key}, released and not spent"),
        ),
        true,
    )
    .await?;
    open(
        ctx,
        spent(key)?,
        &owner,
        (&format!("项目 {key} 支出"), &format!("Project {key}, spent")),
        false,
    )
    .await
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
