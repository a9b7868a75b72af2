//! Every statement of this crate, in the common ground of both databases; a test prepares each on both.

use store::SealedColumn;

macro_rules! statements {
    ($($name:ident = $sql:expr;)*) => {
        $(pub(crate) const $name: &str = $sql;)*
        /// The statements of sign-in by organisations.
        pub const STATEMENTS: &[&str] = &[$($name),*];
    };
}

statements! {
    PROVIDERS = "SELECT id, name, title, issuer, client_id, sealed_secret, scope, claim, added_at, \
        (SELECT COUNT(*) FROM oidc_identities i WHERE i.provider_id = p.id AND i.ended_at IS NULL \
            AND i.linked_at IS NOT NULL) AS linked, \
        (SELECT COUNT(*) FROM oidc_identities i WHERE i.provider_id = p.id AND i.ended_at IS NULL \
            AND i.linked_at IS NULL AND i.expires_at > $1) AS invited \
        FROM oidc_providers p WHERE removed_at IS NULL ORDER BY added_at, id";
    PROVIDER_OF_NAME_OR_ISSUER = "SELECT id, name, title, issuer, client_id, sealed_secret, scope, claim \
        FROM oidc_providers WHERE removed_at IS NULL AND (name = $1 OR issuer = $2) ORDER BY id";
    PROVIDER_IN_FORCE = "SELECT id FROM oidc_providers WHERE id = $1 AND removed_at IS NULL";
    INSERT_PROVIDER = "INSERT INTO oidc_providers (id, name, title, issuer, client_id, sealed_secret, scope, claim, \
        added_at, added_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    CHANGE_PROVIDER = "UPDATE oidc_providers SET title = $2, client_id = $3, sealed_secret = $4, scope = $5, claim = $6 \
        WHERE id = $1 AND removed_at IS NULL";
    REMOVE_PROVIDER = "UPDATE oidc_providers SET removed_at = $2, removed_by = $3 WHERE id = $1 AND removed_at IS NULL";

    INSERT_REQUEST = "INSERT INTO oidc_requests (state_sha256, browser_sha256, provider_id, back, expires_at) \
        VALUES ($1, $2, $3, $4, $5)";
    TAKE_REQUEST = "DELETE FROM oidc_requests WHERE state_sha256 = $1 AND browser_sha256 = $2 \
        RETURNING provider_id, back, expires_at";
    SWEEP_REQUESTS = "DELETE FROM oidc_requests WHERE expires_at <= $1";

    IDENTITIES_OF_USER = "SELECT i.id AS id, i.user_id AS user_id, i.provider_id AS provider_id, p.title AS title, \
        i.sealed_claim AS sealed_claim, i.invited_at AS invited_at, i.expires_at AS expires_at, \
        i.linked_at AS linked_at FROM oidc_identities i JOIN oidc_providers p ON p.id = i.provider_id \
        WHERE i.user_id = $1 AND i.ended_at IS NULL ORDER BY i.invited_at, i.id";
    IDENTITIES_AT_PROVIDER = "SELECT i.id AS id, i.user_id AS user_id, i.provider_id AS provider_id, p.title AS title, \
        i.sealed_claim AS sealed_claim, i.invited_at AS invited_at, i.expires_at AS expires_at, \
        i.linked_at AS linked_at FROM oidc_identities i JOIN oidc_providers p ON p.id = i.provider_id \
        WHERE i.provider_id = $1 AND i.ended_at IS NULL ORDER BY i.invited_at, i.id";
    IDENTITY_OF_USER_AT = "SELECT id, claim_print, expires_at, linked_at FROM oidc_identities \
        WHERE user_id = $1 AND provider_id = $2 AND ended_at IS NULL";
    IDENTITY_OF_CLAIM = "SELECT id, user_id, expires_at, linked_at FROM oidc_identities \
        WHERE provider_id = $1 AND claim_print = $2 AND ended_at IS NULL";
    IDENTITY_OF_SUBJECT = "SELECT id, user_id FROM oidc_identities \
        WHERE provider_id = $1 AND subject_print = $2 AND ended_at IS NULL";
    INVITATION_OF_CLAIM = "SELECT id, user_id FROM oidc_identities WHERE provider_id = $1 AND claim_print = $2 \
        AND ended_at IS NULL AND linked_at IS NULL AND expires_at > $3";
    SEALED_SECRETS = "SELECT id, issuer AS owner, sealed_secret AS sealed FROM oidc_providers WHERE id > $1 ORDER BY id LIMIT $2";
    PUT_SECRETS = "UPDATE oidc_providers SET sealed_secret = $2 WHERE id = $1";
    SEALED_CLAIMS = "SELECT id, provider_id AS owner, sealed_claim AS sealed FROM oidc_identities WHERE id > $1 ORDER BY id LIMIT $2";
    PUT_CLAIMS = "UPDATE oidc_identities SET sealed_claim = $2 WHERE id = $1";
    INSERT_IDENTITY = "INSERT INTO oidc_identities (id, user_id, provider_id, claim_print, sealed_claim, invited_at, \
        invited_by, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    LINK_IDENTITY = "UPDATE oidc_identities SET subject_print = $2, linked_at = $3 \
        WHERE id = $1 AND ended_at IS NULL AND linked_at IS NULL";
    END_IDENTITY = "UPDATE oidc_identities SET ended_at = $3, ended_by = $4 \
        WHERE id = $1 AND user_id = $2 AND ended_at IS NULL RETURNING linked_at";
    WAYS_IN_BESIDE = "SELECT COUNT(*) AS ways FROM oidc_identities \
        WHERE user_id = $1 AND id <> $2 AND ended_at IS NULL AND linked_at IS NOT NULL";
}

/// What of sign-in by organisations is sealed under the key of the data folder: secrets for their issuer, claims for their
/// provider.
pub const SEALED: [SealedColumn; 2] = [
    SealedColumn {
        name: "oidc_providers.sealed_secret",
        page: SEALED_SECRETS,
        put: PUT_SECRETS,
        owner: |issuer| issuer.to_owned(),
    },
    SealedColumn {
        name: "oidc_identities.sealed_claim",
        page: SEALED_CLAIMS,
        put: PUT_CLAIMS,
        owner: |provider| provider.to_owned(),
    },
];
