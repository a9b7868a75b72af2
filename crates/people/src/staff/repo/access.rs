//! Passwords, tries, locks, sessions and one-time links.

use super::statements;

statements! {
    PASSWORD_OF_USER = "SELECT hash FROM user_passwords p WHERE user_id = $1 AND NOT EXISTS \
        (SELECT 1 FROM user_organisation_only o WHERE o.user_id = p.user_id AND o.lifted_at IS NULL)";
    SET_PASSWORD = "INSERT INTO user_passwords (user_id, hash, set_at) VALUES ($1, $2, $3) \
        ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, set_at = excluded.set_at";

    LOCKED = "SELECT id FROM sign_in_locks WHERE tried = $1 AND until_at > $2 LIMIT 1";
    INSERT_LOCK = "INSERT INTO sign_in_locks (id, tried, locked_at, until_at) VALUES ($1, $2, $3, $4)";
    FAILURES = "SELECT COUNT(*) AS failures, MAX(failed_at) AS last_at FROM sign_in_failures \
        WHERE tried = $1 AND failed_at > $2";
    INSERT_FAILURE = "INSERT INTO sign_in_failures (id, tried, failed_at) VALUES ($1, $2, $3)";
    FORGET_FAILURES = "DELETE FROM sign_in_failures WHERE tried = $1";
    FORGET_FAILURE = "DELETE FROM sign_in_failures WHERE id = $1";
    SWEEP_FAILURES = "DELETE FROM sign_in_failures WHERE failed_at < $1";

    INSERT_SESSION = "INSERT INTO user_sessions (id, user_id, token_sha256, csrf, means, address_sha256, began_at, \
        seen_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)";
    SESSION_BY_TOKEN = "SELECT id, user_id, csrf, seen_at, expires_at FROM user_sessions \
        WHERE token_sha256 = $1 AND ended_at IS NULL";
    SESSIONS_OF_USER = "SELECT id, means, began_at, seen_at, expires_at FROM user_sessions \
        WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2 AND seen_at > $3 ORDER BY began_at DESC, id DESC";
    SESSION_SEEN = "UPDATE user_sessions SET seen_at = $2 WHERE id = $1 AND ended_at IS NULL AND seen_at < $2";
    RENEW_SESSION = "UPDATE user_sessions SET token_sha256 = $2, csrf = $3, seen_at = $4 \
        WHERE token_sha256 = $1 AND ended_at IS NULL AND expires_at > $4 AND seen_at > $5 \
        RETURNING id, user_id, expires_at";
    END_SESSION = "UPDATE user_sessions SET ended_at = $3, ended_by = $4 \
        WHERE id = $1 AND user_id = $2 AND ended_at IS NULL";
    END_SESSION_BY_TOKEN = "UPDATE user_sessions SET ended_at = $2, ended_by = user_id \
        WHERE token_sha256 = $1 AND ended_at IS NULL";
    END_SESSIONS_OF_USER = "UPDATE user_sessions SET ended_at = $2, ended_by = $3 \
        WHERE user_id = $1 AND ended_at IS NULL";

    INSERT_LINK = "INSERT INTO user_links (id, user_id, sha256, made_at, made_by, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    LINK_IN_FORCE = "SELECT l.user_id AS user_id, l.expires_at AS expires_at FROM user_links l \
        JOIN users u ON u.id = l.user_id WHERE l.sha256 = $1 AND l.used_at IS NULL AND l.withdrawn_at IS NULL \
        AND l.expires_at > $2 AND u.disabled_at IS NULL";
    USE_LINK = "UPDATE user_links SET used_at = $2 \
        WHERE sha256 = $1 AND used_at IS NULL AND withdrawn_at IS NULL AND expires_at > $2 RETURNING user_id";
    WITHDRAW_LINKS = "UPDATE user_links SET withdrawn_at = $2 \
        WHERE user_id = $1 AND used_at IS NULL AND withdrawn_at IS NULL";
}
