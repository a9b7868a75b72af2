//! Every SQL statement of this crate, once. A statement is written in the common ground of SQLite and PostgreSQL:
//! `$1` placeholders, text, 64-bit whole numbers, `RETURNING`, `ON CONFLICT`. The macro that names a statement also
//! puts it on the list that a test prepares on both databases, so none can be forgotten.

macro_rules! statements {
    ($list:ident: $($name:ident = $sql:expr;)*) => {
        $(pub(crate) const $name: &str = $sql;)*
        /// The statements above, by name.
        pub(crate) const $list: &[(&str, &str)] = &[$((stringify!($name), $name)),*];
    };
}

/// A page of jobs: `$1` is the last one of the page before, `$2` how many. By a column other than the id, `$1` is empty
/// for the first page.
macro_rules! jobs_page {
    ($which:expr, $order:expr) => {
        concat!(
            "SELECT id, kind, dedup_key, payload, state, due_at, attempts, progress_done, progress_total, error_code, \
             asked_by, asked_at, changed_at, (SELECT found.result FROM job_results found WHERE found.job_id = jobs.id) \
             AS result FROM jobs WHERE ", $which, " ORDER BY ", $order, " LIMIT $2"
        )
    };
    (after $column:literal, $is:literal, $order:literal) => {
        jobs_page!(
            concat!(
                "($1 = '' OR (", $column, ", id) ", $is, " (SELECT last.", $column,
                ", last.id FROM jobs last WHERE last.id = $1))"
            ),
            concat!($column, $order, ", id", $order)
        )
    };
}

statements! { COMMON:
    MIGRATIONS_APPLIED = "SELECT name, sha256 FROM schema_migrations ORDER BY name";
    MIGRATION_NOTE = "INSERT INTO schema_migrations (name, sha256, applied_at) VALUES ($1, $2, $3)";

    FACT_HEAD = "SELECT seq, hash FROM fact_heads WHERE one = 1";
    FACT_INSERT = "INSERT INTO facts (seq, id, kind, recorded_at, actor, actor_role, place_code, amount_fen, \
        evidence, body, previous_hash, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    FACTS_AFTER = "SELECT seq, id, kind, recorded_at, actor, actor_role, place_code, amount_fen, evidence, body, \
        previous_hash, hash FROM facts WHERE seq > $1 ORDER BY seq LIMIT $2";

    FACT = "SELECT seq, id, kind, recorded_at, actor, actor_role, place_code, amount_fen, evidence, body, \
        previous_hash, hash FROM facts WHERE id = $1";
    FACTS_OF_KIND_AFTER = "SELECT seq, id, kind, recorded_at, actor, actor_role, place_code, amount_fen, evidence, body, \
        previous_hash, hash FROM facts WHERE kind = $1 AND seq > $2 ORDER BY seq LIMIT $3";

    JOB_BY_KEY = "SELECT id, state FROM jobs WHERE kind = $1 AND dedup_key = $2";
    JOB_INSERT = "INSERT INTO jobs (id, kind, dedup_key, payload, state, due_at, attempts, progress_done, \
        progress_total, asked_by, asked_at, changed_at) VALUES ($1, $2, $3, $4, 'waiting', $5, 0, 0, 0, $6, $5, $5)";
    JOB_START_AGAIN = "UPDATE jobs SET payload = $2, state = 'waiting', due_at = $3, attempts = 0, \
        progress_done = 0, progress_total = 0, error_code = NULL, asked_by = $4, asked_at = $3, changed_at = $3 \
        WHERE id = $1 AND state = 'failed'";
    JOBS_GIVE_UP = "UPDATE jobs SET state = 'failed', lease = NULL, lease_until = NULL, error_code = $1, \
        changed_at = $2 WHERE kind = $3 AND state = 'running' AND lease_until <= $2 AND attempts >= $4";
    JOB_PROGRESS = "UPDATE jobs SET progress_done = $3, progress_total = $4, lease_until = $5, changed_at = $6 \
        WHERE id = $1 AND lease = $2";
    JOB_FINISH = "UPDATE jobs SET state = 'finished', lease = NULL, lease_until = NULL, error_code = NULL, \
        changed_at = $3 WHERE id = $1 AND lease = $2";
    JOB_FAIL = "UPDATE jobs SET state = $3, lease = NULL, lease_until = NULL, error_code = $4, due_at = $5, \
        changed_at = $6 WHERE id = $1 AND lease = $2";
    JOBS_NEWEST = "SELECT id, kind, dedup_key, payload, state, due_at, attempts, progress_done, progress_total, \
        error_code, asked_by, asked_at, changed_at, (SELECT found.result FROM job_results found WHERE found.job_id = jobs.id) AS result \
        FROM jobs ORDER BY asked_at DESC, id DESC LIMIT $1";
    JOBS_FROM_NEWEST = jobs_page!("id < $1", "id DESC");
    JOBS_FROM_OLDEST = jobs_page!("id > $1", "id");
    JOBS_BY_KIND = jobs_page!(after "kind", ">", "");
    JOBS_BY_KIND_FALLING = jobs_page!(after "kind", "<", " DESC");
    JOBS_BY_STATE_NAME = jobs_page!(after "state", ">", "");
    JOBS_BY_STATE_NAME_FALLING = jobs_page!(after "state", "<", " DESC");
    JOB_NEWEST = "SELECT id, kind, dedup_key, payload, state, due_at, attempts, progress_done, progress_total, \
        error_code, asked_by, asked_at, changed_at, (SELECT found.result FROM job_results found WHERE found.job_id = jobs.id) AS result \
        FROM jobs WHERE kind = $1 ORDER BY id DESC LIMIT 1";
    JOB_OF_KEY = "SELECT id, kind, dedup_key, payload, state, due_at, attempts, progress_done, progress_total, \
        error_code, asked_by, asked_at, changed_at, (SELECT found.result FROM job_results found WHERE found.job_id = jobs.id) AS result \
        FROM jobs WHERE kind = $1 AND dedup_key = $2";
    JOB_RESULT = "INSERT INTO job_results (job_id, result) SELECT id, $3 FROM jobs WHERE id = $1 AND lease = $2 \
        ON CONFLICT (job_id) DO UPDATE SET result = excluded.result";
    JOBS_BY_STATE = "SELECT state, COUNT(*) AS jobs FROM jobs GROUP BY state";
    JOB_BY_ID = "SELECT id, kind, dedup_key, payload, state, due_at, attempts, progress_done, progress_total, \
        error_code, asked_by, asked_at, changed_at, (SELECT found.result FROM job_results found WHERE found.job_id = jobs.id) AS result \
        FROM jobs WHERE id = $1";
}

statements! { ONLY_SQLITE:
    SQLITE_BEGIN = "BEGIN IMMEDIATE";
    SQLITE_MIGRATIONS_TABLE = "CREATE TABLE IF NOT EXISTS schema_migrations (name TEXT PRIMARY KEY, \
        sha256 TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT";
    SQLITE_JOB_CLAIM = "UPDATE jobs SET state = 'running', attempts = attempts + 1, lease = $1, lease_until = $2, \
        changed_at = $3 WHERE id = (SELECT id FROM jobs WHERE kind = $4 AND ((state = 'waiting' AND due_at <= $3) \
        OR (state = 'running' AND lease_until <= $3)) ORDER BY due_at, id LIMIT 1) RETURNING id, payload, attempts";
    SQLITE_BACKUP = "VACUUM INTO $1";
    SQLITE_CHECK = "PRAGMA integrity_check(100)";
}

statements! { ONLY_POSTGRES:
    POSTGRES_BEGIN = "BEGIN";
    POSTGRES_LOCK = "SELECT pg_advisory_xact_lock($1)";
    POSTGRES_MIGRATIONS_TABLE = "CREATE TABLE IF NOT EXISTS schema_migrations (name TEXT COLLATE \"C\" PRIMARY KEY, \
        sha256 TEXT NOT NULL, applied_at BIGINT NOT NULL)";
    POSTGRES_JOB_CLAIM = "UPDATE jobs SET state = 'running', attempts = attempts + 1, lease = $1, lease_until = $2, \
        changed_at = $3 WHERE id = (SELECT id FROM jobs WHERE kind = $4 AND ((state = 'waiting' AND due_at <= $3) \
        OR (state = 'running' AND lease_until <= $3)) ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) \
        RETURNING id, payload, attempts";
}

/// What stands before rows that are to be inserted, and filtered after them.
pub(crate) const GIVEN_ROWS: &str = " SELECT * FROM (VALUES (";

pub(crate) const SAVEPOINT: &str = "SAVEPOINT command";
pub(crate) const SAVEPOINT_KEEP: &str = "RELEASE SAVEPOINT command";
pub(crate) const SAVEPOINT_UNDO: &str = "ROLLBACK TO SAVEPOINT command";
pub(crate) const COMMIT: &str = "COMMIT";
pub(crate) const ROLLBACK: &str = "ROLLBACK";
pub(crate) const POSTGRES_SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
pub(crate) const POSTGRES_INSIDE: &str = "SELECT now() <> statement_timestamp() AS inside";
