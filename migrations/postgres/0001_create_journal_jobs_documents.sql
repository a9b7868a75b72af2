-- Journal, jobs: what the store itself needs. The SQLite folder holds the same file with the same tables.
-- Instants are microseconds since 1970 UTC, money is fen, JSON is text. The runner keeps its own list of applied
-- files (schema_migrations). Documents have no table: they are found by the SHA-256 of their bytes.

-- The journal: one row for each thing that happened, never changed, each row linked to the one before by hash.
CREATE TABLE IF NOT EXISTS facts (
  seq           BIGINT PRIMARY KEY CHECK (seq > 0),
  id            TEXT COLLATE "C" NOT NULL UNIQUE,
  kind          TEXT COLLATE "C" NOT NULL CHECK (kind <> ''),
  recorded_at   BIGINT NOT NULL,
  actor         TEXT   NOT NULL,
  actor_role    TEXT   NOT NULL,
  place_code    BIGINT,
  amount_fen    BIGINT,
  evidence      TEXT   NOT NULL,
  body          TEXT   NOT NULL,
  previous_hash TEXT   NOT NULL CHECK (length(previous_hash) = 64),
  hash          TEXT   NOT NULL UNIQUE CHECK (length(hash) = 64)
);

CREATE INDEX IF NOT EXISTS facts_by_kind  ON facts (kind, seq);
CREATE INDEX IF NOT EXISTS facts_by_place ON facts (place_code, seq);

-- The newest fact, kept beside the journal: rows cut off its end are noticed.
CREATE TABLE IF NOT EXISTS fact_heads (
  one  BIGINT PRIMARY KEY CHECK (one = 1),
  seq  BIGINT NOT NULL,
  hash TEXT   NOT NULL
);

CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'store.append_only';
END;
$$;

CREATE OR REPLACE TRIGGER facts_refuse_update BEFORE UPDATE ON facts
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE TRIGGER facts_refuse_delete BEFORE DELETE ON facts
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE TRIGGER facts_refuse_truncate BEFORE TRUNCATE ON facts
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE FUNCTION move_fact_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO fact_heads (one, seq, hash) VALUES (1, NEW.seq, NEW.hash)
  ON CONFLICT (one) DO UPDATE SET seq = excluded.seq, hash = excluded.hash;
  RETURN NULL;
END;
$$;

CREATE OR REPLACE TRIGGER facts_move_head AFTER INSERT ON facts
FOR EACH ROW EXECUTE FUNCTION move_fact_head();

-- Work for later. A running job belongs to whoever holds its lease; when the lease has run out anyone may take it.
CREATE TABLE IF NOT EXISTS jobs (
  id             TEXT COLLATE "C" PRIMARY KEY,
  kind           TEXT COLLATE "C" NOT NULL CHECK (kind <> ''),
  dedup_key      TEXT   NOT NULL,
  payload        TEXT   NOT NULL,
  state          TEXT   NOT NULL CHECK (state IN ('waiting', 'running', 'finished', 'failed')),
  due_at         BIGINT NOT NULL,
  lease          TEXT,
  lease_until    BIGINT,
  attempts       BIGINT NOT NULL CHECK (attempts >= 0),
  progress_done  BIGINT NOT NULL CHECK (progress_done >= 0),
  progress_total BIGINT NOT NULL CHECK (progress_total >= 0),
  error_code     TEXT,
  asked_by       TEXT   NOT NULL,
  asked_at       BIGINT NOT NULL,
  changed_at     BIGINT NOT NULL,
  UNIQUE (kind, dedup_key),
  CHECK ((state = 'running') = (lease IS NOT NULL AND lease_until IS NOT NULL))
);

CREATE INDEX IF NOT EXISTS jobs_by_state ON jobs (kind, state, due_at);
