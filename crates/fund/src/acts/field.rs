//! Acts of the staff: days worked, visits in the field, what happened.

use kernel::Refusal;
use store::{Ctx, args};

use crate::leverage::FUND;
use crate::model::{NewEvent, NewVisit, StaffDay};
use crate::repo::{self as sql, require_pillar};
use crate::rules::{
    PARTS_MAX, refused, require_key, require_line, require_past, require_place, require_reference,
    require_text, require_words,
};

/// The halves of a day.
const HALVES: i64 = 2;

pub(super) async fn staff_day(ctx: &mut Ctx, day: &StaffDay) -> Result<(), Refusal> {
    require_reference("person", &day.person)?;
    require_past("on", day.on, ctx.today())?;
    require_pillar(ctx, &day.pillar).await?;
    if let Some(place) = day.place {
        require_place("place", place)?;
    }
    let row = ctx.row(sql::HALVES_OF_DAY, args![&day.person, day.on]).await?;
    let before = row.map_or(Ok(0), |row| row.int("halves"))?;
    let halves = i64::from(day.halves);
    if halves < 1 || before + halves > HALVES {
        let refusal = refused("fund.more_than_a_day", "halves");
        return Err(refusal.value(halves).fact("before", before));
    }
    let row = args![&day.person, day.on, &day.pillar, day.place, halves];
    ctx.execute_one(sql::INSERT_STAFF_DAY, row).await
}

pub(super) async fn visit(ctx: &mut Ctx, new: &NewVisit) -> Result<(), Refusal> {
    require_key("key", &new.key)?;
    require_reference("person", &new.person)?;
    require_place("place", new.place)?;
    require_past("on", new.on, ctx.today())?;
    require_words("findings", &new.findings)?;
    if new.photos.len() > PARTS_MAX {
        let refusal = refused("fund.bad_number_of_parts", "photos");
        return Err(refusal.value(new.photos.len()).fact("max", PARTS_MAX));
    }
    let row = args![&new.key, &new.person, new.place, new.on, &new.findings];
    ctx.execute_one(sql::INSERT_VISIT, row).await?;
    for photo in &new.photos {
        // The same photo twice is one photo.
        ctx.execute(sql::INSERT_PHOTO, args![&new.key, photo]).await?;
    }
    Ok(())
}

pub(super) async fn event(ctx: &mut Ctx, new: &NewEvent) -> Result<(), Refusal> {
    require_key("key", &new.key)?;
    require_past("on", new.on, ctx.today())?;
    require_text("title", &new.title)?;
    if !new.place.is_empty() {
        require_line("place", &new.place)?;
    }
    if new.pillar != FUND {
        require_pillar(ctx, &new.pillar).await?;
    }
    let row = args![
        &new.key,
        new.on,
        &new.pillar,
        &new.place,
        &new.title.zh,
        &new.title.en
    ];
    ctx.execute_one(sql::INSERT_EVENT, row).await
}
