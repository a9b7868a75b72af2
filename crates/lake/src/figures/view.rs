//! A figure as it is shown on the command line, in JSON and on a page.

use kernel::{Period, Refusal, Text};
use programme::FigureDef;
use serde::Serialize;

use super::FigureEngine;

/// A figure with its definition and its value in one period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FigureView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// What is counted and what is not.
    pub note: Text,
    /// Its unit; `fen` is money.
    pub unit: String,
    /// The period of the value.
    pub period: Period,
    /// The value; none where the query gives none.
    pub value: Option<i64>,
    /// How many order lines it stands on.
    pub lines: i64,
    /// The value of the period before, where there is evidence of it.
    pub previous: Option<PreviousValue>,
    /// The published figure it is held against.
    pub published: Option<String>,
    /// By what it can be broken down.
    pub breakdowns: Vec<&'static str>,
    /// The query, with its marks.
    pub sql: String,
}

/// The value of the period before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PreviousValue {
    /// That period.
    pub period: Period,
    /// Its value.
    pub value: i64,
}

pub(super) async fn view(engine: &FigureEngine, figure: &FigureDef) -> Result<FigureView, Refusal> {
    Ok(FigureView {
        id: figure.id.clone(),
        title: figure.title.clone(),
        note: figure.note.clone(),
        unit: figure.unit.clone(),
        period: engine.period(),
        value: engine.value(figure).await?,
        lines: engine.lines(figure).await?,
        previous: previous(engine, figure).await?,
        published: figure.published.clone(),
        breakdowns: figure
            .breakdowns
            .keys()
            .map(|dimension| dimension.as_str())
            .collect(),
        sql: figure.sql.clone(),
    })
}

async fn previous(engine: &FigureEngine, figure: &FigureDef) -> Result<Option<PreviousValue>, Refusal> {
    let before = engine.before().await?;
    if before.lines(figure).await? == 0 {
        return Ok(None);
    }
    let value = before.value(figure).await?;
    Ok(value.map(|value| PreviousValue {
        period: before.period(),
        value,
    }))
}
