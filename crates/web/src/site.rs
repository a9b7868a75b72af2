//! What the pages show: the programme, the places, the published reports and the evidence behind them.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kernel::{Fault, IdSource, Lang, Refusal};
use people::places::Places;
use programme::Programme;
use report::HalfYearReport;
use report::manifest::{MANIFEST, Manifest, SIGNATURE, SIGNER};
use sha2::{Digest, Sha256};

use crate::evidence::Evidence;

/// One file of a report that can be taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DownloadFile {
    /// Its name in the address and on the reader's disk.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, hex.
    pub sha256: String,
}

/// A report as it was published.
#[derive(Clone, Debug)]
pub struct Published {
    /// The report.
    pub report: HalfYearReport,
    /// Which version of the report of its period, from 1.
    pub version: u32,
    /// When it was published, RFC 3339, UTC.
    pub published_at: String,
    /// What can be taken away.
    pub files: Vec<DownloadFile>,
}

/// Everything the pages are made from.
pub struct Site {
    /// The programme.
    pub programme: Programme,
    /// The country.
    pub places: &'static Places,
    /// Published reports, the latest first.
    pub published: Vec<Published>,
    /// The order lines behind the latest report, where this server has them.
    pub evidence: Option<Evidence>,
    /// Where reference numbers come from.
    pub ids: Arc<dyn IdSource>,
}

impl Site {
    /// The latest report.
    #[must_use]
    pub fn latest(&self) -> Option<&Published> {
        self.published.first()
    }

    /// The latest version of the report of a period.
    #[must_use]
    pub fn of_period(&self, period: &str) -> Option<&Published> {
        self.published
            .iter()
            .find(|published| published.report.period.id == period)
    }

    /// The notice of simulated evidence, where it is.
    #[must_use]
    pub fn simulated(&self, lang: Lang) -> Option<&str> {
        let head = &self.programme.head;
        let of_report = self.latest().and_then(|latest| latest.report.simulated.as_ref());
        of_report
            .or_else(|| head.simulated.then_some(&head.note))
            .map(|note| note.get(lang))
    }
}

/// Files of a report's folder that are taken away one by one; its own pages are served as pages.
const TAKEN: [&str; 4] = ["json", "xlsx", "pdf", "tar"];

impl Published {
    /// A report from the folder it was written to, with its evidence pack where there is one.
    ///
    /// # Errors
    /// `web.no_published_report` where the folder holds no whole report.
    pub fn from_folder(folder: &Path, version: u32, pack: Option<&Path>) -> Result<Self, Refusal> {
        let read = |name: &str| std::fs::read(folder.join(name)).map_err(|error| unusable(folder, &error));
        let report: HalfYearReport =
            serde_json::from_slice(&read("report.json")?).map_err(|error| unusable(folder, &error))?;
        let manifest =
            Manifest::from_bytes(&read(MANIFEST)?).map_err(|fault| unusable(folder, &fault.code))?;
        let mut files: Vec<DownloadFile> = manifest
            .files
            .iter()
            .filter(|file| !file.path.contains('/') && TAKEN.contains(&ending(&file.path)))
            .map(|file| DownloadFile {
                name: file.path.clone(),
                path: folder.join(&file.path),
                bytes: file.size,
                sha256: file.sha256.clone(),
            })
            .collect();
        for name in [MANIFEST, SIGNATURE, SIGNER] {
            files.push(DownloadFile::of(name, &folder.join(name))?);
        }
        if let Some(pack) = pack {
            files.insert(0, DownloadFile::of("evidence.tar", pack)?);
        }
        Ok(Self {
            published_at: report.made_at.clone(),
            report,
            version,
            files,
        })
    }
}

impl DownloadFile {
    /// A file as it lies, with its size and hash.
    ///
    /// # Errors
    /// `web.no_published_report` where it cannot be read.
    pub fn of(name: &str, path: &Path) -> Result<Self, Refusal> {
        let mut file = File::open(path).map_err(|error| unusable(path, &error))?;
        let (mut hasher, mut bytes, mut part) = (Sha256::new(), 0_u64, vec![0; 64 << 10]);
        loop {
            let read = file.read(&mut part).map_err(|error| unusable(path, &error))?;
            if read == 0 {
                break;
            }
            hasher.update(part.get(..read).unwrap_or_default());
            bytes += u64::try_from(read).unwrap_or_default();
        }
        Ok(Self {
            name: name.to_owned(),
            path: path.to_path_buf(),
            bytes,
            sha256: hasher
                .finalize()
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect(),
        })
    }
}

fn ending(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, ending)| ending)
}

fn unusable(path: &Path, cause: &impl std::fmt::Display) -> Refusal {
    Refusal::new("web.no_published_report", Fault::Refused)
        .at(path.display())
        .fact("cause", cause)
}
