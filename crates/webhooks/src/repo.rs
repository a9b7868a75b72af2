//! Every statement on webhooks, in the common ground of both databases; a test prepares each on both.

use store::SealedColumn;

macro_rules! statements {
    ($($name:ident = $sql:expr;)*) => {
        $(pub(crate) const $name: &str = $sql;)*
        /// The statements on webhooks.
        pub const STATEMENTS: &[&str] = &[$($name),*];
    };
}

statements! {
    SEALED_SECRETS = "SELECT id, url AS owner, sealed_secret AS sealed FROM webhook_subscriptions WHERE id > $1 ORDER BY id LIMIT $2";
    PUT_SECRETS = "UPDATE webhook_subscriptions SET sealed_secret = $2 WHERE id = $1";
    INSERT_SUBSCRIPTION = "INSERT INTO webhook_subscriptions (id, url, events, sealed_secret, made_at, made_by) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    SUBSCRIPTIONS = "SELECT id, url, events, made_at, made_by, failing_since, disabled_at, sealed_secret \
        FROM webhook_subscriptions WHERE removed_at IS NULL ORDER BY made_at, id";
    SUBSCRIPTION = "SELECT id, url, events, made_at, made_by, failing_since, disabled_at, sealed_secret \
        FROM webhook_subscriptions WHERE id = $1 AND removed_at IS NULL";
    REMOVE_SUBSCRIPTION = "UPDATE webhook_subscriptions SET removed_at = $2, removed_by = $3 \
        WHERE id = $1 AND removed_at IS NULL";
    ENABLE_SUBSCRIPTION = "UPDATE webhook_subscriptions SET disabled_at = NULL, failing_since = NULL \
        WHERE id = $1 AND removed_at IS NULL AND disabled_at IS NOT NULL";
    DISABLE_SUBSCRIPTION = "UPDATE webhook_subscriptions SET disabled_at = $2 \
        WHERE id = $1 AND removed_at IS NULL AND disabled_at IS NULL";
    SUBSCRIPTION_WORKS = "UPDATE webhook_subscriptions SET failing_since = NULL WHERE id = $1";
    SUBSCRIPTION_FAILS = "UPDATE webhook_subscriptions SET failing_since = $2 WHERE id = $1 AND failing_since IS NULL";

    INSERT_DELIVERY = "INSERT INTO webhook_deliveries (id, subscription_id, message_id, event, body, made_at, state) \
        VALUES ($1, $2, $3, $4, $5, $6, 'waiting')";
    DELIVERY = "SELECT id, subscription_id, message_id, event, body, made_at, state FROM webhook_deliveries WHERE id = $1";
    DELIVERIES_BEFORE = "SELECT id, subscription_id, message_id, event, body, made_at, state FROM webhook_deliveries \
        WHERE subscription_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    END_DELIVERY = "UPDATE webhook_deliveries SET state = $2, ended_at = $3 WHERE id = $1 AND state = 'waiting'";

    INSERT_ATTEMPT = "INSERT INTO webhook_attempts (delivery_id, attempt, tried_at, took_ms, status, error_code) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    ATTEMPTS = "SELECT attempt, tried_at, took_ms, status, error_code FROM webhook_attempts \
        WHERE delivery_id = $1 ORDER BY attempt";

    CURSOR = "SELECT seq FROM webhook_cursor WHERE one = 1";
    START_CURSOR = "INSERT INTO webhook_cursor (one, seq) VALUES (1, $1) ON CONFLICT (one) DO NOTHING";
    MOVE_CURSOR = "UPDATE webhook_cursor SET seq = $2 WHERE one = 1 AND seq = $1";
}

/// What of webhooks is sealed under the key of the data folder: secrets, each for its address.
pub const SEALED: [SealedColumn; 1] = [SealedColumn {
    name: "webhook_subscriptions.sealed_secret",
    page: SEALED_SECRETS,
    put: PUT_SECRETS,
    owner: |url| url.to_owned(),
}];
