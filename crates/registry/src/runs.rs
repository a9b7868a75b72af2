//! The yearly run of a county (动态管理): every household that it may concern is held against the rules of one day, the cases of
//! those it concerns go their way, and the run is closed when all of them have ended.
//!
//! Screening goes page by page, a command each, so that everyone else waits for one page only; where it stopped, it goes on.
//! While one page is judged and written, the next is read beside the writer. Everything a page holds follows from statements,
//! so a page read before the last statement that the command knows is read again by the command itself.

use std::collections::BTreeMap;

use futures::FutureExt as _;
use jiff::ToSpan as _;
use jiff::civil::Date;
use kernel::{Actor, Fault, Money, PlaceCode, PlaceLevel, Refusal};
use serde::{Deserialize, Serialize};
use store::{Ctx, Row, args};

use crate::acts::{CloseRun, OpenRun, Whose};
use crate::checks::{refused, require_key, require_past};
use crate::desk::{Desk, Registry};
use crate::households::last_statement;
use crate::model::{CaseKind, RunStep, Status};
use crate::repo::{self as sql, Asks};
use crate::rules::{Reason, judge};
use crate::state::{Counted, Members};

/// Households of one command.
const PAGE: i64 = 2_000;

/// Why, as it is kept of each household: the condition, what was measured, and whether it holds.
pub type ShortReasons = BTreeMap<String, (Option<i64>, Option<bool>)>;

/// A calendar for a run: both notices stand for the days of the rules, and what is left is shared out among the steps. What a
/// run has too few days for falls on its last day.
#[must_use]
pub fn calendar(on: Date, due_on: Date, notice_days: u32) -> BTreeMap<RunStep, Date> {
    let notice = i64::from(notice_days) + 1;
    let all = i64::from((due_on - on).get_days());
    let (free, steps) = ((all - 2 * notice).max(0), RunStep::ALL);
    let mut days = BTreeMap::new();
    for (step, number) in steps.iter().zip(1_i64..) {
        let share = i64::try_from(steps.len()).map_or(free, |steps| free * number / steps);
        let notices = match step {
            RunStep::Apply | RunStep::Appraise | RunStep::FirstNotice => 0,
            RunStep::Review | RunStep::SecondNotice => notice,
            RunStep::Decide | RunStep::Announce => 2 * notice,
        };
        let day = on.saturating_add((share + notices).days());
        days.insert(*step, day.min(due_on));
    }
    days
}

/// How far a run has screened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Screened {
    /// Households looked at by this call.
    pub households: u64,
    /// For which the rules hold.
    pub holds: u64,
    /// Of which too little is known.
    pub unknown: u64,
}

pub(crate) async fn open(desk: &Desk, ctx: &mut Ctx, new: &OpenRun) -> Result<(), Refusal> {
    require_key("run", &new.run)?;
    require_past("on", new.on, ctx.today())?;
    if new.place.level() != PlaceLevel::County {
        return Err(refused("registry.not_a_county", "place").value(new.place));
    }
    if new.due_on < new.on {
        let refusal = refused("registry.days_reversed", "due_on");
        return Err(refusal.value(new.due_on).fact("before", new.on));
    }
    let rules = desk.rules.on(new.on)?;
    let year = new.on.year() - 1;
    let line = desk.rules.line(year)?;
    let row = args![
        &new.run,
        new.kind.as_str(),
        new.place,
        new.on,
        new.due_on,
        &rules.version,
        year,
        line
    ];
    ctx.execute_one(sql::INSERT_RUN, row).await?;
    for (step, due) in &new.steps {
        if *due < new.on || *due > new.due_on {
            return Err(refused("registry.step_out_of_run", step.as_str())
                .under("steps")
                .value(due)
                .fact("step", step));
        }
        ctx.execute_one(sql::INSERT_RUN_STEP, args![&new.run, step.as_str(), *due])
            .await?;
    }
    Ok(())
}

pub(crate) async fn close(ctx: &mut Ctx, said: &CloseRun) -> Result<(), Refusal> {
    require_past("on", said.on, ctx.today())?;
    let run = Run::of(ctx, &said.run).await?;
    if !run.screened {
        return Err(refused("registry.run_not_screened", "run").value(&said.run));
    }
    let open = ctx.row(sql::RUN_OPEN_CASES, args![&said.run]).await?;
    let open = open.map_or(Ok(0), |row| row.int("cases"))?;
    if open > 0 {
        return Err(refused("registry.cases_open", "run")
            .value(&said.run)
            .fact("open", open));
    }
    ctx.execute_one(sql::CLOSE_RUN, args![&said.run, said.on]).await
}

/// A run as commands need it.
pub(crate) struct Run {
    key: String,
    kind: CaseKind,
    place: PlaceCode,
    rules: String,
    year: i16,
    line: Money,
    screened_to: String,
    screened: bool,
    closed: bool,
}

impl Run {
    pub(crate) async fn of(asks: &mut impl Asks, key: &str) -> Result<Self, Refusal> {
        let row = asks.one(sql::RUN, args![key]).await?;
        let row = row.ok_or_else(|| sql::unknown(Whose::Run(key)))?;
        let year = i16::try_from(row.int("year")?);
        Ok(Self {
            key: key.to_owned(),
            kind: sql::parsed(&row.text("kind")?, "kind")?,
            place: sql::place(&row)?,
            rules: row.text("rules_version")?,
            year: year.map_err(|error| Refusal::broken("store.bad_column", &error).at("year"))?,
            line: Money::from_fen(row.int("line_fen")?),
            screened_to: row.text("screened_to")?,
            screened: row.int("screened")? == 1,
            closed: row.opt_text("closed_on")?.is_some(),
        })
    }

    /// A case may be opened in it: one of its county and kind, while it is not closed.
    pub(crate) fn require(&self, kind: CaseKind, place: PlaceCode) -> Result<(), Refusal> {
        if self.closed || self.kind != kind || !place.is_within(self.place) {
            return Err(refused("registry.not_of_run", "run").value(&self.key));
        }
        Ok(())
    }

    /// The households that it may concern stand here.
    fn concerns(&self) -> Status {
        match self.kind {
            CaseKind::Recognition => Status::Registered,
            CaseKind::Exit => Status::Poor,
        }
    }
}

impl Registry {
    /// Holds the households of a run against its rules, from where it stopped to the end.
    ///
    /// # Errors
    /// `registry.no_such_run`; `programme.no_such_rules`; what the store gives.
    pub async fn screen(&self, actor: Actor, run: &str) -> Result<Screened, Refusal> {
        let mut sum = Screened::default();
        let mut page = self.read_page(run, None).await?;
        loop {
            let end = page.end()?;
            let written = self.write_page(actor.clone(), run, page);
            let (written, next) = futures::join!(written, self.read_page(run, Some(end)));
            let Some(screened) = written? else { return Ok(sum) };
            sum.households += screened.households;
            sum.holds += screened.holds;
            sum.unknown += screened.unknown;
            page = next?;
        }
    }

    /// Reads a page beside the writer; without a beginning, that at which the run stands.
    async fn read_page(&self, run: &str, from: Option<String>) -> Result<Page, Refusal> {
        let mut reader = self.store.read().await?;
        let run = Run::of(&mut reader, run).await?;
        let from = from.unwrap_or_else(|| run.screened_to.clone());
        Page::of(&mut reader, &run, from).await
    }

    /// One page; none where nothing is left.
    async fn write_page(&self, actor: Actor, run: &str, page: Page) -> Result<Option<Screened>, Refusal> {
        let (desk, run) = (self.desk.clone(), run.to_owned());
        let written = self.store.write(actor, move |ctx| {
            async move { screen_page(&desk, ctx, &run, page).await }.boxed()
        });
        written.await
    }
}

/// The next households of a run, by village and id, counted by the database.
struct Page {
    /// The village and id after which it begins.
    from: String,
    /// The last statement that was known.
    known: i64,
    households: Vec<Row>,
}

impl Page {
    async fn of(asks: &mut impl Asks, run: &Run, from: String) -> Result<Self, Refusal> {
        let (first, last) = crate::queries::span(run.place);
        let (village, household) = match from.split_once(' ') {
            Some((village, household)) => (sql::parsed(village, "screened_to")?, household),
            None => (first, ""),
        };
        let status = run.concerns().as_str();
        let span = args![village, household, last, status, PAGE, run.year];
        Ok(Self {
            known: last_statement(asks).await?,
            households: asks.all(sql::HOUSEHOLD_PAGE, span).await?,
            from,
        })
    }

    /// The village and id with which it ends; where nothing is left, those after which it begins.
    fn end(&self) -> Result<String, Refusal> {
        match self.households.last() {
            Some(row) => Ok(format!("{} {}", row.int("place_code")?, row.text("id")?)),
            None => Ok(self.from.clone()),
        }
    }
}

async fn screen_page(desk: &Desk, ctx: &mut Ctx, run: &str, read: Page) -> Result<Option<Screened>, Refusal> {
    let run = Run::of(ctx, run).await?;
    if run.screened {
        return Ok(None);
    }
    let page = if read.from == run.screened_to && read.known == last_statement(ctx).await? {
        read
    } else {
        Page::of(ctx, &run, run.screened_to.clone()).await?
    };
    let mut sum = Screened::default();
    let rules = desk.rules.version(&run.rules)?;
    let mut rows = Vec::new();
    for row in &page.households {
        let verdict = judge(run.kind, rules, (run.year, run.line), counted(row)?.measures())?;
        sum.households += 1;
        sum.holds += u64::from(verdict.holds == Some(true));
        sum.unknown += u64::from(verdict.holds.is_none());
        let (place, household, reasons) = (row.int("place_code")?, row.text("id")?, short(&verdict.reasons)?);
        rows.extend(args![&run.key, place, household, verdict.holds, reasons]);
    }
    let kept = sql::KEEP_SCREENINGS.execute(ctx, rows).await?;
    if kept != sum.households {
        return Err(Refusal::new("store.not_one_row", Fault::Broken).fact("count", kept));
    }
    let end = args![&run.key, page.end()?, page.households.is_empty()];
    ctx.execute_one(sql::SCREENED_TO, end).await?;
    Ok(Some(sum))
}

fn short(reasons: &[Reason]) -> Result<String, Refusal> {
    let of = |reason: &Reason| (reason.condition.clone(), (reason.measured, reason.holds));
    let short: ShortReasons = reasons.iter().map(of).collect();
    serde_json::to_string(&short).map_err(|error| Refusal::broken("store.bad_json", &error))
}

fn counted(row: &Row) -> Result<Counted, Refusal> {
    Ok(Counted {
        members: Members {
            all: row.int("members")?,
            labour: row.int("labour")?,
            students: row.int("students")?,
            disabled: row.int("disabled")?,
            ill: row.int("ill")?,
        },
        net_income: row.opt_int("net_fen")?.map(Money::from_fen),
        land: row.opt_int("land_milli_mu")?,
        unmet: row.int("unmet")?,
        unseen: row.int("unseen")?,
        exclusions: row.opt_int("exclusions")?,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_calendar_leaves_each_notice_its_days_and_ends_with_the_run() {
        let days = calendar(date(2018, 1, 1), date(2018, 3, 1), 7);
        assert!((days[&RunStep::Review] - days[&RunStep::FirstNotice]).get_days() > 7);
        assert!((days[&RunStep::Decide] - days[&RunStep::SecondNotice]).get_days() > 7);
        assert!(days.values().is_sorted());
        assert_eq!(days[&RunStep::Announce], date(2018, 3, 1));
        let short = calendar(date(2018, 1, 1), date(2018, 1, 5), 7);
        assert!(short.values().all(|day| *day <= date(2018, 1, 5)));
    }
}
