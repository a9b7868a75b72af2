//! `/fund`: pledges, budgets, projects, money of others, its flow, counties and the timeline, as they are read. The table lets
//! in who may see the fund in the whole country, and nobody else.

use jiff::civil::Date;
use kernel::{Fault, Period, PeriodKind, Refusal};
use people::staff::PlaceFilter;
use serde_json::json;

use super::call::{Call, Outcome, ok, to_json};
use super::params::bad;

/// As of the day of the query, else of today.
fn as_of(call: &Call) -> Result<Date, Refusal> {
    match call.query("on") {
        None => Ok(call.site.clock.today()),
        Some(text) => text.parse().map_err(|_| bad("on", text)),
    }
}

/// The period of the query, else that of the programme.
fn period(call: &Call) -> Result<Period, Refusal> {
    call.query("period")
        .map_or(Ok(call.site.programme.head.period), str::parse)
}

pub(super) async fn pledges(call: Call) -> Outcome {
    let pledges = fund::pledges(&mut call.site.store.read().await?, as_of(&call)?).await?;
    ok(json!({ "items": to_json(&pledges)? }))
}

/// The pillars of a year and the versions of its budget.
pub(super) async fn budget(call: Call) -> Outcome {
    let period = period(&call)?;
    let year = Period::around(PeriodKind::Year, period.last_day());
    let on = as_of(&call)?;
    let mut reader = call.site.store.read().await?;
    let pillars = fund::standing(&mut reader, year, on).await?;
    let versions = fund::budgets(&mut reader, year).await?;
    ok(json!({ "year": year, "pillars": to_json(&pillars)?, "versions": to_json(&versions)? }))
}

pub(super) async fn projects(call: Call) -> Outcome {
    let projects = fund::projects(&mut call.site.store.read().await?, as_of(&call)?).await?;
    ok(json!({ "items": to_json(&projects)? }))
}

pub(super) async fn project(call: Call) -> Outcome {
    let key = call.part("project");
    let projects = fund::projects(&mut call.site.store.read().await?, as_of(&call)?).await?;
    let found = projects.into_iter().find(|project| project.key == key);
    let missing = || Refusal::new("fund.no_such_project", Fault::Missing).value(key);
    ok(to_json(&found.ok_or_else(missing)?)?)
}

pub(super) async fn leverage(call: Call) -> Outcome {
    let found = fund::cofinance(&mut call.site.store.read().await?, as_of(&call)?).await?;
    ok(to_json(&found)?)
}

pub(super) async fn flow(call: Call) -> Outcome {
    let edges = fund::flow(&mut call.site.store.read().await?, as_of(&call)?).await?;
    ok(json!({ "items": to_json(&edges)? }))
}

pub(super) async fn pairings(call: Call) -> Outcome {
    let pairings = fund::pairings(&mut call.site.store.read().await?, &PlaceFilter::All).await?;
    ok(json!({ "items": to_json(&pairings)? }))
}

pub(super) async fn targets(call: Call) -> Outcome {
    let targets = fund::targets(&mut call.site.store.read().await?, as_of(&call)?).await?;
    ok(json!({ "items": to_json(&targets)? }))
}

/// Who went is not among it.
pub(super) async fn visits(call: Call) -> Outcome {
    let period = period(&call)?;
    let visits = fund::visits_seen(&mut call.site.store.read().await?, period, &PlaceFilter::All).await?;
    ok(json!({ "period": period, "items": to_json(&visits)? }))
}

pub(super) async fn events(call: Call) -> Outcome {
    let period = period(&call)?;
    let mut reader = call.site.store.read().await?;
    let events = fund::events(&mut reader, period.first_day(), period.last_day()).await?;
    ok(json!({ "period": period, "items": to_json(&events)? }))
}
