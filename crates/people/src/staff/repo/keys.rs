//! Passkeys, their challenges, and API keys.

use super::statements;

statements! {
    INSERT_CHALLENGE = "INSERT INTO passkey_challenges (sha256, user_id, expires_at) VALUES ($1, $2, $3)";
    TAKE_CHALLENGE = "DELETE FROM passkey_challenges WHERE sha256 = $1 RETURNING user_id, expires_at";
    SWEEP_CHALLENGES = "DELETE FROM passkey_challenges WHERE expires_at <= $1";

    INSERT_PASSKEY = "INSERT INTO user_passkeys (id, user_id, credential_id, name, public_key, sign_count, backed_up, \
        added_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    PASSKEY_BY_CREDENTIAL = "SELECT p.id AS id, p.user_id AS user_id, p.public_key AS public_key, \
        p.sign_count AS sign_count FROM user_passkeys p JOIN users u ON u.id = p.user_id \
        WHERE p.credential_id = $1 AND p.removed_at IS NULL AND u.disabled_at IS NULL AND NOT EXISTS \
        (SELECT 1 FROM user_organisation_only o WHERE o.user_id = p.user_id AND o.lifted_at IS NULL)";
    CREDENTIAL_KNOWN = "SELECT id FROM user_passkeys WHERE credential_id = $1";
    PASSKEY_USED = "UPDATE user_passkeys SET sign_count = $2, backed_up = $3, used_at = $4 \
        WHERE id = $1 AND removed_at IS NULL";
    PASSKEYS_OF_USER = "SELECT id, credential_id, name, backed_up, added_at, used_at FROM user_passkeys \
        WHERE user_id = $1 AND removed_at IS NULL ORDER BY added_at, id";
    REMOVE_PASSKEY = "UPDATE user_passkeys SET removed_at = $3, removed_by = $4 \
        WHERE id = $1 AND user_id = $2 AND removed_at IS NULL";

    INSERT_API_KEY = "INSERT INTO api_keys (id, user_id, name, sha256, scopes, made_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    API_KEY_IN_FORCE = "SELECT id, user_id, scopes, last_used_on FROM api_keys \
        WHERE sha256 = $1 AND revoked_at IS NULL AND expires_at > $2";
    API_KEY_USED = "UPDATE api_keys SET last_used_on = $2 WHERE id = $1";
    API_KEYS_OF_USER = "SELECT id, name, scopes, made_at, expires_at, last_used_on, revoked_at FROM api_keys \
        WHERE user_id = $1 ORDER BY made_at DESC, id DESC";
    REVOKE_API_KEY = "UPDATE api_keys SET revoked_at = $3, revoked_by = $4 \
        WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL";
}
