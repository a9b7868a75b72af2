-- Staff: who may sign in, what they may do, and how they prove who they are. Of every secret only a hash is kept.
-- A grant, a session, a lock or a key that has ended keeps its row; what has ended carries when and by whom.

CREATE TABLE IF NOT EXISTS users (
  id                TEXT COLLATE "C" PRIMARY KEY,
  login             TEXT    NOT NULL CHECK (login <> ''),
  login_folded      TEXT COLLATE "C" NOT NULL UNIQUE CHECK (login_folded <> ''),
  display_name      TEXT    NOT NULL CHECK (display_name <> ''),
  added_at          BIGINT NOT NULL,
  added_by          TEXT    NOT NULL,
  disabled_at       BIGINT,
  disabled_by       TEXT,
  CHECK ((disabled_at IS NULL) = (disabled_by IS NULL))
);

-- One role at one place and everything below it; no place is the whole country.
CREATE TABLE IF NOT EXISTS user_grants (
  id         TEXT COLLATE "C" PRIMARY KEY,
  user_id    TEXT COLLATE "C" NOT NULL REFERENCES users (id),
  role       TEXT    NOT NULL CHECK (role <> ''),
  place_code BIGINT,
  granted_at BIGINT NOT NULL,
  granted_by TEXT    NOT NULL,
  revoked_at BIGINT,
  revoked_by TEXT,
  CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);

CREATE UNIQUE INDEX IF NOT EXISTS user_grants_in_force ON user_grants (user_id, role, COALESCE(place_code, 0))
  WHERE revoked_at IS NULL;

CREATE TABLE IF NOT EXISTS user_passwords (
  user_id TEXT COLLATE "C" PRIMARY KEY REFERENCES users (id),
  hash    TEXT    NOT NULL CHECK (hash <> ''),
  set_at  BIGINT NOT NULL
);

CREATE TABLE IF NOT EXISTS user_sessions (
  id             TEXT COLLATE "C" PRIMARY KEY,
  user_id        TEXT COLLATE "C" NOT NULL REFERENCES users (id),
  token_sha256   TEXT COLLATE "C" NOT NULL UNIQUE CHECK (length(token_sha256) = 64),
  csrf           TEXT    NOT NULL CHECK (csrf <> ''),
  means          TEXT    NOT NULL CHECK (means IN ('password', 'passkey')),
  address_sha256 TEXT,
  began_at       BIGINT NOT NULL,
  seen_at        BIGINT NOT NULL,
  expires_at     BIGINT NOT NULL,
  ended_at       BIGINT,
  ended_by       TEXT,
  CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);

CREATE INDEX IF NOT EXISTS user_sessions_by_user ON user_sessions (user_id, began_at);

-- Tries that did not lead in, by what was tried: the hash of a login or of an address. Swept after a day.
CREATE TABLE IF NOT EXISTS sign_in_failures (
  id        TEXT COLLATE "C" PRIMARY KEY,
  tried     TEXT COLLATE "C" NOT NULL CHECK (length(tried) = 64),
  failed_at BIGINT NOT NULL
);

CREATE INDEX IF NOT EXISTS sign_in_failures_by_tried ON sign_in_failures (tried, failed_at);

CREATE TABLE IF NOT EXISTS sign_in_locks (
  id        TEXT COLLATE "C" PRIMARY KEY,
  tried     TEXT COLLATE "C" NOT NULL CHECK (length(tried) = 64),
  locked_at BIGINT NOT NULL,
  until_at  BIGINT NOT NULL CHECK (until_at > locked_at)
);

CREATE INDEX IF NOT EXISTS sign_in_locks_by_tried ON sign_in_locks (tried, until_at);

CREATE TABLE IF NOT EXISTS user_passkeys (
  id            TEXT COLLATE "C" PRIMARY KEY,
  user_id       TEXT COLLATE "C" NOT NULL REFERENCES users (id),
  credential_id TEXT COLLATE "C" NOT NULL UNIQUE CHECK (credential_id <> ''),
  name          TEXT    NOT NULL CHECK (name <> ''),
  public_key    TEXT    NOT NULL,
  sign_count    BIGINT NOT NULL CHECK (sign_count >= 0),
  backed_up     BIGINT NOT NULL,
  added_at      BIGINT NOT NULL,
  used_at       BIGINT,
  removed_at    BIGINT,
  removed_by    TEXT,
  CHECK ((removed_at IS NULL) = (removed_by IS NULL))
);

CREATE INDEX IF NOT EXISTS user_passkeys_by_user ON user_passkeys (user_id, added_at);

-- A challenge that waits for its answer; the answer takes the row away.
CREATE TABLE IF NOT EXISTS passkey_challenges (
  sha256     TEXT COLLATE "C" PRIMARY KEY CHECK (length(sha256) = 64),
  user_id    TEXT COLLATE "C" REFERENCES users (id),
  expires_at BIGINT NOT NULL
);

CREATE TABLE IF NOT EXISTS user_links (
  id         TEXT COLLATE "C" PRIMARY KEY,
  user_id    TEXT COLLATE "C" NOT NULL REFERENCES users (id),
  sha256     TEXT COLLATE "C" NOT NULL UNIQUE CHECK (length(sha256) = 64),
  made_at    BIGINT NOT NULL,
  made_by    TEXT    NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at    BIGINT,
  withdrawn_at BIGINT
);

CREATE INDEX IF NOT EXISTS user_links_by_user ON user_links (user_id, made_at);

CREATE TABLE IF NOT EXISTS api_keys (
  id           TEXT COLLATE "C" PRIMARY KEY,
  user_id      TEXT COLLATE "C" NOT NULL REFERENCES users (id),
  name         TEXT    NOT NULL CHECK (name <> ''),
  sha256       TEXT COLLATE "C" NOT NULL UNIQUE CHECK (length(sha256) = 64),
  scopes       TEXT    NOT NULL CHECK (scopes <> ''),
  made_at      BIGINT NOT NULL,
  expires_at   BIGINT NOT NULL,
  last_used_on TEXT,
  revoked_at   BIGINT,
  revoked_by   TEXT,
  CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);

CREATE INDEX IF NOT EXISTS api_keys_by_user ON api_keys (user_id, made_at);

-- Who saw or did what, and who was turned away. What changed state is a fact as well.
CREATE TABLE IF NOT EXISTS staff_audit (
  seq            BIGINT PRIMARY KEY CHECK (seq > 0),
  at             BIGINT NOT NULL,
  user_id        TEXT COLLATE "C",
  action         TEXT COLLATE "C" NOT NULL CHECK (action <> ''),
  subject        TEXT,
  place_code     BIGINT,
  outcome        TEXT    NOT NULL CHECK (outcome IN ('allowed', 'denied')),
  request_id     TEXT,
  address_sha256 TEXT
);

CREATE INDEX IF NOT EXISTS staff_audit_by_user   ON staff_audit (user_id, seq);
CREATE INDEX IF NOT EXISTS staff_audit_by_action ON staff_audit (action, seq);

CREATE OR REPLACE TRIGGER staff_audit_refuse_update BEFORE UPDATE ON staff_audit
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE TRIGGER staff_audit_refuse_delete BEFORE DELETE ON staff_audit
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE TRIGGER staff_audit_refuse_truncate BEFORE TRUNCATE ON staff_audit
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
