//! Evidence as it was: the chain up to one of its segments, so that later imports change nothing that a published
//! report opens to. Its rollup is added up in memory from those of the segments and written nowhere.

use std::sync::Arc;

use kernel::{Period, Refusal};
use people::places::Places;
use programme::Programme;

use super::session::{Source, in_memory};
use super::{Evidence, EvidenceFile, FigureEngine, FigureTables};
use crate::error::io_refusal;
use crate::segments::{rollup_of_files, rollup_schema};
use crate::{Lake, Segment};

impl From<Segment> for EvidenceFile {
    fn from(segment: Segment) -> Self {
        Self {
            segment_sha256: segment.manifest.sha256,
            file_name: segment.manifest.file_name,
            file_sha256: segment.manifest.file_sha256,
            lines: segment.path,
            rollup: segment.rollup_path,
        }
    }
}

impl FigureEngine {
    /// An engine over the rollups of the segments up to `last_chain_no`, the last one a report names.
    ///
    /// # Errors
    /// As [`Self::over_rollups`].
    pub async fn over_rollups_up_to(
        lake: &Lake,
        programme: &Programme,
        places: &Places,
        period: Period,
        last_chain_no: i64,
    ) -> Result<Self, Refusal> {
        let tables = FigureTables::of(programme, places, lake.product_titles().await?)?;
        let segments = lake.segments().await?.into_iter();
        let files: Vec<EvidenceFile> = segments
            .filter(|segment| segment.manifest.chain_no <= last_chain_no)
            .map(EvidenceFile::from)
            .collect();
        let rollups: Vec<_> = files.iter().map(|file| file.rollup.clone()).collect();
        let summed = tokio::task::spawn_blocking(move || {
            rollup_of_files(rollups.iter().map(std::path::PathBuf::as_path))?.to_record_batch()
        });
        let batch = summed
            .await
            .map_err(|error| Refusal::broken("lake.task_stopped", &error))?
            .map_err(|error| io_refusal(&error, &lake.folder))?;
        let source = Source::Rollup(Arc::new(in_memory(rollup_schema(), vec![batch])?));
        let evidence = Evidence { files, rollup: None };
        Self::open(evidence, source, Arc::new(tables), period).await
    }
}
