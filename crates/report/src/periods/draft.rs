//! Makes a draft: the report, its signed folder and its pack, every file kept as a document before anyone reviews it.
//!
//! This takes as long as the evidence is large, so it is done outside the writer; only the hashes go into
//! [`super::submit_for_review`]. A draft that is never submitted leaves documents behind and nothing else.

use std::path::Path;

use jiff::Timestamp;
use kernel::{Period, Refusal};
use store::Store;

use super::model::Kept;
use crate::folder::{self, OutputFile, render_files, sealed};
use crate::manifest::{Seal, sha256_hex};
use crate::model::HalfYearReport;
use crate::sources::Sources;

/// Steps of [`make_draft`]: figures, pages and sheets, pack, keeping.
pub const DRAFT_STAGES: u64 = 4;

/// Makes further files of the report, such as a PDF.
pub type MoreFiles<'a> = &'a (dyn Fn(&HalfYearReport) -> Result<Vec<OutputFile>, Refusal> + Sync);

/// What a draft is made from.
#[derive(Clone, Copy)]
pub struct DraftInput<'a> {
    /// Where its files are kept.
    pub store: &'a Store,
    /// The evidence, the programme and the key.
    pub sources: Sources<'a>,
    /// The period.
    pub period: Period,
    /// The clock's time.
    pub made_at: Timestamp,
    /// Further files that stand in the signed folder.
    pub more_files: MoreFiles<'a>,
    /// A folder with room for the pack while it is made.
    pub scratch: &'a Path,
}

/// Makes and keeps a draft. `progress` is told the steps done and [`DRAFT_STAGES`]. Needs a runtime of several threads.
///
/// # Errors
/// What [`Sources::report`] and [`Sources::pack`] give, the store, and `pack.unwritable`.
pub async fn make_draft(
    input: DraftInput<'_>,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Kept, Refusal> {
    progress(0, DRAFT_STAGES);
    let report = input.sources.report(input.period, input.made_at).await?;
    progress(1, DRAFT_STAGES);
    let (files, seal) = tokio::task::block_in_place(|| {
        let mut files = render_files(&report)?;
        files.extend((input.more_files)(&report)?);
        let (_, seal) = sealed(&report, &files, input.sources.key)?;
        Ok::<_, Refusal>((files, seal))
    })?;
    progress(2, DRAFT_STAGES);
    let unwritable =
        |error: std::io::Error| Refusal::broken("pack.unwritable", &error).at(input.scratch.display());
    std::fs::create_dir_all(input.scratch).map_err(unwritable)?;
    let folder = tempfile::Builder::new()
        .prefix("draft-")
        .tempdir_in(input.scratch)
        .map_err(unwritable)?;
    let pack = folder.path().join("pack.tar");
    input.sources.pack(&report, &pack).await?;
    progress(3, DRAFT_STAGES);
    let kept = keep(input.store, &report, files, seal, &pack).await?;
    progress(DRAFT_STAGES, DRAFT_STAGES);
    Ok(kept)
}

/// Keeps the files of a signed folder, its seal and its pack as documents.
///
/// # Errors
/// What the store gives.
pub async fn keep(
    store: &Store,
    report: &HalfYearReport,
    files: Vec<OutputFile>,
    seal: Seal,
    pack: &Path,
) -> Result<Kept, Refusal> {
    let documents = store.documents();
    let signer = String::from_utf8_lossy(&seal.signer).trim_end().to_owned();
    let kept = Kept {
        report_sha256: sha256_hex(&folder::json(report)?),
        pack_sha256: documents.put_file(pack).await?,
        manifest_sha256: documents.put(seal.manifest).await?,
        signature_sha256: documents.put(seal.signature).await?,
        signer,
    };
    documents.put(seal.signer).await?;
    for file in files {
        documents.put(file.bytes).await?;
    }
    Ok(kept)
}
