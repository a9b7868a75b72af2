-- Forms that were filled in on phones and sent by the OpenRosa protocol: each once, by the id its device gave it. What stands in
-- one is sealed; what it made is the household, known by an id that follows from the submission's.

CREATE TABLE IF NOT EXISTS registry_submissions (
  instance_id  TEXT    PRIMARY KEY CHECK (instance_id <> ''),
  household    TEXT    NOT NULL UNIQUE CHECK (length(household) = 36),
  form_id      TEXT    NOT NULL CHECK (form_id <> ''),
  form_version TEXT    NOT NULL,
  content_mark TEXT    NOT NULL CHECK (length(content_mark) = 64),
  sealed       TEXT    NOT NULL CHECK (sealed <> ''),
  refused      TEXT    CHECK (refused <> ''),
  place_code   INTEGER NOT NULL,
  received_at  INTEGER NOT NULL,
  received_by  TEXT    NOT NULL CHECK (received_by <> ''),
  set_aside_at INTEGER,
  CHECK (set_aside_at IS NULL OR refused IS NOT NULL)
) STRICT;

CREATE INDEX IF NOT EXISTS registry_submissions_by_place ON registry_submissions (place_code, received_at);

-- The photos and other files of a submission; they may come with a later post than what names them. Each
-- is a document sealed under a key of its own, which is sealed here.
CREATE TABLE IF NOT EXISTS registry_submission_files (
  instance_id TEXT    NOT NULL REFERENCES registry_submissions (instance_id),
  name        TEXT    NOT NULL CHECK (name <> ''),
  document    TEXT    NOT NULL CHECK (length(document) = 64),
  wrapped     TEXT    NOT NULL CHECK (wrapped <> ''),
  received_at INTEGER NOT NULL,
  PRIMARY KEY (instance_id, name)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX IF NOT EXISTS registry_submission_files_by_document ON registry_submission_files (document);
