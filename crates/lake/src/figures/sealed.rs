//! Evidence as it was: the chain up to one of its segments, so that later imports change nothing that a published
//! report opens to. Its rollup is added up in memory from those of the segments and written nowhere.

use std::path::PathBuf;
use std::sync::Arc;

use kernel::{Period, Refusal};

use super::planner::Rows;
use super::{Evidence, EvidenceFile, FigureEngine, FigureTables};
use crate::segments::rollup_of_files;
use crate::{Lake, SealedTable};

impl FigureEngine {
    /// An engine over the rollups of the segments up to `last_chain_no`, the last one a report names, and over the sealed
    /// tables that it names.
    ///
    /// # Errors
    /// As [`Self::over_rollups`].
    pub async fn over_rollups_up_to(
        lake: &Lake,
        tables: &Arc<FigureTables>,
        period: Period,
        last_chain_no: i64,
        sealed: Vec<SealedTable>,
    ) -> Result<Self, Refusal> {
        let segments = lake.segments().await?.into_iter();
        let files: Vec<EvidenceFile> = segments
            .filter(|segment| segment.manifest.chain_no <= last_chain_no)
            .map(EvidenceFile::from)
            .collect();
        let rollups: Vec<PathBuf> = files.iter().map(|file| file.rollup.clone()).collect();
        let summed =
            super::blocking(move || rollup_of_files(rollups.iter().map(PathBuf::as_path))?.to_record_batch());
        let rows = Rows::new(vec![summed.await?]);
        let mut seals = lake.seals().await?;
        seals.insert(period, sealed);
        let evidence = Evidence {
            files,
            rollup: None,
            seals,
        };
        Self::open(evidence, rows, tables, period, Some(lake)).await
    }
}
