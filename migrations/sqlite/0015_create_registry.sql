-- The registry of households and persons, and their cases of recognition and exit. Statements are the truth: what was said to
-- be so from which day on, and when that was written down. The other tables hold what follows from them today.

CREATE TABLE IF NOT EXISTS registry_acts (
  identity     TEXT    PRIMARY KEY CHECK (identity <> ''),
  content_mark TEXT    NOT NULL CHECK (length(content_mark) = 64),
  done_at      INTEGER NOT NULL,
  done_by      TEXT    NOT NULL
) STRICT;

-- A statement of a household or a person. What names a person is sealed under a key of that person alone.
CREATE TABLE IF NOT EXISTS registry_statements (
  statement_no INTEGER PRIMARY KEY CHECK (statement_no > 0),
  subject      TEXT    NOT NULL CHECK (length(subject) = 36),
  since_on     TEXT    NOT NULL CHECK (length(since_on) = 10),
  said         TEXT    NOT NULL CHECK (said <> ''),
  sealed       TEXT    CHECK (sealed <> ''),
  document     TEXT    CHECK (length(document) = 64),
  act          TEXT    NOT NULL REFERENCES registry_acts (identity),
  recorded_at  INTEGER NOT NULL
) STRICT;

CREATE INDEX IF NOT EXISTS registry_statements_by_subject ON registry_statements (subject, statement_no);

CREATE TRIGGER IF NOT EXISTS registry_statements_refuse_update BEFORE UPDATE ON registry_statements
BEGIN
  SELECT RAISE(ABORT, 'store.append_only');
END;

CREATE TRIGGER IF NOT EXISTS registry_statements_refuse_delete BEFORE DELETE ON registry_statements
BEGIN
  SELECT RAISE(ABORT, 'store.append_only');
END;

-- INSERT OR REPLACE deletes without a trigger of its own.
CREATE TRIGGER IF NOT EXISTS registry_statements_refuse_replace BEFORE INSERT ON registry_statements
WHEN EXISTS (SELECT 1 FROM registry_statements WHERE statement_no = NEW.statement_no)
BEGIN
  SELECT RAISE(ABORT, 'store.append_only');
END;

CREATE TABLE IF NOT EXISTS registry_households (
  id            TEXT    PRIMARY KEY CHECK (length(id) = 36),
  place_code    INTEGER NOT NULL,
  status        TEXT    NOT NULL CHECK (status IN ('registered', 'poor', 'exited')),
  causes        TEXT    NOT NULL,
  land_milli_mu INTEGER,
  unmet         INTEGER NOT NULL CHECK (unmet >= 0),
  unseen        INTEGER NOT NULL CHECK (unseen >= 0),
  exclusions    INTEGER CHECK (exclusions >= 0),
  registered_at INTEGER NOT NULL
) STRICT;

CREATE INDEX IF NOT EXISTS registry_households_by_place ON registry_households (place_code, id);

-- Where a household stood since when, by the statements that say so.
CREATE TABLE IF NOT EXISTS registry_statuses (
  household    TEXT    NOT NULL REFERENCES registry_households (id),
  since_on     TEXT    NOT NULL CHECK (length(since_on) = 10),
  statement_no INTEGER NOT NULL REFERENCES registry_statements (statement_no),
  status       TEXT    NOT NULL CHECK (status IN ('registered', 'poor', 'exited')),
  PRIMARY KEY (household, since_on, statement_no)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS registry_incomes (
  household TEXT    NOT NULL REFERENCES registry_households (id),
  year      INTEGER NOT NULL,
  net_fen   INTEGER NOT NULL,
  PRIMARY KEY (household, year)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS registry_persons (
  id         TEXT    PRIMARY KEY CHECK (length(id) = 36),
  household  TEXT    REFERENCES registry_households (id),
  relation   TEXT,
  sex        TEXT,
  birth_on   TEXT    CHECK (length(birth_on) = 10),
  schooling  TEXT,
  health     TEXT,
  disability INTEGER,
  labour     TEXT,
  work       TEXT,
  sealed     TEXT,
  erased_on  TEXT    CHECK (length(erased_on) = 10)
) STRICT;

CREATE INDEX IF NOT EXISTS registry_persons_by_household ON registry_persons (household, id);

-- Who ever was a member of which household.
CREATE TABLE IF NOT EXISTS registry_memberships (
  household TEXT NOT NULL REFERENCES registry_households (id),
  person    TEXT NOT NULL REFERENCES registry_persons (id),
  PRIMARY KEY (household, person)
) STRICT, WITHOUT ROWID;

-- The key of a person, itself sealed. Without it nothing that names the person opens again: that is how someone is erased.
CREATE TABLE IF NOT EXISTS registry_keys (
  person  TEXT PRIMARY KEY REFERENCES registry_persons (id),
  wrapped TEXT NOT NULL CHECK (wrapped <> '')
) STRICT;

-- By what a person is found without opening anything: keyed marks of numbers and of the beginnings of a name and its sound.
CREATE TABLE IF NOT EXISTS registry_marks (
  mark   INTEGER NOT NULL,
  person TEXT    NOT NULL REFERENCES registry_persons (id),
  PRIMARY KEY (mark, person)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS registry_marks_by_person ON registry_marks (person);

CREATE TABLE IF NOT EXISTS registry_consents (
  person   TEXT    NOT NULL REFERENCES registry_persons (id),
  purpose  TEXT    NOT NULL CHECK (purpose <> ''),
  since_on TEXT    NOT NULL CHECK (length(since_on) = 10),
  given    INTEGER NOT NULL CHECK (given IN (0, 1)),
  document TEXT    CHECK (length(document) = 64),
  PRIMARY KEY (person, purpose, since_on)
) STRICT;

-- A yearly run of a county: every household held against the rules of one day, then the cases of those it concerns.
CREATE TABLE IF NOT EXISTS registry_runs (
  key           TEXT    PRIMARY KEY CHECK (key <> ''),
  kind          TEXT    NOT NULL CHECK (kind IN ('recognition', 'exit')),
  place_code    INTEGER NOT NULL,
  opened_on     TEXT    NOT NULL CHECK (length(opened_on) = 10),
  due_on        TEXT    NOT NULL CHECK (length(due_on) = 10),
  rules_version TEXT    NOT NULL CHECK (rules_version <> ''),
  year          INTEGER NOT NULL,
  line_fen      INTEGER NOT NULL CHECK (line_fen > 0),
  screened_to   TEXT    NOT NULL,
  screened      INTEGER NOT NULL CHECK (screened IN (0, 1)),
  closed_on     TEXT    CHECK (length(closed_on) = 10)
) STRICT;

-- The days by which the steps of a run are to be done.
CREATE TABLE IF NOT EXISTS registry_run_steps (
  run    TEXT NOT NULL REFERENCES registry_runs (key),
  step   TEXT NOT NULL CHECK (step <> ''),
  due_on TEXT NOT NULL CHECK (length(due_on) = 10),
  PRIMARY KEY (run, step)
) STRICT;

-- What the rules say of each household in a run, and why: each condition with what was measured and whether it holds.
CREATE TABLE IF NOT EXISTS registry_screenings (
  run       TEXT    NOT NULL REFERENCES registry_runs (key),
  household TEXT    NOT NULL REFERENCES registry_households (id),
  holds     INTEGER CHECK (holds IN (0, 1)),
  reasons   TEXT    NOT NULL CHECK (reasons <> ''),
  PRIMARY KEY (run, household)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS registry_cases (
  id           TEXT    PRIMARY KEY CHECK (length(id) = 36),
  household    TEXT    NOT NULL REFERENCES registry_households (id),
  kind         TEXT    NOT NULL CHECK (kind IN ('recognition', 'exit')),
  state        TEXT    NOT NULL CHECK (state IN ('applied', 'appraised', 'turned_down', 'first_notice', 'reviewed',
                 'second_notice', 'granted', 'refused', 'announced', 'withdrawn')),
  place_code   INTEGER NOT NULL,
  opened_on    TEXT    NOT NULL CHECK (length(opened_on) = 10),
  changed_on   TEXT    NOT NULL CHECK (length(changed_on) = 10),
  notice_until TEXT    CHECK (length(notice_until) = 10),
  run          TEXT    REFERENCES registry_runs (key),
  reviewed_by  TEXT,
  decided_by   TEXT,
  CHECK (decided_by IS NULL OR reviewed_by IS NULL OR decided_by <> reviewed_by)
) STRICT;

CREATE UNIQUE INDEX IF NOT EXISTS registry_cases_one_open ON registry_cases (household)
  WHERE state NOT IN ('refused', 'announced', 'withdrawn', 'turned_down');

CREATE INDEX IF NOT EXISTS registry_cases_by_run ON registry_cases (run, state);

CREATE INDEX IF NOT EXISTS registry_cases_by_place ON registry_cases (place_code, state);

CREATE TABLE IF NOT EXISTS registry_case_steps (
  case_id  TEXT    NOT NULL REFERENCES registry_cases (id),
  step_no  INTEGER NOT NULL CHECK (step_no > 0),
  act      TEXT    NOT NULL CHECK (act <> ''),
  on_day   TEXT    NOT NULL CHECK (length(on_day) = 10),
  said     TEXT    NOT NULL,
  document TEXT    CHECK (length(document) = 64),
  done_by  TEXT    NOT NULL,
  PRIMARY KEY (case_id, step_no)
) STRICT;

CREATE TABLE IF NOT EXISTS registry_objections (
  key         TEXT    PRIMARY KEY CHECK (key <> ''),
  case_id     TEXT    NOT NULL REFERENCES registry_cases (id),
  seeks       TEXT    NOT NULL CHECK (seeks IN ('removal', 'inclusion')),
  on_day      TEXT    NOT NULL CHECK (length(on_day) = 10),
  text        TEXT    NOT NULL CHECK (text <> ''),
  document    TEXT    CHECK (length(document) = 64),
  taken_by    TEXT    NOT NULL,
  upheld      INTEGER CHECK (upheld IN (0, 1)),
  answered_on TEXT    CHECK (length(answered_on) = 10),
  answer      TEXT,
  answered_by TEXT,
  CHECK ((upheld IS NULL) = (answered_on IS NULL))
) STRICT;

CREATE INDEX IF NOT EXISTS registry_objections_by_case ON registry_objections (case_id);

-- A decision with everything it was made on, so that it can be made again.
CREATE TABLE IF NOT EXISTS registry_decisions (
  case_id         TEXT    PRIMARY KEY REFERENCES registry_cases (id),
  household       TEXT    NOT NULL REFERENCES registry_households (id),
  decided_on      TEXT    NOT NULL CHECK (length(decided_on) = 10),
  known_statement INTEGER NOT NULL CHECK (known_statement >= 0),
  rules_version   TEXT    NOT NULL CHECK (rules_version <> ''),
  granted         INTEGER NOT NULL CHECK (granted IN (0, 1)),
  verdict         TEXT    NOT NULL CHECK (verdict <> '')
) STRICT;
