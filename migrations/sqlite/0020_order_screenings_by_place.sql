-- A run screens village by village, so what it keeps of each household is kept in that order: rows go behind one another,
-- not all over the table. A household that moves before its run is at the end takes its row along.
-- SQLite changes no primary key in place. A second run finds the column and keeps it: `place_code` in a subquery is the
-- column of the table inside where it has one, and else that of the row outside.

CREATE TABLE registry_screenings_new (
  run        TEXT    NOT NULL REFERENCES registry_runs (key),
  place_code INTEGER NOT NULL,
  household  TEXT    NOT NULL REFERENCES registry_households (id),
  holds      INTEGER CHECK (holds IN (0, 1)),
  reasons    TEXT    NOT NULL CHECK (reasons <> ''),
  PRIMARY KEY (run, place_code, household)
) STRICT, WITHOUT ROWID;

INSERT INTO registry_screenings_new SELECT before.run,
  (SELECT place_code FROM registry_screenings AS kept WHERE kept.run = before.run AND kept.household = before.household),
  before.household, before.holds, before.reasons
  FROM (SELECT s.*, h.place_code FROM registry_screenings s JOIN registry_households h ON h.id = s.household) AS before;

DROP TABLE registry_screenings;
ALTER TABLE registry_screenings_new RENAME TO registry_screenings;
