//! What the pages show: the programme, the places, the published reports and the evidence behind them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use kernel::{IdSource, Lang, Refusal};
use lake::Lake;
use lake::uploads::Uploads;
use people::places::Places;
use people::staff::Staff;
use programme::Programme;
use report::HalfYearReport;
use report::manifest::{MANIFEST, SIGNATURE, SIGNER, sha256_hex};
use report::periods::{self, Version};
use store::Store;

use crate::evidence::Evidence;

/// One file of a report that can be taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DownloadFile {
    /// Its name in the address and on the reader's disk.
    pub name: String,
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
    pub version: i64,
    /// When it was published, RFC 3339, UTC.
    pub published_at: String,
    /// What can be taken away.
    pub files: Vec<DownloadFile>,
}

/// What staff work with: who they are, and the order files they send.
pub struct Office {
    /// Where they show who they are.
    pub staff: Staff,
    /// What was imported.
    pub lake: Lake,
    /// What was sent, on its way into the lake.
    pub uploads: Uploads,
}

/// Everything the pages are made from.
pub struct Site {
    /// Journal, jobs, documents.
    pub store: Store,
    /// A folder for copies of documents that lie in a bucket.
    pub cache: PathBuf,
    /// The programme.
    pub programme: Programme,
    /// The country.
    pub places: &'static Places,
    /// Published reports, the latest first.
    pub published: Vec<Published>,
    /// The order lines behind the latest report, where this server has them.
    pub evidence: Option<Evidence>,
    /// What staff work with.
    pub office: Office,
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
    /// A published version, from the documents it is made of.
    ///
    /// # Errors
    /// What the store gives for a document that is missing or damaged.
    pub async fn of_version(cache: &Path, store: &Store, version: &Version) -> Result<Self, Refusal> {
        let kept = &version.kept;
        let report = periods::load_report(store, &kept.report_sha256).await?;
        let manifest = periods::files(store, kept).await?;
        let documents = store.documents();
        let file = async |name: &str, sha256: &str| {
            let path = documents.on_disk(sha256, cache).await?;
            let bytes = std::fs::metadata(path).map_or(0, |about| about.len());
            Ok::<_, Refusal>(DownloadFile {
                name: name.to_owned(),
                bytes,
                sha256: sha256.to_owned(),
            })
        };
        let mut files = vec![file("evidence.tar", &kept.pack_sha256).await?];
        for listed in &manifest.files {
            if !listed.path.contains('/') && TAKEN.contains(&ending(&listed.path)) {
                files.push(file(&listed.path, &listed.sha256).await?);
            }
        }
        files.push(file(MANIFEST, &kept.manifest_sha256).await?);
        files.push(file(SIGNATURE, &kept.signature_sha256).await?);
        let signer = sha256_hex(format!("{}\n", kept.signer).as_bytes());
        files.push(file(SIGNER, &signer).await?);
        Ok(Self {
            report,
            version: version.number,
            published_at: version.published_at.to_string(),
            files,
        })
    }
}

/// What stands behind the last dot of a file's name.
pub(crate) fn ending(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, ending)| ending)
}
