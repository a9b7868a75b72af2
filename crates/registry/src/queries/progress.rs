//! How far a yearly run is: what each step waits for, who is late, which notices stand, and what does not go its way.

use jiff::civil::Date;
use kernel::Refusal;
use people::staff::PlaceFilter;
use serde::Serialize;
use store::{Reader, args};

use super::household::{CaseLine, case_line};
use super::runs::RunPage;
use super::{keep_first, spans_of};
use crate::model::{CaseId, CaseState, RunStep};
use crate::repo as sql;

/// The most lines of each list of a run.
const LINES_MAX: i64 = 50;

/// A step of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct StepProgress {
    /// Which.
    pub step: RunStep,
    /// By when it is to be done; none where nobody said.
    pub due_on: Option<Date>,
    /// Households that wait for it.
    pub waiting: i64,
    /// Households that are past it.
    pub past: i64,
    /// Whether some wait though its day is over.
    pub late: bool,
}

/// Why a case asks for a second look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Exception {
    /// An objection waits for its answer.
    ObjectionOpen,
    /// Its notice is over, and nobody went on.
    NoticeOver,
    /// It goes on, though the rules do not hold or too little is known.
    AgainstTheRules,
    /// The rules hold, and it ended without being granted.
    NotGranted,
}

impl Exception {
    /// Its name in words and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ObjectionOpen => "objection_open",
            Self::NoticeOver => "notice_over",
            Self::AgainstTheRules => "against_the_rules",
            Self::NotGranted => "not_granted",
        }
    }
}

/// A case that asks for a second look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExceptionLine {
    /// The case.
    pub case: CaseLine,
    /// Why.
    pub why: Exception,
}

/// By which exceptions are ordered: what has waited longest stands above.
pub(super) fn exception_at(line: &ExceptionLine) -> (Date, CaseId) {
    (
        line.case.notice_until.unwrap_or(line.case.changed_on),
        line.case.id,
    )
}

/// What there is to do in a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RunWork {
    /// Cases whose next step was due before today.
    pub late: Vec<CaseLine>,
    /// Cases whose notice stands or stood last, the one that ends first above.
    pub notices: Vec<CaseLine>,
    /// Cases that ask for a second look.
    pub exceptions: Vec<ExceptionLine>,
}

impl CaseState {
    /// The step that a case in this state waits for; none where it is at its end.
    #[must_use]
    pub fn next_step(self) -> Option<RunStep> {
        match self {
            Self::Applied => Some(RunStep::Appraise),
            Self::Appraised => Some(RunStep::FirstNotice),
            Self::FirstNotice => Some(RunStep::Review),
            Self::Reviewed => Some(RunStep::SecondNotice),
            Self::SecondNotice => Some(RunStep::Decide),
            Self::Granted => Some(RunStep::Announce),
            Self::TurnedDown | Self::Refused | Self::Announced | Self::Withdrawn => None,
        }
    }

    fn is_past(self, step: RunStep) -> bool {
        self == Self::Announced || self.next_step().is_some_and(|next| next > step)
    }
}

impl RunPage {
    /// Every step with who waits for it, as of a day. Nobody is late in a run that is closed.
    #[must_use]
    pub fn progress(&self, today: Date) -> Vec<StepProgress> {
        let of = |step: &RunStep| {
            let at = |test: &dyn Fn(CaseState) -> bool| -> i64 {
                let counted = self.cases.iter().filter(|(state, _)| test(**state));
                counted.map(|(_, cases)| cases).sum()
            };
            let due_on = self
                .steps
                .iter()
                .find(|(due, _)| due == step)
                .map(|(_, day)| *day);
            let waiting = match step {
                RunStep::Apply => self.without_case,
                step => at(&|state| state.next_step() == Some(*step)),
            };
            StepProgress {
                step: *step,
                due_on,
                waiting,
                past: at(&|state| state.is_past(*step)),
                late: waiting > 0 && self.run.closed_on.is_none() && due_on.is_some_and(|due| due < today),
            }
        };
        RunStep::ALL.iter().map(of).collect()
    }
}

/// What there is to do in a run at the places someone may see.
///
/// # Errors
/// What the store gives.
pub async fn run_work(
    reader: &mut Reader,
    seen: &PlaceFilter,
    page: &RunPage,
    today: Date,
) -> Result<RunWork, Refusal> {
    let mut work = RunWork::default();
    let late: Vec<RunStep> = page
        .progress(today)
        .iter()
        .filter(|step| step.late)
        .map(|step| step.step)
        .collect();
    for (first, last) in spans_of(seen, page.run.place) {
        for state in page.cases.keys() {
            let is_late = state.next_step().is_some_and(|next| late.contains(&next));
            let is_notice = matches!(state, CaseState::FirstNotice | CaseState::SecondNotice);
            if !is_late && !is_notice {
                continue;
            }
            let args = args![&page.run.key, state.as_str(), first, last, LINES_MAX];
            for row in reader.rows(sql::RUN_CASES_IN, args).await? {
                let line = case_line(&row)?;
                work.late.extend(is_late.then(|| line.clone()));
                work.notices.extend(is_notice.then_some(line));
            }
        }
        let args = args![&page.run.key, first, last, LINES_MAX];
        for row in reader.rows(sql::RUN_EXCEPTIONS, args).await? {
            let case = case_line(&row)?;
            let objected = row.int("open")? > 0;
            let why = match case.state.next_step() {
                _ if objected => Exception::ObjectionOpen,
                Some(_) => Exception::AgainstTheRules,
                None => Exception::NotGranted,
            };
            work.exceptions.push(ExceptionLine { case, why });
        }
    }
    for lines in [&mut work.late, &mut work.notices] {
        lines.sort_by_key(|line| (line.notice_until.unwrap_or(line.changed_on), line.id));
        keep_first(lines, LINES_MAX);
    }
    work.exceptions.sort_by_key(exception_at);
    keep_first(&mut work.exceptions, LINES_MAX);
    Ok(work)
}
