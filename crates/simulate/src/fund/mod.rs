//! Simulated acts of the fund, from which the published figures of the fund come out again: the pledge, what it aims to move,
//! who worked, which counties were visited, the model counties and their targets.
//!
//! The report publishes those figures and no budgets, projects or payments: here they are made up, and everything that is made
//! up says so. Persons are `simulated-` ids, documents are one note that says that it is simulated.

mod cofinance;
mod counties;
mod made_up;
mod projects;

use ::fund::{
    Act, BudgetLine, Call, NewBudget, NewEvent, NewPledge, NewTranche, NewVisit, PillarOwner, Reasoned,
    Receipt, StaffDay,
};
use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use kernel::{Money, PlaceCode, Refusal, Text};
use people::places::Places;
use programme::Programme;

use cofinance::cofinance;
use counties::{counties, pairings};
use made_up::PILLARS;

use crate::random::Random;

/// What every simulated document says.
pub const NOTE: &[u8] =
    "模拟数据：此文件由程序生成，只为演示。\nSimulated data: this document is generated for demonstration.\n"
        .as_bytes();

/// "Over 1,000 staff" in the report.
const STAFF: u64 = 1_037;
/// "Over 100 counties" in the report.
const COUNTIES_VISITED: usize = 108;
/// The first working day of the half-year, and how many days from there are drawn from.
const FIRST_DAY: Date = date(2018, 1, 2);
const DAYS: u64 = 178;

/// Whose hand an act is done by; three persons, because two of them check another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    /// Who keeps the fund.
    Keeper,
    /// Who approves what the keeper proposed.
    Approver,
    /// Who keeps the books.
    Finance,
}

/// Money that a project spent out of its purse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spending {
    /// The project.
    pub project: String,
    /// On which day.
    pub on: Date,
    /// How much.
    pub amount: Money,
}

/// What is done, in its order, and what was spent after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FundStory {
    /// Acts in groups, each by one hand.
    pub acts: Vec<(Hand, Vec<Act>)>,
    /// What projects spent.
    pub spending: Vec<Spending>,
}

/// The story of the fund in the half-year. `document` is the hash of [`NOTE`] in the store, `turnover` what was sold.
///
/// # Errors
/// A model county that is no place; amounts that do not fit.
pub fn fund_story(
    seed: u64,
    programme: &Programme,
    places: &Places,
    document: &str,
    turnover: Money,
) -> Result<FundStory, Refusal> {
    let mut acts = vec![(Hand::Keeper, beginning(document)?)];
    acts.push((Hand::Finance, receipts(document)?));
    acts.push((Hand::Keeper, vec![budget()?]));
    acts.push((Hand::Approver, vec![approval()]));
    let projects = projects::projects(document)?;
    acts.push((Hand::Keeper, projects.kept));
    acts.push((Hand::Approver, projects.released));
    acts.push((Hand::Keeper, cofinance(document, turnover)?));
    acts.push((Hand::Keeper, counties(programme, places, document)?));
    acts.push((Hand::Keeper, pairings(document)?));
    acts.push((Hand::Keeper, field(seed, places, document)));
    acts.push((Hand::Keeper, events(programme)));
    Ok(FundStory {
        acts,
        spending: projects.spending,
    })
}

fn yuan(amount: i64) -> Result<Money, Refusal> {
    Money::from_fen(100).checked_mul(amount)
}

fn beginning(document: &str) -> Result<Vec<Act>, Refusal> {
    let owner = |(pillar, zh, en, _): &(&str, &str, &str, i64)| {
        Act::Own(PillarOwner {
            pillar: (*pillar).to_owned(),
            since: date(2017, 12, 1),
            unit: Text::new(*zh, *en),
        })
    };
    let mut acts: Vec<Act> = PILLARS.iter().map(owner).collect();
    let tranche = |year: i16| {
        Ok(NewTranche {
            due_on: date(year, 1, 8),
            amount_fen: yuan(2_000_000_000)?,
        })
    };
    acts.push(Act::Pledge(NewPledge {
        key: "main".to_owned(),
        donor: Text::new("脱贫基金出资人", "Donors of the fund"),
        signed_on: date(2017, 12, 1),
        through_on: date(2022, 11, 30),
        total_fen: yuan(10_000_000_000)?,
        leverage_low_fen: yuan(100_000_000_000)?,
        leverage_high_fen: yuan(1_000_000_000_000)?,
        document: document.to_owned(),
        tranches: (2018..=2022).map(tranche).collect::<Result<_, Refusal>>()?,
    }));
    acts.push(Act::Call(Call {
        pledge: "main".to_owned(),
        tranche: 1,
        on: date(2018, 1, 8),
    }));
    Ok(acts)
}

fn receipts(document: &str) -> Result<Vec<Act>, Refusal> {
    let receipt = |(key, on, amount): (&str, Date, i64)| {
        Ok(Act::Receive(Receipt {
            key: key.to_owned(),
            pledge: "main".to_owned(),
            tranche: 1,
            on,
            amount_fen: yuan(amount)?,
            document: document.to_owned(),
        }))
    };
    [
        ("sim-2018-01", date(2018, 1, 15), 800_000_000),
        ("sim-2018-04", date(2018, 4, 16), 700_000_000),
    ]
    .into_iter()
    .map(receipt)
    .collect()
}

fn budget() -> Result<Act, Refusal> {
    let line = |(pillar, _, _, amount): &(&str, &str, &str, i64)| {
        Ok(BudgetLine {
            pillar: (*pillar).to_owned(),
            amount_fen: yuan(*amount)?,
        })
    };
    Ok(Act::ProposeBudget(NewBudget {
        key: "budget-2018-1".to_owned(),
        period: kernel::Period::around(kernel::PeriodKind::Year, FIRST_DAY),
        reason: "首年预算（模拟）。".to_owned(),
        lines: PILLARS.iter().map(line).collect::<Result<_, Refusal>>()?,
    }))
}

fn approval() -> Act {
    Act::ApproveBudget(Reasoned {
        key: "budget-2018-1".to_owned(),
        on: date(2018, 1, 17),
        reason: "模拟批准。".to_owned(),
    })
}

/// Each of the staff a day, and a visit to each of the counties, by those who worked there.
fn field(seed: u64, places: &Places, document: &str) -> Vec<Act> {
    let mut random = Random::new(seed, "fund");
    let mut counties: Vec<PlaceCode> = places.poverty_codes().into_iter().map(|(code, _)| code).collect();
    random.shuffle(&mut counties);
    counties.truncate(COUNTIES_VISITED);
    let mut acts = Vec::new();
    for (number, (pillar, ..)) in (1..=STAFF).zip(PILLARS.iter().cycle()) {
        let person = format!("simulated-staff-{number:04}");
        let on = FIRST_DAY.saturating_add(i64::try_from(random.below(DAYS)).unwrap_or_default().days());
        let place = usize::try_from(number - 1)
            .ok()
            .and_then(|at| counties.get(at))
            .copied();
        acts.push(Act::StaffDay(StaffDay {
            person: person.clone(),
            on,
            pillar: (*pillar).to_owned(),
            place,
            halves: 2,
        }));
        if let Some(place) = place {
            acts.push(Act::Visit(NewVisit {
                key: format!("simulated-{number:04}"),
                person,
                place,
                on,
                findings: "模拟走访记录。".to_owned(),
                photos: vec![document.to_owned()],
            }));
        }
    }
    acts
}

fn events(programme: &Programme) -> Vec<Act> {
    let event = |(number, row): (usize, &programme::Milestone)| {
        Act::Event(NewEvent {
            key: format!("event-{number}"),
            on: row.date,
            pillar: row.pillar.clone(),
            place: row.place.clone(),
            title: row.title.clone(),
        })
    };
    (1..).zip(&programme.milestones).map(event).collect()
}
