//! Questions about periods and their versions, each answered from one snapshot, and the documents of a version.

use kernel::{Fault, Period, Refusal};
use store::{Reader, Row, Store, args};

use super::commands;
use super::model::{DraftWithReviews, Kept, PeriodHistory, PeriodReport, PeriodState, Version};
use super::repo::{self, PeriodRow};
use crate::manifest::{Manifest, Seal};
use crate::model::{HalfYearReport, SCHEMA};

/// Every period that was opened, the newest first.
///
/// # Errors
/// What the store gives.
pub async fn list(store: &Store) -> Result<Vec<PeriodReport>, Refusal> {
    let mut reader = store.read().await?;
    let mut periods = Vec::new();
    for row in reader.rows(repo::PERIODS, args![]).await? {
        periods.push(period_report(&mut reader, &row).await?);
    }
    Ok(periods)
}

/// One period with all its drafts, reviews and versions.
///
/// # Errors
/// What the store gives.
pub async fn by_period(store: &Store, period: Period) -> Result<Option<PeriodHistory>, Refusal> {
    let mut reader = store.read().await?;
    let Some(row) = reader.row(repo::PERIOD, args![period.to_string()]).await? else {
        return Ok(None);
    };
    let report = period_report(&mut reader, &row).await?;
    let mut drafts = Vec::new();
    for row in reader.rows(repo::DRAFTS, args![period.to_string()]).await? {
        drafts.push(with_reviews(&mut reader, &row).await?);
    }
    let versions = reader.rows(repo::VERSIONS, args![period.to_string()]).await?;
    Ok(Some(PeriodHistory {
        report,
        drafts,
        versions: versions.iter().map(repo::version).collect::<Result<_, _>>()?,
    }))
}

/// Whether a draft of the period would be taken now: asked before the work of making one.
///
/// # Errors
/// `periods.not_opened`, `periods.in_review`, `periods.already_published`; what the store gives.
pub async fn require_open(store: &Store, period: Period) -> Result<(), Refusal> {
    let row = store
        .read()
        .await?
        .row(repo::PERIOD, args![period.to_string()])
        .await?;
    let row = row.ok_or_else(|| commands::not_opened(period))?;
    commands::require_open(&PeriodRow::from_row(&row)?)
}

/// The newest version of the newest period: what the public sees first.
///
/// # Errors
/// What the store gives.
pub async fn published_latest(store: &Store) -> Result<Option<Version>, Refusal> {
    let row = store.read().await?.row(repo::PUBLISHED_LATEST, args![]).await?;
    row.as_ref().map(repo::version).transpose()
}

/// How many versions there are of all periods together.
///
/// # Errors
/// What the store gives.
pub async fn published_count(store: &Store) -> Result<usize, Refusal> {
    let row = store.read().await?.row(repo::PUBLISHED_COUNT, args![]).await?;
    let count = row.map_or(Ok(0), |row| row.int("versions"))?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// Every version of every period, the newest first.
///
/// # Errors
/// What the store gives.
pub async fn published_versions(store: &Store) -> Result<Vec<Version>, Refusal> {
    let rows = store.read().await?.rows(repo::PUBLISHED, args![]).await?;
    rows.iter().map(repo::version).collect()
}

/// One version of a period.
///
/// # Errors
/// What the store gives.
pub async fn version(store: &Store, period: Period, number: i64) -> Result<Option<Version>, Refusal> {
    let args = args![period.to_string(), number];
    let row = store.read().await?.row(repo::VERSION, args).await?;
    row.as_ref().map(repo::version).transpose()
}

/// The report of a draft or a version: the model its pages, sheets and JSON were made from.
///
/// # Errors
/// `store.document_missing`, `store.document_damaged`; `report.unreadable` where the document is no report, or one of a
/// newer Fishpond.
pub async fn load_report(store: &Store, report_sha256: &str) -> Result<HalfYearReport, Refusal> {
    let bytes = store.documents().get(report_sha256).await?;
    let report: HalfYearReport = serde_json::from_slice(&bytes)
        .map_err(|error| Refusal::broken("report.unreadable", &error).at(report_sha256))?;
    if report.schema > SCHEMA {
        return Err(Refusal::new("report.unreadable", Fault::Broken).at(report_sha256));
    }
    Ok(report)
}

/// The signed list of files of a draft or a version, its signature checked.
///
/// # Errors
/// As [`load_report`].
pub async fn files(store: &Store, kept: &Kept) -> Result<Manifest, Refusal> {
    let seal = Seal {
        manifest: store.documents().get(&kept.manifest_sha256).await?,
        signature: store.documents().get(&kept.signature_sha256).await?,
        signer: format!("{}\n", kept.signer).into_bytes(),
    };
    seal.open()
        .map_err(|fault| Refusal::new("report.unreadable", Fault::Broken).at(fault))
}

/// One file of a draft or a version by its path in the signed folder, e.g. `report.zh.xlsx`.
///
/// # Errors
/// `report.no_such_file` (missing); as [`load_report`].
pub async fn file(store: &Store, kept: &Kept, path: &str) -> Result<Vec<u8>, Refusal> {
    let manifest = files(store, kept).await?;
    let Some(entry) = manifest.files.iter().find(|entry| entry.path == path) else {
        return Err(Refusal::new("report.no_such_file", Fault::Missing).value(path));
    };
    store.documents().get(&entry.sha256).await
}

async fn period_report(reader: &mut Reader, row: &Row) -> Result<PeriodReport, Refusal> {
    let head = PeriodRow::from_row(row)?;
    Ok(PeriodReport {
        state: state(reader, &head).await?,
        period: head.period,
        version: head.version,
        reason: head.reason,
        opened_at: row.instant("opened_at")?,
        opened_by: row.text("opened_by")?,
        changed_at: row.instant("changed_at")?,
    })
}

async fn state(reader: &mut Reader, head: &PeriodRow) -> Result<PeriodState, Refusal> {
    let missing = || Refusal::new("periods.no_such_draft", Fault::Broken).at(head.period);
    let Some(id) = head.draft else {
        return Ok(PeriodState::Open);
    };
    if head.is_published() {
        let args = args![head.period.to_string(), head.version];
        let row = reader.row(repo::VERSION, args).await?.ok_or_else(missing)?;
        return Ok(PeriodState::Published {
            version: repo::version(&row)?,
        });
    }
    let row = reader.row(repo::DRAFT, args![id.as_uuid()]).await?;
    let DraftWithReviews { draft, reviews } = with_reviews(reader, &row.ok_or_else(missing)?).await?;
    Ok(PeriodState::InReview { draft, reviews })
}

async fn with_reviews(reader: &mut Reader, row: &Row) -> Result<DraftWithReviews, Refusal> {
    let draft = repo::draft(row)?;
    let rows = reader.rows(repo::REVIEWS, args![draft.id.as_uuid()]).await?;
    Ok(DraftWithReviews {
        draft,
        reviews: rows.iter().map(repo::review).collect::<Result<_, _>>()?,
    })
}
