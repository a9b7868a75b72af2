//! The statements on kept answers, in the common ground of both databases.

pub(super) const SWEEP: &str =
    "DELETE FROM api_answers WHERE made_at < $1 OR (status IS NULL AND made_at < $2)";
pub(super) const RESERVE: &str = "INSERT INTO api_answers (user_id, request_key, fingerprint, made_at) \
    VALUES ($1, $2, $3, $4) ON CONFLICT (user_id, request_key) DO NOTHING";
pub(super) const FIND: &str =
    "SELECT fingerprint, status, body FROM api_answers WHERE user_id = $1 AND request_key = $2";
pub(super) const KEEP: &str = "UPDATE api_answers SET status = $3, body = $4 \
    WHERE user_id = $1 AND request_key = $2 AND status IS NULL";
pub(super) const RELEASE: &str =
    "DELETE FROM api_answers WHERE user_id = $1 AND request_key = $2 AND status IS NULL";
