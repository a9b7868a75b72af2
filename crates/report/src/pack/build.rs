//! Writes a pack from a report and the files it stands on.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use kernel::{Fault, Refusal};
use lake::figures::FigureTables;
use serde::Serialize;

use super::container::{self, Source};
use super::{contents, tables};
use crate::manifest::{FileEntry, Manifest, is_plain_path};
use crate::model::HalfYearReport;
use crate::signing::ReportKey;

/// The tables beside the sales that definitions may use.
pub(super) const TABLES: [&str; 4] = ["places", "poverty_counties", "products", "channels"];

/// One segment with its manifest, as the lake keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackSegment {
    /// SHA-256 of the Parquet file, hex: its name in the pack.
    pub sha256: String,
    /// The Parquet file.
    pub path: PathBuf,
    /// Its sums.
    pub rollup_path: PathBuf,
    /// The manifest as it was hashed.
    pub manifest_json: String,
    /// SHA-256 of that.
    pub manifest_sha256: String,
}

impl From<lake::Segment> for PackSegment {
    fn from(segment: lake::Segment) -> Self {
        Self {
            sha256: segment.manifest.sha256,
            path: segment.path,
            rollup_path: segment.rollup_path,
            manifest_json: segment.manifest_json,
            manifest_sha256: segment.manifest_sha256,
        }
    }
}

/// What a pack is made of.
#[derive(Clone, Copy)]
pub struct PackInput<'a> {
    /// The report; its figures, already without small groups, are the values of the pack.
    pub report: &'a HalfYearReport,
    /// All segments in the order of the chain.
    pub segments: &'a [PackSegment],
    /// The folder of the sealed journal tables, each as `SHA-256.parquet`.
    pub sealed: &'a Path,
    /// The small tables the definitions may use.
    pub tables: &'a FigureTables,
    /// The programme folder: its files go into the pack as they stand.
    pub programme_dir: &'a Path,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PackSummary {
    /// The pack.
    pub path: PathBuf,
    /// Files in it, without list and signature.
    pub files: u64,
    /// Bytes of these files.
    pub bytes: u64,
    /// Segments among them.
    pub segments: u64,
    /// Public key of the signer, hex.
    pub signer: String,
}

/// Writes the pack `out`; the same input and key give the same bytes.
///
/// # Errors
/// `pack.unwritable` (broken) when a file cannot be read or written.
pub fn build(out: &Path, input: PackInput<'_>, key: &ReportKey) -> Result<PackSummary, Refusal> {
    let report = input.report;
    let folder = folder_name(report);
    let mut files = Vec::new();
    for (path, source) in sources(input, &folder, &key.public_hex())? {
        let entry =
            container::measure(&path, &source).map_err(|error| unwritable(Path::new(&path), &error))?;
        files.push((entry, source));
    }
    files.sort_by(|(a, _), (b, _)| a.path.cmp(&b.path));
    let mut manifest = Manifest {
        schema: 1,
        kind: "pack".into(),
        programme: report.programme.id.clone(),
        period: report.period.id.clone(),
        made_at: report.made_at.clone(),
        simulated: report.simulated.is_some(),
        signer: String::new(),
        files: files.iter().map(|(entry, _)| entry.clone()).collect(),
    };
    let seal = manifest.seal(key)?;
    container::write(out, &folder, &seal, &files).map_err(|error| unwritable(out, &error))?;
    let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    Ok(PackSummary {
        path: out.to_path_buf(),
        files: count(files.len()),
        bytes: files
            .iter()
            .map(|(entry, _): &(FileEntry, Source)| entry.size)
            .sum(),
        segments: count(input.segments.len()),
        signer: manifest.signer,
    })
}

/// The folder inside the pack, e.g. `fishpond-2018H1`.
#[must_use]
pub fn folder_name(report: &HalfYearReport) -> String {
    format!("fishpond-{}", report.period.id)
}

fn sources(input: PackInput<'_>, folder: &str, signer: &str) -> Result<Vec<(String, Source)>, Refusal> {
    let report = input.report;
    let text = |text: String| Source::Bytes(text.into_bytes());
    let mut sources = vec![
        (
            "HOWTO.md".to_owned(),
            text(contents::howto(report, folder, signer)),
        ),
        (
            "chain.json".to_owned(),
            Source::Bytes(contents::chain(input.segments)?),
        ),
        (
            "figures.json".to_owned(),
            Source::Bytes(contents::figures(report)?),
        ),
        ("sales.sql".to_owned(), text(contents::sales_sql(report)?)),
        (
            "journal.sql".to_owned(),
            text(contents::journal_sql(&report.evidence.tables)),
        ),
        ("views.sql".to_owned(), text(report.views_sql.clone())),
        ("recompute.sql".to_owned(), text(contents::recompute_sql(report)?)),
        (
            "recompute.py".to_owned(),
            text(include_str!("../../templates/recompute.py").to_owned()),
        ),
    ];
    for figure in &report.figures {
        let path = format!("figures/{}.sql", figure.id);
        if !is_plain_path(&path) {
            return Err(Refusal::new("pack.unwritable", Fault::Refused).at(path));
        }
        sources.push((path, text(format!("{}\n", figure.sql.trim()))));
    }
    sources.extend(input_files(input)?);
    Ok(sources)
}

/// What the figures were computed from: tables, the programme, sealed tables, segments with their rollups.
fn input_files(input: PackInput<'_>) -> Result<Vec<(String, Source)>, Refusal> {
    let mut sources = Vec::new();
    for (name, batch) in input.tables.batches() {
        sources.push((
            format!("tables/{name}.parquet"),
            Source::Bytes(tables::to_parquet(batch)?),
        ));
    }
    for path in
        programme_files(input.programme_dir).map_err(|error| unwritable(input.programme_dir, &error))?
    {
        let source = Source::File(input.programme_dir.join(&path));
        sources.push((format!("programme/{path}"), source));
    }
    // Two tables with the same rows are one file.
    let hashes: BTreeSet<&str> = input
        .report
        .evidence
        .tables
        .iter()
        .map(|table| table.sha256.as_str())
        .collect();
    for sha256 in hashes {
        let file = input.sealed.join(format!("{sha256}.parquet"));
        sources.push((sealed_path(sha256), Source::File(file)));
    }
    for segment in input.segments {
        sources.push((segment_path(&segment.sha256), Source::File(segment.path.clone())));
        sources.push((
            rollup_path(&segment.sha256),
            Source::File(segment.rollup_path.clone()),
        ));
    }
    Ok(sources)
}

/// The files a programme is read from, by their paths in its folder, in order.
fn programme_files(dir: &Path) -> std::io::Result<Vec<String>> {
    let mut paths = Vec::new();
    for part in ["", "channels", "figures"] {
        for entry in std::fs::read_dir(dir.join(part))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let known = Path::new(&name)
                .extension()
                .is_some_and(|ending| ["toml", "csv", "sql"].iter().any(|known| ending == *known));
            if known && entry.file_type()?.is_file() {
                paths.push(if part.is_empty() {
                    name
                } else {
                    format!("{part}/{name}")
                });
            }
        }
    }
    paths.sort();
    Ok(paths)
}

/// Path of a sealed journal table in the pack.
pub(super) fn sealed_path(sha256: &str) -> String {
    format!("evidence/{sha256}.parquet")
}

/// Path of a segment in the pack.
pub(super) fn segment_path(sha256: &str) -> String {
    format!("segments/{sha256}.parquet")
}

/// Path of a segment's sums in the pack.
pub(super) fn rollup_path(sha256: &str) -> String {
    format!("rollups/{sha256}.parquet")
}

fn unwritable(path: &Path, error: &std::io::Error) -> Refusal {
    Refusal::broken("pack.unwritable", error).at(path.display())
}
