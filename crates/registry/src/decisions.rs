//! Decisions by the rules, and the same made again from what was known then.

use jiff::civil::Date;
use kernel::{Fault, Refusal};
use serde::Serialize;
use store::{Row, args};

use crate::desk::{Desk, Registry};
use crate::households::household_at;
use crate::model::{CaseId, CaseKind, HouseholdId};
use crate::persons::members_at;
use crate::repo::{self as sql, Asks};
use crate::rules::{Verdict, judge};
use crate::state::{AsOf, Counted, Members};

/// How many decisions are made again from one snapshot.
const PAGE: i64 = 500;

/// What a version of the rules says of a household as it stood at a moment; income is that of the year before.
pub(crate) async fn verdict(
    desk: &Desk,
    asks: &mut impl Asks,
    (household, kind): (HouseholdId, CaseKind),
    at: AsOf,
    rules: &str,
) -> Result<Verdict, Refusal> {
    let rules = desk.rules.version(rules)?;
    let year = at.day.year() - 1;
    let line = desk.rules.line(year)?;
    let state = household_at(asks, household, at).await?;
    let members = members_at(asks, household, at).await?;
    let members = Members::of(members.iter().map(|member| &member.facts));
    let measures = Counted::of(&state, members, year)?.measures();
    judge(kind, rules, (year, line), measures)
}

/// A decision as it was kept, and what the same rules say today of what was known then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Replay {
    /// The case.
    pub case: CaseId,
    /// On which day it was decided.
    pub decided_on: Date,
    /// Whether it was granted.
    pub granted: bool,
    /// What the rules said then.
    pub then: Verdict,
    /// What they say again.
    pub again: Verdict,
}

impl Replay {
    /// Whether both are the same in everything.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.then == self.again
    }
}

/// Makes a decision again from what was known then.
pub(crate) async fn replay(desk: &Desk, asks: &mut impl Asks, row: &Row) -> Result<Replay, Refusal> {
    let then: Verdict = sql::json(row, "verdict")?;
    let decided_on = sql::day(row, "decided_on")?;
    let at = AsOf {
        day: decided_on,
        known: row.int("known_statement")?,
    };
    let household = sql::parsed(&row.text("household")?, "household")?;
    let again = verdict(
        desk,
        asks,
        (household, then.kind),
        at,
        &row.text("rules_version")?,
    )
    .await?;
    Ok(Replay {
        case: sql::parsed(&row.text("case_id")?, "case_id")?,
        decided_on,
        granted: row.int("granted")? == 1,
        then,
        again,
    })
}

impl Registry {
    /// Makes the decision of a case again.
    ///
    /// # Errors
    /// `registry.no_such_decision`; `programme.no_such_rules`, `programme.no_line` where the programme lost them.
    pub async fn replay(&self, case: CaseId) -> Result<Replay, Refusal> {
        let mut reader = self.store.read().await?;
        let row = reader.row(sql::DECISION, args![case.as_uuid()]).await?;
        let missing = || Refusal::new("registry.no_such_decision", Fault::Missing).value(case);
        replay(&self.desk, &mut reader, &row.ok_or_else(missing)?).await
    }

    /// Makes every decision again, page by page in the order of their cases; `seen` is given each.
    ///
    /// # Errors
    /// As [`Registry::replay`]; what `seen` answers.
    pub async fn replay_all(
        &self,
        mut seen: impl FnMut(Replay) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let mut after = String::new();
        loop {
            let mut reader = self.store.read().await?;
            let rows = reader.rows(sql::DECISION_PAGE, args![&after, PAGE]).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.text("case_id")?;
            for row in &rows {
                seen(replay(&self.desk, &mut reader, row).await?)?;
            }
        }
    }
}
