//! The report as a signed folder: pages, sheets, JSON, the list of files and its signature.
//!
//! The same report and key give the same bytes. A folder is written beside its place and then moved there, so a
//! reader never sees half of one.

use std::path::{Path, PathBuf};

use kernel::{Fault, Lang, Refusal};

use crate::manifest::{FileEntry, MANIFEST, Manifest, SIGNATURE, SIGNER, Seal, sha256_hex};
use crate::model::HalfYearReport;
use crate::signing::ReportKey;
use crate::{html, xlsx};

/// A file of the folder before it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputFile {
    /// Path with `/`, inside the folder.
    pub path: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Pages, sheets and JSON of the report. Whoever makes other faces (PDF) adds them before [`write_signed`].
///
/// # Errors
/// `report.page_failed`, `report.sheet_failed` (broken).
pub fn render_files(report: &HalfYearReport) -> Result<Vec<OutputFile>, Refusal> {
    let mut files: Vec<OutputFile> = html::pages(report)?
        .into_iter()
        .map(|(path, html)| OutputFile {
            path,
            bytes: html.into_bytes(),
        })
        .collect();
    files.push(OutputFile {
        path: "report.json".into(),
        bytes: json(report)?,
    });
    for lang in Lang::ALL {
        files.push(OutputFile {
            path: format!("report.{}.xlsx", lang.tag()),
            bytes: xlsx::workbook(report, lang)?,
        });
    }
    Ok(files)
}

/// The report as JSON: keys in the order of the model, money in whole fen, a line feed at the end.
///
/// # Errors
/// `report.page_failed` (broken).
pub fn json(report: &HalfYearReport) -> Result<Vec<u8>, Refusal> {
    let mut bytes = serde_json::to_vec_pretty(report).map_err(|error| {
        Refusal::new("report.page_failed", Fault::Broken)
            .at("report.json")
            .fact("error", error)
    })?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The list of the files and its signature.
///
/// # Errors
/// `report.page_failed` (broken).
pub fn sealed(
    report: &HalfYearReport,
    files: &[OutputFile],
    key: &ReportKey,
) -> Result<(Manifest, Seal), Refusal> {
    let mut manifest = Manifest {
        schema: 1,
        kind: "report".into(),
        programme: report.programme.id.clone(),
        period: report.period.id.clone(),
        made_at: report.made_at.clone(),
        simulated: report.simulated.is_some(),
        signer: String::new(),
        files: files.iter().map(entry).collect(),
    };
    let seal = manifest.seal(key)?;
    Ok((manifest, seal))
}

/// Writes the files with their list and signature as the folder `dir`. A former report there is replaced; any
/// other folder that is not empty is left alone.
///
/// # Errors
/// `report.out_not_empty` (refused), `report.out_unwritable` (broken).
pub fn write_signed(
    dir: &Path,
    report: &HalfYearReport,
    files: &[OutputFile],
    key: &ReportKey,
) -> Result<Manifest, Refusal> {
    require_free(dir)?;
    let (manifest, seal) = sealed(report, files, key)?;
    let parent = dir
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .map_or_else(|| PathBuf::from("."), Path::to_path_buf);
    let write = || -> std::io::Result<()> {
        std::fs::create_dir_all(&parent)?;
        let fresh = tempfile::Builder::new().prefix(".report-").tempdir_in(&parent)?;
        let root = fresh.path().join("new");
        for file in files {
            write_file(&root.join(&file.path), &file.bytes)?;
        }
        for (name, bytes) in [
            (MANIFEST, &seal.manifest),
            (SIGNATURE, &seal.signature),
            (SIGNER, &seal.signer),
        ] {
            write_file(&root.join(name), bytes)?;
        }
        if dir.exists() {
            std::fs::rename(dir, fresh.path().join("old"))?;
        }
        std::fs::rename(&root, dir)
    };
    write().map_err(|error| {
        Refusal::new("report.out_unwritable", Fault::Broken)
            .at(dir.display())
            .fact("error", error)
    })?;
    Ok(manifest)
}

fn entry(file: &OutputFile) -> FileEntry {
    let size = u64::try_from(file.bytes.len()).unwrap_or(u64::MAX);
    FileEntry {
        path: file.path.clone(),
        sha256: sha256_hex(&file.bytes),
        size,
    }
}

fn write_file(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    std::fs::write(path, bytes)
}

/// An empty folder, none, or a former report.
fn require_free(dir: &Path) -> Result<(), Refusal> {
    let occupied = match std::fs::read_dir(dir) {
        Ok(mut entries) => entries.next().is_some() && !is_report(dir),
        Err(_) => dir.exists(),
    };
    if occupied {
        Err(Refusal::new("report.out_not_empty", Fault::Refused).at(dir.display()))
    } else {
        Ok(())
    }
}

fn is_report(dir: &Path) -> bool {
    let manifest = std::fs::read(dir.join(MANIFEST))
        .ok()
        .and_then(|bytes| Manifest::from_bytes(&bytes).ok());
    manifest.is_some_and(|manifest| manifest.kind == "report")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::sample;

    #[test]
    fn the_same_report_is_the_same_bytes() {
        assert_eq!(render_files(&sample()).unwrap(), render_files(&sample()).unwrap());
    }

    #[test]
    fn a_written_folder_opens_and_every_file_has_its_hash() {
        let place = tempfile::tempdir().unwrap();
        let dir = place.path().join("out");
        let report = sample();
        let files = render_files(&report).unwrap();
        let key = ReportKey::from_seed([3; 32]);
        write_signed(&dir, &report, &files, &key).unwrap();
        write_signed(&dir, &report, &files, &key).unwrap();
        let read = |name: &str| std::fs::read(dir.join(name)).unwrap();
        let manifest = Seal {
            manifest: read(MANIFEST),
            signature: read(SIGNATURE),
            signer: read(SIGNER),
        }
        .open()
        .unwrap();
        assert_eq!(manifest.files.len(), files.len());
        for file in manifest.files {
            assert_eq!(sha256_hex(&read(&file.path)), file.sha256);
        }
        assert_eq!(
            std::fs::read_dir(place.path()).unwrap().count(),
            1,
            "nothing is left beside the folder"
        );
    }

    #[test]
    fn a_folder_with_other_things_is_left_alone() {
        let place = tempfile::tempdir().unwrap();
        std::fs::write(place.path().join("letter.txt"), "dear").unwrap();
        let refusal = write_signed(place.path(), &sample(), &[], &ReportKey::from_seed([3; 32])).unwrap_err();
        assert_eq!(refusal.code, "report.out_not_empty");
        assert!(place.path().join("letter.txt").exists());
    }

    #[test]
    fn json_reads_back_to_the_same_report() {
        let report = sample();
        let read: HalfYearReport = serde_json::from_slice(&json(&report).unwrap()).unwrap();
        assert_eq!(read, report);
    }

    #[test]
    fn every_page_is_small() {
        use std::io::Write as _;
        for file in render_files(&sample()).unwrap().into_iter().filter(|file| {
            Path::new(&file.path)
                .extension()
                .is_some_and(|ending| ending == "html")
        }) {
            let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            gzip.write_all(&file.bytes).unwrap();
            let size = gzip.finish().unwrap().len();
            assert!(size < 60_000, "{} has {size} bytes", file.path);
        }
    }
}
