//! The rows of uploads.

use kernel::Refusal;
use people::staff::PlaceFilter;
use store::{Ctx, Direction, JobId, Reader, Row, args};

use super::model::{Failure, UploadColumn, UploadId, UploadOrder};
use super::receive::StagedUpload;
use crate::error::broken;
use crate::own_places;

/// Every statement of the uploads, so that a test can prepare each on both databases.
pub const STATEMENTS: [&str; 15] = [
    BY_ID,
    TWIN,
    FROM_NEWEST,
    FROM_OLDEST,
    BY_NAME,
    BY_NAME_FALLING,
    BY_SIZE,
    BY_SIZE_FALLING,
    KEPT,
    KEPT_BYTES,
    OLDEST_FAILED,
    INSERT,
    START,
    END,
    DISCARD,
];

/// Uploads with what their import became, if there is one.
macro_rules! uploads {
    ($rest:expr) => {
        concat!(
            "SELECT u.id AS upload_id, u.file_name AS upload_name, u.bytes, u.sha256, u.layout AS upload_layout, \
             u.uploaded_at, u.uploaded_by, u.uploaded_role, u.places, u.job_id, u.failure, u.ended_at, u.discarded_at, \
             u.discarded_by, i.id, i.layout, i.channel, i.currency, i.simulated, i.file_name, i.file_sha256, \
             i.file_bytes, i.lines, i.accepted, i.rejected, i.duplicates, i.cancelled_lines, i.orders, i.gross_fen, \
             i.net_fen, i.rejects_sha256, i.imported_at \
             FROM sales_uploads u LEFT JOIN sales_imports i ON i.id = u.import_id ",
            $rest
        )
    };
}

/// A page of uploads by a column: `$1` how many, `$2` the last one of the page before or empty, `$3` of one person only,
/// or empty.
macro_rules! page {
    ($column:literal, $is:literal, $order:literal) => {
        uploads!(concat!(
            "WHERE ($3 = '' OR u.uploaded_by = $3) AND ($2 = '' OR (u.",
            $column,
            ", u.id) ",
            $is,
            " (SELECT last.",
            $column,
            ", last.id FROM sales_uploads last WHERE last.id = $2)) ORDER BY u.",
            $column,
            $order,
            ", u.id",
            $order,
            " LIMIT $1"
        ))
    };
}

const BY_ID: &str = uploads!("WHERE u.id = $1");
const TWIN: &str = "SELECT id FROM sales_uploads WHERE sha256 = $1 AND layout = $2 AND places = $3 \
     AND discarded_at IS NULL ORDER BY id DESC LIMIT 1";
const FROM_NEWEST: &str =
    uploads!("WHERE u.id < $2 AND ($3 = '' OR u.uploaded_by = $3) ORDER BY u.id DESC LIMIT $1");
const FROM_OLDEST: &str =
    uploads!("WHERE u.id > $2 AND ($3 = '' OR u.uploaded_by = $3) ORDER BY u.id LIMIT $1");
const BY_NAME: &str = page!("file_name", ">", "");
const BY_NAME_FALLING: &str = page!("file_name", "<", " DESC");
const BY_SIZE: &str = page!("bytes", ">", "");
const BY_SIZE_FALLING: &str = page!("bytes", "<", " DESC");
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

/// Rows in an order, after the last one of the page before; of one person where `by` names one.
pub(super) async fn page(
    reader: &mut Reader,
    order: UploadOrder,
    by: Option<&str>,
    after: Option<UploadId>,
    limit: i64,
) -> Result<Vec<Row>, Refusal> {
    use Direction::{Falling, Rising};
    // Beside the statement, what stands before the first page.
    let (statement, first) = match (order.column, order.direction) {
        (UploadColumn::SentAt, Falling) => (FROM_NEWEST, uuid::Uuid::max().to_string()),
        (UploadColumn::SentAt, Rising) => (FROM_OLDEST, String::new()),
        (UploadColumn::FileName, Rising) => (BY_NAME, String::new()),
        (UploadColumn::FileName, Falling) => (BY_NAME_FALLING, String::new()),
        (UploadColumn::Size, Rising) => (BY_SIZE, String::new()),
        (UploadColumn::Size, Falling) => (BY_SIZE_FALLING, String::new()),
    };
    let after = after.map_or(first, |id| id.to_string());
    reader
        .rows(statement, args![limit, after, by.unwrap_or_default()])
        .await
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
