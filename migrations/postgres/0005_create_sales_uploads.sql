-- Order files that people sent, on their way into the lake. The bytes lie in the lake's folder under the row's id for
-- as long as the row is neither imported nor discarded.

CREATE TABLE IF NOT EXISTS sales_uploads (
  id            TEXT COLLATE "C" PRIMARY KEY,
  file_name     TEXT   NOT NULL CHECK (file_name <> ''),
  bytes         BIGINT NOT NULL CHECK (bytes > 0),
  sha256        TEXT   NOT NULL CHECK (length(sha256) = 64),
  layout        TEXT   NOT NULL,
  uploaded_at   BIGINT NOT NULL,
  uploaded_by   TEXT   NOT NULL,
  uploaded_role TEXT   NOT NULL,
  job_id        TEXT   REFERENCES jobs (id),
  import_id     TEXT   REFERENCES sales_imports (id),
  failure       TEXT,
  ended_at      BIGINT,
  discarded_at  BIGINT,
  discarded_by  TEXT,
  CHECK ((discarded_at IS NULL) = (discarded_by IS NULL)),
  CHECK (import_id IS NULL OR (failure IS NULL AND discarded_at IS NULL))
);

CREATE INDEX IF NOT EXISTS sales_uploads_by_sha256 ON sales_uploads (sha256, layout);
