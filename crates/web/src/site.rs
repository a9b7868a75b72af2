//! What the pages show: the programme, the places, the published reports and the evidence behind them.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use kernel::{IdSource, Lang, Refusal};
use lake::figures::{FigureEngine, FigureTables};
use people::places::Places;
use people::staff::Staff;
use programme::Programme;
use report::HalfYearReport;
use report::manifest::{MANIFEST, SIGNATURE, SIGNER, sha256_hex};
use report::periods::{self, Kept, Version};
use store::Store;

use crate::cache::PageCache;
use crate::evidence::Evidence;
use crate::front::Front;
use crate::workshop::Workshop;

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
    /// Why it corrects the version before; the first has none.
    pub reason: Option<String>,
    /// What can be taken away.
    pub files: Vec<DownloadFile>,
}

/// What is shown to everyone; replaced as a whole when something is published.
#[derive(Default)]
pub struct Shown {
    /// Published reports, the latest first.
    pub published: Vec<Arc<Published>>,
    /// The order lines behind the latest report, where this server has them.
    pub evidence: Option<Arc<Evidence>>,
}

/// Everything the pages are made from.
pub struct Site {
    /// Journal, jobs, documents.
    pub store: Store,
    /// Where people show who they are.
    pub staff: Staff,
    /// How the site is reached.
    pub front: Front,
    /// A folder for copies of documents that lie in a bucket.
    pub cache: PathBuf,
    /// The programme.
    pub programme: Programme,
    /// The country.
    pub places: &'static Places,
    /// What the programme's figures may name, and their queries as planned so far.
    pub tables: Arc<FigureTables>,
    /// What is shown now; [`Site::reload`] reads it anew.
    pub shown: Shelf,
    /// Where order files are taken in and reports are made; none where only what is published is shown.
    pub workshop: Option<Workshop>,
    /// Where reference numbers come from.
    pub ids: Arc<dyn IdSource>,
}

/// What is shown, and the pages kept of it.
#[derive(Default)]
pub struct Shelf {
    shown: RwLock<Arc<Shown>>,
    pub(crate) pages: PageCache,
}

impl Shelf {
    /// A shelf with these reports and this evidence.
    #[must_use]
    pub fn new(published: Vec<Published>, evidence: Option<Evidence>) -> Self {
        let shown = Shown {
            published: published.into_iter().map(Arc::new).collect(),
            evidence: evidence.map(Arc::new),
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
        self.shown.now().published.first().map(Arc::clone)
    }

    /// The latest version of the report of a period.
    #[must_use]
    pub fn of_period(&self, period: &str) -> Option<Arc<Published>> {
        self.versions_of(period).into_iter().next()
    }

    /// Every version of the report of a period, the newest first.
    #[must_use]
    pub fn versions_of(&self, period: &str) -> Vec<Arc<Published>> {
        let shown = self.shown.now();
        let of_it = shown
            .published
            .iter()
            .filter(|published| published.report.period.id == period);
        of_it.map(Arc::clone).collect()
    }

    /// The evidence of the latest report.
    #[must_use]
    pub fn evidence(&self) -> Option<Arc<Evidence>> {
        self.shown.now().evidence.as_ref().map(Arc::clone)
    }

    /// The notice of simulated evidence, where it is.
    #[must_use]
    pub fn simulated(&self, lang: Lang) -> Option<String> {
        let head = &self.programme.head;
        let latest = self.latest();
        let of_report = latest
            .as_ref()
            .and_then(|latest| latest.report.simulated.as_ref());
        of_report
            .or_else(|| head.simulated.then_some(&head.note))
            .map(|note| note.get(lang).to_owned())
    }

    /// Shows what is published now: every version, and the evidence the latest report names and no later one.
    ///
    /// # Errors
    /// What the store or the lake gives; what was shown before is shown on.
    pub async fn reload(&self) -> Result<(), Refusal> {
        let before = self.shown.now();
        let mut published = Vec::new();
        for version in periods::published_versions(&self.store).await? {
            let known = before.published.iter().find(|one| one.is(&version));
            published.push(match known {
                Some(known) => Arc::clone(known),
                None => Arc::new(Published::of_version(&self.cache, &self.store, &version).await?),
            });
        }
        let same = |latest: &Arc<Published>| {
            before
                .published
                .first()
                .is_some_and(|old| Arc::ptr_eq(old, latest))
                && before.evidence.is_some()
        };
        let evidence = match (published.first(), &self.workshop) {
            (Some(latest), _) if same(latest) => before.evidence.clone(),
            (Some(latest), Some(workshop)) => {
                let report = &latest.report;
                let last = report.evidence.segments.last();
                let engine = FigureEngine::over_rollups_up_to(
                    &workshop.lake,
                    &self.tables,
                    report.period.id.parse()?,
                    last.map_or(0, |segment| segment.chain_no),
                )
                .await?;
                Some(Arc::new(Evidence::new(engine)))
            }
            _ => None,
        };
        self.shown.show(Shown { published, evidence });
        Ok(())
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
        let report = periods::load_report(store, &version.kept.report_sha256).await?;
        let files = files_of(cache, store, &version.kept).await?;
        Ok(Self {
            report,
            version: version.number,
            published_at: version.published_at.to_string(),
            reason: version.reason.clone(),
            files,
        })
    }

    fn is(&self, version: &Version) -> bool {
        self.version == version.number
            && self.report.period.id == version.period.to_string()
            && self.published_at == version.published_at.to_string()
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
