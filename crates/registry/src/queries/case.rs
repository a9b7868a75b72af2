//! One case with its steps and objections, and the notices that stand.

use jiff::civil::Date;
use kernel::{PlaceCode, Refusal};
use people::staff::PlaceFilter;
use serde::Serialize;
use serde_json::Value;
use store::{Reader, args};

use super::household::{CaseLine, case_line};
use super::{Masked, require_seen, span};
use crate::acts::Whose;
use crate::desk::Registry;
use crate::model::{CaseId, CaseKind, PersonId, Seeks};
use crate::repo as sql;
use crate::rules::Verdict;

/// A case with everything that was done in it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CasePage {
    /// The case.
    pub case: CaseLine,
    /// What was done, in order.
    pub steps: Vec<StepLine>,
    /// Who objected to what.
    pub objections: Vec<ObjectionLine>,
    /// What the rules said when it was decided.
    pub verdict: Option<Verdict>,
}

/// A step of a case.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StepLine {
    /// The name of the act.
    pub act: String,
    /// On which day.
    pub on: Date,
    /// By whom, an id of the staff.
    pub by: String,
    /// What was said.
    pub said: Value,
    /// What shows it.
    pub document: Option<String>,
}

/// An objection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ObjectionLine {
    /// Its key.
    pub key: String,
    /// What it wants.
    pub seeks: Seeks,
    /// On which day.
    pub on: Date,
    /// What is objected.
    pub text: String,
    /// Whether it was found right; none while it waits.
    pub upheld: Option<bool>,
    /// When it was answered.
    pub answered_on: Option<Date>,
    /// What was answered.
    pub answer: Option<String>,
}

/// A case with its steps.
///
/// # Errors
/// `registry.no_such_case`, also where it is at a place that may not be seen.
pub async fn case_page(reader: &mut Reader, seen: &PlaceFilter, id: CaseId) -> Result<CasePage, Refusal> {
    let row = reader.row(sql::CASE, args![id.as_uuid()]).await?;
    let case = case_line(&row.ok_or_else(|| sql::no_such_case(id))?)?;
    require_seen(seen, case.place, Whose::Case(id))?;
    let mut steps = Vec::new();
    for row in reader.rows(sql::STEPS, args![id.as_uuid()]).await? {
        steps.push(StepLine {
            act: row.text("act")?,
            on: sql::day(&row, "on_day")?,
            by: row.text("done_by")?,
            said: sql::json(&row, "said")?,
            document: row.opt_text("document")?,
        });
    }
    let mut objections = Vec::new();
    for row in reader.rows(sql::OBJECTIONS, args![id.as_uuid()]).await? {
        objections.push(ObjectionLine {
            key: row.text("key")?,
            seeks: sql::parsed(&row.text("seeks")?, "seeks")?,
            on: sql::day(&row, "on_day")?,
            text: row.text("text")?,
            upheld: row.opt_int("upheld")?.map(|upheld| upheld == 1),
            answered_on: sql::opt_day(&row, "answered_on")?,
            answer: row.opt_text("answer")?,
        });
    }
    let decision = reader.row(sql::DECISION, args![id.as_uuid()]).await?;
    Ok(CasePage {
        case,
        steps,
        objections,
        verdict: decision.map(|row| sql::json(&row, "verdict")).transpose()?,
    })
}

/// A notice as everyone may read it: no number, no full name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NoticeLine {
    /// The case.
    pub case: CaseId,
    /// What it is about.
    pub kind: CaseKind,
    /// Its village.
    pub place: PlaceCode,
    /// The head's name, masked; empty where nobody is the head.
    pub head: String,
    /// How many members the household has.
    pub members: i64,
    /// The first notice or the second.
    pub number: u8,
    /// The day on which it was put up.
    pub since: Date,
    /// The last day on which one may object.
    pub until: Date,
}

impl Registry {
    /// The notices that stand on a day, those that end first above; of one place, or everywhere.
    ///
    /// # Errors
    /// What the store gives.
    pub async fn notices(
        &self,
        today: Date,
        place: Option<PlaceCode>,
        limit: i64,
    ) -> Result<Vec<NoticeLine>, Refusal> {
        let mut reader = self.store.read().await?;
        let (first, last) = place.map_or((0, i64::MAX), span);
        let mut lines = Vec::new();
        for row in reader
            .rows(sql::NOTICES, args![today, first, last, limit])
            .await?
        {
            let case = case_line(&row)?;
            let head: Option<PersonId> = sql::opt_parsed(&row, "head")?;
            let head = head.map(|head| self.desk.personal_of(head, &row)).transpose()?;
            lines.push(NoticeLine {
                case: case.id,
                kind: case.kind,
                place: case.place,
                head: head
                    .as_ref()
                    .map(|head| Masked::from(head).name)
                    .unwrap_or_default(),
                members: row.int("members")?,
                number: if case.state == crate::model::CaseState::FirstNotice {
                    1
                } else {
                    2
                },
                since: case.changed_on,
                until: case.notice_until.unwrap_or(today),
            });
        }
        Ok(lines)
    }
}
