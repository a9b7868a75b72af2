-- The fund: pledges, pillars, budgets, projects with milestones, co-finance, counties, work in the field, key results and
-- the timeline. What was received, released and spent is not here: it stands in the books.

-- What was done, once each: the same act again is known by its identity and the hash of its content.
CREATE TABLE IF NOT EXISTS fund_acts (
  identity       TEXT    PRIMARY KEY CHECK (identity <> ''),
  content_sha256 TEXT    NOT NULL CHECK (length(content_sha256) = 64),
  done_at        INTEGER NOT NULL,
  done_by        TEXT    NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS fund_pledges (
  key               TEXT    PRIMARY KEY CHECK (key <> ''),
  donor_zh          TEXT    NOT NULL CHECK (donor_zh <> ''),
  donor_en          TEXT    NOT NULL CHECK (donor_en <> ''),
  signed_on         TEXT    NOT NULL CHECK (length(signed_on) = 10),
  through_on        TEXT    NOT NULL CHECK (length(through_on) = 10),
  total_fen         INTEGER NOT NULL CHECK (total_fen > 0),
  leverage_low_fen  INTEGER NOT NULL CHECK (leverage_low_fen >= 0),
  leverage_high_fen INTEGER NOT NULL CHECK (leverage_high_fen >= leverage_low_fen),
  document          TEXT    NOT NULL CHECK (length(document) = 64)
) STRICT;

CREATE TABLE IF NOT EXISTS fund_tranches (
  pledge     TEXT    NOT NULL REFERENCES fund_pledges (key),
  tranche_no INTEGER NOT NULL CHECK (tranche_no > 0),
  due_on     TEXT    NOT NULL CHECK (length(due_on) = 10),
  amount_fen INTEGER NOT NULL CHECK (amount_fen > 0),
  called_on  TEXT    CHECK (length(called_on) = 10),
  PRIMARY KEY (pledge, tranche_no)
) STRICT;

CREATE TABLE IF NOT EXISTS fund_pillars (
  id       TEXT PRIMARY KEY CHECK (id <> ''),
  unit_zh  TEXT NOT NULL CHECK (unit_zh <> ''),
  unit_en  TEXT NOT NULL CHECK (unit_en <> ''),
  since_on TEXT NOT NULL CHECK (length(since_on) = 10)
) STRICT;

-- A version counts once a second person approved it; it replaces the approved one before.
CREATE TABLE IF NOT EXISTS fund_budgets (
  key         TEXT    PRIMARY KEY CHECK (key <> ''),
  period      TEXT    NOT NULL CHECK (period <> ''),
  version_no  INTEGER NOT NULL CHECK (version_no > 0),
  reason      TEXT    NOT NULL CHECK (reason <> ''),
  state       TEXT    NOT NULL CHECK (state IN ('proposed', 'approved', 'declined')),
  proposed_by TEXT    NOT NULL,
  decided_by  TEXT,
  CHECK ((state = 'proposed') = (decided_by IS NULL)),
  CHECK (state <> 'approved' OR decided_by <> proposed_by),
  UNIQUE (period, version_no)
) STRICT;

CREATE TABLE IF NOT EXISTS fund_budget_lines (
  budget     TEXT    NOT NULL REFERENCES fund_budgets (key),
  pillar     TEXT    NOT NULL REFERENCES fund_pillars (id),
  amount_fen INTEGER NOT NULL CHECK (amount_fen >= 0),
  PRIMARY KEY (budget, pillar)
) STRICT;

CREATE TABLE IF NOT EXISTS fund_projects (
  key        TEXT    PRIMARY KEY CHECK (key <> ''),
  pillar     TEXT    NOT NULL REFERENCES fund_pillars (id),
  place_code INTEGER,
  title_zh   TEXT    NOT NULL CHECK (title_zh <> ''),
  title_en   TEXT    NOT NULL CHECK (title_en <> ''),
  starts_on  TEXT    NOT NULL CHECK (length(starts_on) = 10),
  ends_on    TEXT    NOT NULL CHECK (ends_on >= starts_on)
) STRICT;

-- Its money is held in the books from 'committed' on, and posted when it is released.
CREATE TABLE IF NOT EXISTS fund_milestones (
  project      TEXT    NOT NULL REFERENCES fund_projects (key),
  milestone_no INTEGER NOT NULL CHECK (milestone_no > 0),
  title_zh     TEXT    NOT NULL CHECK (title_zh <> ''),
  title_en     TEXT    NOT NULL CHECK (title_en <> ''),
  due_on       TEXT    NOT NULL CHECK (length(due_on) = 10),
  amount_fen   INTEGER NOT NULL CHECK (amount_fen > 0),
  state        TEXT    NOT NULL CHECK (state IN ('planned', 'committed', 'met', 'released', 'freed')),
  met_on       TEXT    CHECK (length(met_on) = 10),
  met_by       TEXT,
  met_document TEXT    CHECK (length(met_document) = 64),
  released_on  TEXT    CHECK (length(released_on) = 10),
  released_by  TEXT,
  PRIMARY KEY (project, milestone_no),
  CHECK ((met_on IS NULL) = (met_by IS NULL)),
  CHECK ((met_on IS NULL) = (met_document IS NULL)),
  CHECK ((state = 'released') = (released_on IS NOT NULL)),
  CHECK ((released_on IS NULL) = (released_by IS NULL)),
  CHECK (state NOT IN ('met', 'released') OR met_on IS NOT NULL),
  CHECK (released_by IS NULL OR released_by <> met_by)
) STRICT;

-- Money of others. One contribution is known by who gave it and their own reference, and counts once over all projects.
CREATE TABLE IF NOT EXISTS fund_cofinance (
  key          TEXT    PRIMARY KEY CHECK (key <> ''),
  project      TEXT    NOT NULL REFERENCES fund_projects (key),
  class        TEXT    NOT NULL CHECK (class IN ('finance', 'turnover')),
  contributor  TEXT    NOT NULL CHECK (contributor <> ''),
  reference    TEXT    NOT NULL CHECK (reference <> ''),
  agreed_on    TEXT    NOT NULL CHECK (length(agreed_on) = 10),
  amount_fen   INTEGER NOT NULL CHECK (amount_fen > 0),
  causal       INTEGER NOT NULL CHECK (causal IN (0, 1)),
  document     TEXT    CHECK (length(document) = 64),
  withdrawn_on TEXT    CHECK (length(withdrawn_on) = 10),
  CHECK (causal = 0 OR document IS NOT NULL),
  CHECK (class = 'finance' OR causal = 0)
) STRICT;

CREATE UNIQUE INDEX IF NOT EXISTS fund_cofinance_counts_once ON fund_cofinance (contributor, reference)
  WHERE withdrawn_on IS NULL;

CREATE TABLE IF NOT EXISTS fund_mobilisers (
  cofinance        TEXT    NOT NULL REFERENCES fund_cofinance (key),
  mobiliser        TEXT    NOT NULL CHECK (mobiliser <> ''),
  contribution_fen INTEGER NOT NULL CHECK (contribution_fen > 0),
  PRIMARY KEY (cofinance, mobiliser)
) STRICT;

CREATE TABLE IF NOT EXISTS fund_pairings (
  key        TEXT    PRIMARY KEY CHECK (key <> ''),
  place_code INTEGER NOT NULL,
  unit_zh    TEXT    NOT NULL CHECK (unit_zh <> ''),
  unit_en    TEXT    NOT NULL CHECK (unit_en <> ''),
  signed_on  TEXT    NOT NULL CHECK (length(signed_on) = 10),
  document   TEXT    NOT NULL CHECK (length(document) = 64)
) STRICT;

CREATE TABLE IF NOT EXISTS fund_duties (
  pairing       TEXT    NOT NULL REFERENCES fund_pairings (key),
  duty_no       INTEGER NOT NULL CHECK (duty_no > 0),
  title_zh      TEXT    NOT NULL CHECK (title_zh <> ''),
  title_en      TEXT    NOT NULL CHECK (title_en <> ''),
  due_on        TEXT    NOT NULL CHECK (length(due_on) = 10),
  done_permille INTEGER NOT NULL CHECK (done_permille BETWEEN 0 AND 1000),
  seen_on       TEXT    CHECK (length(seen_on) = 10),
  PRIMARY KEY (pairing, duty_no)
) STRICT;

CREATE TABLE IF NOT EXISTS fund_model_counties (
  place_code INTEGER PRIMARY KEY,
  product_zh TEXT    NOT NULL CHECK (product_zh <> ''),
  product_en TEXT    NOT NULL CHECK (product_en <> ''),
  named_on   TEXT    NOT NULL CHECK (length(named_on) = 10)
) STRICT;

-- What is measured and wanted: of a model county by its place code, or a key result of a pillar's unit by its pillar.
CREATE TABLE IF NOT EXISTS fund_targets (
  owner     TEXT    NOT NULL CHECK (owner <> ''),
  indicator TEXT    NOT NULL CHECK (indicator <> ''),
  title_zh  TEXT    NOT NULL CHECK (title_zh <> ''),
  title_en  TEXT    NOT NULL CHECK (title_en <> ''),
  unit      TEXT    NOT NULL CHECK (unit <> ''),
  target    INTEGER NOT NULL CHECK (target >= 0),
  due_on    TEXT    NOT NULL CHECK (length(due_on) = 10),
  PRIMARY KEY (owner, indicator)
) STRICT;

CREATE TABLE IF NOT EXISTS fund_measurements (
  owner     TEXT    NOT NULL,
  indicator TEXT    NOT NULL,
  seen_on   TEXT    NOT NULL CHECK (length(seen_on) = 10),
  value     INTEGER NOT NULL CHECK (value >= 0),
  document  TEXT    NOT NULL CHECK (length(document) = 64),
  PRIMARY KEY (owner, indicator, seen_on),
  FOREIGN KEY (owner, indicator) REFERENCES fund_targets (owner, indicator)
) STRICT;

-- A person is an id of the staff; half days, at most two a day.
CREATE TABLE IF NOT EXISTS fund_staff_days (
  person     TEXT    NOT NULL CHECK (person <> ''),
  worked_on  TEXT    NOT NULL CHECK (length(worked_on) = 10),
  pillar     TEXT    NOT NULL REFERENCES fund_pillars (id),
  place_code INTEGER,
  halves     INTEGER NOT NULL CHECK (halves IN (1, 2)),
  PRIMARY KEY (person, worked_on, pillar)
) STRICT;

CREATE TABLE IF NOT EXISTS fund_visits (
  key        TEXT    PRIMARY KEY CHECK (key <> ''),
  person     TEXT    NOT NULL CHECK (person <> ''),
  place_code INTEGER NOT NULL,
  visited_on TEXT    NOT NULL CHECK (length(visited_on) = 10),
  findings   TEXT    NOT NULL CHECK (findings <> '')
) STRICT;

CREATE TABLE IF NOT EXISTS fund_photos (
  visit    TEXT NOT NULL REFERENCES fund_visits (key),
  document TEXT NOT NULL CHECK (length(document) = 64),
  PRIMARY KEY (visit, document)
) STRICT;

CREATE TABLE IF NOT EXISTS fund_events (
  key         TEXT    PRIMARY KEY CHECK (key <> ''),
  happened_on TEXT    NOT NULL CHECK (length(happened_on) = 10),
  pillar      TEXT    NOT NULL CHECK (pillar <> ''),
  place_zh    TEXT    NOT NULL,
  title_zh    TEXT    NOT NULL CHECK (title_zh <> ''),
  title_en    TEXT    NOT NULL CHECK (title_en <> '')
) STRICT;
