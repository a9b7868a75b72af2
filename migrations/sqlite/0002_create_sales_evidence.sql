-- What the lake has published: imports, their segments in one chain, the runs of line keys, and product titles.
-- Files become visible by their row here; a file without one is swept.

CREATE TABLE IF NOT EXISTS sales_imports (
  id              TEXT    PRIMARY KEY,
  layout          TEXT    NOT NULL,
  channel         TEXT    NOT NULL,
  currency        TEXT    NOT NULL,
  simulated       INTEGER NOT NULL,
  file_name       TEXT    NOT NULL,
  file_sha256     TEXT    NOT NULL CHECK (length(file_sha256) = 64),
  file_bytes      INTEGER NOT NULL,
  lines           INTEGER NOT NULL,
  accepted        INTEGER NOT NULL,
  rejected        INTEGER NOT NULL,
  duplicates      INTEGER NOT NULL,
  cancelled_lines INTEGER NOT NULL,
  orders          INTEGER NOT NULL,
  gross_fen       INTEGER NOT NULL,
  net_fen         INTEGER NOT NULL,
  rejects_sha256  TEXT,
  imported_at     INTEGER NOT NULL,
  imported_by     TEXT    NOT NULL,
  UNIQUE (channel, layout, file_sha256),
  CHECK (lines = accepted + rejected + duplicates)
) STRICT;

CREATE TABLE IF NOT EXISTS sales_segments (
  chain_no        INTEGER PRIMARY KEY CHECK (chain_no > 0),
  sha256          TEXT    NOT NULL UNIQUE CHECK (length(sha256) = 64),
  import_id       TEXT    NOT NULL REFERENCES sales_imports (id),
  manifest        TEXT    NOT NULL,
  manifest_sha256 TEXT    NOT NULL UNIQUE CHECK (length(manifest_sha256) = 64)
) STRICT;

CREATE TABLE IF NOT EXISTS sales_key_runs (
  file  TEXT    PRIMARY KEY,
  keys  INTEGER NOT NULL CHECK (keys >= 0)
) STRICT;

CREATE TABLE IF NOT EXISTS sales_products (
  channel TEXT NOT NULL,
  code    TEXT NOT NULL,
  title   TEXT NOT NULL,
  PRIMARY KEY (channel, code)
) STRICT;
