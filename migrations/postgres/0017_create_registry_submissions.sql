-- Forms that were filled in on phones and sent by the OpenRosa protocol: each once, by the id its device gave it. What stands in
-- one is sealed; what it made is the household, known by an id that follows from the submission's.

CREATE TABLE IF NOT EXISTS registry_submissions (
  instance_id  TEXT COLLATE "C"    PRIMARY KEY CHECK (instance_id <> ''),
  household    TEXT COLLATE "C"    NOT NULL UNIQUE CHECK (length(household) = 36),
  form_id      TEXT COLLATE "C"    NOT NULL CHECK (form_id <> ''),
  form_version TEXT COLLATE "C"    NOT NULL,
  content_mark TEXT COLLATE "C"    NOT NULL CHECK (length(content_mark) = 64),
  sealed       TEXT COLLATE "C"    NOT NULL CHECK (sealed <> ''),
  refused      TEXT COLLATE "C"    CHECK (refused <> ''),
  place_code   BIGINT NOT NULL,
  received_at  BIGINT NOT NULL,
  received_by  TEXT COLLATE "C"    NOT NULL CHECK (received_by <> ''),
  set_aside_at BIGINT,
  CHECK (set_aside_at IS NULL OR refused IS NOT NULL)
);

CREATE INDEX IF NOT EXISTS registry_submissions_by_place ON registry_submissions (place_code, received_at);

-- The photos and other files of a submission; they may come with a later post than what names them. Each
-- is a document sealed under a key of its own, which is sealed here.
CREATE TABLE IF NOT EXISTS registry_submission_files (
  instance_id TEXT COLLATE "C"    NOT NULL REFERENCES registry_submissions (instance_id),
  name        TEXT COLLATE "C"    NOT NULL CHECK (name <> ''),
  document    TEXT COLLATE "C"    NOT NULL CHECK (length(document) = 64),
  wrapped     TEXT COLLATE "C"    NOT NULL CHECK (wrapped <> ''),
  received_at BIGINT NOT NULL,
  PRIMARY KEY (instance_id, name)
);

CREATE UNIQUE INDEX IF NOT EXISTS registry_submission_files_by_document ON registry_submission_files (document);
