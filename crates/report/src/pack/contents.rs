//! The small files of a pack that are made from the report: chain, SQL, values, the one-page how-to.

use kernel::{Fault, Period, Refusal};
use lake::figures::{Over, sales_view_sql};
use programme::journal::{ColumnKind, JOURNAL_TABLES};
use serde::{Deserialize, Serialize};

use super::build::{PackSegment, TABLES, sealed_path};
use crate::model::{Figure, HalfYearReport, Published, TableEvidence};

/// The manifests of the segments in the order of the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Chain {
    /// Hash of the last manifest; empty for a pack without segments.
    pub head: String,
    /// One for each segment.
    pub segments: Vec<ChainLink>,
}

/// One manifest of the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChainLink {
    /// SHA-256 of the text below.
    pub manifest_sha256: String,
    /// The manifest as it was hashed.
    pub manifest: String,
}

/// The values in the report, small groups hidden.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PackedFigures {
    /// Version of this shape.
    pub schema: u32,
    /// Every defined figure.
    pub figures: Vec<Figure>,
    /// Published figures that have no definition yet.
    pub not_yet_defined: Vec<Published>,
    /// The sealed journal tables.
    #[serde(default)]
    pub tables: Vec<TableEvidence>,
}

pub(super) fn chain(segments: &[PackSegment]) -> Result<Vec<u8>, Refusal> {
    let links = segments.iter().map(|segment| ChainLink {
        manifest_sha256: segment.manifest_sha256.clone(),
        manifest: segment.manifest_json.clone(),
    });
    let head = segments
        .last()
        .map(|segment| segment.manifest_sha256.clone())
        .unwrap_or_default();
    json(&Chain {
        head,
        segments: links.collect(),
    })
}

pub(super) fn figures(report: &HalfYearReport) -> Result<Vec<u8>, Refusal> {
    json(&PackedFigures {
        schema: report.schema,
        figures: report.figures.clone(),
        not_yet_defined: report.not_yet_defined.clone(),
        tables: report.evidence.tables.clone(),
    })
}

/// The `sales` table of the period over the lines, in the common ground of DuckDB, DataFusion and Spark.
pub(super) fn sales_sql(report: &HalfYearReport) -> Result<String, Refusal> {
    let period: Period = report.period.id.parse()?;
    let view = sales_view_sql(Over::Lines, period);
    Ok(format!(
        "-- The sales of the period, one row an order line. Money in fen (hundredths of the currency).\n{view};\n"
    ))
}

/// The journal tables as views over their sealed files; one that was not sealed is empty.
pub(super) fn journal_sql(sealed: &[TableEvidence]) -> String {
    let mut sql = String::from("-- The journal tables of the period, as they were sealed.\n");
    sql.extend(JOURNAL_TABLES.iter().map(|table| {
        let of_it = sealed.iter().find(|one| one.name == table.name);
        let rows = of_it.map_or_else(
            || {
                let columns: Vec<String> = table.columns.iter().map(empty_column).collect();
                format!("SELECT {} WHERE 1 = 0", columns.join(", "))
            },
            |one| format!("SELECT * FROM read_parquet('{}')", sealed_path(&one.sha256)),
        );
        format!("CREATE VIEW {} AS {rows};\n", table.name)
    }));
    sql
}

fn empty_column((name, kind): &(&str, ColumnKind)) -> String {
    let kind = match kind {
        ColumnKind::Int => "BIGINT",
        ColumnKind::Text => "VARCHAR",
    };
    format!("CAST(NULL AS {kind}) AS {name}")
}

/// Everything in one script for the DuckDB program, run inside the pack's folder.
pub(super) fn recompute_sql(report: &HalfYearReport) -> Result<String, Refusal> {
    let mut sql = String::from("-- duckdb < recompute.sql : id, value, published, equal for every figure\n");
    sql.extend(TABLES.map(|table| {
        format!("CREATE VIEW {table} AS SELECT * FROM read_parquet('tables/{table}.parquet');\n")
    }));
    sql.push_str("CREATE VIEW lines AS SELECT * FROM read_parquet('segments/*.parquet');\n");
    sql.push_str(&sales_sql(report)?);
    sql.push_str(&journal_sql(&report.evidence.tables));
    sql.push_str(report.views_sql.trim_end());
    sql.push_str("\n\n");
    let rows: Vec<String> = report.figures.iter().map(recompute_row).collect();
    sql.push_str(&rows.join("\nUNION ALL\n"));
    sql.push_str(if rows.is_empty() { "" } else { "\nORDER BY id;\n" });
    Ok(sql)
}

fn recompute_row(figure: &Figure) -> String {
    let id = figure.id.replace('\'', "''");
    let published = figure
        .value
        .map_or_else(|| "CAST(NULL AS BIGINT)".to_owned(), |value| value.to_string());
    let query = figure.sql.trim().trim_end_matches(';');
    format!(
        "SELECT '{id}' AS id, q.value, {published} AS published, q.value IS NOT DISTINCT FROM {published} AS equal\nFROM (\n{query}\n) q"
    )
}

pub(super) fn howto(report: &HalfYearReport, folder: &str, signer: &str) -> String {
    let (zh, en) = report
        .simulated
        .as_ref()
        .map_or(("", ""), |notice| (notice.zh.as_str(), notice.en.as_str()));
    include_str!("../../templates/howto.md")
        .replace("{notice_zh}", zh)
        .replace("{notice_en}", en)
        .replace("{folder}", folder)
        .replace("{signer}", signer)
        .replace("{min}", &report.min_lines.to_string())
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, Refusal> {
    let mut bytes = serde_json::to_vec_pretty(value)
        .map_err(|error| Refusal::new("report.page_failed", Fault::Broken).fact("error", error))?;
    bytes.push(b'\n');
    Ok(bytes)
}
