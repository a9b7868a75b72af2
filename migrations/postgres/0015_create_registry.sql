-- The registry of households and persons, and their cases of recognition and exit. Statements are the truth: what was said to
-- be so from which day on, and when that was written down. The other tables hold what follows from them today.

CREATE TABLE IF NOT EXISTS registry_acts (
  identity     TEXT COLLATE "C"    PRIMARY KEY CHECK (identity <> ''),
  content_mark TEXT COLLATE "C"    NOT NULL CHECK (length(content_mark) = 64),
  done_at      BIGINT NOT NULL,
  done_by      TEXT COLLATE "C"    NOT NULL
);

-- A statement of a household or a person. What names a person is sealed under a key of that person alone.
CREATE TABLE IF NOT EXISTS registry_statements (
  statement_no BIGINT PRIMARY KEY CHECK (statement_no > 0),
  subject      TEXT COLLATE "C"    NOT NULL CHECK (length(subject) = 36),
  since_on     TEXT COLLATE "C"    NOT NULL CHECK (length(since_on) = 10),
  said         TEXT COLLATE "C"    NOT NULL CHECK (said <> ''),
  sealed       TEXT COLLATE "C"    CHECK (sealed <> ''),
  document     TEXT COLLATE "C"    CHECK (length(document) = 64),
  act          TEXT COLLATE "C"    NOT NULL REFERENCES registry_acts (identity),
  recorded_at  BIGINT NOT NULL
);

CREATE INDEX IF NOT EXISTS registry_statements_by_subject ON registry_statements (subject, statement_no);

CREATE OR REPLACE TRIGGER registry_statements_refuse_update BEFORE UPDATE ON registry_statements
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE TRIGGER registry_statements_refuse_delete BEFORE DELETE ON registry_statements
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE TRIGGER registry_statements_refuse_truncate BEFORE TRUNCATE ON registry_statements
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE IF NOT EXISTS registry_households (
  id            TEXT COLLATE "C"    PRIMARY KEY CHECK (length(id) = 36),
  place_code    BIGINT NOT NULL,
  status        TEXT COLLATE "C"    NOT NULL CHECK (status IN ('registered', 'poor', 'exited')),
  causes        TEXT COLLATE "C"    NOT NULL,
  land_milli_mu BIGINT,
  unmet         BIGINT NOT NULL CHECK (unmet >= 0),
  unseen        BIGINT NOT NULL CHECK (unseen >= 0),
  exclusions    BIGINT CHECK (exclusions >= 0),
  registered_at BIGINT NOT NULL
);

CREATE INDEX IF NOT EXISTS registry_households_by_place ON registry_households (place_code, id);

-- Where a household stood since when, by the statements that say so.
CREATE TABLE IF NOT EXISTS registry_statuses (
  household    TEXT COLLATE "C"    NOT NULL REFERENCES registry_households (id),
  since_on     TEXT COLLATE "C"    NOT NULL CHECK (length(since_on) = 10),
  statement_no BIGINT NOT NULL REFERENCES registry_statements (statement_no),
  status       TEXT COLLATE "C"    NOT NULL CHECK (status IN ('registered', 'poor', 'exited')),
  PRIMARY KEY (household, since_on, statement_no)
);

CREATE TABLE IF NOT EXISTS registry_incomes (
  household TEXT COLLATE "C"    NOT NULL REFERENCES registry_households (id),
  year      BIGINT NOT NULL,
  net_fen   BIGINT NOT NULL,
  PRIMARY KEY (household, year)
);

CREATE TABLE IF NOT EXISTS registry_persons (
  id         TEXT COLLATE "C"    PRIMARY KEY CHECK (length(id) = 36),
  household  TEXT COLLATE "C"    REFERENCES registry_households (id),
  relation   TEXT COLLATE "C",
  sex        TEXT COLLATE "C",
  birth_on   TEXT COLLATE "C"    CHECK (length(birth_on) = 10),
  schooling  TEXT COLLATE "C",
  health     TEXT COLLATE "C",
  disability BIGINT,
  labour     TEXT COLLATE "C",
  work       TEXT COLLATE "C",
  sealed     TEXT COLLATE "C",
  erased_on  TEXT COLLATE "C"    CHECK (length(erased_on) = 10)
);

CREATE INDEX IF NOT EXISTS registry_persons_by_household ON registry_persons (household, id);

-- Who ever was a member of which household.
CREATE TABLE IF NOT EXISTS registry_memberships (
  household TEXT COLLATE "C" NOT NULL REFERENCES registry_households (id),
  person    TEXT COLLATE "C" NOT NULL REFERENCES registry_persons (id),
  PRIMARY KEY (household, person)
);

-- The key of a person, itself sealed. Without it nothing that names the person opens again: that is how someone is erased.
CREATE TABLE IF NOT EXISTS registry_keys (
  person  TEXT COLLATE "C" PRIMARY KEY REFERENCES registry_persons (id),
  wrapped TEXT COLLATE "C" NOT NULL CHECK (wrapped <> '')
);

-- By what a person is found without opening anything: keyed marks of numbers and of the beginnings of a name and its sound.
CREATE TABLE IF NOT EXISTS registry_marks (
  mark   BIGINT NOT NULL,
  person TEXT COLLATE "C"    NOT NULL REFERENCES registry_persons (id),
  PRIMARY KEY (mark, person)
);

CREATE INDEX IF NOT EXISTS registry_marks_by_person ON registry_marks (person);

CREATE TABLE IF NOT EXISTS registry_consents (
  person   TEXT COLLATE "C"    NOT NULL REFERENCES registry_persons (id),
  purpose  TEXT COLLATE "C"    NOT NULL CHECK (purpose <> ''),
  since_on TEXT COLLATE "C"    NOT NULL CHECK (length(since_on) = 10),
  given    BIGINT NOT NULL CHECK (given IN (0, 1)),
  document TEXT COLLATE "C"    CHECK (length(document) = 64),
  PRIMARY KEY (person, purpose, since_on)
);

-- A yearly run of a county: every household held against the rules of one day, then the cases of those it concerns.
CREATE TABLE IF NOT EXISTS registry_runs (
  key           TEXT COLLATE "C"    PRIMARY KEY CHECK (key <> ''),
  kind          TEXT COLLATE "C"    NOT NULL CHECK (kind IN ('recognition', 'exit')),
  place_code    BIGINT NOT NULL,
  opened_on     TEXT COLLATE "C"    NOT NULL CHECK (length(opened_on) = 10),
  due_on        TEXT COLLATE "C"    NOT NULL CHECK (length(due_on) = 10),
  rules_version TEXT COLLATE "C"    NOT NULL CHECK (rules_version <> ''),
  year          BIGINT NOT NULL,
  line_fen      BIGINT NOT NULL CHECK (line_fen > 0),
  screened_to   TEXT COLLATE "C"    NOT NULL,
  screened      BIGINT NOT NULL CHECK (screened IN (0, 1)),
  closed_on     TEXT COLLATE "C"    CHECK (length(closed_on) = 10)
);

-- The days by which the steps of a run are to be done.
CREATE TABLE IF NOT EXISTS registry_run_steps (
  run    TEXT COLLATE "C" NOT NULL REFERENCES registry_runs (key),
  step   TEXT COLLATE "C" NOT NULL CHECK (step <> ''),
  due_on TEXT COLLATE "C" NOT NULL CHECK (length(due_on) = 10),
  PRIMARY KEY (run, step)
);

-- What the rules say of each household in a run, and why: each condition with what was measured and whether it holds.
CREATE TABLE IF NOT EXISTS registry_screenings (
  run       TEXT COLLATE "C"    NOT NULL REFERENCES registry_runs (key),
  household TEXT COLLATE "C"    NOT NULL REFERENCES registry_households (id),
  holds     BIGINT CHECK (holds IN (0, 1)),
  reasons   TEXT COLLATE "C"    NOT NULL CHECK (reasons <> ''),
  PRIMARY KEY (run, household)
);

CREATE TABLE IF NOT EXISTS registry_cases (
  id           TEXT COLLATE "C"    PRIMARY KEY CHECK (length(id) = 36),
  household    TEXT COLLATE "C"    NOT NULL REFERENCES registry_households (id),
  kind         TEXT COLLATE "C"    NOT NULL CHECK (kind IN ('recognition', 'exit')),
  state        TEXT COLLATE "C"    NOT NULL CHECK (state IN ('applied', 'appraised', 'turned_down', 'first_notice', 'reviewed',
                 'second_notice', 'granted', 'refused', 'announced', 'withdrawn')),
  place_code   BIGINT NOT NULL,
  opened_on    TEXT COLLATE "C"    NOT NULL CHECK (length(opened_on) = 10),
  changed_on   TEXT COLLATE "C"    NOT NULL CHECK (length(changed_on) = 10),
  notice_until TEXT COLLATE "C"    CHECK (length(notice_until) = 10),
  run          TEXT COLLATE "C"    REFERENCES registry_runs (key),
  reviewed_by  TEXT COLLATE "C",
  decided_by   TEXT COLLATE "C",
  CHECK (decided_by IS NULL OR reviewed_by IS NULL OR decided_by <> reviewed_by)
);

CREATE UNIQUE INDEX IF NOT EXISTS registry_cases_one_open ON registry_cases (household)
  WHERE state NOT IN ('refused', 'announced', 'withdrawn', 'turned_down');

CREATE INDEX IF NOT EXISTS registry_cases_by_run ON registry_cases (run, state);

CREATE INDEX IF NOT EXISTS registry_cases_by_place ON registry_cases (place_code, state);

CREATE TABLE IF NOT EXISTS registry_case_steps (
  case_id  TEXT COLLATE "C"    NOT NULL REFERENCES registry_cases (id),
  step_no  BIGINT NOT NULL CHECK (step_no > 0),
  act      TEXT COLLATE "C"    NOT NULL CHECK (act <> ''),
  on_day   TEXT COLLATE "C"    NOT NULL CHECK (length(on_day) = 10),
  said     TEXT COLLATE "C"    NOT NULL,
  document TEXT COLLATE "C"    CHECK (length(document) = 64),
  done_by  TEXT COLLATE "C"    NOT NULL,
  PRIMARY KEY (case_id, step_no)
);

CREATE TABLE IF NOT EXISTS registry_objections (
  key         TEXT COLLATE "C"    PRIMARY KEY CHECK (key <> ''),
  case_id     TEXT COLLATE "C"    NOT NULL REFERENCES registry_cases (id),
  seeks       TEXT COLLATE "C"    NOT NULL CHECK (seeks IN ('removal', 'inclusion')),
  on_day      TEXT COLLATE "C"    NOT NULL CHECK (length(on_day) = 10),
  text        TEXT COLLATE "C"    NOT NULL CHECK (text <> ''),
  document    TEXT COLLATE "C"    CHECK (length(document) = 64),
  taken_by    TEXT COLLATE "C"    NOT NULL,
  upheld      BIGINT CHECK (upheld IN (0, 1)),
  answered_on TEXT COLLATE "C"    CHECK (length(answered_on) = 10),
  answer      TEXT COLLATE "C",
  answered_by TEXT COLLATE "C",
  CHECK ((upheld IS NULL) = (answered_on IS NULL))
);

CREATE INDEX IF NOT EXISTS registry_objections_by_case ON registry_objections (case_id);

-- A decision with everything it was made on, so that it can be made again.
CREATE TABLE IF NOT EXISTS registry_decisions (
  case_id         TEXT COLLATE "C"    PRIMARY KEY REFERENCES registry_cases (id),
  household       TEXT COLLATE "C"    NOT NULL REFERENCES registry_households (id),
  decided_on      TEXT COLLATE "C"    NOT NULL CHECK (length(decided_on) = 10),
  known_statement BIGINT NOT NULL CHECK (known_statement >= 0),
  rules_version   TEXT COLLATE "C"    NOT NULL CHECK (rules_version <> ''),
  granted         BIGINT NOT NULL CHECK (granted IN (0, 1)),
  verdict         TEXT COLLATE "C"    NOT NULL CHECK (verdict <> '')
);
