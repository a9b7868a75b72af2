//! The rows of uploads.

use kernel::Refusal;
use people::staff::PlaceFilter;
use store::{Ctx, JobId, Reader, Row, args};

use super::model::{Failure, UploadId};
use super::receive::StagedUpload;
use crate::error::broken;
use crate::own_places;

/// Every statement of the uploads, so that a test can prepare each on both databases.
pub const STATEMENTS: [&str; 12] = [
    BY_ID,
    TWIN,
    PAGE,
    FIRST_PAGE,
    OWN_PAGE,
    KEPT,
    KEPT_BYTES,
    OLDEST_FAILED,
    INSERT,
    START,
    END,
    DISCARD,
];

const BY_ID: &str = "SELECT u.id AS upload_id, u.file_name AS upload_name, u.bytes, u.sha256, \
     u.layout AS upload_layout, u.uploaded_at, u.uploaded_by, u.uploaded_role, u.places, u.job_id, u.failure, u.ended_at, \
     u.discarded_at, u.discarded_by, i.id, i.layout, i.channel, i.currency, i.simulated, i.file_name, i.file_sha256, \
     i.file_bytes, i.lines, i.accepted, i.rejected, i.duplicates, i.cancelled_lines, i.orders, i.gross_fen, i.net_fen, \
     i.rejects_sha256, i.imported_at FROM sales_uploads u LEFT JOIN sales_imports i ON i.id = u.import_id \
     WHERE u.id = $1";
const TWIN: &str = "SELECT id FROM sales_uploads WHERE sha256 = $1 AND layout = $2 AND places = $3 \
     AND discarded_at IS NULL ORDER BY id DESC LIMIT 1";
const FIRST_PAGE: &str = "SELECT u.id AS upload_id, u.file_name AS upload_name, u.bytes, u.sha256, \
     u.layout AS upload_layout, u.uploaded_at, u.uploaded_by, u.uploaded_role, u.places, u.job_id, u.failure, u.ended_at, \
     u.discarded_at, u.discarded_by, i.id, i.layout, i.channel, i.currency, i.simulated, i.file_name, i.file_sha256, \
     i.file_bytes, i.lines, i.accepted, i.rejected, i.duplicates, i.cancelled_lines, i.orders, i.gross_fen, i.net_fen, \
     i.rejects_sha256, i.imported_at FROM sales_uploads u LEFT JOIN sales_imports i ON i.id = u.import_id \
     ORDER BY u.id DESC LIMIT $1";
const PAGE: &str = "SELECT u.id AS upload_id, u.file_name AS upload_name, u.bytes, u.sha256, \
     u.layout AS upload_layout, u.uploaded_at, u.uploaded_by, u.uploaded_role, u.places, u.job_id, u.failure, u.ended_at, \
     u.discarded_at, u.discarded_by, i.id, i.layout, i.channel, i.currency, i.simulated, i.file_name, i.file_sha256, \
     i.file_bytes, i.lines, i.accepted, i.rejected, i.duplicates, i.cancelled_lines, i.orders, i.gross_fen, i.net_fen, \
     i.rejects_sha256, i.imported_at FROM sales_uploads u LEFT JOIN sales_imports i ON i.id = u.import_id \
     WHERE u.id < $2 ORDER BY u.id DESC LIMIT $1";
const OWN_PAGE: &str = "SELECT u.id AS upload_id, u.file_name AS upload_name, u.bytes, u.sha256, \
     u.layout AS upload_layout, u.uploaded_at, u.uploaded_by, u.uploaded_role, u.places, u.job_id, u.failure, u.ended_at, \
     u.discarded_at, u.discarded_by, i.id, i.layout, i.channel, i.currency, i.simulated, i.file_name, i.file_sha256, \
     i.file_bytes, i.lines, i.accepted, i.rejected, i.duplicates, i.cancelled_lines, i.orders, i.gross_fen, i.net_fen, \
     i.rejects_sha256, i.imported_at FROM sales_uploads u LEFT JOIN sales_imports i ON i.id = u.import_id \
     WHERE u.id < $2 AND u.uploaded_by = $3 ORDER BY u.id DESC LIMIT $1";
const KEPT: &str = "SELECT id FROM sales_uploads WHERE import_id IS NULL AND discarded_at IS NULL";
const KEPT_BYTES: &str = "SELECT COALESCE(CAST(SUM(bytes) AS BIGINT), 0) AS bytes FROM sales_uploads \
     WHERE import_id IS NULL AND discarded_at IS NULL";
const OLDEST_FAILED: &str = "SELECT id FROM sales_uploads WHERE failure IS NOT NULL AND discarded_at IS NULL \
     ORDER BY id LIMIT 1";
const INSERT: &str = "INSERT INTO sales_uploads (id, file_name, bytes, sha256, layout, uploaded_at, uploaded_by, \
     uploaded_role, places) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const START: &str = "UPDATE sales_uploads SET job_id = $2, failure = NULL, ended_at = NULL WHERE id = $1 \
     AND import_id IS NULL AND discarded_at IS NULL";
const END: &str = "UPDATE sales_uploads SET import_id = $2, failure = $3, ended_at = $4 WHERE id = $1 \
     AND import_id IS NULL AND discarded_at IS NULL";
const DISCARD: &str = "UPDATE sales_uploads SET discarded_at = $2, discarded_by = $3 WHERE id = $1 \
     AND import_id IS NULL AND discarded_at IS NULL";

/// The row of an upload, for a command.
pub(super) async fn find(ctx: &mut Ctx, id: UploadId) -> Result<Option<Row>, Refusal> {
    ctx.row(BY_ID, args![id.as_uuid()]).await
}

/// The row of an upload.
pub(super) async fn by_id(reader: &mut Reader, id: UploadId) -> Result<Option<Row>, Refusal> {
    reader.row(BY_ID, args![id.as_uuid()]).await
}

/// Rows older than one, the newest first.
pub(super) async fn page(
    reader: &mut Reader,
    before: Option<UploadId>,
    limit: i64,
) -> Result<Vec<Row>, Refusal> {
    match before {
        None => reader.rows(FIRST_PAGE, args![limit]).await,
        Some(before) => reader.rows(PAGE, args![limit, before.as_uuid()]).await,
    }
}

/// Rows of one person older than one, the newest first.
pub(super) async fn own_page(
    reader: &mut Reader,
    by: &str,
    before: Option<UploadId>,
    limit: i64,
) -> Result<Vec<Row>, Refusal> {
    let before = before.map_or_else(uuid::Uuid::max, |id| id.as_uuid());
    reader.rows(OWN_PAGE, args![limit, before, by]).await
}

/// The uploads whose bytes are still needed.
pub(super) async fn kept(reader: &mut Reader) -> Result<Vec<UploadId>, Refusal> {
    let rows = reader.rows(KEPT, args![]).await?;
    rows.iter().map(|row| row.text("id")?.parse()).collect()
}

/// The upload of the same bytes by the same layout for the same places, if there is one.
pub(super) async fn twin(ctx: &mut Ctx, new: &NewUpload) -> Result<Option<UploadId>, Refusal> {
    let row = ctx
        .row(TWIN, args![&new.sha256, &new.layout, &new.places])
        .await?;
    row.map(|row| row.text("id")?.parse()).transpose()
}

/// Bytes of all uploads that are kept.
pub(super) async fn kept_bytes(ctx: &mut Ctx) -> Result<i64, Refusal> {
    let row = ctx.row(KEPT_BYTES, args![]).await?;
    row.map_or(Ok(0), |row| row.int("bytes"))
}

/// The failed upload that has lain here longest.
pub(super) async fn oldest_failed(ctx: &mut Ctx) -> Result<Option<UploadId>, Refusal> {
    let row = ctx.row(OLDEST_FAILED, args![]).await?;
    row.map(|row| row.text("id")?.parse()).transpose()
}

pub(super) async fn insert(ctx: &mut Ctx, id: UploadId, new: &NewUpload) -> Result<(), Refusal> {
    let (now, by) = (ctx.now(), ctx.actor().clone());
    let args = args![
        id.as_uuid(),
        &new.file_name,
        new.bytes,
        &new.sha256,
        &new.layout,
        now,
        by.id,
        by.role.as_str(),
        &new.places
    ];
    ctx.execute_one(INSERT, args).await
}

pub(super) async fn start(ctx: &mut Ctx, id: UploadId, job: JobId) -> Result<(), Refusal> {
    ctx.execute_one(START, args![id.as_uuid(), job.as_uuid()]).await
}

/// Writes down how the import ended.
pub(super) async fn end(
    ctx: &mut Ctx,
    id: UploadId,
    import_id: Option<&str>,
    failure: Option<&Failure>,
) -> Result<(), Refusal> {
    let failure = failure
        .map(serde_json::to_string)
        .transpose()
        .map_err(|error| broken("store.bad_json", &error))?;
    let now = ctx.now();
    ctx.execute_one(END, args![id.as_uuid(), import_id, failure, now])
        .await
}

pub(super) async fn discard(ctx: &mut Ctx, id: UploadId, by: &str) -> Result<(), Refusal> {
    let now = ctx.now();
    ctx.execute_one(DISCARD, args![id.as_uuid(), now, by]).await
}

/// What is recorded of a file.
pub(super) struct NewUpload {
    pub file_name: String,
    pub bytes: i64,
    pub sha256: String,
    pub layout: String,
    pub places: String,
}

impl NewUpload {
    pub fn of(staged: &StagedUpload, within: &PlaceFilter) -> Self {
        Self {
            file_name: staged.file_name.clone(),
            bytes: i64::try_from(staged.bytes).unwrap_or(i64::MAX),
            sha256: staged.sha256.clone(),
            layout: staged.layout.clone(),
            places: own_places::text(within),
        }
    }
}
