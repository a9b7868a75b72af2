//! The files that figures stand on.

use std::path::PathBuf;

use kernel::{Period, Refusal};

use crate::{Lake, SealedTable, Seals, Segment};

/// One segment as the figures see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceFile {
    /// SHA-256 of the segment.
    pub segment_sha256: String,
    /// Name of the order file it came from.
    pub file_name: String,
    /// SHA-256 of that file.
    pub file_sha256: String,
    /// The segment: Parquet, one row a line.
    pub lines: PathBuf,
    /// Its rollup.
    pub rollup: PathBuf,
}

/// The evidence figures stand on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The segments, in the order of the chain.
    pub files: Vec<EvidenceFile>,
    /// The sum of all rollups; none while there is no segment.
    pub rollup: Option<PathBuf>,
    /// The journal tables as they were sealed; a period without seals has empty ones.
    pub seals: Seals,
}

impl Evidence {
    /// What the lake holds now.
    ///
    /// # Errors
    /// What the store or the file system gave.
    pub async fn of(lake: &Lake) -> Result<Self, Refusal> {
        let rollup = lake.rollup_path().await?;
        let segments = lake.segments().await?;
        Ok(Self {
            files: segments.into_iter().map(EvidenceFile::from).collect(),
            rollup,
            seals: lake.seals().await?,
        })
    }

    /// The sealed tables of a period.
    #[must_use]
    pub fn sealed(&self, period: Period) -> &[SealedTable] {
        self.seals.get(&period).map_or(&[], Vec::as_slice)
    }
}

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
