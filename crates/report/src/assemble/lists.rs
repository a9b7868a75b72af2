//! What the programme and the book of places say, taken over into the report.

use kernel::{Lang, Period, PlaceCode, Text};
use people::places::Places;
use programme::PublishedFigure;
use programme::published::Relation as ProgrammeRelation;

use crate::model::{Milestone, ModelCounty, Previous, Published, Relation, ReportPeriod};
use crate::numbers;

pub(super) fn published(row: &PublishedFigure, holds: Option<bool>) -> Published {
    Published {
        id: row.id.clone(),
        pillar: row.pillar.clone(),
        title: row.name.clone(),
        relation: match row.relation {
            ProgrammeRelation::Equals => Relation::Equal,
            ProgrammeRelation::MoreThan => Relation::MoreThan,
            ProgrammeRelation::AtLeast => Relation::AtLeast,
            ProgrammeRelation::About => Relation::About,
        },
        value: row.value.to_string(),
        unit: row.unit.clone(),
        from: row.from.map(|day| day.to_string()),
        to: row.to.map(|day| day.to_string()),
        page: row.report_page.map(i64::from),
        holds,
    }
}

pub(super) fn previous(period: Period, value: i64, before: i64) -> Option<Previous> {
    let change = value.checked_sub(before)?;
    Some(Previous {
        period: period.to_string(),
        title: title_of(period),
        value: before,
        change,
        change_permille: numbers::permille(change, before.saturating_abs()),
    })
}

pub(super) fn period_of(period: Period) -> ReportPeriod {
    let (first_month, last_month) = period.month_numbers();
    ReportPeriod {
        id: period.to_string(),
        title: title_of(period),
        first_day: period.first_day().to_string(),
        last_day: period.last_day().to_string(),
        first_month,
        last_month,
    }
}

fn title_of(period: Period) -> Text {
    Text::new(period.title(Lang::Zh), period.title(Lang::En))
}

pub(super) fn milestone(row: &programme::Milestone) -> Milestone {
    Milestone {
        date: row.date.to_string(),
        pillar: row.pillar.clone(),
        place: row.place.clone(),
        title: row.title.clone(),
    }
}

pub(super) fn model_county(row: &programme::ModelCounty, places: &Places) -> ModelCounty {
    let place = places
        .by_full_name(&format!("{}{}", row.province, row.county))
        .ok()
        .and_then(|code| places.get(code));
    let title = |found: Option<Text>, text: &str| found.unwrap_or_else(|| Text::new(text, text));
    ModelCounty {
        county: title(place.map(people::places::Place::title), &row.county),
        province: title(
            place
                .and_then(|place| places.get(place.province))
                .map(people::places::Place::title),
            &row.province,
        ),
        product: row.product_zh.clone(),
        product_en: row.product_en.clone(),
        note: row.note.clone(),
    }
}

pub(super) fn place_title(places: &Places, key: &str) -> Text {
    let place = key.parse::<PlaceCode>().ok().and_then(|code| places.get(code));
    place.map_or_else(|| Text::new(key, key), people::places::Place::title)
}
