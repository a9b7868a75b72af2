//! The audit log.

use super::statements;

/// A page of the log, of the rows that also fit `$and`: `$1` is the last number of the page before, `$2` how many rows.
macro_rules! page {
    (falling, $and:literal) => {
        page!("< $1", $and, " DESC")
    };
    (rising, $and:literal) => {
        page!("> $1", $and, "")
    };
    ($is:literal, $and:literal, $order:literal) => {
        concat!(
            "SELECT seq, at, user_id, action, subject, place_code, outcome, request_id, address_sha256 \
             FROM staff_audit WHERE seq ",
            $is,
            $and,
            " ORDER BY seq",
            $order,
            " LIMIT $2"
        )
    };
}

statements! {
    NEXT_AUDIT_SEQ = "SELECT COALESCE(MAX(seq), 0) + 1 AS seq FROM staff_audit";
    INSERT_AUDIT = "INSERT INTO staff_audit (seq, at, user_id, action, subject, place_code, outcome, request_id, \
        address_sha256) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    AUDIT_PAGE = page!(falling, "");
    AUDIT_PAGE_RISING = page!(rising, "");
    AUDIT_PAGE_OF_USER = page!(falling, " AND user_id = $3");
    AUDIT_PAGE_OF_USER_RISING = page!(rising, " AND user_id = $3");
    AUDIT_PAGE_OF_ACTION = page!(falling, " AND action = $3");
    AUDIT_PAGE_OF_ACTION_RISING = page!(rising, " AND action = $3");
    AUDIT_PAGE_OF_BOTH = page!(falling, " AND user_id = $3 AND action = $4");
    AUDIT_PAGE_OF_BOTH_RISING = page!(rising, " AND user_id = $3 AND action = $4");
}
