//! Milestones: what happened when, as the programme lists it.

use jiff::civil::Date;
use kernel::Text;

use crate::source::Source;
use crate::{Finding, lists};

/// One happening of the programme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Milestone {
    /// The day.
    pub date: Date,
    /// The pillar it belongs to.
    pub pillar: String,
    /// Where, as the list writes it; empty for the whole programme.
    pub place: String,
    /// What happened.
    pub title: Text,
}

/// Reads `milestones.csv`.
pub(crate) fn read(source: Source<'_>) -> (Vec<Milestone>, Vec<Finding>) {
    lists::read(
        source,
        &["date", "pillar", "place", "title_zh", "title_en"],
        |row| {
            let day = row.day("date")?;
            Ok(Milestone {
                date: day.ok_or_else(|| row.finding("programme.bad_date", ""))?,
                pillar: row.text("pillar").to_owned(),
                place: row.text("place").to_owned(),
                title: Text::new(row.text("title_zh"), row.text("title_en")),
            })
        },
    )
}
