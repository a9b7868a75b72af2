-- An import and an upload know for which places they may bring lines: `*` for the whole country, else place codes with
-- commas between them. A file that a county handed in may come again for the whole country, so the places belong to what
-- makes an import the same.
-- SQLite changes no constraint in place, and drops no table that another names, so the three tables are made anew together.
-- A second run finds the column and must keep it: `places` in a subquery is the column of the table inside where it has
-- one, and else the `*` of the row outside.

CREATE TABLE sales_imports_new (
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
  places          TEXT    NOT NULL CHECK (places <> ''),
  UNIQUE (channel, layout, file_sha256, places),
  CHECK (lines = accepted + rejected + duplicates)
) STRICT;

INSERT INTO sales_imports_new SELECT id, layout, channel, currency, simulated, file_name, file_sha256, file_bytes, lines,
  accepted, rejected, duplicates, cancelled_lines, orders, gross_fen, net_fen, rejects_sha256, imported_at, imported_by,
  (SELECT places FROM sales_imports AS kept WHERE kept.id = before.id)
  FROM (SELECT *, '*' AS places FROM sales_imports) AS before;

CREATE TABLE sales_segments_new (
  chain_no        INTEGER PRIMARY KEY CHECK (chain_no > 0),
  sha256          TEXT    NOT NULL UNIQUE CHECK (length(sha256) = 64),
  import_id       TEXT    NOT NULL REFERENCES sales_imports_new (id),
  manifest        TEXT    NOT NULL,
  manifest_sha256 TEXT    NOT NULL UNIQUE CHECK (length(manifest_sha256) = 64)
) STRICT;

INSERT INTO sales_segments_new SELECT chain_no, sha256, import_id, manifest, manifest_sha256 FROM sales_segments;

CREATE TABLE sales_uploads_new (
  id            TEXT    PRIMARY KEY,
  file_name     TEXT    NOT NULL CHECK (file_name <> ''),
  bytes         INTEGER NOT NULL CHECK (bytes > 0),
  sha256        TEXT    NOT NULL CHECK (length(sha256) = 64),
  layout        TEXT    NOT NULL,
  uploaded_at   INTEGER NOT NULL,
  uploaded_by   TEXT    NOT NULL,
  uploaded_role TEXT    NOT NULL,
  job_id        TEXT    REFERENCES jobs (id),
  import_id     TEXT    REFERENCES sales_imports_new (id),
  failure       TEXT,
  ended_at      INTEGER,
  discarded_at  INTEGER,
  discarded_by  TEXT,
  places        TEXT    NOT NULL CHECK (places <> ''),
  CHECK ((discarded_at IS NULL) = (discarded_by IS NULL)),
  CHECK (import_id IS NULL OR (failure IS NULL AND discarded_at IS NULL))
) STRICT;

INSERT INTO sales_uploads_new SELECT id, file_name, bytes, sha256, layout, uploaded_at, uploaded_by, uploaded_role, job_id,
  import_id, failure, ended_at, discarded_at, discarded_by,
  (SELECT places FROM sales_uploads AS kept WHERE kept.id = before.id)
  FROM (SELECT *, '*' AS places FROM sales_uploads) AS before;

DROP TABLE sales_uploads;
DROP TABLE sales_segments;
DROP TABLE sales_imports;
ALTER TABLE sales_imports_new RENAME TO sales_imports;
ALTER TABLE sales_segments_new RENAME TO sales_segments;
ALTER TABLE sales_uploads_new RENAME TO sales_uploads;

CREATE INDEX IF NOT EXISTS sales_uploads_by_sha256 ON sales_uploads (sha256, layout);
