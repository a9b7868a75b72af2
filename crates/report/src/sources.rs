//! What a report and its pack are made from, held together: the command line, the web and a period's draft make them
//! the same way.
//!
//! Imports go on while a report is made. A report whose evidence grew meanwhile is made again, and a pack holds the
//! segments its report names and no later ones, so that figures, list of evidence and pack always fit together.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use kernel::{Fault, Period, Refusal};
use lake::Lake;
use lake::figures::{FigureEngine, FigureTables};
use people::places::Places;
use programme::Programme;

use crate::build::{BuildInput, build};
use crate::model::HalfYearReport;
use crate::pack::{self, PackInput, PackSegment, PackSummary};
use crate::signing::ReportKey;

/// How often a report is begun before imports are said to be in its way.
const TRIES: u32 = 3;

/// The evidence, what reads it, and who signs.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// The evidence.
    pub lake: &'a Lake,
    /// The programme it is reported for.
    pub programme: &'a Programme,
    /// The folder the programme was read from; its files go into the pack.
    pub programme_dir: &'a Path,
    /// The book of places.
    pub places: &'a Places,
    /// What the programme's figures may name.
    pub tables: &'a Arc<FigureTables>,
    /// The key that signs.
    pub key: &'a ReportKey,
}

impl Sources<'_> {
    /// Makes the report of a period.
    ///
    /// # Errors
    /// What the store and the engine give; `report.evidence_moving` where imports ended during each try.
    pub async fn report(&self, period: Period, made_at: Timestamp) -> Result<HalfYearReport, Refusal> {
        for _ in 0..TRIES {
            let before = self.chain_head().await?;
            let made = self.report_once(period, made_at).await;
            if self.chain_head().await? == before {
                return made;
            }
        }
        Err(Refusal::new("report.evidence_moving", Fault::Refused).value(period))
    }

    async fn report_once(&self, period: Period, made_at: Timestamp) -> Result<HalfYearReport, Refusal> {
        let engine = FigureEngine::over_rollups(self.lake, self.tables, period).await?;
        let input = BuildInput {
            lake: self.lake,
            engine: &engine,
            programme: self.programme,
            places: self.places,
            made_at,
            key: self.key,
        };
        build(input).await
    }

    async fn chain_head(&self) -> Result<Option<String>, Refusal> {
        let segments = self.lake.segments().await?;
        Ok(segments.into_iter().next_back().map(|last| last.manifest_sha256))
    }

    /// Writes the pack of a report to a file.
    ///
    /// # Errors
    /// What the store gives; `pack.unwritable` (broken).
    pub async fn pack(&self, report: &HalfYearReport, out: &Path) -> Result<PackSummary, Refusal> {
        let last = report.evidence.segments.last();
        let last = last.map_or(0, |segment| segment.chain_no);
        let segments: Vec<PackSegment> = self
            .lake
            .segments()
            .await?
            .into_iter()
            .filter(|segment| segment.manifest.chain_no <= last)
            .map(PackSegment::from)
            .collect();
        let input = PackInput {
            report,
            segments: &segments,
            sealed: &self.lake.sealed_folder(),
            tables: self.tables,
            programme_dir: self.programme_dir,
        };
        tokio::task::block_in_place(|| pack::build(out, input, self.key))
    }
}
