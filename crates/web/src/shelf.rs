//! What is shown to everyone: the published versions, the newest first, and the evidence behind the latest report.
//!
//! The latest report is read when it is published, and with it the evidence; every other version when someone first asks
//! for it, so that a server with many of them starts as quickly as with one. What is published elsewhere, by the command
//! line or by another server on the same database, is noticed within [`LOOK`].

use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use kernel::Refusal;
use lake::figures::FigureEngine;
use report::HalfYearReport;
use report::manifest::{MANIFEST, SIGNATURE, SIGNER, sha256_hex};
use report::periods::{self, Kept, Version};
use store::Store;
use tokio::sync::OnceCell;

use crate::cache::PageCache;
use crate::evidence::Evidence;
use crate::site::Site;

/// So often a server looks whether something was published elsewhere: one count of rows.
pub(crate) const LOOK: Duration = Duration::from_secs(2);

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
    /// Which version of the report of which period, when and why.
    pub version: Version,
    /// The report.
    pub report: HalfYearReport,
    /// What can be taken away.
    pub files: Vec<DownloadFile>,
}

/// A published version, read from its documents when it is first asked for.
#[derive(Debug)]
pub struct Shelved {
    /// What is known without them.
    pub version: Version,
    read: OnceCell<Arc<Published>>,
}

impl Shelved {
    /// Whether its report was read already.
    #[must_use]
    pub fn is_read(&self) -> bool {
        self.read.initialized()
    }
}

/// What is shown to everyone; replaced as a whole when something is published.
#[derive(Default)]
pub struct Shown {
    /// Published versions, the newest of the newest period first.
    pub versions: Vec<Arc<Shelved>>,
    /// The first of them.
    pub latest: Option<Arc<Published>>,
    /// The order lines behind the latest report, where this server has them.
    pub evidence: Option<Arc<Evidence>>,
}

/// What is shown, and the pages kept of it.
#[derive(Default)]
pub struct Shelf {
    shown: RwLock<Arc<Shown>>,
    pub(crate) pages: PageCache,
}

impl Shelf {
    /// A shelf with one report, without its evidence.
    #[must_use]
    pub fn with(published: Published) -> Self {
        let published = Arc::new(published);
        let shown = Shown {
            versions: vec![Arc::new(Shelved {
                version: published.version.clone(),
                read: OnceCell::new_with(Some(Arc::clone(&published))),
            })],
            latest: Some(published),
            evidence: None,
        };
        Self {
            shown: RwLock::new(Arc::new(shown)),
            pages: PageCache::default(),
        }
    }

    /// What is shown now.
    #[must_use]
    pub fn now(&self) -> Arc<Shown> {
        Arc::clone(&self.shown.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Shows something else from now on; pages kept of the old are forgotten.
    fn show(&self, shown: Shown) {
        *self.shown.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(shown);
        self.pages.forget();
    }
}

impl Site {
    /// The latest report.
    #[must_use]
    pub fn latest(&self) -> Option<Arc<Published>> {
        self.shown.now().latest.as_ref().map(Arc::clone)
    }

    /// The latest version of the report of a period.
    ///
    /// # Errors
    /// What the store gives for a document that is missing or damaged.
    pub async fn of_period(&self, period: &str) -> Result<Option<Arc<Published>>, Refusal> {
        match self.versions_of(period).first() {
            Some(newest) => self.read(newest).await.map(Some),
            None => Ok(None),
        }
    }

    /// Every version of the report of a period, the newest first.
    #[must_use]
    pub fn versions_of(&self, period: &str) -> Vec<Arc<Shelved>> {
        let shown = self.shown.now();
        let of_it = shown
            .versions
            .iter()
            .filter(|shelved| shelved.version.period.to_string() == period);
        of_it.map(Arc::clone).collect()
    }

    /// The newest version of each period, the newest period first.
    ///
    /// # Errors
    /// As [`Site::of_period`].
    pub async fn newest_of_each(&self) -> Result<Vec<Arc<Published>>, Refusal> {
        let mut newest: Vec<Arc<Published>> = Vec::new();
        for shelved in &self.shown.now().versions {
            let period = shelved.version.period;
            if newest.last().is_none_or(|last| last.version.period != period) {
                newest.push(self.read(shelved).await?);
            }
        }
        Ok(newest)
    }

    /// A version with its report, from its documents when it was not read before.
    ///
    /// # Errors
    /// As [`Site::of_period`].
    pub async fn read(&self, shelved: &Shelved) -> Result<Arc<Published>, Refusal> {
        let read = async || {
            let published = Published::of_version(&self.cache, &self.store, &shelved.version).await;
            published.map(Arc::new)
        };
        shelved.read.get_or_try_init(read).await.map(Arc::clone)
    }

    /// The evidence of the latest report.
    #[must_use]
    pub fn evidence(&self) -> Option<Arc<Evidence>> {
        self.shown.now().evidence.as_ref().map(Arc::clone)
    }

    /// Shows what is published now: every version, and the evidence the latest report names and no later one.
    ///
    /// # Errors
    /// What the store or the lake gives; what was shown before is shown on.
    pub async fn reload(&self) -> Result<(), Refusal> {
        let before = self.shown.now();
        let versions: Vec<Arc<Shelved>> = periods::published_versions(&self.store)
            .await?
            .into_iter()
            .map(|version| shelved(&before, version))
            .collect();
        let latest = match versions.first() {
            Some(newest) => Some(self.read(newest).await?),
            None => None,
        };
        let evidence = match (&latest, &before.latest) {
            (Some(now), Some(old)) if Arc::ptr_eq(now, old) && before.evidence.is_some() => {
                before.evidence.clone()
            }
            (Some(latest), _) => self.evidence_of(&latest.report).await?,
            (None, _) => None,
        };
        self.shown.show(Shown {
            versions,
            latest,
            evidence,
        });
        Ok(())
    }

    /// Shows what was published elsewhere, where something was. Published versions are never taken back, so their number
    /// tells.
    ///
    /// # Errors
    /// As [`Site::reload`].
    pub async fn look(&self) -> Result<(), Refusal> {
        let shown = self.shown.now().versions.len();
        if periods::published_count(&self.store).await? == shown {
            return Ok(());
        }
        self.reload().await
    }

    async fn evidence_of(&self, report: &HalfYearReport) -> Result<Option<Arc<Evidence>>, Refusal> {
        let Some(workshop) = &self.workshop else {
            return Ok(None);
        };
        let last = report.evidence.segments.last();
        let named = report.evidence.tables.iter();
        let engine = FigureEngine::over_rollups_up_to(
            &workshop.lake,
            &self.tables,
            report.period.id.parse()?,
            last.map_or(0, |segment| segment.chain_no),
            named
                .filter_map(|one| workshop.lake.sealed_table(&one.name, &one.sha256, one.rows))
                .collect(),
        )
        .await?;
        Ok(Some(Arc::new(Evidence::new(engine))))
    }
}

/// The version as it stood on the shelf before, with what was read of it, or fresh from the database.
fn shelved(before: &Shown, version: Version) -> Arc<Shelved> {
    let known = before.versions.iter().find(|known| known.version == version);
    known.map_or_else(
        || {
            Arc::new(Shelved {
                version,
                read: OnceCell::new(),
            })
        },
        Arc::clone,
    )
}

/// Files of a report's folder that are taken away one by one; its own pages are served as pages.
const TAKEN: [&str; 4] = ["json", "xlsx", "pdf", "tar"];

impl Published {
    /// A published version, from the documents it is made of.
    ///
    /// # Errors
    /// What the store gives for a document that is missing or damaged.
    pub async fn of_version(cache: &Path, store: &Store, version: &Version) -> Result<Self, Refusal> {
        Ok(Self {
            version: version.clone(),
            report: periods::load_report(store, &version.kept.report_sha256).await?,
            files: files_of(cache, store, &version.kept).await?,
        })
    }
}

/// The files of a draft or a version that are taken away one by one.
///
/// # Errors
/// What the store gives for a document that is missing or damaged.
pub(crate) async fn files_of(cache: &Path, store: &Store, kept: &Kept) -> Result<Vec<DownloadFile>, Refusal> {
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
    Ok(files)
}

/// What stands behind the last dot of a file's name.
pub(crate) fn ending(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, ending)| ending)
}
