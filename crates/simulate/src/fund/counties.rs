//! Simulated model counties with their targets, and pairings with their duties.

use ::fund::{Act, DutyProgress, Measurement, NewDuty, NewModelCounty, NewPairing, NewTarget, TargetOwner};
use jiff::civil::{Date, date};
use kernel::{Refusal, Text};
use people::places::Places;
use programme::Programme;

use super::made_up::AIMS;

pub(super) fn counties(programme: &Programme, places: &Places, document: &str) -> Result<Vec<Act>, Refusal> {
    let mut acts = Vec::new();
    for row in &programme.model_counties {
        acts.push(Act::ModelCounty(NewModelCounty {
            place: places.by_full_name(&format!("{}{}", row.province, row.county))?,
            named_on: date(2018, 1, 18),
            product: Text::new(&row.product_zh, &row.product_en),
        }));
    }
    let target = |owner: TargetOwner,
                  (indicator, zh, en): (&str, &str, &str),
                  unit: &str,
                  target: i64,
                  due_on: Date| {
        Act::Target(NewTarget {
            owner,
            indicator: indicator.to_owned(),
            title: Text::new(zh, en),
            unit: unit.to_owned(),
            target,
            due_on,
        })
    };
    for (place, indicator, zh, en, unit, wanted, due_on, reached) in AIMS {
        let owner = || Ok::<_, Refusal>(TargetOwner::County(place.parse()?));
        acts.push(target(owner()?, (indicator, zh, en), unit, wanted, due_on));
        acts.push(Act::Measure(Measurement {
            owner: owner()?,
            indicator: indicator.to_owned(),
            on: date(2018, 6, 30),
            value: reached,
            document: document.to_owned(),
        }));
    }
    // "Over 8,000 people in three years" in the report.
    let education = TargetOwner::Pillar("education".to_owned());
    let names = (
        "cloud-trainees",
        "云计算大数据培训",
        "Cloud and data training places",
    );
    acts.push(target(education, names, "people", 8_200, date(2021, 5, 26)));
    Ok(acts)
}

pub(super) fn pairings(document: &str) -> Result<Vec<Act>, Refusal> {
    let mut acts = Vec::new();
    for (key, place, unit) in [
        ("dingxi", "621100", ("集团", "The group")),
        ("badong", "422823", ("金融集团", "The financial group")),
    ] {
        acts.push(Act::Pair(NewPairing {
            key: key.to_owned(),
            place: place.parse()?,
            unit: Text::new(unit.0, unit.1),
            signed_on: date(2017, 12, 4),
            document: document.to_owned(),
            duties: vec![
                NewDuty {
                    title: Text::new("培训电商人才（模拟）", "Train people for commerce (simulated)"),
                    due_on: date(2018, 12, 31),
                },
                NewDuty {
                    title: Text::new("打通农产品销路（模拟）", "Open ways to sell produce (simulated)"),
                    due_on: date(2019, 12, 31),
                },
            ],
        }));
        acts.push(Act::Duty(DutyProgress {
            pairing: key.to_owned(),
            duty: 1,
            on: date(2018, 6, 30),
            done_permille: 450,
        }));
    }
    Ok(acts)
}
