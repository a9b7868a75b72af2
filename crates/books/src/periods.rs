//! Closing a period: no entry takes effect in it any more, and a seal holds those that did.

use jiff::civil::Date;
use kernel::{Done, Fault, Period, Refusal};
use serde::Serialize;
use serde_json::json;
use store::{Ctx, Row, args};

use crate::hash::Sealing;
use crate::keep::record;
use crate::load::day;
use crate::repo as sql;

/// Hashes that are read at a time while a seal is made.
pub(crate) const PAGE: i64 = 4_096;
/// Before every day.
pub(crate) const FIRST_DAY: &str = "0000-00-00";

/// A closed period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClosedPeriod {
    /// Which.
    pub period: Period,
    /// Entries that took effect in it; in the first one that was closed, also those of all days before.
    pub entries: i64,
    /// The hash over them and the seal before ([`crate::Books`] says how entries are hashed).
    pub seal_sha256: String,
    /// Who closed it.
    pub closed_by: String,
}

impl ClosedPeriod {
    pub(crate) fn from_row(row: &Row) -> Result<Self, Refusal> {
        Ok(Self {
            period: row.text("period")?.parse()?,
            entries: row.int("entries")?,
            seal_sha256: row.text("seal_sha256")?,
            closed_by: row.text("closed_by")?,
        })
    }
}

/// Closes a period that is over. The first one may be any and closes all days before it too; each further one follows the
/// last. Reads the hashes of all its entries while others wait: half a second for a million.
///
/// # Errors
/// `books.period_not_over`, `books.period_differs`, `books.period_gap`; what the store gives.
pub async fn close_period(ctx: &mut Ctx, period: Period) -> Result<Done<ClosedPeriod>, Refusal> {
    let name = period.to_string();
    if let Some(row) = ctx.row(sql::PERIOD, args![&name]).await? {
        return ClosedPeriod::from_row(&row).map(Done::Already);
    }
    if period.last_day() >= ctx.today() {
        return Err(Refusal::new("books.period_not_over", Fault::Refused)
            .value(period)
            .fact("last", period.last_day()));
    }
    let before = ctx.row(sql::LAST_PERIOD, args![]).await?;
    let (after, seal) = match &before {
        None => (FIRST_DAY.to_owned(), String::new()),
        Some(row) => (row.text("last_day")?, row.text("seal_sha256")?),
    };
    if before.is_some() {
        require_next(period, day(&after)?)?;
    }
    let (first, last) = (period.first_day().to_string(), period.last_day().to_string());
    let hashes = hashes_of(ctx, &after, &last).await?;
    let entries = i64::try_from(hashes.len()).unwrap_or(i64::MAX);
    let sealing = Sealing {
        period: &name,
        first_day: &first,
        last_day: &last,
        before: &seal,
        entries,
    };
    let seal_sha256 = sealing.seal(&hashes);
    let closed_by = ctx.actor().to_string();
    let row = args![&name, &first, &last, entries, &seal_sha256, ctx.now(), &closed_by];
    ctx.execute_one(sql::INSERT_PERIOD, row).await?;
    let body = json!({ "period": name, "entries": entries, "seal_sha256": seal_sha256 });
    record(ctx, "books.period_closed", None, body).await?;
    Ok(Done::Now(ClosedPeriod {
        period,
        entries,
        seal_sha256,
        closed_by,
    }))
}

fn require_next(period: Period, closed_through: Date) -> Result<(), Refusal> {
    if period.first_day() <= closed_through {
        return Err(Refusal::new("books.period_differs", Fault::Refused).value(period));
    }
    let next = closed_through.tomorrow().ok();
    if next == Some(period.first_day()) {
        return Ok(());
    }
    let refusal = Refusal::new("books.period_gap", Fault::Refused).value(period);
    Err(refusal.fact("next", next.unwrap_or(Date::MAX)))
}

/// The hashes of the entries after one day and through another, by day and number.
async fn hashes_of(ctx: &mut Ctx, after: &str, last: &str) -> Result<Vec<[u8; 32]>, Refusal> {
    let (mut hashes, mut from) = (Vec::new(), (after.to_owned(), i64::MAX));
    loop {
        let page = ctx.rows(sql::HASHES, args![&from.0, from.1, last, PAGE]).await?;
        let Some(end) = page.last() else { break };
        from = (end.text("effective_on")?, end.int("no")?);
        for row in &page {
            hashes.push(raw(&row.text("sha256")?)?);
        }
    }
    Ok(hashes)
}

/// A kept hash as raw bytes.
pub(crate) fn raw(sha256: &str) -> Result<[u8; 32], Refusal> {
    let mut raw = [0; 32];
    hex::decode_to_slice(sha256, &mut raw)
        .map_err(|error| Refusal::broken("store.bad_column", &error).at("sha256"))?;
    Ok(raw)
}
