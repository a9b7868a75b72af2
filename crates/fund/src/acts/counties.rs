//! Acts about places: pairings with their duties, model counties, targets and what was measured.

use kernel::Refusal;
use store::{Ctx, args};

use crate::model::{DutyProgress, Measurement, NewModelCounty, NewPairing, NewTarget, TargetOwner};
use crate::repo::{self as sql, require_pillar};
use crate::rules::{
    missing, refused, require_county, require_key, require_line, require_order, require_parts, require_past,
    require_place, require_text,
};

pub(super) async fn pair(ctx: &mut Ctx, new: &NewPairing) -> Result<(), Refusal> {
    require_key("key", &new.key)?;
    require_place("place", new.place)?;
    require_text("unit", &new.unit)?;
    require_past("signed_on", new.signed_on, ctx.today())?;
    require_parts("duties", new.duties.len())?;
    let row = args![
        &new.key,
        new.place,
        &new.unit.zh,
        &new.unit.en,
        new.signed_on,
        &new.document
    ];
    ctx.execute_one(sql::INSERT_PAIRING, row).await?;
    for (number, duty) in (1_u32..).zip(&new.duties) {
        require_text("duties.title", &duty.title)?;
        require_order("duties.due_on", new.signed_on, duty.due_on)?;
        let row = args![&new.key, number, &duty.title.zh, &duty.title.en, duty.due_on];
        ctx.execute_one(sql::INSERT_DUTY, row).await?;
    }
    Ok(())
}

/// What was seen on an earlier day than what is known changes nothing that is shown.
pub(super) async fn duty(ctx: &mut Ctx, progress: &DutyProgress) -> Result<(), Refusal> {
    require_past("on", progress.on, ctx.today())?;
    if progress.done_permille > 1_000 {
        return Err(refused("fund.more_than_all", "done_permille").value(progress.done_permille));
    }
    let at = args![&progress.pairing, progress.duty];
    let known = ctx.row(sql::DUTY, at).await?;
    known.ok_or_else(|| {
        missing(
            "fund.no_such_duty",
            &format!("{}:{}", progress.pairing, progress.duty),
        )
    })?;
    let row = args![
        &progress.pairing,
        progress.duty,
        progress.on,
        progress.done_permille
    ];
    ctx.execute(sql::SET_DUTY, row).await.map(drop)
}

pub(super) async fn model_county(ctx: &mut Ctx, new: &NewModelCounty) -> Result<(), Refusal> {
    require_county("place", new.place)?;
    require_text("product", &new.product)?;
    require_past("named_on", new.named_on, ctx.today())?;
    let row = args![new.place, &new.product.zh, &new.product.en, new.named_on];
    ctx.execute_one(sql::INSERT_MODEL_COUNTY, row).await
}

pub(super) async fn target(ctx: &mut Ctx, new: &NewTarget) -> Result<(), Refusal> {
    require_key("indicator", &new.indicator)?;
    require_text("title", &new.title)?;
    require_line("unit", &new.unit)?;
    require_not_negative("target", new.target)?;
    match &new.owner {
        TargetOwner::Pillar(pillar) => require_pillar(ctx, pillar).await?,
        TargetOwner::County(place) => {
            let known = ctx.row(sql::MODEL_COUNTY, args![*place]).await?;
            known.ok_or_else(|| missing("fund.no_such_owner", &place.to_string()))?;
        }
    }
    let row = args![
        new.owner.kept(),
        &new.indicator,
        &new.title.zh,
        &new.title.en,
        &new.unit,
        new.target,
        new.due_on
    ];
    ctx.execute_one(sql::INSERT_TARGET, row).await
}

pub(super) async fn measure(ctx: &mut Ctx, measured: &Measurement) -> Result<(), Refusal> {
    require_past("on", measured.on, ctx.today())?;
    require_not_negative("value", measured.value)?;
    let owner = measured.owner.kept();
    let known = ctx.row(sql::TARGET, args![&owner, &measured.indicator]).await?;
    known.ok_or_else(|| missing("fund.no_such_target", &format!("{owner}:{}", measured.indicator)))?;
    let row = args![
        owner,
        &measured.indicator,
        measured.on,
        measured.value,
        &measured.document
    ];
    ctx.execute_one(sql::INSERT_MEASUREMENT, row).await
}

fn require_not_negative(at: &str, value: i64) -> Result<(), Refusal> {
    if value >= 0 {
        return Ok(());
    }
    Err(refused("fund.negative_value", at).value(value))
}
