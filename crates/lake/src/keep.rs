//! Keeping the lake: checks over all of it, and its part of a backup.

use std::path::{Path, PathBuf};

use kernel::{Fault, Refusal};

use crate::error::io_refusal;
use crate::keys::Run;
use crate::lake::{Lake, Segment};
use crate::repo;
use crate::segments::{Totals, rollup_of_files, verify_segment};

impl Lake {
    /// Reads every segment and holds it against its manifest, the manifests against their chain, the key runs against
    /// their rows and the sums of the imports against the rows that are there. Gives what is wrong.
    ///
    /// # Errors
    /// What the store gave.
    pub async fn check(&self) -> Result<Vec<Refusal>, Refusal> {
        let segments = self.segments().await?;
        let imports = self.imports().await?;
        let mut findings = chain_findings(&segments);
        let read = segments.clone();
        let damaged = tokio::task::spawn_blocking(move || -> Vec<Refusal> {
            read.iter()
                .filter_map(|segment| {
                    verify_segment(&segment.path, &segment.rollup_path, &segment.manifest).err()
                })
                .collect()
        });
        findings.extend(
            damaged
                .await
                .map_err(|error| Refusal::broken("lake.task_stopped", &error))?,
        );
        for import in &imports {
            let of_import = segments
                .iter()
                .filter(|segment| segment.manifest.import_id == import.id);
            let sum = of_import.fold(Totals::default(), |sum, segment| {
                sum.checked_add(segment.manifest.totals).unwrap_or(sum)
            });
            if (sum.rows, sum.net_fen, sum.gross_fen) != (import.accepted, import.net_fen, import.gross_fen) {
                findings.push(
                    Refusal::new("lake.import_differs", Fault::Broken)
                        .at(&import.file_name)
                        .value(&import.id),
                );
            }
        }
        findings.extend(
            self.key_findings(imports.iter().map(|import| import.accepted).sum())
                .await?,
        );
        findings.extend(self.rollup_findings(&segments).await?);
        findings.extend(self.sealed_findings().await?);
        Ok(findings)
    }

    async fn key_findings(&self, accepted: i64) -> Result<Vec<Refusal>, Refusal> {
        let mut reader = self.store.read().await?;
        let (mut findings, mut held) = (Vec::new(), 0);
        for (file, keys) in repo::key_runs(&mut reader).await? {
            held += keys;
            let path = self.folder.join("keys").join(&file);
            if Run::open(&path).map_or(true, |run| run.keys().cast_signed() != keys) {
                findings.push(Refusal::new("lake.keys_damaged", Fault::Broken).at(path.display()));
            }
        }
        if held != accepted {
            findings.push(
                Refusal::new("lake.keys_differ", Fault::Broken)
                    .value(held)
                    .fact("accepted", accepted),
            );
        }
        Ok(findings)
    }

    async fn rollup_findings(&self, segments: &[Segment]) -> Result<Vec<Refusal>, Refusal> {
        let Some(path) = self.rollup_path().await? else {
            return Ok(Vec::new());
        };
        let cells = |paths: Vec<&Path>| {
            rollup_of_files(paths)
                .and_then(|sum| sum.to_record_batch())
                .map_err(|error| io_refusal(&error, &path))
        };
        let parts = cells(
            segments
                .iter()
                .map(|segment| segment.rollup_path.as_path())
                .collect(),
        )?;
        let sum = cells(vec![&path])?;
        let differs = parts != sum;
        Ok(differs
            .then(|| Refusal::new("lake.rollup_differs", Fault::Broken).at(path.display()))
            .into_iter()
            .collect())
    }

    /// Copies database, documents and lake into a folder that is new or empty. No import runs meanwhile.
    ///
    /// # Errors
    /// What the store's backup refuses, `lake.import_running`, and what the file system gave.
    pub async fn backup(&self, folder: &Path) -> Result<store::Backup, Refusal> {
        let lock = self.lock()?;
        let backup = self.store.backup(folder).await?;
        let mut reader = self.store.read().await?;
        let runs = repo::key_runs(&mut reader).await?;
        drop(reader);
        let segments = self.segments().await?;
        let keys = self.folder.join("keys");
        let sealed = self.seals().await?.into_values().flatten().map(|one| one.path);
        let files = segments
            .iter()
            .flat_map(|segment| [segment.path.clone(), segment.rollup_path.clone()])
            .chain(sealed);
        for from in files.chain(runs.iter().map(|(file, _)| keys.join(file))) {
            copy(&self.folder, &from, &folder.join("lake")).map_err(|error| io_refusal(&error, &from))?;
        }
        drop(lock);
        Ok(backup)
    }
}

fn copy(lake: &Path, from: &Path, to: &Path) -> std::io::Result<()> {
    let to: PathBuf = to.join(from.strip_prefix(lake).unwrap_or(from));
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::copy(from, &to)?;
    std::fs::File::open(&to)?.sync_all()
}

/// Each manifest names the hash of the one before and its own place.
fn chain_findings(segments: &[Segment]) -> Vec<Refusal> {
    let mut previous = String::new();
    let mut findings = Vec::new();
    for (segment, number) in segments.iter().zip(1_i64..) {
        let manifest = &segment.manifest;
        let linked = manifest.previous_sha256 == previous
            && manifest.chain_no == number
            && manifest.sha256_of() == segment.manifest_sha256;
        if !linked {
            findings.push(
                Refusal::new("lake.chain_broken", Fault::Broken)
                    .at(&manifest.sha256)
                    .value(number),
            );
        }
        previous.clone_from(&segment.manifest_sha256);
    }
    findings
}
