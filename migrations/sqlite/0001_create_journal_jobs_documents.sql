-- Journal, jobs: what the store itself needs. The PostgreSQL folder holds the same file with the same tables.
-- Instants are microseconds since 1970 UTC, money is fen, JSON is text. The runner keeps its own list of applied
-- files (schema_migrations). Documents have no table: they are found by the SHA-256 of their bytes.

-- The journal: one row for each thing that happened, never changed, each row linked to the one before by hash.
CREATE TABLE IF NOT EXISTS facts (
  seq           INTEGER PRIMARY KEY CHECK (seq > 0),
  id            TEXT    NOT NULL UNIQUE,
  kind          TEXT    NOT NULL CHECK (kind <> ''),
  recorded_at   INTEGER NOT NULL,
  actor         TEXT    NOT NULL,
  actor_role    TEXT    NOT NULL,
  place_code    INTEGER,
  amount_fen    INTEGER,
  evidence      TEXT    NOT NULL,
  body          TEXT    NOT NULL,
  previous_hash TEXT    NOT NULL CHECK (length(previous_hash) = 64),
  hash          TEXT    NOT NULL UNIQUE CHECK (length(hash) = 64)
) STRICT;

CREATE INDEX IF NOT EXISTS facts_by_kind  ON facts (kind, seq);
CREATE INDEX IF NOT EXISTS facts_by_place ON facts (place_code, seq);

-- The newest fact, kept beside the journal: rows cut off its end are noticed.
CREATE TABLE IF NOT EXISTS fact_heads (
  one  INTEGER PRIMARY KEY CHECK (one = 1),
  seq  INTEGER NOT NULL,
  hash TEXT    NOT NULL
) STRICT;

CREATE TRIGGER IF NOT EXISTS facts_refuse_update BEFORE UPDATE ON facts
BEGIN
  SELECT RAISE(ABORT, 'store.append_only');
END;

CREATE TRIGGER IF NOT EXISTS facts_refuse_delete BEFORE DELETE ON facts
BEGIN
  SELECT RAISE(ABORT, 'store.append_only');
END;

-- INSERT OR REPLACE would delete the old row without asking the trigger above.
CREATE TRIGGER IF NOT EXISTS facts_refuse_replace BEFORE INSERT ON facts
WHEN EXISTS (SELECT 1 FROM facts WHERE seq = NEW.seq OR id = NEW.id OR hash = NEW.hash)
BEGIN
  SELECT RAISE(ABORT, 'store.append_only');
END;

CREATE TRIGGER IF NOT EXISTS facts_move_head AFTER INSERT ON facts
BEGIN
  INSERT INTO fact_heads (one, seq, hash) VALUES (1, NEW.seq, NEW.hash)
  ON CONFLICT (one) DO UPDATE SET seq = excluded.seq, hash = excluded.hash;
END;

-- Work for later. A running job belongs to whoever holds its lease; when the lease has run out anyone may take it.
CREATE TABLE IF NOT EXISTS jobs (
  id             TEXT    PRIMARY KEY,
  kind           TEXT    NOT NULL CHECK (kind <> ''),
  dedup_key      TEXT    NOT NULL,
  payload        TEXT    NOT NULL,
  state          TEXT    NOT NULL CHECK (state IN ('waiting', 'running', 'finished', 'failed')),
  due_at         INTEGER NOT NULL,
  lease          TEXT,
  lease_until    INTEGER,
  attempts       INTEGER NOT NULL CHECK (attempts >= 0),
  progress_done  INTEGER NOT NULL CHECK (progress_done >= 0),
  progress_total INTEGER NOT NULL CHECK (progress_total >= 0),
  error_code     TEXT,
  asked_by       TEXT    NOT NULL,
  asked_at       INTEGER NOT NULL,
  changed_at     INTEGER NOT NULL,
  UNIQUE (kind, dedup_key),
  CHECK ((state = 'running') = (lease IS NOT NULL AND lease_until IS NOT NULL))
) STRICT;

CREATE INDEX IF NOT EXISTS jobs_by_state ON jobs (kind, state, due_at);
