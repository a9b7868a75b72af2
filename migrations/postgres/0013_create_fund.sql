-- The fund: pledges, pillars, budgets, projects with milestones, co-finance, counties, work in the field, key results and
-- the timeline. What was received, released and spent is not here: it stands in the books.

-- What was done, once each: the same act again is known by its identity and the hash of its content.
CREATE TABLE IF NOT EXISTS fund_acts (
  identity       TEXT COLLATE "C"    PRIMARY KEY CHECK (identity <> ''),
  content_sha256 TEXT    NOT NULL CHECK (length(content_sha256) = 64),
  done_at        BIGINT NOT NULL,
  done_by        TEXT COLLATE "C"    NOT NULL
);

CREATE TABLE IF NOT EXISTS fund_pledges (
  key               TEXT COLLATE "C"    PRIMARY KEY CHECK (key <> ''),
  donor_zh          TEXT COLLATE "C"    NOT NULL CHECK (donor_zh <> ''),
  donor_en          TEXT COLLATE "C"    NOT NULL CHECK (donor_en <> ''),
  signed_on         TEXT COLLATE "C"    NOT NULL CHECK (length(signed_on) = 10),
  through_on        TEXT COLLATE "C"    NOT NULL CHECK (length(through_on) = 10),
  total_fen         BIGINT NOT NULL CHECK (total_fen > 0),
  leverage_low_fen  BIGINT NOT NULL CHECK (leverage_low_fen >= 0),
  leverage_high_fen BIGINT NOT NULL CHECK (leverage_high_fen >= leverage_low_fen),
  document          TEXT COLLATE "C"    NOT NULL CHECK (length(document) = 64)
);

CREATE TABLE IF NOT EXISTS fund_tranches (
  pledge     TEXT COLLATE "C"    NOT NULL REFERENCES fund_pledges (key),
  tranche_no BIGINT NOT NULL CHECK (tranche_no > 0),
  due_on     TEXT COLLATE "C"    NOT NULL CHECK (length(due_on) = 10),
  amount_fen BIGINT NOT NULL CHECK (amount_fen > 0),
  called_on  TEXT COLLATE "C"    CHECK (length(called_on) = 10),
  PRIMARY KEY (pledge, tranche_no)
);

CREATE TABLE IF NOT EXISTS fund_pillars (
  id       TEXT COLLATE "C" PRIMARY KEY CHECK (id <> ''),
  unit_zh  TEXT COLLATE "C" NOT NULL CHECK (unit_zh <> ''),
  unit_en  TEXT COLLATE "C" NOT NULL CHECK (unit_en <> ''),
  since_on TEXT COLLATE "C" NOT NULL CHECK (length(since_on) = 10)
);

-- A version counts once a second person approved it; it replaces the approved one before.
CREATE TABLE IF NOT EXISTS fund_budgets (
  key         TEXT COLLATE "C"    PRIMARY KEY CHECK (key <> ''),
  period      TEXT COLLATE "C"    NOT NULL CHECK (period <> ''),
  version_no  BIGINT NOT NULL CHECK (version_no > 0),
  reason      TEXT COLLATE "C"    NOT NULL CHECK (reason <> ''),
  state       TEXT COLLATE "C"    NOT NULL CHECK (state IN ('proposed', 'approved', 'declined')),
  proposed_by TEXT COLLATE "C"    NOT NULL,
  decided_by  TEXT COLLATE "C",
  CHECK ((state = 'proposed') = (decided_by IS NULL)),
  CHECK (state <> 'approved' OR decided_by <> proposed_by),
  UNIQUE (period, version_no)
);

CREATE TABLE IF NOT EXISTS fund_budget_lines (
  budget     TEXT COLLATE "C"    NOT NULL REFERENCES fund_budgets (key),
  pillar     TEXT COLLATE "C"    NOT NULL REFERENCES fund_pillars (id),
  amount_fen BIGINT NOT NULL CHECK (amount_fen >= 0),
  PRIMARY KEY (budget, pillar)
);

CREATE TABLE IF NOT EXISTS fund_projects (
  key        TEXT COLLATE "C"    PRIMARY KEY CHECK (key <> ''),
  pillar     TEXT COLLATE "C"    NOT NULL REFERENCES fund_pillars (id),
  place_code BIGINT,
  title_zh   TEXT COLLATE "C"    NOT NULL CHECK (title_zh <> ''),
  title_en   TEXT COLLATE "C"    NOT NULL CHECK (title_en <> ''),
  starts_on  TEXT COLLATE "C"    NOT NULL CHECK (length(starts_on) = 10),
  ends_on    TEXT COLLATE "C"    NOT NULL CHECK (ends_on >= starts_on)
);

-- Its money is held in the books from 'committed' on, and posted when it is released.
CREATE TABLE IF NOT EXISTS fund_milestones (
  project      TEXT COLLATE "C"    NOT NULL REFERENCES fund_projects (key),
  milestone_no BIGINT NOT NULL CHECK (milestone_no > 0),
  title_zh     TEXT COLLATE "C"    NOT NULL CHECK (title_zh <> ''),
  title_en     TEXT COLLATE "C"    NOT NULL CHECK (title_en <> ''),
  due_on       TEXT COLLATE "C"    NOT NULL CHECK (length(due_on) = 10),
  amount_fen   BIGINT NOT NULL CHECK (amount_fen > 0),
  state        TEXT COLLATE "C"    NOT NULL CHECK (state IN ('planned', 'committed', 'met', 'released', 'freed')),
  met_on       TEXT COLLATE "C"    CHECK (length(met_on) = 10),
  met_by       TEXT COLLATE "C",
  met_document TEXT COLLATE "C"    CHECK (length(met_document) = 64),
  released_on  TEXT COLLATE "C"    CHECK (length(released_on) = 10),
  released_by  TEXT COLLATE "C",
  PRIMARY KEY (project, milestone_no),
  CHECK ((met_on IS NULL) = (met_by IS NULL)),
  CHECK ((met_on IS NULL) = (met_document IS NULL)),
  CHECK ((state = 'released') = (released_on IS NOT NULL)),
  CHECK ((released_on IS NULL) = (released_by IS NULL)),
  CHECK (state NOT IN ('met', 'released') OR met_on IS NOT NULL),
  CHECK (released_by IS NULL OR released_by <> met_by)
);

-- Money of others. One contribution is known by who gave it and their own reference, and counts once over all projects.
CREATE TABLE IF NOT EXISTS fund_cofinance (
  key          TEXT COLLATE "C"    PRIMARY KEY CHECK (key <> ''),
  project      TEXT COLLATE "C"    NOT NULL REFERENCES fund_projects (key),
  class        TEXT COLLATE "C"    NOT NULL CHECK (class IN ('finance', 'turnover')),
  contributor  TEXT COLLATE "C"    NOT NULL CHECK (contributor <> ''),
  reference    TEXT COLLATE "C"    NOT NULL CHECK (reference <> ''),
  agreed_on    TEXT COLLATE "C"    NOT NULL CHECK (length(agreed_on) = 10),
  amount_fen   BIGINT NOT NULL CHECK (amount_fen > 0),
  causal       BIGINT NOT NULL CHECK (causal IN (0, 1)),
  document     TEXT COLLATE "C"    CHECK (length(document) = 64),
  withdrawn_on TEXT COLLATE "C"    CHECK (length(withdrawn_on) = 10),
  CHECK (causal = 0 OR document IS NOT NULL),
  CHECK (class = 'finance' OR causal = 0)
);

CREATE UNIQUE INDEX IF NOT EXISTS fund_cofinance_counts_once ON fund_cofinance (contributor, reference)
  WHERE withdrawn_on IS NULL;

CREATE TABLE IF NOT EXISTS fund_mobilisers (
  cofinance        TEXT COLLATE "C"    NOT NULL REFERENCES fund_cofinance (key),
  mobiliser        TEXT COLLATE "C"    NOT NULL CHECK (mobiliser <> ''),
  contribution_fen BIGINT NOT NULL CHECK (contribution_fen > 0),
  PRIMARY KEY (cofinance, mobiliser)
);

CREATE TABLE IF NOT EXISTS fund_pairings (
  key        TEXT COLLATE "C"    PRIMARY KEY CHECK (key <> ''),
  place_code BIGINT NOT NULL,
  unit_zh    TEXT COLLATE "C"    NOT NULL CHECK (unit_zh <> ''),
  unit_en    TEXT COLLATE "C"    NOT NULL CHECK (unit_en <> ''),
  signed_on  TEXT COLLATE "C"    NOT NULL CHECK (length(signed_on) = 10),
  document   TEXT COLLATE "C"    NOT NULL CHECK (length(document) = 64)
);

CREATE TABLE IF NOT EXISTS fund_duties (
  pairing       TEXT COLLATE "C"    NOT NULL REFERENCES fund_pairings (key),
  duty_no       BIGINT NOT NULL CHECK (duty_no > 0),
  title_zh      TEXT COLLATE "C"    NOT NULL CHECK (title_zh <> ''),
  title_en      TEXT COLLATE "C"    NOT NULL CHECK (title_en <> ''),
  due_on        TEXT COLLATE "C"    NOT NULL CHECK (length(due_on) = 10),
  done_permille BIGINT NOT NULL CHECK (done_permille BETWEEN 0 AND 1000),
  seen_on       TEXT COLLATE "C"    CHECK (length(seen_on) = 10),
  PRIMARY KEY (pairing, duty_no)
);

CREATE TABLE IF NOT EXISTS fund_model_counties (
  place_code BIGINT PRIMARY KEY,
  product_zh TEXT COLLATE "C"    NOT NULL CHECK (product_zh <> ''),
  product_en TEXT COLLATE "C"    NOT NULL CHECK (product_en <> ''),
  named_on   TEXT COLLATE "C"    NOT NULL CHECK (length(named_on) = 10)
);

-- What is measured and wanted: of a model county by its place code, or a key result of a pillar's unit by its pillar.
CREATE TABLE IF NOT EXISTS fund_targets (
  owner     TEXT COLLATE "C"    NOT NULL CHECK (owner <> ''),
  indicator TEXT COLLATE "C"    NOT NULL CHECK (indicator <> ''),
  title_zh  TEXT COLLATE "C"    NOT NULL CHECK (title_zh <> ''),
  title_en  TEXT COLLATE "C"    NOT NULL CHECK (title_en <> ''),
  unit      TEXT COLLATE "C"    NOT NULL CHECK (unit <> ''),
  target    BIGINT NOT NULL CHECK (target >= 0),
  due_on    TEXT COLLATE "C"    NOT NULL CHECK (length(due_on) = 10),
  PRIMARY KEY (owner, indicator)
);

CREATE TABLE IF NOT EXISTS fund_measurements (
  owner     TEXT COLLATE "C"    NOT NULL,
  indicator TEXT COLLATE "C"    NOT NULL,
  seen_on   TEXT COLLATE "C"    NOT NULL CHECK (length(seen_on) = 10),
  value     BIGINT NOT NULL CHECK (value >= 0),
  document  TEXT COLLATE "C"    NOT NULL CHECK (length(document) = 64),
  PRIMARY KEY (owner, indicator, seen_on),
  FOREIGN KEY (owner, indicator) REFERENCES fund_targets (owner, indicator)
);

-- A person is an id of the staff; half days, at most two a day.
CREATE TABLE IF NOT EXISTS fund_staff_days (
  person     TEXT COLLATE "C"    NOT NULL CHECK (person <> ''),
  worked_on  TEXT COLLATE "C"    NOT NULL CHECK (length(worked_on) = 10),
  pillar     TEXT COLLATE "C"    NOT NULL REFERENCES fund_pillars (id),
  place_code BIGINT,
  halves     BIGINT NOT NULL CHECK (halves IN (1, 2)),
  PRIMARY KEY (person, worked_on, pillar)
);

CREATE TABLE IF NOT EXISTS fund_visits (
  key        TEXT COLLATE "C"    PRIMARY KEY CHECK (key <> ''),
  person     TEXT COLLATE "C"    NOT NULL CHECK (person <> ''),
  place_code BIGINT NOT NULL,
  visited_on TEXT COLLATE "C"    NOT NULL CHECK (length(visited_on) = 10),
  findings   TEXT COLLATE "C"    NOT NULL CHECK (findings <> '')
);

CREATE TABLE IF NOT EXISTS fund_photos (
  visit    TEXT COLLATE "C" NOT NULL REFERENCES fund_visits (key),
  document TEXT COLLATE "C" NOT NULL CHECK (length(document) = 64),
  PRIMARY KEY (visit, document)
);

CREATE TABLE IF NOT EXISTS fund_events (
  key         TEXT COLLATE "C"    PRIMARY KEY CHECK (key <> ''),
  happened_on TEXT COLLATE "C"    NOT NULL CHECK (length(happened_on) = 10),
  pillar      TEXT COLLATE "C"    NOT NULL CHECK (pillar <> ''),
  place_zh    TEXT COLLATE "C"    NOT NULL,
  title_zh    TEXT COLLATE "C"    NOT NULL CHECK (title_zh <> ''),
  title_en    TEXT COLLATE "C"    NOT NULL CHECK (title_en <> '')
);
