//! The audit log.

use super::statements;

statements! {
    NEXT_AUDIT_SEQ = "SELECT COALESCE(MAX(seq), 0) + 1 AS seq FROM staff_audit";
    INSERT_AUDIT = "INSERT INTO staff_audit (seq, at, user_id, action, subject, place_code, outcome, request_id, \
        address_sha256) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    AUDIT_PAGE = "SELECT seq, at, user_id, action, subject, place_code, outcome, request_id, address_sha256 \
        FROM staff_audit WHERE seq < $1 ORDER BY seq DESC LIMIT $2";
    AUDIT_PAGE_OF_USER = "SELECT seq, at, user_id, action, subject, place_code, outcome, request_id, address_sha256 \
        FROM staff_audit WHERE seq < $1 AND user_id = $3 ORDER BY seq DESC LIMIT $2";
    AUDIT_PAGE_OF_ACTION = "SELECT seq, at, user_id, action, subject, place_code, outcome, request_id, address_sha256 \
        FROM staff_audit WHERE seq < $1 AND action = $3 ORDER BY seq DESC LIMIT $2";
    AUDIT_PAGE_OF_BOTH = "SELECT seq, at, user_id, action, subject, place_code, outcome, request_id, address_sha256 \
        FROM staff_audit WHERE seq < $1 AND user_id = $3 AND action = $4 ORDER BY seq DESC LIMIT $2";
}
