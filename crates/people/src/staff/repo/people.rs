//! Users and grants.

use super::statements;

statements! {
    USERS = "SELECT id, login, display_name, added_at, disabled_at, (SELECT set_at FROM user_organisation_only o \
        WHERE o.user_id = users.id AND o.lifted_at IS NULL) AS organisation_only_since FROM users ORDER BY login_folded";
    USER_BY_ID = "SELECT id, login, display_name, added_at, disabled_at, (SELECT set_at FROM user_organisation_only o \
        WHERE o.user_id = users.id AND o.lifted_at IS NULL) AS organisation_only_since FROM users WHERE id = $1";
    USER_BY_LOGIN = "SELECT id, login, display_name, added_at, disabled_at, (SELECT set_at FROM user_organisation_only o \
        WHERE o.user_id = users.id AND o.lifted_at IS NULL) AS organisation_only_since FROM users WHERE login_folded = $1";
    ANY_USER = "SELECT id FROM users LIMIT 1";
    INSERT_USER = "INSERT INTO users (id, login, login_folded, display_name, added_at, added_by) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    RENAME_USER = "UPDATE users SET display_name = $2 WHERE id = $1";
    DISABLE_USER = "UPDATE users SET disabled_at = $2, disabled_by = $3 WHERE id = $1 AND disabled_at IS NULL";
    ENABLE_USER = "UPDATE users SET disabled_at = NULL, disabled_by = NULL WHERE id = $1 AND disabled_at IS NOT NULL";

    SET_ORGANISATION_ONLY = "INSERT INTO user_organisation_only (id, user_id, set_at, set_by) VALUES ($1, $2, $3, $4)";
    LIFT_ORGANISATION_ONLY = "UPDATE user_organisation_only SET lifted_at = $2, lifted_by = $3 \
        WHERE user_id = $1 AND lifted_at IS NULL";

    GRANTS = "SELECT id, user_id, role, place_code, granted_at, granted_by FROM user_grants \
        WHERE revoked_at IS NULL ORDER BY granted_at, id";
    GRANTS_OF_USER = "SELECT id, user_id, role, place_code, granted_at, granted_by FROM user_grants \
        WHERE user_id = $1 AND revoked_at IS NULL ORDER BY granted_at, id";
    GRANT_IN_FORCE = "SELECT id FROM user_grants WHERE user_id = $1 AND role = $2 \
        AND COALESCE(place_code, 0) = COALESCE($3, 0) AND revoked_at IS NULL";
    INSERT_GRANT = "INSERT INTO user_grants (id, user_id, role, place_code, granted_at, granted_by) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    REVOKE_GRANT = "UPDATE user_grants SET revoked_at = $2, revoked_by = $3 WHERE id = $1 AND revoked_at IS NULL";
    OTHER_ADMINS = "SELECT g.id FROM user_grants g JOIN users u ON u.id = g.user_id \
        WHERE g.role = 'admin' AND g.revoked_at IS NULL AND u.disabled_at IS NULL AND g.user_id <> $1 LIMIT 1";
}
