//! What the fund gives figures to count: the rows of its journal tables in one period, without ids of persons.
//!
//! Things that stand (pledges, budgets, milestones, model counties, targets) are as of the last day of the period, things that
//! happen (days worked, visits) those of the period. A person is a number that is given anew at each sealing, in an order that
//! tells nothing of the id.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::{Period, PeriodKind, PlaceCode, Refusal};
use programme::journal::{JOURNAL_TABLES, JournalRows, JournalValue};
use store::{Reader, args};

use crate::queries::{cofinance, place, pledges, projects, standing, targets};
use crate::repo as sql;

/// The rows of the fund's journal tables in a period.
///
/// # Errors
/// What the store gives.
pub async fn journal_rows(reader: &mut Reader, period: Period) -> Result<Vec<JournalRows>, Refusal> {
    let mut tables = Vec::with_capacity(JOURNAL_TABLES.len());
    for table in JOURNAL_TABLES
        .iter()
        .filter(|table| table.name.starts_with("fund_"))
    {
        let mut rows = rows_of(reader, table.name, period).await?;
        rows.sort_unstable();
        tables.push(JournalRows { table, rows });
    }
    Ok(tables)
}

async fn rows_of(
    reader: &mut Reader,
    table: &str,
    period: Period,
) -> Result<Vec<Vec<JournalValue>>, Refusal> {
    let last = period.last_day();
    match table {
        "fund_budget" => budget(reader, last).await,
        "fund_cofinance" => shares(reader, last).await,
        "fund_milestones" => milestones(reader, last).await,
        "fund_model_counties" => {
            let rows = reader.rows(sql::MODEL_COUNTIES, args![last]).await?;
            rows.iter()
                .map(|row| {
                    Ok(vec![
                        JournalValue::Int(row.int("place_code")?),
                        text(row.text("named_on")?),
                    ])
                })
                .collect()
        }
        "fund_pledges" => promised(reader, last).await,
        "fund_staff_days" => staff_days(reader, period).await,
        "fund_targets" => measured(reader, last).await,
        "fund_visits" => visits(reader, period).await,
        _ => Ok(Vec::new()),
    }
}

async fn budget(reader: &mut Reader, last: Date) -> Result<Vec<Vec<JournalValue>>, Refusal> {
    let year = Period::around(PeriodKind::Year, last);
    let pillars = standing(reader, year, last).await?.into_iter();
    let row = |one: crate::PillarStanding| {
        vec![
            text(one.pillar),
            int(one.budget_fen.fen()),
            int(one.actual_fen.fen()),
            int(one.released_fen.fen()),
            int(one.held_fen.fen()),
            int(one.forecast_fen.fen()),
        ]
    };
    Ok(pillars.map(row).collect())
}

async fn shares(reader: &mut Reader, last: Date) -> Result<Vec<Vec<JournalValue>>, Refusal> {
    let claims = cofinance(reader, last).await?.claims.into_iter();
    let row = |one: crate::leverage::Shared| {
        vec![
            text(one.project),
            text(one.class.as_str().to_owned()),
            int(i64::from(one.causal)),
            int(one.amount_fen.fen()),
            int(one.attributed_fen.fen()),
        ]
    };
    Ok(claims.map(row).collect())
}

async fn milestones(reader: &mut Reader, last: Date) -> Result<Vec<Vec<JournalValue>>, Refusal> {
    let mut rows = Vec::new();
    for project in projects(reader, last).await? {
        for one in project.milestones {
            let met = one.met_on.filter(|met| *met <= last);
            rows.push(vec![
                text(project.key.clone()),
                int(one.number),
                text(project.pillar.clone()),
                text(one.due_on.to_string()),
                text(met.map(|met| met.to_string()).unwrap_or_default()),
                int(one.amount_fen.fen()),
            ]);
        }
    }
    Ok(rows)
}

async fn promised(reader: &mut Reader, last: Date) -> Result<Vec<Vec<JournalValue>>, Refusal> {
    let pledges = pledges(reader, last).await?.into_iter();
    let row = |one: crate::PledgeStanding| {
        vec![
            text(one.signed_on.to_string()),
            text(one.through_on.to_string()),
            int(one.total_fen.fen()),
            int(one.received_fen.fen()),
            int(one.leverage_low_fen.fen()),
            int(one.leverage_high_fen.fen()),
        ]
    };
    Ok(pledges.map(row).collect())
}

async fn staff_days(reader: &mut Reader, period: Period) -> Result<Vec<Vec<JournalValue>>, Refusal> {
    let rows = reader
        .rows(sql::STAFF_DAYS, args![period.first_day(), period.last_day()])
        .await?;
    // Persons are sorted by what they did, so that neither the order of ids nor that of entry shows.
    let mut of_person: BTreeMap<String, Vec<Vec<JournalValue>>> = BTreeMap::new();
    for row in &rows {
        let place = place(row)?.map_or(0, six_digits);
        of_person.entry(row.text("person")?).or_default().push(vec![
            text(row.text("worked_on")?),
            text(row.text("pillar")?),
            int(place),
            int(row.int("halves")?),
        ]);
    }
    let mut persons: Vec<Vec<Vec<JournalValue>>> = of_person.into_values().collect();
    persons.sort_unstable();
    let numbered = persons.into_iter().zip(1_i64..);
    Ok(numbered
        .flat_map(|(days, number)| {
            days.into_iter().map(move |mut day| {
                day.insert(0, int(number));
                day
            })
        })
        .collect())
}

async fn measured(reader: &mut Reader, last: Date) -> Result<Vec<Vec<JournalValue>>, Refusal> {
    let targets = targets(reader, last).await?.into_iter();
    let row = |one: crate::TargetStanding| {
        vec![
            text(one.owner),
            text(one.indicator),
            text(one.unit),
            int(one.target),
            int(one.reached.unwrap_or_default()),
        ]
    };
    Ok(targets.map(row).collect())
}

async fn visits(reader: &mut Reader, period: Period) -> Result<Vec<Vec<JournalValue>>, Refusal> {
    let rows = reader
        .rows(sql::VISITS, args![period.first_day(), period.last_day()])
        .await?;
    rows.iter()
        .map(|row| {
            let place = place(row)?.map_or(0, six_digits);
            Ok(vec![text(row.text("visited_on")?), int(place)])
        })
        .collect()
}

fn int(value: i64) -> JournalValue {
    JournalValue::Int(value)
}

fn text(value: String) -> JournalValue {
    JournalValue::Text(value)
}

/// The county of a place, as figures know places.
fn six_digits(place: PlaceCode) -> i64 {
    i64::try_from(place.first_six()).unwrap_or_default()
}
