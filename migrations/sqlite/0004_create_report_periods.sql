-- The life of a period's report: prepared, reviewed by two persons, published, corrected by a further version. What a
-- draft is made of lies among the documents, by SHA-256; a draft, a review and a version are written once.

CREATE TABLE IF NOT EXISTS report_periods (
  period     TEXT    PRIMARY KEY CHECK (period <> ''),
  last_day   TEXT    NOT NULL CHECK (length(last_day) = 10),
  state      TEXT    NOT NULL CHECK (state IN ('open', 'in_review', 'published')),
  version    INTEGER NOT NULL CHECK (version > 0),
  reason     TEXT,
  draft_id   TEXT,
  opened_at  INTEGER NOT NULL,
  opened_by  TEXT    NOT NULL,
  changed_at INTEGER NOT NULL,
  CHECK ((state = 'open') = (draft_id IS NULL)),
  CHECK ((version = 1) = (reason IS NULL))
) STRICT;

CREATE TABLE IF NOT EXISTS report_drafts (
  id               TEXT    PRIMARY KEY,
  period           TEXT    NOT NULL REFERENCES report_periods (period),
  version          INTEGER NOT NULL CHECK (version > 0),
  report_sha256    TEXT    NOT NULL CHECK (length(report_sha256) = 64),
  pack_sha256      TEXT    NOT NULL CHECK (length(pack_sha256) = 64),
  manifest_sha256  TEXT    NOT NULL CHECK (length(manifest_sha256) = 64),
  signature_sha256 TEXT    NOT NULL CHECK (length(signature_sha256) = 64),
  signer           TEXT    NOT NULL CHECK (length(signer) = 64),
  submitted_at     INTEGER NOT NULL,
  submitted_by     TEXT    NOT NULL
) STRICT;

CREATE INDEX IF NOT EXISTS report_drafts_by_period ON report_drafts (period, submitted_at);

-- One review by one person of one draft.
CREATE TABLE IF NOT EXISTS report_reviews (
  draft_id    TEXT    NOT NULL REFERENCES report_drafts (id),
  reviewed_by TEXT    NOT NULL,
  reviewed_at INTEGER NOT NULL,
  verdict     TEXT    NOT NULL CHECK (verdict IN ('approved', 'sent_back')),
  reason      TEXT,
  PRIMARY KEY (draft_id, reviewed_by),
  CHECK ((verdict = 'sent_back') = (reason IS NOT NULL))
) STRICT;

CREATE TABLE IF NOT EXISTS report_versions (
  period       TEXT    NOT NULL REFERENCES report_periods (period),
  version      INTEGER NOT NULL CHECK (version > 0),
  draft_id     TEXT    NOT NULL UNIQUE REFERENCES report_drafts (id),
  reason       TEXT,
  published_at INTEGER NOT NULL,
  published_by TEXT    NOT NULL,
  PRIMARY KEY (period, version)
) STRICT;
