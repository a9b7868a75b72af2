//! Figures: what is counted, as one SQL query with a title, a unit and a note.
//!
//! `figures/ID.toml` says what a figure is and `figures/ID.sql` how it is counted, in the common ground of DataFusion,
//! DuckDB and Spark: one row with one column `value`. Two marks let the query be broken down: `/*by*/` becomes
//! `<column> AS key, ` and `/*group*/` becomes ` GROUP BY <column>`. Without them the query is valid as it stands.

use std::collections::BTreeMap;

use kernel::{PeriodKind, Text};
use serde::{Deserialize, Serialize};

use crate::Finding;
use crate::journal::{JOURNAL_TABLES, journal_table};
use crate::source::{Source, is_id};

/// The mark that becomes the key column.
pub const BY: &str = "/*by*/";
/// The mark that becomes the grouping.
pub const GROUP: &str = "/*group*/";

/// Units of computed values. `fen` is money; a share is in thousandths (`permille`).
pub const UNITS: [&str; 15] = [
    "fen",
    "lines",
    "permille",
    "counties",
    "provinces",
    "products",
    "channels",
    "households",
    "people",
    "users",
    "schools",
    "years",
    "mu",
    "orders",
    "milestones",
];

/// By what a figure can be broken down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// County of origin.
    Place,
    /// Channel it was sold on.
    Channel,
    /// Product.
    Product,
    /// Month, as 201806.
    Month,
    /// Pillar of the programme.
    Pillar,
}

impl Dimension {
    /// The name used in files and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Place => "place",
            Self::Channel => "channel",
            Self::Product => "product",
            Self::Month => "month",
            Self::Pillar => "pillar",
        }
    }

    /// The column, under the alias `s`, that a breakdown groups by: of `sales`, or of a journal table by pillar.
    pub fn column(self) -> &'static str {
        match self {
            Self::Place => "s.place_code",
            Self::Channel => "s.channel",
            Self::Product => "s.product_code",
            Self::Month => "s.month",
            Self::Pillar => "s.pillar",
        }
    }
}

/// One figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureDef {
    /// Its id, which is also the name of its two files: `sales.poverty_counties`.
    pub id: String,
    /// Its name for readers.
    pub title: Text,
    /// One of [`UNITS`].
    pub unit: String,
    /// The pillar it belongs to.
    pub pillar: String,
    /// The kind of period it is meant for.
    pub period: PeriodKind,
    /// The published figure it is held against.
    pub published: Option<String>,
    /// The view whose rows it counts; with the columns of `sales`.
    pub view: String,
    /// By what it can be broken down, each with the column under the alias `s`.
    pub breakdowns: BTreeMap<Dimension, String>,
    /// What is counted and what is not.
    pub note: Text,
    /// The query, with its marks.
    pub sql: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FigureFile {
    title: Text,
    unit: String,
    pillar: String,
    period: PeriodKind,
    #[serde(default)]
    published: Option<String>,
    view: String,
    #[serde(default)]
    breakdowns: BTreeMap<Dimension, String>,
    note: Text,
}

impl FigureDef {
    /// The query for the whole, or for a breakdown. `None` when the figure has no such breakdown.
    pub fn query(&self, by: Option<Dimension>) -> Option<String> {
        let (key, group) = match by {
            None => (String::new(), String::new()),
            Some(dimension) => {
                let column = self.breakdowns.get(&dimension)?;
                (format!("{column} AS key, "), format!(" GROUP BY {column}"))
            }
        };
        Some(
            self.sql
                .replace(BY, &key)
                .replace(GROUP, &group)
                .trim()
                .to_owned(),
        )
    }

    /// Reads a figure from its two files; both names are paths inside the programme folder.
    pub(crate) fn read(toml: Source<'_>, sql: Source<'_>) -> Result<Self, Vec<Finding>> {
        let file: FigureFile = toml.read().map_err(|finding| vec![finding])?;
        let figure = Self {
            id: toml.stem().to_owned(),
            title: file.title,
            unit: file.unit,
            pillar: file.pillar,
            period: file.period,
            published: file.published,
            view: file.view,
            breakdowns: file.breakdowns,
            note: file.note,
            sql: sql.text.trim().to_owned(),
        };
        let mut findings = figure.check_words(toml);
        findings.extend(figure.check_sql(sql));
        if findings.is_empty() {
            Ok(figure)
        } else {
            Err(findings)
        }
    }

    /// Sales have no pillar; journal tables are broken down by theirs, and by nothing that would open to order lines.
    fn can_be_by(&self, dimension: Dimension) -> bool {
        match journal_table(&self.view) {
            Some(table) => dimension == Dimension::Pillar && table.has_column("pillar"),
            None => dimension != Dimension::Pillar,
        }
    }

    fn check_words(&self, toml: Source<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let line = |key| toml.line_of("", key);
        if !is_id(&self.id) {
            findings.push(toml.finding(0, "programme.bad_id", &self.id));
        }
        for (key, text) in [("title", &self.title), ("note", &self.note)] {
            if text.zh.trim().is_empty() || text.en.trim().is_empty() {
                findings.push(toml.finding(line(key), "programme.empty_text", key));
            }
        }
        if !UNITS.contains(&self.unit.as_str()) {
            findings.push(toml.finding(line("unit"), "programme.unknown_unit", &self.unit));
        }
        for (dimension, column) in &self.breakdowns {
            if column != dimension.column() || !self.can_be_by(*dimension) {
                let line = toml
                    .line_of("breakdowns", dimension.as_str())
                    .max(line("breakdowns"));
                findings.push(toml.finding(line, "programme.bad_breakdown", column));
            }
        }
        findings
    }

    fn check_sql(&self, sql: Source<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let bare = without_remarks(&self.sql).to_ascii_lowercase();
        let first = bare.split_whitespace().next().unwrap_or_default();
        if !matches!(first, "select" | "with") || bare.contains(';') {
            findings.push(sql.finding(1, "programme.not_a_query", first));
        }
        let words: Vec<&str> = bare
            .split([' ', '\n', '\t', '\r', ','])
            .filter(|word| !word.is_empty())
            .collect();
        if !words.windows(2).any(|pair| pair == ["as", "value"]) {
            findings.push(sql.finding(1, "programme.no_value_column", sql.stem()));
        }
        let marks = [BY, GROUP].map(|mark| self.sql.matches(mark).count());
        let expected = usize::from(!self.breakdowns.is_empty());
        if marks != [expected, expected] {
            let line = self.sql.find(BY).map_or(1, |offset| sql.line_at(offset));
            findings.push(sql.finding(line, "programme.group_without_by", sql.stem()));
        }
        findings
    }
}

/// A figure's views: the statements of `figures/views.sql`, in order, without remarks and semicolons.
pub fn statements(sql: &str) -> Vec<String> {
    without_line_remarks(sql)
        .split(';')
        .map(str::trim)
        .filter(|statement| !statement.is_empty())
        .map(str::to_owned)
        .collect()
}

/// What a figure may count: the views that statements create, the sales and the journal tables.
pub(crate) fn countable(views_sql: &str) -> Vec<String> {
    let mut views = view_names(&statements(views_sql));
    views.push("sales".to_owned());
    views.extend(JOURNAL_TABLES.iter().map(|table| table.name.to_owned()));
    views
}

fn view_names(statements: &[String]) -> Vec<String> {
    let name = |statement: &String| {
        let words: Vec<&str> = statement.split_whitespace().collect();
        match words.as_slice() {
            [create, view, name, r#as, ..]
                if create.eq_ignore_ascii_case("create")
                    && view.eq_ignore_ascii_case("view")
                    && r#as.eq_ignore_ascii_case("as") =>
            {
                Some((*name).to_owned())
            }
            _ => None,
        }
    };
    statements.iter().filter_map(name).collect()
}

fn without_line_remarks(sql: &str) -> String {
    let kept: Vec<&str> = sql
        .lines()
        .map(|line| line.split("--").next().unwrap_or_default())
        .collect();
    kept.join("\n")
}

fn without_remarks(sql: &str) -> String {
    let text = without_line_remarks(sql);
    let mut parts = text.split("/*");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept.push(' ');
        kept.push_str(part.split_once("*/").map_or("", |(_, behind)| behind));
    }
    kept
}

#[cfg(test)]
mod tests;
