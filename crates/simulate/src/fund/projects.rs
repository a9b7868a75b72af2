//! Projects with milestones, what was released of them, and what was spent of that.

use ::fund::{Act, AtMilestone, Met, NewMilestone, NewProject};
use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use kernel::{Refusal, Text};

use super::made_up::{PLANS, Plan, Step};
use super::{FIRST_DAY, Spending, yuan};

/// What keepers and approvers do about the projects.
#[derive(Default)]
pub(super) struct Projects {
    /// Opened, committed and met.
    pub(super) kept: Vec<Act>,
    /// Released.
    pub(super) released: Vec<Act>,
    /// Three quarters of what was released are spent by the end of the half-year.
    pub(super) spending: Vec<Spending>,
}

pub(super) fn projects(document: &str) -> Result<Projects, Refusal> {
    let mut projects = Projects::default();
    for plan in &PLANS {
        projects.kept.push(opened(plan)?);
        let (key, .., steps) = plan;
        for (milestone, step) in (1..).zip(*steps) {
            projects.step(key, milestone, step, document)?;
        }
    }
    Ok(projects)
}

fn opened((key, pillar, place, zh, en, steps): &Plan) -> Result<Act, Refusal> {
    let milestone = |(number, (due_on, amount, _)): (usize, &Step)| {
        Ok(NewMilestone {
            title: Text::new(
                format!("第 {number} 步（模拟）"),
                format!("Step {number} (simulated)"),
            ),
            due_on: *due_on,
            amount_fen: yuan(*amount)?,
        })
    };
    Ok(Act::Project(NewProject {
        key: (*key).to_owned(),
        pillar: (*pillar).to_owned(),
        place: place.map(str::parse).transpose()?,
        title: Text::new(*zh, *en),
        starts_on: FIRST_DAY,
        ends_on: date(2018, 12, 31),
        milestones: (1..).zip(*steps).map(milestone).collect::<Result<_, Refusal>>()?,
    }))
}

impl Projects {
    fn step(
        &mut self,
        key: &str,
        milestone: u32,
        (due_on, amount, met): &Step,
        document: &str,
    ) -> Result<(), Refusal> {
        let at = |on: Date| AtMilestone {
            project: key.to_owned(),
            milestone,
            on,
        };
        self.kept.push(Act::Commit(at(date(2018, 1, 22))));
        if *met {
            self.kept.push(Act::Meet(Met {
                project: key.to_owned(),
                milestone,
                on: *due_on,
                document: document.to_owned(),
            }));
            self.released
                .push(Act::Release(at(due_on.saturating_add(2.days()))));
            self.spending.push(Spending {
                project: key.to_owned(),
                on: due_on.saturating_add(5.days()),
                amount: yuan(amount / 4 * 3)?,
            });
        }
        Ok(())
    }
}
