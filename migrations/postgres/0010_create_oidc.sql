-- Sign-in by OpenID Connect: the providers of organisations, who was invited to come in by which, and who came. Of what
-- identifies a person at a provider only fingerprints are kept, made with a key that lies outside the database; the value
-- that an invitation waits for is kept encrypted as well, so that an administrator sees a part of it.

CREATE TABLE IF NOT EXISTS oidc_providers (
  id TEXT COLLATE "C" PRIMARY KEY,
  name TEXT COLLATE "C" NOT NULL CHECK (name <> ''),
  title         TEXT    NOT NULL CHECK (title <> ''),
  issuer TEXT COLLATE "C" NOT NULL CHECK (issuer <> ''),
  client_id     TEXT    NOT NULL CHECK (client_id <> ''),
  sealed_secret TEXT    NOT NULL CHECK (sealed_secret <> ''),
  scope         TEXT    NOT NULL CHECK (scope <> ''),
  claim         TEXT    NOT NULL CHECK (claim <> ''),
  added_at      BIGINT NOT NULL,
  added_by      TEXT    NOT NULL,
  removed_at    BIGINT,
  removed_by    TEXT,
  CHECK ((removed_at IS NULL) = (removed_by IS NULL))
);

CREATE UNIQUE INDEX IF NOT EXISTS oidc_providers_in_force ON oidc_providers (name) WHERE removed_at IS NULL;
CREATE UNIQUE INDEX IF NOT EXISTS oidc_providers_issuer_in_force ON oidc_providers (issuer) WHERE removed_at IS NULL;

-- A sign-in under way: what the provider sends back names it once, and takes the row away.
CREATE TABLE IF NOT EXISTS oidc_requests (
  state_sha256 TEXT COLLATE "C" PRIMARY KEY CHECK (length(state_sha256) = 64),
  browser_sha256 TEXT COLLATE "C" NOT NULL CHECK (length(browser_sha256) = 64),
  provider_id TEXT COLLATE "C" NOT NULL REFERENCES oidc_providers (id),
  back           TEXT    NOT NULL CHECK (back <> ''),
  expires_at     BIGINT NOT NULL
);

-- One person at one provider: invited by an administrator, linked by the first sign-in, ended by an administrator.
CREATE TABLE IF NOT EXISTS oidc_identities (
  id TEXT COLLATE "C" PRIMARY KEY,
  user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id),
  provider_id TEXT COLLATE "C" NOT NULL REFERENCES oidc_providers (id),
  claim_print TEXT COLLATE "C" NOT NULL CHECK (length(claim_print) = 64),
  sealed_claim  TEXT    NOT NULL CHECK (sealed_claim <> ''),
  invited_at    BIGINT NOT NULL,
  invited_by    TEXT    NOT NULL,
  expires_at    BIGINT NOT NULL,
  subject_print TEXT COLLATE "C" CHECK (length(subject_print) = 64),
  linked_at     BIGINT,
  ended_at      BIGINT,
  ended_by      TEXT,
  CHECK ((subject_print IS NULL) = (linked_at IS NULL)),
  CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);

CREATE UNIQUE INDEX IF NOT EXISTS oidc_identities_of_user ON oidc_identities (user_id, provider_id)
  WHERE ended_at IS NULL;
CREATE UNIQUE INDEX IF NOT EXISTS oidc_identities_of_subject ON oidc_identities (provider_id, subject_print)
  WHERE ended_at IS NULL AND subject_print IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS oidc_identities_of_claim ON oidc_identities (provider_id, claim_print)
  WHERE ended_at IS NULL;

-- Users who come in by their organisation only: no password, no passkey and no link of theirs leads in.
CREATE TABLE IF NOT EXISTS user_organisation_only (
  id TEXT COLLATE "C" PRIMARY KEY,
  user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id),
  set_at    BIGINT NOT NULL,
  set_by    TEXT    NOT NULL,
  lifted_at BIGINT,
  lifted_by TEXT,
  CHECK ((lifted_at IS NULL) = (lifted_by IS NULL))
);

CREATE UNIQUE INDEX IF NOT EXISTS user_organisation_only_in_force ON user_organisation_only (user_id)
  WHERE lifted_at IS NULL;

-- A session may begin at a provider now.
ALTER TABLE user_sessions DROP CONSTRAINT IF EXISTS user_sessions_means_check;
ALTER TABLE user_sessions
  ADD CONSTRAINT user_sessions_means_check CHECK (means IN ('password', 'passkey', 'oidc'));
