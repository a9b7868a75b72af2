//! The statements of payments and the rows that commands work with.

use books::AccountCode;
use jiff::Timestamp;
use kernel::{Fault, Money, PlaceCode, Refusal};
use store::{Ctx, Row, args};

use super::model::{BatchId, BatchState, LineId, LineState, MatchedBy, Method, SayingId, Says, Source};

macro_rules! statements {
    ($($name:ident = $sql:expr;)*) => {
        $(pub(super) const $name: &str = $sql;)*
        /// Every statement of payments, so that a test can prepare each on both databases.
        pub const STATEMENTS: &[&str] = &[$($name),*];
    };
}

statements! {
    BATCH = "SELECT b.id, b.key, b.method, b.place_code, b.source_account, b.execute_on, b.payer_name, b.payer_bank, \
        b.payer_sealed, b.payer_masked, b.payer_mark, b.content_sha256, b.state, b.made_at, b.made_by, b.prepared_by, \
        b.approved_at, b.out_at, b.file_sha256, b.cancel_reason FROM payment_batches b WHERE b.id = $1";
    BATCH_BY_KEY = "SELECT id, content_sha256 FROM payment_batches WHERE key = $1";
    BATCHES_AFTER = "SELECT b.id, b.key, b.method, b.place_code, b.source_account, b.execute_on, b.payer_name, \
        b.payer_masked, b.state, b.made_at, b.made_by, b.prepared_by, b.approved_at, b.file_sha256, b.cancel_reason, \
        (SELECT COUNT(*) FROM payment_lines l WHERE l.batch_id = b.id) AS lines, \
        (SELECT CAST(COALESCE(SUM(l.amount_fen), 0) AS BIGINT) FROM payment_lines l WHERE l.batch_id = b.id) AS total_fen, \
        (SELECT CAST(COALESCE(SUM(l.paid_fen - l.returned_fen), 0) AS BIGINT) FROM payment_lines l \
          WHERE l.batch_id = b.id) AS kept_fen \
        FROM payment_batches b WHERE b.id > $1 ORDER BY b.id LIMIT $2";
    BATCHES_BEFORE = "SELECT b.id, b.key, b.method, b.place_code, b.source_account, b.execute_on, b.payer_name, \
        b.payer_masked, b.state, b.made_at, b.made_by, b.prepared_by, b.approved_at, b.file_sha256, b.cancel_reason, \
        (SELECT COUNT(*) FROM payment_lines l WHERE l.batch_id = b.id) AS lines, \
        (SELECT CAST(COALESCE(SUM(l.amount_fen), 0) AS BIGINT) FROM payment_lines l WHERE l.batch_id = b.id) AS total_fen, \
        (SELECT CAST(COALESCE(SUM(l.paid_fen - l.returned_fen), 0) AS BIGINT) FROM payment_lines l \
          WHERE l.batch_id = b.id) AS kept_fen \
        FROM payment_batches b WHERE b.id < $1 ORDER BY b.id DESC LIMIT $2";
    BATCH_SUMS = "SELECT COUNT(*) AS lines, CAST(COALESCE(SUM(amount_fen), 0) AS BIGINT) AS total_fen, \
        CAST(COALESCE(SUM(paid_fen - returned_fen), 0) AS BIGINT) AS kept_fen FROM payment_lines WHERE batch_id = $1";
    INSERT_BATCH = "INSERT INTO payment_batches (id, key, method, place_code, source_account, execute_on, payer_name, \
        payer_bank, payer_sealed, payer_masked, payer_mark, content_sha256, state, made_at, made_by) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'draft', $13, $14)";
    PREPARE = "UPDATE payment_batches SET state = 'prepared', prepared_at = $2, prepared_by = $3 \
        WHERE id = $1 AND state = 'draft'";
    APPROVE = "UPDATE payment_batches SET state = 'approved', approved_at = $2 WHERE id = $1 AND state = 'prepared'";
    GO_OUT = "UPDATE payment_batches SET state = 'out', out_at = $2, out_by = $3, file_sha256 = $4 \
        WHERE id = $1 AND state = 'approved'";
    CANCEL = "UPDATE payment_batches SET state = 'cancelled', cancelled_at = $2, cancelled_by = $3, cancel_reason = $4 \
        WHERE id = $1 AND state <> 'cancelled'";
    APPROVALS = "SELECT approved_by FROM payment_approvals WHERE batch_id = $1 ORDER BY approved_at, approved_by";
    INSERT_APPROVAL = "INSERT INTO payment_approvals (batch_id, approved_by, approved_at) VALUES ($1, $2, $3)";
    ADDERS = "SELECT DISTINCT added_by FROM payment_lines WHERE batch_id = $1";
    PAYERS = "SELECT COUNT(*) AS batches FROM payment_batches WHERE payer_mark = $1";

    LINE = "SELECT * FROM payment_lines WHERE id = $1";
    LINES = "SELECT * FROM payment_lines WHERE batch_id = $1 ORDER BY line_no";
    LINE_BY_KEY = "SELECT id, content_sha256 FROM payment_lines WHERE batch_id = $1 AND key = $2";
    LINE_BY_REFERENCE = "SELECT l.id, b.payer_mark FROM payment_lines l JOIN payment_batches b ON b.id = l.batch_id \
        WHERE l.reference = $1 AND b.out_at IS NOT NULL";
    LINE_MARKS = "SELECT l.account_mark, l.amount_fen, b.payer_mark FROM payment_lines l \
        JOIN payment_batches b ON b.id = l.batch_id WHERE l.id = $1";
    LINE_TO_CHANGE = "SELECT l.id, l.batch_id, l.amount_fen, l.book_account, l.state, l.trouble, l.paid_fen, \
        l.returned_fen, l.hold_key, l.acts, b.source_account, b.place_code, b.key AS batch_key, l.line_no \
        FROM payment_lines l JOIN payment_batches b ON b.id = l.batch_id WHERE l.id = $1";
    LINES_TO_CHANGE = "SELECT l.id, l.batch_id, l.amount_fen, l.book_account, l.state, l.trouble, l.paid_fen, \
        l.returned_fen, l.hold_key, l.acts, b.source_account, b.place_code, b.key AS batch_key, l.line_no \
        FROM payment_lines l JOIN payment_batches b ON b.id = l.batch_id WHERE l.batch_id = $1 ORDER BY l.line_no";
    LINES_AFTER = "SELECT l.id, l.batch_id, l.amount_fen, l.book_account, l.state, l.trouble, l.paid_fen, \
        l.returned_fen, l.hold_key, l.acts, b.source_account, b.place_code, b.key AS batch_key, l.line_no, \
        b.state AS batch_state FROM payment_lines l JOIN payment_batches b ON b.id = l.batch_id WHERE l.id > $1 \
        ORDER BY l.id LIMIT $2";
    SEALED_PAYERS = "SELECT id AS id, id AS owner, payer_sealed AS sealed FROM payment_batches \
        WHERE id > $1 AND payer_sealed IS NOT NULL ORDER BY id LIMIT $2";
    PUT_PAYERS = "UPDATE payment_batches SET payer_sealed = $2 WHERE id = $1";
    SEALED_PAYEES = "SELECT id AS id, id AS owner, payee_sealed AS sealed FROM payment_lines \
        WHERE id > $1 ORDER BY id LIMIT $2";
    PUT_PAYEES = "UPDATE payment_lines SET payee_sealed = $2 WHERE id = $1";
    SEALED_ACCOUNTS = "SELECT id AS id, id AS owner, account_sealed AS sealed FROM payment_lines \
        WHERE id > $1 AND account_sealed IS NOT NULL ORDER BY id LIMIT $2";
    PUT_ACCOUNTS = "UPDATE payment_lines SET account_sealed = $2 WHERE id = $1";
    INSERT_LINE = "INSERT INTO payment_lines (id, batch_id, line_no, key, reference, payee_sealed, payee_masked, \
        bank_code, account_sealed, account_masked, account_mark, amount_fen, purpose, remittance, book_account, \
        content_sha256, state, paid_fen, returned_fen, acts, added_by, changed_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 'waiting', 0, 0, 0, $17, $18)";
    CHANGE_LINE = "UPDATE payment_lines SET state = $2, trouble = $3, paid_fen = $4, returned_fen = $5, hold_key = $6, \
        acts = $7, changed_at = $8 WHERE id = $1";
    CANDIDATES = "SELECT l.id FROM payment_lines l JOIN payment_batches b ON b.id = l.batch_id \
        WHERE l.account_mark = $1 AND l.amount_fen = $2 AND b.payer_mark = $3 AND b.out_at IS NOT NULL \
        AND NOT EXISTS (SELECT 1 FROM payment_sayings s WHERE s.line_id = l.id AND s.source = $4 AND s.says = $5 \
          AND s.matched_by <> 'account') ORDER BY l.id";

    ANSWER = "SELECT sha256, message, message_id, said, taken_at, taken_by FROM payment_answers WHERE sha256 = $1";
    ANSWERS = "SELECT sha256, message, message_id, said, taken_at, taken_by FROM payment_answers \
        ORDER BY taken_at DESC, sha256 DESC LIMIT $1";
    ANSWERS_BEFORE = "SELECT sha256, message, message_id, said, taken_at, taken_by FROM payment_answers \
        WHERE (taken_at, sha256) < (SELECT taken_at, sha256 FROM payment_answers WHERE sha256 = $1) \
        ORDER BY taken_at DESC, sha256 DESC LIMIT $2";
    INSERT_ANSWER = "INSERT INTO payment_answers (sha256, message, message_id, said, taken_at, taken_by) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    SAID_BEFORE = "SELECT id FROM payment_sayings WHERE said_sha256 = $1";
    RECEIPT_USED = "SELECT s.id FROM payment_sayings s JOIN payment_lines l ON l.id = s.line_id \
        WHERE s.source = 'receipt' AND s.bank_reference = $1 AND l.batch_id = $2";
    SAYING = "SELECT * FROM payment_sayings WHERE id = $1";
    SAYINGS_OF_LINE = "SELECT source, says, amount_fen FROM payment_sayings WHERE line_id = $1 ORDER BY id";
    TOLD_OF_LINE = "SELECT * FROM payment_sayings WHERE line_id = $1 ORDER BY id";
    TOLD_BY_FILE = "SELECT * FROM payment_sayings WHERE file_sha256 = $1 AND source <> 'receipt' ORDER BY id LIMIT $2";
    OPEN_SAYINGS = "SELECT * FROM payment_sayings WHERE line_id IS NULL AND closed_at IS NULL AND id > $1 \
        ORDER BY id LIMIT $2";
    WITHOUT_REFERENCE = "SELECT id, line_id FROM payment_sayings WHERE account_mark = $1 AND amount_fen = $2 \
        AND payer_mark = $3 AND source = $4 AND says = $5 AND closed_at IS NULL \
        AND (matched_by IS NULL OR matched_by = 'account') ORDER BY id";
    INSERT_SAYING = "INSERT INTO payment_sayings (id, said_sha256, file_sha256, source, says, code, text, payer_mark, \
        reference, account_mark, account_masked, amount_fen, booked_on, bank_reference, witness, taken_at, line_id, \
        matched_by, trouble) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)";
    GIVE_SAYING = "UPDATE payment_sayings SET line_id = $2, matched_by = $3, trouble = $4 WHERE id = $1";
    CLOSE_SAYING = "UPDATE payment_sayings SET closed_at = $2, closed_by = $3, closed_note = $4 \
        WHERE id = $1 AND closed_at IS NULL AND line_id IS NULL";
}

/// A batch as commands need it.
pub(super) struct BatchRow {
    pub id: BatchId,
    pub key: String,
    pub method: Method,
    pub place: Option<PlaceCode>,
    pub source: AccountCode,
    pub execute_on: String,
    pub payer_name: String,
    pub payer_bank: Option<String>,
    pub payer_sealed: Option<String>,
    pub state: BatchState,
    pub made_by: String,
    pub prepared_by: Option<String>,
    pub approved_at: Option<Timestamp>,
    pub file_sha256: Option<String>,
    pub cancel_reason: Option<String>,
}

impl BatchRow {
    pub fn from_row(row: &Row) -> Result<Self, Refusal> {
        Ok(Self {
            id: row.text("id")?.parse()?,
            key: row.text("key")?,
            method: Method::stored(&row.text("method")?)?,
            place: place(row)?,
            source: row.text("source_account")?.parse()?,
            execute_on: row.text("execute_on")?,
            payer_name: row.text("payer_name")?,
            payer_bank: row.opt_text("payer_bank")?,
            payer_sealed: row.opt_text("payer_sealed")?,
            state: BatchState::stored(&row.text("state")?)?,
            made_by: row.text("made_by")?,
            prepared_by: row.opt_text("prepared_by")?,
            approved_at: instant(row, "approved_at")?,
            file_sha256: row.opt_text("file_sha256")?,
            cancel_reason: row.opt_text("cancel_reason")?,
        })
    }
}

/// A line as commands that change it need it.
pub(super) struct LineRow {
    pub id: LineId,
    pub batch: BatchId,
    pub batch_key: String,
    pub number: i64,
    pub place: Option<PlaceCode>,
    pub amount: Money,
    pub charge: AccountCode,
    pub source: AccountCode,
    pub state: LineState,
    pub trouble: Option<String>,
    pub paid: Money,
    pub returned: Money,
    pub hold: Option<String>,
    pub acts: i64,
}

impl LineRow {
    pub fn from_row(row: &Row) -> Result<Self, Refusal> {
        Ok(Self {
            id: row.text("id")?.parse()?,
            batch: row.text("batch_id")?.parse()?,
            batch_key: row.text("batch_key")?,
            number: row.int("line_no")?,
            place: place(row)?,
            amount: money(row, "amount_fen")?,
            charge: row.text("book_account")?.parse()?,
            source: row.text("source_account")?.parse()?,
            state: LineState::stored(&row.text("state")?)?,
            trouble: row.opt_text("trouble")?,
            paid: money(row, "paid_fen")?,
            returned: money(row, "returned_fen")?,
            hold: row.opt_text("hold_key")?,
            acts: row.int("acts")?,
        })
    }
}

/// A saying to keep.
#[derive(Clone, Debug)]
pub(super) struct SayingRow {
    pub id: SayingId,
    /// What makes it one and the same, wherever it is told again.
    pub said_sha256: String,
    pub file_sha256: String,
    pub source: Source,
    pub says: Says,
    pub code: Option<String>,
    pub text: String,
    pub payer_mark: Option<String>,
    pub reference: Option<String>,
    pub account_mark: Option<String>,
    pub account_masked: Option<String>,
    pub amount: Option<Money>,
    pub booked_on: Option<String>,
    pub bank_reference: Option<String>,
    pub witness: Option<String>,
    pub line: Option<(LineId, MatchedBy)>,
    pub trouble: Option<&'static str>,
}

pub(super) fn place(row: &Row) -> Result<Option<PlaceCode>, Refusal> {
    row.opt_int("place_code")?.map(PlaceCode::try_from).transpose()
}

pub(super) fn money(row: &Row, column: &str) -> Result<Money, Refusal> {
    row.int(column).map(Money::from_fen)
}

pub(super) fn instant(row: &Row, column: &str) -> Result<Option<Timestamp>, Refusal> {
    row.opt_int(column)?.map(|_| row.instant(column)).transpose()
}

pub(super) fn no_such_batch(id: BatchId) -> Refusal {
    Refusal::new("payments.no_such_batch", Fault::Missing).value(id)
}

pub(super) fn no_such_line(id: LineId) -> Refusal {
    Refusal::new("payments.no_such_line", Fault::Missing).value(id)
}

pub(super) async fn load_batch(ctx: &mut Ctx, id: BatchId) -> Result<BatchRow, Refusal> {
    let row = ctx.row(BATCH, args![id.as_uuid()]).await?;
    BatchRow::from_row(&row.ok_or_else(|| no_such_batch(id))?)
}

pub(super) async fn load_line(ctx: &mut Ctx, id: LineId) -> Result<LineRow, Refusal> {
    let row = ctx.row(LINE_TO_CHANGE, args![id.as_uuid()]).await?;
    LineRow::from_row(&row.ok_or_else(|| no_such_line(id))?)
}

pub(super) async fn load_lines(ctx: &mut Ctx, batch: BatchId) -> Result<Vec<LineRow>, Refusal> {
    let rows = ctx.rows(LINES_TO_CHANGE, args![batch.as_uuid()]).await?;
    rows.iter().map(LineRow::from_row).collect()
}

/// The ids in the first column of an answer.
pub(super) async fn people(
    ctx: &mut Ctx,
    sql: &'static str,
    column: &str,
    id: BatchId,
) -> Result<Vec<String>, Refusal> {
    let rows = ctx.rows(sql, args![id.as_uuid()]).await?;
    rows.iter().map(|row| row.text(column)).collect()
}

pub(super) async fn save_line(ctx: &mut Ctx, line: &LineRow) -> Result<(), Refusal> {
    let now = ctx.now();
    let args = args![
        line.id.as_uuid(),
        line.state.as_str(),
        line.trouble.clone(),
        line.paid,
        line.returned,
        line.hold.clone(),
        line.acts,
        now
    ];
    ctx.execute_one(CHANGE_LINE, args).await
}

pub(super) async fn insert_saying(ctx: &mut Ctx, saying: &SayingRow) -> Result<(), Refusal> {
    let now = ctx.now();
    let args = args![
        saying.id.as_uuid(),
        &saying.said_sha256,
        &saying.file_sha256,
        saying.source.as_str(),
        saying.says.as_str(),
        saying.code.clone(),
        &saying.text,
        saying.payer_mark.clone(),
        saying.reference.clone(),
        saying.account_mark.clone(),
        saying.account_masked.clone(),
        saying.amount,
        saying.booked_on.clone(),
        saying.bank_reference.clone(),
        saying.witness.clone(),
        now,
        saying.line.map(|(line, _)| line.as_uuid()),
        saying.line.map(|(_, by)| by.as_str()),
        saying.trouble,
    ];
    ctx.execute_one(INSERT_SAYING, args).await
}
