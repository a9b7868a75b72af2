//! The rows of periods, drafts, reviews and versions. Commands read and write them in their transaction; queries read
//! the same statements from a snapshot.

use kernel::{Fault, Period, Refusal};
use store::{Ctx, Row, args};

use super::model::{Draft, DraftId, Kept, PeriodState, Review, Verdict, Version};

/// Every statement of the periods, so that a test can prepare each on both databases.
pub const STATEMENTS: [&str; 16] = [
    PERIODS,
    PERIOD,
    DRAFT,
    DRAFTS,
    REVIEWS,
    VERSION,
    VERSION_OF_DRAFT,
    VERSIONS,
    PUBLISHED,
    PUBLISHED_LATEST,
    PUBLISHED_COUNT,
    INSERT_PERIOD,
    MOVE_PERIOD,
    INSERT_DRAFT,
    INSERT_REVIEW,
    INSERT_VERSION,
];

pub(super) const PERIODS: &str = "SELECT period, state, version, reason, draft_id, opened_at, opened_by, changed_at \
     FROM report_periods ORDER BY last_day DESC, period DESC";
pub(super) const PERIOD: &str = "SELECT period, state, version, reason, draft_id, opened_at, opened_by, changed_at \
     FROM report_periods WHERE period = $1";
pub(super) const DRAFT: &str = "SELECT id, period, version, report_sha256, pack_sha256, manifest_sha256, \
     signature_sha256, signer, submitted_at, submitted_by FROM report_drafts WHERE id = $1";
pub(super) const DRAFTS: &str = "SELECT id, period, version, report_sha256, pack_sha256, manifest_sha256, \
     signature_sha256, signer, submitted_at, submitted_by FROM report_drafts WHERE period = $1 \
     ORDER BY submitted_at DESC, id DESC";
pub(super) const REVIEWS: &str = "SELECT reviewed_by, reviewed_at, verdict, reason FROM report_reviews \
     WHERE draft_id = $1 ORDER BY reviewed_at, reviewed_by";
pub(super) const VERSION: &str = "SELECT v.period, v.version, v.draft_id, v.reason, v.published_at, v.published_by, \
     d.report_sha256, d.pack_sha256, d.manifest_sha256, d.signature_sha256, d.signer \
     FROM report_versions v JOIN report_drafts d ON d.id = v.draft_id WHERE v.period = $1 AND v.version = $2";
pub(super) const VERSION_OF_DRAFT: &str = "SELECT v.period, v.version, v.draft_id, v.reason, v.published_at, \
     v.published_by, d.report_sha256, d.pack_sha256, d.manifest_sha256, d.signature_sha256, d.signer \
     FROM report_versions v JOIN report_drafts d ON d.id = v.draft_id WHERE v.draft_id = $1";
pub(super) const VERSIONS: &str = "SELECT v.period, v.version, v.draft_id, v.reason, v.published_at, v.published_by, \
     d.report_sha256, d.pack_sha256, d.manifest_sha256, d.signature_sha256, d.signer \
     FROM report_versions v JOIN report_drafts d ON d.id = v.draft_id WHERE v.period = $1 ORDER BY v.version DESC";
pub(super) const PUBLISHED: &str = "SELECT v.period, v.version, v.draft_id, v.reason, v.published_at, v.published_by, \
     d.report_sha256, d.pack_sha256, d.manifest_sha256, d.signature_sha256, d.signer \
     FROM report_versions v JOIN report_drafts d ON d.id = v.draft_id JOIN report_periods p ON p.period = v.period \
     ORDER BY p.last_day DESC, p.period DESC, v.version DESC";
pub(super) const PUBLISHED_COUNT: &str = "SELECT COUNT(*) AS versions FROM report_versions";
pub(super) const PUBLISHED_LATEST: &str = "SELECT v.period, v.version, v.draft_id, v.reason, v.published_at, \
     v.published_by, d.report_sha256, d.pack_sha256, d.manifest_sha256, d.signature_sha256, d.signer \
     FROM report_versions v JOIN report_drafts d ON d.id = v.draft_id JOIN report_periods p ON p.period = v.period \
     ORDER BY p.last_day DESC, v.published_at DESC, v.version DESC LIMIT 1";
const INSERT_PERIOD: &str = "INSERT INTO report_periods (period, last_day, state, version, opened_at, opened_by, \
     changed_at) VALUES ($1, $2, 'open', 1, $3, $4, $3)";
const MOVE_PERIOD: &str = "UPDATE report_periods SET state = $3, version = $4, reason = $5, draft_id = $6, \
     changed_at = $7 WHERE period = $1 AND state = $2";
const INSERT_DRAFT: &str = "INSERT INTO report_drafts (id, period, version, report_sha256, pack_sha256, \
     manifest_sha256, signature_sha256, signer, submitted_at, submitted_by) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
const INSERT_REVIEW: &str = "INSERT INTO report_reviews (draft_id, reviewed_by, reviewed_at, verdict, reason) \
     VALUES ($1, $2, $3, $4, $5)";
const INSERT_VERSION: &str = "INSERT INTO report_versions (period, version, draft_id, reason, published_at, \
     published_by) VALUES ($1, $2, $3, $4, $5, $6)";

/// A row of `report_periods`: the names of its states, without what they hold.
pub(super) struct PeriodRow {
    pub period: Period,
    pub state: String,
    pub version: i64,
    pub reason: Option<String>,
    pub draft: Option<DraftId>,
}

impl PeriodRow {
    pub fn from_row(row: &Row) -> Result<Self, Refusal> {
        let draft = row.opt_text("draft_id")?;
        Ok(Self {
            period: row.text("period")?.parse()?,
            state: row.text("state")?,
            version: row.int("version")?,
            reason: row.opt_text("reason")?,
            draft: draft.map(|id| id.parse()).transpose()?,
        })
    }

    pub fn is_open(&self) -> bool {
        self.state == PeriodState::Open.as_str()
    }

    /// The draft in review, if there is one.
    pub fn in_review(&self) -> Option<DraftId> {
        self.draft.filter(|_| self.state == "in_review")
    }

    pub fn is_published(&self) -> bool {
        self.state == "published"
    }
}

pub(super) fn draft(row: &Row) -> Result<Draft, Refusal> {
    Ok(Draft {
        id: row.text("id")?.parse()?,
        period: row.text("period")?.parse()?,
        version: row.int("version")?,
        kept: kept(row)?,
        submitted_at: row.instant("submitted_at")?,
        submitted_by: row.text("submitted_by")?,
    })
}

fn kept(row: &Row) -> Result<Kept, Refusal> {
    Ok(Kept {
        report_sha256: row.text("report_sha256")?,
        pack_sha256: row.text("pack_sha256")?,
        manifest_sha256: row.text("manifest_sha256")?,
        signature_sha256: row.text("signature_sha256")?,
        signer: row.text("signer")?,
    })
}

pub(super) fn review(row: &Row) -> Result<Review, Refusal> {
    Ok(Review {
        by: row.text("reviewed_by")?,
        at: row.instant("reviewed_at")?,
        verdict: match row.opt_text("reason")? {
            None => Verdict::Approved,
            Some(reason) => Verdict::SentBack { reason },
        },
    })
}

pub(super) fn version(row: &Row) -> Result<Version, Refusal> {
    Ok(Version {
        period: row.text("period")?.parse()?,
        number: row.int("version")?,
        draft: row.text("draft_id")?.parse()?,
        kept: kept(row)?,
        reason: row.opt_text("reason")?,
        published_at: row.instant("published_at")?,
        published_by: row.text("published_by")?,
    })
}

/// The row of a period, if it was opened.
pub(super) async fn find(ctx: &mut Ctx, period: Period) -> Result<Option<PeriodRow>, Refusal> {
    let row = ctx.row(PERIOD, args![period.to_string()]).await?;
    row.as_ref().map(PeriodRow::from_row).transpose()
}

pub(super) async fn load_draft(ctx: &mut Ctx, id: DraftId) -> Result<Draft, Refusal> {
    let row = ctx.row(DRAFT, args![id.as_uuid()]).await?;
    row.as_ref().map_or_else(
        || Err(Refusal::new("periods.no_such_draft", Fault::Missing).value(id)),
        draft,
    )
}

pub(super) async fn reviews_of(ctx: &mut Ctx, id: DraftId) -> Result<Vec<Review>, Refusal> {
    let rows = ctx.rows(REVIEWS, args![id.as_uuid()]).await?;
    rows.iter().map(review).collect()
}

pub(super) async fn version_of_draft(ctx: &mut Ctx, id: DraftId) -> Result<Option<Version>, Refusal> {
    let row = ctx.row(VERSION_OF_DRAFT, args![id.as_uuid()]).await?;
    row.as_ref().map(version).transpose()
}

pub(super) async fn insert_period(ctx: &mut Ctx, period: Period) -> Result<(), Refusal> {
    let (now, by) = (ctx.now(), ctx.actor().id.clone());
    let args = args![period.to_string(), period.last_day(), now, by];
    ctx.execute_one(INSERT_PERIOD, args).await
}

/// Moves a period into another state. The row must still stand in the state it was read in.
pub(super) async fn move_period(
    ctx: &mut Ctx,
    from: &PeriodRow,
    state: &'static str,
    (version, reason): (i64, Option<&str>),
    draft: Option<DraftId>,
) -> Result<(), Refusal> {
    let now = ctx.now();
    let args = args![
        from.period.to_string(),
        &from.state,
        state,
        version,
        reason,
        draft.map(|id| id.as_uuid()),
        now
    ];
    ctx.execute_one(MOVE_PERIOD, args).await
}

pub(super) async fn insert_draft(ctx: &mut Ctx, draft: &Draft) -> Result<(), Refusal> {
    let kept = &draft.kept;
    let args = args![
        draft.id.as_uuid(),
        draft.period.to_string(),
        draft.version,
        &kept.report_sha256,
        &kept.pack_sha256,
        &kept.manifest_sha256,
        &kept.signature_sha256,
        &kept.signer,
        draft.submitted_at,
        &draft.submitted_by,
    ];
    ctx.execute_one(INSERT_DRAFT, args).await
}

pub(super) async fn insert_review(ctx: &mut Ctx, draft: DraftId, verdict: &Verdict) -> Result<(), Refusal> {
    let (by, now) = (ctx.actor().id.clone(), ctx.now());
    let args = args![draft.as_uuid(), by, now, verdict.as_str(), verdict.reason()];
    ctx.execute_one(INSERT_REVIEW, args).await
}

pub(super) async fn insert_version(ctx: &mut Ctx, from: &PeriodRow, draft: DraftId) -> Result<(), Refusal> {
    let (by, now) = (ctx.actor().id.clone(), ctx.now());
    let args = args![
        from.period.to_string(),
        from.version,
        draft.as_uuid(),
        from.reason.clone(),
        now,
        by
    ];
    ctx.execute_one(INSERT_VERSION, args).await
}
